"""What templates may use: words in the reader's language, amounts and dates in the reader's form, ids, icons."""

from base64 import b64encode
from typing import Any

from flask import request
from jinja2 import Environment

from scf.web import formats
from scf.web.assets import icon
from scf.web.forgery import token
from scf.web.reader import THEMES, reader
from scf.web.said import take_said
from scf.web.shell import shell
from scf.web.status import look_of, parts_words, status_words
from scf.web.words import _, languages, ngettext


def equip(environment: Environment) -> None:
    """Give an environment its filters and globals."""
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    # the extension's own name for it; texts that are put together are escaped when they are shown
    environment.install_gettext_callables(_, ngettext, newstyle=False)  # type: ignore[attr-defined]
    environment.globals.update(
        csrf_token=token, reader=reader, languages=languages, themes=THEMES, shell=shell, take_said=take_said,
        look_of=look_of, here=_here, icon_of=icon,
    )  # fmt: skip
    environment.filters.update(
        money=formats.money, amount=formats.amount, count_text=formats.count, rate=formats.rate, day=formats.day,
        long_day=formats.long_day, month=formats.month, weekday=formats.weekday,
        moment=formats.moment, id_text=formats.id_text, status_words=status_words, parts_words=parts_words,
        svg_image=_svg_image, named=_named, plain_number=formats.plain_number,
    )  # fmt: skip


def _here() -> str:
    """The page at hand, as a form names it that comes back to it."""
    return request.path


def _named(id: int | None, names: Any) -> str:
    return str(names.get(id, formats.NOTHING))


def _svg_image(svg: str) -> str:
    """As an image's address: in the page itself the policy would refuse what a drawing may carry."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
