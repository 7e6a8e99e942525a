"""The supplier's cash of the next thirteen weeks: what is expected in and out, as a chart and as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response

from invoices.forecast import OUT, Source, Week, forecast
from invoices.outlook import facts
from scf.factoring.request_routes import READ
from scf.money import decimal_string
from scf.routes import Caller, PageRoute
from scf.web import formats
from scf.web.pages import page
from scf.web.words import N_, _

SOURCES: Mapping[Source, str] = {
    Source.ANCHORS: N_("Due from anchors"),
    Source.ON_ITS_WAY: N_("Payouts on their way"),
    Source.APPROVED: N_("Advances approved"),
    Source.REQUESTED: N_("Advances asked for"),
    Source.RESERVES: N_("Held back, to be released"),
    Source.CLAIMS: N_("Claims on you"),
}
_LINE = N_("= sum so far")


@dataclass(frozen=True, slots=True)
class Shown:
    """The weeks of a currency: those sources that have anything, the chart's series, and the sum at the end."""

    currency: str
    weeks: Sequence[Week]
    sources: Sequence[tuple[Source, str]]
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[str]]]


def show(caller: Caller) -> Response:
    """The forecast of each currency."""
    today = caller.database.clock.now().date()
    with caller.reading() as connection:
        found = facts(caller, connection, today)
    weeks = forecast(today, found.expected)
    shown = [_shown(currency, each) for currency, each in weeks.items()]
    return page("supplier/forecast.html", shown=shown, is_all=found.is_all, out=OUT)


def _shown(currency: str, weeks: Sequence[Week]) -> Shown:
    present = [source for source in Source if any(source in week.by_source for week in weeks)]
    series = [(_(SOURCES[source]), [_signed(week, source, currency) for week in weeks]) for source in present]
    series.append((_(_LINE), [decimal_string(week.sum_minor, currency) for week in weeks]))
    labels = [formats.day(week.from_on) for week in weeks]
    return Shown(currency, weeks, [(source, SOURCES[source]) for source in present], labels, series)


def _signed(week: Week, source: Source, currency: str) -> str:
    minor = week.by_source.get(source, 0)
    return decimal_string(-minor if source in OUT else minor, currency)


PAGES = (PageRoute("/supplier/forecast", READ, show),)
