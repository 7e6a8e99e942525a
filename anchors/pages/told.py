"""What became of a form of the anchor's desk, said on the next page: how many were done, and why not others."""

from collections.abc import Mapping, Sequence

from anchors.waiting import Sum
from scf.outcomes import Outcome
from scf.web import formats
from scf.web.forms import sentence
from scf.web.said import Undo, say
from scf.web.words import ngettext

_REASONS_MAX = 3


def tell(outcomes: Sequence[Outcome], one: str, many: str, undo: Undo | None = None) -> None:
    """Say it; `one` and `many` are the words for what was done."""
    made = sum(each.accepted for each in outcomes)
    refused = [each.refusal for each in outcomes if each.refusal is not None]
    words = [ngettext(one, many, made)] if made else []
    if refused:
        words.append(ngettext("%(count)s was refused:", "%(count)s were refused:", len(refused)))
        words += list(dict.fromkeys(map(sentence, refused)))[:_REASONS_MAX]
    look = "success" if not refused else "warning" if made else "danger"
    say(" ".join(words), undo=undo if made else None, look=look)


def written(sums: Sequence[Sum]) -> str:
    """Sums of several currencies beside each other."""
    return " · ".join(formats.money(each.minor, each.currency) for each in sums) or formats.NOTHING


def together(sums: Mapping[str, int]) -> str:
    """The same of sums by currency."""
    return " · ".join(formats.money(minor, currency) for currency, minor in sums.items()) or formats.NOTHING
