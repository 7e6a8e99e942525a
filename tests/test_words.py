"""Every language says every word that the screens may show, with the same values in it, and no word that is gone."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from words_found import found

from scf.web import words
from wsgi import EVERY_MODULE

FOLDER = Path(words.__file__).parent / "languages"
VALUES = re.compile(r"%\(\w+\)s|\{\}|%%")
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.po"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_word_and_no_other(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as file:
        entries = {
            entry.id if isinstance(entry.id, str) else entry.id[0]: entry.string
            for entry in read_po(file, language)
            if entry.id
        }
    wanted = found(EVERY_MODULE)
    said = {text: [forms] if isinstance(forms, str) else list(forms or ()) for text, forms in entries.items()}
    assert sorted(wanted.keys() - said.keys()) == [], "run .ci/words, then translate what is new"
    assert sorted(said.keys() - wanted.keys()) == [], "run .ci/words: these are shown nowhere any more"
    assert sorted(text for text, forms in said.items() if not all(forms) or not forms) == [], "translate these"
    for text, forms in said.items():
        for form in forms:
            assert sorted(VALUES.findall(form)) == sorted(VALUES.findall(text)), (text, form)


def test_there_is_a_second_language() -> None:
    assert "zh" in LANGUAGES
