"""What is said on the next page: that something was done, and how to undo it where that may be. Shown once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import session

_KEY = "said"


@dataclass(frozen=True, slots=True)
class Undo:
    """A button that undoes what was just done: its words, and the form it sends."""

    words: str
    action: str
    fields: Mapping[str, str]


def say(words: str, undo: Undo | None = None, look: str = "success") -> None:
    """Say something on the page that comes next; `look` is success, warning or danger."""
    session[_KEY] = {"words": words, "look": look, "undo": asdict(undo) if undo else None}


def take_said() -> Mapping[str, Any] | None:
    """What is to be said now, once."""
    found: Mapping[str, Any] | None = session.pop(_KEY, None)
    return found
