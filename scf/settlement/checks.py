"""The ledger beside the rows it was posted from: every difference is a finding. Runs nightly, beside `ledger.checks`.

It reads only, and repairs nothing: a finding is for people.
"""

from collections.abc import Callable

from sqlalchemy import Connection, case, func, select

from scf.factoring.models import advances, dilutions
from scf.ledger import queries
from scf.ledger.chart import CHART
from scf.ledger.checks import Finding
from scf.limits.queries import Standing, standings
from scf.receivables.models import receivables
from scf.settlement import objects
from scf.settlement.models import applications, losses
from scf.settlement.objects import Sums


def findings(connection: Connection, book_id: int) -> list[Finding]:
    """All that the ledger of a book says otherwise than its objects; empty when they agree."""
    return [finding for check in _CHECKS for finding in check(connection, book_id)]


def accounts_agree(connection: Connection, book_id: int) -> list[Finding]:
    """Each account that objects can be added up for has exactly their sum."""
    booked: dict[str, Sums] = {}
    for balance in queries.balances(connection, book_id):
        if balance.net_minor:
            normal = balance.net_minor if CHART[balance.code].debit_normal else -balance.net_minor
            booked.setdefault(balance.code, {})[balance.owner_id, balance.currency] = normal
    return [
        Finding("accounts agree", f"{code}/{owner} {currency}: ledger {ledger}, objects {added}")
        for code, add_up in objects.ACCOUNTS.items()
        for (owner, currency), ledger, added in _unlike(booked.get(code, {}), add_up(connection, book_id))
    ]


def faces_agree(connection: Connection, book_id: int) -> list[Finding]:
    """What is open of a receivable is its funded face less what was applied and diluted."""
    applied = objects.summed(applications.c.advance_id, applications.c.face_minor)
    diluted = objects.summed(dilutions.c.advance_id, dilutions.c.amount_minor)
    expected = advances.c.face_minor - objects.or0(applied) - objects.or0(diluted)
    rows = connection.execute(
        select(advances.c.ref, receivables.c.open_minor, expected)
        .join(receivables, receivables.c.id == advances.c.receivable_id)
        .outerjoin(applied, applied.c.key == advances.c.id)
        .outerjoin(diluted, diluted.c.key == advances.c.id)
        .where(advances.c.book_id == book_id, receivables.c.open_minor != expected)
    )
    return [Finding("faces agree", f"{ref}: {open_minor} open, rows say {left}") for ref, open_minor, left in rows]


def limits_agree(connection: Connection, book_id: int) -> list[Finding]:
    """Of each limit: reserved is what approvals reserved, drawn is what is at risk; over its ceiling only as excess."""
    reserved, drawn = objects.reserved(connection, book_id), objects.drawn(connection, book_id)
    found = []
    for each in standings(connection, book_id):
        key = (each.kind, each.holder_id, each.currency)
        added = (reserved.get(key, 0), drawn.get(key, 0))
        if (each.reserved_minor, each.drawn_minor) != added or _over(each):
            stands = f"ceiling {each.ceiling_minor}, reserved {each.reserved_minor}, drawn {each.drawn_minor}"
            found.append(Finding("limits agree", f"{key}: {stands}, objects {added}"))
    return found


def allowances_end(connection: Connection, book_id: int) -> list[Finding]:
    """An advance that is settled or written off has no allowance left: it was used, or released."""
    built = case((losses.c.kind == "impaired", losses.c.amount_minor), else_=-losses.c.amount_minor)
    left = func.sum(built)
    rows = connection.execute(
        select(advances.c.ref, advances.c.status, left)
        .join(losses, losses.c.advance_id == advances.c.id)
        .where(advances.c.book_id == book_id, advances.c.status != "funded", losses.c.kind != "recovered")
        .group_by(advances.c.id, advances.c.ref, advances.c.status)
        .having(left != 0)
        .order_by(advances.c.id)
    )
    return [Finding("allowances end", f"{ref}: {status}, allowance {amount}") for ref, status, amount in rows]


def _over(each: Standing) -> bool:
    return each.reserved_minor + each.drawn_minor > each.ceiling_minor + each.excess_minor


def _unlike(ledger: Sums, added: Sums) -> list[tuple[tuple[int, str], int, int]]:
    keys = sorted(ledger.keys() | {key for key, amount in added.items() if amount})
    return [(key, ledger.get(key, 0), added.get(key, 0)) for key in keys if ledger.get(key) != added.get(key)]


_CHECKS: tuple[Callable[[Connection, int], list[Finding]], ...] = (
    accounts_agree,
    faces_agree,
    limits_agree,
    allowances_end,
)
