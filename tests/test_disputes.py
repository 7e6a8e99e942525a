"""Disputes: the anchor objects, both sides write, and the anchor settles or rejects, or the supplier withdraws."""

import json
from typing import Any

import pytest
from desks import Desks, open_desks, promise
from sqlalchemy import select
from statements import counted
from test_confirm import reasons

from anchors.dispute import DISPUTE, Objection
from anchors.dispute_queries import STATUS, open_count, said
from anchors.models import dispute_messages, disputes
from anchors.reject import REJECT, WORDS_MAX, Reason, Rejection
from anchors.settle_dispute import ANSWER_DISPUTE, SETTLE_DISPUTE, Message, Settlement
from invoices.models import invoice_ends, invoices
from invoices.withdraw import WITHDRAW, Withdrawal
from scf.announcements import OUTBOX_KIND
from scf.commands import Command, in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing
from scf.outbox import outbox
from scf.outcomes import Outcome


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


def do(desks: Desks, organisation: int, command: Command[Any, Any, Any], *batch: Any) -> list[Outcome]:
    who, scope = desks.person(organisation, f"P{organisation}"), in_organisation(organisation)
    return run(desks.database, command, list(batch), key=desks.key(), actor=who, scope=scope)


def dispute(desks: Desks, invoice_id: int, words: str = "Only half came.") -> int:
    (outcome,) = do(desks, desks.anchor, DISPUTE, Objection(invoice_id, Reason.NOT_DELIVERED, words))
    assert outcome.id is not None and outcome.accepted
    return outcome.id


def status_of(desks: Desks, invoice_id: int) -> str:
    with desks.database.reading() as connection:
        return str(connection.execute(select(invoices.c.status).where(invoices.c.id == invoice_id)).scalar_one())


def stands(desks: Desks) -> list[str]:
    """The status of every dispute, the oldest first."""
    with desks.database.reading() as connection:
        query = select(STATUS).join(invoices, invoices.c.id == disputes.c.invoice_id).order_by(disputes.c.id)
        return list(connection.execute(query).scalars())


def told(desks: Desks) -> set[tuple[int, str]]:
    with desks.database.reading() as connection:
        rows = connection.execute(select(outbox.c.payload).where(outbox.c.kind == OUTBOX_KIND)).scalars()
        return {(each["organisation_id"], each["kind"]) for each in map(json.loads, rows)}


def test_a_disputed_invoice_is_not_confirmed_until_its_dispute_is_settled(desks: Desks) -> None:
    invoice_id = desks.invoice()
    dispute_id = dispute(desks, invoice_id)
    assert (status_of(desks, invoice_id), stands(desks)) == ("disputed", ["open"])
    assert reasons(desks.confirm(promise(invoice_id))) == ["not_submitted"]
    assert reasons(do(desks, desks.anchor, SETTLE_DISPUTE, Settlement(dispute_id, "It came."))) == [""]
    assert (status_of(desks, invoice_id), stands(desks)) == ("submitted", ["settled"])
    with desks.database.reading() as connection:
        left = connection.execute(select(disputes)).one()
    assert (left.settled_by_id, left.settled_at) == (left.opened_by_id, desks.database.clock.now())


def test_what_was_proposed_before_is_accepted_once_the_dispute_is_settled(desks: Desks) -> None:
    invoice_id = desks.invoice()
    proposals = desks.propose([promise(invoice_id)])
    dispute_id = dispute(desks, invoice_id)
    assert reasons(desks.accept(proposals)) == ["not_submitted"]
    do(desks, desks.anchor, SETTLE_DISPUTE, Settlement(dispute_id))
    assert reasons(desks.accept(proposals)) == [""]


def test_both_sides_write_and_both_hear(desks: Desks) -> None:
    dispute_id = dispute(desks, desks.invoice())
    assert reasons(do(desks, desks.supplier, ANSWER_DISPUTE, Message(dispute_id, "See the note."))) == [""]
    assert reasons(do(desks, desks.anchor, ANSWER_DISPUTE, Message(dispute_id, "It says half."))) == [""]
    with desks.database.reading() as connection:
        written = said(connection, [dispute_id])[dispute_id]
    assert [(each.organisation_id, each.words) for each in written] == [
        (desks.supplier, "See the note."),
        (desks.anchor, "It says half."),
    ]
    both = {desks.anchor, desks.supplier}
    assert {(id, kind) for id, kind in told(desks) if "disput" in kind} == {
        (id, kind) for id in both for kind in ("invoice.disputed", "dispute.answered")
    }


def test_a_disputed_invoice_is_rejected_or_withdrawn_and_its_dispute_is_over(desks: Desks) -> None:
    first, second, plain = (desks.invoice(number) for number in ("INV-1", "INV-2", "INV-3"))
    gone, taken_back = dispute(desks, first), dispute(desks, second)
    rejections = [Rejection(first, Reason.QUALITY), Rejection(plain, Reason.NOT_ORDERED)]
    assert reasons(do(desks, desks.anchor, REJECT, *rejections)) == ["", ""]
    assert reasons(do(desks, desks.supplier, WITHDRAW, Withdrawal(second, "sent anew"))) == [""]
    assert stands(desks) == ["rejected", "withdrawn"]
    assert [status_of(desks, id) for id in (first, second, plain)] == ["rejected", "withdrawn", "rejected"]
    assert desks.rows(invoice_ends) == 3
    late = [Message(gone, "But why?"), Message(taken_back, "Good.")]
    assert reasons(do(desks, desks.supplier, ANSWER_DISPUTE, *late)) == ["not_open", "not_open"]
    assert reasons(do(desks, desks.anchor, SETTLE_DISPUTE, Settlement(gone))) == ["not_open"]


def test_an_invoice_is_disputed_once_at_a_time_and_again_after_it_was_settled(desks: Desks) -> None:
    invoice_id = desks.invoice()
    twice = [Objection(invoice_id, Reason.QUALITY, "Rust.")] * 2
    assert reasons(do(desks, desks.anchor, DISPUTE, *twice)) == ["", "not_submitted"]
    with desks.database.reading() as connection:
        (dispute_id,) = connection.execute(select(disputes.c.id)).scalars()
    settlements = [Settlement(dispute_id)] * 2
    assert reasons(do(desks, desks.anchor, SETTLE_DISPUTE, *settlements)) == ["", "not_open"]
    dispute(desks, invoice_id, "More rust.")
    assert stands(desks) == ["settled", "open"]


def test_what_is_not_ones_own_is_not_there(desks: Desks) -> None:
    invoice_id = desks.invoice()
    objection = Objection(invoice_id, Reason.QUALITY, "Rust.")
    for stranger in (desks.other_anchor, desks.supplier):
        assert reasons(do(desks, stranger, DISPUTE, objection)) == ["not_found"]
    dispute_id = dispute(desks, invoice_id)
    for stranger in (desks.other_anchor, desks.rival):
        assert reasons(do(desks, stranger, ANSWER_DISPUTE, Message(dispute_id, "Hello?"))) == ["not_found"]
        assert reasons(do(desks, stranger, SETTLE_DISPUTE, Settlement(dispute_id))) == ["not_found"]
    assert reasons(do(desks, desks.supplier, SETTLE_DISPUTE, Settlement(dispute_id))) == ["not_its_anchor"]
    assert desks.rows(dispute_messages) == 0 and status_of(desks, invoice_id) == "disputed"
    with pytest.raises(PermissionMissing):
        scope = in_organisation(desks.anchor)
        run(desks.database, DISPUTE, [objection], key="x", actor=desks.person(desks.supplier), scope=scope)


@pytest.mark.parametrize(("words", "reason"), [(" ", "words_missing"), ("x" * (WORDS_MAX + 1), "words_too_long")])
def test_words_to_the_other_side_say_something_and_not_too_much(desks: Desks, words: str, reason: str) -> None:
    invoice_id = desks.invoice()
    assert reasons(do(desks, desks.anchor, DISPUTE, Objection(invoice_id, Reason.OTHER, words))) == [reason]
    dispute_id = dispute(desks, invoice_id)
    assert reasons(do(desks, desks.anchor, ANSWER_DISPUTE, Message(dispute_id, words))) == [reason]


def test_each_side_counts_what_is_disputed_now(desks: Desks) -> None:
    first = dispute(desks, desks.invoice("INV-1"))
    dispute(desks, desks.invoice("INV-2"))
    do(desks, desks.anchor, SETTLE_DISPUTE, Settlement(first))
    with desks.database.reading() as connection:
        assert open_count(connection, desks.anchor, at_anchor=True) == 1
        assert open_count(connection, desks.supplier, at_anchor=False) == 1
        assert open_count(connection, desks.rival, at_anchor=False) == 0


def test_a_batch_takes_as_many_statements_as_one(desks: Desks) -> None:
    counts = []
    for organisation in (desks.anchor, desks.supplier):
        desks.person(organisation, f"P{organisation}")
    for size in (1, 20):
        ids = [desks.invoice(f"INV-{size}-{n}") for n in range(size)]
        with counted(desks.database.engine) as seen:
            made = do(desks, desks.anchor, DISPUTE, *(Objection(id, Reason.QUALITY, "Rust.") for id in ids))
            do(desks, desks.supplier, ANSWER_DISPUTE, *(Message(each.id or 0, "No.") for each in made))
            do(desks, desks.anchor, SETTLE_DISPUTE, *(Settlement(each.id or 0, "Well.") for each in made))
        counts.append(len(seen))
    assert counts[0] == counts[1]
