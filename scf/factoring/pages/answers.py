"""What becomes of a form of the bank's desk: what was done is said on the next page, and what was refused, with why."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request
from marshmallow import EXCLUDE, Schema, ValidationError

from scf import ids
from scf.outcomes import Outcome
from scf.routes import Caller
from scf.web.forms import Form, sentence
from scf.web.pages import local, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import _, ngettext

_REASONS_MAX = 3


def below(caller: Caller, path: str) -> str:
    """A path below the caller's book."""
    return f"/books/{ids.text('bok', caller.in_book().id)}{path}"


def tell(outcomes: Sequence[Outcome], one: str, many: str) -> None:
    """Say what became of a batch: how many were done, in the words given, and why others were refused."""
    made = sum(each.accepted for each in outcomes)
    refusals = [each.refusal for each in outcomes if each.refusal is not None]
    words = [ngettext(one, many, made)] if made else []
    if refusals:
        words.append(ngettext("%(count)s was refused:", "%(count)s were refused:", len(refusals)))
        words += dict.fromkeys(sentence(refusal) for refusal in refusals[:_REASONS_MAX])
    look = "success" if not refusals else "warning" if made else "danger"
    say(" ".join(words), look=look)


def back(caller: Caller, form: Form, otherwise: str) -> Response:
    """To the page the form stood on, if that is one of the caller's book."""
    start = below(caller, "/")
    to = local(str(form.typed.get("page", "")), below(caller, otherwise))
    return see(to if to.startswith(start) else below(caller, otherwise))


def must(form: Form) -> Form:
    """The form, when what is wrong with it cannot be the reader's doing. Raises `Problem`."""
    if form.errors:
        said = next(iter(form.errors.values()))
        raise Problem(422, "invalid", said or _("the form is not one of this site; load the page again"))
    return form


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
