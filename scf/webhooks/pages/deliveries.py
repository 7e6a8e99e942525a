"""One delivery: what was sent, every attempt at it and what was answered; and sending it again."""

from flask import Response
from werkzeug.exceptions import NotFound

from scf import ids
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, ran, read, sentence
from scf.web.pages import page, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import _
from scf.webhooks import api, queries
from scf.webhooks.models import WAITING
from scf.webhooks.pages.tables import PATH
from scf.webhooks.schemas import DeliveryIdSchema
from scf.webhooks.sending import REPLAY


def show(caller: Caller, id: int) -> Response:
    """The delivery and its attempts."""
    with caller.reading() as connection:
        found = queries.delivery(connection, caller.organisation_id, id)
    if found is None:
        raise NotFound("there is no such delivery of yours")
    delivery, attempts = found
    may = caller.actor.may(REPLAY.name) and delivery.status != WAITING and delivery.body is not None
    return page("webhooks/delivery.html", delivery=delivery, attempts=attempts, may=may, form=Form())


def replay(caller: Caller) -> Response:
    """Send it again: the same bytes under the same id."""
    form = read(DeliveryIdSchema)
    if form.errors:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    (outcome,) = ran(caller, REPLAY, [form.loaded], form.key)
    if outcome.refusal is not None:
        say(sentence(outcome.refusal), look="danger")
    else:
        say(_("It is sent again."))
    return see(f"{PATH}/{ids.text('whd', form.loaded)}")


PAGES = (
    PageRoute(f"{PATH}/<id(whd):id>", api.READ, show),
    PageRoute(f"{PATH}/replay", REPLAY.name, replay, ("POST",)),
)
