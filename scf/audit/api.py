"""The audit trail over HTTP: who ran what, and whether the hash chain over it still holds."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select

from scf.audit.chain import broken, last_link
from scf.audit.schemas import ChainSchema, CommandSchema
from scf.command_log import command_logs
from scf.commands import ScopeKind
from scf.fields import Day, Id, Words
from scf.module import Permission
from scf.roles import Role
from scf.routes import Caller, Filter, ListRoute, Route, ViewRoute

READ, CHECK = "audit.read", "audit.check"
_WATCHING = frozenset({Role.AUDITOR, Role.ADMINISTRATOR, Role.OPERATOR})

PERMISSIONS = (
    Permission(READ, "see which commands were run, by whom and when", _WATCHING | {Role.CHECKER, Role.OPERATIONS}),
    Permission(CHECK, "recompute the hash chain over the commands", _WATCHING),
)

_SHOWN = [column for column in command_logs.c if column.name != "outcomes"]


def _owner_id(caller: Caller, scope: ScopeKind) -> int:
    return caller.in_book().id if scope is ScopeKind.BOOK else caller.organisation_id


def _run_in(scope: ScopeKind) -> Callable[[Caller], Select[Any]]:
    return lambda caller: select(*_SHOWN).where(command_logs.c.scope_id == _owner_id(caller, scope))


def _check(scope: ScopeKind) -> Callable[[Caller], dict[str, Any]]:
    def view(caller: Caller) -> dict[str, Any]:
        owner_id = _owner_id(caller, scope)
        with caller.reading() as connection:
            count, last_hash = last_link(connection, owner_id)
            return {"link_count": count, "last_hash": last_hash, "broken": broken(connection, owner_id)}

    return view


def _routes(scope: ScopeKind) -> tuple[Route, ...]:
    return (
        ListRoute(
            path="/commands",
            permission=READ,
            schema=CommandSchema,
            prefix="cmd",
            select=_run_in(scope),
            key=command_logs.c.id,
            summary=f"Commands run in the {scope}.",
            scope=scope,
            filters={
                "command": Filter(Words(60), command_logs.c.command.__eq__),
                "actor_id": Filter(Id("per"), command_logs.c.actor_id.__eq__),
                "from": Filter(Day(), command_logs.c.business_date.__ge__),
                "to": Filter(Day(), command_logs.c.business_date.__le__),
            },
        ),
        ViewRoute(
            method="GET",
            path="/audit/check",
            permission=CHECK,
            view=_check(scope),
            summary=f"Recompute the whole hash chain of the {scope}: it takes longer the longer the chain is.",
            answers=ChainSchema,
            scope=scope,
        ),
    )


ROUTES = tuple(route for scope in ScopeKind for route in _routes(scope))
