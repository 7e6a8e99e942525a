"""Four eyes over HTTP: the routes around a command that takes two people, and what waits for its checker."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import Select, select

from scf.commands import ScopeKind
from scf.fields import Id, Words
from scf.proposals.four_eyes import FourEyes
from scf.proposals.models import proposals
from scf.proposals.schemas import DecisionSchema, ProposalSchema, asking
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Permission, Route

READ = "proposals.read"

PERMISSIONS = (Permission(READ, "see who proposed what, and who decided", frozenset(Role)),)

_FILTERS: Mapping[str, Filter] = {
    "status": Filter(
        fields.String(validate=[validate.OneOf(["proposed", "accepted", "declined"])]), proposals.c.status.__eq__
    ),
    "maker_id": Filter(Id("per"), proposals.c.maker_id.__eq__),
}


def checked_permissions(
    name: str, words: str, makers: frozenset[Role], checkers: frozenset[Role]
) -> tuple[Permission, ...]:
    """The permissions of a command that takes two people: who may ask for it, and who may agree or decline."""
    return (
        Permission(f"{name}.propose", f"propose to {words}", makers),
        Permission(f"{name}.accept", f"agree to {words}", checkers),
        Permission(f"{name}.decline", f"decline to {words}", checkers),
    )


def checked_routes(
    path: str, commands: FourEyes, item: type[Schema], kind: type[Any], prefix: str, words: str, read: str
) -> tuple[Route, ...]:
    """The routes of a command that takes two people, below `path`: propose, accept, decline, and its proposals.

    `item` loads and shows what is asked for, a `kind`; `prefix` is of the ids that accepting makes or touches; `read`
    is the permission to see the proposals with what they ask for.
    """
    name = commands.propose.name.removesuffix(".propose")
    return (
        CommandRoute(f"{path}/propose", commands.propose, item, "pro", f"Propose to {words}."),
        CommandRoute(f"{path}/accept", commands.accept, DecisionSchema, prefix, f"Agree to {words}."),
        CommandRoute(f"{path}/decline", commands.decline, DecisionSchema, "pro", f"Decline to {words}."),
        ListRoute(
            path=f"{path}/proposals",
            permission=read,
            schema=asking(name.title().replace(".", "").replace("_", ""), kind, item),
            prefix="pro",
            select=lambda caller: _of(caller, commands.propose.scope).where(proposals.c.command == name),
            key=proposals.c.id,
            summary=f"Proposals to {words}.",
            scope=commands.propose.scope,
            filters=_FILTERS,
        ),
    )


def _of(caller: Caller, scope: ScopeKind) -> Select[Any]:
    owner_id = caller.in_book().id if scope is ScopeKind.BOOK else caller.organisation_id
    return select(proposals).where(proposals.c.scope_id == owner_id)


def _in(scope: ScopeKind) -> Callable[[Caller], Select[Any]]:
    return lambda caller: _of(caller, scope)


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
