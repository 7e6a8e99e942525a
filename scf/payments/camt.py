"""Reads bank statements and notifications: ISO 20022 camt.053 and camt.054, every version from 2, by local names.

Booked entries only: what is pending or for information never becomes money here. Refuses whole files that are
another message, that declare entities, or that hold an amount finer than its currency; it never guesses an amount.
"""

from datetime import date
from typing import Literal

from lxml import etree

from scf.errors import FieldError, FileRefused
from scf.payments.bank_statement import Entry, Statement
from scf.payments.camt_detail import details
from scf.payments.camt_value import account_id, day_at, signed_minor
from scf.payments.xml_parse import SIZE_MAX, parse, text_at

_ADVICE = "send the bank's camt.053 (statement) or camt.054 (notification) as XML"
_BODIES: tuple[tuple[str, Literal["053", "054"], str], ...] = (
    ("BkToCstmrStmt", "053", "Stmt"),
    ("BkToCstmrDbtCdtNtfctn", "054", "Ntfctn"),
)
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)


def read(payload: bytes, size_max: int = SIZE_MAX) -> tuple[Statement, ...]:
    """All statements or notifications in the file, at least one. Raises `FileRefused`, saying what to send instead."""
    root = parse(payload, _ADVICE, size_max)
    for body_name, kind, part_name in _BODIES:
        body = root.find(body_name)
        if body is not None:
            return _statements(body, kind, part_name)
    names = [root.tag, *(child.tag for child in root)][:2]
    raise FileRefused(f"the file holds {' / '.join(map(str, names))}, which is no statement; {_ADVICE}")


def _statements(body: etree._Element, kind: Literal["053", "054"], part_name: str) -> tuple[Statement, ...]:
    parts = body.findall(part_name)
    if not parts:
        raise FileRefused(f"the camt.{kind} holds no {part_name}; {_ADVICE}")
    header = body.find("GrpHdr")
    if header is None:
        raise FileRefused(f"the camt.{kind} has no header; {_ADVICE}")
    return tuple(_statement(part, header, kind) for part in parts)


def _statement(part: etree._Element, header: etree._Element, kind: Literal["053", "054"]) -> Statement:
    statement_id = text_at(part, "Id")
    try:
        made_on = day_at(part, "CreDtTm") or day_at(header, "CreDtTm")
        currency = _currency(part)
        return Statement(
            kind=kind,
            message_id=text_at(header, "MsgId"),
            statement_id=statement_id,
            account=account_id(part.find("Acct")),
            currency=currency,
            sequence=_sequence(part),
            opening_minor=_balance_minor(part, _OPENING, currency),
            closing_minor=_balance_minor(part, _CLOSING, currency),
            booked_on=_closing_day(part),
            entries=_entries(part, made_on),
        )
    except FieldError as error:
        raise FileRefused(f"statement {statement_id!r}: {error}; ask the bank for a correct file") from None


def _currency(part: etree._Element) -> str:
    amounts = (part.find("Bal/Amt"), part.find("Ntry/Amt"))
    return text_at(part, "Acct/Ccy") or next((amount.get("Ccy") or "" for amount in amounts if amount is not None), "")


def _sequence(part: etree._Element) -> int | None:
    text = text_at(part, "ElctrncSeqNb", "LglSeqNb")
    return int(text) if text.isascii() and text.isdigit() else None


def _balances(part: etree._Element, codes: tuple[str, ...]) -> list[etree._Element]:
    by_code = [(text_at(balance, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry"), balance) for balance in part.iterfind("Bal")]
    return [balance for code in codes for found, balance in by_code if found == code]


def _balance_minor(part: etree._Element, codes: tuple[str, ...], currency: str) -> int | None:
    """The first balance of these types in the account's own currency; others are restatements for information."""
    for balance in _balances(part, codes):
        amount = balance.find("Amt")
        if amount is not None and amount.get("Ccy") == currency:
            return signed_minor(amount, text_at(balance, "CdtDbtInd"), "balance")
    return None


def _closing_day(part: etree._Element) -> date | None:
    for balance in _balances(part, _CLOSING):
        return day_at(balance, "Dt/Dt", "Dt/DtTm")
    return day_at(part, "FrToDt/ToDtTm")


def _entries(part: etree._Element, made_on: date | None) -> tuple[Entry, ...]:
    booked = (
        (number, entry)
        for number, entry in enumerate(part.iterfind("Ntry"), start=1)
        if text_at(entry, "Sts/Cd", "Sts") == "BOOK"
    )
    return tuple(_entry(entry, number, made_on) for number, entry in booked)


def _entry(entry: etree._Element, number: int, made_on: date | None) -> Entry:
    """One entry; a missing booking or value date is taken from the other, then from the day the statement was made."""
    # NtryRef numbers the entries of one message: it is another in the next message, and may be one used before
    bank_ref = text_at(entry, "AcctSvcrRef")
    field = f"entry {number} ({bank_ref})" if bank_ref else f"entry {number}"
    amount = entry.find("Amt")
    if amount is None:
        raise FieldError(field, "has no amount")
    booked_on = day_at(entry, "BookgDt/Dt", "BookgDt/DtTm")
    valued_on = day_at(entry, "ValDt/Dt", "ValDt/DtTm")
    day = booked_on or valued_on or made_on
    if day is None:
        raise FieldError(field, "has no date")
    minor = signed_minor(amount, text_at(entry, "CdtDbtInd"), field)
    currency = amount.get("Ccy") or ""
    return Entry(
        bank_ref=bank_ref,
        amount_minor=minor,
        currency=currency,
        booked_on=day,
        valued_on=valued_on or day,
        reversal=text_at(entry, "RvslInd") in ("true", "1"),
        details=details(entry, minor, currency, bank_ref, field),
    )
