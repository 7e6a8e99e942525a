"""Confirming: the anchor's promise makes exactly one receivable, by two people, or nothing at all."""

import hashlib
import json
import threading
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result
from desks import Desks, line, open_desks, promise
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError

from anchors import evidence, queries
from anchors.cli import anchors as anchors_cli
from anchors.confirm import CONFIRM
from anchors.confirmation import Confirmation
from anchors.models import confirmations
from anchors.reject import REJECT, Reason, Rejection
from invoices import queries as invoice_queries
from invoices.models import invoice_ends, invoices
from scf.actor import PLATFORM
from scf.command_log import command_logs
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.errors import PermissionMissing
from scf.outcomes import Outcome
from scf.programmes.terms import Undertaking
from scf.proposals.models import proposals
from scf.proposals.queries import blank
from scf.receivables.models import receivables


@pytest.fixture
def desks(database: Database) -> Desks:
    return open_desks(database)


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [outcome.refusal.reason if outcome.refusal else "" for outcome in outcomes]


def confirm_at_once(desks: Desks, *batch: Confirmation) -> list[Outcome]:
    """The command without a maker, as the platform's own rules would run it."""
    scope = in_organisation(desks.anchor)
    return run(desks.database, CONFIRM, batch, key=desks.key(), actor=PLATFORM, scope=scope)


def test_a_confirmation_makes_a_receivable_that_the_supplier_owns_and_the_anchor_owes(desks: Desks) -> None:
    id = desks.invoice("INV-1")
    (outcome,) = desks.confirm(promise(id, 90_000, date(2026, 3, 9), Undertaking.IRREVOCABLE))
    with desks.database.reading() as connection:
        receivable = connection.execute(select(receivables)).one()
        confirmation = connection.execute(select(confirmations)).one()
        invoice = connection.execute(select(invoices)).one()
    assert (receivable.debtor_id, receivable.creditor_id) == (desks.anchor, desks.supplier)
    assert (receivable.face_minor, receivable.open_minor, receivable.due_on) == (90_000, 90_000, date(2026, 3, 9))
    assert (receivable.ref, receivable.status, receivable.undertaking) == ("INV-1", "open", "irrevocable")
    assert (receivable.fingerprint, invoice.status) == (invoice.fingerprint, "confirmed")
    assert outcome.id == confirmation.id and outcome.facts["receivable_id"] == receivable.id
    mona, carl = desks.person(desks.anchor, "Mona"), desks.person(desks.anchor, "Carl")
    assert (confirmation.maker_id, confirmation.checker_id) == (mona.id, carl.id)
    assert confirmation.confirmed_at == desks.database.clock.now()


def test_the_digest_is_of_a_document_that_anyone_can_make_again(desks: Desks) -> None:
    desks.confirm(promise(desks.invoice()))
    with desks.database.reading() as connection:
        row = connection.execute(select(confirmations, invoices).join(invoices)).mappings().one()
    said = {
        "amount_minor": 100_000,
        "anchor_id": desks.anchor,
        "currency": "EUR",
        "due_on": "2026-03-06",
        "file_sha256": row["file_sha256"],
        "fingerprint": row["fingerprint"],
        "invoice_amount_minor": 100_000,
        "invoice_id": row["invoice_id"],
        "number": "INV-1",
        "supplier_id": desks.supplier,
        "undertaking": "conditional",
        "version": evidence.VERSION,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    assert row["digest"] == hashlib.sha256(text.encode()).hexdigest()


BAD = {
    "nothing": ({"amount_minor": 0}, "amount_out_of_range", "amount"),
    "less than nothing": ({"amount_minor": -5}, "amount_out_of_range", "amount"),
    "more than the invoice": ({"amount_minor": 100_001}, "amount_out_of_range", "amount"),
    "before it was issued": ({"due_on": date(2026, 1, 1)}, "due_before_issue", "due date"),
    "today": ({"due_on": date(2026, 1, 5)}, "due_not_ahead", "due date"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_promise_that_makes_no_sense_is_refused_and_stays_proposed(desks: Desks, case: str) -> None:
    changed, reason, field = BAD[case]
    good, bad = desks.invoice("INV-1"), desks.invoice("INV-2")
    outcomes = desks.confirm(promise(bad, **changed), promise(good))  # type: ignore[arg-type]
    refusal = outcomes[0].refusal
    assert refusal and (refusal.reason, refusal.field) == (reason, field) and refusal.remedy
    assert outcomes[1].accepted
    assert (desks.rows(receivables), desks.rows(confirmations)) == (1, 1)
    with desks.database.reading() as connection:
        waiting = connection.execute(select(invoices.c.number).where(invoices.c.status == "submitted")).scalars().all()
        left = queries.proposed(connection, desks.anchor)
    assert waiting == ["INV-2"] and [each.confirmation.invoice_id for each in left] == [bad]


def test_nobody_checks_their_own_confirmation(desks: Desks) -> None:
    made = desks.propose([promise(desks.invoice())], maker="Mona")
    refused = desks.accept(made, checker="Mona")
    assert reasons(refused) == ["same_person"]
    assert "Mona" not in repr(refused), "outcomes are kept for ever, names are not"
    assert desks.rows(receivables) == 0
    assert reasons(desks.accept(made, checker="Carl")) == [""]


def test_the_maker_is_who_proposed_whatever_the_proposal_says(desks: Desks) -> None:
    id = desks.invoice()
    lie = Confirmation(id, 100_000, "EUR", date(2026, 3, 6), Undertaking.CONDITIONAL, 99)
    desks.confirm(lie)
    with desks.database.reading() as connection:
        makers = connection.execute(select(confirmations.c.maker_id)).scalars().all()
    assert makers == [desks.person(desks.anchor, "Mona").id]


def test_proposals_decided_before_do_not_disturb_those_that_wait(desks: Desks) -> None:
    first, second = (desks.propose([promise(desks.invoice(number))])[0] for number in ("INV-1", "INV-2"))
    desks.accept([first])
    assert reasons(desks.accept([first, second, 12345, second])) == [
        "already_decided",
        "",
        "not_found",
        "twice_in_batch",
    ]
    assert desks.rows(receivables) == 2


def test_a_decided_proposal_may_be_blanked_and_is_still_known_as_decided(desks: Desks) -> None:
    made = desks.propose([promise(desks.invoice())])
    desks.accept(made)
    with desks.database.engine.begin() as connection:
        blank(connection, made)
    assert reasons(desks.accept(made)) == ["already_decided"]


def test_an_invoice_is_confirmed_once_however_often_it_is_asked(desks: Desks) -> None:
    id = desks.invoice()
    assert reasons(desks.confirm(promise(id)) + desks.confirm(promise(id))) == ["", "not_submitted"]
    assert reasons(confirm_at_once(desks, promise(id), promise(77))) == ["not_submitted", "not_found"]
    assert (desks.rows(receivables), desks.rows(confirmations)) == (1, 1)


def test_a_replayed_confirmation_gives_the_first_answer(desks: Desks) -> None:
    batch, scope = [promise(desks.invoice())], in_organisation(desks.anchor)
    first = run(desks.database, CONFIRM, batch, key="once", actor=PLATFORM, scope=scope)
    assert run(desks.database, CONFIRM, batch, key="once", actor=PLATFORM, scope=scope) == first
    assert desks.rows(receivables) == 1


def test_only_the_anchor_that_owes_may_confirm(desks: Desks) -> None:
    id = desks.invoice()
    scope = in_organisation(desks.other_anchor)
    assert reasons(run(desks.database, CONFIRM, [promise(id)], key="x", actor=PLATFORM, scope=scope)) == ["not_found"]
    people = (desks.person(desks.other_anchor), desks.person(desks.anchor))
    for actor in (*people, desks.person(desks.anchor, "Ida", "anchors.reject")):
        with pytest.raises(PermissionMissing):
            scope = in_organisation(desks.anchor)
            run(desks.database, CONFIRM, [promise(id)], key="y", actor=actor, scope=scope)
    assert desks.rows(receivables) == 0


def test_a_claim_that_stands_already_is_not_confirmed_again(desks: Desks) -> None:
    id = desks.invoice()
    with desks.database.engine.begin() as connection:
        invoice = connection.execute(select(invoices)).one()
        parties = {"debtor_id": desks.anchor, "creditor_id": desks.supplier, "ref": "old", "currency": "EUR"}
        amounts = {"face_minor": 1, "open_minor": 1, "undertaking": "conditional", "status": "open", "version": 1}
        dates = {"issued_on": invoice.issue_on, "due_on": invoice.due_on, "fingerprint": invoice.fingerprint}
        connection.execute(insert(receivables).values(id=5, **parties, **amounts, **dates))
    assert reasons(confirm_at_once(desks, promise(id))) == ["already_a_receivable"]


def test_the_database_itself_refuses_a_second_or_one_sided_confirmation(desks: Desks) -> None:
    desks.confirm(promise(desks.invoice()))
    with desks.database.reading() as connection:
        row = dict(connection.execute(select(confirmations)).mappings().one())
    for wrong in ({"id": 7}, {"maker_id": row["checker_id"], "id": 7, "invoice_id": 8}, {"amount_minor": 0, "id": 7}):
        with pytest.raises(IntegrityError), desks.database.engine.begin() as connection:
            connection.execute(insert(confirmations).values({**row, **wrong}))


def reject(desks: Desks, *batch: Rejection) -> list[Outcome]:
    who, scope = desks.person(desks.anchor), in_organisation(desks.anchor)
    return run(desks.database, REJECT, batch, key=desks.key(), actor=who, scope=scope)


def test_a_rejection_tells_the_supplier_why_and_by_whom(desks: Desks) -> None:
    id = desks.invoice()
    assert reasons(reject(desks, Rejection(id, Reason.OTHER, " "))) == ["words_missing"]
    batch = (Rejection(id, Reason.NOT_DELIVERED, "one pallet is missing"), Rejection(id, Reason.QUALITY))
    assert reasons(reject(desks, *batch)) == ["", "not_submitted"]
    assert reasons(confirm_at_once(desks, promise(id))) == ["not_submitted"]
    with desks.database.reading() as connection:
        (seen,) = invoice_queries.of_supplier(connection, desks.supplier)
        end = connection.execute(select(invoice_ends)).one()
    assert (seen.stands, seen.reason, seen.words) == ("rejected", "not_delivered", "one pallet is missing")
    assert (end.by_id, end.at) == (desks.person(desks.anchor).id, desks.database.clock.now())


def test_a_rejected_invoice_may_be_sent_again_and_confirmed(desks: Desks) -> None:
    reject(desks, Rejection(desks.invoice(), Reason.NOT_DELIVERED))
    (again,) = desks.upload(line("INV-1"), again="delivered").results
    assert again.outcome.id and reasons(desks.confirm(promise(again.outcome.id))) == [""]


def test_what_waits_is_listed_by_due_date_with_its_warnings(desks: Desks) -> None:
    desks.upload(line("B", "2.00", due="2026-04-01"), line("A", "1.00"), line("C", "3.00", rest=",,per direct debit"))
    with desks.database.reading() as connection:
        waiting = queries.to_confirm(connection, desks.anchor)
        assert queries.to_confirm(connection, desks.other_anchor) == []
    assert [each.number for each in waiting] == ["A", "C", "B"]
    assert "direct debit" in waiting[1].warnings and waiting[0].supplier == "Ash Castings"


def test_the_number_of_statements_does_not_grow_with_the_batch(desks: Desks) -> None:
    counts = []
    for size in (10, 1000):
        report = desks.upload(*(line(f"S{size}-{n}", f"{n + 1}.00") for n in range(size)))
        made = desks.propose([promise(each.outcome.id or 0, each.amount_minor) for each in report.results])
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any, seen: list[str] = seen) -> None:
            seen.append(statement)

        event.listen(desks.database.engine, "before_cursor_execute", note)
        assert all(outcome.accepted for outcome in desks.accept(made))
        event.remove(desks.database.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert desks.rows(receivables) == 1010


def test_two_who_confirm_the_same_invoices_at_once_make_one_receivable_each(desks: Desks) -> None:
    ids = [desks.invoice(f"INV-{n}", f"{n}.00") for n in range(1, 6)]
    answers: list[list[Outcome]] = []

    def race(order: list[int]) -> None:
        answers.append(confirm_at_once(desks, *(promise(ids[n], (n + 1) * 100) for n in order)))

    racers = [threading.Thread(target=race, args=(order,)) for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0])]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(reasons(answers[0]) + reasons(answers[1])) == [""] * 5 + ["not_submitted"] * 5
    assert desks.rows(receivables) == 5


def test_a_command_that_fails_at_the_end_leaves_no_half(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    id, logs = desks.invoice(), desks.rows(command_logs)

    def fail(*_arguments: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr("scf.commands._remember", fail)
    with pytest.raises(RuntimeError):
        confirm_at_once(desks, promise(id))
    assert (desks.rows(receivables), desks.rows(confirmations), desks.rows(command_logs)) == (0, 0, logs)


def command_line(desks: Desks, *arguments: str) -> Result:
    return CliRunner().invoke(anchors_cli, arguments, obj=desks)


def test_the_command_line_proposes_accepts_and_rejects(desks: Desks) -> None:
    desks.upload(line("INV-1"), line("INV-2", "5.00"), line("INV-3", "7.00"))
    at = ("--as", "REG-Halberd")
    shown = command_line(desks, "pending", *at)
    assert shown.exit_code == 0 and "3 invoices wait" in shown.output
    refs = [row.split()[0] for row in shown.output.splitlines()[:3]]
    assert command_line(desks, "reject", *at, "--reason", "duplicate", refs[0]).exit_code == 0
    assert command_line(desks, "confirm", *at, "--maker", "Mona", refs[1]).exit_code == 0
    again = command_line(desks, "confirm", *at, "--maker", "Mona", refs[1])
    assert again.exit_code == 1 and "already proposed" in again.output
    every = command_line(desks, "confirm", *at, "--maker", "Mona", "--all", "--undertaking", "irrevocable")
    assert every.exit_code == 0 and every.output.count("waits for a checker") == 1
    assert command_line(desks, "accept", *at, "--checker", "Mona", "--all").exit_code == 1
    done = command_line(desks, "accept", *at, "--checker", "Carl", "--all")
    assert done.exit_code == 0 and done.output.count("confirmed by Carl") == 2
    assert "0 invoices wait" in command_line(desks, "pending", *at).output
    assert (desks.rows(receivables), desks.rows(proposals)) == (2, 2)
    assert command_line(desks, "confirm", *at, "--maker", "Mona").exit_code == 2
    assert command_line(desks, "confirm", *at, "--maker", "Mona", "adv_0000000000000").exit_code == 1
