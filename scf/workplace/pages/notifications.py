"""The notification centre: what the organisation was told of, by day, what is new marked; all marked seen at once."""

from flask import Response, request
from werkzeug.exceptions import NotFound

from scf import ids
from scf.announcements import KINDS
from scf.notifications import queries
from scf.notifications.audience import kinds_for
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read
from scf.web.lines import named
from scf.web.pages import page, see
from scf.web.said import say
from scf.web.words import _
from scf.workplace.api import READ_NOTIFICATIONS
from scf.workplace.commands import SEE
from scf.workplace.places import place_of
from scf.workplace.schemas import SeenSchema
from scf.workplace.told import WORDS, by_day

_PATH = "/notifications"
_LIMIT = 50
_THINGS_MAX = 200


def show(caller: Caller) -> Response:
    """The latest, or those before one."""
    kinds = kinds_for(caller.actor.may)
    before = _before()
    with caller.reading() as connection:
        told = queries.latest(connection, caller.organisation_id, kinds, before, _LIMIT + 1)
        seen_id = queries.seen_up_to(connection, caller.organisation_id, caller.actor.id)
    shown = told[:_LIMIT]
    newest = shown[0].id if shown and before is None else 0
    return again(
        "everyone/notifications.html",
        Form(),
        days=by_day(caller, shown, seen_id),
        newest=newest if newest > seen_id else 0,
        next=ids.text("ntf", shown[-1].id) if len(told) > _LIMIT else "",
        is_first=before is None,
    )


def _before() -> int | None:
    try:
        return ids.parse(request.args["before"])
    except (KeyError, ValueError):
        return None


def show_one(caller: Caller, id: int) -> Response:
    """The things that one is about."""
    kinds = kinds_for(caller.actor.may)
    with caller.reading() as connection:
        told = queries.latest(connection, caller.organisation_id, kinds, id + 1, 1)
        if not told or told[0].id != id:
            raise NotFound("there is no such notification that you may see")
        prefix, shown = KINDS[told[0].kind].prefix, told[0].ids[:_THINGS_MAX]
        names = named(caller, connection, prefix, shown)
    things = [(names.get(each) or ids.text(prefix, each), place_of(caller, prefix, each)) for each in shown]
    return page("everyone/notification.html", told=told[0], words=WORDS[told[0].kind], things=things)


def mark(caller: Caller) -> Response:
    """Mark all as seen, up to the newest that was on the screen."""
    form = read(SeenSchema)
    if not form.errors:
        ran(caller, SEE, [form.loaded], form.key)
        say(_("All is marked as seen."))
    return see(_PATH)


PAGES = (
    PageRoute(_PATH, READ_NOTIFICATIONS, show),
    PageRoute(f"{_PATH}/seen", SEE.name, mark, ("POST",)),
    PageRoute(f"{_PATH}/<id(ntf):id>", READ_NOTIFICATIONS, show_one),
)
