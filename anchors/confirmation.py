"""The anchor's promise as a value: how much of an invoice it will pay, on which day, and how firmly."""

from dataclasses import dataclass
from datetime import date

from scf.programmes.terms import Undertaking


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A promise to pay `amount_minor` (1 up to the invoice's amount, in its currency) on `due_on`.

    Under four eyes the maker's id is written in by the proposal, whatever stood there; 0 otherwise.
    """

    invoice_id: int
    amount_minor: int
    currency: str
    due_on: date
    undertaking: Undertaking
    maker_id: int = 0
