"""Two keys that tell the same invoice sent twice: the exact fingerprint, and one that sees through disguises.

The *fingerprint* covers seller, buyer, number, issue date, amount and currency, the number read without regard to
case and blanks. It is meant for a UNIQUE index: equal fingerprints are the same claim, so nothing is left to judge.

The *disguise key* covers seller, buyer, kind and currency with the number as a forger or a tired typist may vary it:
INV-0042, inv 42 and INV-OO42 agree. Amount and date are left out, because they are what is changed first to slip
past an exact check. It is meant for a look-up that finds *candidates*: now and then two honest numbers agree
("1-11" and "11-1"), so a hit with another amount and date deserves a person's eyes rather than a refusal.

What it does not see through: another prefix (INV 42, BILL 42), digits swapped, zeros inside a run of digits.
"""

import re
import unicodedata
from datetime import date
from hashlib import sha256

from invoices.canonical import Kind, ParsedInvoice
from scf.organisations.registration import normal_id

# Letters of other alphabets that look like Latin ones, then the letters that look like digits.
_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧOIL",
    "ABEKMH0PCTX1SJABEZH1KMN0PTYX011",
)
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+")
_MARKS = re.compile(r"[\W_]+")
_SEPARATOR = "\x1f"


def plain_number(number: str) -> str:
    """An invoice number without blanks, in capitals: " inv-42 " → INV-42."""
    return "".join(number.split()).upper()


def normal_number(number: str) -> str:
    """An invoice number undisguised: INV-0042, inv 42 and INV-OO42 all give 1NV42.

    Capitals; O becomes 0, I and L become 1; zeros that lead a run of digits go, before
    punctuation does, so that 2026/007 and 2026-7 agree; then blanks and punctuation go. A number of nothing else stays.
    """
    if not number.isascii():
        number = unicodedata.normalize("NFKC", number)
    # before the letters become digits, or I01 would keep its zero, and after it, for OO42
    written = _LEADING_ZEROS.sub("", number.upper()).translate(_LOOK_ALIKES)
    return _MARKS.sub("", _LEADING_ZEROS.sub("", written)) or plain_number(number)


def fingerprint(seller_id: str, buyer_id: str, number: str, issue_on: date, amount_minor: int, currency: str) -> str:
    """The exact key, 64 hexadecimal digits; `amount_minor` is negative for a credit note."""
    parts = (
        normal_id(seller_id),
        normal_id(buyer_id),
        plain_number(number),
        issue_on.isoformat(),
        str(amount_minor),
        currency,
    )
    return sha256(_SEPARATOR.join(parts).encode()).hexdigest()


def disguise(seller_id: str, buyer_id: str, number: str, currency: str, kind: Kind = "invoice") -> str:
    """The key that finds a duplicate in disguise, 64 hexadecimal digits."""
    parts = (normal_id(seller_id), normal_id(buyer_id), normal_number(number), currency, kind)
    return sha256(_SEPARATOR.join(parts).encode()).hexdigest()


def keys(invoice: ParsedInvoice) -> tuple[str, str]:
    """Fingerprint and disguise key of an invoice whose seller and buyer the file itself identifies."""
    amount = -invoice.payable_minor if invoice.kind == "credit_note" else invoice.payable_minor
    seller, buyer, number, currency = invoice.seller_id, invoice.buyer_id, invoice.number, invoice.currency
    return (
        fingerprint(seller, buyer, number, invoice.issue_on, amount, currency),
        disguise(seller, buyer, number, currency, invoice.kind),
    )
