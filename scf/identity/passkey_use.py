"""Passkeys as a person uses them: enrol one, show one as a second factor, sign in by one alone."""

from typing import Any

from sqlalchemy import Connection

from scf.commands import transact
from scf.db.engine import Database
from scf.identity import attempts, members_queries, passkeys
from scf.identity.attempts import Attempt
from scf.identity.enrol import Enrolled, enrolled
from scf.identity.factors import ADD_PASSKEY
from scf.identity.passkeys import Answer
from scf.identity.sessions import SignedIn
from scf.identity.show import Live, ShowResult, live_session, show
from scf.identity.sign_in import SignInResult, entered, tried
from scf.identity.site import Site
from scf.identity.tokens import hash_of
from scf.outcomes import refused
from scf.secrets import Vault


def ask_to_enrol(database: Database, vault: Vault, site: Site, signed_in: SignedIn) -> dict[str, Any]:
    """What the browser needs to make a passkey."""
    with database.reading() as connection:
        return passkeys.enrolment_options(
            connection, vault, site, signed_in.session_id, signed_in.person_id, signed_in.email, database.clock.now()
        )


def add_passkey(
    database: Database, vault: Vault, site: Site, signed_in: SignedIn, name: str, answer: Answer, key: str
) -> Enrolled:
    """Enrol the passkey the browser made."""
    new = passkeys.enrolled(vault, site, signed_in.session_id, name, answer, database.clock.now())
    if new is None:
        return Enrolled(refused("not_verified", field="answer", remedy="begin again, on this site and this device"))
    return enrolled(database, signed_in, ADD_PASSKEY, new, key)


def ask_to_show(database: Database, vault: Vault, site: Site, token: str) -> dict[str, Any] | None:
    """What the browser needs to show a passkey of the session's person; None when the session is over."""
    at = database.clock.now()
    live = live_session(database, token, at)
    if live is None:
        return None
    with database.reading() as connection:
        return passkeys.showing_options(connection, vault, site, at, live.id, live.person_id)


def show_passkey(
    database: Database, vault: Vault, site: Site, token: str, answer: Answer, address: str, agent: str
) -> ShowResult | None:
    """Show a passkey as a second factor. None when the session is over."""
    at = database.clock.now()

    def proof(connection: Connection, live: Live) -> bool:
        return passkeys.is_shown(connection, vault, site, live.id, live.person_id, answer, at)

    return show(database, token, address, agent, proof)


def ask_to_sign_in(database: Database, vault: Vault, site: Site) -> dict[str, Any]:
    """What the browser needs to sign in by whichever passkey its user chooses."""
    with database.reading() as connection:
        return passkeys.showing_options(connection, vault, site, database.clock.now())


def sign_in_by_passkey(
    database: Database, vault: Vault, site: Site, answer: Answer, address: str, agent: str
) -> SignInResult:
    """Begin a session of the passkey's owner; it lacks no factor, since the device has verified its user."""
    at = database.clock.now()
    credential = passkeys.credential_of(answer)
    attempt = Attempt("passkey", hash_of(credential.hex()), attempts.origin(address, agent))
    attempt_id, free_at = tried(database, attempt, at)
    if free_at is not None:
        return SignInResult(free_at=free_at)
    ids = database.ids()

    def enter(connection: Connection) -> SignInResult:
        held = passkeys.find(connection, credential)
        person_id = held.person_id if held else 0
        organisation_id = members_queries.organisation_to_enter(connection, person_id)
        if organisation_id is None or not passkeys.is_shown(connection, vault, site, 0, person_id, answer, at):
            return SignInResult()
        attempts.succeed(connection, attempt_id, person_id)
        token = entered(ids, connection, person_id, organisation_id, attempt.origin, at, factor_at=at)
        return SignInResult(token, person_id)

    return transact(database, enter)
