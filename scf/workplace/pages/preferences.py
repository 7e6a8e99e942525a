"""How screens speak to oneself: language, form of dates and numbers, light or dark; each form by an example."""

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Response

from scf.outcomes import Outcome
from scf.people import preferences
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read, sentence
from scf.web.pages import see
from scf.web.reader import FORMATS, THEMES
from scf.web.said import say
from scf.web.words import N_, _, languages
from scf.workplace.api import READ_PREFERENCES
from scf.workplace.commands import PREFER
from scf.workplace.schemas import PreferenceSchema

_PATH = "/account/preferences"
_THEMES = {"auto": N_("As the device"), "light": N_("Light"), "dark": N_("Dark")}


def show(caller: Caller) -> Response:
    """What is chosen, to be changed."""
    with caller.reading() as connection:
        chosen = preferences.of_person(connection, caller.actor.id)
    typed = {"language": chosen.language, "formats": chosen.formats, "theme": chosen.theme}
    return _form(caller, Form(typed))


def submit(caller: Caller) -> Response:
    """Keep what was chosen."""
    form = read(PreferenceSchema)
    if not form.errors:
        (outcome,) = ran(caller, PREFER, [form.loaded], form.key)
        if outcome.accepted:
            say(_("Your preferences are kept."))
            return see(_PATH)
        _tell(form, outcome)
    return _form(caller, form)


def _tell(form: Form, outcome: Outcome) -> None:
    if outcome.refusal:
        form.say(sentence(outcome.refusal), outcome.refusal.field)


def _form(caller: Caller, form: Form) -> Response:
    return again(
        "everyone/preferences.html",
        form,
        languages=[("", _("As the browser asks for")), *languages().items()],
        formats=[("", _("As the language has them")), *((code, _example(caller, code)) for code in FORMATS)],
        themes=[(code, _(_THEMES[code])) for code in THEMES],
    )


def _example(caller: Caller, code: str) -> str:
    """A date and a number as a locale writes them, and whose that is."""
    locale = Locale.parse(code)
    on = format_date(caller.database.clock.now(), "medium", locale=locale)
    number = format_decimal(1234567, "#,##0.00", locale=locale)
    return f"{on} · {number} ({locale.get_territory_name(locale) or code})"


PAGES = (
    PageRoute(_PATH, READ_PREFERENCES, show),
    PageRoute(_PATH, PREFER.name, submit, ("POST",)),
)
