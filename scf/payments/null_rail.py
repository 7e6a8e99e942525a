"""The development bank and test double: takes payment files, executes them, and reports scripted money as a bank would.

Kept in a folder, so that all processes see the same bank. It books a movement on its date, or on the next open day;
a day whose statement was given never changes: what arrives later goes to the next day. It has no clock, charges
nothing and knows no overdraft.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from scf.errors import FieldError, FileRefused
from scf.payments import camt_write, pain001_read
from scf.payments.bank_statement import Statement
from scf.payments.bank_text import iban, reference
from scf.payments.null_rail_folder import OnceFolder, json_bytes
from scf.payments.null_rail_history import History, StatementDay, give, read_history
from scf.payments.null_rail_movements import BOUNCED, CREDITS, INCOMING, OUT, Movement, MovementFolder, MovementKey
from scf.payments.rail import RailAnswer
from scf.payments.xml_parse import collapsed

_DAY = timedelta(days=1)
_CLOSED_MAX_DAYS = 31
_TEXT_MAX, _REFERENCE_MAX = 140, 35


@dataclass(frozen=True, slots=True)
class IncomingMoney:
    """Money that somebody will pay in: `amount_minor` > 0 in the account's currency, `bank_ref` unique at this bank.

    `text` are the remittance words (≤ 140 characters), `reference` structured references; `value_on` is the value date.
    """

    bank_ref: str
    payer_name: str
    payer_iban: str
    amount_minor: int
    value_on: date
    text: str = ""
    end_to_end_id: str = ""
    reference: str = ""


class NullRail:
    """One account. Objects on the same folder are the same bank; `is_open` says on which days it books."""

    def __init__(self, folder: Path, account_iban: str, currency: str, is_open: Callable[[date], bool]) -> None:
        self._iban = iban(account_iban, "account_iban")
        self._currency = currency
        self._is_open = is_open
        self._movements = MovementFolder.below(folder)
        self._given = OnceFolder(folder / "given", ".json")
        self._silent = OnceFolder(folder / "silent", ".json")

    def send(self, message_id: str, payload: bytes) -> RailAnswer:
        """Take a payment file; an id twice is one payment. Raises `FileRefused` for other bytes or another account."""
        payment_file = pain001_read.read(payload)
        stated = (payment_file.message_id, payment_file.debtor_iban, payment_file.currency)
        expected = (message_id, self._iban, self._currency)
        if stated != expected:
            raise FileRefused(f"the payment file is for {stated}, this account and message are {expected}")
        self._movements.out.put(message_id, payload)
        return RailAnswer.UNKNOWN if self._silent.take(message_id) else RailAnswer.ACCEPTED

    def notifications(self, on: date) -> list[bytes]:
        """One camt.054 with the credits and returns booked on that day so far; none when there are none."""
        history = read_history(self._given)
        given = [key for day in history.days if day.on == on for key in day.keys if key.kind in CREDITS]
        pending = [movement.key for booked_on, movement in self._pending(history, CREDITS) if booked_on == on]
        keys = sorted([*given, *pending])
        return [self._notification(on, keys)] if keys else []

    def statements(self, on: date) -> list[bytes]:
        """A camt.053 for each day with movements before `on` that no earlier ask was given; each ask has one answer."""
        history = read_history(self._given)
        if on in history.by_ask:
            return [self._statement(day) for day in history.by_ask[on]]
        if on < history.open_from:
            return []
        days = give(self._given, on, self._closed_days(history, on))
        return [self._statement(day) for day in days]

    def expect(self, money: IncomingMoney) -> None:
        """Script money coming in. The same again changes nothing; another under the same `bank_ref` is refused."""
        _check_incoming(money)
        row = {
            "payer_name": collapsed(money.payer_name),
            "payer_iban": iban(money.payer_iban, "payer_iban"),
            "amount_minor": money.amount_minor,
            "value_on": money.value_on.isoformat(),
            "text": collapsed(money.text),
            "end_to_end_id": money.end_to_end_id,
            "reference": collapsed(money.reference),
        }
        self._movements.incoming.put(money.bank_ref, json_bytes(row))

    def bounce(self, end_to_end_id: str, on: date, reason: str = "AC04") -> None:
        """Script a payout's return, at the earliest on its own day, with an ISO reason (AC04: account closed)."""
        if len(reason) != 4 or not reason.isalnum():
            raise FieldError("reason", f"{reason!r} is no ISO return reason such as AC04")
        row = {"on": on.isoformat(), "reason": reason}
        self._movements.bounced.put(reference(end_to_end_id, "end_to_end_id"), json_bytes(row))

    def stay_silent(self, message_id: str) -> None:
        """Script that the next sending of this message is taken, but the answer gets lost."""
        self._silent.put(message_id, b"{}")

    def _pending(self, history: History, kinds: Iterable[str]) -> list[tuple[date, Movement]]:
        """What no statement has shown, with the day on which it is booked, in the order of the keys."""
        shown = {key for day in history.days for key in day.keys}
        loaded = (self._movements.load(key) for key in sorted(self._movements.keys(kinds) - shown))
        return [
            (self._open_day(max(movement.not_before, history.open_from)), movement)
            for movement in loaded
            if movement is not None
        ]

    def _open_day(self, day: date) -> date:
        for _ in range(_CLOSED_MAX_DAYS):
            if self._is_open(day):
                return day
            day += _DAY
        raise FieldError("is_open", f"no open day within {_CLOSED_MAX_DAYS} days before {day}; check the calendar")

    def _closed_days(self, history: History, on: date) -> tuple[StatementDay, ...]:
        booked: defaultdict[date, list[Movement]] = defaultdict(list)
        for booked_on, movement in self._pending(history, (OUT, INCOMING, BOUNCED)):
            if booked_on < on:
                booked[booked_on].append(movement)
        earlier = history.days
        balance_minor, sequence = (earlier[-1].closing_minor, earlier[-1].sequence) if earlier else (0, 0)
        days = []
        for day in sorted(booked):
            opening_minor = balance_minor
            balance_minor += sum(movement.entry(day, self._currency).amount_minor for movement in booked[day])
            sequence += 1
            keys = tuple(movement.key for movement in booked[day])
            days.append(StatementDay(day, sequence, opening_minor, balance_minor, keys))
        return tuple(days)

    def _notification(self, on: date, keys: list[MovementKey]) -> bytes:
        # The count makes it another message when more money has come in since the last ask.
        message_id = f"054-{on:%Y%m%d}-{self._iban[-8:]}-{len(keys)}"
        return self._report("054", message_id, on, keys, None, None, None)

    def _statement(self, day: StatementDay) -> bytes:
        message_id = f"053-{day.on:%Y%m%d}-{self._iban[-8:]}"
        return self._report("053", message_id, day.on, day.keys, day.sequence, day.opening_minor, day.closing_minor)

    def _report(
        self,
        kind: Literal["053", "054"],
        message_id: str,
        on: date,
        keys: Iterable[MovementKey],
        sequence: int | None,
        opening_minor: int | None,
        closing_minor: int | None,
    ) -> bytes:
        movements = [movement for key in keys if (movement := self._movements.load(key)) is not None]
        statement = Statement(
            kind=kind,
            message_id=message_id,
            statement_id=message_id,
            account=self._iban,
            currency=self._currency,
            sequence=sequence,
            opening_minor=opening_minor,
            closing_minor=closing_minor,
            booked_on=on,
            entries=tuple(movement.entry(on, self._currency) for movement in movements),
        )
        return camt_write.write([statement])


def _check_incoming(money: IncomingMoney) -> None:
    reference(money.bank_ref, "bank_ref")
    if money.amount_minor <= 0:
        raise FieldError("amount_minor", f"{money.amount_minor} is not above zero")
    for field, text, length_max in (
        ("payer_name", money.payer_name, _TEXT_MAX),
        ("text", money.text, _TEXT_MAX),
        ("end_to_end_id", money.end_to_end_id, _REFERENCE_MAX),
        ("reference", money.reference, _REFERENCE_MAX),
    ):
        if len(text) > length_max or not text.isprintable():
            raise FieldError(field, f"must be one line of at most {length_max} printable characters")
