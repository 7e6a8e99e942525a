"""How much, by when: an amount and a day, and which receivables to sell for it. It moves with the slider by htmx."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from invoices.pages.home import names_of
from invoices.plan import Choice, Plan, plan
from scf.currencies import exponent
from scf.errors import FieldError
from scf.factoring.offers import Offer, Offers, offers
from scf.factoring.request import REQUEST
from scf.factoring.request_routes import READ
from scf.fields import Day
from scf.money import decimal_string, parse_minor
from scf.routes import Caller, PageRoute
from scf.web.forms import Form
from scf.web.pages import page
from scf.web.words import N_, _

PATH = "/supplier/plan"
_IN_A_WEEK = timedelta(days=7)
_AMOUNT = N_("Write an amount like 1234.50.")


class PlanQuery(Schema):
    """How much, in which currency, by when."""

    amount = fields.String(load_default="")
    currency = fields.String(load_default="")
    by = Day(load_default=None)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted, and what it can be made of: offers that pay by the day, of receivables due after it."""

    currency: str
    by: date
    amount_minor: int
    offered: Sequence[Offer]

    @property
    def possible_minor(self) -> int:
        """What all of them bring."""
        return sum(each.net_minor for each in self.offered)

    @property
    def unit(self) -> int:
        """So many minor units are one of the currency."""
        return int(10 ** exponent(self.currency))


def show(caller: Caller) -> Response:
    """The form, and the plan beneath it."""
    today = caller.database.clock.now().date()
    form = _form()
    with caller.reading() as connection:
        found = offers(connection, caller.organisation_id, today)
        names = names_of(connection, found)
    asked = _asked(form, found, today)
    made = plan(
        [Choice(each.receivable_id, each.net_minor, each.cost_minor) for each in asked.offered], asked.amount_minor
    )
    given = {"form": form, "asked": asked, "names": names, "today": today, **_shown(asked, made)}
    given |= {"may_take": caller.actor.may(REQUEST.name), "digits": exponent, "back": _back(form)}
    if request.headers.get("HX-Target") == "plan":
        return Response(render_template("supplier/plan_part.html", **given), form.status)
    given |= {"currencies": sorted({each.currency for each in found.offered}), "is_all": found.is_all}
    return page("supplier/plan.html", form.status, **given)


def _form() -> Form:
    schema = PlanQuery()
    form = Form({name: request.args.get(name, "").strip() for name in schema.fields})
    try:
        form.loaded = schema.load({name: value for name, value in form.typed.items() if value}, unknown=EXCLUDE)
    except ValidationError as error:
        form.loaded = {**PlanQuery().load({}), **(error.valid_data if isinstance(error.valid_data, dict) else {})}
        messages: Mapping[str, Any] = error.messages if isinstance(error.messages, dict) else {}
        for name, told in messages.items():
            form.say(_(str(told[0])), name)
    return form


def _asked(form: Form, found: Offers, today: date) -> Asked:
    known = sorted({each.currency for each in found.offered})
    wanted = form.loaded["currency"]
    currency = wanted if wanted in known else next(iter(known), "EUR")
    by = form.loaded["by"] or today + _IN_A_WEEK
    fitting = [
        each for each in found.offered if each.currency == currency and each.credited_on <= by < each.receivable_due_on
    ]
    amount = _amount(form, currency)
    form.typed = {**form.typed, "currency": currency, "by": form.typed["by"] or by.isoformat()}
    return Asked(currency, by, amount, fitting)


def _amount(form: Form, currency: str) -> int:
    written = form.loaded["amount"].replace(",", "").replace(" ", "")
    try:
        minor = parse_minor(written, currency) if written else 0
    except FieldError:
        minor = -1
    if minor < 0:
        form.say(_(_AMOUNT), "amount")
    return max(minor, 0)


def _shown(asked: Asked, made: Plan) -> dict[str, Any]:
    by_id = {each.receivable_id: each for each in asked.offered}
    chosen = [by_id[each.id] for each in made.chosen]
    return {
        "made": made,
        "chosen": sorted(chosen, key=lambda each: (each.receivable_due_on, each.receivable_id)),
        "possible": decimal_string(asked.possible_minor, asked.currency),
        "whole": asked.possible_minor // asked.unit,
        # round numbers, some hundred of them
        "step": 10 ** max(len(str(asked.possible_minor // asked.unit)) - 3, 0),
        "many_funders": len({each.funder_id for each in asked.offered}) > 1,
    }


def _back(form: Form) -> str:
    kept = "&".join(f"{name}={value}" for name, value in form.typed.items() if value and not form.errors)
    return f"{PATH}?{kept}" if kept else PATH


PAGES = (PageRoute(PATH, READ, show),)
