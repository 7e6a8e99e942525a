"""The bank's questions: what waits, what a request rests on, what a change would do, what is out; on both databases."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from bank_site import DUE, TERMS, BankSite, open_bank
from statements import counted
from world import EUR, World, minor

from scf.books import queries as books
from scf.books.queries import Book
from scf.factoring import waiting
from scf.factoring.approve import APPROVE_BY_PEOPLE, Approval
from scf.factoring.case_file import CaseFile, case_file
from scf.factoring.dry_run import would_hold, would_set
from scf.factoring.portfolio import currencies, overdue, portfolio
from scf.factoring.set_limit import SET_LIMIT, Ceiling
from scf.factoring.terms_dry_run import compared, differences, samples
from scf.factoring.waiting import Wanted
from scf.ids import parse
from scf.limits.positions import LimitKind
from scf.programmes.terms import EligibilityRule, Severity
from scf.settlement.past import history


@pytest.fixture
def bank(world: World, tmp_path: Path) -> BankSite:
    return open_bank(world, tmp_path)


def book_of(bank: BankSite) -> Book:
    with bank.world.database.reading() as connection:
        book = books.find(connection, bank.world.book_id)
    assert book is not None
    return book


def file_of(bank: BankSite, request_id: str) -> CaseFile:
    with bank.world.database.reading(bank.world.organisations["Northbank"]) as connection:
        found = case_file(connection, book_of(bank), parse(request_id))
    assert found is not None
    return found


def test_a_case_shows_every_rule_the_limits_before_and_after_and_the_price_s_working(bank: BankSite) -> None:
    found = file_of(bank, bank.request("INV-1"))
    assert found.waits and found.refusal is None
    assert [(each.rule, each.passed) for each in found.answers] == [
        ("receivable_open", True), ("currency_matches", True), ("not_due", True), ("not_affiliated", True),
    ]  # fmt: skip
    (bar,) = found.bars
    assert (bar.before.reserved, bar.after.reserved, bar.after.headroom) == (
        0,
        minor("100,000.00"),
        minor("900,000.00"),
    )
    assert found.working is not None
    price = found.working.price
    assert (price.advance, price.reserve, price.discount) == (9_000_000, 1_000_000, 90_000)
    assert found.working.proof["year_fraction"] == "60/360" and found.working.proof["discount_exact"] == "90000/1"
    assert found.working.apr_ppm == 61_448


def test_what_would_be_refused_says_why_and_its_limit_is_shown_beyond_its_ceiling(bank: BankSite) -> None:
    found = file_of(bank, bank.request("INV-1", "1,500,000.00"))
    assert found.refusal is not None and found.refusal.reason == "limit_exceeded"
    (bar,) = found.bars
    assert (bar.before.drawn, bar.after.drawn, bar.after.excess) == (0, minor("1,500,000.00"), minor("500,000.00"))
    with bank.world.database.reading() as connection:
        assert case_file(connection, book_of(bank), 1) is None


def test_an_approved_case_is_shown_as_it_stands(bank: BankSite) -> None:
    request_id = bank.request("INV-1")
    bank.agreed("/requests/approve", {"request_id": request_id})
    found = file_of(bank, request_id)
    assert not found.waits and found.bars[0].before == found.bars[0].after
    assert found.bars[0].after.reserved == minor("100,000.00")


def test_the_queue_is_narrowed_and_goes_on_after_its_last(bank: BankSite) -> None:
    ids = [parse(bank.request(f"INV-{n}", f"{n},000.00")) for n in range(1, 5)]
    bank.agreed("/requests/approve", {"request_id": bank.request("INV-5")})
    book_id, anchor = bank.world.book_id, bank.world.organisations["Halberd"]

    def asked(wanted: Wanted, limit: int = 10, after: int = 0) -> tuple[list[int], bool]:
        with bank.world.database.reading() as connection:
            rows, is_all = waiting.queue(connection, book_id, wanted, limit, after)
        return [each.id for each in rows], is_all

    assert asked(Wanted()) == (ids, True)
    assert asked(Wanted(), 3) == (ids[:3], False)
    assert asked(Wanted(), 3, ids[2]) == (ids[3:], True)
    assert asked(Wanted(anchor_id=anchor, currency=EUR, least_minor=200_000, most_minor=300_000))[0] == ids[1:3]
    assert asked(Wanted(supplier_id=anchor))[0] == []
    assert asked(Wanted(due_from=date(2026, 3, 7)))[0] == asked(Wanted(due_to=date(2026, 3, 5)))[0] == []
    assert asked(Wanted(requested_to=date(2026, 1, 4)))[0] == []
    with bank.world.database.reading() as connection:
        assert waiting.counted(connection, book_id) == [(EUR, 4, minor("10,000.00"))]


def test_what_is_proposed_is_known_by_its_request_until_it_is_decided(bank: BankSite) -> None:
    first, second = (parse(bank.request(ref)) for ref in ("INV-1", "INV-2"))
    world = bank.world
    maker = world.person("Mona Maker", "Northbank")
    ids = world.do(APPROVE_BY_PEOPLE.propose, [Approval(first), Approval(second)], maker, world.scope)
    with world.database.reading() as connection:
        found = waiting.proposed(connection, world.book_id)
    assert {id: each.id for id, each in found.items()} == {first: ids[0], second: ids[1]}
    assert found[first].maker_id == maker.id
    world.do(APPROVE_BY_PEOPLE.accept, ids[:1], world.person("Carl Checker", "Northbank"), world.scope)
    with world.database.reading() as connection:
        assert waiting.proposed(connection, world.book_id).keys() == {second}


def test_a_cut_limit_is_shown_with_the_requests_that_it_stops_and_writes_nothing(bank: BankSite) -> None:
    bank.advance("INV-0", "300,000.00")
    ids = [parse(bank.request(f"INV-{n}", "200,000.00")) for n in (1, 2, 3)]
    world = bank.world
    ceiling = Ceiling(LimitKind.ANCHOR, world.organisations["Halberd"], EUR, minor("600,000.00"))
    standing = world.position(LimitKind.ANCHOR, "Halberd")
    with world.database.reading(world.organisations["Northbank"]) as connection:
        change = would_set(connection, book_of(bank), ceiling)
        kept = would_set(connection, book_of(bank), replace(ceiling, ceiling_minor=minor("1,000,000.00")))
        held = would_hold(connection, book_of(bank), ceiling.key, "watch list")
    assert change.before is not None and change.after is not None and change.is_all
    assert (change.before.ceiling, change.after.ceiling) == (minor("1,000,000.00"), minor("600,000.00"))
    assert (change.after.headroom, change.after.drawn) == (minor("300,000.00"), minor("300,000.00"))
    assert [each.ask.id for each in change.requests] == ids
    # the first fits, the second does no more
    stopped = [(each.ask.id, each.after.reason) for each in change.turned if each.after]
    assert stopped == [(ids[1], "limit_exceeded"), (ids[2], "limit_exceeded")]
    assert list(kept.turned) == []
    assert {each.after.reason for each in held.turned if each.after} == {"limit_suspended"} and len(held.turned) == 3
    assert world.position(LimitKind.ANCHOR, "Halberd") == standing


def test_what_a_dry_run_tells_is_what_setting_the_limit_does(bank: BankSite) -> None:
    bank.advance("INV-0", "300,000.00")
    bank.agreed("/requests/approve", {"request_id": bank.request("INV-1", "50,000.00")})
    world = bank.world
    for kind, name, amount in (
        (LimitKind.ANCHOR, "Halberd", "250,000.00"),
        (LimitKind.SUPPLIER, "Ash Castings", "500,000.00"),
        (LimitKind.OBLIGOR_GROUP, "Halberd", "100.00"),
    ):
        ceiling = Ceiling(kind, world.organisations[name], EUR, minor(amount))
        with world.database.reading() as connection:
            told = would_set(connection, book_of(bank), ceiling).after
        assert told is not None
        world.four_eyes(SET_LIMIT, ceiling)
        stands = world.position(kind, name)
        assert (told.ceiling, told.headroom, told.reserved, told.drawn, told.excess) == (
            stands.ceiling_minor, stands.headroom_minor, stands.reserved_minor, stands.drawn_minor, stands.excess_minor,
        )  # fmt: skip
    with world.database.reading() as connection:
        unknown = would_set(connection, book_of(bank), Ceiling(LimitKind.ANCHOR, 7, EUR, 1))
        negative = would_set(connection, book_of(bank), Ceiling(LimitKind.ANCHOR, world.book_id, EUR, -1))
        nowhere = would_hold(connection, book_of(bank), (LimitKind.SUPPLIER, 7, EUR), "")
    assert [each.refusal.reason for each in (unknown, negative, nowhere) if each.refusal] == [
        "not_found", "negative", "not_found",
    ]  # fmt: skip


def test_other_terms_are_compared_on_the_open_receivables_of_the_enrolment(bank: BankSite) -> None:
    bank.claim("INV-1")
    parties = (bank.world.organisations["Ash Castings"], bank.world.organisations["Halberd"])
    on = book_of(bank).business_date
    with bank.world.database.reading() as connection:
        found = samples(connection, *parties, EUR, on)
        nothing = samples(connection, *parties, "USD", on)
    assert [each.ref for each in found] == ["INV-1"] and [each.ref for each in nothing] == ["", "", ""]
    dearer = replace(TERMS, rate_ppm=80_000, rules=(EligibilityRule("tenor_max_days", Severity.REFUSE, "60"),))
    (each,) = compared(found, TERMS, dearer, on)
    assert each.old is not None and each.change("discount") == 30_000 and each.change("net") == -30_000
    strict = replace(dearer, rules=(EligibilityRule("tenor_max_days", Severity.REFUSE, "10"),))
    (refused,) = compared(found, TERMS, strict, on)
    assert refused.new.why is not None and refused.new.why.rule == "tenor_max_days" and refused.change("net") is None
    (first,) = compared(found, None, TERMS, on)
    assert first.old is None and first.new.price is not None and first.change("net") is None
    assert differences(TERMS, dearer) == {"rate_ppm": (60_000, 80_000), "rules": ((), dearer.rules)}
    assert differences(None, TERMS)["currency"] == (None, EUR)


def test_the_portfolio_is_what_is_open_less_what_came(bank: BankSite) -> None:
    for n, face in enumerate(("100,000.00", "40,000.00"), start=1):
        bank.advance(f"INV-{n}", face)
    world = bank.world
    world.pays("Halberd", "B-1", "30,000.00", "INV-1")
    world.end_the_day()
    funder_id = world.organisations["Northbank"]
    with counted(world.database.engine) as seen, world.database.reading(funder_id) as connection:
        found = portfolio(connection, world.book_id, EUR)
        assert currencies(connection, world.book_id) == [EUR]
        assert overdue(connection, world.book_id, DUE) == []
        assert overdue(connection, world.book_id, date(2026, 3, 7)) == [(EUR, 2, minor("140,000.00"))]
    assert sum(statement.startswith("SELECT") for statement in seen) <= 8
    (day,) = found.days
    assert (day.due_on, day.count, day.open_minor) == (DUE, 2, minor("110,000.00"))
    assert day.earning == day.net_minor * 60
    assert found.by_anchor == {world.organisations["Halberd"]: minor("110,000.00")}
    assert found.by_supplier == {world.organisations["Ash Castings"]: minor("110,000.00")}


def test_what_was_funded_before_is_remembered_by_how_late_and_how_diluted_it_was(bank: BankSite) -> None:
    world = bank.world
    bank.advance("INV-1", "100,000.00", date(2026, 1, 12))
    bank.advance("INV-2", "100,000.00", date(2026, 1, 12))
    bank.advance("INV-3", "50,000.00")
    world.credit_note("INV-3", "Ash Castings", "5,000.00")
    world.until(date(2026, 1, 14))
    world.pays("Halberd", "B-1", "100,000.00", "INV-1")
    world.until(date(2026, 1, 15))
    parties = (world.organisations["Ash Castings"], world.organisations["Halberd"])
    with world.database.reading(world.organisations["Northbank"]) as connection:
        found = history(connection, world.book_id, *parties, EUR, world.today)
        none = history(connection, world.book_id, parties[1], parties[0], EUR, world.today)
    assert (found.count, found.open_count, found.lost_count) == (3, 2, 0)
    assert sorted((each.ref, each.late_days(world.today)) for each in found.late) == [("INV-1", 2), ("INV-2", 3)]
    assert found.late_days_max == 3
    assert (found.diluted_minor, found.dilution_ppm) == (minor("5,000.00"), 20_000)
    assert (none.count, none.late_days_max, none.dilution_ppm) == (0, 0, 0)
