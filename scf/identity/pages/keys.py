"""Making an API key on a page: what it may do is ticked, its secret is shown once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from scf.fields import Day, Words
from scf.identity import api_views
from scf.identity.keys import LONGEST_DAYS, MAKE, NETWORKS_MAX, NewKey
from scf.identity.permissions import NOT_BY_KEY
from scf.module import Permission
from scf.outcomes import Refusal
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, attempt, read
from scf.web.problems import Fault, Problem

_PATH = "/account/keys/new"
_USUAL_DAYS = 90


class KeyFormSchema(Schema):
    """An API key as the form has it."""

    name = Words(60, 1, required=True)
    permissions = fields.List(
        Words(80, 1),
        required=True,
        validate=[validate.Length(1, 500)],
        error_messages={"required": "Tick at least one."},
    )
    expires_on = Day(required=True)
    networks = Words(1000, load_default="")
    with_approvals = fields.Boolean(load_default=False)


def show(caller: Caller) -> Response:
    """Ask what the key is for."""
    in_a_while = caller.database.clock.now().date() + timedelta(days=_USUAL_DAYS)
    return _page(caller, Form({"expires_on": in_a_while.isoformat(), "permissions": []}))


def submit(caller: Caller) -> Response:
    """Make the key and show its secret; a form that is sent again is told that it was shown."""
    form = read(KeyFormSchema)
    made = attempt(form, _make, caller, key=form.key)
    return _page(caller, form) if made is None else again("key_made.html", form, secret=made["secret"])


def _make(caller: Caller, networks: str, permissions: list[str], key: str, **given: Any) -> Mapping[str, Any]:
    named = tuple(networks.replace(",", " ").split())
    new = NewKey(permissions=tuple(permissions), networks=named, **given)
    made: Mapping[str, Any] = api_views.make_keys(caller, [new], key)["outcomes"][0]
    told = made["refusal"]
    if told is not None:
        refusal = Refusal(*(told[name] for name in ("reason", "field", "value", "bound", "remedy")))
        # said beside its field, where it is typed; whoever is sent away to step up would type it all again
        raise Problem(409, "refused", told["words"], [Fault("json", refusal.field, "")], refusal=refusal)
    return made


def _page(caller: Caller, form: Form) -> Response:
    subjects = _by_subject(caller.running.permissions, caller.actor.permissions - NOT_BY_KEY)
    today = caller.database.clock.now().date()
    bounds = {"first": today, "last": today + timedelta(days=LONGEST_DAYS), "networks": NETWORKS_MAX}
    return again("key_new.html", form, subjects=subjects, bounds=bounds)


def _by_subject(declared: Sequence[Permission], held: frozenset[str]) -> dict[str, list[Permission]]:
    """What the caller may do, as far as a key may, under the subject that its name begins with."""
    found: dict[str, list[Permission]] = {}
    for each in declared:
        if each.name in held:
            found.setdefault(each.name.partition(".")[0].replace("_", " "), []).append(each)
    return dict(sorted(found.items()))


PAGES = (PageRoute(_PATH, MAKE.name, show), PageRoute(_PATH, MAKE.name, submit, ("POST",)))
