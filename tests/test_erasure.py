"""Erasing people: their names go from the whole database, their ids stay; books, chain and confirmations still hold."""

import json
import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from test_story import opening
from world import World

from anchors import evidence
from anchors.cli import anchors
from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.confirmation import Confirmation
from anchors.models import confirmations
from invoices.intake import upload_file
from invoices.models import invoices
from invoices.parts import Invoice
from scf.actor import Actor
from scf.audit.chain import broken
from scf.audit.cli import audit
from scf.audit.models import audit_links
from scf.commands import in_organisation, run
from scf.db.types import metadata
from scf.errors import StepUpNeeded
from scf.identity.erase import ERASE
from scf.ledger import checks, export
from scf.outcomes import Outcome
from scf.people import queries as people
from scf.programmes.terms import Undertaking

OPERATOR = "Clearwater Platform"
SIGNERS = (
    ("Mona Maker", "Northbank"),
    ("Carl Checker", "Northbank"),
    ("M. of Halberd", "Halberd"),
    ("C. of Halberd", "Halberd"),
)


@pytest.fixture
def lived(world: World) -> World:
    """Terms agreed by two bankers, an invoice confirmed by two of Halberd's, and all of it in closed days."""
    opening(world)
    world.register(OPERATOR)
    world.confirmed("R1", "Ash Castings", "Halberd", "40,000.00", date(2026, 3, 6))
    world.asks("R1", "Ash Castings")
    world.until(date(2026, 1, 8))
    return world


def operator(world: World) -> Actor:
    return world.person("Olive Operator", OPERATOR)


def signer_ids(world: World) -> list[int]:
    return [world.person(name, organisation).id for name, organisation in SIGNERS]


def erase(world: World, *ids: int) -> list[Outcome]:
    return world.ask(ERASE, ids, operator(world), in_organisation(world.organisations[OPERATOR]))


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [outcome.refusal.reason if outcome.refusal else "" for outcome in outcomes]


def everything(world: World) -> dict[str, list[str]]:
    """Every row of every table as text, what is packed in it unpacked."""
    with world.database.reading() as connection:
        return {
            table.name: sorted(repr([_plain(value) for value in row]) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


def _plain(value: Any) -> Any:
    if isinstance(value, bytes) and value[:1] == b"\x78":
        return json.loads(zlib.decompress(value))
    return value


def test_two_who_signed_are_erased_and_every_proof_still_holds(lived: World) -> None:
    before = everything(lived)
    assert reasons(erase(lived, *signer_ids(lived))) == [""] * len(SIGNERS)
    after = everything(lived)
    assert {name for name in after if after[name] != before[name]} == {"person", "command_log"}
    assert set(before["command_log"]) < set(after["command_log"]), "the erasure itself is logged, and nothing changed"
    text = repr(after)
    assert [name for name, _ in SIGNERS if name in text] == []

    scopes = [lived.book_id, *(lived.organisations[name] for name in ("Halberd", "Ash Castings"))]
    with lived.database.reading() as connection:
        assert set(connection.execute(select(audit_links.c.scope_id)).scalars()) >= set(scopes)
        assert [broken(connection, scope_id) for scope_id in scopes] == [[]] * 3
        assert checks.findings(connection, lived.book_id) == []
        said = connection.execute(select(confirmations)).one()
        columns = (invoices.c[name] for name in Invoice._fields)
        invoice = Invoice._make(connection.execute(select(*columns).where(invoices.c.id == said.invoice_id)).one())
    strength = Undertaking(said.undertaking)
    promise = Confirmation(said.invoice_id, said.amount_minor, invoice.currency, said.due_on, strength)
    assert evidence.digest(invoice, promise) == said.digest


def test_what_is_shown_says_erased_person(lived: World) -> None:
    def shown() -> str:
        ran = CliRunner().invoke(audit, ["trail", "--book", "NORTHBANK", "--last", "500"], obj=lived)
        assert ran.exit_code == 0
        return ran.output

    def exported() -> str:
        pieces: list[str] = []
        with lived.database.reading() as connection:
            export.write(connection, lived.book_id, "hledger", pieces.append)
        return "".join(pieces)

    trail, book = shown(), exported()
    assert trail.count("Mona Maker") == trail.count("Carl Checker") > 0 and "platform" in trail
    erase(lived, *signer_ids(lived))
    signed = trail.replace("Mona Maker  ", people.ERASED).replace("Carl Checker", people.ERASED)
    assert shown().split() == signed.split()
    assert exported() == book
    assert CliRunner().invoke(audit, ["check", "--book", "NORTHBANK"], obj=lived).output == "0 breaks\n"


def test_who_still_has_a_proposal_open_is_not_erased(lived: World) -> None:
    halberd, ash = lived.organisations["Halberd"], lived.organisations["Ash Castings"]
    row = f"R2,REG-Halberd,{lived.today},2026-03-09,EUR,100"
    file = f"invoice number,buyer id,issue date,due date,currency,amount\n{row}\n".encode()
    report = upload_file(lived.database, lived.person("Ash", "Ash Castings"), ash, "R2.csv", file)
    promise = Confirmation(report.results[0].outcome.id or 0, 100_00, "EUR", date(2026, 3, 9), Undertaking.CONDITIONAL)
    maker, checker = lived.person("M. of Halberd", "Halberd"), lived.person("C. of Halberd", "Halberd")
    (proposal,) = lived.do(CONFIRM_BY_PEOPLE.propose, [promise], maker, in_organisation(halberd))

    (refused,) = erase(lived, maker.id)
    assert refused.refusal and refused.refusal.reason == "proposal_open" and refused.refusal.remedy
    pending = CliRunner().invoke(anchors, ["pending", "--as", "REG-Halberd"], obj=lived)
    assert "by M. of Halberd" in pending.output
    lived.do(CONFIRM_BY_PEOPLE.decline, [proposal], checker, in_organisation(halberd))
    assert reasons(erase(lived, maker.id)) == [""]


def test_a_batch_is_answered_person_by_person(lived: World) -> None:
    mona, carl, *_ = signer_ids(lived)
    assert reasons(erase(lived, mona, 12345, mona, 0)) == ["", "not_found", "twice_in_batch", "not_found"]
    assert reasons(erase(lived, carl, mona)) == ["", "already_erased"]
    with lived.database.reading() as connection:
        assert people.names(connection, [mona, carl]) == {0: "platform", mona: people.ERASED, carl: people.ERASED}


def test_erasing_wants_a_second_factor_shown_lately(lived: World) -> None:
    scope = in_organisation(lived.organisations[OPERATOR])
    with pytest.raises(StepUpNeeded):
        run(lived.database, ERASE, [1], key="k", actor=replace(operator(lived), stepped_up=False), scope=scope)


def test_the_same_name_after_an_erasure_is_somebody_new(lived: World) -> None:
    (mona, *_), northbank = signer_ids(lived), lived.organisations["Northbank"]
    erase(lived, mona)
    lived._people.clear()
    again = lived.person("Mona Maker", "Northbank")
    assert again.id != mona and again.organisation_id == northbank
    with lived.database.reading() as connection:
        names = people.names(connection, [mona, again.id])
    assert (names[mona], names[again.id]) == (people.ERASED, "Mona Maker")
