"""Who hears of what: the life of invoices and advances, told to those whom it concerns, and to nobody else."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from desks import line, open_desks, promise
from first_rows import register
from hooks import LOOPBACK, Hooks
from receiver import listening
from sqlalchemy import select
from test_payments_flow import LENT, MONDAY, TERMS, funded, open_with, pays
from world import EUR, World

from anchors.reject import REJECT, Reason, Rejection
from invoices.withdraw import WITHDRAW as WITHDRAW_INVOICE
from invoices.withdraw import Withdrawal
from scf import announcements, ids
from scf.announcements import KINDS, Announcement, tell
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.factoring.approve import DECLINE, Decline
from scf.factoring.expire import EXPIRE, WITHDRAW
from scf.limits.hold import HOLD, Hold
from scf.limits.positions import LimitKind
from scf.outbox import outbox
from scf.programmes.agree import AGREE_TERMS, NewTerms
from scf.programmes.consent import REFUSE, TermsRefusal
from scf.receivables.close import CLOSE
from scf.scheduling.commands import CANCEL
from scf.scheduling.jobs import NewJob, put
from scf.scheduling.worker import work_once
from scf.settlement.losses import IMPAIR, WRITE_OFF_BY_PEOPLE, Impairment, WriteOff
from scf.settlement.recourse import COLLECT_CLAIM, ClaimPayment

# what an anchor may hear: nothing of what its suppliers do with what it owes them
TO_ANCHORS = {
    "invoice.submitted", "invoice.confirmed", "invoice.rejected", "invoice.withdrawn", "receivable.registered",
    "receivable.credited", "receivable.closed", "account.agreed", "proposal.made", "proposal.decided",
}  # fmt: skip
Heard = set[tuple[str, str]]


def told(database: Database) -> list[dict[str, Any]]:
    """All announcements, in the order in which they were made."""
    with database.reading() as connection:
        rows = connection.execute(
            select(outbox.c.payload).where(outbox.c.kind == announcements.OUTBOX_KIND).order_by(outbox.c.id)
        )
        return [json.loads(payload) for payload in rows.scalars()]


def heard(world: World) -> Heard:
    """(who, what) of all announcements."""
    names = {id: name for name, id in world.organisations.items()}
    return {(names[each["organisation_id"]], each["kind"]) for each in told(world.database)}


def named(world: World, organisation: str, kind: str) -> list[int]:
    """The ids that an organisation was told of a kind."""
    mine = world.organisations[organisation]
    return [
        id
        for each in told(world.database)
        if (each["organisation_id"], each["kind"]) == (mine, kind)
        for id in each["ids"]
    ]


def both(supplier: str, *kinds: str) -> Heard:
    return {(party, kind) for kind in kinds for party in (supplier, "Northbank")}


@pytest.fixture
def world(world: World) -> Iterator[World]:
    """A world in which, however a test ends, no anchor heard of financing."""
    yield world
    assert {kind for who, kind in heard(world) if who == "Halberd"} <= TO_ANCHORS


def test_from_upload_to_settlement(world: World) -> None:
    open_with(world, Ash=TERMS)
    ash = "Ash Castings"
    assert heard(world) == {
        *((who, "account.agreed") for who in ("Northbank", "Halberd", ash)),
        *both(ash, "enrolment.made", "terms.offered", "terms.consented"),
        *(("Northbank", kind) for kind in ("proposal.made", "proposal.decided", "limit.changed")),
    }
    before = heard(world)
    funded(world, "R1", ash, "10,000.00", date(2026, 1, 8))
    invoices = {(who, f"invoice.{what}") for who in (ash, "Halberd") for what in ("submitted", "confirmed")}
    assert heard(world) - before == {
        *invoices,
        (ash, "receivable.registered"), ("Halberd", "receivable.registered"),
        ("Halberd", "proposal.made"), ("Halberd", "proposal.decided"),
        *both(ash, "advance_request.requested", "advance_request.approved", "advance.funded", "payout.sent"),
    }  # fmt: skip
    advance = world.advance("R1")
    for who in (ash, "Northbank"):
        assert named(world, who, "advance.funded") == [advance.id]
    assert named(world, "Halberd", "receivable.registered") == [world.receivables["R1"]]
    before = heard(world)
    pays(world, "R1", "10,000.00")
    world.end_the_day()
    world.end_the_day()
    assert heard(world) - before == {
        *both(ash, "payout.cleared", "advance.settled"),
        ("Northbank", "collection.received"),
    }


def test_dilution_and_its_claim_are_the_suppliers_and_the_funders(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "10,000.00", date(2026, 2, 12))
    before = heard(world)
    world.credit_note("R1", "Ash Castings", "1,000.00")
    assert heard(world) - before == {
        ("Ash Castings", "receivable.credited"), ("Halberd", "receivable.credited"),
        *both("Ash Castings", "advance.diluted", "claim.opened"),
    }  # fmt: skip
    assert named(world, "Ash Castings", "advance.diluted") == [world.advance("R1").id]
    # the claim is set off against the next advance
    funded(world, "R2", "Ash Castings", "10,000.00", date(2026, 2, 12))
    assert named(world, "Ash Castings", "claim.paid") == named(world, "Ash Castings", "claim.opened")


def test_recourse_and_its_payment(world: World) -> None:
    open_with(world, Ash=LENT)
    funded(world, "R1", "Ash Castings", "10,000.00", date(2026, 1, 7))
    before = heard(world)
    # the day claims it by itself when the terms say so
    world.until(date(2026, 1, 14))
    assert heard(world) - before == both("Ash Castings", "payout.cleared", "advance.repurchased", "claim.opened")
    before = heard(world)
    world.at_the_bank(COLLECT_CLAIM, ClaimPayment(world.advance("R1").id, EUR, 900_000, world.today))
    assert heard(world) - before == both("Ash Castings", "claim.paid")


def test_a_write_off_is_the_funders_own(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "10,000.00", date(2026, 1, 7))
    world.until(date(2026, 1, 12))
    advance = world.advance("R1").id
    world.at_the_bank(IMPAIR, Impairment(advance))
    before = heard(world)
    world.four_eyes(WRITE_OFF_BY_PEOPLE, WriteOff(advance))
    assert heard(world) - before == {("Northbank", "advance.written_off")}


def test_requests_that_are_declined_withdrawn_or_expire(world: World) -> None:
    open_with(world, Ash=TERMS)
    ash = "Ash Castings"
    for ref in ("R1", "R2", "R3"):
        world.confirmed(ref, ash, "Halberd", "1,000.00", MONDAY + timedelta(days=40))
    declined, withdrawn, expired = (world.asks(ref, ash) for ref in ("R1", "R2", "R3"))
    before = heard(world)
    world.at_the_bank(DECLINE, Decline(declined, "too small"))
    supplier, scope = world.person(ash, ash), in_organisation(world.organisations[ash])
    world.do(WITHDRAW, [withdrawn], supplier, scope)
    world.do(CLOSE, [world.receivables["R3"]], supplier, scope)
    world.at_the_bank(EXPIRE, expired)
    kinds = ("declined", "withdrawn", "expired")
    assert heard(world) - before == {
        *both(ash, *(f"advance_request.{kind}" for kind in kinds)),
        (ash, "receivable.closed"), ("Halberd", "receivable.closed"),
    }  # fmt: skip
    for kind, id in zip(kinds, (declined, withdrawn, expired), strict=True):
        assert named(world, ash, f"advance_request.{kind}") == [id]


def test_a_payout_that_comes_back_and_a_limit_that_is_suspended(world: World) -> None:
    open_with(world, Ash=TERMS)
    limit = world.limit(LimitKind.SUPPLIER, "Ash Castings", "50,000.00")
    funded(world, "R1", "Ash Castings", "10,000.00", date(2026, 2, 12))
    world.comes_back("R1", "AC04")
    world.end_the_day()
    world.end_the_day()
    assert named(world, "Ash Castings", "payout.returned") == named(world, "Ash Castings", "payout.sent")
    world.at_the_bank(HOLD, Hold(limit, "watch"))
    assert named(world, "Northbank", "limit.changed")[-1] == limit


def test_two_suppliers_of_one_batch_hear_of_their_own(world: World) -> None:
    open_with(world, Ash=TERMS, Birch=TERMS)
    for ref, supplier in (("R1", "Ash Castings"), ("R2", "Birch Tools")):
        world.confirmed(ref, supplier, "Halberd", "1,000.00", date(2026, 2, 12))
        world.asks(ref, supplier)
    world.end_the_day()
    first, second = world.advance("R1").id, world.advance("R2").id
    assert named(world, "Ash Castings", "advance.funded") == [first]
    assert named(world, "Birch Tools", "advance.funded") == [second]
    assert named(world, "Northbank", "advance.funded") == [first, second]
    funding = [each for each in told(world.database) if each["kind"] == "advance.funded"]
    assert len(funding) == 3, "a message an organisation and kind, not one an advance"


def test_an_invoice_that_ends_is_told_to_both_sides(database: Database) -> None:
    desks = open_desks(database)
    report = desks.upload(line("A"), line("B"), line("C"))
    a, b, c = (result.outcome.id or 0 for result in report.results)
    anchor, supplier = desks.person(desks.anchor), desks.person(desks.supplier)
    rejection = [Rejection(a, Reason.NOT_ORDERED)]
    run(database, REJECT, rejection, key="1", actor=anchor, scope=in_organisation(desks.anchor))
    run(database, WITHDRAW_INVOICE, [Withdrawal(b)], key="1", actor=supplier, scope=in_organisation(desks.supplier))
    desks.confirm(promise(c))
    found = {
        (each["organisation_id"], each["kind"]): each["ids"]
        for each in told(database)
        if each["kind"].startswith("invoice.")
    }
    assert found == {
        (who, kind): named
        for who in (desks.anchor, desks.supplier)
        for kind, named in {
            "invoice.submitted": [a, b, c], "invoice.rejected": [a], "invoice.withdrawn": [b], "invoice.confirmed": [c],
        }.items()
    }  # fmt: skip
    assert not [each for each in told(database) if each["organisation_id"] == desks.rival and each["kind"] in found]


def test_what_is_refused_is_not_announced(database: Database) -> None:
    desks = open_desks(database)
    before = len(told(database))
    desks.upload(line("A", buyer="REG-Nobody"))
    anchor = desks.person(desks.anchor)
    run(database, REJECT, [Rejection(1, Reason.QUALITY)], key="1", actor=anchor, scope=in_organisation(desks.anchor))
    assert len(told(database)) == before


def test_who_heard_what_over_http(world: World) -> None:
    hooks = Hooks(world.database, LOOPBACK)
    with listening() as receiver:
        open_with(world, Ash=TERMS)
        ash = "Ash Castings"
        hooks.work()  # nobody listened yet
        for name in ("Halberd", ash, "Northbank"):
            url = f"http://127.0.0.1:{receiver.port}/{name.split()[0]}"
            hooks.endpoint(world.organisations[name], url)
        funded(world, "R1", ash, "10,000.00", date(2026, 1, 8))
        hooks.work()
        came = [(got.path[1:], json.loads(got.body)) for got in receiver.received]
    funding = ids.text("adv", world.advance("R1").id)
    assert [(who, body["type"]) for who, body in came if funding in body["data"]["ids"]] == [
        ("Ash", "advance.funded"),
        ("Northbank", "advance.funded"),
    ]
    to_anchor = [body for who, body in came if who == "Halberd"]
    assert {body["type"] for body in to_anchor} == {
        "invoice.submitted", "invoice.confirmed", "receivable.registered", "proposal.made", "proposal.decided",
    }  # fmt: skip
    assert {id.split("_")[0] for body in to_anchor for id in body["data"]["ids"]} == {"inv", "rcv", "pro"}


def test_every_kind_is_told_by_some_command() -> None:
    """The table of kinds promises nothing that no command tells: each stands in the code of a command."""
    root = Path(announcements.__file__).parent.parent
    files = [path for package in ("scf", "invoices", "anchors") for path in (root / package).rglob("*.py")]
    code = "\n".join(path.read_text() for path in files if path.name != "announcements.py")
    composed = {f"advance_request.{word}" for word in ("approved", "declined")}
    composed |= {f"payout.{word}" for word in ("cleared", "returned")}
    assert [kind for kind in KINDS if f'"{kind}"' not in code and kind not in composed] == []


def test_an_undeclared_kind_is_a_bug_and_said_at_once(database: Database) -> None:
    with pytest.raises(KeyError, match=r"no\.kind"):
        Hooks(database).tell(register(database, "Halberd")[0], "no.kind")
    assert told(database) == []


def test_pairs_are_told_by_organisation_and_all_to_one() -> None:
    assert list(tell("invoice.confirmed", [(1, 10), (2, 20), (1, 11)], all_to=3)) == [
        Announcement(1, "invoice.confirmed", [10, 11]),
        Announcement(3, "invoice.confirmed", [10, 20, 11]),
        Announcement(2, "invoice.confirmed", [20]),
    ]


def test_terms_that_are_refused_and_jobs_that_end(world: World) -> None:
    open_with(world, Ash=TERMS)
    ash = "Ash Castings"
    offered = world.four_eyes(AGREE_TERMS, NewTerms(world.enrolments[ash], world.today, LENT))
    world.do(REFUSE, [TermsRefusal(offered[0])], world.person(ash, ash), in_organisation(world.organisations[ash]))
    assert named(world, ash, "terms.refused") == named(world, "Northbank", "terms.refused") == offered
    with world.database.engine.begin() as connection:
        (first, second) = world.database.ids().take(2)
        new = [NewJob("count", {}, key, world.organisations[ash]) for key in ("1", "2")]
        put(connection, [first, second], new, world.clock.now())
    assert work_once(world.database, {"count": lambda _work: None})
    world.do(CANCEL, [second], world.person(ash, ash), in_organisation(world.organisations[ash]))
    assert named(world, ash, "job.ended") == [first, second]
    assert not [each for each in heard(world) if each[1] == "job.ended" and each[0] != ash]
