"""The look on paper, in one place: sizes in points, colours, and which font a text is set in.

Helvetica is in every reader and sets western European text. Chinese, Japanese and Korean names take reportlab's CID
fonts, which the reader brings along. A letter that none of them has is written in its nearest plain letters ("Ł" as
"L"): the exact name stands in the CSV.
"""

from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from anyascii import anyascii
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth

PORTRAIT: tuple[float, float] = A4
LANDSCAPE: tuple[float, float] = landscape(A4)
MARGIN = 36
GAP = 4
TEXT_SIZE, HEADING_SIZE, SECTION_SIZE, TITLE_SIZE = 8, 6.5, 10, 17

ROW_HEIGHT = 15
HEAD_LINE_HEIGHT = 8
HEAD_PADDING = 10
SECTION_HEIGHT = 24
TITLE_HEIGHT = 30
SUBTITLE_HEIGHT = 12
HEAD_GAP = 6
CHART_HEIGHT = 165
FOOT_HEIGHT = 22

INK = HexColor(0x17202E)
GREY = HexColor(0x5B6472)
HAIRLINE = HexColor(0xE3E7ED)
BAND = HexColor(0xF4F6FA)
NAVY = HexColor(0x0F1A2C)
BLUE = HexColor(0x1F5FD6)

Colour = Color

REGULAR, BOLD = "Helvetica", "Helvetica-Bold"
_ASIAN_FROM = "\u2e80"
_ASIAN = (("STSong-Light", "gbk"), ("HeiseiKakuGo-W5", "shift_jis"), ("HYGothic-Medium", "euc_kr"))
_DIGIT, _MARK, _MINUS = (stringWidth(sign, REGULAR, 1) for sign in "0.-")
for _font, _ in _ASIAN:
    registerFont(UnicodeCIDFont(_font))


class Run(NamedTuple):
    """Letters of one font."""

    font: str
    text: str


class Fitted(NamedTuple):
    """A line ready to be set, and its width in points."""

    runs: tuple[Run, ...]
    width: float


@lru_cache(maxsize=20_000)
def fitted(text: str, bold: bool, size: float, room: float) -> Fitted:
    """The text on one line, cut with "…" when it is wider than `room` points."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    whole = _measured(shown, bold, size)
    if whole.width <= room:
        return whole
    low, high = 0, len(shown)
    while low < high:
        middle = (low + high + 1) // 2
        fits = _measured(shown[:middle] + "…", bold, size).width <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return _measured(shown[:low].rstrip() + "…", bold, size)


def number_width(text: str, size: float) -> float:
    """The width in points of digits with marks and a sign, which are as wide in bold."""
    marks = text.count(",") + text.count(".")
    minus = text.count("-")
    return size * (marks * _MARK + minus * _MINUS + (len(text) - marks - minus) * _DIGIT)


def _measured(text: str, bold: bool, size: float) -> Fitted:
    western = BOLD if bold else REGULAR
    parts = ("".join(part) for _, part in groupby(text, lambda letter: letter < _ASIAN_FROM))
    runs = tuple(_in_font(part, western) for part in parts)
    return Fitted(runs, sum(stringWidth(run.text, run.font, size) for run in runs))


def _in_font(text: str, western: str) -> Run:
    known = ((western, "cp1252"),) if text < _ASIAN_FROM else _ASIAN
    for font, encoding in known:
        if _has(text, encoding):
            return Run(font, text)
    return Run(western, "".join(letter if _has(letter, "cp1252") else anyascii(letter) for letter in text))


def _has(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
