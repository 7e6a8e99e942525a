"""Who reads a page, as far as it is shown otherwise for them: language, form of dates and numbers, light or dark.

What they chose goes before what their browser asks for.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from flask import g, has_request_context, request

LANGUAGES = ("en", *sorted(path.stem for path in (Path(__file__).parent / "languages").glob("*.po")))
# forms of dates and numbers that are offered; Babel knows them all
FORMATS = ("en_GB", "en_US", "en_IN", "de_DE", "fr_FR", "es_ES", "zh_CN")
THEMES = ("auto", "light", "dark")
_OF_LANGUAGE = {"en": "en_GB", "zh": "zh_CN"}


@dataclass(frozen=True, slots=True)
class Reader:
    """`language` of words, `formats` of dates and numbers (a locale), `theme`: auto, light or dark."""

    language: str = "en"
    formats: str = "en_GB"
    theme: str = "auto"

    @property
    def locale(self) -> Locale:
        """The locale of dates and numbers."""
        return locale_of(self.formats)


def reader() -> Reader:
    """Who reads the answer to the request at hand; outside one, an Englishman."""
    if not has_request_context():
        return Reader()
    known: Reader | None = g.get("reader")
    if known is None:
        known = g.reader = _find()
    return known


def _find() -> Reader:
    signed_in = g.get("signed_in")
    chosen = signed_in.preference if signed_in else None
    asked = request.accept_languages
    language = (chosen and chosen.language) or asked.best_match(LANGUAGES, "en")
    formats = (chosen and chosen.formats) or _formats(language)
    return Reader(language, formats, (chosen and chosen.theme) or "auto")


def _formats(language: str) -> str:
    """What the browser asks for when it is of the language, else what is usual for the language."""
    for asked in request.accept_languages.values():
        named = asked.replace("-", "_")
        if named in FORMATS and named.startswith(language):
            return named
    return _OF_LANGUAGE.get(language, language)


@cache
def locale_of(formats: str) -> Locale:
    """The locale by its name."""
    return Locale.parse(formats)
