"""Preferences, saved filters and notifications over HTTP: everybody's own, and who may set them: everybody."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, select

from scf.announcements import KINDS
from scf.module import Permission
from scf.notifications.audience import kinds_for
from scf.notifications.models import notifications
from scf.people import preferences
from scf.people.models import saved_filters
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route, ViewRoute
from scf.workplace import schemas
from scf.workplace.commands import FORGET, KEEP, PREFER, SEE

READ_FILTERS, READ_NOTIFICATIONS, READ_PREFERENCES = "filters.read", "notifications.read", "preferences.read"
_ALL = frozenset(Role)

PERMISSIONS = (
    Permission(READ_PREFERENCES, "see how screens speak to oneself", _ALL),
    Permission(PREFER.name, "set how screens speak to oneself", _ALL),
    Permission(READ_FILTERS, "see the filters that one keeps", _ALL),
    Permission(KEEP.name, "keep filters of lists", _ALL),
    Permission(FORGET.name, "forget filters that one keeps", _ALL),
    Permission(READ_NOTIFICATIONS, "see what the organisation was told of", _ALL),
    Permission(SEE.name, "mark notifications as seen", _ALL),
)


def _preference(caller: Caller) -> Any:
    with caller.reading() as connection:
        return preferences.of_person(connection, caller.actor.id)


def _kept(caller: Caller) -> Select[Any]:
    kept = saved_filters.c
    return select(saved_filters).where(
        kept.person_id == caller.actor.id,
        kept.organisation_id == caller.organisation_id,
        kept.forgotten_at.is_(None),
    )


def _told(caller: Caller) -> Select[Any]:
    return select(notifications).where(
        notifications.c.organisation_id == caller.organisation_id,
        notifications.c.kind.in_(kinds_for(caller.actor.may)),
    )


ROUTES: tuple[Route, ...] = (
    ViewRoute(
        method="GET",
        path="/preferences",
        permission=READ_PREFERENCES,
        view=_preference,
        summary="How screens speak to oneself.",
        answers=schemas.PreferenceSchema,
    ),
    CommandRoute("/preferences", PREFER, schemas.PreferenceSchema, "per", "Set how screens speak to oneself."),
    ListRoute(
        path="/filters",
        permission=READ_FILTERS,
        schema=schemas.FilterSchema,
        prefix="flt",
        select=_kept,
        key=saved_filters.c.id,
        summary="The filters that one keeps.",
        filters={"path": Filter(fields.String(), saved_filters.c.path.__eq__)},
    ),
    CommandRoute("/filters", KEEP, schemas.NewFilterSchema, "flt", "Keep filters of lists."),
    CommandRoute("/filters/forget", FORGET, schemas.FilterIdSchema, "flt", "Forget filters."),
    ListRoute(
        path="/notifications",
        permission=READ_NOTIFICATIONS,
        schema=schemas.NotificationSchema,
        prefix="ntf",
        select=_told,
        key=notifications.c.id,
        summary="What the organisation was told of, as far as one may know.",
        filters={
            "kind": Filter(fields.String(validate=[validate.OneOf(list(KINDS))]), notifications.c.kind.__eq__),
        },
    ),
    CommandRoute("/notifications/see", SEE, schemas.SeenSchema, "ntf", "Mark what one was told as seen, up to one."),
)
