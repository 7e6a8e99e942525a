"""A report as PDF on A4, drawn straight onto the canvas: repeated headings, "page x of y", the same bytes each time.

There is no time of printing on it and none in its metadata: the business date says what it speaks of.
"""

import io
from collections.abc import Callable, Iterator
from datetime import date

from reportlab.graphics import renderPDF
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from reports.paper import (
    BAND,
    CHART_HEIGHT,
    FOOT_HEIGHT,
    GAP,
    GREY,
    HAIRLINE,
    HEADING_SIZE,
    HEADS_HEIGHT,
    INK,
    MARGIN,
    NAVY,
    ROW_HEIGHT,
    SECTION_HEIGHT,
    SECTION_SIZE,
    SUBTITLE_HEIGHT,
    TEXT_SIZE,
    TITLE_HEIGHT,
    TITLE_SIZE,
    Colour,
    fitted,
)
from reports.pdf_chart import drawing
from reports.sheets import Piece, sheets, size_of
from reports.tabular import Cell, Chart, Column, Rank, Report, long_date
from scf.money import Money, readable

_WRITTEN: dict[type, Callable[..., str]] = {
    str: str,
    int: lambda count: f"{count:,}",
    date: long_date,
    Money: lambda money: readable(money.minor, money.currency),
    type(None): lambda _nothing: "",
}
_BASELINE = 4.5


def pdf_bytes(report: Report) -> bytes:
    """The report as one PDF file."""
    width, height = size_of(report)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1, pageCompression=1, lang="en-GB")
    canvas.setTitle(report.title)
    canvas.setSubject("; ".join(report.subtitle))
    pages = sheets(report, height)
    for number, page in enumerate(pages, 1):
        if number == 1:
            _draw_head(canvas, report, width, height)
        for piece in page.pieces:
            _draw_piece(canvas, piece, width)
        _draw_foot(canvas, report, width, f"Page {number} of {len(pages)}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_head(canvas: Canvas, report: Report, width: float, height: float) -> None:
    top = height - MARGIN
    room = width - 2 * MARGIN
    _say(canvas, MARGIN, top - TITLE_SIZE, report.title, TITLE_SIZE, INK, room, bold=True)
    top -= TITLE_HEIGHT
    for line in report.subtitle:
        _say(canvas, MARGIN, top - TEXT_SIZE, line, TEXT_SIZE, GREY, room)
        top -= SUBTITLE_HEIGHT
    if report.chart:
        _draw_chart(canvas, report.chart, top, room)


def _draw_chart(canvas: Canvas, chart: Chart, top: float, room: float) -> None:
    _say(canvas, MARGIN, top - SECTION_HEIGHT + 6, chart.heading, SECTION_SIZE, INK, room, bold=True)
    height = CHART_HEIGHT - SECTION_HEIGHT - 12
    renderPDF.draw(drawing(chart, room, height), canvas, MARGIN, top - SECTION_HEIGHT - height - 4)


def _draw_foot(canvas: Canvas, report: Report, width: float, page: str) -> None:
    y = MARGIN + FOOT_HEIGHT - 12
    _rule(canvas, y, width, HAIRLINE)
    said = " · ".join((report.title, *report.subtitle[:2]))
    _say(canvas, MARGIN, y - 12, said, HEADING_SIZE, GREY, width - 2 * MARGIN - 80)
    found = fitted(page, False, HEADING_SIZE, 80)
    _say(canvas, width - MARGIN - found.width, y - 12, page, HEADING_SIZE, GREY, 80)


def _draw_piece(canvas: Canvas, piece: Piece, width: float) -> None:
    section = piece.section
    room = width - 2 * MARGIN
    heading = f"{section.heading} (continued)" if piece.first else section.heading
    _say(canvas, MARGIN, piece.top - SECTION_HEIGHT + 8, heading, SECTION_SIZE, INK, room, bold=True)
    edges = list(_edges(section.columns, room))
    _draw_headings(canvas, section.columns, edges, piece.top - SECTION_HEIGHT)
    top = piece.top - SECTION_HEIGHT - HEADS_HEIGHT
    _rule(canvas, top, width, GREY)
    rows = section.rows[piece.first : piece.last]
    if not rows:
        _say(canvas, MARGIN + GAP, top - ROW_HEIGHT + _BASELINE, "None", TEXT_SIZE, GREY, room)
    ranks = [row.rank for row in rows]
    _draw_bands(canvas, ranks, top, width)
    text = canvas.beginText()
    text.setFillColor(INK)
    for n, row in enumerate(rows, 1):
        baseline = top - n * ROW_HEIGHT + _BASELINE
        _set_row(text, row.cells, section.columns, edges, baseline, bold=row.rank is not Rank.DETAIL)
    canvas.drawText(text)


def _edges(columns: tuple[Column, ...], room: float) -> Iterator[tuple[float, float]]:
    """Left and right edge of each column's text, the columns spread over the room in the measure of their widths."""
    stretch = room / sum(column.width for column in columns)
    left: float = MARGIN
    for column in columns:
        right = left + column.width * stretch
        yield left + GAP, right - GAP
        left = right


def _draw_headings(canvas: Canvas, columns: tuple[Column, ...], edges: list[tuple[float, float]], top: float) -> None:
    for column, (left, right) in zip(columns, edges, strict=True):
        lines = column.heading.upper().split("\n")
        for n, line in enumerate(reversed(lines)):
            x = right - fitted(line, True, HEADING_SIZE, right - left).width if column.kind.to_the_right else left
            y = top - HEADS_HEIGHT + 6 + n * 8
            _say(canvas, x, y, line, HEADING_SIZE, GREY, right - left, bold=True)


def _draw_bands(canvas: Canvas, ranks: list[Rank], top: float, width: float) -> None:
    """Hairlines below all rows; sums and positions on a band, a total under a dark line."""
    for n, rank in enumerate(ranks):
        y = top - n * ROW_HEIGHT
        if rank is not Rank.DETAIL:
            canvas.setFillColor(BAND)
            canvas.rect(MARGIN, y - ROW_HEIGHT, width - 2 * MARGIN, ROW_HEIGHT, stroke=0, fill=1)
        if rank is Rank.TOTAL and ranks[n - 1] is not Rank.TOTAL:
            _rule(canvas, y, width, NAVY)
        _rule(canvas, y - ROW_HEIGHT, width, HAIRLINE)


def _set_row(
    text: PDFTextObject,
    cells: tuple[Cell, ...],
    columns: tuple[Column, ...],
    edges: list[tuple[float, float]],
    y: float,
    *,
    bold: bool,
) -> None:
    for cell, column, (left, right) in zip(cells, columns, edges, strict=True):
        if cell is None:
            continue
        number = column.kind.to_the_right
        # a number is never cut: one too wide for its column is set narrower
        font, shown, width = fitted(_WRITTEN[type(cell)](cell), bold, TEXT_SIZE, 10_000 if number else right - left)
        narrow = number and width > right - left
        text.setFont(font, TEXT_SIZE)
        text.setTextOrigin(right - min(width, right - left) if number else left, y)
        if narrow:
            text.setHorizScale(100 * (right - left) / width)
        text.textOut(shown)
        if narrow:
            text.setHorizScale(100)


def _say(
    canvas: Canvas, x: float, y: float, words: str, size: float, colour: Colour, room: float, *, bold: bool = False
) -> None:
    found = fitted(words, bold, size, room)
    canvas.setFillColor(colour)
    canvas.setFont(found.font, size)
    canvas.drawString(x, y, found.text)


def _rule(canvas: Canvas, y: float, width: float, colour: Colour) -> None:
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, y, width - MARGIN, y)
