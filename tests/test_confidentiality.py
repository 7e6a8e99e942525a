"""What an anchor learns of its suppliers' financing: nothing, until a supplier consents; and nothing after it ends."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update
from world import EUR, World

from scf.commands import in_organisation
from scf.limits.positions import LimitKind
from scf.outcomes import Outcome
from scf.programmes.terms import Terms
from scf.receivables.close import CLOSE
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.receivables.lifecycle import MOVES, READ_BY_DEBTOR
from scf.receivables.models import receivables
from scf.receivables.queries import STATUS_FOR_DEBTOR, of_debtor
from scf.signatures.consents import END, GIVE, NewConsent
from scf.signatures.models import signatures
from scf.signatures.queries import seen
from scf.signatures.words import Subject

ASH, BIRCH, DUE_ON = "Ash Castings", "Birch Tools", date(2026, 3, 6)


@pytest.fixture
def funded(world: World) -> World:
    """Halberd owes two suppliers two invoices each; the first of each is funded by Northbank."""
    world.register("Northbank", "Halberd", ASH, BIRCH)
    world.open_book("Northbank", date(2026, 1, 5))
    world.limit(LimitKind.ANCHOR, "Halberd", "500,000.00")
    programme = world.programme("Halberd")
    for supplier in (ASH, BIRCH):
        world.enrol(programme, supplier)
        world.agree(supplier, Terms("EUR", rate_ppm=60_000))
        for n in (1, 2):
            world.confirmed(f"{supplier[0]}{n}", supplier, "Halberd", "1,000.00", DUE_ON)
        world.asks(f"{supplier[0]}1", supplier)
    world.end_the_day()
    return world


def shown(world: World) -> dict[str, tuple[str, int]]:
    """Status and open amount of what Halberd owes, as Halberd sees it."""
    with world.database.reading() as connection:
        rows = connection.execute(of_debtor(world.organisations["Halberd"])).all()
    assert "version" not in rows[0]._mapping
    return {row.ref: (row.status, row.open_minor) for row in rows}


def asked(world: World, command: Any, who: str, *batch: Any) -> list[Outcome]:
    return world.ask(command, batch, world.person(who, who), in_organisation(world.organisations[who]))


def give(world: World, supplier: str, subject: Subject = Subject.FINANCING) -> int:
    (outcome,) = asked(world, GIVE, supplier, NewConsent(world.organisations["Halberd"], subject))
    assert outcome.accepted and outcome.id
    return outcome.id


def reason(outcome: Outcome) -> str:
    return outcome.refusal.reason if outcome.refusal else "accepted"


def test_an_anchor_sees_who_was_financed_only_of_suppliers_that_consented(funded: World) -> None:
    nothing = dict.fromkeys(("A1", "A2", "B1", "B2"), ("open", 100_000))
    assert shown(funded) == nothing
    consent = give(funded, ASH)
    assert shown(funded) == nothing | {"A1": ("funded", 100_000)}
    assert reason(asked(funded, END, ASH, consent)[0]) == "accepted"
    assert shown(funded) == nothing


def test_neither_filters_nor_pages_tell_more(funded: World) -> None:
    funded_only = of_debtor(funded.organisations["Halberd"]).where(STATUS_FOR_DEBTOR == "funded")
    with funded.database.reading() as connection:
        assert connection.execute(funded_only).all() == []
        counted = select(func.count()).select_from(of_debtor(funded.organisations["Halberd"]).subquery())
        assert connection.execute(counted).scalar_one() == 4
    give(funded, BIRCH)
    with funded.database.reading() as connection:
        assert [row.ref for row in connection.execute(funded_only)] == ["B1"]


@pytest.mark.parametrize("status", MOVES)
def test_every_status_that_financing_leads_to_reads_as_one_without(funded: World, status: str) -> None:
    without_financing = {"open", "cancelled", "closed"}
    with funded.database.engine.begin() as connection:
        connection.execute(update(receivables).values(status=status))
    told = {found for found, _ in shown(funded).values()}
    assert told == {READ_BY_DEBTOR.get(status, status)} and told <= without_financing
    with funded.database.engine.begin() as connection:
        connection.execute(update(receivables).values(status="open"))
        connection.execute(update(receivables).where(receivables.c.ref.in_(["A1", "B1"])).values(status="funded"))


def test_what_was_paid_to_a_funder_looks_like_what_was_paid_to_the_supplier(funded: World) -> None:
    asked(funded, CLOSE, "Halberd", funded.receivables["A2"])
    funded.pays("Halberd", "C1", "1,000.00", "A1")
    funded.end_the_day()
    assert {shown(funded)[ref] for ref in ("A1", "A2")} == {("closed", 0)}
    give(funded, ASH)
    assert shown(funded)["A1"] == ("settled", 0)


def test_refusals_do_not_tell_either(funded: World) -> None:
    (outcome,) = asked(funded, CLOSE, "Halberd", funded.receivables["A1"])
    assert outcome.refusal and (outcome.refusal.reason, outcome.refusal.value) == ("not_open", "")
    assert "fund" not in outcome.refusal.words()
    give(funded, ASH)
    (outcome,) = asked(funded, CLOSE, "Halberd", funded.receivables["A1"])
    assert outcome.refusal and outcome.refusal.value == "funded"


def test_an_anchors_credit_note_is_answered_alike_for_what_is_funded_and_what_is_not(funded: World) -> None:
    notes = [NewCreditNote(funded.receivables[ref], "CN-1", EUR, 10_00, funded.today) for ref in ("A1", "A2")]
    answers = asked(funded, CREDIT, "Halberd", *notes)
    assert [dict(answer.facts) for answer in answers] == [{}, {}]
    own = NewCreditNote(funded.receivables["A1"], "CN-2", EUR, 10_00, funded.today)
    assert asked(funded, CREDIT, ASH, own)[0].facts["status"] == "received"


def test_consents_are_signed_by_who_gives_them_and_stand_once(funded: World) -> None:
    halberd, ash = funded.organisations["Halberd"], funded.organisations[ASH]
    give(funded, ASH)
    again, price, oneself, unknown = asked(
        funded, GIVE, ASH, NewConsent(halberd, Subject.FINANCING), NewConsent(halberd, Subject.PRICE),
        NewConsent(ash, Subject.PRICE), NewConsent(1, Subject.PRICE),
    )  # fmt: skip
    assert [reason(each) for each in (again, price, oneself, unknown)] == [
        "already_given", "accepted", "to_oneself", "not_found",
    ]  # fmt: skip
    with funded.database.reading() as connection:
        assert seen(connection, halberd, Subject.FINANCING) == seen(connection, halberd, Subject.PRICE) == {ash}
        assert seen(connection, ash, Subject.FINANCING) == set()
        signed = select(func.count()).where(signatures.c.purpose == "consent", signatures.c.organisation_id == ash)
        assert connection.execute(signed).scalar_one() == 2


def test_only_the_giver_ends_a_consent_and_may_give_it_again(funded: World) -> None:
    consent = give(funded, ASH)
    assert reason(asked(funded, END, "Halberd", consent)[0]) == "not_found"
    assert [reason(each) for each in asked(funded, END, ASH, consent, consent)] == ["accepted", "already_ended"]
    assert give(funded, ASH) != consent
