"""Webhooks over HTTP, and who may do what about them."""

from collections.abc import Callable, Sequence
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select

from scf.announcements import KINDS
from scf.commands import Command, in_organisation, run
from scf.fields import Id
from scf.module import Permission
from scf.roles import Role
from scf.routes import Caller, CommandRoute, EditRoute, Filter, ListRoute, Route, ViewRoute
from scf.secrets import Unsealed
from scf.web.batches import accepted
from scf.web.problems import Problem
from scf.webhooks import queries
from scf.webhooks.bodies import TEST_KIND
from scf.webhooks.endpoints import ADD, CHANGE, END, ROTATE, Change, NewEndpoint, Rotation
from scf.webhooks.models import DELIVERED, GIVEN_UP, WAITING, deliveries, endpoints
from scf.webhooks.schemas import (
    ChangeSchema,
    DeliveryIdSchema,
    DeliveryLogSchema,
    DeliverySchema,
    EndpointIdSchema,
    EndpointSchema,
    FailedSchema,
    KindsSchema,
    NewEndpointSchema,
    SecretSchema,
)
from scf.webhooks.sending import REPLAY, REPLAY_FAILED, TEST
from scf.webhooks.signing import new_secret

READ = "webhooks.read"
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})

PERMISSIONS = (
    Permission(READ, "see webhook endpoints and the delivery log", frozenset(Role) - {Role.VIEWER}),
    Permission(ADD.name, "add webhook endpoints", _ADMINISTRATOR),
    Permission(CHANGE.name, "change webhook endpoints", _ADMINISTRATOR),
    Permission(END.name, "end webhook endpoints", _ADMINISTRATOR),
    Permission(ROTATE.name, "give webhook endpoints new secrets", _ADMINISTRATOR),
    Permission(TEST.name, "send test calls to webhook endpoints", _ADMINISTRATOR),
    Permission(REPLAY.name, "send webhook deliveries again", _ADMINISTRATOR),
    Permission(REPLAY_FAILED.name, "send webhook deliveries again that were given up", _ADMINISTRATOR),
)


def _endpoints(caller: Caller) -> Select[Any]:
    return queries.endpoints_of(caller.organisation_id)


def _deliveries(caller: Caller) -> Select[Any]:
    return queries.deliveries_of(caller.organisation_id)


def add(caller: Caller, key: str, url: str, description: str, kinds: Sequence[str]) -> dict[str, Any]:
    """Add an endpoint; the secret is made here, so that it stands in no log of the command."""
    private = caller.running.settings.webhook_private
    return _with_secret(
        caller, key, ADD, lambda secret: NewEndpoint(url, description, tuple(sorted(set(kinds))), secret, private)
    )


def rotate(caller: Caller, key: str, id: int) -> dict[str, Any]:
    """A new secret, shown once; the one before signs beside it for a day."""
    return _with_secret(caller, key, ROTATE, lambda secret: Rotation(id, secret))


def _with_secret(
    caller: Caller, key: str, command: Command[Any, Any, Any], item: Callable[[Unsealed], Any]
) -> dict[str, Any]:
    made, vault = new_secret(), caller.running.vault
    scope = in_organisation(caller.organisation_id)
    batch = [item(Unsealed(made, vault))]
    (outcome,) = run(caller.database, command, batch, key=f"api/{key}", actor=caller.actor, scope=scope)
    id = accepted(outcome).id or 0
    with caller.reading() as connection:
        is_new = queries.keeps(connection, vault, id, made)
    return {"id": id, "secret": made if is_new else None}


def _log(caller: Caller, id: int) -> dict[str, Any]:
    with caller.reading() as connection:
        found = queries.delivery(connection, caller.organisation_id, id)
    if found is None:
        raise Problem(404, "not_found", "there is nothing under this id that you may see")
    delivery, attempts = found
    return {**delivery._mapping, "attempts": attempts}


def _kinds(_caller: Caller) -> dict[str, Any]:
    return {"items": [{"kind": kind, "words": each.words, "prefix": each.prefix} for kind, each in KINDS.items()]}


_STATUS = fields.String(validate=[validate.OneOf([WAITING, DELIVERED, GIVEN_UP])])
_KIND = fields.String(validate=[validate.OneOf([*sorted(KINDS), TEST_KIND])])

ROUTES: tuple[Route, ...] = (
    ViewRoute("GET", "/webhooks/kinds", READ, _kinds, "Kinds of events.", answers=KindsSchema),
    ListRoute(
        path="/webhooks/endpoints",
        permission=READ,
        schema=EndpointSchema,
        prefix="whe",
        select=_endpoints,
        key=endpoints.c.id,
        summary="Webhook endpoints.",
    ),
    ViewRoute(
        method="POST",
        path="/webhooks/endpoints",
        permission=ADD.name,
        view=add,
        summary="Add a webhook endpoint. The answer shows its secret, once.",
        takes=NewEndpointSchema,
        answers=SecretSchema,
        keyed=True,
    ),
    EditRoute("/webhooks/endpoints/<id(whe):id>", CHANGE, ChangeSchema, Change, "whe", "Change a webhook endpoint."),
    CommandRoute("/webhooks/endpoints/end", END, EndpointIdSchema, "whe", "End webhook endpoints, for good."),
    ViewRoute(
        method="POST",
        path="/webhooks/endpoints/<id(whe):id>/rotate",
        permission=ROTATE.name,
        view=rotate,
        summary="Make a new secret, shown once; the one before signs beside it for 24 hours.",
        answers=SecretSchema,
        keyed=True,
    ),
    CommandRoute(
        "/webhooks/endpoints/test", TEST, EndpointIdSchema, "whd", "Send a test call; the log says how it went."
    ),
    CommandRoute(
        "/webhooks/endpoints/replay-failed",
        REPLAY_FAILED,
        FailedSchema,
        "whe",
        "Send again what was given up since an instant, the oldest 10,000 at once.",
    ),
    ListRoute(
        path="/webhooks/deliveries",
        permission=READ,
        schema=DeliverySchema,
        prefix="whd",
        select=_deliveries,
        key=deliveries.c.id,
        summary="Webhook deliveries.",
        sorts={"created_at": deliveries.c.created_at},
        filters={
            "endpoint_id": Filter(Id("whe"), lambda value: deliveries.c.endpoint_id == value),
            "status": Filter(_STATUS, lambda value: deliveries.c.status == value),
            "kind": Filter(_KIND, lambda value: deliveries.c.kind == value),
            "since": Filter(fields.AwareDateTime(), lambda value: deliveries.c.created_at >= value),
        },
        one=False,
    ),
    ViewRoute(
        method="GET",
        path="/webhooks/deliveries/<id(whd):id>",
        permission=READ,
        view=_log,
        summary="A webhook delivery: what was sent, and every attempt.",
        answers=DeliveryLogSchema,
    ),
    CommandRoute("/webhooks/deliveries/replay", REPLAY, DeliveryIdSchema, "whd", "Send deliveries again."),
)
