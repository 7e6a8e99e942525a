"""The invoice as every file format is brought to it, and what may be wrong with a row of a file.

Holds values only: it reads no file (`ubl`, `csv_file`), judges nothing (`checks`) and knows no database.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Kind = Literal["invoice", "credit_note"]

LIMIT_BYTES = 20 * 1024 * 1024
"""The largest invoice file taken unless the caller says otherwise."""


class ParsedInvoice(NamedTuple):
    """One invoice or credit note, as its file says, brought to one form.

    `row` counts from 1 in the file (1 for XML). `payable_minor` is what is left to pay (BT-115) in minor units of
    `currency`, ≥ 0: a negative invoice was turned into a credit note. `credited_number` is the invoice a credit note
    or correction refers to (BT-25). `payee_name` is empty unless somebody other than the seller is to be paid.
    Identifiers are normalised by `normal_id`; texts the file does not give are ''; `due_on` is None when not given.
    A named tuple, because making a frozen dataclass of so many fields takes as long as all the rest of a CSV row.
    """

    row: int
    kind: Kind
    number: str
    seller_id: str
    seller_name: str
    buyer_id: str
    buyer_name: str
    issue_on: date
    due_on: date | None
    due_text: str
    currency: str
    payable_minor: int
    order_ref: str
    credited_number: str
    payee_name: str
    notes: str


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row could not be read: `row` counts from 1, `field` is the heading or the XML element it is about."""

    row: int
    field: str
    message: str
