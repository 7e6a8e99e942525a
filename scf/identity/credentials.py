"""Changing a password: by whoever gives the current one, or by a mailed link. Either ends the other sessions.

A link sets the password and nothing else: the second factor is asked for as before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from scf import outbox
from scf.actor import Actor
from scf.commands import Command, ScopeKind, Unit, in_organisation, run, transact
from scf.db.engine import Database
from scf.identity import attempts, invitation_rows, members_queries, passwords, sessions
from scf.identity.attempts import Attempt
from scf.identity.letters import letter
from scf.identity.models_factors import passwords as stored_passwords
from scf.identity.models_members import mail_tokens
from scf.identity.passwords import STANDARD, Cost
from scf.identity.sessions import SignedIn
from scf.identity.sign_in import account_hash, account_of, right_password
from scf.identity.tokens import hash_of
from scf.outcomes import Outcome, done, refused
from scf.people.models import people

RESET_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password for the actor, hashed; the session that goes on, 0 for none; the link's token, where one was used."""

    hash: str = field(repr=False)
    session_id: int = 0
    token_hash: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    allowed: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    new: NewPassword | None


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of it; `free_at` when the current password was not even looked at, and may be again then."""

    outcome: Outcome | None = None
    free_at: datetime | None = None


def change_password(
    database: Database,
    signed_in: SignedIn,
    current: str,
    new: str,
    address: str,
    agent: str,
    key: str,
    *,
    cost: Cost = STANDARD,
) -> Changed:
    """Change one's own password, given the current one."""
    proved = right_password(database, signed_in.email, current, address, agent, cost=cost)
    if proved.account is None:
        wrong = refused("wrong_password", field="current", remedy="give the password you signed in with")
        return Changed(None if proved.free_at else wrong, proved.free_at)
    refusal = passwords.weigh(new, [signed_in.name, signed_in.email, signed_in.organisation_name])
    if refusal is not None:
        return Changed(Outcome(refusal=refusal))
    item = NewPassword(passwords.hashed(new, cost), signed_in.session_id)
    scope = in_organisation(signed_in.organisation_id)
    return Changed(run(database, CHANGE, [item], key=key, actor=signed_in.actor, scope=scope)[0])


def ask_reset(database: Database, email: str, address: str, agent: str) -> datetime | None:
    """Send a link to whom an address belongs, if anybody; the same is done, and answered, when nobody does.

    Returns until when asking again is refused; None when it was taken.
    """
    at, ids = database.clock.now(), database.ids()
    account = account_of(database, email)
    person_id = account.person_id if account and account.organisation_id else 0
    attempt = Attempt("reset", account_hash(email), attempts.origin(address, agent))

    def ask(connection: Connection) -> datetime | None:
        free_at = attempts.note(connection, ids.one(), attempt, at)
        if free_at is None:
            outbox.add(connection, ids, 0, [letter("reset", person_id)], at)
        return free_at

    return transact(database, ask)


def reset_password(database: Database, token: str, new: str, *, cost: Cost = STANDARD) -> Outcome:
    """Set a password by a mailed link, which counts once, and end every session of its person."""
    with database.reading() as connection:
        row = connection.execute(
            select(people.c.id, people.c.name, people.c.email)
            .join(mail_tokens, mail_tokens.c.subject_id == people.c.id)
            .where(mail_tokens.c.token_hash == hash_of(token), mail_tokens.c.purpose == "reset")
            .where(mail_tokens.c.used_at.is_(None), mail_tokens.c.expires_at > database.clock.now())
        ).one_or_none()
        organisation_id = members_queries.organisation_to_enter(connection, row.id) if row else None
    if row is None or organisation_id is None:
        return _over()
    refusal = passwords.weigh(new, [row.name, row.email or ""])
    if refusal is not None:
        return Outcome(refusal=refusal)
    actor = Actor(row.id, row.name, organisation_id, frozenset({RESET.name}))
    item = NewPassword(passwords.hashed(new, cost), token_hash=hash_of(token))
    scope = in_organisation(organisation_id)
    return run(database, RESET, [item], key=f"reset {hash_of(token)}", actor=actor, scope=scope)[0]


def store(connection: Connection, id: int, person_id: int, hash: str, at: datetime) -> None:
    """Set a person's password; `id` is of the row when there was none."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    held = stored_passwords.c
    new = {"id": id, "person_id": person_id, "hash": hash, "changed_at": at, "version": 1}
    connection.execute(
        dialect.insert(stored_passwords)
        .values(new)
        .on_conflict_do_update(
            index_elements=["person_id"], set_={"hash": hash, "changed_at": at, "version": held.version + 1}
        )
    )


def _load_change(unit: Unit, _batch: Sequence[NewPassword]) -> _Facts:
    return _Facts(unit.ids.take(1), True)


def _load_reset(unit: Unit, batch: Sequence[NewPassword]) -> _Facts:
    about = invitation_rows.subject_of(unit.connection, "reset", batch[0].token_hash, unit.at)
    return _Facts(unit.ids.take(1), about == unit.actor.id)


def _decide(facts: _Facts, batch: Sequence[NewPassword]) -> _Plan:
    return _Plan([done()], batch[0]) if facts.allowed else _Plan([_over()], None)


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    if plan.new is None:
        return
    me = unit.actor.id
    store(unit.connection, facts.ids[0], me, plan.new.hash, unit.at)
    # a link that was mailed before opens no more either
    invitation_rows.end_tokens(unit.connection, "reset", [me], unit.at)
    sessions.end(unit.connection, unit.at, "password changed", person_ids=[me], except_id=plan.new.session_id)
    outbox.write(unit, [letter("password changed", me)])


def _over() -> Outcome:
    return refused("link_over", field="token", remedy="ask for another link")


CHANGE = Command("passwords.change", ScopeKind.ORGANISATION, _load_change, _decide, _write, batch_max=1)
RESET = Command("passwords.reset", ScopeKind.ORGANISATION, _load_reset, _decide, _write, batch_max=1)
