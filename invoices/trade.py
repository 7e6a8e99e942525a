"""Who a supplier may invoice, and in which currencies: a load part of the upload, in a fixed number of SELECTs.

Registration numbers are kept and read in their normal form, because files and registers write them differently.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from invoices.admit import Buyer, Trade
from scf.commands import Unit
from scf.db.bulk import among
from scf.errors import CommandError, FieldError
from scf.organisations import queries as organisations
from scf.organisations.models import organisations as organisation_table
from scf.programmes import queries as programmes


@dataclass(frozen=True, slots=True)
class Supplier:
    """The supplier as a file of invoices names it."""

    id: int
    name: str
    registration_ref: str


def find_supplier(connection: Connection, supplier_id: int) -> Supplier:
    """The supplier's name and registration. Raises `FieldError` when there is no such organisation."""
    table = organisation_table
    row = connection.execute(
        select(table.c.id, table.c.name, table.c.registration_ref).where(table.c.id == supplier_id)
    ).one_or_none()
    if row is None:
        raise FieldError("supplier", f"there is no organisation {supplier_id}")
    return Supplier(*row)


def load(unit: Unit, buyer_ids: Iterable[str]) -> Trade:
    """The trade of the organisation the command acts in.

    Its row stays locked: two uploads of one supplier wait for each other, so that neither misses the other's invoices.
    """
    own = organisation_table.c
    locked = select(own.registration_ref).where(own.id == unit.scope.id).with_for_update(key_share=True)
    registration = unit.connection.execute(locked).scalar_one_or_none()
    if registration is None:
        raise CommandError(f"there is no organisation {unit.scope.id}")
    return read(unit.connection, unit.scope.id, registration, unit.business_date, buyer_ids)


def read(connection: Connection, supplier_id: int, registration: str, on: date, buyer_ids: Iterable[str]) -> Trade:
    """The trade of a supplier on a day, without a lock: for whoever only looks."""
    found = organisations.by_registration(connection, buyer_ids)
    return Trade(supplier_id, registration, on, _buyers(connection, supplier_id, on), frozenset(found))


def _buyers(connection: Connection, supplier_id: int, on: date) -> dict[str, Buyer]:
    enrolments = programmes.enrolments_in_force(connection, on, supplier_id=supplier_id)
    terms = programmes.terms_by_id(connection, {each.terms_id for each in enrolments})
    currencies: dict[int, set[str]] = {each.anchor_id: set() for each in enrolments}
    for each in enrolments:
        if each.terms_id in terms:
            currencies[each.anchor_id].add(terms[each.terms_id].currency)
    own = organisation_table.c
    refs = connection.execute(select(own.id, own.registration_ref).where(among(connection, own.id, sorted(currencies))))
    return {ref: Buyer(id, frozenset(currencies[id])) for id, ref in refs}
