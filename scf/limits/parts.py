"""Load and write parts for commands that move limits: find them, lock their accounts, post one netted journal."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from scf.commands import Unit
from scf.db import bulk
from scf.ledger.accounts import Accounts, set_hold
from scf.ledger.chart import Owner
from scf.ledger.journal import AccountKey, Journal, account_keys
from scf.limits.models import limits
from scf.limits.positions import LimitKey, LimitKind, Position, Positions

_EVENT = "limit moved"


def find(unit: Unit, keys: Iterable[LimitKey]) -> dict[LimitKey, int]:
    """The ids of the limits that exist among `keys`; one statement."""
    return found_in(unit.connection, unit.in_book().id, keys)


def found_in(connection: Connection, book_id: int, keys: Iterable[LimitKey]) -> dict[LimitKey, int]:
    """The same, for who only reads."""
    wanted = set(keys)
    rows = connection.execute(
        select(limits.c.id, limits.c.kind, limits.c.holder_id, limits.c.currency).where(
            limits.c.book_id == book_id,
            bulk.among(connection, limits.c.holder_id, sorted({holder for _, holder, _ in wanted})),
        )
    )
    found = {(LimitKind(kind), holder, currency): id for id, kind, holder, currency in rows}
    return {key: id for key, id in found.items() if key in wanted}


def keys_of(found: dict[LimitKey, int]) -> list[AccountKey]:
    """The accounts of these limits, to be loaded with the command's other accounts in one SELECT."""
    return [
        key for (_, _, currency), id in found.items() for key in account_keys([_EVENT], {Owner.LIMIT: id}, currency)
    ]


def positions(found: dict[LimitKey, int], accounts: Accounts) -> Positions:
    """Positions as the locked accounts have them."""
    return Positions({key: _position(key, id, accounts) for key, id in found.items()})


def _position(key: LimitKey, id: int, accounts: Accounts) -> Position:
    kind, _, currency = key

    def balance(code: str) -> int:
        return accounts.balance_minor(code, id, currency)

    return Position(
        limit_id=id,
        kind=kind,
        currency=currency,
        headroom=balance("limit headroom"),
        reserved=balance("limit reserved"),
        drawn=balance("limit drawn"),
        excess=balance("limit excess"),
        hold=accounts.hold("limit headroom", id, currency),
    )


def journals(unit: Unit, moved: Positions) -> list[Journal]:
    """One journal a currency for all limits the command moved; its subject is the command."""
    by_currency: dict[str, list[Position]] = {}
    for position in moved.moved():
        by_currency.setdefault(position.currency, []).append(position)
    return [
        _journal(unit, occurrence, currency, by_currency[currency])
        for occurrence, currency in enumerate(sorted(by_currency), start=1)
    ]


def _journal(unit: Unit, occurrence: int, currency: str, moved: Sequence[Position]) -> Journal:
    parts = [({Owner.LIMIT: position.limit_id}, position.moves) for position in moved]
    return Journal(_EVENT, unit.command_id, occurrence, unit.business_date, currency, "", parts)


def add(unit: Unit, keys: Iterable[LimitKey]) -> dict[LimitKey, int]:
    """Make limits that are not there yet, at zero; returns their ids."""
    new = sorted(keys)
    ids = unit.ids.take(len(new))
    rows = [
        (id, unit.in_book().id, str(kind), holder, currency)
        for id, (kind, holder, currency) in zip(ids, new, strict=True)
    ]
    bulk.insert(unit.connection, limits, ("id", "book_id", "kind", "holder_id", "currency"), rows)
    return dict(zip(new, ids, strict=True))


def hold(unit: Unit, held: Mapping[int, str], currency_of: Mapping[int, str], accounts: Accounts) -> None:
    """Suspend limits (id → reason) or lift their suspension (empty reason), under the lock of their headroom."""
    by_reason: dict[str, list[int]] = {}
    for id, reason in held.items():
        by_reason.setdefault(reason, []).append(accounts.ids["limit headroom", id, currency_of[id]])
    for reason, account_ids in sorted(by_reason.items()):
        set_hold(unit.connection, account_ids, reason)
