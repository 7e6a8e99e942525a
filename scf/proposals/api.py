"""The routes of a command that needs two people, the permissions to call them, and what waits for its checker."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import Select, select

from scf.commands import ScopeKind
from scf.fields import Id, Words
from scf.module import Permission
from scf.proposals.four_eyes import FourEyes
from scf.proposals.models import proposals
from scf.proposals.schemas import DecisionSchema, ProposalSchema, asking
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route

READ = "proposals.read"

PERMISSIONS = (Permission(READ, "see who proposed what, and who decided", frozenset(Role)),)

_STATUS = fields.String(validate=[validate.OneOf(["proposed", "accepted", "declined", "withdrawn"])])
_FILTERS: Mapping[str, Filter] = {
    "status": Filter(_STATUS, proposals.c.status.__eq__),
    "maker_id": Filter(Id("per"), proposals.c.maker_id.__eq__),
}


def four_eyes_routes(
    path: str, commands: FourEyes, schema: type[Schema], prefix: str, what: str, facts: Mapping[str, str]
) -> tuple[CommandRoute, ...]:
    """`PATH/propose`, `PATH/accept`, `PATH/decline`, `PATH/proposals/withdraw`; `what` is done says their summaries."""
    return (
        CommandRoute(f"{path}/propose", commands.propose, schema, "pro", f"Propose to {what}."),
        CommandRoute(f"{path}/accept", commands.accept, DecisionSchema, prefix, f"Agree to {what}.", facts),
        CommandRoute(f"{path}/decline", commands.decline, DecisionSchema, "pro", f"Decline to {what}."),
        CommandRoute(
            f"{path}/proposals/withdraw", commands.withdraw, DecisionSchema, "pro", f"No longer propose to {what}."
        ),
    )


def proposals_list(
    path: str, commands: FourEyes, kind: type[Any], schema: type[Schema], what: str, read: str
) -> ListRoute:
    """`PATH/proposals`: those of one command, with what they ask for, a `kind` shown by `schema`, to who may `read`."""
    name, scope = commands.propose.name.removesuffix(".propose"), commands.propose.scope
    return ListRoute(
        path=f"{path}/proposals",
        permission=read,
        schema=asking(f"{kind.__name__}Proposal", kind, schema),
        prefix="pro",
        select=lambda caller: _made_in(caller, scope).where(proposals.c.command == name),
        key=proposals.c.id,
        summary=f"Proposals to {what}.",
        scope=scope,
        filters=_FILTERS,
    )


def four_eyes_permissions(
    commands: FourEyes, what: str, makers: frozenset[Role], checkers: frozenset[Role]
) -> tuple[Permission, ...]:
    """The permissions of those routes: who may propose, and who may decide."""
    return (
        Permission(commands.propose.name, f"propose to {what}", makers),
        Permission(commands.accept.name, f"accept, as another, to {what}", checkers),
        Permission(commands.decline.name, f"decline, as another, to {what}", checkers),
        Permission(commands.withdraw.name, f"withdraw one's own proposal to {what}", makers),
    )


def _made_in(caller: Caller, scope: ScopeKind) -> Select[Any]:
    owner_id = caller.in_book().id if scope is ScopeKind.BOOK else caller.organisation_id
    return select(proposals).where(proposals.c.scope_id == owner_id)


def _in(scope: ScopeKind) -> Callable[[Caller], Select[Any]]:
    return lambda caller: _made_in(caller, scope)


ROUTES: tuple[Route, ...] = tuple(
    ListRoute(
        path="/proposals",
        permission=READ,
        schema=ProposalSchema,
        prefix="pro",
        select=_in(scope),
        key=proposals.c.id,
        summary=f"What was proposed in the {scope}, waiting or decided.",
        scope=scope,
        filters={**_FILTERS, "command": Filter(Words(60), proposals.c.command.__eq__)},
    )
    for scope in ScopeKind
)
