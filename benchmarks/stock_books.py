"""The ledger of a stock: journals with their postings, running totals of accounts with a floor, and closed days."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from benchmarks.seed import EUR
from scf.ids import Ids
from scf.ledger.chart import CHART
from scf.ledger.models import account_days, accounts, journals, postings

Rows = tuple[Any, Sequence[str], list[Any]]
AccountOf = tuple[int, str, int]  # book, code, owner

_JOURNAL = (
    "id", "book_id", "event", "subject_id", "occurrence", "value_date", "business_date", "command_id", "ref",
)  # fmt: skip
_POSTING = ("journal_id", "line", "book_id", "currency", "debit_account_id", "credit_account_id", "amount_minor")
_ACCOUNT = (
    "id", "book_id", "code", "owner_id", "currency", "debit_normal", "floored", "debit_minor", "credit_minor", "hold",
)  # fmt: skip
_DAY = ("account_id", "business_date", "value_date", "book_id", "debit_minor", "credit_minor")


class Ledger:
    """Posts, and remembers what came onto which account on which day."""

    def __init__(
        self,
        ids: Ids,
        held: Mapping[AccountOf, tuple[int, int, int]],
        limits: Mapping[tuple[int, int], int],
        today: date,
    ) -> None:
        self._ids = ids
        self._known = {key: id for key, (id, _debit, _credit) in held.items()}
        self._before = {id: (debit, credit) for id, debit, credit in held.values()}
        self._limits = limits
        self._today = today
        self._made: list[tuple[int, AccountOf]] = []
        # debit and credit by account and day
        self._moved: dict[tuple[int, int, date], list[int]] = defaultdict(lambda: [0, 0])
        # floored accounts' totals
        self._totals: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        self._journals: list[Any] = []
        self._postings: list[Any] = []
        # what comes once a day: (book, event, day) to (debit, credit) to the amount
        self._daily: dict[tuple[int, str, date], dict[tuple[AccountOf, AccountOf], int]] = defaultdict(
            lambda: defaultdict(int)
        )
        self._floored: set[int] = {id for (_b, code, _o), id in self._known.items() if CHART[code].floored}

    def account(self, key: AccountOf) -> int:
        """The id of an account, made when it is new."""
        id = self._known.get(key)
        if id is None:
            id = self._known[key] = self._ids.one()
            self._made.append((id, key))
            if CHART[key[1]].floored:
                self._floored.add(id)
        return id

    def post(
        self,
        id: int,
        book_id: int,
        event: str,
        subject_id: int,
        on: date,
        ref: str,
        legs: Sequence[tuple[int, int, int]],
    ) -> None:
        """One journal; legs are (debit account, credit account, amount)."""
        self._journals.append((id, book_id, event, subject_id, 1, on, on, 0, ref))
        for line, (debit, credit, amount) in enumerate(legs):
            self._postings.append((id, line, book_id, EUR, debit, credit, amount))
            self._moved[debit, book_id, on][0] += amount
            self._moved[credit, book_id, on][1] += amount
            if debit in self._floored:
                self._totals[debit][0] += amount
            if credit in self._floored:
                self._totals[credit][1] += amount

    def daily(self, book_id: int, event: str, on: date, debit: AccountOf, credit: AccountOf, amount: int) -> None:
        """Add to what is posted once a day."""
        if amount:
            self._daily[book_id, event, on][debit, credit] += amount

    def drawn(self, book_id: int, holder_id: int, amount: int, reserved: int) -> None:
        """What is in use of a limit today."""
        limit = self._limits[book_id, holder_id]
        headroom = (book_id, "limit headroom", limit)
        self.daily(book_id, "limit moved", self._today, headroom, (book_id, "limit drawn", limit), amount)
        self.daily(book_id, "limit moved", self._today, headroom, (book_id, "limit reserved", limit), reserved)

    def taken(self) -> Iterator[Rows]:
        """What was posted since it was last asked for."""
        yield journals, _JOURNAL, self._journals
        yield postings, _POSTING, self._postings
        self._journals, self._postings = [], []

    def closed(self) -> Iterator[Rows]:
        """The daily journals, new accounts with their totals, and the totals of closed days."""
        several = sorted(self._daily.items(), key=lambda each: each[0][2])
        for id, ((book_id, event, on), sums) in zip(self._ids.take(len(several)), several, strict=True):
            legs = [(self.account(debit), self.account(credit), amount) for (debit, credit), amount in sums.items()]
            self.post(id, book_id, event, id, on, on.isoformat(), legs)
        yield from self.taken()
        made = []
        for id, (book_id, code, owner_id) in self._made:
            debit, credit = self._totals[id]
            line = CHART[code]
            made.append((id, book_id, code, owner_id, EUR, line.debit_normal, line.floored, debit, credit, ""))
        yield accounts, _ACCOUNT, made
        days = [(account, on, on, book, *sums) for (account, book, on), sums in self._moved.items() if on < self._today]
        yield account_days, _DAY, days

    def totals(self) -> Iterator[tuple[int, int, int]]:
        """The running totals of the accounts that were there before: (id, debit, credit)."""
        for id, (debit, credit) in self._before.items():
            if id in self._floored and (self._totals[id][0] or self._totals[id][1]):
                yield id, debit + self._totals[id][0], credit + self._totals[id][1]
