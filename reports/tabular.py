"""A report as a value: sections of typed columns and ranked rows, with at most one chart. Every form is made from it.

It holds no fonts, widths of paper or quotation marks; it asks no database and no clock.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scf.money import Money

Cell = str | int | date | Money | None


class Kind(StrEnum):
    """What a column holds; it settles how a cell is written and to which side it is set."""

    TEXT = "text"
    DATE = "date"
    AMOUNT = "amount"
    COUNT = "count"

    @property
    def to_the_right(self) -> bool:
        """Numbers stand below each other by their last digit."""
        return self in (Kind.AMOUNT, Kind.COUNT)


class Rank(StrEnum):
    """What a row is: one line of the report, a sum, or an account's position before or after the lines."""

    DETAIL = "detail"
    POSITION = "position"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `name` for programs, `heading` for people (a newline breaks it), `width` in points on paper."""

    name: str
    heading: str
    kind: Kind
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """As many cells as the section has columns; None is an empty cell."""

    cells: tuple[Cell, ...]
    rank: Rank = Rank.DETAIL


@dataclass(frozen=True, slots=True)
class Section:
    """One table."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{self.heading}: {len(row.cells)} cells for {len(self.columns)} columns: {row.cells}")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its height is an amount in minor units, ≥ 0."""

    label: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one currency, from left to right."""

    heading: str
    currency: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report; the subtitle's lines say whose book it is of and the day it speaks of."""

    title: str
    subtitle: tuple[str, ...]
    sections: tuple[Section, ...]
    chart: Chart | None = None


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def long_date(day: date) -> str:
    """A date as people read it, the same under every locale: "3 Feb 2027"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """A date without its year: "3 Feb"."""
    return f"{day.day} {_MONTHS[day.month - 1]}"
