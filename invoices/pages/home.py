"""The supplier's first page: what it can be paid today, taken by ticking, and taken back as long as that may be."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import Connection

from invoices.outlook import standing
from invoices.prepare import PREPARE
from scf import command_log
from scf.currencies import exponent
from scf.factoring.expire import WITHDRAW
from scf.factoring.offers import Offers, offers
from scf.factoring.request import REQUEST, NewRequest
from scf.factoring.request_routes import READ
from scf.fields import Id, Words
from scf.ids import parse
from scf.organisations import queries as organisations
from scf.outcomes import Outcome
from scf.routes import Caller, PageRoute
from scf.web import formats
from scf.web.batches import KEY
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import local, see
from scf.web.problems import Problem
from scf.web.said import Undo, say
from scf.web.words import N_, _, ngettext

HOME = "/supplier"
_AT_ONCE = 1_000
# more than these nobody ticks by hand; the plan looks further
_SHOWN = 100
_TICK = N_("Tick at least one offer.")


class Ticked(fields.Field[NewRequest]):
    """An offer by its receivable and its enrolment: `rcv_….enr_…`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> NewRequest:
        receivable, _dot, enrolment = str(value).partition(".")
        try:
            return NewRequest(parse(receivable), parse(enrolment))
        except ValueError:
            raise ValidationError(_TICK) from None


class TakeSchema(Schema):
    """The offers that were ticked, and the page to go back to."""

    take = fields.List(
        Ticked(), required=True, validate=[validate.Length(1, _AT_ONCE)], error_messages={"required": _TICK}
    )
    back = Words(200, load_default=HOME)


class UndoSchema(Schema):
    """The form whose requests are taken back."""

    taken_by = Words(80, 1, required=True)


class RequestSchema(Schema):
    """A request to take back."""

    request_id = Id("req", required=True)


def show(caller: Caller) -> Response:
    """What can be paid today."""
    return _page(caller, Form())


def take(caller: Caller) -> Response:
    """Ask for the advances that were ticked."""
    form = read(TakeSchema)
    if form.errors:
        return _page(caller, form)
    asked: list[NewRequest] = form.loaded["take"]
    outcomes = ran(caller, REQUEST, asked, form.key)
    refused = [each for each in outcomes if each.refusal is not None]
    if len(refused) == len(outcomes):
        form.say(_reasons(caller, asked, outcomes), status=409)
        return _page(caller, form)
    _say_taken(caller, form.key, asked, outcomes)
    return see(local(form.loaded["back"], HOME))


def undo(caller: Caller) -> Response:
    """Take back what a form asked for, as far as the bank has not approved it yet."""
    form = read(UndoSchema)
    if form.errors:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    with caller.reading() as connection:
        key = KEY + form.loaded["taken_by"]
        stored = command_log.last(connection, caller.organisation_id, REQUEST.name, key)
    ids = [each.id for each in command_log.unpack(stored.outcomes) if each.accepted] if stored else []
    if not ids:
        raise Problem(404, "not_found", "there is nothing to take back")
    _say_withdrawn(ran(caller, WITHDRAW, ids, form.key))
    return see(HOME)


def withdraw(caller: Caller) -> Response:
    """Take one request back."""
    form = read(RequestSchema)
    if form.errors:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    _say_withdrawn(ran(caller, WITHDRAW, [form.loaded["request_id"]], form.key))
    return see("/supplier/requests")


def _say_withdrawn(outcomes: Sequence[Outcome]) -> None:
    back = sum(each.accepted for each in outcomes)
    if back:
        say(ngettext("%(count)s request is taken back.", "%(count)s requests are taken back.", back))
    else:
        say(_("Nothing is taken back: the bank has answered already."), look="warning")


def _say_taken(caller: Caller, key: str, asked: Sequence[NewRequest], outcomes: Sequence[Outcome]) -> None:
    taken = sum(each.accepted for each in outcomes)
    words = ngettext("You asked for %(count)s advance.", "You asked for %(count)s advances.", taken)
    if taken < len(outcomes):
        words = f"{words} {_reasons(caller, asked, outcomes)}"
    may = caller.actor.may(WITHDRAW.name)
    back = Undo(_("Take it back"), "/supplier/offers/undo", {"taken_by": key}) if may else None
    say(words, undo=back, look="success" if taken == len(outcomes) else "warning")


def _reasons(caller: Caller, asked: Sequence[NewRequest], outcomes: Sequence[Outcome]) -> str:
    """Why offers were refused, the first few by number."""
    told = [(new, each.refusal) for new, each in zip(asked, outcomes, strict=True) if each.refusal is not None]
    first = " ".join(sentence(refusal) for _new, refusal in told[:3])
    many = ngettext("%(count)s was refused:", "%(count)s were refused:", len(told))
    return f"{many} {first}" + (" …" if len(told) > 3 else "")


def _page(caller: Caller, form: Form) -> Response:
    today = caller.database.clock.now().date()
    with caller.reading() as connection:
        found = offers(connection, caller.organisation_id, today, limit=_SHOWN)
        stands = standing(connection, caller.organisation_id, today)
        names = names_of(connection, found)
    form.typed = {**form.typed, "take": set(form.typed.get("take", ()))}
    return again(
        "supplier/home.html",
        form,
        offers=found,
        stands=stands,
        names=names,
        totals=together(found.totals()),
        digits=exponent,
        sentence=sentence,
        may_take=caller.actor.may(REQUEST.name),
        may_upload=caller.actor.may(PREPARE.name),
        many_funders=len({each.funder_id for each in found.offered}) > 1,
    )


def names_of(connection: Connection, found: Offers) -> Mapping[int, str]:
    """The names of the anchors and funders of offers."""
    parties = {id for each in found.offered for id in (each.anchor_id, each.funder_id)}
    return organisations.names(connection, parties | {each.anchor_id for each in found.held})


def together(sums: Mapping[str, int]) -> str:
    """Sums of several currencies beside each other."""
    return " · ".join(formats.money(minor, currency) for currency, minor in sums.items()) or formats.NOTHING


PAGES = (
    PageRoute(HOME, READ, show),
    PageRoute("/supplier/offers/take", REQUEST.name, take, ("POST",)),
    PageRoute("/supplier/offers/undo", WITHDRAW.name, undo, ("POST",)),
    PageRoute("/supplier/requests/withdraw", WITHDRAW.name, withdraw, ("POST",)),
)
