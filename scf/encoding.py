"""Frozen dataclasses as canonical JSON and back: proposals and terms are kept so, and hashed so.

Knows int, str, bool, date, StrEnum, None, tuples and dataclasses of these; refuses everything else, floats first.
"""

import hashlib
import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: object) -> Any:
    """A value as JSON knows it. Raises `TypeError` for what has no exact JSON form."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, int | str):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a canonical document")


def canonical(value: object) -> str:
    """The one text of a value: sorted keys, no blanks, UTF-8."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def parse(kind: type[T], text: str) -> T:
    """The value of type `kind` written by `canonical`. Raises `TypeError` or `ValueError` when it does not fit."""
    restored: T = _restore(kind, json.loads(text))
    return restored


def _restore(kind: Any, given: Any) -> Any:
    if is_dataclass(kind):
        return _dataclass(kind, given)
    if get_origin(kind) is tuple:
        return tuple(_restore(get_args(kind)[0], each) for each in given)
    if get_origin(kind) in (Union, types.UnionType):
        inner = next(each for each in get_args(kind) if each is not type(None))
        return None if given is None else _restore(inner, given)
    if kind is date:
        return date.fromisoformat(given)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(given)
    if kind in (int, str, bool) and type(given) is kind:
        return given
    raise TypeError(f"{given!r} is no {kind}")


def _dataclass(kind: Any, given: dict[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(**{name: _restore(hints[name], value) for name, value in given.items()})


@cache
def _hints(kind: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(kind)
