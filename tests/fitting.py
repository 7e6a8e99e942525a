"""Bodies and queries that fit a schema, made from the schema itself: whatever a route takes, a test can send.

Ids are asked for where an id stands, so that a test decides whose they are; other values are the smallest that fit.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from marshmallow import Schema, fields, validate

from scf.fields import Amount, Day, Id, Rate, Words

# asked for an id: the kind's prefix and where it stands; what it answers is sent
Pick = Callable[[str, str], str]
# what no schema says, by the field's name
KNOWN: dict[str, Any] = {
    "rate": "0.06", "advance_rate": "0.9", "fee_rate": "0.001", "vat_on_fee": "0.2", "face": "1000.00",
    "fee_fixed": "1.00", "minimum_charge": "1.00", "document_sha256": "0" * 64, "iban": "DE89370400440532013000",
    "networks": ["203.0.113.0/24"], "calendar": "TARGET", "permissions": ["keys.view"], "domains": ["ash.example"],
    "currency": "EUR",
}  # fmt: skip
_WORDS = count(1)


def body_of(schema: type[Schema] | Schema, pick: Pick, on: date, place: str = "") -> dict[str, Any]:
    """A body with every field that the schema loads."""
    made = schema() if isinstance(schema, type) else schema
    return {
        each.data_key or name: value_of(each, name, pick, on, f"{place}/{each.data_key or name}")
        for name, each in made.load_fields.items()
    }


def value_of(field: Any, name: str, pick: Pick, on: date, place: str) -> Any:
    """A value that fits a field."""
    if isinstance(field, fields.Nested):
        one = body_of(field.schema, pick, on, place)
        return [one] if field.many else one
    if isinstance(field, Id):
        return pick(field.prefix, place)
    if name in KNOWN:
        return KNOWN[name]
    if isinstance(field, fields.List):
        return [value_of(field.inner, name, pick, on, f"{place}/0")]
    return _plain(field, name, on)


def _plain(field: Any, name: str, on: date) -> Any:
    for rule in field.validators:
        if isinstance(rule, validate.OneOf):
            return next(each for each in rule.choices if each)
    match field:
        case fields.Enum():
            return next(each.value for each in field.enum)
        case Day() | fields.Date():
            return (on + timedelta(days=1)).isoformat()
        case fields.DateTime():
            return f"{on}T09:00:00+00:00"
        case fields.Boolean():
            return True
        case fields.Integer():
            return 1
        case Rate():
            return "0.06"
        case Amount():
            return "1.00"
        case fields.Dict():
            return {}
        case Words():
            return "click" if name == "method" else _words(field, name)
        case _:
            return field.metadata.get("example", f"w{next(_WORDS)}")


def _words(field: Any, name: str) -> str:
    if "example" in field.metadata and "@" not in field.metadata["example"]:
        return str(field.metadata["example"])
    if "email" in name:
        return f"p{next(_WORDS)}@ash.example"
    longest = min(rule.max for rule in field.validators if isinstance(rule, validate.Length) and rule.max)
    return f"word {next(_WORDS)}"[:longest]


def ids_in(schema: type[Schema] | Schema) -> Iterator[tuple[str, str]]:
    """The ids that a body holds: the kind and where it stands."""
    found: list[tuple[str, str]] = []

    def note(prefix: str, place: str) -> str:
        found.append((prefix, place))
        return ""

    body_of(schema, note, date(2026, 1, 5))
    yield from found
