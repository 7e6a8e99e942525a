"""Accepting an invitation: whoever holds its link becomes a member, with the roles it names.

Somebody new chooses a password; somebody the platform knows proves to be who they are by theirs. The link counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from scf.actor import Actor
from scf.commands import Command, ScopeKind, Unit, in_organisation, run
from scf.db import bulk
from scf.db.engine import Database
from scf.identity import invitation_rows, memberships, passwords
from scf.identity.credentials import store
from scf.identity.models_factors import passwords as stored_passwords
from scf.identity.models_members import invitations, mail_tokens
from scf.identity.passwords import STANDARD, Cost
from scf.identity.role_rules import unpacked
from scf.identity.sign_in import right_password
from scf.identity.tokens import hash_of
from scf.organisations.models import organisations
from scf.outcomes import Outcome, Refusal, done, refused
from scf.people import queries as people
from scf.people.models import people as people_rows
from scf.roles import Role


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An invitation accepted by somebody; `password_hash` is empty for who has a password already."""

    token_hash: str = field(repr=False)
    person_id: int = field(repr=False)
    name: str
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Welcome:
    """An open invitation as the holder of its link sees it."""

    invitation_id: int
    organisation_id: int
    organisation_name: str
    email: str
    name: str
    roles: tuple[Role, ...]
    person_id: int | None
    has_password: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of it; `free_at` when the password was not even looked at, and may be again then."""

    outcome: Outcome | None = None
    free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    invitation_id: int | None
    email: str
    roles: tuple[Role, ...]
    known_id: int | None
    held: frozenset[Role]
    ids: list[int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    accepted: Acceptance | None


def welcome(connection: Connection, token: str, at: datetime) -> Welcome | None:
    """What a link invites to; None when it is used up, withdrawn or over."""
    held = invitations.c
    row = connection.execute(
        select(
            held.id,
            held.organisation_id,
            organisations.c.name,
            held.email,
            held.name,
            held.roles,
            people_rows.c.id,
            stored_passwords.c.id,
        )
        .join(mail_tokens, mail_tokens.c.subject_id == held.id)
        .join(organisations, organisations.c.id == held.organisation_id)
        .outerjoin(people_rows, people_rows.c.email == held.email)
        .outerjoin(stored_passwords, stored_passwords.c.person_id == people_rows.c.id)
        .where(mail_tokens.c.token_hash == hash_of(token), mail_tokens.c.purpose == "invitation")
        .where(mail_tokens.c.used_at.is_(None), mail_tokens.c.expires_at > at, held.status == "open")
    ).one_or_none()
    if row is None:
        return None
    return Welcome(*row[:5], unpacked(row[5]), row[6], row[7] is not None)


def accept(
    database: Database, token: str, name: str, password: str, address: str, agent: str, *, cost: Cost = STANDARD
) -> Accepted:
    """Accept the invitation of a link. `name` is how the person is called; empty, as the invitation has it."""
    with database.reading() as connection:
        invited = welcome(connection, token, database.clock.now())
    if invited is None:
        return Accepted(_over())
    if invited.has_password:
        proved = right_password(database, invited.email, password, address, agent, cost=cost)
        if proved.account is None:
            return Accepted(None if proved.free_at else _wrong(), proved.free_at)
        hash = ""
    else:
        refusal = passwords.weigh(password, [name, invited.name, invited.email, invited.organisation_name])
        if refusal is not None:
            return Accepted(_refusal(refusal))
        hash = passwords.hashed(password, cost)
    person_id = invited.person_id or database.ids().one()
    called = name.strip() or invited.name
    # the person is nobody before this: the right to accept comes with the link
    actor = Actor(person_id, called, invited.organisation_id, frozenset({ACCEPT.name}))
    new = Acceptance(hash_of(token), person_id, called, hash)
    scope = in_organisation(invited.organisation_id)
    key = f"accept {hash_of(token)}"
    return Accepted(run(database, ACCEPT, [new], key=key, actor=actor, scope=scope)[0])


def _load(unit: Unit, batch: Sequence[Acceptance]) -> _Facts:
    new = batch[0]
    id = invitation_rows.subject_of(unit.connection, "invitation", new.token_hash, unit.at)
    row = unit.connection.execute(
        select(invitations.c.email, invitations.c.roles)
        .where(invitations.c.id == (id or 0), invitations.c.organisation_id == unit.scope.id)
        .where(invitations.c.status == "open")
        .with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        return _Facts(None, "", (), None, frozenset(), [])
    held = memberships.lock_held(unit, [new.person_id]).of(new.person_id)
    roles = unpacked(row.roles)
    known_id = people.by_email(unit.connection, row.email)
    return _Facts(id, row.email, roles, known_id, held, unit.ids.take(len(roles) + 1))


def _decide(facts: _Facts, batch: Sequence[Acceptance]) -> _Plan:
    new = batch[0]
    # a person of that address who came by another link meanwhile has a password to prove it by
    if facts.invitation_id is None or facts.known_id not in (None, new.person_id):
        return _Plan([_over()], None)
    return _Plan([done(new.person_id)], new)


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    new = plan.accepted
    if new is None or facts.invitation_id is None:
        return
    if facts.known_id is None:
        people.add(unit.connection, [(new.person_id, new.name, facts.email)], unit.at)
    if new.password_hash:
        store(unit.connection, facts.ids[0], new.person_id, new.password_hash, unit.at)
    roles = [role for role in facts.roles if role not in facts.held]
    rows = [(id, unit.scope.id, new.person_id, role) for id, role in zip(facts.ids[1:], roles, strict=False)]
    memberships.add(unit.connection, rows, new.person_id, unit.at)
    values = {"ended_at": unit.at, "person_id": new.person_id}
    bulk.move(unit.connection, invitations, [facts.invitation_id], "open", "accepted", **values)
    invitation_rows.end_tokens(unit.connection, "invitation", [facts.invitation_id], unit.at)


ACCEPT = Command("members.accept", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1)


def _over() -> Outcome:
    return refused("invitation_over", field="token", remedy="ask an administrator to send the invitation again")


def _wrong() -> Outcome:
    remedy = "give the password you sign in with, or have it set anew"
    return refused("wrong_password", field="password", remedy=remedy)


def _refusal(refusal: Refusal) -> Outcome:
    return Outcome(refusal=refusal)
