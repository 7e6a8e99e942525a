"""Where a report's rows go on paper, pure: every row has one height, so the sheets are known before any is drawn.

That makes "page x of y" free and the time linear in the rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.paper import (
    CHART_HEIGHT,
    FOOT_HEIGHT,
    HEAD_GAP,
    HEAD_LINE_HEIGHT,
    HEAD_PADDING,
    LANDSCAPE,
    MARGIN,
    PORTRAIT,
    ROW_HEIGHT,
    SECTION_HEIGHT,
    SUBTITLE_HEIGHT,
    TITLE_HEIGHT,
)
from reports.tabular import Report, Section


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows `first` up to but without `last` of a section, drawn downwards from `top`."""

    section: Section
    first: int
    last: int
    top: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page."""

    pieces: tuple[Piece, ...]


def size_of(report: Report) -> tuple[float, float]:
    """A4 upright, or lying when the widest table asks for it."""
    widest = max((sum(column.width for column in section.columns) for section in report.sections), default=0)
    return LANDSCAPE if widest > PORTRAIT[0] - 2 * MARGIN else PORTRAIT


def head_height(report: Report) -> float:
    """What title, subtitle and chart take of the first page."""
    return TITLE_HEIGHT + SUBTITLE_HEIGHT * len(report.subtitle) + HEAD_GAP + (CHART_HEIGHT if report.chart else 0)


def headings_height(section: Section) -> float:
    """What the columns' headings take: as many lines as the longest of them."""
    return HEAD_PADDING + HEAD_LINE_HEIGHT * max(column.heading.count("\n") + 1 for column in section.columns)


def sheets(report: Report, height: float) -> list[Sheet]:
    """The pages of a report on paper of this height; at least one."""
    return [Sheet(tuple(pieces)) for pieces in _sheets(report, height)]


def _sheets(report: Report, height: float) -> Iterator[list[Piece]]:
    bottom = MARGIN + FOOT_HEIGHT
    pieces: list[Piece] = []
    top = height - MARGIN - head_height(report)
    for section in report.sections:
        first, last = 0, -1
        while last < len(section.rows):
            left = len(section.rows) - first
            room = int((top - bottom - SECTION_HEIGHT - headings_height(section)) // ROW_HEIGHT)
            # a heading with fewer than two rows below it waits for the next page
            if room < min(2, max(left, 1)):
                yield pieces
                pieces, top = [], height - MARGIN
                continue
            last = first + min(room, left)
            pieces.append(Piece(section, first, last, top))
            # a section without rows has one line that says so
            top -= SECTION_HEIGHT + headings_height(section) + ROW_HEIGHT * max(last - first, 1) + ROW_HEIGHT
            first = last
    yield pieces
