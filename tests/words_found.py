"""Every word that the screens may show: marked ones, those in templates, refusals, and what is made of declarations.

Refusals are written where they are decided, often with values in them: a hole `{}` stands for each value.
"""

import ast
import dataclasses
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from marshmallow import fields, validate
from sqlalchemy import CheckConstraint

from scf.announcements import KINDS
from scf.currencies import codes
from scf.db.types import metadata
from scf.factoring.eligibility import ALWAYS
from scf.factoring.pages.terms_form import CHOSEN
from scf.ledger.chart import CHART
from scf.module import Module, Phase
from scf.programmes.terms import RULE_BOUNDS, Terms, Undertaking
from scf.roles import Role
from scf.routes import CommandRoute, EditRoute, ListRoute, Route
from scf.web.tables import label_of

ROOT = Path(__file__).parent.parent
PACKAGES = ("scf", "invoices", "anchors", "reports")
_KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
# which arguments of what is called are words for people
_SAID: dict[str, tuple[int, ...]] = {
    "refused": (0,), "FieldError": (1,), "Problem": (2,), "NotPossible": (0,), "ValidationError": (0,),
    "CommandError": (0,), "FileRefused": (0,), "_Words": (0, 1, 2), "_face_words": (2, 3),
}  # fmt: skip
_CURRENCIES = frozenset(codes())
_SAID_NAMED = frozenset({"remedy", "bound", "error", "detail"})


def found(modules: Sequence[Module]) -> dict[str, str]:
    """Every message by its text, with the plural of those that have one, else ''."""
    messages: dict[str, str] = {}
    for path in _files(".py"):
        messages |= dict(_marked("python", path))
        messages |= dict.fromkeys(_said(path), "")
        if path.name == "steps.py":
            messages |= dict.fromkeys(_results(path), "")
    for path in _files(".html"):
        messages |= dict(_marked("jinja2", path))
    messages |= dict.fromkeys(declared(modules), "")
    return {text: many for text, many in messages.items() if text not in _CURRENCIES and any(map(str.isalpha, text))}


def _files(end: str) -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob(f"*{end}"))


def _marked(method: str, path: Path) -> Iterator[tuple[str, str]]:
    options = {"extensions": "jinja2.ext.i18n", "silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
    with path.open("rb") as file:
        for _line, text, _comments, _context in extract(method, file, _KEYWORDS, (), options):
            one, many = (text[0], text[1]) if isinstance(text, tuple) else (text, "")
            yield str(one), str(many)


def _said(path: Path) -> Iterator[str]:
    """The words of refusals and errors in a file; a reason is a code, shown with a capital."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in _SAID:
            continue
        given = [node.args[n] for n in _SAID[name] if n < len(node.args)]
        given += [each.value for each in node.keywords if each.arg in _SAID_NAMED]
        for each in given:
            for text in _texts(each):
                yield _capital(text.replace("_", " ") if name == "refused" and each is node.args[0] else text)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _results(path: Path) -> Iterator[str]:
    """What the steps of a day say that they did, part by part."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Return) and node.value is not None:
            for each in ast.walk(node.value):
                for text in _texts(each) if isinstance(each, ast.JoinedStr) else ():
                    yield from (part for part in text.split(", ") if part)


def declared(modules: Sequence[Module]) -> Iterator[str]:
    """Words made of declarations: filters and their choices, roles, permissions, kinds of announcements."""
    for role in Role:
        yield code(role.value)
    for kind in KINDS.values():
        yield kind.words
    yield from map(code, _stored())
    yield from map(code, (*CHART, *Phase, *ALWAYS, *RULE_BOUNDS))
    for field in dataclasses.fields(Terms):
        yield code(field.name.removesuffix("_ppm").removesuffix("_minor"))
    chosen: list[type[StrEnum]] = [*CHOSEN.values(), Undertaking]
    for kinds in chosen:
        yield from (code(each.value) for each in kinds if each.value.replace("_", "").isalpha())
    for module in modules:
        yield from (code(step.name) for step in module.steps)
        for permission in module.permissions:
            yield _capital(permission.words)
            yield code(permission.name.partition(".")[0])
        for table in module.tables:
            yield from _of_list(table.route, table.labels)
        for route in module.routes:
            yield from _codes_of(route)


def _stored() -> Iterator[str]:
    """What a column that holds one of a few codes may hold: statuses, kinds, origins."""
    for table in metadata.tables.values():
        for each in table.constraints:
            if isinstance(each, CheckConstraint) and " IN (" in str(each.sqltext):
                yield from re.findall(r"'([a-z_]+)'", str(each.sqltext))


def _of_list(route: ListRoute, labels: Any) -> Iterator[str]:
    for name, each in route.filters.items():
        yield labels.get(name) or label_of(name)
        yield from _choices(each.field)


def _codes_of(route: Route) -> Iterator[str]:
    if isinstance(route, CommandRoute | EditRoute):
        for field in route.schema().fields.values():
            yield from _choices(field)


def _choices(field: Any) -> Iterator[str]:
    if isinstance(field, fields.Enum):
        yield from (code(str(member.value)) for member in field.enum)
    for each in field.validators:
        if isinstance(each, validate.OneOf):
            yield from (code(str(choice)) for choice in each.choices)


def code(text: str) -> str:
    """A code as a screen shows it."""
    return _capital(text.replace("_", " "))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
