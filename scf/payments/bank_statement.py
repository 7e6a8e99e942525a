"""What a bank says happened on an account, free of any file format.

Values only: what a movement means for payouts and collections is decided elsewhere.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Detail:
    """One transfer inside an entry. `amount_minor` is signed (+ credit, − debit), in the entry's currency.

    `end_to_end_id` is '' when the bank gives none; `reference` holds the structured references, a blank between
    several; `text` the free words; `name` and `account` the counterparty: the debtor of a credit, the creditor of a
    debit; `return_reason` an ISO code such as AC04 when the transfer came back, else ''. None of them is a key.
    """

    amount_minor: int
    end_to_end_id: str
    reference: str
    text: str
    name: str
    account: str
    return_reason: str
    bank_ref: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One booked movement. `amount_minor` is signed (+ credit, − debit); match the details, book the entry.

    `bank_ref` is the bank's own reference, the same in every message, '' when it gives none; `reversal` marks the
    undoing of an earlier entry (the sign is already that of this movement).
    """

    bank_ref: str
    amount_minor: int
    currency: str
    booked_on: date
    valued_on: date
    reversal: bool
    details: tuple[Detail, ...]

    @property
    def unexplained_minor(self) -> int:
        """What the details leave of the amount: charges taken by a bank, as a rule 0."""
        return self.amount_minor - sum(detail.amount_minor for detail in self.details)


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's movements: a statement ("053") or a notification ("054"), which has no balances.

    `currency` is '' and `account` too when the file does not say; `booked_on` is the day it closes; balances are
    booked ones, signed.
    """

    kind: Literal["053", "054"]
    message_id: str
    statement_id: str
    account: str
    currency: str
    sequence: int | None
    opening_minor: int | None
    closing_minor: int | None
    booked_on: date | None
    entries: tuple[Entry, ...]
