"""The first row of all: the operator's organisation and the invitation of its first administrator, once.

The invitation's link is printed where this is run: nobody is there yet who could have set up how mail is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert

from scf.actor import PLATFORM
from scf.commands import Command, ScopeKind, Unit, in_organisation, run
from scf.db.engine import Database
from scf.identity import invitation_rows, members_queries
from scf.identity.invitation_rows import OPEN_FOR, Invited, Taken
from scf.identity.models_members import operators
from scf.identity.role_rules import roles_at
from scf.identity.tokens import hash_of, new_secret
from scf.organisations import queries as organisations
from scf.organisations.registration import normal_id
from scf.outcomes import Outcome, done, refused
from scf.roles import Role

ROLES = (Role.ADMINISTRATOR, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Operator:
    """The organisation that operates the platform, and who administers it first."""

    name: str
    registration_ref: str
    country: str
    person: str
    email: str
    token_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    operator_id: int | None
    registered: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    new: Operator | None


def _load(unit: Unit, batch: Sequence[Operator]) -> _Facts:
    registered = organisations.by_registration(unit.connection, [batch[0].registration_ref])
    return _Facts(unit.ids.take(3), members_queries.operator_id(unit.connection), bool(registered))


def _decide(facts: _Facts, batch: Sequence[Operator]) -> _Plan:
    new, here = batch[0], roles_at(owns_book=False, operates=True)
    if facts.operator_id is not None:
        remedy = "its administrators invite others"
        return _Plan([refused("already_begun", value="there is an operator", bound="one", remedy=remedy)], None)
    if facts.registered:
        remedy = "give the operator's own number"
        return _Plan([refused("already_registered", field="registration_ref", remedy=remedy)], None)
    invited = Invited(facts.ids[0], new.email, new.person, ROLES)
    refusal = invitation_rows.refusal(invited, Taken(set(), set()), here)
    return _Plan([refusal or done(facts.ids[0])], None if refusal else new)


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    if plan.new is None:
        return
    new, (id, invitation_id, token_id) = plan.new, facts.ids
    organisations.add(unit.connection, [(id, new.name, normal_id(new.registration_ref), new.country, None)], unit.at)
    unit.connection.execute(insert(operators).values(id=1, organisation_id=id, since_at=unit.at))
    invitation_rows.add(unit, [(invitation_id, Invited(id, new.email, new.person, ROLES))], told=False)
    ends_at = unit.at + OPEN_FOR
    invitation_rows.add_token(unit.connection, token_id, "invitation", invitation_id, new.token_hash, unit.at, ends_at)


BEGIN = Command("platform.begin", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1)


def begin(
    database: Database, name: str, registration_ref: str, country: str, person: str, email: str
) -> tuple[Outcome, str]:
    """Make the operator; returns the outcome and the token of the invitation, which is told this once."""
    token = new_secret()
    new = Operator(name, registration_ref, country, person, email, hash_of(token))
    # a key of its own each time: a second call is to be refused, not answered as the first was
    key = f"begin {hash_of(token)[:16]}"
    return run(database, BEGIN, [new], key=key, actor=PLATFORM, scope=in_organisation(0))[0], token
