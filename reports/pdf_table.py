"""A piece of a table on a page: headings, bands, hairlines and rows.

Its text is one text object, row by row, so that a reader copies it out in order and drawing costs little.
"""

from collections.abc import Callable, Iterator
from datetime import date

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from reports.paper import (
    BAND,
    BOLD,
    GAP,
    GREY,
    HAIRLINE,
    HEAD_LINE_HEIGHT,
    HEADING_SIZE,
    INK,
    MARGIN,
    NAVY,
    REGULAR,
    ROW_HEIGHT,
    SECTION_HEIGHT,
    SECTION_SIZE,
    TEXT_SIZE,
    Fitted,
    Run,
    fitted,
    number_width,
)
from reports.pdf_pen import rules, say, say_to
from reports.sheets import Piece, headings_height
from reports.tabular import Column, Rank, Row, long_date
from scf.money import Money, readable

_WRITTEN: dict[type, Callable[..., str]] = {
    str: str,
    int: lambda count: f"{count:,}",
    date: long_date,
    Money: lambda money: readable(money.minor, money.currency),
}
_BASELINE = 4.5
Edges = list[tuple[float, float]]


def draw_piece(canvas: Canvas, piece: Piece, width: float) -> None:
    """Draw the rows of a piece below their headings on a page this wide."""
    columns, room = piece.section.columns, width - 2 * MARGIN
    heading = f"{piece.section.heading} (continued)" if piece.first else piece.section.heading
    say(canvas, MARGIN, piece.top - SECTION_HEIGHT + 8, heading, SECTION_SIZE, INK, room, bold=True)
    edges = list(_edges(columns, room))
    top = piece.top - SECTION_HEIGHT - headings_height(piece.section)
    _draw_headings(canvas, columns, edges, top)
    rows = piece.section.rows[piece.first : piece.last]
    _draw_bands(canvas, [row.rank for row in rows], top, width)
    if rows:
        _draw_rows(canvas, rows, columns, edges, top)
    else:
        say(canvas, MARGIN + GAP, top - ROW_HEIGHT + _BASELINE, "None", TEXT_SIZE, GREY, room)


def _edges(columns: tuple[Column, ...], room: float) -> Iterator[tuple[float, float]]:
    """Left and right edge of each column's text, the columns spread over the room in the measure of their widths."""
    stretch = room / sum(column.width for column in columns)
    left: float = MARGIN
    for column in columns:
        right = left + column.width * stretch
        yield left + GAP, right - GAP
        left = right


def _draw_headings(canvas: Canvas, columns: tuple[Column, ...], edges: Edges, bottom: float) -> None:
    for column, (left, right) in zip(columns, edges, strict=True):
        lines = column.heading.upper().split("\n")
        for n, line in enumerate(lines, 1):
            y = bottom + 6 + (len(lines) - n) * HEAD_LINE_HEIGHT
            if column.kind.to_the_right:
                say_to(canvas, right, y, line, HEADING_SIZE, GREY, right - left, bold=True)
            else:
                say(canvas, left, y, line, HEADING_SIZE, GREY, right - left, bold=True)


def _draw_bands(canvas: Canvas, ranks: list[Rank], top: float, width: float) -> None:
    """Hairlines below all rows; sums and positions on a band; a dark line above the totals."""
    canvas.setFillColor(BAND)
    for n, rank in enumerate(ranks, 1):
        if rank is not Rank.DETAIL:
            canvas.rect(MARGIN, top - n * ROW_HEIGHT, width - 2 * MARGIN, ROW_HEIGHT, stroke=0, fill=1)
    rules(canvas, [top - n * ROW_HEIGHT for n in range(1, len(ranks) + 1)], width, HAIRLINE)
    rules(canvas, [top], width, GREY)
    if Rank.TOTAL in ranks:
        rules(canvas, [top - ranks.index(Rank.TOTAL) * ROW_HEIGHT], width, NAVY)


def _draw_rows(canvas: Canvas, rows: tuple[Row, ...], columns: tuple[Column, ...], edges: Edges, top: float) -> None:
    text = canvas.beginText()
    text.setFillColor(INK)
    places = [(column.kind.to_the_right, left, right) for column, (left, right) in zip(columns, edges, strict=True)]
    font = ""
    for n, row in enumerate(rows, 1):
        bold = row.rank is not Rank.DETAIL
        baseline = top - n * ROW_HEIGHT + _BASELINE
        for cell, (number, left, right) in zip(row.cells, places, strict=True):
            if cell is None:
                continue
            written = _WRITTEN[type(cell)](cell)
            found = _number(written, bold) if number else fitted(written, bold, TEXT_SIZE, right - left)
            if number:
                font = _set_to(text, found, right, right - left, baseline, font)
            else:
                font = _set(text, found, left, baseline, font)
    canvas.drawText(text)


def _number(written: str, bold: bool) -> Fitted:
    return Fitted((Run(BOLD if bold else REGULAR, written),), number_width(written, TEXT_SIZE))


def _set(text: PDFTextObject, found: Fitted, x: float, y: float, font: str) -> str:
    """Set a cell; takes the font that stands and gives the one that stands then: it is named only when it changes."""
    text.setTextOrigin(x, y)
    for run in found.runs[:-1]:
        text.setFont(run.font, TEXT_SIZE, leading=0)
        text.textOut(run.text)
        font = run.font
    for run in found.runs[-1:]:
        if run.font != font:
            text.setFont(run.font, TEXT_SIZE, leading=0)
        # as textOut, but without measuring the text again; the next cell sets its own origin
        text.textLine(run.text)
        font = run.font
    return font


def _set_to(text: PDFTextObject, found: Fitted, right: float, room: float, y: float, font: str) -> str:
    """Set a number. It is never cut: one too wide for its column is set narrower."""
    if found.width <= room:
        return _set(text, found, right - found.width, y, font)
    text.setHorizScale(100 * room / found.width)
    font = _set(text, found, right - room, y, font)
    text.setHorizScale(100)
    return font
