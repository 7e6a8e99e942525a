"""Limits over HTTP: where they stand, and their suspension. Setting one is the engine's: it knows what is in use."""

from typing import Any

from sqlalchemy import Select

from scf.commands import ScopeKind
from scf.fields import Id, Words
from scf.limits.hold import HOLD
from scf.limits.models import limits
from scf.limits.positions import LimitKind
from scf.limits.queries import listed
from scf.limits.schemas import KIND, HoldSchema, LimitSchema
from scf.module import Permission
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route

READ = "limits.read"

PERMISSIONS = (
    Permission(READ, "see where the limits of a book stand", frozenset(Role)),
    Permission(HOLD.name, "suspend a limit, or lift the suspension", frozenset({Role.CREDIT_OFFICER})),
)

_OF_PROGRAMME = limits.c.kind == LimitKind.PROGRAMME.value


def _in_book(caller: Caller) -> Select[Any]:
    return listed(caller.in_book().id)


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/limits",
        permission=READ,
        schema=LimitSchema,
        prefix="lim",
        select=_in_book,
        key=limits.c.id,
        summary="Limits: ceiling, headroom, reserved, drawn, excess, and why one is suspended.",
        scope=ScopeKind.BOOK,
        filters={
            "kind": Filter(KIND, limits.c.kind.__eq__),
            "organisation_id": Filter(Id("org"), lambda id: (limits.c.holder_id == id) & ~_OF_PROGRAMME),
            "programme_id": Filter(Id("prg"), lambda id: (limits.c.holder_id == id) & _OF_PROGRAMME),
            "currency": Filter(Words(3, 3), limits.c.currency.__eq__),
        },
    ),
    CommandRoute("/limits/hold", HOLD, HoldSchema, "lim", "Suspend limits, or lift their suspension."),
)
