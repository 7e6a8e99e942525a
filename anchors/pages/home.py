"""The anchor's first page: what waits for it, and what it has to pay when, by week and by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, request

from anchors import dues, proposed, waiting
from anchors.api import READ
from anchors.dispute_queries import open_count
from anchors.dues import Due, Week
from anchors.pages.told import together, written
from anchors.waiting import Wanted
from scf.money import decimal_string
from scf.receivables.owed import owed_by_day
from scf.routes import Caller, PageRoute
from scf.web import formats
from scf.web.pages import page
from scf.web.words import _

PATH = "/anchor"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The weeks of a currency, as a chart has them."""

    currency: str
    weeks: Sequence[Week]
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[str]]]


def show(caller: Caller) -> Response:
    """What waits and what is due."""
    today, mine = caller.database.clock.now().date(), caller.organisation_id
    shown_month = _month(today)
    with caller.reading() as connection:
        owed = owed_by_day(connection, mine)
        submitted = waiting.due_days(connection, mine, dues.last_day(today))
        waits = waiting.sums(connection, mine, Wanted())
        proposed_count = proposed.count(connection, mine)
        disputed = open_count(connection, mine, at_anchor=True)
    promised = [Due(each.due_on, each.currency, each.open_minor, is_promised=True) for each in owed]
    found = [*promised, *(Due(on, currency, minor, is_promised=False) for on, currency, minor in submitted)]
    week_end, yesterday = today + timedelta(days=6), today - timedelta(days=1)
    before, after = dues.months_around(shown_month)
    return page(
        "anchor/home.html",
        waits=written(waits),
        waits_count=sum(each.number for each in waits),
        proposed_count=proposed_count,
        disputed=disputed,
        this_week=together(dues.total(promised, today, week_end)),
        overdue=together(dues.total(promised, date.min, yesterday)),
        all_owed=together(dues.total(promised, date.min, date.max)),
        ladders=[_ladder(currency, weeks) for currency, weeks in dues.ladder(today, found).items()],
        month=dues.month(shown_month, promised),
        month_on=shown_month,
        before=f"{before:%Y-%m}",
        after=f"{after:%Y-%m}",
        today=today,
        week_end=week_end,
        yesterday=yesterday,
    )


def _month(today: date) -> date:
    """The month of the address; this one when there is none, or none that is a month."""
    try:
        return date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return today.replace(day=1)


def _ladder(currency: str, weeks: Sequence[Week]) -> Ladder:
    def numbers(minors: Sequence[int]) -> list[str]:
        return [decimal_string(minor, currency) for minor in minors]

    series = (
        (_("Confirmed"), numbers([week.promised_minor for week in weeks])),
        (_("Not confirmed yet"), numbers([week.submitted_minor for week in weeks])),
    )
    return Ladder(currency, weeks, [formats.day(week.from_on) for week in weeks], series)


PAGES = (PageRoute(PATH, READ, show),)
