"""Bank statements and what they mean: whose account, money told twice, what a collection pays, lines nobody knows."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from test_payments_flow import LENT, MONDAY, STRANGER, TERMS, balance, banker, credit, funded, open_with, rows
from world import EUR, IBANS, World, minor

from scf.payments import camt_write
from scf.payments.accounts import AGREE_ACCOUNT, NewAccount
from scf.payments.bank_statement import Detail, Entry, Statement
from scf.payments.models import collections, payouts, statement_entries
from scf.payments.refs import payout_ref
from scf.payments.steps import receive
from scf.settlement.apply import APPLY, Application
from scf.settlement.identify import IDENTIFY, Identification
from scf.settlement.queries import unmatched
from scf.settlement.recourse import CLAIM_RECOURSE, COLLECT_CLAIM, ClaimPayment, Recourse

SECOND = IBANS["Ash Castings"]


def told(world: World, id: str, *entries: Entry, account: str = IBANS["Northbank"], kind: Any = "054") -> str:
    """Import a bank file; the refusal, or nothing."""
    opening, closing = (0, sum(entry.amount_minor for entry in entries)) if kind == "053" else (None, None)
    found = Statement(kind, id, id, account, EUR, None, opening, closing, MONDAY, entries)
    return receive(world.database, world.book_id, f"{id}.xml", camt_write.write([found]))


def received(world: World) -> list[int]:
    return [each.amount_minor for each in rows(world, collections)]


def moves(entry: Entry, **detail: Any) -> Entry:
    return replace(entry, details=(replace(entry.details[0], **detail),))


# whose account


def test_a_statement_of_somebody_elses_account_is_refused(world: World) -> None:
    open_with(world, Ash=TERMS)
    refusal = told(world, "S1", credit("B1", "100.00"), account=STRANGER)
    assert "other account" in refusal and STRANGER in refusal
    assert "other account" in told(world, "S2", credit("B2", "100.00"), account=IBANS["Halberd"])
    assert received(world) == [] and balance(world, "cash") == 0


def test_two_accounts_with_one_statement_number_are_two_and_a_refused_file_passes_later(world: World) -> None:
    open_with(world, Birch=TERMS)
    assert told(world, "1", credit("B1", "100.00")) == ""
    assert "other account" in told(world, "1", credit("B2", "50.00"), account=SECOND)
    world.change_account("Northbank", SECOND)
    assert told(world, "1", credit("B2", "50.00"), account=SECOND) == ""
    assert told(world, "2", credit("B3", "25.00")) == "", "the account is closed, and its bank still tells of it"
    assert received(world) == [10_000, 5_000, 2_500]


def test_money_without_a_bank_reference_waits_for_the_statement_and_is_received_once(world: World) -> None:
    open_with(world, Ash=TERMS)
    told(world, "N1", credit("", "100.00"))
    assert received(world) == []
    with world.database.reading() as connection:
        assert [line.amount_minor for line in unmatched(connection, world.book_id)] == [10_000]
    told(world, "S1", credit("", "100.00"), kind="053")
    assert received(world) == [10_000] and balance(world, "cash") == 10_000
    with world.database.reading() as connection:
        assert unmatched(connection, world.book_id) == []


# accounts name parties


def test_a_number_that_is_anothers_is_not_agreed(world: World) -> None:
    open_with(world, Ash=TERMS)
    taken = NewAccount(world.organisations["Ash Castings"], IBANS["Halberd"], "Ash", EUR)
    with pytest.raises(AssertionError, match="iban of another"):
        world.four_eyes(AGREE_ACCOUNT, taken)


def test_a_payer_recognised_wrongly_is_corrected_until_something_is_applied(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    told(world, "N1", credit("B1", "100.00"))
    ((id,),) = [(each.id,) for each in rows(world, collections)]
    ash, halberd = world.organisations["Ash Castings"], world.organisations["Halberd"]
    for payer in (ash, halberd, ash, halberd):
        outcome = banker(world, IDENTIFY, Identification(id, payer))[0]
        assert outcome.accepted == (rows(world, collections)[0].payer_id == payer)
    world.at_the_bank(APPLY, Application(id, world.advance("R1").id))
    refusal = banker(world, IDENTIFY, Identification(id, ash))[0].refusal
    assert refusal is not None and refusal.reason == "applied"


# payouts


def test_a_payout_leaves_on_the_day_it_is_to_be_credited(world: World) -> None:
    open_with(world, Ash=replace(TERMS, value_lag_days=2))
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 30))
    (payout,) = rows(world, payouts)
    assert payout.pay_on == date(2026, 1, 7) == world.advance("R1").credited_on
    world.until(payout.pay_on)
    assert rows(world, payouts)[0].status == "instructed"
    world.end_the_day()
    assert rows(world, payouts)[0].status == "sent"


def test_money_under_a_payouts_name_is_a_return_only_when_the_bank_says_so(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    (payout,) = rows(world, payouts)
    entry = credit("B1", str(payout.amount_minor // 100) + f".{payout.amount_minor % 100:02}")
    told(world, "N1", moves(entry, end_to_end_id=payout_ref(payout.id)))
    assert received(world) == [payout.amount_minor] and rows(world, payouts)[0].status == "sent"
    told(world, "N2", moves(replace(entry, bank_ref="B2"), end_to_end_id=payout_ref(payout.id), return_reason="AC04"))
    assert received(world) == [payout.amount_minor] and rows(world, payouts)[0].status == "returned"


def test_a_debit_that_nobody_knows_is_shown(world: World) -> None:
    open_with(world, Ash=TERMS)
    detail = Detail(-500, "", "", "account fee", "", "", "", "")
    told(world, "S1", Entry("F1", -500, EUR, MONDAY, MONDAY, False, (detail,)), kind="053")
    with world.database.reading() as connection:
        lines = [(line.amount_minor, line.text, line.booked_on) for line in unmatched(connection, world.book_id)]
    assert lines == [(-500, "account fee", MONDAY)]
    assert rows(world, statement_entries)[0].meaning == "unmatched"


# money that stands on a statement and pays a claim


@pytest.mark.parametrize("known", [True, False])
def test_a_claim_paid_from_a_collection_is_cash_once(world: World, known: bool) -> None:
    open_with(world, Ash=LENT)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    world.until(date(2026, 1, 20))
    claimed = balance(world, "due from supplier")
    if not claimed:
        world.at_the_bank(CLAIM_RECOURSE, Recourse(world.advance("R1").id))
        claimed = balance(world, "due from supplier")
    assert claimed > 0
    before, readable = balance(world, "cash"), f"{claimed // 100}.{claimed % 100:02}"
    iban = IBANS["Ash Castings"] if known else STRANGER
    told(world, "N1", moves(credit("B1", readable), account=iban), moves(credit("B2", "1.00"), account=iban))
    id, other = (each.id for each in rows(world, collections))
    advance_id = world.advance("R1").id
    wrong = banker(world, COLLECT_CLAIM, ClaimPayment(advance_id, EUR, claimed, world.today, other))[0].refusal
    assert wrong is not None and wrong.reason == "other_amount"
    world.at_the_bank(COLLECT_CLAIM, ClaimPayment(advance_id, EUR, claimed, world.today, id))
    assert balance(world, "due from supplier") == 0
    assert balance(world, "cash") == before + claimed + 100
    assert [each.status for each in rows(world, collections)] == ["applied", "received"]
    again = banker(world, APPLY, Application(id, advance_id))[0].refusal
    assert again is not None and again.reason == "nothing_left"
    given = banker(world, IDENTIFY, Identification(id, world.organisations["Halberd"]))[0].refusal
    assert given is not None and given.reason == "applied"


def test_a_claim_is_not_paid_with_anothers_money(world: World) -> None:
    open_with(world, Ash=LENT)
    funded(world, "R1", "Ash Castings", "1,000.00", date(2026, 1, 12))
    world.until(date(2026, 1, 20))
    if not balance(world, "due from supplier"):
        world.at_the_bank(CLAIM_RECOURSE, Recourse(world.advance("R1").id))
    told(world, "N1", credit("B1", "100.00"))
    (money,) = rows(world, collections)
    payment = ClaimPayment(world.advance("R1").id, EUR, minor("100.00"), world.today, money.id)
    refusal = banker(world, COLLECT_CLAIM, payment)[0].refusal
    assert refusal is not None and refusal.reason == "other_payer"
