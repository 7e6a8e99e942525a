"""Writes camt.053.001.08 and camt.054.001.08 as a bank would: for the development bank and for tests.

Same statements, same bytes; what `camt.read` reads back is equal to what was written. Refuses a mixture of kinds and
balances that are missing or do not belong there; lengths are the caller's care.
"""

import re
from collections.abc import Sequence
from datetime import date

from lxml import etree

from scf.errors import FieldError
from scf.money import decimal_string
from scf.payments.bank_statement import Detail, Entry, Statement
from scf.payments.camt_detail import LINE_MAX
from scf.payments.xml_build import MessageTree
from scf.payments.xml_parse import collapsed

_MESSAGES = {
    "053": ("camt.053.001.08", "BkToCstmrStmt", "Stmt"),
    "054": ("camt.054.001.08", "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Za-z0-9]{1,30}")
# Bank transaction codes: family and sub-family of received, issued and returned credit transfers.
_CREDIT, _DEBIT, _RETURN = ("RCDT", "ESCT"), ("ICDT", "ESCT"), ("ICDT", "RRTN")


def write(statements: Sequence[Statement]) -> bytes:
    """One message with all the statements, which share kind, message id and (for its making) the first one's day.

    Raises `FieldError` for none, for a mixture, without a day, and for balances where there must be some (053) or
    none (054).
    """
    _check(statements)
    first = statements[0]
    message, body, part_name = _MESSAGES[first.kind]
    tree = MessageTree(message, body)
    tree.add_all(tree.add(tree.body, "GrpHdr"), ("MsgId", first.message_id), ("CreDtTm", _closing_instant(first)))
    for statement in statements:
        _add_statement(tree, tree.add(tree.body, part_name), statement)
    return tree.to_bytes()


def _check(statements: Sequence[Statement]) -> None:
    if len({(statement.kind, statement.message_id) for statement in statements}) != 1:
        raise FieldError("statements", "give at least one, all of one kind and one message id")
    for statement in statements:
        balances = (statement.opening_minor, statement.closing_minor)
        if statement.booked_on is None:
            raise FieldError("booked_on", f"statement {statement.statement_id} needs its day")
        if (statement.kind == "053" and None in balances) or (statement.kind == "054" and balances != (None, None)):
            raise FieldError("opening_minor", "a statement has both balances, a notification none")


def _day(statement: Statement) -> date:
    if statement.booked_on is None:
        raise FieldError("booked_on", f"statement {statement.statement_id} needs its day")
    return statement.booked_on


def _closing_instant(statement: Statement) -> str:
    return f"{_day(statement)}T23:59:59"


def _add_statement(tree: MessageTree, part: etree._Element, statement: Statement) -> None:
    sequence = "" if statement.sequence is None else str(statement.sequence)
    closing = _closing_instant(statement)
    tree.add_all(part, ("Id", statement.statement_id), ("ElctrncSeqNb", sequence), ("CreDtTm", closing))
    tree.add_all(tree.add(part, "FrToDt"), ("FrDtTm", f"{_day(statement)}T00:00:00"), ("ToDtTm", closing))
    account = tree.add(part, "Acct")
    _add_account_id(tree, account, statement.account)
    tree.add(account, "Ccy", statement.currency)
    for code, minor in (("OPBD", statement.opening_minor), ("CLBD", statement.closing_minor)):
        if minor is not None:
            balance = tree.add(part, "Bal")
            tree.add(balance, "Tp/CdOrPrtry/Cd", code)
            _add_amount(tree, balance, minor, statement.currency)
            tree.add(balance, "Dt/Dt", _day(statement).isoformat())
    for entry in statement.entries:
        _add_entry(tree, tree.add(part, "Ntry"), entry)


def _add_account_id(tree: MessageTree, account: etree._Element, text: str) -> None:
    tree.add(account, "Id/IBAN" if _IBAN.fullmatch(text) else "Id/Othr/Id", text)


def _add_amount(tree: MessageTree, parent: etree._Element, minor: int, currency: str) -> None:
    tree.add(parent, "Amt", decimal_string(abs(minor), currency), currency)
    tree.add(parent, "CdtDbtInd", "DBIT" if minor < 0 else "CRDT")


def _add_entry(tree: MessageTree, element: etree._Element, entry: Entry) -> None:
    _add_amount(tree, element, entry.amount_minor, entry.currency)
    tree.add_all(
        element,
        ("RvslInd", "true" if entry.reversal else "false"),
        ("Sts/Cd", "BOOK"),
        ("BookgDt/Dt", entry.booked_on.isoformat()),
        ("ValDt/Dt", entry.valued_on.isoformat()),
        ("AcctSvcrRef", entry.bank_ref),
    )
    family, sub_family = _transaction_code(entry)
    domain = tree.add(element, "BkTxCd/Domn")
    tree.add(domain, "Cd", "PMNT")
    tree.add_all(tree.add(domain, "Fmly"), ("Cd", family), ("SubFmlyCd", sub_family))
    transfers = tree.add(element, "NtryDtls")
    for detail in entry.details:
        _add_detail(tree, tree.add(transfers, "TxDtls"), detail, entry.currency)


def _transaction_code(entry: Entry) -> tuple[str, str]:
    if entry.details and all(detail.return_reason for detail in entry.details):
        return _RETURN
    return _DEBIT if entry.amount_minor < 0 else _CREDIT


def _add_detail(tree: MessageTree, element: etree._Element, detail: Detail, currency: str) -> None:
    references = tree.add(element, "Refs")
    end_to_end_id = detail.end_to_end_id or "NOTPROVIDED"
    tree.add_all(references, ("AcctSvcrRef", detail.bank_ref), ("EndToEndId", end_to_end_id))
    _add_amount(tree, element, detail.amount_minor, currency)
    _add_counterparty(tree, element, detail)
    _add_remittance(tree, element, detail)
    if detail.return_reason:
        is_code = len(detail.return_reason) <= 4
        tree.add(element, "RtrInf/Rsn/Cd" if is_code else "RtrInf/Rsn/Prtry", detail.return_reason)


def _add_counterparty(tree: MessageTree, element: etree._Element, detail: Detail) -> None:
    if not detail.name and not detail.account:
        return
    role = "Cdtr" if detail.amount_minor < 0 else "Dbtr"
    parties = tree.add(element, "RltdPties")
    if detail.name:
        tree.add(parties, f"{role}/Pty/Nm", detail.name)
    if detail.account:
        _add_account_id(tree, tree.add(parties, f"{role}Acct"), detail.account)


def _add_remittance(tree: MessageTree, element: etree._Element, detail: Detail) -> None:
    if not detail.text and not detail.reference:
        return
    remittance = tree.add(element, "RmtInf")
    for line in _lines(detail.text):
        tree.add(remittance, "Ustrd", line)
    for word in detail.reference.split():
        tree.add(remittance, "Strd/CdtrRefInf/Ref", word)


def _lines(text: str) -> list[str]:
    """Lines that the reader joins again: shorter than full when broken at a blank, exactly full inside a word."""
    lines: list[str] = []
    rest = collapsed(text)
    while len(rest) >= LINE_MAX:
        blank = rest.rfind(" ", 0, LINE_MAX)
        if blank <= 0 and rest[LINE_MAX : LINE_MAX + 1] == " ":
            raise FieldError("text", f"has a word of exactly {LINE_MAX} characters before a blank; break it")
        cut = blank if blank > 0 else LINE_MAX
        lines.append(rest[:cut])
        rest = rest[cut:].lstrip(" ")
    return [*lines, rest] if rest else lines
