"""What is to be confirmed: filtered, ticked, and proposed to a second person; or rejected or disputed, with the reason.

Nothing is confirmed here by one person. Of "all that fit the filter" the filter is run again when the form arrives,
without what was submitted after the page was shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from flask import Response
from marshmallow import ValidationError, fields, validate

from anchors import waiting
from anchors.api import READ
from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.confirmation import Confirmation
from anchors.dispute import DISPUTE, Objection
from anchors.pages import filters
from anchors.pages.told import tell, written
from anchors.reject import REJECT, WORDS_MAX, Reason, Rejection
from anchors.waiting import Waits
from scf.commands import Command
from scf.currencies import exponent
from scf.errors import FieldError
from scf.fields import Day, Id, Words
from scf.ids import text
from scf.money import decimal_string, parse_minor
from scf.organisations import queries as organisations
from scf.programmes.terms import Undertaking
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import see
from scf.web.said import Undo
from scf.web.status import status_words
from scf.web.words import N_, _

PATH = "/anchor/confirm"
# more than these nobody ticks by hand; a filter finds the others, and all that fit can be taken together
_SHOWN = 100
_TICK = N_("Tick at least one invoice.")
_GONE = N_("Nothing of it waits any more.")
_PROPOSE, _WITHDRAW = CONFIRM_BY_PEOPLE.propose, CONFIRM_BY_PEOPLE.withdraw


class TickedSchema(filters.FilterSchema):
    """The invoices that were ticked, or all that fit the filter."""

    take = fields.List(Id("inv"), validate=[validate.Length(1, 2_000)])
    # given: all that fit, as far as they were there at that moment
    all = fields.AwareDateTime()


class ProposeSchema(TickedSchema):
    """What is proposed to be confirmed, and how firmly."""

    undertaking = fields.Enum(Undertaking, by_value=True, required=True)


class ReasonSchema(TickedSchema):
    """What is rejected or disputed, and why."""

    reason = fields.Enum(Reason, by_value=True, required=True)
    words = Words(WORDS_MAX, load_default="")


def show(caller: Caller) -> Response:
    """The invoices that wait."""
    asked = filters.asked(filters.PageSchema)
    form = Form({"undertaking": Undertaking.CONDITIONAL.value, "reason": "", "words": "", **asked.typed})
    form.errors, form.status = asked.errors, asked.status
    return _page(caller, form, asked.loaded)


def propose(caller: Caller) -> Response:
    """Propose to confirm what is ticked, in full or in the parts that were typed."""
    form = _ticked(ProposeSchema)
    batch = [] if form.errors else _confirmations(caller, form)
    if form.errors:
        return _page(caller, form, form.loaded)
    outcomes = ran(caller, _PROPOSE, batch, form.key)
    if _all_refused(form, outcomes):
        return _page(caller, form, form.loaded)
    may = caller.actor.may(_WITHDRAW.name)
    undo = Undo(_("Take it back"), "/anchor/proposals/undo", {"proposed_by": form.key}) if may else None
    one = N_("%(count)s confirmation is proposed; another person checks it.")
    tell(outcomes, one, N_("%(count)s confirmations are proposed; another person checks them."), undo)
    return _back(form)


def _refuse(command: Command[Any, Any, Any], make: Any, one: str, many: str, caller: Caller) -> Response:
    form = _ticked(ReasonSchema)
    found = {} if form.errors else _invoices(caller, form)
    if form.errors:
        return _page(caller, form, form.loaded)
    batch = [make(id, form.loaded["reason"], form.loaded["words"]) for id in found]
    outcomes = ran(caller, command, batch, form.key)
    if _all_refused(form, outcomes):
        return _page(caller, form, form.loaded)
    tell(outcomes, one, many)
    return _back(form)


reject = partial(
    _refuse, REJECT, Rejection,
    N_("%(count)s invoice is rejected; its supplier reads why."),
    N_("%(count)s invoices are rejected; their suppliers read why."),
)  # fmt: skip
dispute = partial(
    _refuse, DISPUTE, Objection,
    N_("%(count)s invoice is disputed; its supplier is asked to answer."),
    N_("%(count)s invoices are disputed; their suppliers are asked to answer."),
)  # fmt: skip


def _ticked(schema: type[TickedSchema]) -> Form:
    form = read(schema)
    for told in ("take", "all", "undertaking"):
        if told in form.errors:
            form.say(form.errors.pop(told))
    if not form.errors and not form.loaded.get("take") and not form.loaded.get("all"):
        form.say(_(_TICK))
    return form


def _all_refused(form: Form, outcomes: Sequence[Any]) -> bool:
    """Whether nothing was done; the form then says why."""
    if any(each.accepted for each in outcomes):
        return False
    told = dict.fromkeys(sentence(each.refusal) for each in outcomes if each.refusal is not None)
    form.say(" ".join(list(told)[:3]), status=409)
    return True


def _back(form: Form) -> Response:
    return see(PATH + filters.query(form.typed))


def _invoices(caller: Caller, form: Form) -> Mapping[int, Waits]:
    """What the form is about, as far as it is still submitted; says so when nothing is."""
    moment = form.loaded.get("all")
    with caller.reading() as connection:
        if moment is None:
            found = waiting.by_ids(connection, caller.organisation_id, form.loaded["take"])
        else:
            fitting = replace(filters.wanted(form.loaded), until=moment)
            fitting = filters.to_be_paid(fitting, _today(caller))
            listed = waiting.rows(connection, caller.organisation_id, fitting, _PROPOSE.batch_max)
            found = {each.id: each for each in listed}
    if not found:
        form.say(_(_GONE), status=409)
    return found


def _confirmations(caller: Caller, form: Form) -> list[Confirmation]:
    found = _invoices(caller, form)
    in_full = form.loaded.get("all") is not None
    made = []
    for id, each in sorted(found.items()):
        amount, due_on = (each.amount_minor, each.due_on) if in_full else _typed(form, each, _today(caller))
        made.append(Confirmation(id, amount, each.currency, due_on, form.loaded["undertaking"]))
    return made


def _typed(form: Form, each: Waits, today: date) -> tuple[int, date]:
    """The amount and the day typed in a row; what is wrong is said there."""
    named = text("inv", each.id)
    amount, due_on = each.amount_minor, each.due_on
    written_amount, written_day = (str(form.value(f"{name}-{named}")).strip() for name in ("amount", "due"))
    if written_amount:
        amount = _amount(form, f"amount-{named}", written_amount, each)
    if written_day and each.due_on <= today:
        try:
            due_on = Day().deserialize(written_day)
        except ValidationError as error:
            form.say(_(str(error.messages[0])), f"due-{named}")
    if due_on <= today:
        form.typed = {f"due-{named}": "", **form.typed}
        form.say(_("Give a day ahead on which you will pay."), f"due-{named}")
    return amount, due_on


def _amount(form: Form, name: str, typed: str, each: Waits) -> int:
    try:
        amount = parse_minor(typed, each.currency)
    except FieldError as error:
        form.say(_(f"{error.message[:1].upper()}{error.message[1:]}."), name)
        return each.amount_minor
    if not 1 <= amount <= each.amount_minor:
        most = decimal_string(each.amount_minor, each.currency)
        form.say(_("Confirm more than nothing and at most %(most)s.", most=most), name)
    return amount


def _today(caller: Caller) -> date:
    return caller.database.clock.now().date()


def _page(caller: Caller, form: Form, loaded: Mapping[str, Any]) -> Response:
    mine, now = caller.organisation_id, caller.database.clock.now()
    wanted = filters.wanted(loaded)
    behind = (loaded["after_on"], loaded["after_id"]) if loaded.get("after_on") and loaded.get("after_id") else None
    with caller.reading() as connection:
        listed = waiting.rows(connection, mine, wanted, _SHOWN + 1, behind)
        together = waiting.sums(connection, mine, replace(filters.to_be_paid(wanted, now.date()), until=now))
        senders = waiting.suppliers(connection, mine)
        names = organisations.names(connection, {each.supplier_id for each in listed})
    shown, last = listed[:_SHOWN], listed[_SHOWN - 1 : _SHOWN]
    more = last and len(listed) > _SHOWN
    form.typed = {**form.typed, "take": set(form.typed.get("take", ()))}
    number = sum(each.number for each in together)
    return again(
        "anchor/confirm.html",
        form,
        rows=shown,
        names=names,
        today=now.date(),
        now=now.isoformat(),
        number=number,
        sums=written(together),
        is_filtered=any(form.typed.get(name) for name in filters.NAMES),
        fits=number <= _PROPOSE.batch_max,
        next=filters.query(form.typed, after_on=str(last[0].due_on), after_id=text("inv", last[0].id)) if more else "",
        suppliers=[(text("org", id), name) for id, name in senders],
        undertakings=[(each.value, status_words(each.value)) for each in Undertaking],
        reasons=[(each.value, status_words(each.value)) for each in Reason],
        digits=exponent,
        plain=decimal_string,
        may={each.name: caller.actor.may(each.name) for each in (_PROPOSE, REJECT, DISPUTE)},
        names_of_filters=filters.NAMES,
    )


PAGES = (
    PageRoute(PATH, READ, show),
    PageRoute(f"{PATH}/propose", _PROPOSE.name, propose, ("POST",)),
    PageRoute(f"{PATH}/reject", REJECT.name, reject, ("POST",)),
    PageRoute(f"{PATH}/dispute", DISPUTE.name, dispute, ("POST",)),
)
