"""Suspending limits and lifting the suspension: nothing new is approved or funded on a suspended limit.

The flag stands on the headroom account, under the lock that every reservation takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from scf.announcements import Announcement, announce
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.ledger import accounts as ledger_accounts
from scf.ledger.accounts import Accounts
from scf.limits import parts
from scf.limits.models import limits
from scf.limits.positions import LimitKey, LimitKind
from scf.outcomes import Outcome, done, refused

REASON_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Hold:
    """Suspend a limit for a reason of at most `REASON_LENGTH` characters; an empty reason lifts the suspension."""

    limit_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Facts:
    found: dict[LimitKey, int]
    accounts: Accounts


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    held: dict[int, str]


def _load(unit: Unit, batch: Sequence[Hold]) -> _Facts:
    wanted = bulk.among(unit.connection, limits.c.id, sorted({each.limit_id for each in batch}))
    rows = unit.connection.execute(
        select(limits.c.id, limits.c.kind, limits.c.holder_id, limits.c.currency).where(
            wanted, limits.c.book_id == unit.in_book().id
        )
    )
    found = {(LimitKind(kind), holder, currency): id for id, kind, holder, currency in rows}
    return _Facts(found, ledger_accounts.load(unit, parts.keys_of(found)))


def _decide(facts: _Facts, batch: Sequence[Hold]) -> _Plan:
    known = set(facts.found.values())
    plan = _Plan([], {})
    for each in batch:
        if each.limit_id not in known:
            plan.outcomes.append(refused("not_found", field="limit_id", remedy="give a limit of this book"))
        elif len(each.reason) > REASON_LENGTH:
            bound = f"{REASON_LENGTH} characters"
            plan.outcomes.append(refused("too_long", field="reason", value=each.reason, bound=bound))
        else:
            plan.outcomes.append(done(each.limit_id))
            plan.held[each.limit_id] = each.reason
    return plan


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    currency_of = {id: currency for (_, _, currency), id in facts.found.items()}
    parts.hold(unit, plan.held, currency_of, facts.accounts)
    announce(unit, [Announcement(unit.in_book().funder_id, "limit.changed", list(plan.held))])


HOLD = Command("limits.hold", ScopeKind.BOOK, _load, _decide, _write)
