"""Losses that turn out smaller, or not at all: allowances released, money after a guarantee, credit notes too late."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import auditor
import pytest
from test_payments_flow import (
    LENT,
    TERMS,
    balance,
    banker,
    credit,
    funded,
    guaranteed,
    open_minor,
    open_with,
    pays,
    rows,
    statement,
)
from world import EUR, World, minor

from scf.commands import in_organisation
from scf.factoring.dilute import DILUTE
from scf.limits.positions import LimitKind
from scf.payments.steps import receive
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.receivables.models import credit_notes
from scf.scheduling.models import jobs
from scf.settlement.guarantee import COLLECT_GUARANTEE, GuaranteePayment
from scf.settlement.losses import (
    IMPAIR,
    RECOVER,
    WRITE_OFF_BY_PEOPLE,
    Impairment,
    Recovery,
    WriteOff,
)
from scf.settlement.models import applications, late_charges, losses

DUE = date(2026, 1, 12)


@pytest.fixture(autouse=True)
def _sound(world: World) -> Iterator[None]:
    """However a test ends, the books add up."""
    yield
    with world.database.reading() as connection:
        assert auditor.findings(connection, world.book_id) == []


def impaired(world: World) -> int:
    """R1 of 10,000.00, overdue and impaired in full; returns the advance."""
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "10,000.00", DUE)
    world.until(date(2026, 1, 15))
    advance = int(world.advance("R1").id)
    world.at_the_bank(IMPAIR, Impairment(advance))
    assert balance(world, "loss allowance") == -minor("10,000.00")
    return advance


def booked(world: World) -> list[tuple[str, int]]:
    return [(each.kind, each.amount_minor) for each in rows(world, losses)]


def called(world: World, until: date = date(2026, 1, 20)) -> int:
    """R1 of 10,000.00 whose guarantor was called for half of it on 19 January; returns the advance."""
    open_with(world, Ash=TERMS)
    world.agree("Ash Castings", replace(guaranteed(world), advance_rate_ppm=1_000_000))
    world.limit(LimitKind.GUARANTOR, "Harbour Guarantee", "20,000.00")
    funded(world, "R1", "Ash Castings", "10,000.00", DUE)
    world.until(until)
    return int(world.advance("R1").id)


def test_what_the_anchor_pays_after_an_impairment_is_released_by_the_write_off(world: World) -> None:
    advance = impaired(world)
    pays(world, "R1", "4,000.00")
    world.end_the_day()
    world.four_eyes(WRITE_OFF_BY_PEOPLE, WriteOff(advance))
    assert balance(world, "loss allowance") == balance(world, "purchased receivables") == 0
    assert balance(world, "impairment") == minor("6,000.00")
    assert sorted(booked(world)) == [
        ("impaired", minor("10,000.00")),
        ("released", minor("4,000.00")),
        ("written_off", minor("6,000.00")),
    ]


def test_an_impairment_of_what_the_anchor_pays_in_full_is_released_when_it_is_settled(world: World) -> None:
    impaired(world)
    pays(world, "R1", "10,000.00")
    world.end_the_day()
    assert world.advance("R1").status == "settled"
    assert balance(world, "loss allowance") == balance(world, "impairment") == 0
    assert booked(world) == [("impaired", minor("10,000.00")), ("released", minor("10,000.00"))]


def test_an_allowance_that_is_too_small_still_refuses_the_write_off(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "10,000.00", DUE)
    world.until(date(2026, 1, 15))
    advance = world.advance("R1").id
    maker, checker = world.person("Mona Maker", "Northbank"), world.person("Carl Checker", "Northbank")
    proposed = world.ask(WRITE_OFF_BY_PEOPLE.propose, [WriteOff(advance)], maker, world.scope)[0]
    refusal = proposed.refusal
    if refusal is None:
        refusal = world.ask(WRITE_OFF_BY_PEOPLE.accept, [proposed.id], checker, world.scope)[0].refusal
    assert refusal is not None and refusal.reason == "allowance_differs"
    assert (refusal.value, refusal.bound) == ("0.00", "10,000.00")


def test_no_late_charge_runs_after_a_guarantee_was_called(world: World) -> None:
    called(world)
    assert [each.amount_minor for each in rows(world, late_charges)] == [0]
    assert rows(world, late_charges)[0].to_on == rows(world, late_charges)[0].from_on
    pays(world, "R1", "5,000.00")
    world.end_the_day()
    assert balance(world, "late charge income") == balance(world, "late charges") == 0
    assert open_minor(world, "R1") == minor("5,000.00")


def test_what_comes_for_a_guarantor_who_has_paid_is_owed_to_him_and_ends_the_advance(world: World) -> None:
    advance = called(world)
    world.at_the_bank(COLLECT_GUARANTEE, GuaranteePayment(advance, world.today))
    pays(world, "R1", "10,000.00")
    world.end_the_day()
    assert world.advance("R1").status == "settled" and open_minor(world, "R1") == 0
    assert balance(world, "payable to guarantor") == -minor("5,000.00")
    assert balance(world, "unapplied collections") == balance(world, "purchased receivables") == 0
    assert world.position(LimitKind.ANCHOR, "Halberd").drawn_minor == 0
    assert [(each.face_minor, each.guarantor_minor) for each in rows(world, applications)] == [
        (minor("10,000.00"), minor("5,000.00"))
    ]


def test_what_comes_before_the_guarantor_pays_waits_for_him(world: World) -> None:
    advance = called(world)
    pays(world, "R1", "10,000.00")
    world.end_the_day()
    assert world.advance("R1").status == "funded"
    assert balance(world, "unapplied collections") == -minor("5,000.00")
    world.at_the_bank(COLLECT_GUARANTEE, GuaranteePayment(advance, world.today))
    world.end_the_day()
    assert world.advance("R1").status == "settled"
    assert balance(world, "payable to guarantor") == -minor("5,000.00")
    assert balance(world, "unapplied collections") == 0


def test_what_the_guarantor_has_back_already_is_not_recovered_for_him_again(world: World) -> None:
    advance = called(world)
    world.at_the_bank(COLLECT_GUARANTEE, GuaranteePayment(advance, world.today))
    pays(world, "R1", "7,000.00")
    world.end_the_day()
    assert balance(world, "payable to guarantor") == -minor("2,000.00")
    world.four_eyes(WRITE_OFF_BY_PEOPLE, WriteOff(advance))
    refusal = banker(world, RECOVER, Recovery(advance, EUR, minor("3,000.01"), world.today))[0].refusal
    assert refusal is not None and refusal.reason == "not_recoverable"
    world.at_the_bank(RECOVER, Recovery(advance, EUR, minor("3,000.00"), world.today))
    assert balance(world, "payable to guarantor") == -minor("5,000.00")
    assert balance(world, "impairment") == 0


def test_a_credit_note_too_late_to_dilute_is_refused_for_good_and_counts_no_more(world: World) -> None:
    open_with(world, Elm=LENT)
    world.limit(LimitKind.SUPPLIER, "Elm Plastics", "100,000.00")
    funded(world, "R6", "Elm Plastics", "10,000.00", DUE)
    world.until(date(2026, 1, 20))
    assert world.advance("R6").status == "repurchased"
    world.credit_note("R6", "Elm Plastics", "9,000.00")
    note = rows(world, credit_notes)[0]
    assert note.status == "refused" and open_minor(world, "R6") == minor("10,000.00")
    assert [each.status for each in rows(world, jobs) if each.kind == "dilute"] == ["done"]
    # it is final, and the next one is not measured against it
    refusal = banker(world, DILUTE, note.id)[0].refusal
    assert refusal is not None and refusal.reason == "not_waiting" and refusal.value == "refused"
    again = NewCreditNote(world.receivables["R6"], "CN-2", EUR, minor("9,000.00"), world.today)
    scope = in_organisation(world.organisations["Elm Plastics"])
    assert world.ask(CREDIT, [again], world.person("Elm", "Elm Plastics"), scope)[0].accepted


def test_late_charges_run_from_value_date_to_value_date_whichever_money_was_read_first(world: World) -> None:
    open_with(world, Ash=TERMS)
    funded(world, "R1", "Ash Castings", "10,000.00", DUE)
    world.until(date(2026, 1, 23))
    entries = (
        credit("B-1", "5,000.00", "R1", on=date(2026, 1, 23)),
        credit("B-2", "5,000.00", "R1", on=date(2026, 1, 16)),
    )
    assert receive(world.database, world.book_id, "both.xml", statement("both", *entries)) == ""
    world.end_the_day()
    # 10,000.00 × 9 % × 4/360, then 5,000.00 × 9 % × 7/360
    assert [each.amount_minor for each in rows(world, late_charges)] == [minor("10.00"), minor("8.75")]
