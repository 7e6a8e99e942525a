"""Showing a second factor: to finish signing in, and again before something is approved (step-up).

Either way the session goes on under a new token. Guesses are counted apart from those at the password, so that a right
password forgives no wrong code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from scf.commands import transact
from scf.db.engine import Database
from scf.identity import attempts, recovery, sessions, totp
from scf.identity.attempts import Attempt
from scf.identity.freshness import is_alive
from scf.identity.models_factors import totps
from scf.identity.models_sessions import sessions as session_rows
from scf.identity.sign_in import tried
from scf.identity.tokens import hash_of
from scf.secrets import Vault


@dataclass(frozen=True, slots=True)
class ShowResult:
    """`token` replaces the session's when the factor was right; `free_at` when it was not even looked at."""

    token: str | None = None
    free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """A session that is not over, whatever it may do."""

    id: int
    person_id: int
    organisation_id: int


# True when what was shown is right; it uses up what counts once, in the transaction it is given
Proof = Callable[[Connection, Live], bool]


def show_factor(database: Database, vault: Vault, token: str, code: str, address: str, agent: str) -> ShowResult | None:
    """Show a code of an authenticator app, or a recovery code. None when the session is over."""
    at = database.clock.now()
    return show(database, token, address, agent, lambda connection, live: _is_right(connection, vault, live, code, at))


def show(database: Database, token: str, address: str, agent: str, proof: Proof) -> ShowResult | None:
    """Show whatever `proof` weighs. None when the session is over."""
    at = database.clock.now()
    live = live_session(database, token, at)
    if live is None:
        return None
    who = hash_of(f"person {live.person_id}")
    attempt_id, free_at = tried(database, Attempt("factor", who, attempts.origin(address, agent), live.person_id), at)
    if free_at is not None:
        return ShowResult(free_at=free_at)

    def weigh(connection: Connection) -> str | None:
        if not proof(connection, live):
            return None
        attempts.succeed(connection, attempt_id, live.person_id)
        return sessions.renew(connection, live.id, at)

    return ShowResult(transact(database, weigh))


def live_session(database: Database, token: str, at: datetime) -> Live | None:
    """The session of a token, None when it is over."""
    held = session_rows.c
    with database.reading() as connection:
        row = connection.execute(
            select(held.id, held.person_id, held.organisation_id, held.created_at, held.seen_at).where(
                held.token_hash == hash_of(token), held.ended_at.is_(None)
            )
        ).one_or_none()
    return Live(*row[:3]) if row and is_alive(row.created_at, row.seen_at, at) else None


def _is_right(connection: Connection, vault: Vault, live: Live, code: str, at: datetime) -> bool:
    row = connection.execute(
        select(totps.c.id, totps.c.secret, totps.c.last_step).where(
            totps.c.person_id == live.person_id, totps.c.ended_at.is_(None)
        )
    ).one_or_none()
    if row is not None:
        step = totp.step_of(vault.open(row.secret, f"totp/{row.id}"), code, at, row.last_step)
        if step is not None:
            return _use_step(connection, row.id, step, at)
    return recovery.take(connection, live.person_id, code, at)


def _use_step(connection: Connection, totp_id: int, step: int, at: datetime) -> bool:
    # of two that show one code at once, the second finds its step used up
    fresh = (totps.c.id == totp_id) & (totps.c.last_step < step)
    values = {"last_step": step, "used_at": at, "version": totps.c.version + 1}
    return connection.execute(update(totps).where(fresh).values(values)).rowcount == 1
