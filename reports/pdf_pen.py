"""The two strokes everything on paper is made of: one line of text, and one rule."""

from reportlab.pdfgen.canvas import Canvas

from reports.paper import MARGIN, Colour, fitted


def say(
    canvas: Canvas, x: float, y: float, words: str, size: float, colour: Colour, room: float, *, bold: bool = False
) -> None:
    """Set words from `x` to the right, cut to `room` points."""
    found = fitted(words, bold, size, room)
    text = canvas.beginText(x, y)
    text.setFillColor(colour)
    for run in found.runs:
        text.setFont(run.font, size)
        text.textOut(run.text)
    canvas.drawText(text)


def say_to(
    canvas: Canvas, right: float, y: float, words: str, size: float, colour: Colour, room: float, *, bold: bool = False
) -> None:
    """Set words so that they end at `right`."""
    say(canvas, right - fitted(words, bold, size, room).width, y, words, size, colour, room, bold=bold)


def rules(canvas: Canvas, heights: list[float], width: float, colour: Colour) -> None:
    """Thin lines from margin to margin of a page this wide."""
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.5)
    canvas.lines([(MARGIN, y, width - MARGIN, y) for y in heights])
