"""What moves on the development bank's account: payment files taken, money scripted, payouts scripted to return.

Says what and from which day; on which day it is booked is decided by `null_rail`.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from scf.payments import pain001_read
from scf.payments.bank_statement import Detail, Entry
from scf.payments.null_rail_folder import OnceFolder
from scf.payments.pain001 import PaymentFile, PayoutLine

OUT, INCOMING, BOUNCED = "out", "incoming", "bounced"
CREDITS = (INCOMING, BOUNCED)


@dataclass(frozen=True, slots=True, order=True)
class MovementKey:
    """Which file in the bank's folder a movement comes from: `kind` is the folder, `name` the id in it."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement: not booked before `not_before`; `valued_on` is None where the value follows the booking."""

    key: MovementKey
    not_before: date
    valued_on: date | None
    bank_ref: str
    details: tuple[Detail, ...]

    def entry(self, booked_on: date, currency: str) -> Entry:
        """The statement entry once the day is known."""
        amount_minor = sum(detail.amount_minor for detail in self.details)
        valued_on = self.valued_on or booked_on
        return Entry(self.bank_ref, amount_minor, currency, booked_on, valued_on, False, self.details)


@dataclass(frozen=True, slots=True)
class MovementFolder:
    """The three kinds of files: payment files (`out`), scripted credits (`incoming`), scripted returns (`bounced`)."""

    out: OnceFolder
    incoming: OnceFolder
    bounced: OnceFolder

    @classmethod
    def below(cls, folder: Path) -> "MovementFolder":
        """The files of the bank kept in `folder`."""
        return cls(
            OnceFolder(folder / OUT, ".xml"),
            OnceFolder(folder / INCOMING, ".json"),
            OnceFolder(folder / BOUNCED, ".json"),
        )

    def keys(self, kinds: Iterable[str]) -> set[MovementKey]:
        """Everything there is of these kinds."""
        folders = {OUT: self.out, INCOMING: self.incoming, BOUNCED: self.bounced}
        return {MovementKey(kind, name) for kind in kinds for name in folders[kind].names()}

    def load(self, key: MovementKey) -> Movement | None:
        """The movement behind a key; None for a return whose payout has not been sent yet."""
        readers = {OUT: self._payout, INCOMING: self._incoming, BOUNCED: self._return}
        return readers[key.kind](key)

    def _payout(self, key: MovementKey) -> Movement:
        payment_file = pain001_read.read(self.out.read(key.name))
        ref = _bank_ref(key)
        details = tuple(
            _line_detail(line, -line.amount_minor, "", f"{ref}-{number}")
            for number, line in enumerate(payment_file.lines, start=1)
        )
        return Movement(key, payment_file.execution_on, None, ref, details)

    def _incoming(self, key: MovementKey) -> Movement:
        row = json.loads(self.incoming.read(key.name))
        valued_on = date.fromisoformat(row["value_on"])
        detail = Detail(
            amount_minor=row["amount_minor"],
            end_to_end_id=row["end_to_end_id"],
            reference=row["reference"],
            text=row["text"],
            name=row["payer_name"],
            account=row["payer_iban"],
            return_reason="",
            bank_ref=key.name,
        )
        return Movement(key, valued_on, valued_on, key.name, (detail,))

    def _return(self, key: MovementKey) -> Movement | None:
        found = self._find_line(key.name)
        if found is None:
            return None
        payment_file, line = found
        row = json.loads(self.bounced.read(key.name))
        ref = _bank_ref(key)
        not_before = max(date.fromisoformat(row["on"]), payment_file.execution_on)
        return Movement(key, not_before, None, ref, (_line_detail(line, line.amount_minor, row["reason"], ref),))

    def _find_line(self, end_to_end_id: str) -> tuple[PaymentFile, PayoutLine] | None:
        for name in self.out.names():
            payload = self.out.read(name)
            # Searching the bytes first spares parsing every file that was ever sent.
            if f">{end_to_end_id}<".encode() not in payload:
                continue
            payment_file = pain001_read.read(payload)
            for line in payment_file.lines:
                if line.end_to_end_id == end_to_end_id:
                    return payment_file, line
        return None


def _line_detail(line: PayoutLine, amount_minor: int, return_reason: str, bank_ref: str) -> Detail:
    return Detail(
        amount_minor=amount_minor,
        end_to_end_id=line.end_to_end_id,
        reference="",
        text=line.remittance,
        name=line.creditor_name,
        account=line.creditor_iban,
        return_reason=return_reason,
        bank_ref=bank_ref,
    )


def _bank_ref(key: MovementKey) -> str:
    """The bank's own reference: always the same for the same movement, and never one that a caller chose."""
    return "NB" + sha256(f"{key.kind}:{key.name}".encode()).hexdigest()[:20].upper()
