"""The organisation's members on the screen: who is what, who is invited, and what administrators propose and decide.

An invitation and a role take two administrators; suspending takes one, at once. Nobody decides their own proposal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from marshmallow import Schema
from sqlalchemy import Connection, select
from werkzeug.exceptions import NotFound

from scf import encoding, ids
from scf.commands import Command
from scf.identity import members_queries
from scf.identity.invitations import RESEND, WITHDRAW
from scf.identity.invite import INVITE_ALONE, INVITE_BY_PEOPLE, Invitation
from scf.identity.members import GRANT_BY_PEOPLE, TAKE_BY_PEOPLE, RoleOf
from scf.identity.memberships import administrators_ever
from scf.identity.models_members import invitations, memberships
from scf.identity.role_rules import may_begin_alone, unpacked
from scf.identity.schemas import InvitationIdSchema, NewInvitationSchema, RoleOfSchema, SuspensionSchema
from scf.identity.suspend import SUSPEND
from scf.people import queries as known_people
from scf.people.models import people
from scf.proposals.four_eyes import FourEyes
from scf.proposals.models import proposals
from scf.proposals.schemas import DecisionSchema
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import page, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.status import status_words
from scf.web.words import N_, _

PATH, READ = "/organisation", "members.view"
# of each kind; more are read through the API
_MOST = 500


@dataclass(frozen=True, slots=True)
class Decided:
    """A kind of proposal about members: its part of an address, what is proposed, and the type of its items."""

    name: str
    words: str
    commands: FourEyes
    item: type[Any]

    @property
    def command(self) -> str:
        """What a proposal of it is stored under."""
        return self.commands.propose.name.removesuffix(".propose")


KINDS = (
    Decided("invite", N_("Invite"), INVITE_BY_PEOPLE, Invitation),
    Decided("give", N_("Give a role"), GRANT_BY_PEOPLE, RoleOf),
    Decided("take", N_("Take a role"), TAKE_BY_PEOPLE, RoleOf),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits: what, about whom, and by whom."""

    id: int
    kind: Decided
    whom: str
    roles: Sequence[str]
    maker: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A member with their roles."""

    person_id: int
    name: str
    email: str | None
    roles: Sequence[str]


def show(caller: Caller) -> Response:
    """The members, the open invitations, and what waits for a second administrator."""
    with caller.reading() as connection:
        given: dict[str, Any] = {
            "members": _members(connection, caller.organisation_id),
            "invited": _invited(caller, connection),
            "waiting": _waiting(caller, connection),
        }
    return page("organisation/members.html", **given, now=caller.database.clock.now(), form=Form())


def _members(connection: Connection, organisation_id: int, person_id: int | None = None) -> list[Member]:
    query = (
        select(people.c.id, people.c.name, people.c.email, memberships.c.role)
        .join(people, people.c.id == memberships.c.person_id)
        .where(memberships.c.organisation_id == organisation_id, memberships.c.status == "active")
        .order_by(people.c.name, people.c.id, memberships.c.role)
        .limit(_MOST)
    )
    found: dict[int, Member] = {}
    for row in connection.execute(query if person_id is None else query.where(people.c.id == person_id)):
        so_far = found[row.id].roles if row.id in found else ()
        found[row.id] = Member(row.id, row.name, row.email, (*so_far, row.role))
    return list(found.values())


def _invited(caller: Caller, connection: Connection) -> Sequence[Mapping[str, Any]]:
    if not caller.actor.may("invitations.view"):
        return []
    rows = connection.execute(
        select(invitations)
        .where(invitations.c.organisation_id == caller.organisation_id, invitations.c.status == "open")
        .order_by(invitations.c.id.desc())
        .limit(_MOST)
    )
    return [{**row._mapping, "roles": [str(role) for role in unpacked(row.roles)]} for row in rows]


def _waiting(caller: Caller, connection: Connection) -> list[Waiting]:
    of = {each.command: each for each in KINDS}
    rows = connection.execute(
        select(proposals.c.id, proposals.c.command, proposals.c.payload, proposals.c.maker_id)
        .where(proposals.c.scope_id == caller.organisation_id, proposals.c.status == "proposed")
        .where(proposals.c.command.in_(list(of)))
        .order_by(proposals.c.id)
        .limit(_MOST)
    ).all()
    read_as = [(row, encoding.parse(of[row.command].item, row.payload)) for row in rows]
    about = {asked.person_id for _row, asked in read_as if isinstance(asked, RoleOf)}
    names = known_people.names(connection, about | {row.maker_id for row in rows})
    return [
        Waiting(
            row.id,
            of[row.command],
            f"{asked.name}, {asked.email}" if isinstance(asked, Invitation) else names[asked.person_id],
            [str(role) for role in (asked.roles if isinstance(asked, Invitation) else (asked.role,))],
            names[row.maker_id],
            row.maker_id == caller.actor.id,
        )
        for row, asked in read_as
    ]


def show_member(caller: Caller, id: int) -> Response:
    """One member, and what may be done about them."""
    return page("organisation/member.html", member=_member(caller, id), path=_of(id))


def _member(caller: Caller, id: int) -> Member:
    with caller.reading() as connection:
        found = _members(connection, caller.organisation_id, id)
    if not found:
        raise NotFound("there is no such member")
    return found[0]


def _of(id: int) -> str:
    return f"{PATH}/members/{ids.text('per', id)}"


def _roles(caller: Caller, without: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The roles there are in the organisation, for a form."""
    with caller.reading() as connection:
        here = members_queries.kinds(connection, [caller.organisation_id])[caller.organisation_id]
    return [(str(role), status_words(str(role))) for role in sorted(here) if str(role) not in without]


def ask_invite(caller: Caller) -> Response:
    """Ask whom to invite, and as what."""
    return _invite_page(caller, Form())


def _invite_page(caller: Caller, form: Form) -> Response:
    return again("organisation/invite.html", form, roles=_roles(caller), alone=_is_alone(caller))


def _is_alone(caller: Caller) -> bool:
    """Whether there was never a second administrator, who could agree."""
    with caller.reading() as connection:
        ever = administrators_ever(connection, [caller.organisation_id])
    return may_begin_alone(ever.get(caller.organisation_id, 0))


def invite(caller: Caller) -> Response:
    """Propose to invite somebody; a first administrator invites at once."""
    form = read(NewInvitationSchema)
    if form.errors:
        return _invite_page(caller, form)
    alone = _is_alone(caller) and caller.actor.may(INVITE_ALONE.name)
    (outcome,) = ran(caller, INVITE_ALONE if alone else INVITE_BY_PEOPLE.propose, [form.loaded], form.key)
    if outcome.refusal is not None:
        form.say(sentence(outcome.refusal), outcome.refusal.field, 409)
        return _invite_page(caller, form)
    say(_("The invitation is on its way.") if alone else _(_PROPOSED))
    return see(PATH)


_PROPOSED = N_("It is proposed; another administrator decides.")


@dataclass(frozen=True, slots=True)
class Verb:
    """What is done about a member, as a form: which roles it lets choose from, if any."""

    words: str
    command: Command[Any, Any, Any]
    schema: type[Schema]
    said: str
    roles: str = ""


VERBS: Mapping[str, Verb] = {
    "give": Verb(N_("Propose to give a role"), GRANT_BY_PEOPLE.propose, RoleOfSchema, _PROPOSED, "lacking"),
    "take": Verb(N_("Propose to take a role"), TAKE_BY_PEOPLE.propose, RoleOfSchema, _PROPOSED, "held"),
    "suspend": Verb(
        N_("Suspend"), SUSPEND, SuspensionSchema, N_("The member is suspended: roles, sessions and keys here ended.")
    ),
}


def _verb_page(caller: Caller, id: int, verb: Verb, form: Form) -> Response:
    member = _member(caller, id)
    held = [(role, status_words(role)) for role in member.roles]
    roles = {"held": held, "lacking": _roles(caller, member.roles) if verb.roles == "lacking" else []}.get(verb.roles)
    about = ids.text("per", id)
    return again("organisation/verb.html", form, member=member, verb=verb, roles=roles, about=about, path=_of(id))


def _verb_routes(name: str, verb: Verb) -> tuple[PageRoute, PageRoute]:
    def ask(caller: Caller, id: int) -> Response:
        return _verb_page(caller, id, verb, Form())

    def send(caller: Caller, id: int) -> Response:
        form = read(verb.schema)
        if "person_id" in form.errors:
            raise Problem(422, "invalid", "the form is not one of this site; load the page again")
        if form.errors:
            return _verb_page(caller, id, verb, form)
        (outcome,) = ran(caller, verb.command, [form.loaded], form.key)
        if outcome.refusal is not None:
            form.say(sentence(outcome.refusal), outcome.refusal.field, 409)
            return _verb_page(caller, id, verb, form)
        say(_(verb.said))
        return see(PATH)

    at = f"{PATH}/members/<id(per):id>/{name}"
    return PageRoute(at, verb.command.name, ask), PageRoute(at, verb.command.name, send, ("POST",))


def _button(at: str, command: Command[int, Any, Any], schema: type[Schema], said: str) -> PageRoute:
    """A command about one thing that a button names."""

    def send(caller: Caller) -> Response:
        form = read(schema)
        if form.errors:
            raise Problem(422, "invalid", "the form is not one of this site; load the page again")
        (outcome,) = ran(caller, command, [form.loaded], form.key)
        if outcome.refusal is not None:
            say(sentence(outcome.refusal), look="danger")
        else:
            say(_(said))
        return see(PATH)

    return PageRoute(f"{PATH}/{at}", command.name, send, ("POST",))


def _decisions(kind: Decided) -> tuple[PageRoute, ...]:
    accept, decline, withdraw = kind.commands.accept, kind.commands.decline, kind.commands.withdraw
    return (
        _button(f"{kind.name}/accept", accept, DecisionSchema, N_("It is done.")),
        _button(f"{kind.name}/decline", decline, DecisionSchema, N_("The proposal is declined.")),
        _button(f"{kind.name}/withdraw", withdraw, DecisionSchema, N_("The proposal is withdrawn.")),
    )


PAGES = (
    PageRoute(PATH, READ, show),
    PageRoute(f"{PATH}/members/<id(per):id>", READ, show_member),
    PageRoute(f"{PATH}/invite", INVITE_BY_PEOPLE.propose.name, ask_invite),
    PageRoute(f"{PATH}/invite", INVITE_BY_PEOPLE.propose.name, invite, ("POST",)),
    *(route for name, verb in VERBS.items() for route in _verb_routes(name, verb)),
    *(route for kind in KINDS for route in _decisions(kind)),
    _button("invitations/resend", RESEND, InvitationIdSchema, N_("It is sent again, with a new link.")),
    _button("invitations/withdraw", WITHDRAW, InvitationIdSchema, N_("The invitation is withdrawn.")),
)
