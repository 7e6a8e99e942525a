"""A report as PDF on A4, drawn straight onto the canvas: repeated headings, "page x of y", the same bytes each time.

There is no time of printing on it and none in its metadata: the business date says what it speaks of.
"""

import io

from reportlab import rl_config
from reportlab.graphics import renderPDF
from reportlab.pdfgen.canvas import Canvas

from reports.paper import (
    CHART_HEIGHT,
    FOOT_HEIGHT,
    GREY,
    HAIRLINE,
    HEADING_SIZE,
    INK,
    MARGIN,
    SECTION_HEIGHT,
    SECTION_SIZE,
    SUBTITLE_HEIGHT,
    TEXT_SIZE,
    TITLE_HEIGHT,
    TITLE_SIZE,
)
from reports.pdf_chart import drawing
from reports.pdf_pen import rules, say, say_to
from reports.pdf_table import draw_piece
from reports.sheets import sheets, size_of
from reports.tabular import Chart, Report

# PDF is binary: writing its streams as letters costs a tenth of the time and a fifth of the size
rl_config.useA85 = 0
_PAGE_ROOM = 80


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
            draw_piece(canvas, piece, width)
        _draw_foot(canvas, report, width, f"Page {number} of {len(pages)}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_head(canvas: Canvas, report: Report, width: float, height: float) -> None:
    top = height - MARGIN
    room = width - 2 * MARGIN
    say(canvas, MARGIN, top - TITLE_SIZE, report.title, TITLE_SIZE, INK, room, bold=True)
    top -= TITLE_HEIGHT
    for line in report.subtitle:
        say(canvas, MARGIN, top - TEXT_SIZE, line, TEXT_SIZE, GREY, room)
        top -= SUBTITLE_HEIGHT
    if report.chart:
        _draw_chart(canvas, report.chart, top, room)


def _draw_chart(canvas: Canvas, chart: Chart, top: float, room: float) -> None:
    say(canvas, MARGIN, top - SECTION_HEIGHT + 6, chart.heading, SECTION_SIZE, INK, room, bold=True)
    height = CHART_HEIGHT - SECTION_HEIGHT - 12
    renderPDF.draw(drawing(chart, room, height), canvas, MARGIN, top - SECTION_HEIGHT - height - 4)


def _draw_foot(canvas: Canvas, report: Report, width: float, page: str) -> None:
    y = MARGIN + FOOT_HEIGHT - 12
    rules(canvas, [y], width, HAIRLINE)
    said = " · ".join((report.title, *report.subtitle[:2]))
    say(canvas, MARGIN, y - 12, said, HEADING_SIZE, GREY, width - 2 * MARGIN - _PAGE_ROOM)
    say_to(canvas, width - MARGIN, y - 12, page, HEADING_SIZE, GREY, _PAGE_ROOM)
