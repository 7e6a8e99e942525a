"""What a supplier can be paid today, against what it is paid when it asks; what it may expect; what it is asked for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from bank_site import START, TERMS
from statements import counted
from world import EUR, World, minor

from invoices.forecast import Expected, Source
from invoices.outlook import Facts, Standing, Sum, facts, standing
from scf.commands import in_organisation
from scf.factoring.expire import WITHDRAW
from scf.factoring.offers import Offers, offers
from scf.factoring.request import REQUEST, NewRequest
from scf.limits.positions import LimitKind
from scf.programmes.open import OPEN_PROGRAMME, NewProgramme
from scf.programmes.terms import EligibilityRule, Severity
from scf.routes import Caller

DUE = date(2026, 3, 6)


@pytest.fixture
def opened(world: World) -> World:
    """Ash Castings takes part in Northbank's programme with Halberd, at 90 % and 6 %."""
    world.register("Northbank", "Halberd", "Ash Castings")
    world.open_book("Northbank", START)
    world.enrol(world.programme("Halberd"), "Ash Castings")
    world.agree("Ash Castings", TERMS)
    world.limit(LimitKind.ANCHOR, "Halberd", "1,000,000.00")
    return world


def offered(world: World) -> Offers:
    supplier = world.organisations["Ash Castings"]
    with world.database.reading(supplier) as connection:
        return offers(connection, supplier, world.today)


def looked(world: World) -> tuple[Standing, Facts]:
    supplier = world.organisations["Ash Castings"]
    caller = Caller(world.person("Ash Castings", "Ash Castings"), world.database, None)
    with caller.reading() as connection:
        return standing(connection, supplier, world.today), facts(caller, connection, world.today)


def test_an_offer_is_what_the_advance_pays(opened: World) -> None:
    opened.confirmed("INV-1", "Ash Castings", "Halberd", "100,000.00", DUE)
    (offer,) = offered(opened).offered
    assert offered(opened).totals() == {EUR: offer.net_minor} and offered(opened).is_all
    opened.approved_by_two(opened.asks("INV-1", "Ash Castings"))
    assert offered(opened).offered == []
    opened.end_the_day()
    advance = opened.advance("INV-1")
    paid = (advance.net_minor, advance.discount_minor, advance.fee_minor, advance.reserve_minor, advance.credited_on)
    assert paid == (offer.net_minor, offer.price.discount, offer.price.fee, offer.price.reserve, offer.credited_on)
    assert advance.tenor_days == offer.tenor_days
    assert offer.apr_ppm == round((offer.cost_minor * 365 * 10**6) / (offer.net_minor * offer.tenor_days))


def test_what_nobody_offers_on_says_why(opened: World) -> None:
    rule = EligibilityRule("tenor_min_days", Severity.REFUSE, "10")
    opened.agree("Ash Castings", replace(TERMS, rules=(rule,)))
    opened.confirmed("SOON", "Ash Castings", "Halberd", "1,000.00", date(2026, 1, 12))
    opened.confirmed("LATER", "Ash Castings", "Halberd", "1,000.00", DUE)
    found = offered(opened)
    assert [each.ref for each in found.offered] == ["LATER"]
    assert [(each.ref, each.why.rule) for each in found.held] == [("SOON", "tenor_min_days")]
    request = NewRequest(opened.receivables["SOON"], opened.enrolments["Ash Castings"])
    scope = in_organisation(opened.organisations["Ash Castings"])
    (outcome,) = opened.ask(REQUEST, [request], opened.person("Ash Castings", "Ash Castings"), scope)
    assert outcome.refusal == found.held[0].refusal


def test_of_two_enrolments_the_one_that_pays_more_is_offered(opened: World) -> None:
    first = opened.enrolments["Ash Castings"]
    (other,) = opened.at_the_bank(OPEN_PROGRAMME, NewProgramme(opened.organisations["Halberd"], "cheaper"))
    opened.enrol(other, "Ash Castings")
    opened.agree("Ash Castings", replace(TERMS, rate_ppm=10_000))
    assert opened.enrolments["Ash Castings"] != first
    opened.confirmed("INV-1", "Ash Castings", "Halberd", "1,000.00", DUE)
    assert [each.enrolment_id for each in offered(opened).offered] == [opened.enrolments["Ash Castings"]]


def test_it_is_as_many_statements_for_many(opened: World) -> None:
    counts = []
    for n in (1, 12):
        for each in range(n):
            opened.confirmed(f"INV-{n}-{each}", "Ash Castings", "Halberd", "1,000.00", DUE + timedelta(days=each))
        with counted(opened.database.engine) as seen:
            found = offered(opened)
            looked(opened)
        counts.append(len(seen))
        assert found.offered == sorted(found.offered, key=lambda each: (each.receivable_due_on, each.receivable_id))
    assert counts[0] == counts[1]


def test_the_nearest_due_are_looked_at_first(opened: World) -> None:
    for n in range(3):
        opened.confirmed(f"INV-{n}", "Ash Castings", "Halberd", "1,000.00", DUE - timedelta(days=n))
    supplier = opened.organisations["Ash Castings"]
    with opened.database.reading(supplier) as connection:
        found = offers(connection, supplier, opened.today, limit=2)
        only = offers(connection, supplier, opened.today, only=[opened.receivables["INV-0"]])
    assert [each.ref for each in found.offered] == ["INV-2", "INV-1"] and not found.is_all
    assert [each.ref for each in only.offered] == ["INV-0"]


def test_what_is_expected_moves_with_what_happens(opened: World) -> None:
    opened.confirmed("INV-1", "Ash Castings", "Halberd", "100,000.00", DUE)
    offer = offered(opened).offered[0]
    stands, expected = looked(opened)
    assert expected.expected == [Expected(DUE, EUR, Source.ANCHORS, minor("100,000.00"))]
    assert (stands.waiting, stands.asked, stands.paid_out) == ({}, {}, {})
    request = opened.asks("INV-1", "Ash Castings")
    stands, expected = looked(opened)
    assert expected.expected == [Expected(offer.credited_on, EUR, Source.REQUESTED, offer.net_minor)]
    assert stands.asked == {EUR: Sum(1, minor("100,000.00"))}
    opened.approved_by_two(request)
    assert [each.source for each in looked(opened)[1].expected] == [Source.APPROVED]
    opened.end_the_day()
    stands, expected = looked(opened)
    assert stands.paid_out == {EUR: Sum(1, offer.net_minor)} and stands.asked == {}
    found = {each.source: each for each in expected.expected}
    assert found[Source.RESERVES] == Expected(DUE, EUR, Source.RESERVES, offer.price.reserve)
    opened.credit_note("INV-1", "Ash Castings", "15,000.00")
    claimed = {each.source: each.amount_minor for each in looked(opened)[1].expected}
    assert claimed[Source.CLAIMS] == minor("5,000.00") and Source.RESERVES not in claimed


def test_what_is_taken_back_is_offered_again(opened: World) -> None:
    opened.confirmed("INV-1", "Ash Castings", "Halberd", "1,000.00", DUE)
    request, person = opened.asks("INV-1", "Ash Castings"), opened.person("Ash Castings", "Ash Castings")
    assert offered(opened).offered == []
    opened.do(WITHDRAW, [request], person, in_organisation(opened.organisations["Ash Castings"]))
    assert [each.ref for each in offered(opened).offered] == ["INV-1"]
