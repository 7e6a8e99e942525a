"""What the page to confirm is filtered by: in its address, and again in the form that acts on all that fits."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from anchors.waiting import Wanted
from scf.fields import Day, Id, Words
from scf.web.forms import Form
from scf.web.words import N_, _

NAMES = ("supplier_id", "due_from", "due_to", "amount_from", "amount_to", "number")
_AMOUNT = N_("Write it like 1234.50.")


class Limit(fields.Field[Decimal]):
    """An amount in whatever currency a row has."""

    _shape: ClassVar[Any] = validate.Regexp(r"[0-9]{1,15}(\.[0-9]{1,6})?\Z", error=_AMOUNT)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Decimal:
        self._shape(str(value))
        return Decimal(str(value))


class FilterSchema(Schema):
    """What is looked for."""

    supplier_id = Id("org")
    due_from = Day()
    due_to = Day()
    amount_from = Limit()
    amount_to = Limit()
    number = Words(60)


class PageSchema(FilterSchema):
    """The same, and which row the page begins behind."""

    after_on = Day()
    after_id = Id("inv")


def asked(schema: type[Schema]) -> Form:
    """What the address asks for: loaded as far as it can be, with what is wrong by its field."""
    given = {name: value.strip() for name, value in request.args.items()}
    form = Form(typed=given)
    try:
        form.loaded = schema().load({name: value for name, value in given.items() if value}, unknown=EXCLUDE)
    except ValidationError as error:
        found: dict[str, Any] = error.messages if isinstance(error.messages, dict) else {}
        form.loaded = error.valid_data if isinstance(error.valid_data, dict) else {}
        form.errors = {name: _(str(told[0] if isinstance(told, list) else told)) for name, told in found.items()}
        form.status = 422
    return form


def wanted(loaded: Mapping[str, Any]) -> Wanted:
    """The filters of a form or an address."""
    return Wanted(**{name: loaded[name] for name in NAMES if loaded.get(name) not in (None, "")})


def to_be_paid(found: Wanted, today: date) -> Wanted:
    """Those that can be confirmed as they are: what is due already needs a day on which it will be paid."""
    ahead = today + timedelta(days=1)
    due_from = ahead if found.due_from is None else max(found.due_from, ahead)
    return Wanted(
        found.supplier_id, due_from, found.due_to, found.amount_from, found.amount_to, found.number, found.until
    )


def query(typed: Mapping[str, Any], **more: str) -> str:
    """The filters as an address has them."""
    kept = {name: typed[name] for name in NAMES if typed.get(name)} | more
    return f"?{urlencode(kept)}" if kept else ""
