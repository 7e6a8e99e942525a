"""The look on paper, in one place: sizes in points, colours, and which font a text is set in.

Helvetica is in every reader and sets western European text. Chinese, Japanese and Korean names take reportlab's CID
fonts, which the reader brings along. A letter that none of them has is written in its nearest plain letters ("Ł" as
"L"): the exact name stands in the CSV.
"""

from functools import lru_cache
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
HEADS_HEIGHT = 26
SECTION_HEIGHT = 24
TITLE_HEIGHT = 30
SUBTITLE_HEIGHT = 12
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
_ASIAN = (("gbk", "STSong-Light"), ("shift_jis", "HeiseiKakuGo-W5"), ("euc_kr", "HYGothic-Medium"))
_DIGIT, _MARK, _MINUS = (stringWidth(sign, REGULAR, 1) for sign in "0.-")
for _, _name in _ASIAN:
    registerFont(UnicodeCIDFont(_name))


class Fitted(NamedTuple):
    """A text ready to be set: the font that has its letters, and its width in points."""

    font: str
    text: str
    width: float


@lru_cache(maxsize=20_000)
def fitted(text: str, bold: bool, size: float, room: float) -> Fitted:
    """The text on one line, cut with "…" when it is wider than `room` points."""
    font, shown = _set_in("".join(letter if letter.isprintable() else " " for letter in text), bold)
    width = stringWidth(shown, font, size)
    if width <= room:
        return Fitted(font, shown, width)
    low, high = 0, len(shown)
    while low < high:
        middle = (low + high + 1) // 2
        fits = stringWidth(shown[:middle] + "…", font, size) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    cut = shown[:low].rstrip() + "…"
    return Fitted(font, cut, stringWidth(cut, font, size))


def number_width(text: str, size: float) -> float:
    """The width in points of digits with marks and a sign, which are as wide in bold."""
    marks = text.count(",") + text.count(".")
    minus = text.count("-")
    return size * (marks * _MARK + minus * _MINUS + (len(text) - marks - minus) * _DIGIT)


def _set_in(text: str, bold: bool) -> tuple[str, str]:
    western = BOLD if bold else REGULAR
    if _has(text, "cp1252"):
        return western, text
    # the Asian fonts set western letters badly: only text that needs them gets them
    if any(letter >= "\u2e80" for letter in text):
        for encoding, font in _ASIAN:
            if _has(text, encoding):
                return font, text
    return western, "".join(letter if _has(letter, "cp1252") else anyascii(letter) for letter in text)


def _has(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
