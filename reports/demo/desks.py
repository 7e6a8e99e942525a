"""What people decide: anchors confirm by two, suppliers ask, two bankers approve what a rule leaves to people."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.confirmation import Confirmation
from anchors.queries import ToConfirm, to_confirm
from anchors.reject import REJECT, Reason, Rejection
from invoices import queries as invoices
from invoices.demo_parties import ANCHORS
from reports.demo.agreements import Enrolled
from reports.demo.stage import ANCHOR, SUPPLIER, Stage
from scf.books.queries import Book
from scf.commands import in_book, in_organisation
from scf.factoring.approve import APPROVE_BY_PEOPLE, DECLINE, Approval, Decline
from scf.factoring.models import advance_requests
from scf.factoring.request import REQUEST, NewRequest
from scf.programmes.terms import Undertaking
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.receivables.models import receivables

# of the invoices an anchor looks at, in order
_REJECT_EVERY, _LOWER_EVERY = 17, 23
_LOWERED_PERCENT = 95
_CREDITED_PERCENT = 6


@dataclass(slots=True)
class Confirmed:
    """What the anchors decided, in numbers and minor units."""

    seen_count: int = 0
    rejected_count: int = 0
    lowered_count: int = 0
    confirmed_count: int = 0
    confirmed_minor: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that is not decided yet; its receivable's open face in minor units."""

    id: int
    enrolment_id: int
    receivable_id: int
    ref: str
    face_minor: int


def confirm(stage: Stage, anchor_id: int, so_far: Confirmed) -> None:
    """The anchor looks at everything that waits: a few are rejected, a few confirmed for less, all by two people."""
    with stage.running.database.reading() as connection:
        waiting = to_confirm(connection, anchor_id)
    rejections, confirmations = [], []
    for each in waiting:
        so_far.seen_count += 1
        if so_far.seen_count % _REJECT_EVERY == 0:
            rejections.append(Rejection(each.id, Reason.NOT_DELIVERED, "The goods are on back order"))
        else:
            confirmations.append(_confirmation(each, so_far))
    maker, checker = stage.person("Pia Prüfer", anchor_id, ANCHOR), stage.person("Franz Falk", anchor_id, ANCHOR)
    scope = in_organisation(anchor_id)
    so_far.rejected_count += len(stage.do(REJECT, rejections, checker, scope))
    proposed = stage.do(CONFIRM_BY_PEOPLE.propose, confirmations, maker, scope)
    so_far.confirmed_count += len(stage.do(CONFIRM_BY_PEOPLE.accept, proposed, checker, scope))
    so_far.confirmed_minor += sum(each.amount_minor for each in confirmations)


def _confirmation(each: ToConfirm, so_far: Confirmed) -> Confirmation:
    lowered = so_far.seen_count % _LOWER_EVERY == 0
    so_far.lowered_count += lowered
    amount_minor = each.amount_minor * _LOWERED_PERCENT // 100 if lowered else each.amount_minor
    return Confirmation(each.id, amount_minor, each.currency, each.due_on, Undertaking.CONDITIONAL)


def ask(stage: Stage, supplier_id: int, anchor_ids: Sequence[int], enrolments: Sequence[Enrolled]) -> None:
    """A supplier without standing instruction asks for an advance on everything confirmed, at its banks in turn."""
    anchors = dict(zip((party.name for party in ANCHORS), anchor_ids, strict=True))
    own = [each for each in enrolments if each.supplier_id == supplier_id and not each.standing]
    with stage.running.database.reading() as connection:
        standing = invoices.of_supplier(connection, supplier_id)
    new: list[NewRequest] = []
    for each in standing:
        choice = [enrolled for enrolled in own if enrolled.anchor_id == anchors[each.anchor]]
        if choice and each.receivable_id is not None and each.stands == "confirmed":
            new.append(NewRequest(each.receivable_id, choice[len(new) % len(choice)].id))
    clerk = stage.person("Vera Vogt", supplier_id, SUPPLIER)
    stage.do(REQUEST, new, clerk, in_organisation(supplier_id))


def waiting(stage: Stage, book: Book) -> list[Waiting]:
    """The requests of a book that nobody has decided, oldest first."""
    query = (
        select(
            advance_requests.c.id,
            advance_requests.c.enrolment_id,
            receivables.c.id,
            receivables.c.ref,
            receivables.c.open_minor,
        )
        .join(receivables, receivables.c.id == advance_requests.c.receivable_id)
        .where(advance_requests.c.book_id == book.id, advance_requests.c.status == "requested")
        .order_by(advance_requests.c.id)
    )
    with stage.running.database.reading() as connection:
        return [Waiting(*row) for row in connection.execute(query)]


def approve(stage: Stage, book: Book, enrolments: Sequence[Enrolled]) -> tuple[int, int]:
    """Two bankers approve what a rule left to people; returns how many, and how many wait for headroom still."""
    by_id = {each.id: each for each in enrolments}
    all_waiting = waiting(stage, book)
    referred = [each for each in all_waiting if by_id[each.enrolment_id].left_to_people(each.face_minor)]
    maker, checker, scope = stage.banker(book, "Mira Maas"), stage.banker(book, "Cleo Czerny"), in_book(book.id)
    proposed = stage.do(APPROVE_BY_PEOPLE.propose, [Approval(each.id) for each in referred], maker, scope)
    outcomes = stage.ask(APPROVE_BY_PEOPLE.accept, proposed, checker, scope)
    # what does not fit a limit today is proposed anew tomorrow
    left = [id for id, outcome in zip(proposed, outcomes, strict=True) if not outcome.accepted]
    stage.do(APPROVE_BY_PEOPLE.decline, left, checker, scope)
    approved = len(proposed) - len(left)
    return approved, len(all_waiting) - approved


def decline_and_ask_elsewhere(stage: Stage, book: Book, supplier_id: int, enrolments: Sequence[Enrolled]) -> str:
    """A bank declines a supplier's largest request; the supplier asks its other bank. Returns the invoice's number."""
    by_id = {each.id: each for each in enrolments if each.supplier_id == supplier_id}
    own = [each for each in waiting(stage, book) if each.enrolment_id in by_id]
    largest = max(own, key=lambda each: (each.face_minor, each.ref))
    reason = "Enough of this buyer for this month"
    stage.do(DECLINE, [Decline(largest.id, reason)], stage.banker(book), in_book(book.id))
    anchor_id = by_id[largest.enrolment_id].anchor_id
    other = next(each for each in by_id.values() if each.book.id != book.id and each.anchor_id == anchor_id)
    clerk = stage.person("Vera Vogt", supplier_id, SUPPLIER)
    stage.do(REQUEST, [NewRequest(largest.receivable_id, other.id)], clerk, in_organisation(supplier_id))
    return largest.ref


def credit_what_is_funded(stage: Stage, supplier_id: int) -> str:
    """A supplier credits a part of its largest funded invoice; the worker books the dilution. Returns its number."""
    with stage.running.database.reading() as connection:
        funded = [each for each in invoices.of_supplier(connection, supplier_id) if each.stands == "funded"]
    largest = max(funded, key=lambda each: (each.open_minor or 0, each.number))
    amount_minor = (largest.open_minor or 0) * _CREDITED_PERCENT // 100
    note = NewCreditNote(
        largest.receivable_id or 0, f"CN-{largest.number}", largest.currency, amount_minor, stage.today
    )
    clerk = stage.person("Vera Vogt", supplier_id, SUPPLIER)
    stage.do(CREDIT, [note], clerk, in_organisation(supplier_id))
    stage.running.work()
    return largest.number
