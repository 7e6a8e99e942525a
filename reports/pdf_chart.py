"""The bars of a report's chart, as a reportlab drawing: one calm colour, hairlines, whole amounts on the axis."""

from collections.abc import Callable
from typing import Any

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing

from reports.paper import BLUE, GREY, HAIRLINE, HEADING_SIZE, REGULAR
from reports.tabular import Chart
from scf.currencies import exponent

_AXIS_WIDTH = 58
_LABELS_HEIGHT = 16
_STEPS = (1, 2, 5)


def drawing(chart: Chart, width: float, height: float) -> Drawing:
    """The chart's bars in a box of this size, in points; the heading is the page's."""
    box: tuple[Any, ...] = (_AXIS_WIDTH, _LABELS_HEIGHT, width - _AXIS_WIDTH, height - _LABELS_HEIGHT)
    bars = VerticalBarChart()
    bars.x, bars.y, bars.width, bars.height = box
    bars.data = [tuple(bar.amount_minor for bar in chart.bars)]
    bars.barWidth, bars.groupSpacing = 6, 4
    # a stroke of width nil would still draw a hairline
    bars.bars.strokeColor = None
    bars.bars[0].fillColor = BLUE
    _set_categories(bars, [bar.label for bar in chart.bars])
    _set_amounts(bars, chart)
    drawn = Drawing(width, height)
    drawn.add(bars)
    return drawn


def _set_categories(bars: VerticalBarChart, labels: list[str]) -> None:
    axis = bars.categoryAxis
    axis.categoryNames = labels
    axis.visibleTicks = 0
    axis.strokeColor = HAIRLINE
    _set_labels(axis.labels)
    axis.labels.dy = -3


def _set_amounts(bars: VerticalBarChart, chart: Chart) -> None:
    axis = bars.valueAxis
    unit = 10 ** exponent(chart.currency)
    tallest = max((bar.amount_minor for bar in chart.bars), default=0)
    step = step_minor(tallest, unit)
    axis.valueMin, axis.valueStep = 0, step
    axis.valueMax = max(-(-tallest // step), 1) * step
    axis.labelTextFormat = _whole(unit)
    axis.visibleAxis, axis.visibleTicks = 0, 0
    axis.visibleGrid, axis.gridStrokeColor, axis.gridStrokeWidth = 1, HAIRLINE, 0.5
    axis.gridStart, axis.gridEnd = bars.x, bars.x + bars.width
    _set_labels(axis.labels)


def _set_labels(labels: Any) -> None:
    labels.fontName, labels.fontSize, labels.fillColor = REGULAR, HEADING_SIZE, GREY


def step_minor(tallest: int, unit: int) -> int:
    """The distance of the grid's lines: 1, 2 or 5 times a power of ten whole units, and at most five of them."""
    power = unit
    while True:
        for step in _STEPS:
            if step * power * 5 >= tallest:
                return step * power
        power *= 10


def _whole(unit: int) -> Callable[[float], str]:
    # reportlab reckons its axis in floats; the lines stand on whole units, far below where a float skips integers
    return lambda value: f"{round(value) // unit:,}"
