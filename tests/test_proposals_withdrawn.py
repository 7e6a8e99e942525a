"""Proposals taken back: by who made them, while nobody decided; and one proposal a thing waits at a time."""

import pytest
from desks import Desks, open_desks, promise
from sqlalchemy import select
from test_confirm import reasons
from test_disputes import told

from anchors.confirm import CONFIRM_BY_PEOPLE
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.outcomes import Outcome
from scf.proposals.models import proposals


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


def withdraw(desks: Desks, ids: list[int], who: str = "Mona", organisation: int = 0) -> list[Outcome]:
    organisation = organisation or desks.anchor
    actor, scope = desks.person(organisation, who), in_organisation(organisation)
    return run(desks.database, CONFIRM_BY_PEOPLE.withdraw, ids, key=desks.key(), actor=actor, scope=scope)


def test_a_maker_takes_back_what_nobody_decided_and_proposes_anew(desks: Desks) -> None:
    invoice_id = desks.invoice()
    made = desks.propose([promise(invoice_id)])
    assert reasons(withdraw(desks, made)) == [""]
    with desks.database.reading() as connection:
        row = connection.execute(select(proposals).where(proposals.c.id == made[0])).one()
    assert (row.status, row.checker_id, row.decided_at) == ("withdrawn", None, desks.database.clock.now())
    assert (desks.anchor, "proposal.withdrawn") in told(desks)
    assert reasons(desks.accept(made)) == ["already_decided"]
    assert reasons(desks.accept(desks.propose([promise(invoice_id)]))) == [""]


def test_only_its_maker_takes_it_back_and_only_before_it_is_decided(desks: Desks) -> None:
    first, second = (desks.propose([promise(desks.invoice(number))])[0] for number in ("INV-1", "INV-2"))
    assert reasons(withdraw(desks, [first], "Carl")) == ["not_its_maker"]
    assert reasons(withdraw(desks, [first], "Mona", desks.other_anchor)) == ["not_found"]
    desks.accept([first])
    outcomes = withdraw(desks, [first, second, second, 77])
    assert reasons(outcomes) == ["already_decided", "", "twice_in_batch", "not_found"]
    assert "Mona" not in repr(outcomes), "outcomes are kept for ever, names are not"


def test_one_proposal_an_invoice_waits(desks: Desks) -> None:
    first, second = desks.invoice("INV-1"), desks.invoice("INV-2")
    desks.propose([promise(first)])
    scope, maker = in_organisation(desks.anchor), desks.person(desks.anchor, "Mona")
    batch = [promise(first), promise(second), promise(second)]
    outcomes = run(desks.database, CONFIRM_BY_PEOPLE.propose, batch, key="again", actor=maker, scope=scope)
    assert reasons(outcomes) == ["already_proposed", "", "already_proposed"]
    with desks.database.reading() as connection:
        waiting = connection.execute(select(proposals.c.about_id).where(proposals.c.status == "proposed")).scalars()
        assert sorted(id for id in waiting if id is not None) == [first, second]
