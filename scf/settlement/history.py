"""What became of collections and of losses, on the time lines of advances and of collections.

A supplier sees what was applied to its advances; late charges, losses and guarantees are the bank's to see.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from scf.db.bulk import among
from scf.factoring.models import advances, guarantee_calls
from scf.ledger.history import booked
from scf.routes import Caller
from scf.screens import History, Leads, Moment
from scf.settlement.models import applications, late_charges, losses
from scf.web import formats
from scf.web.own import in_my_books, mine_or_in_my_books
from scf.web.words import N_, _

READ = "settlement.read"
_TROUBLE = {
    "late charged": N_("Late charge"),
    "late charge waived": N_("Late charge waived"),
    "impaired": N_("Impaired"),
    "impairment released": N_("Impairment released"),
    "written off": N_("Written off"),
    "recovered": N_("Recovered"),
    "guarantee called": N_("Guarantee called"),
    "guarantee paid": N_("Guarantee paid"),
}


def _applied(caller: Caller) -> Select[Any]:
    """Applications to advances of one's own, or of one's books."""
    return (
        select(applications, advances.c.currency, advances.c.ref)
        .join(advances, advances.c.id == applications.c.advance_id)
        .where(mine_or_in_my_books(caller, advances.c.book_id, advances.c.supplier_id))
    )


def _of_advances(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    asked = _applied(caller).where(among(connection, applications.c.advance_id, ids))
    return [*_moments(caller, connection, asked, by_advance=True), *_trouble(caller, connection, ids)]


def _of_collections(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    asked = _applied(caller).where(
        among(connection, applications.c.collection_id, ids), in_my_books(caller, applications.c.book_id)
    )
    return _moments(caller, connection, asked.order_by(applications.c.id).limit(500), by_advance=False)


def _moments(caller: Caller, connection: Connection, asked: Select[Any], *, by_advance: bool) -> list[Moment]:
    rows = connection.execute(asked).all()
    journals = booked(caller, connection, [row.id for row in rows])
    found = []
    for row in rows:
        own = journals.get(row.id, ())
        amount = formats.money(row.face_minor + row.late_minor, row.currency)
        said = _("%(amount)s to %(ref)s", amount=amount, ref=row.ref)
        by_id = own[-1].by_id if own else None
        thing_id = row.advance_id if by_advance else row.collection_id
        if row.applied_at:
            ids = tuple(each.id for each in own)
            found.append(Moment(row.applied_at, N_("Collection applied"), by_id, said, ids, thing_id))
    return found


def _trouble(caller: Caller, connection: Connection, ids: Sequence[int]) -> list[Moment]:
    """What was charged, lost and called, by the journals about it."""
    of: dict[int, int] = {}
    for table in (late_charges, losses, guarantee_calls):
        asked = select(table.c.id, table.c.advance_id).where(
            among(connection, table.c.advance_id, ids), in_my_books(caller, table.c.book_id)
        )
        of |= dict(connection.execute(asked).all())
    return [
        Moment(each.at, _TROUBLE[each.event], each.by_id, "", (each.id,), of[subject_id])
        for subject_id, own in booked(caller, connection, list(of)).items()
        for each in own
        if each.event in _TROUBLE
    ]


def _to_collections(caller: Caller, connection: Connection, ids: Sequence[int]) -> Leads:
    asked = select(applications.c.collection_id).where(
        among(connection, applications.c.advance_id, ids), in_my_books(caller, applications.c.book_id)
    )
    return {"col": list(connection.execute(asked).scalars())}


HISTORIES = (
    History("adv", READ, _of_advances, _to_collections),
    History("col", READ, _of_collections),
)
