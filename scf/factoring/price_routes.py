"""The price calculator over HTTP: a batch of questions in, a price or what is wrong with it out. Nothing is stored."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from scf.daycount import DayCount
from scf.factoring.calculator import answer
from scf.fields import Day, currency
from scf.money import Rounding
from scf.programmes.terms import Method
from scf.routes import SIGNED_IN, Caller, Route, ViewRoute

_AT_ONCE = 1000
_RATE = [validate.Regexp(r"^[0-9](\.[0-9]{1,6})?\Z", error="write a rate as a decimal fraction like 0.06")]
_AMOUNT = [validate.Regexp(r"^[0-9]{1,15}(\.[0-9]{1,6})?\Z", error="write an amount like 1234.50")]


def _one_of(choices: Any, **options: Any) -> fields.String:
    return fields.String(validate=[validate.OneOf([each.value for each in choices])], **options)


class PriceQuestionSchema(Schema):
    """What is to be priced; the time is two dates with a day count, or days with a basis."""

    method = _one_of(Method, required=True)
    face = fields.String(required=True, validate=_AMOUNT)
    currency = currency()
    rate = fields.String(required=True, validate=_RATE)
    from_on = Day(data_key="from")
    to_on = Day(data_key="to")
    day_count = _one_of(DayCount)
    days = fields.Integer(strict=True)
    basis = fields.Integer(strict=True)
    advance_rate = fields.String(validate=_RATE)
    fee_rate = fields.String(validate=_RATE)
    fee_fixed = fields.String(validate=_AMOUNT)
    vat_on_fee = fields.String(validate=_RATE)
    minimum_charge = fields.String(validate=_AMOUNT)
    rounding = _one_of(Rounding)

    @post_load
    def _as_asked(self, loaded: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """As the calculator is asked: by the names of the API, dates as text."""
        dates = {"from": loaded.pop("from_on", None), "to": loaded.pop("to_on", None)}
        return loaded | {name: on.isoformat() for name, on in dates.items() if on is not None}


class PriceQuestionsSchema(Schema):
    """A batch of questions."""

    items = fields.List(fields.Nested(PriceQuestionSchema), required=True, validate=[validate.Length(1, _AT_ONCE)])


class PriceErrorSchema(Schema):
    """Why something cannot be priced."""

    field = fields.String(required=True)
    message = fields.String(required=True)


class PriceSchema(Schema):
    """A price with its proof, or why there is none."""

    advance = fields.String()
    reserve = fields.String()
    discount = fields.String()
    fee = fields.String()
    vat = fields.String()
    net = fields.String()
    days = fields.Integer()
    apr_all_in = fields.String(metadata={"description": "discount and fee by the year, on the net"})
    proof = fields.Dict(keys=fields.String(), values=fields.String())
    error = fields.Nested(PriceErrorSchema)


class PricesSchema(Schema):
    """An answer a question, in the order given."""

    prices = fields.List(fields.Nested(PriceSchema), required=True)


def _prices(_caller: Caller, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"prices": [answer(asked) for asked in items]}


ROUTES: tuple[Route, ...] = (
    ViewRoute(
        method="POST",
        path="/prices",
        permission=SIGNED_IN,
        view=_prices,
        summary="Price advances, as `scf price` does.",
        takes=PriceQuestionsSchema,
        answers=PricesSchema,
    ),
)
