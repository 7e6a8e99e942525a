"""Instructing payouts: parts for the commands that owe money to a supplier. The pay-out step sends them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from scf.commands import Unit
from scf.db import bulk
from scf.payments.models import payouts

_COLUMNS = (
    "id", "beneficiary_id", "ref", "currency", "amount_minor", "pay_on", "for_id", "book_id", "instructed_on",
    "instructed_at", "status", "version",
)  # fmt: skip


class NewPayout(NamedTuple):
    """Money to go to a party on `pay_on`, not before, for an advance; `ref` is for people and stands on the payment."""

    id: int
    beneficiary_id: int
    ref: str
    currency: str
    amount_minor: int
    pay_on: date
    for_id: int


def instruct(unit: Unit, new: Sequence[NewPayout]) -> None:
    """Write payouts to be sent with the first payment file on or after their day."""
    rest = (unit.in_book().id, unit.business_date, unit.at, "instructed", 1)
    bulk.insert(unit.connection, payouts, _COLUMNS, [(*payout, *rest) for payout in new])
