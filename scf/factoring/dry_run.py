"""What changing a limit would do, before anybody does it: where it would stand, and which waiting requests it turns.

The commands' own decisions are run on what stands now, once as it is and once as it would be; nothing is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection, select

from scf.books.queries import Book
from scf.db.said import says
from scf.factoring import approve, set_limit
from scf.factoring.approve import Approval, Facts
from scf.factoring.cases import Ask
from scf.factoring.models import advance_requests
from scf.factoring.set_limit import Ceiling, held_by
from scf.limits import parts as limits
from scf.limits.positions import LimitKey, LimitKind, Position, Positions
from scf.organisations.models import organisations
from scf.outcomes import Refusal
from scf.programmes.models import enrolments

LOOKED_AT = 500


class Turned(NamedTuple):
    """A waiting request, and why approving it would be refused as the limit is, and as it would be."""

    ask: Ask
    before: Refusal | None
    after: Refusal | None

    @property
    def is_turned(self) -> bool:
        """The change lets it pass, or stops it."""
        return (self.before is None) != (self.after is None)


@dataclass(frozen=True, slots=True)
class Change:
    """A limit before (None: there is none) and after a change; the requests that wait on it, in their order.

    `refusal` is why the change itself would be refused; `is_all` is false when more requests wait than were looked at.
    """

    key: LimitKey
    before: Position | None
    after: Position | None
    requests: Sequence[Turned]
    is_all: bool
    refusal: Refusal | None = None

    @property
    def turned(self) -> Sequence[Turned]:
        """The requests that the change turns."""
        return [each for each in self.requests if each.is_turned]


def would_set(connection: Connection, book: Book, ceiling: Ceiling) -> Change:
    """What setting a ceiling would do."""
    facts = set_limit.look(connection, book.id, [ceiling])
    plan = set_limit.decided(facts, [ceiling])
    found = {key: id for key, id in facts.found.items() if id > 0}
    before = limits.positions(found, facts.accounts).by_key.get(ceiling.key)
    refusal = plan.outcomes[0].refusal
    if refusal is not None:
        return Change(ceiling.key, before, None, (), True, refusal)
    return _change(connection, book, ceiling.key, before, plan.positions.by_key[ceiling.key])


def would_hold(connection: Connection, book: Book, key: LimitKey, reason: str) -> Change:
    """What suspending a limit would do, or with an empty reason lifting its suspension."""
    found = limits.found_in(connection, book.id, [key])
    accounts = set_limit.look(connection, book.id, [Ceiling(*key, 0)]).accounts
    before = limits.positions(found, accounts).by_key.get(key)
    if before is None:
        return Change(key, None, None, (), True, Refusal("not_found", "limit_id", remedy="give a limit of this book"))
    return _change(connection, book, key, before, replace(before, hold=reason))


def _change(connection: Connection, book: Book, key: LimitKey, before: Position | None, after: Position) -> Change:
    ids = _waiting(connection, book.id, key)
    facts = approve.look(connection, book, ids[:LOOKED_AT])
    now, then = _decided(facts, {}), _decided(facts, {key: after})
    requests = [Turned(ask, now[ask.id], then[ask.id]) for ask in facts.asks.values()]
    return Change(key, before, after, requests, len(ids) <= LOOKED_AT)


def _decided(facts: Facts, changed: Mapping[LimitKey, Position]) -> dict[int, Refusal | None]:
    """What each request would be told, one after the other in the order in which they were made."""
    standing = limits.positions(facts.found, facts.accounts).by_key
    by_key = {**standing, **{key: replace(each, moves={}) for key, each in changed.items()}}
    batch = [Approval(id) for id in facts.asks]
    outcomes = approve.decided(facts, batch, Positions(by_key)).outcomes
    return {each.request_id: outcome.refusal for each, outcome in zip(batch, outcomes, strict=True)}


def _waiting(connection: Connection, book_id: int, key: LimitKey) -> list[int]:
    kind, holder, currency = key
    if kind is LimitKind.GUARANTOR:
        return []
    rows = connection.execute(
        select(advance_requests.c.id)
        .join(enrolments, enrolments.c.id == advance_requests.c.enrolment_id)
        .join(organisations, organisations.c.id == enrolments.c.anchor_id)
        .where(advance_requests.c.book_id == book_id, says(advance_requests.c.status, "requested", "approved"))
        .where(says(advance_requests.c.status, "requested"), advance_requests.c.currency == currency)
        .where(held_by(kind, holder))
        .order_by(advance_requests.c.id)
        .limit(LOOKED_AT + 1)
    )
    return list(rows.scalars())
