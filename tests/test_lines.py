"""Time lines: an advance from upload to settlement, with journals that add up; and what each reader sees of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from api_site import ApiCaller, Site, open_site
from flask import g
from statements import counted
from walls import watched
from world import EUR, World, minor

from scf.actor import Actor
from scf.ids import text
from scf.ledger import queries as ledger
from scf.limits.positions import LimitKind
from scf.programmes.terms import Terms
from scf.routes import Caller
from scf.workplace.pages.line import PREFIXES, Event, line
from wsgi import MODULES

ASH, HALBERD, NORTHBANK = "Ash Castings", "Halberd", "Northbank"
TERMS = Terms(EUR, rate_ppm=60_000, advance_rate_ppm=900_000)


@pytest.fixture
def world(world: World) -> World:
    """Ash's invoice of 36,000.00 on Halberd: sent and confirmed on 5 January, funded, paid on 4 February, settled."""
    world.register(NORTHBANK, HALBERD, ASH, "Birch Tools", "Operator")
    world.open_book(NORTHBANK, date(2026, 1, 5))
    world.limit(LimitKind.ANCHOR, HALBERD, "100,000.00")
    programme = world.programme(HALBERD)
    for supplier in (ASH, "Birch Tools"):
        world.enrol(programme, supplier)
        world.agree(supplier, TERMS)
    return world


@pytest.fixture
def site(world: World, tmp_path: Path) -> Site:
    return open_site(world.database, tmp_path)


def live(world: World, ref: str) -> None:
    """One invoice's whole life."""
    world.confirmed(ref, ASH, HALBERD, "36,000.00", date(2026, 2, 4))
    world.asks(ref, ASH)
    world.until(date(2026, 2, 4))
    world.pays(HALBERD, f"BANK-{ref}", "36,000.00", ref)
    world.until(date(2026, 2, 6))


def reader(world: World, who: str) -> Actor:
    """Somebody who holds every permission; at the operator, one who reads every book."""
    every = frozenset(each.name for module in MODULES for each in module.permissions)
    return replace(world.person("Reader", who), permissions=every, operates=who == "Operator")


def seen(world: World, site: Site, who: str, prefix: str, id: int) -> Sequence[Event]:
    """The line of a thing for somebody who may read all that is their organisation's."""
    caller = Caller(reader(world, who), world.database, None)
    with site.app.test_request_context("/"):
        g.caller = caller
        with caller.reading() as connection:
            return line(caller, connection, prefix, id)[1]


def told(events: Sequence[Event]) -> list[tuple[str, str, str]]:
    """Day, what, and who."""
    return [(each.told.moment.at.strftime("%d %b"), each.told.moment.words, each.told.who) for each in events]


def test_the_line_of_an_advance_from_upload_to_settlement(world: World, site: Site) -> None:
    live(world, "INV-7")
    advance = world.advance("INV-7")
    assert told(seen(world, site, "Operator", "adv", advance.id)) == [
        ("05 Jan", "Invoice sent", ASH),
        ("05 Jan", "Invoice confirmed", "C. of Halberd"),
        ("05 Jan", "Advance requested", ASH),
        ("05 Jan", "Request approved", "platform"),
        ("05 Jan", "Payout instructed", ""),
        ("05 Jan", "Advance funded", "platform"),
        ("05 Jan", "Payout sent", "platform"),
        ("06 Jan", "Payout cleared", "platform"),
        ("04 Feb", "Discount earned", "platform"),
        ("04 Feb", "Collection received", "platform"),
        ("04 Feb", "Collection applied", "platform"),
        ("04 Feb", "Payout instructed", ""),
        ("04 Feb", "Advance settled", "platform"),
        ("04 Feb", "Payout sent", "platform"),
        ("05 Feb", "Payout cleared", "platform"),
    ]


def test_its_journals_add_up(world: World, site: Site) -> None:
    """36,000.00 bought: 32,400.00 advanced less 30 days' discount of 162.00, the reserve of 3,600.00 paid at the end.

    As it is the book's only advance, its line holds every posting of the book but those of limits.
    """
    live(world, "INV-7")
    events = seen(world, site, NORTHBANK, "adv", world.advance("INV-7").id)
    entries = [entry for each in events for _id, entries in each.journals for entry in entries]
    nets: Counter[str] = Counter()
    for entry in entries:
        nets[entry.debit.partition(":")[0].lower()] += entry.amount_minor
        nets[entry.credit.partition(":")[0].lower()] -= entry.amount_minor
    assert {code: net for code, net in nets.items() if net} == {"cash": minor("162.00"), "discount": -minor("162.00")}
    with world.database.reading() as connection:
        booked = ledger.by_kind(connection, world.book_id, None)
    assert {code: net for (code, _), net in booked if net and not code.startswith("limit")} == {
        "cash": minor("162.00"), "discount": -minor("162.00"),
    }  # fmt: skip
    funded = next(each for each in events if each.told.moment.words == "Advance funded")
    assert [(entry.debit, entry.credit, entry.amount_minor) for entry in funded.journals[0][1]] == [
        ("Purchased receivables: Ash Castings", "Payable to supplier: Ash Castings", minor("32,238.00")),
        ("Purchased receivables: Ash Castings", "Reserve: Ash Castings", minor("3,600.00")),
        ("Purchased receivables: Ash Castings", "Unearned discount", minor("162.00")),
    ]


def test_each_party_sees_its_own_part_and_no_more(world: World, site: Site) -> None:
    live(world, "INV-7")
    advance = world.advance("INV-7")
    supplier = told(seen(world, site, ASH, "adv", advance.id))
    assert ("05 Jan", "Invoice sent", ASH) in supplier and ("05 Jan", "Advance requested", ASH) in supplier
    assert [each for each in supplier if each[2] not in ("", ASH, "platform")] == [], "who acted for others"
    assert "Collection received" not in [words for _, words, _ in supplier]
    assert ("04 Feb", "Advance settled", "") in supplier
    assert [each for each in seen(world, site, ASH, "adv", advance.id) if each.journals] == []
    bank = told(seen(world, site, NORTHBANK, "adv", advance.id))
    assert "Invoice sent" not in [words for _, words, _ in bank] and ("05 Jan", "Invoice confirmed", "") in bank
    assert ("05 Jan", "Advance requested", "") in bank
    anchor = told(seen(world, site, HALBERD, "rcv", advance.receivable_id))
    assert anchor == [("05 Jan", "Invoice sent", ""), ("05 Jan", "Invoice confirmed", "C. of Halberd")]


def test_what_is_not_the_readers_has_no_line(world: World, site: Site) -> None:
    live(world, "INV-7")
    advance = world.advance("INV-7")
    hidden = {
        HALBERD: ("adv", advance.id), "Birch Tools": ("rcv", advance.receivable_id), ASH: ("jrn", 1),
    }  # fmt: skip
    for who, (prefix, id) in hidden.items():
        answer = page_of(world, site, who, prefix, id)
        assert answer[0] == 404, who
    status, shown = page_of(world, site, ASH, "adv", advance.id)
    assert status == 200 and "Advance settled" in shown and "INV-7" in shown


def page_of(world: World, site: Site, who: str, prefix: str, id: int) -> tuple[int, str]:
    caller: ApiCaller = site.caller(reader(world, who))
    answer = caller.client.get(f"/things/{text(prefix, id)}", headers=dict(caller.headers))
    return answer.status_code, answer.get_data(as_text=True)


def test_a_line_takes_as_many_statements_however_much_happened_and_each_says_for_whom(world: World, site: Site) -> None:
    world.confirmed("INV-7", ASH, HALBERD, "36,000.00", date(2026, 2, 4))
    world.asks("INV-7", ASH)
    for who in (ASH, NORTHBANK, HALBERD):
        reader(world, who)
    counts, moments = [], []
    for paid in (range(1), range(1, 5)):
        for which in paid:
            world.pays(HALBERD, f"PART-{which}", "1,000.00", "INV-7")
            world.end_the_day()
        world.end_the_day()
        counts.append([sent_for(world, site, who) for who in (ASH, NORTHBANK, HALBERD)])
        moments.append(len(seen(world, site, NORTHBANK, "adv", world.advance("INV-7").id)))
    assert counts[0] == counts[1] and max(counts[0]) < 60, counts
    assert moments[1] >= moments[0] + 2 * 4, "received and applied, four times more"


def sent_for(world: World, site: Site, who: str) -> int:
    """How many reads the line of the advance, or of the receivable to who may not see that, costs."""
    advance = world.advance("INV-7")
    prefix, id = ("rcv", advance.receivable_id) if who == HALBERD else ("adv", advance.id)
    books = [world.book_id] if who == NORTHBANK else []
    with watched(world.database, world.organisations[who], books), counted(world.database.engine) as sent:
        seen(world, site, who, prefix, id)
    return len([each for each in sent if each.startswith("SELECT")])


def test_every_kind_of_thing_that_is_told_of_has_its_page() -> None:
    heads = [each for module in MODULES for each in module.histories if each.names]
    assert sorted(each.prefix for each in heads) == sorted(PREFIXES)
    assert all(each.words for each in heads)
