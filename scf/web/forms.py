"""Forms of pages: read by the same schemas as the API's bodies, sent to the same views, and shown again when refused.

What is wrong stands beside its field. Nothing typed is lost but what is secret: templates never print that again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

from flask import Response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from scf.commands import Command, run
from scf.errors import ScfError
from scf.outcomes import Outcome, Refusal
from scf.routes import Caller
from scf.web.batches import KEY, scope_of
from scf.web.pages import SENT_TO, page
from scf.web.problems import Problem, of_error
from scf.web.words import N_, _

# the field that makes a form sent twice count once
KEY_FIELD = "form_key"
_KEY_MAX = 80
_GENERAL = "form"
_FILL_IN = N_("Fill this in.")
_PLAINER = {
    "Missing data for required field.": _FILL_IN,
    "Shorter than minimum length 1.": _FILL_IN,
    "Length must be between 1 and 1000.": N_("Fill this in, with at most 1,000 characters."),
}


@dataclass
class Form:
    """What was typed, what it loads into, and what is wrong with it, by field; `form` is of no field."""

    typed: Mapping[str, Any] = field(default_factory=dict, repr=False)
    loaded: Any = field(default_factory=dict, repr=False)
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    fresh_key: str = field(default_factory=lambda: token_urlsafe(18), repr=False)

    @property
    def key(self) -> str:
        """What makes this form count once; a form that was refused is sent again under another."""
        given: str = "" if self.errors else self.typed.get(KEY_FIELD, "")
        return given[:_KEY_MAX] or self.fresh_key

    @property
    def general(self) -> str:
        """What is wrong with the form as a whole."""
        return self.errors.get(_GENERAL, "")

    @property
    def first_wrong(self) -> str:
        """The field to go to first."""
        return next(iter(self.errors), "")

    def value(self, name: str, otherwise: Any = "") -> Any:
        """What stands in a field."""
        return self.typed.get(name, otherwise)

    def say(self, words: str, at: str = _GENERAL, status: int = 422) -> None:
        """Say what is wrong, at a field of the form; elsewhere it is said of the form."""
        self.errors[at if at in self.typed else _GENERAL] = words
        self.status = status


def read(schema: type[Schema]) -> Form:
    """The form that was sent; what its schema does not know is left alone."""
    known = schema()
    lists = {name for name, each in known.fields.items() if isinstance(each, fields.List)}
    sent = {name: request.form.getlist(name) if name in lists else request.form[name] for name in request.form}
    form = Form({name: "" for name in known.fields if name not in lists} | sent)
    given = {name: value for name, value in sent.items() if name in known.fields and value != ""}
    try:
        form.loaded = known.load(given, unknown=EXCLUDE)
    except ValidationError as error:
        # what is wrong with all of a form goes by this name in marshmallow
        found = error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}
        # in the order of the page, so that the first of them is the first to go to
        form.errors = {name: _plain(found[name]) for name in sorted(found, key=[*known.fields, "_schema"].index)}
        form.status = 422
    return form


def attempt(form: Form, view: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """What a view of the API makes of the form; None when it, or its schema, refused: the form then says why."""
    if form.errors:
        return None
    try:
        return view(*given, **form.loaded, **more)
    except ScfError as error:
        problem = of_error(error)
        if problem.code in SENT_TO or problem.status >= 500:
            raise
        _refuse(form, problem)
        return None


def again(template: str, form: Form, **given: Any) -> Response:
    """A page with its form, refused or new."""
    answer = page(template, form.status, form=form, **given)
    answer.headers.update(form.headers)
    return answer


def ran(caller: Caller, command: Command[Any, Any, Any], items: Sequence[Any], key: str) -> Sequence[Outcome]:
    """Run a command on what a form holds, in the caller's organisation or the book of the path; an outcome an item."""
    scope = scope_of(caller, command.scope)
    return run(caller.database, command, items, key=KEY + key, actor=caller.actor, scope=scope)


def sentence(refusal: Refusal) -> str:
    """A refusal as a person reads it beside a field."""
    reason = _(_capital(refusal.reason.replace("_", " ")))
    against = f": {refusal.value}" if refusal.value else ""
    needed = _("needed: %(bound)s", bound=_(refusal.bound))
    bound = f" ({needed})" if refusal.bound else ""
    return f"{reason}{against}{bound}. {_(_capital(refusal.remedy))}".rstrip(". ") + "."


def _refuse(form: Form, problem: Problem) -> None:
    words = sentence(problem.refusal) if problem.refusal else _(f"{_capital(problem.detail)}.")
    at = problem.faults[0].pointer.strip("/") if problem.faults else _GENERAL
    form.say(words, at, problem.status)
    form.headers = problem.headers


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _plain(messages: Any) -> str:
    first = messages
    while isinstance(first, dict | list):
        first = next(iter(first.values() if isinstance(first, dict) else first))
    return _(_PLAINER.get(str(first), str(first)))
