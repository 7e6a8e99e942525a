"""Marshmallow fields that mean one thing everywhere at the API's edge: ids, amounts, rates, dates, closed words.

Money is a decimal string beside its currency; an id is its prefix and thirteen base-32 digits; a rate is a decimal
fraction. JSON numbers with a point are refused: they are not exact.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validate

from scf import ids
from scf.currencies import codes
from scf.errors import FieldError
from scf.money import decimal_string, parse_minor, parse_ppm, ppm_string

AMOUNT_PATTERN = r"^[0-9]{1,15}(\.[0-9]{1,6})?$"


class NotPossible(str):
    """A fault that no schema can tell beforehand: the form is right, the value is not (409, where a form is 422)."""


class Id(fields.String):
    """An id of one kind, an integer inside: `inv_0123456789abc`."""

    def __init__(self, prefix: str, **options: Any) -> None:
        """`prefix` is the kind's, without the underscore."""
        self.prefix = prefix
        self._form = re.compile(f"{prefix}_{ids.PATTERN}")
        options.setdefault("metadata", {}).update(pattern=f"^{self._form.pattern}$", example=f"{prefix}_01h3c5w7k9m2p")
        super().__init__(**options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else ids.text(self.prefix, int(value))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        written = super()._deserialize(value, attr, data, **kwargs)
        if not self._form.fullmatch(written):
            raise ValidationError(f"give an id like {self.prefix}_01h3c5w7k9m2p")
        return ids.parse(written)


class Amount(fields.String):
    """An amount of money as a decimal string; `ItemSchema` turns it into minor units of the currency beside it."""

    def __init__(self, **options: Any) -> None:
        """Options as of any field."""
        options.setdefault("metadata", {}).update(pattern=AMOUNT_PATTERN, example="1234.50")
        super().__init__(**options)

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        """An item shown again, as a proposal is: from `NAME_minor` and `currency`, as it was given."""
        minor: Any = self.get_value(obj, f"{attr}_minor", accessor=accessor)
        code: Any = self.get_value(obj, "currency", accessor=accessor)
        return money(minor, code)


class Rate(fields.String):
    """A rate as a decimal fraction of at most six decimals, parts per million inside: "0.06"."""

    def __init__(self, pattern: str = r"^[0-9]{1,9}(\.[0-9]{1,6})?$", **options: Any) -> None:
        """`pattern` describes a narrower range, which a validator then keeps."""
        options.setdefault("metadata", {}).update(pattern=pattern, example="0.06")
        super().__init__(**options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else ppm_string(int(value))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        written = super()._deserialize(value, attr, data, **kwargs)
        try:
            return parse_ppm(written, attr or "rate")
        except FieldError as error:
            raise ValidationError(error.message) from None


class Day(fields.Date):
    """A date in ISO form, `2026-01-05`, and no other."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, str) or len(value) != 10:
            raise ValidationError("give a date like 2026-01-05")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError("give a date like 2026-01-05") from None


class Flag(fields.Boolean):
    """`true` or `false` in JSON, and nothing that could be taken for them."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise ValidationError("give true or false")
        return value


class Words(fields.String):
    """Text for people, without control characters and at most `longest` characters."""

    def __init__(self, longest: int, shortest: int = 0, **options: Any) -> None:
        """`shortest` 1 or more makes it needed."""
        pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\Z"
        rules = [
            validate.Length(min=shortest, max=longest),
            validate.Regexp(pattern, error="control characters have no place here"),
        ]
        super().__init__(validate=rules, **options)


def currency(**options: Any) -> fields.String:
    """An ISO 4217 code."""
    known = validate.OneOf(codes(), error="give an ISO 4217 code like EUR")
    return fields.String(required=True, validate=[known], metadata={"example": "EUR"}, **options)


class ItemSchema(Schema):
    """The schema of an item of a batch: loads into what `makes` makes of its fields by name.

    An `Amount` field `NAME` is given as `NAME_minor`, in the currency of the field `currency`.
    """

    makes: ClassVar[Callable[..., Any] | None] = None

    @post_load
    def _make(self, loaded: dict[str, Any], **_options: Any) -> Any:
        for name, each in self.fields.items():
            if isinstance(each, Amount) and name in loaded:
                loaded[f"{name}_minor"] = self._minor(name, loaded.pop(name), loaded["currency"])
        make = type(self).makes
        return loaded if make is None else make(**loaded)

    @staticmethod
    def _minor(name: str, written: str, code: str) -> int:
        try:
            return parse_minor(written, code, name)
        except FieldError as error:
            raise ValidationError({error.field: [NotPossible(error.message)]}) from None


def money(minor: int | None, code: str) -> str | None:
    """An amount as the API gives it."""
    return None if minor is None else decimal_string(minor, code)


class MoneyOut(fields.Field[str]):
    """An amount in an answer: reads `NAME_minor` and `currency` of the row."""

    def __init__(self, **options: Any) -> None:
        """Options as of any field."""
        options.setdefault("metadata", {}).update(type="string", pattern=r"^-?[0-9]+(\.[0-9]+)?$", example="1234.50")
        super().__init__(dump_only=True, **options)

    def serialize(self, attr: str, obj: Any, accessor: Any = None, **kwargs: Any) -> Any:
        """The decimal string, None where there is no amount."""
        return money(getattr(obj, f"{attr}_minor"), obj.currency)
