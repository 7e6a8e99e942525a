"""POST: a command on a batch. The body is loaded item by item; what comes of each is told in the order given."""

from collections.abc import Callable
from typing import Any

from flask import g
from marshmallow import Schema

from scf.commands import Scope, ScopeKind, in_book, in_organisation, run
from scf.outcomes import Outcome
from scf.routes import Caller, CommandRoute, EditRoute
from scf.web.problems import Fault, Problem
from scf.web.schemas import EditHeaders, KeyHeader, OutcomeSchema, OutcomesSchema, batch_of, shown

# a key of the API never meets one that the platform made for itself
KEY = "api/"


def batch_view(blueprint: Any, route: CommandRoute, name: str) -> Callable[..., Any]:
    """The view of a command's route."""

    def view(headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        caller: Caller = g.caller
        outcomes = run(
            caller.database,
            route.command,
            body["items"],
            key=KEY + headers["key"],
            actor=caller.actor,
            scope=scope_of(caller, route.scope),
        )
        accepted = sum(outcome.accepted for outcome in outcomes)
        return {
            "accepted_count": accepted,
            "refused_count": len(outcomes) - accepted,
            "outcomes": [shown(outcome, route.prefix, route.facts) for outcome in outcomes],
        }

    view = blueprint.response(200, OutcomesSchema)(view)
    view = blueprint.arguments(batch_of(name, route.schema, route.command.batch_max))(view)
    return _with_headers(blueprint, KeyHeader, view)


def edit_view(blueprint: Any, route: EditRoute, _name: str) -> Callable[..., Any]:
    """The view of an edit's route: a batch of one, whose refusal is a problem."""

    def view(headers: dict[str, Any], body: dict[str, Any], id: int) -> dict[str, Any]:
        caller: Caller = g.caller
        version = int(headers["version"].strip('"'))
        item = route.item(id=id, version=version, **body)
        scope = scope_of(caller, route.scope)
        (outcome,) = run(
            caller.database, route.command, [item], key=KEY + headers["key"], actor=caller.actor, scope=scope
        )
        return shown(accepted(outcome), route.prefix, {})

    view = blueprint.response(200, OutcomeSchema)(view)
    view = blueprint.arguments(route.schema)(view)
    return _with_headers(blueprint, EditHeaders, view)


_STATUS_OF = {"not_found": 404, "stale": 412, "step_up_needed": 403}


def accepted(outcome: Outcome) -> Outcome:
    """The outcome of a batch of one; raises `Problem` for a refusal."""
    refusal = outcome.refusal
    if refusal is None:
        return outcome
    faults = [Fault("json", f"/{refusal.field}", refusal.words())] if refusal.field else []
    raise Problem(_STATUS_OF.get(refusal.reason, 409), refusal.reason, refusal.words(), faults, refusal=refusal)


def scope_of(caller: Caller, kind: ScopeKind) -> Scope:
    """The caller's organisation, or the book of the path."""
    return in_book(caller.in_book().id) if kind is ScopeKind.BOOK else in_organisation(caller.organisation_id)


def _with_headers(blueprint: Any, schema: type[Schema], view: Callable[..., Any]) -> Callable[..., Any]:
    wrapped: Callable[..., Any] = blueprint.arguments(schema, location="headers")(view)
    return wrapped
