"""Fields of terms as people read them: rates as per cent, amounts in the terms' currency, rules with their bounds."""

from collections.abc import Mapping, Sequence
from typing import Any

from scf.programmes.terms import EligibilityRule
from scf.web import formats
from scf.web.status import status_words
from scf.web.words import _


def field_words(name: str) -> str:
    """What a field of terms is called."""
    return status_words(name.removesuffix("_ppm").removesuffix("_minor"))


def value_words(name: str, value: Any, currency: str) -> str:
    """A field's value."""
    if value is None:
        return formats.NOTHING
    if name == "rules":
        return "; ".join(_rule(each) for each in value) or formats.NOTHING
    if name.endswith("_ppm"):
        return formats.rate(value)
    if name.endswith("_minor"):
        return formats.money(value, currency)
    if isinstance(value, int):
        return formats.count(value)
    return status_words(str(value)) if "_" in str(value) else str(value)


def _rule(rule: EligibilityRule) -> str:
    how = _("for people") if rule.severity == "refer" else _("refused")
    return f"{status_words(rule.id)} {rule.bound} ({how})"


def shown(changed: Mapping[str, tuple[Any, Any]], currency: str) -> Sequence[tuple[str, str]]:
    """What differs, each field with its old and new value; of the first terms all that is not as by default."""
    return [
        (
            field_words(name),
            value_words(name, new, currency)
            if old is None
            else f"{value_words(name, old, currency)} → {value_words(name, new, currency)}",
        )
        for name, (old, new) in changed.items()
    ]
