"""The words of the screens in the reader's language: English is written in the code, others in one file a language.

`N_` marks a word where it is declared, `_` gives it where it is shown. A language is a file `languages/CODE.po`.
"""

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

from scf.web.reader import reader

ENGLISH = "en"
_FOLDER = Path(__file__).parent / "languages"
_HOLE = re.compile(r"\{\}")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of a language by the English ones; `patterns` are those with holes for what is put in by the code."""

    words: Mapping[str, tuple[str, ...]]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    # which form goes with a number
    form: Callable[[int], int]


def N_(text: str) -> str:
    """Marks a constant to be translated where it is shown."""
    return text


def _(text: str, **values: object) -> str:
    """The text in the reader's language; `%(name)s` in it stands for a value."""
    return _filled(_said(text), values)


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The text for one thing or many, in the reader's language; `%(count)s` is the number."""
    found = catalogue(reader().language)
    forms = found.words.get(one)
    text = (one if count == 1 else many) if forms is None else forms[found.form(count)]
    return _filled(text, {"count": count, **values})


def languages() -> Mapping[str, str]:
    """The languages there are: each code with the language's own name."""
    codes = [ENGLISH, *sorted(path.stem for path in _FOLDER.glob("*.po"))]
    return {code: Locale.parse(code).get_display_name(code) or code for code in codes}


@cache
def catalogue(language: str) -> Catalogue:
    """The words of a language; English has none to look up."""
    path = _FOLDER / f"{language}.po"
    if language == ENGLISH or not path.is_file():
        return Catalogue({}, (), lambda count: count != 1)
    with path.open("rb") as file:
        read = read_po(file, language)
    entries = [entry for entry in read if entry.id and not entry.fuzzy]
    words: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        key = entry.id if isinstance(entry.id, str) else entry.id[0]
        forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        if forms and all(forms):
            words[key] = forms
    holed = [(key, forms[0]) for key, forms in words.items() if _HOLE.search(key)]
    # the longest first: it says most exactly what was meant
    holed.sort(key=lambda each: -len(each[0]))
    patterns = tuple((_pattern(key), said) for key, said in holed)
    return Catalogue(words, patterns, gettext.c2py(read.plural_expr))


def _pattern(key: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in _HOLE.split(key)) + r"\Z", re.DOTALL)


def _said(text: str) -> str:
    return _in(reader().language, text)


@lru_cache(8192)
def _in(language: str, text: str) -> str:
    """The text in a language: as it stands, or as it stands at the beginning of a sentence; else as it is."""
    found = _looked_up(catalogue(language), text)
    if found is None and text[:1].islower():
        found = _looked_up(catalogue(language), text[:1].upper() + text[1:])
        found = found and found[:1].lower() + found[1:]
    return text if found is None else found


def _looked_up(found: Catalogue, text: str) -> str | None:
    forms = found.words.get(text)
    if forms is not None:
        return forms[0]
    for pattern, said in found.patterns:
        match = pattern.match(text)
        if match:
            return said.replace("%", "%%").replace("{}", "%s") % match.groups()
    return None


def _filled(text: str, values: Mapping[str, object]) -> str:
    return text % values if values else text
