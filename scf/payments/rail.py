"""The port to a bank: payment files go out, statements come in. No adapter decides anything about money."""

from datetime import date
from enum import StrEnum
from typing import Protocol


class RailAnswer(StrEnum):
    """What is known after sending: ask again under the same message id when it is `UNKNOWN`, never send anew."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"


class PaymentRail(Protocol):
    """One account at one bank. Every call may be repeated and changes nothing the second time."""

    def send(self, message_id: str, payload: bytes) -> RailAnswer:
        """Hand over a payment file; an id twice is one payment. Raises `FileRefused` when the bank will not take it."""
        ...

    def notifications(self, on: date) -> list[bytes]:
        """camt.054 files for what was credited on the business date `on`, so far."""
        ...

    def statements(self, on: date) -> list[bytes]:
        """camt.053 files of the business dates before `on` not given at an earlier date, oldest first."""
        ...
