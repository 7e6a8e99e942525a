"""Money out and money in, one situation a test: statements, returns, silence, matching, waterfalls, claims, limits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import auditor
import pytest
from sqlalchemy import func, select, update
from world import EUR, IBANS, World, minor

from scf import outbox
from scf.actor import PLATFORM
from scf.books import queries as books
from scf.books.queries import Book
from scf.commands import Command, in_organisation, run
from scf.db.types import metadata
from scf.factoring.approve import APPROVE, Approval
from scf.factoring.expire import WITHDRAW
from scf.factoring.request import REQUEST, NewRequest
from scf.identity.register import REGISTER, NewOrganisation
from scf.ledger import queries
from scf.ledger.models import journals, postings
from scf.limits.hold import HOLD, Hold
from scf.limits.positions import LimitKind
from scf.manifest import SCF
from scf.module import Surroundings
from scf.outcomes import Outcome
from scf.payments import camt_write
from scf.payments.bank_statement import Detail, Entry, Statement
from scf.payments.models import collections, payment_files, payouts, statement_entries
from scf.payments.null_rail import IncomingMoney
from scf.payments.refs import payout_ref
from scf.payments.steps import receive
from scf.programmes.terms import EarlyPayment, Recourse, Terms, Waterfall
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.receivables.models import receivables
from scf.scheduling.day import run_day
from scf.scheduling.worker import work_all
from scf.settlement.apply import APPLY, Application
from scf.settlement.guarantee import CALL_GUARANTEE, GuaranteeCall
from scf.settlement.identify import IDENTIFY, Identification
from scf.settlement.losses import IMPAIR, WRITE_OFF_BY_PEOPLE, Impairment, WriteOff
from scf.settlement.recourse import COLLECT_CLAIM, ClaimPayment

TERMS = Terms(currency=EUR, rate_ppm=60_000, late_rate_ppm=90_000)
LENT = replace(TERMS, advance_rate_ppm=900_000, recourse=Recourse.FULL, recourse_after_days=5)
STRANGER = "GB33BUKB20201555555555"
MONDAY = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def _sound(world: World) -> Any:
    """However a test ends, the books add up."""
    yield
    with world.database.reading() as connection:
        assert auditor.findings(connection, world.book_id) == []


def open_with(world: World, **terms: Terms) -> None:
    """Northbank's book with Halberd as anchor and the suppliers named by their first word."""
    names = {name.split()[0]: name for name in IBANS}
    world.register("Northbank", "Harbour Guarantee", "Halberd", *(names[each] for each in terms))
    world.open_book("Northbank", MONDAY)
    world.limit(LimitKind.ANCHOR, "Halberd", "500,000.00")
    programme = world.programme("Halberd")
    for first_word, each in terms.items():
        world.enrol(programme, names[first_word])
        world.agree(names[first_word], each)


def funded(world: World, ref: str, supplier: str, face: str, due_on: date) -> None:
    world.confirmed(ref, supplier, "Halberd", face, due_on)
    world.asks(ref, supplier)
    world.end_the_day()
    assert world.advance(ref).status == "funded"


def book(world: World) -> Book:
    with world.database.reading() as connection:
        found = books.find(connection, world.book_id)
    assert found is not None
    return found


def rows(world: World, table: Any) -> Sequence[Any]:
    with world.database.reading() as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def paid_to_suppliers(world: World) -> list[tuple[str, int, str]]:
    return [(each.ref, each.amount_minor, each.status) for each in rows(world, payouts)]


def balance(world: World, code: str) -> int:
    """A code's balance over all owners, debit positive."""
    with world.database.reading() as connection:
        return sum(each.net_minor for each in queries.balances(connection, world.book_id) if each.code == code)


def open_minor(world: World, ref: str) -> int:
    found: int = next(each.open_minor for each in rows(world, receivables) if each.ref == ref)
    return found


def status(world: World, ref: str) -> str:
    return next(str(each.status) for each in rows(world, receivables) if each.ref == ref)


def banker(world: World, command: Command[Any, Any, Any], *batch: Any) -> list[Outcome]:
    return world.ask(command, batch, world.person("Olga Operations", "Northbank"), world.scope)


def pays(world: World, ref: str, amount: str, *, iban: str = IBANS["Halberd"], text: str | None = None) -> None:
    name = f"M-{ref}-{amount}"
    world.bank.expect(
        IncomingMoney(name, "Halberd", iban, minor(amount), world.today, text=ref if text is None else text)
    )


def counts(world: World) -> list[int]:
    with world.database.reading() as connection:
        tables = (journals, postings, collections, statement_entries)
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def credit(bank_ref: str, amount: str, text: str = "", on: date = MONDAY) -> Entry:
    detail = Detail(minor(amount), "", "", text, "Halberd", IBANS["Halberd"], "", "")
    return Entry(bank_ref, minor(amount), EUR, on, on, False, (detail,))


def statement(id: str, *entries: Entry, kind: Any = "054") -> bytes:
    total = sum(entry.amount_minor for entry in entries) if kind == "053" else None
    opening = 0 if kind == "053" else None
    found = Statement(kind, id, id, IBANS["Northbank"], EUR, None, opening, total, MONDAY, entries)
    return camt_write.write([found])


# statements


def test_the_same_bank_file_a_second_time_changes_nothing(world: World) -> None:
    open_with(world, Ash=TERMS)
    file = statement("N1", credit("B1", "100.00"), credit("B2", "50.00"))
    assert receive(world.database, world.book_id, "one.xml", file) == ""
    before = counts(world)
    assert receive(world.database, world.book_id, "one.xml", file) == ""
    assert receive(world.database, world.book_id, "other name.xml", file) == ""
    assert counts(world) == before
    assert balance(world, "cash") == minor("150.00")


def test_money_of_a_notification_is_only_reconciled_by_the_statement(world: World) -> None:
    open_with(world, Ash=TERMS)
    receive(world.database, world.book_id, "054.xml", statement("N1", credit("B1", "100.00")))
    assert [entry.reconciled for entry in rows(world, statement_entries)] == [False]
    both = statement("S1", credit("B1", "100.00"), credit("B2", "50.00"), kind="053")
    receive(world.database, world.book_id, "053.xml", both)
    assert [(each.bank_ref, each.amount_minor) for each in rows(world, collections)] == [("B1", 10_000), ("B2", 5_000)]
    assert all(entry.reconciled for entry in rows(world, statement_entries))
    assert balance(world, "cash") == minor("150.00")


def test_two_entries_under_one_reference_are_two(world: World) -> None:
    open_with(world, Ash=TERMS)
    entries = credit("NONREF", "100.00"), credit("NONREF", "50.00")
    receive(world.database, world.book_id, "054.xml", statement("N1", *entries))
    receive(world.database, world.book_id, "053.xml", statement("S1", *entries, kind="053"))
    assert [each.amount_minor for each in rows(world, collections)] == [10_000, 5_000]
    assert all(entry.reconciled for entry in rows(world, statement_entries))


def test_a_bank_file_that_cannot_be_read_is_refused_with_the_reason(world: World) -> None:
    open_with(world, Ash=TERMS)
    before = counts(world)
    assert "unreadable" in receive(world.database, world.book_id, "bad.xml", b"<Document>")
    assert counts(world) == before


# who paid, and what


def test_money_of_a_stranger_waits_until_somebody_says_who_paid(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    pays(world, "R1", "1,000.00", iban=STRANGER)
    world.end_the_day()
    (collection,) = rows(world, collections)
    assert collection.payer_id is None
    assert balance(world, "unidentified collections") == -minor("1,000.00")
    nobody = banker(world, IDENTIFY, Identification(collection.id, 12345))[0].refusal
    assert nobody is not None and nobody.reason == "not_found"
    halberd = world.organisations["Halberd"]
    world.at_the_bank(IDENTIFY, Identification(collection.id, halberd))
    again = banker(world, IDENTIFY, Identification(collection.id, halberd))[0].refusal
    assert again is not None and again.reason == "payer_known"
    assert balance(world, "unidentified collections") == 0
    assert balance(world, "unapplied collections") == -minor("1,000.00")
    world.end_the_day()
    assert world.advance("R1").status == "settled"


def test_what_is_paid_too_much_stays_unapplied_and_visible(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    pays(world, "R1", "1,050.00")
    world.end_the_day()
    assert world.advance("R1").status == "settled"
    assert [each.status for each in rows(world, collections)] == ["part_applied"]
    assert balance(world, "unapplied collections") == -minor("50.00")


def test_one_number_of_two_suppliers_is_left_to_people_unless_the_amount_decides(world: World) -> None:
    open_with(world, Ash=TERMS, Birch=TERMS)
    due_on = date(2026, 1, 20)
    world.confirmed("100", "Ash Castings", "Halberd", "1,000.00", due_on)
    of_ash = world.receivables["100"]
    world.asks("100", "Ash Castings")
    world.confirmed("100", "Birch Tools", "Halberd", "2,000.00", due_on)
    world.asks("100", "Birch Tools")
    world.end_the_day()
    pays(world, "100", "700.00")
    world.end_the_day()
    assert balance(world, "unapplied collections") == -minor("700.00")
    pays(world, "No. 1-0/0", "2,000.00", text="1-0 0")
    world.end_the_day()
    assert balance(world, "unapplied collections") == -minor("700.00")
    assert {each.id: each.status for each in rows(world, receivables)} == {
        of_ash: "funded",
        world.receivables["100"]: "settled",
    }
    # now the number names one, and the money that waited is certain
    world.end_the_day()
    assert balance(world, "unapplied collections") == 0
    assert {each.open_minor for each in rows(world, receivables)} == {minor("300.00"), 0}


def test_money_is_not_applied_to_another_anchors_debt(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    pays(world, "R1", "1,000.00", iban=STRANGER)
    world.end_the_day()
    (collection,) = rows(world, collections)
    world.at_the_bank(IDENTIFY, Identification(collection.id, world.organisations["Ash Castings"]))
    refusal = banker(world, APPLY, Application(collection.id, world.advance("R1").id))[0].refusal
    assert refusal is not None and refusal.reason == "other_payer"


# payouts


def test_a_payout_that_comes_back_before_it_cleared_moves_no_cash(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    (payout,) = rows(world, payouts)
    assert payout.status == "sent" and balance(world, "payouts in transit") == -payout.amount_minor
    world.bank.bounce(payout_ref(payout.id), MONDAY)
    for file in world.bank.notifications(MONDAY):
        receive(world.database, world.book_id, "return.xml", file)
    assert rows(world, payouts)[0].status == "returned"
    world.end_the_day()
    assert balance(world, "cash") == balance(world, "payouts in transit") == 0
    assert balance(world, "payable to supplier") == -payout.amount_minor


def test_a_payout_that_comes_back_after_it_cleared_brings_its_cash(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    world.end_the_day()
    (payout,) = rows(world, payouts)
    assert payout.status == "cleared" and balance(world, "cash") == -payout.amount_minor
    world.comes_back("R1", "AC04")
    world.end_the_day()
    assert rows(world, payouts)[0].status == "returned"
    assert balance(world, "cash") == 0
    assert balance(world, "payable to supplier") == -payout.amount_minor
    world.pay_again("R1")
    world.until(world.today + timedelta(3))
    assert [each.status for each in rows(world, payouts)] == ["returned", "cleared"]
    assert balance(world, "cash") == -payout.amount_minor


def test_a_bank_that_gives_no_answer_is_asked_again_under_the_same_id(world: World) -> None:
    open_with(world, Ash=TERMS)
    world.confirmed("R1", "Ash Castings", "Halberd", "1,000.00", date(2026, 1, 12))
    world.asks("R1", "Ash Castings")
    assert run_day(world.database, book(world), SCF.steps, world.bank)
    (file,) = rows(world, payment_files)
    world.bank.stay_silent(file.ref)
    assert deliver(world) == 0
    assert rows(world, payouts)[0].status == "unknown"
    assert deliver(world) == 0, "it is not asked again at once"
    world.clock.at += timedelta(minutes=1)
    assert deliver(world) == 1
    assert rows(world, payouts)[0].status == "sent"
    assert [path.stem for path in (world.folder / "out").iterdir()] == [file.ref]
    world.end_the_day()
    assert rows(world, payouts)[0].status == "cleared"


def test_a_payout_of_which_nothing_is_known_clears_when_the_statement_shows_it(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    with world.database.engine.begin() as connection:
        connection.execute(update(payouts).values(status="unknown"))
    world.end_the_day()
    assert rows(world, payouts)[0].status == "cleared"


def deliver(world: World) -> int:
    """Hand over what is due; how many payment files the bank answered for."""
    answered: list[Any] = []
    surroundings = Surroundings(lambda _book: world.bank)

    def hand_over(payload: Any) -> None:
        SCF.deliveries["payment file"](world.database, surroundings, payload)
        answered.append(payload)

    others: dict[str, outbox.Deliver] = {kind: lambda _payload: None for kind in SCF.deliveries}
    outbox.deliver_due(world.database, others | {"payment file": hand_over})
    return len(answered)


def test_a_changed_account_cools_before_money_goes_to_it(world: World) -> None:
    open_with(world, Ash=TERMS)
    world.until(date(2026, 1, 8))
    world.change_account("Ash Castings", "DE02701500000000594937")
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 30))
    assert rows(world, payouts)[0].status == "instructed"
    assert rows(world, payment_files) == []
    world.end_the_day()
    # Thursday: the change; Friday: not yet; Monday: two open days later
    assert world.today == date(2026, 1, 12) and rows(world, payouts)[0].status == "instructed"
    world.end_the_day()
    assert rows(world, payouts)[0].status == "sent"


# late and early


@pytest.mark.parametrize(
    ("waterfall", "late", "left"),
    [(Waterfall.CHARGES_FIRST, "0.00", "1,110.00"), (Waterfall.FACE_FIRST, "110.00", "1,000.00")],
)
def test_a_short_and_late_payment_pays_in_the_order_of_the_waterfall(
    world: World, waterfall: Waterfall, late: str, left: str
) -> None:
    open_with(world, Ash=replace(TERMS, waterfall=waterfall))
    funded(world, "R2", "Ash Castings", "40,000.00", date(2026, 1, 12))
    world.until(date(2026, 1, 23))
    pays(world, "R2", "39,000.00")
    world.end_the_day()
    # 40,000.00 × 9 % × 11/360
    assert balance(world, "late charge income") == -minor("110.00")
    assert balance(world, "late charges") == minor(late)
    assert open_minor(world, "R2") == minor(left)


@pytest.mark.parametrize(
    ("early", "income", "rebate"), [(EarlyPayment.INCOME, "500.00", 0), (EarlyPayment.REBATE, "250.00", 1)]
)
def test_what_is_unearned_of_an_early_payment_goes_where_the_terms_say(
    world: World, early: EarlyPayment, income: str, rebate: int
) -> None:
    open_with(world, Ash=replace(TERMS, early_payment=early))
    funded(world, "R1", "Ash Castings", "100,000.00", date(2026, 2, 4))
    assert world.advance("R1").discount_minor == minor("500.00")
    world.until(date(2026, 1, 20))
    pays(world, "R1", "100,000.00")
    world.end_the_day()
    assert world.advance("R1").status == "settled"
    assert balance(world, "discount") == -minor(income)
    assert balance(world, "unearned discount") == 0
    assert paid_to_suppliers(world)[1:] == [("R1", minor("250.00"), "sent")] * rebate
    world.until(date(2026, 2, 6))
    assert balance(world, "discount") == -minor(income), "the daily earning has stopped"


# lending


def test_what_the_anchor_pays_beyond_a_loan_is_the_suppliers(world: World) -> None:
    open_with(world, Elm=LENT)
    funded(world, "R6", "Elm Plastics", "30,000.00", date(2026, 1, 19))
    assert balance(world, "recourse advances") == minor("27,000.00")
    world.until(date(2026, 1, 19))
    pays(world, "R6", "30,000.00")
    world.end_the_day()
    assert world.advance("R6").status == "settled"
    assert balance(world, "recourse advances") == 0
    assert paid_to_suppliers(world)[1:] == [("R6", minor("3,000.00"), "sent")]


def test_recourse_on_a_loan_that_is_repaid_claims_nothing_and_gives_the_rest_back(world: World) -> None:
    open_with(world, Elm=LENT)
    funded(world, "R6", "Elm Plastics", "30,000.00", date(2026, 1, 12))
    world.until(date(2026, 1, 12))
    pays(world, "R6", "28,000.00")
    world.until(date(2026, 1, 20))
    assert world.advance("R6").status == "repurchased" and status(world, "R6") == "returned"
    assert rows(world, metadata.tables["claim"]) == []
    assert paid_to_suppliers(world)[1:] == [("R6", minor("1,000.00"), "sent")]
    assert world.position(LimitKind.ANCHOR, "Halberd").drawn_minor == 0


def test_set_off_against_a_claim_of_recourse_gives_the_receivable_back(world: World) -> None:
    open_with(world, Elm=LENT)
    world.limit(LimitKind.SUPPLIER, "Elm Plastics", "100,000.00")
    funded(world, "R6", "Elm Plastics", "10,000.00", date(2026, 1, 12))
    world.until(date(2026, 1, 20))
    assert world.advance("R6").status == "repurchased" and status(world, "R6") == "funded"
    elm = world.position(LimitKind.SUPPLIER, "Elm Plastics")
    assert elm.drawn_minor == balance(world, "due from supplier") == minor("9,000.00")
    funded(world, "R8", "Elm Plastics", "5,000.00", date(2026, 2, 27))
    assert paid_to_suppliers(world)[1:] == [], "all of it is set off"
    owed = balance(world, "due from supplier")
    assert owed == minor("9,000.00") - world.advance("R8").net_minor
    assert world.position(LimitKind.SUPPLIER, "Elm Plastics").drawn_minor == owed + minor("5,000.00")
    funded(world, "R9", "Elm Plastics", "20,000.00", date(2026, 2, 27))
    assert balance(world, "due from supplier") == 0
    assert status(world, "R6") == "returned"
    assert paid_to_suppliers(world)[1:] == [("R9", world.advance("R9").net_minor - owed, "sent")]
    assert world.position(LimitKind.SUPPLIER, "Elm Plastics").drawn_minor == minor("25,000.00")


def test_a_limit_set_while_a_claim_of_recourse_is_open_starts_with_it_drawn(world: World) -> None:
    open_with(world, Elm=LENT)
    funded(world, "R6", "Elm Plastics", "10,000.00", date(2026, 1, 12))
    world.until(date(2026, 1, 20))
    world.limit(LimitKind.SUPPLIER, "Elm Plastics", "5,000.00")
    elm = world.position(LimitKind.SUPPLIER, "Elm Plastics")
    assert (elm.drawn_minor, elm.excess_minor) == (minor("9,000.00"), minor("4,000.00"))
    world.at_the_bank(COLLECT_CLAIM, ClaimPayment(world.advance("R6").id, EUR, minor("9,000.00"), world.today))
    assert world.position(LimitKind.SUPPLIER, "Elm Plastics").drawn_minor == 0


# guarantees and losses


def guaranteed(world: World) -> Terms:
    return replace(
        TERMS,
        advance_rate_ppm=900_000,
        guarantor_id=world.organisations["Harbour Guarantee"],
        guarantee_share_ppm=500_000,
        guarantee_after_days=5,
    )


def test_what_comes_after_a_guarantee_was_called_pays_only_what_the_funder_still_holds(world: World) -> None:
    open_with(world, Ash=TERMS)
    world.agree("Ash Castings", replace(guaranteed(world), advance_rate_ppm=1_000_000))
    funded(world, "R1", "Ash Castings", "10,000.00", date(2026, 1, 12))
    world.until(date(2026, 1, 20))
    assert balance(world, "guarantee claims") == minor("5,000.00")
    world.limit(LimitKind.GUARANTOR, "Harbour Guarantee", "20,000.00")
    assert world.position(LimitKind.GUARANTOR, "Harbour Guarantee").drawn_minor == minor("5,000.00")
    pays(world, "R1", "10,000.00")
    world.end_the_day()
    assert open_minor(world, "R1") == minor("5,000.00")
    assert balance(world, "purchased receivables") == 0
    assert world.position(LimitKind.ANCHOR, "Halberd").drawn_minor == 0
    # no late charge any more; the rest is the guarantor's, who has not paid yet: it waits, and stops no day
    assert balance(world, "late charge income") == 0
    assert balance(world, "unapplied collections") == -minor("5,000.00")
    world.until(date(2026, 1, 26))


def test_a_guarantee_is_not_called_when_the_reserve_covers_what_is_open(world: World) -> None:
    open_with(world, Ash=TERMS)
    world.agree("Ash Castings", guaranteed(world))
    funded(world, "R1", "Ash Castings", "10,000.00", date(2026, 1, 12))
    pays(world, "R1", "9,500.00")
    world.until(date(2026, 1, 20))
    assert balance(world, "guarantee claims") == 0
    refusal = banker(world, CALL_GUARANTEE, GuaranteeCall(world.advance("R1").id))[0].refusal
    assert refusal is not None and refusal.reason == "nothing_lost"
    # written off, the reserve bears the open 500.00; the other 500.00 of it is the supplier's
    world.four_eyes(WRITE_OFF_BY_PEOPLE, WriteOff(world.advance("R1").id))
    assert balance(world, "reserve") == balance(world, "purchased receivables") == balance(world, "loss allowance") == 0
    assert paid_to_suppliers(world)[1:] == [("R1", minor("500.00"), "instructed")]


def test_only_what_the_reserve_does_not_cover_is_impaired_and_written_off(world: World) -> None:
    open_with(world, Ash=replace(TERMS, advance_rate_ppm=900_000))
    funded(world, "R1", "Ash Castings", "10,000.00", date(2026, 1, 12))
    world.until(date(2026, 1, 20))
    advance = world.advance("R1").id
    world.at_the_bank(IMPAIR, Impairment(advance))
    assert balance(world, "loss allowance") == -minor("9,000.00")
    world.four_eyes(WRITE_OFF_BY_PEOPLE, WriteOff(advance))
    assert balance(world, "reserve") == balance(world, "purchased receivables") == balance(world, "loss allowance") == 0
    assert world.position(LimitKind.ANCHOR, "Halberd").drawn_minor == minor("10,000.00"), "a write-off frees no limit"


# limits and requests


def test_anchors_of_one_group_share_its_limit(world: World) -> None:
    open_with(world, Ash=TERMS)
    head = world.organisations["Halberd"]
    new = NewOrganisation("Kestrel", "REG-Kestrel", "DE", group_id=head)
    world.organisations["Kestrel"] = world.do(REGISTER, [new], PLATFORM, in_organisation(0))[0]
    world.limit(LimitKind.ANCHOR, "Kestrel", "50,000.00")
    world.limit(LimitKind.OBLIGOR_GROUP, "Halberd", "12,000.00")
    of_halberd = world.enrolments["Ash Castings"]
    world.enrol(world.programme("Kestrel"), "Ash Castings")
    world.agree("Ash Castings", TERMS)
    world.confirmed("K1", "Ash Castings", "Kestrel", "8,000.00", date(2026, 1, 30))
    world.asks("K1", "Ash Castings")
    world.end_the_day()
    assert world.position(LimitKind.OBLIGOR_GROUP, "Halberd").drawn_minor == minor("8,000.00")
    world.confirmed("H1", "Ash Castings", "Halberd", "5,000.00", date(2026, 1, 30))
    ash = world.organisations["Ash Castings"]
    ask = NewRequest(world.receivables["H1"], of_halberd)
    request = world.do(REQUEST, [ask], world.person("Ash", "Ash Castings"), in_organisation(ash))[0]
    refusal = world.ask(APPROVE, [Approval(request)], PLATFORM, world.scope)[0].refusal
    assert refusal is not None and refusal.reason == "limit_exceeded"
    assert refusal.bound == "obligor_group limit 12,000.00, headroom 4,000.00"
    assert world.position(LimitKind.ANCHOR, "Halberd").reserved_minor == 0, (
        "a refused approval reserves nothing anywhere"
    )


def test_a_request_that_expires_frees_what_it_had_reserved(world: World) -> None:
    open_with(world, Ash=TERMS)
    world.confirmed("R1", "Ash Castings", "Halberd", "10,000.00", date(2026, 1, 8))
    world.approved_by_two(world.asks("R1", "Ash Castings"))
    halberd = world.position(LimitKind.ANCHOR, "Halberd")
    assert halberd.reserved_minor == minor("10,000.00")
    world.at_the_bank(HOLD, Hold(halberd.limit_id, "watched"))
    world.until(date(2026, 1, 9))
    assert [each.status for each in rows(world, metadata.tables["advance_request"])] == ["expired"]
    after = world.position(LimitKind.ANCHOR, "Halberd")
    assert (after.reserved_minor, after.headroom_minor, after.hold) == (0, after.ceiling_minor, "watched")


def test_a_supplier_withdraws_what_is_not_approved_yet_and_nothing_else(world: World) -> None:
    open_with(world, Ash=TERMS)
    person, scope = world.person("Ash", "Ash Castings"), in_organisation(world.organisations["Ash Castings"])
    world.confirmed("R1", "Ash Castings", "Halberd", "10,000.00", date(2026, 1, 30))
    request = world.asks("R1", "Ash Castings")
    world.do(WITHDRAW, [request], person, scope)
    assert world.request(request).status == "withdrawn"
    again = world.asks("R1", "Ash Castings")
    world.approved_by_two(again)
    outcome = run(world.database, WITHDRAW, [again], key="too late", actor=person, scope=scope)[0]
    assert outcome.refusal is not None and outcome.refusal.reason == "not_requested"
    assert world.request(again).status == "approved"


def test_credit_notes_that_wait_to_be_booked_count_already(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 30))
    scope = in_organisation(world.organisations["Ash Castings"])
    notes = [NewCreditNote(world.receivables["R1"], ref, EUR, minor("600.00"), world.today) for ref in ("CN-1", "CN-2")]
    person = world.person("Ash", "Ash Castings")
    assert world.ask(CREDIT, notes[:1], person, scope)[0].accepted
    refusal = world.ask(CREDIT, notes[1:], person, scope)[0].refusal
    assert refusal is not None and refusal.reason == "amount_out_of_range" and refusal.bound == "0.01 to 400.00"
    assert open_minor(world, "R1") == minor("1,000.00")
    work_all(world.database, SCF.jobs)
    assert open_minor(world, "R1") == minor("400.00")
    assert balance(world, "due from supplier") == minor("600.00")
