"""Whom a provider's user is here: linked once by a verified address of a member or somebody invited, then by subject.

A person who has no link is never made out of what a provider says alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from scf.actor import Actor
from scf.commands import Command, ScopeKind, Unit, in_organisation, run
from scf.db import bulk
from scf.db.engine import Database
from scf.identity import invitation_rows, memberships
from scf.identity.models_factors import external_identities
from scf.identity.models_members import invitations
from scf.identity.models_members import memberships as membership_rows
from scf.identity.oidc_token import Said
from scf.identity.providers import Provider
from scf.identity.role_rules import unpacked
from scf.outcomes import Outcome, Refusal, done, refused
from scf.people import queries as people
from scf.roles import Role


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody a provider vouched for under a verified address."""

    provider_id: int
    subject: str
    email: str
    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class _Facts:
    id: int
    known_id: int | None
    is_member: bool
    invitation_id: int | None
    roles: tuple[Role, ...]
    role_ids: list[int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    vouched: Vouched | None = None


def link(database: Database, provider: Provider, said: Said) -> int | Refusal:
    """The person of a provider's user, linked now if need be; a refusal for who is no member here."""
    with database.reading() as connection:
        linked = _linked(connection, provider.id, said.subject)
        known_id = people.by_email(connection, said.email) if said.email else None
        member = linked is not None and _is_member(connection, linked, provider.organisation_id)
    if linked is not None:
        return linked if member else _stranger()
    if not said.email:
        return Refusal("email_not_verified", "email", remedy="let your provider verify your address")
    if said.email.rpartition("@")[2] not in provider.domains:
        bound = ", ".join(provider.domains)
        return Refusal("domain_not_allowed", "email", bound=bound, remedy="use an address of your organisation's")
    person_id = known_id or database.ids().one()
    new = Vouched(provider.id, said.subject, said.email, person_id, said.name)
    actor = Actor(person_id, said.name or "somebody new", provider.organisation_id, frozenset({LINK.name}))
    scope = in_organisation(provider.organisation_id)
    # a key of its own each time: who was refused may be invited meanwhile
    key = f"link {database.ids().one()}"
    outcome = run(database, LINK, [new], key=key, actor=actor, scope=scope)[0]
    return outcome.refusal or person_id


def _linked(connection: Connection, provider_id: int, subject: str) -> int | None:
    held = external_identities.c
    which = select(held.person_id).where(held.provider_id == provider_id, held.subject == subject)
    return connection.execute(which).scalar_one_or_none()


def _is_member(connection: Connection, person_id: int, organisation_id: int) -> bool:
    held = membership_rows.c
    which = select(held.id).where(
        held.person_id == person_id, held.organisation_id == organisation_id, held.status == "active"
    )
    return connection.execute(which.limit(1)).first() is not None


def _load(unit: Unit, batch: Sequence[Vouched]) -> _Facts:
    new = batch[0]
    known_id = people.by_email(unit.connection, new.email)
    is_member = known_id is not None and _is_member(unit.connection, known_id, unit.scope.id)
    row = unit.connection.execute(
        select(invitations.c.id, invitations.c.roles)
        .where(invitations.c.organisation_id == unit.scope.id, invitations.c.email == new.email)
        .where(invitations.c.status == "open", invitations.c.expires_at > unit.at)
        .with_for_update(key_share=True)
    ).one_or_none()
    roles = unpacked(row.roles) if row else ()
    return _Facts(unit.ids.one(), known_id, is_member, row.id if row else None, roles, unit.ids.take(len(roles)))


def _decide(facts: _Facts, batch: Sequence[Vouched]) -> _Plan:
    new = batch[0]
    if facts.known_id not in (None, new.person_id):
        return _Plan([refused("try_again", remedy="sign in again")])
    if not facts.is_member and facts.invitation_id is None:
        refusal = _stranger()
        return _Plan([Outcome(refusal=refusal)])
    return _Plan([done(new.person_id)], new)


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    new = plan.vouched
    if new is None:
        return
    if facts.known_id is None:
        people.add(unit.connection, [(new.person_id, new.name or new.email, new.email)], unit.at)
    if not facts.is_member and facts.invitation_id is not None:
        rows = [(id, unit.scope.id, new.person_id, role) for id, role in zip(facts.role_ids, facts.roles, strict=True)]
        memberships.add(unit.connection, rows, new.person_id, unit.at)
        values = {"ended_at": unit.at, "person_id": new.person_id}
        bulk.move(unit.connection, invitations, [facts.invitation_id], "open", "accepted", **values)
        invitation_rows.end_tokens(unit.connection, "invitation", [facts.invitation_id], unit.at)
    values = {"provider_id": new.provider_id, "subject": new.subject, "person_id": new.person_id}
    unit.connection.execute(insert(external_identities).values(id=facts.id, linked_at=unit.at, **values))


def _stranger() -> Refusal:
    return Refusal("not_a_member", "person", remedy="ask an administrator of your organisation to invite you")


LINK = Command("members.link", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1)
