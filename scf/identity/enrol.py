"""Enrolling second factors as a person does it: an offer, an answer that proves the device works, and then the command.

What was offered is sealed and given to the browser to bring back, so that nothing is stored before it is proved.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scf.commands import Command, in_organisation, run, transact
from scf.db.engine import Database
from scf.identity import recovery, sessions, totp
from scf.identity.factors import ADD_TOTP, NewTotp
from scf.identity.recovery import RENEW_CODES, NewCodes
from scf.identity.sessions import SignedIn
from scf.outcomes import Outcome, refused
from scf.secrets import NotOpened, Unsealed, Vault

OFFER_HOLDS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class TotpOffer:
    """A secret for an authenticator app: to be shown, as a QR code of `uri` too, and `ticket` to be brought back."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of it; the session goes on under `token` when a factor was enrolled."""

    outcome: Outcome
    token: str | None = None


def offer_totp(vault: Vault, signed_in: SignedIn, issuer: str, at: datetime) -> TotpOffer:
    """Draw a secret for somebody's authenticator app; `issuer` is the name the app shows."""
    secret = totp.new_secret()
    ticket = vault.seal(f"{int(at.timestamp())} {secret}", _context(signed_in))
    return TotpOffer(secret, totp.uri(secret, signed_in.email, issuer), ticket)


def offer_again(vault: Vault, signed_in: SignedIn, ticket: str, issuer: str, at: datetime) -> TotpOffer | None:
    """The offer of a ticket, for who typed a wrong code; None when it is over."""
    secret = _offered(vault, signed_in, ticket, at)
    return TotpOffer(secret, totp.uri(secret, signed_in.email, issuer), ticket) if secret else None


def add_totp(
    database: Database, vault: Vault, signed_in: SignedIn, ticket: str, code: str, name: str, key: str
) -> Enrolled:
    """Enrol the app that was offered a secret, and now shows a code of it."""
    at = database.clock.now()
    secret = _offered(vault, signed_in, ticket, at)
    if secret is None:
        return Enrolled(refused("offer_is_over", field="ticket", remedy="begin again"))
    step = totp.step_of(secret, code, at, 0)
    if step is None:
        return Enrolled(refused("wrong_code", field="code", remedy="type the code the app shows now"))
    return enrolled(database, signed_in, ADD_TOTP, NewTotp(name, Unsealed(secret, vault), step), key)


def enrolled(database: Database, signed_in: SignedIn, command: Command[Any, Any, Any], new: Any, key: str) -> Enrolled:
    """Run a command that enrols a factor, and count the factor as shown: it has just been."""
    scope = in_organisation(signed_in.organisation_id)
    outcome = run(database, command, [new], key=key, actor=signed_in.actor, scope=scope)[0]
    if not outcome.accepted:
        return Enrolled(outcome)
    at = database.clock.now()
    return Enrolled(
        outcome, transact(database, lambda connection: sessions.renew(connection, signed_in.session_id, at))
    )


def renew_codes(database: Database, signed_in: SignedIn, key: str) -> list[str]:
    """Make new recovery codes and end the old. A call repeated under its key shows none: they were shown before."""
    codes = recovery.new_codes()
    new = NewCodes(tuple(recovery.code_hash(code) for code in codes))
    scope = in_organisation(signed_in.organisation_id)
    run(database, RENEW_CODES, [new], key=key, actor=signed_in.actor, scope=scope)
    with database.reading() as connection:
        return codes if recovery.is_unused(connection, signed_in.person_id, codes[0]) else []


def _offered(vault: Vault, signed_in: SignedIn, ticket: str, at: datetime) -> str | None:
    try:
        made, _, secret = vault.open(ticket, _context(signed_in)).partition(" ")
    except NotOpened:
        return None
    return secret if at.timestamp() - int(made) < OFFER_HOLDS.total_seconds() else None


def _context(signed_in: SignedIn) -> str:
    return f"totp offer/{signed_in.session_id}"
