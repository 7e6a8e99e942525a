"""Load parts of the engine: requests with all that deciding on them needs, in a fixed number of SELECTs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from scf.commands import Unit
from scf.db.bulk import among
from scf.factoring.eligibility import Case
from scf.factoring.models import advance_requests, advances
from scf.factoring.schedule import Schedule
from scf.limits.positions import LimitKey, LimitKind
from scf.organisations.models import organisations
from scf.programmes.models import enrolments
from scf.receivables.models import receivables


class Ask(NamedTuple):
    """A request with its receivable and enrolment, as read under the locks of the first two."""

    id: int
    status: str
    reserved_minor: int
    terms_id: int
    enrolment_id: int
    programme_id: int
    anchor_id: int
    supplier_id: int
    receivable_id: int
    ref: str
    currency: str
    face_minor: int
    due_on: date
    undertaking: str
    receivable_status: str


_ASK = (
    advance_requests.c.id,
    advance_requests.c.status,
    advance_requests.c.reserved_minor,
    advance_requests.c.terms_id,
    advance_requests.c.enrolment_id,
    enrolments.c.programme_id,
    enrolments.c.anchor_id,
    enrolments.c.supplier_id,
    advance_requests.c.receivable_id,
    receivables.c.ref,
    receivables.c.currency,
    # what is open is what is offered: a credit note before funding has lowered it
    receivables.c.open_minor,
    receivables.c.due_on,
    receivables.c.undertaking,
    receivables.c.status,
)


@dataclass(frozen=True, slots=True)
class Parties:
    """Groups of the parties of a batch and how long their anchors have been overdue in this book, in days."""

    heads: Mapping[int, int]
    overdue_days: Mapping[int, int]

    def affiliated(self, anchor_id: int, supplier_id: int) -> bool:
        """The anchor and the supplier have a head in common."""
        return self.head(anchor_id) == self.head(supplier_id)

    def head(self, organisation_id: int) -> int:
        """The head of an organisation's obligor group: itself when it has none."""
        return self.heads.get(organisation_id, organisation_id)


def lock_asks(unit: Unit, request_ids: Sequence[int]) -> dict[int, Ask]:
    """The requests of the book by id, with their receivables, both locked; one statement."""
    asked = _asked(unit.connection, unit.in_book().id, request_ids)
    rows = unit.connection.execute(asked.with_for_update(key_share=True, of=[advance_requests, receivables]))
    return {row[0]: Ask._make(row) for row in rows.all()}


def read_asks(connection: Connection, book_id: int, request_ids: Sequence[int]) -> dict[int, Ask]:
    """The same as they stand, for who only asks what would be decided; nothing is locked."""
    return {row[0]: Ask._make(row) for row in connection.execute(_asked(connection, book_id, request_ids)).all()}


def _asked(connection: Connection, book_id: int, request_ids: Sequence[int]) -> Select[Any]:
    return (
        select(*_ASK)
        .join(enrolments, enrolments.c.id == advance_requests.c.enrolment_id)
        .join(receivables, receivables.c.id == advance_requests.c.receivable_id)
        .where(among(connection, advance_requests.c.id, request_ids), advance_requests.c.book_id == book_id)
        .order_by(advance_requests.c.id)
    )


def parties(connection: Connection, on: date, pairs: Iterable[tuple[int, int]], book_id: int) -> Parties:
    """What is to be known of (anchor, supplier) pairs; two statements."""
    listed = set(pairs)
    ids = sorted({id for pair in listed for id in pair})
    heads = connection.execute(
        select(organisations.c.id, organisations.c.group_id).where(
            among(connection, organisations.c.id, ids), organisations.c.group_id.is_not(None)
        )
    )
    oldest = connection.execute(
        select(advances.c.anchor_id, func.min(advances.c.due_on))
        .where(
            among(connection, advances.c.anchor_id, sorted({anchor for anchor, _ in listed})),
            advances.c.book_id == book_id,
            advances.c.status == "funded",
            advances.c.due_on < on,
        )
        .group_by(advances.c.anchor_id)
    )
    return Parties(dict(heads.all()), {anchor: (on - due_on).days for anchor, due_on in oldest})


def limit_keys(programme_id: int, anchor_id: int, supplier_id: int, currency: str, known: Parties) -> list[LimitKey]:
    """The limits an advance may count against, in the order in which they are asked."""
    return [
        (LimitKind.ANCHOR, anchor_id, currency),
        (LimitKind.OBLIGOR_GROUP, known.head(anchor_id), currency),
        (LimitKind.SUPPLIER, supplier_id, currency),
        (LimitKind.PROGRAMME, programme_id, currency),
    ]


def case_of(
    face_minor: int, currency: str, undertaking: str, status: str, times: Schedule, overdue_days: int, affiliated: bool
) -> Case:
    """A case for the rules of eligibility."""
    return Case(
        face_minor,
        currency,
        undertaking,
        status,
        times.due_on,
        times.credited_on,
        times.tenor_days,
        overdue_days,
        affiliated,
    )
