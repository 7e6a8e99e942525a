"""What the book has out, in one currency: concentration, ageing, the ladder of maturities, and what it earns."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import Response
from marshmallow import Schema

from scf.commands import ScopeKind
from scf.factoring import exposure
from scf.factoring.exposure import NOT_DUE, OLDEST, Concentration, Rung
from scf.factoring.pages.answers import asked
from scf.factoring.portfolio import Portfolio, currencies, portfolio
from scf.factoring.request_routes import READ
from scf.fields import Words
from scf.money import decimal_string
from scf.organisations import queries as organisations
from scf.routes import Caller, PageRoute
from scf.web import formats
from scf.web.pages import page
from scf.web.words import N_, _

_AGES = {
    NOT_DUE: N_("not due"),
    "1-5": N_("1 to 5 days"),
    "6-30": N_("6 to 30 days"),
    "31-60": N_("31 to 60 days"),
    "61-90": N_("61 to 90 days"),
    OLDEST: N_("over 90 days"),
}


class CurrencySchema(Schema):
    """The currency that is looked at."""

    currency = Words(3, 3)


class Chart(NamedTuple):
    """A chart of one series of amounts: its words, and the amounts as decimal strings."""

    labels: Sequence[str]
    amounts: Sequence[str]


def show(caller: Caller) -> Response:
    """The portfolio."""
    book = caller.in_book()
    wanted = asked(CurrencySchema).loaded.get("currency", "")
    with caller.reading() as connection:
        known = currencies(connection, book.id)
        code = wanted if wanted in known else next(iter(known), "")
        found = portfolio(connection, book.id, code) if code else Portfolio([], {}, {})
        anchors, suppliers = exposure.concentration(found.by_anchor), exposure.concentration(found.by_supplier)
        parties = {each.party_id for whole in (anchors, suppliers) for each in whole.largest}
        names = organisations.names(connection, parties)
    ages, rungs = exposure.ageing(found.days, book.business_date), exposure.ladder(found.days, book.business_date)
    return page(
        "bank/portfolio.html",
        known=known,
        currency=code,
        whole=exposure.totals(found.days),
        late_minor=sum(each.open_minor for each in ages if each.words != NOT_DUE),
        late_count=sum(each.count for each in ages if each.words != NOT_DUE),
        yield_ppm=exposure.yield_ppm(exposure.totals(found.days)),
        parties=((_("Anchors"), "anchors", anchors), (_("Suppliers"), "suppliers", suppliers)),
        names=names,
        ageing=Chart([_(_AGES[each.words]) for each in ages], _amounts([each.open_minor for each in ages], code)),
        rungs=rungs,
        rung_words=_rung,
        ladder=Chart([_rung(each) for each in rungs], _amounts([each.open_minor for each in rungs], code)),
        share=lambda whole: _share(whole, names, code),
    )


def _amounts(minors: Sequence[int], code: str) -> Sequence[str]:
    return [decimal_string(minor, code) for minor in minors]


def _rung(rung: Rung) -> str:
    """When something falls due, in words."""
    if rung.from_on is None:
        return _("overdue")
    if rung.to_on is None:
        return _("from %(day)s", day=formats.day(rung.from_on))
    return _("to %(day)s", day=formats.day(rung.to_on))


def _share(whole: Concentration, names: Mapping[int, str], code: str) -> Chart:
    """The largest parties, and all others together."""
    others = whole.total_minor - sum(each.minor for each in whole.largest)
    labels = [names.get(each.party_id, formats.NOTHING) for each in whole.largest]
    minors = [each.minor for each in whole.largest]
    return Chart([*labels, _("others")] if others else labels, _amounts([*minors, others] if others else minors, code))


PAGES = (PageRoute("/portfolio", READ, show, scope=ScopeKind.BOOK),)
