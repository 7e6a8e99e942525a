"""How advances stand: what of the reserve, the loan, the face is left, from rows that only ever grow. Load parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select

from scf.commands import Unit
from scf.db.bulk import among
from scf.factoring import cases
from scf.factoring.cases import Parties
from scf.factoring.models import advances, dilutions, guarantee_calls
from scf.limits.positions import LimitKey
from scf.programmes.models import enrolments
from scf.receivables.models import receivables


@dataclass(frozen=True, slots=True)
class Call:
    """A guarantee called for an advance, "called" until the guarantor has paid it."""

    id: int
    guarantor_id: int
    amount_minor: int
    status: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An advance under its lock, with its receivable; amounts in minor units."""

    id: int
    ref: str
    kind: str
    status: str
    currency: str
    anchor_id: int
    supplier_id: int
    programme_id: int
    receivable_id: int
    terms_id: int
    face_minor: int
    open_minor: int
    advance_minor: int
    reserve_minor: int
    discount_minor: int
    credited_on: date
    due_on: date
    earns_to_on: date
    call: Call | None = None

    @property
    def lent(self) -> bool:
        """Lent with full recourse, not bought."""
        return self.kind == "lent"

    @property
    def held_minor(self) -> int:
        """Of the open face what is still the funder's: what its guarantor was called for is not."""
        return self.open_minor - self.called_minor

    @property
    def called_minor(self) -> int:
        """Of the open face what is the guarantor's: what comes is the funder's first, so his is what comes last."""
        return min(self.call.amount_minor, self.open_minor) if self.call else 0


@dataclass(frozen=True, slots=True)
class Diluted:
    """What dilutions have taken from one advance so far."""

    amount_minor: int = 0
    reserve_minor: int = 0
    claim_minor: int = 0


def lock(unit: Unit, *, advance_ids: Iterable[int] = (), receivable_ids: Iterable[int] = ()) -> dict[int, Standing]:
    """Advances of the book by id, found by their ids or their receivables', both rows locked; two statements.

    What guarantors were called for is read under the lock: a row that waits for it sees the advance as it is now, but
    what is joined to it as it was when the statement began.
    """
    ids, receivable_list = sorted(set(advance_ids)), sorted(set(receivable_ids))
    wanted = (
        among(unit.connection, advances.c.id, ids)
        if ids
        else among(unit.connection, advances.c.receivable_id, receivable_list)
    )
    rows = unit.connection.execute(
        select(
            advances.c.id,
            advances.c.ref,
            advances.c.kind,
            advances.c.status,
            advances.c.currency,
            advances.c.anchor_id,
            advances.c.supplier_id,
            enrolments.c.programme_id,
            advances.c.receivable_id,
            advances.c.terms_id,
            advances.c.face_minor,
            receivables.c.open_minor,
            advances.c.advance_minor,
            advances.c.reserve_minor,
            advances.c.discount_minor,
            advances.c.credited_on,
            advances.c.due_on,
            advances.c.earns_to_on,
        )
        .join(enrolments, enrolments.c.id == advances.c.enrolment_id)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .where(advances.c.book_id == unit.in_book().id, wanted)
        .order_by(advances.c.id)
        .with_for_update(key_share=True, of=[advances, receivables])
    ).all()
    called = _calls(unit, [row.id for row in rows])
    return {row.id: Standing(*[*row, called.get(row.id)]) for row in rows}


def _calls(unit: Unit, advance_ids: list[int]) -> dict[int, Call]:
    columns = guarantee_calls.c
    rows = unit.connection.execute(
        select(columns.advance_id, columns.id, columns.guarantor_id, columns.amount_minor, columns.status).where(
            among(unit.connection, columns.advance_id, advance_ids)
        )
    )
    return {row[0]: Call(*row[1:]) for row in rows}


def held_minor() -> ColumnElement[int]:
    """Of the open face what is the funder's, as a column: receivables outer-joined with the guarantees called."""
    left = receivables.c.open_minor - func.coalesce(guarantee_calls.c.amount_minor, 0)
    return case((left > 0, left), else_=0)


def diluted(unit: Unit, advance_ids: Iterable[int]) -> Mapping[int, Diluted]:
    """What dilutions have taken, by advance; one statement."""
    rows = unit.connection.execute(
        select(
            dilutions.c.advance_id,
            func.sum(dilutions.c.amount_minor),
            func.sum(dilutions.c.reserve_minor),
            func.sum(dilutions.c.claim_minor),
        )
        .where(among(unit.connection, dilutions.c.advance_id, sorted(set(advance_ids))))
        .group_by(dilutions.c.advance_id)
    )
    return {id: Diluted(int(amount), int(reserve), int(claim)) for id, amount, reserve, claim in rows}


def lent_left(standing: Standing, taken: Diluted) -> int:
    """What is left of a loan: collections repay it first, claims have taken the rest; 0 for a purchase."""
    if not standing.lent:
        return 0
    collected = standing.face_minor - standing.open_minor - taken.amount_minor
    return max(0, standing.advance_minor - collected - taken.claim_minor)


def reserve_left(standing: Standing, taken: Diluted) -> int:
    """What is left of the reserve of a purchase; a loan holds none."""
    return 0 if standing.lent else standing.reserve_minor - taken.reserve_minor


def limit_keys(standing: Standing, known: Parties) -> list[LimitKey]:
    """The limits an advance counts against."""
    return cases.limit_keys(standing.programme_id, standing.anchor_id, standing.supplier_id, standing.currency, known)
