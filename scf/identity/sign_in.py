"""Signing in by e-mail address and password.

One answer for a wrong password, an unknown address and somebody who is a member nowhere, after the same work.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from scf import outbox
from scf.commands import transact
from scf.db.engine import Database
from scf.identity import attempts, members_queries, passwords
from scf.identity.attempts import Attempt
from scf.identity.letters import letter
from scf.identity.models_factors import passwords as stored_passwords
from scf.identity.models_sessions import sessions
from scf.identity.passwords import STANDARD, Cost
from scf.identity.sessions import Origin, begin, end
from scf.identity.tokens import hash_of
from scf.ids import Ids
from scf.people.models import people
from scf.people.queries import normal_email

_DEVICE_KNOWN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SignInResult:
    """`token` when it went well; `free_at` when it was not even tried, and may be again then; neither: wrong."""

    token: str | None = None
    person_id: int = 0
    free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A person with a password, and the organisation they would enter, None when they are a member nowhere."""

    person_id: int
    hash: str
    version: int
    organisation_id: int | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A password that was tried: whose it is, None when it is wrong; until when trying is refused, if it is."""

    account: Account | None = None
    free_at: datetime | None = None
    attempt_id: int = 0


def sign_in(
    database: Database, email: str, password: str, address: str, agent: str, *, cost: Cost = STANDARD
) -> SignInResult:
    """Begin a session of whom the address and the password name. It may lack a second factor yet: see `SignedIn`."""
    at, origin = database.clock.now(), attempts.origin(address, agent)
    weighed = _weigh(database, email, password, origin, cost)
    account = weighed.account
    if account is None or account.organisation_id is None:
        return SignInResult(free_at=weighed.free_at)
    organisation_id, ids = account.organisation_id, database.ids()
    rehashed = passwords.hashed(password, cost) if passwords.is_outdated(account.hash, cost) else None

    def enter(connection: Connection) -> str:
        attempts.succeed(connection, weighed.attempt_id, account.person_id)
        if rehashed:
            _rehash(connection, account, rehashed)
        return entered(ids, connection, account.person_id, organisation_id, origin, at)

    return SignInResult(transact(database, enter), account.person_id)


def right_password(
    database: Database, email: str, password: str, address: str, agent: str, *, cost: Cost = STANDARD
) -> Weighed:
    """Prove who one is by a password, for something else than a session; throttled like signing in."""
    weighed = _weigh(database, email, password, attempts.origin(address, agent), cost)
    account = weighed.account
    if account is not None:
        transact(database, lambda connection: attempts.succeed(connection, weighed.attempt_id, account.person_id))
    return weighed


def _weigh(database: Database, email: str, password: str, origin: Origin, cost: Cost) -> Weighed:
    attempt = Attempt("password", account_hash(email), origin)
    attempt_id, free_at = tried(database, attempt, database.clock.now())
    if free_at is not None:
        return Weighed(free_at=free_at)
    account = account_of(database, email)
    right = passwords.matches(account.hash if account else None, password, cost)
    return Weighed(account if right else None, attempt_id=attempt_id)


def sign_out(database: Database, token: str) -> None:
    """End the session of a token; a token of none is as good as ended."""
    at = database.clock.now()

    def leave(connection: Connection) -> None:
        id = connection.execute(select(sessions.c.id).where(sessions.c.token_hash == hash_of(token))).scalar()
        if id is not None:
            end(connection, at, "signed out", ids=[id])

    transact(database, leave)


def account_hash(email: str) -> str:
    """By what attempts on an account are counted, known here or not."""
    return hash_of(normal_email(email))


def tried(database: Database, attempt: Attempt, at: datetime) -> tuple[int, datetime | None]:
    """Note an attempt in a transaction of its own: its id, and until when it is refused, if it is."""
    attempt_id = database.ids().one()
    return attempt_id, transact(database, lambda connection: attempts.note(connection, attempt_id, attempt, at))


def entered(
    ids: Ids,
    connection: Connection,
    person_id: int,
    organisation_id: int,
    origin: Origin,
    at: datetime,
    factor_at: datetime | None = None,
    provider_id: int | None = None,
) -> str:
    """Begin a session and tell its person when it comes from where none came from lately; returns its token.

    `ids` were asked for before the transaction began: renewing their lease is another one.
    """
    if _is_new_device(connection, person_id, origin, at):
        told = letter("new device", person_id, agent=origin.agent, network=origin.network, at=at.isoformat())
        outbox.add(connection, ids, organisation_id, [told], at)
    return begin(connection, ids.one(), person_id, organisation_id, origin, at, factor_at, provider_id)


def account_of(database: Database, email: str) -> Account | None:
    """Who an address belongs to, if they have a password."""
    written = normal_email(email)
    with database.reading() as connection:
        row = connection.execute(
            select(people.c.id, stored_passwords.c.hash, stored_passwords.c.version)
            .join(stored_passwords, stored_passwords.c.person_id == people.c.id)
            .where(people.c.email == ("" if "\0" in written else written.encode("utf-8", "replace").decode()))
        ).one_or_none()
        # asked for nobody too: an account that is here must not take longer
        chosen = members_queries.organisation_to_enter(connection, row.id if row else 0)
    return Account(*row, chosen) if row else None


def _rehash(connection: Connection, account: Account, hash: str) -> None:
    held = stored_passwords.c
    unchanged = (held.person_id == account.person_id) & (held.version == account.version)
    connection.execute(update(stored_passwords).where(unchanged).values(hash=hash, version=account.version + 1))


def _is_new_device(connection: Connection, person_id: int, origin: Origin, at: datetime) -> bool:
    lately = select(sessions.c.network, sessions.c.agent).where(
        sessions.c.person_id == person_id, sessions.c.created_at > at - _DEVICE_KNOWN
    )
    known = {tuple(row) for row in connection.execute(lately)}
    # the first of all is the one they were just invited for
    return bool(known) and (origin.network, origin.agent) not in known
