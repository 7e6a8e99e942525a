"""Payment files to a bank: ISO 20022 pain.001.001.09, SEPA when the currency is EUR.

Same input, same bytes: ids and the instant of making are given, never made here. Refuses a file without lines,
amounts that are not above zero, IBANs and references that banks would not take, and one reference on two lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from scf.errors import FieldError
from scf.money import decimal_string
from scf.payments.bank_text import iban, reference, sepa_text
from scf.payments.xml_build import MessageTree, instant_string

NAME_MAX = 70
REMITTANCE_MAX = 140
_NOT_PROVIDED = "NOTPROVIDED"


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One payout: `amount_minor` > 0 in the file's currency; `end_to_end_id` ≤ 35 and `remittance` ≤ 140 characters."""

    end_to_end_id: str
    amount_minor: int
    creditor_name: str
    creditor_iban: str
    remittance: str


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """Payouts from one account on one day; `created_at` is UTC, `message_id` ≤ 35 characters is the key at the bank."""

    message_id: str
    created_at: datetime
    execution_on: date
    debtor_name: str
    debtor_iban: str
    currency: str
    lines: tuple[PayoutLine, ...]


def write(payment_file: PaymentFile) -> bytes:
    """The file as pain.001.001.09. Raises `FieldError`, naming the line (counted from 0) that is wrong."""
    _check_lines(payment_file.lines)
    tree = MessageTree("pain.001.001.09", "CstmrCdtTrfInitn")
    totals = _totals(payment_file)
    _add_header(tree, payment_file, totals)
    payment = _add_payment(tree, payment_file, totals)
    ibans = _checked_ibans(payment_file.lines)
    for number, line in enumerate(payment_file.lines):
        _add_line(tree, payment, line, payment_file.currency, f"lines[{number}]", ibans[line.creditor_iban])
    return tree.to_bytes()


def _check_lines(lines: Sequence[PayoutLine]) -> None:
    if not lines:
        raise FieldError("lines", "a payment file needs at least one payout")
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if line.amount_minor <= 0:
            raise FieldError(f"lines[{number}].amount_minor", f"{line.amount_minor} is not above zero")
        if len(line.remittance) > REMITTANCE_MAX:
            raise FieldError(f"lines[{number}].remittance", f"longer than {REMITTANCE_MAX} characters; shorten it")
        if line.end_to_end_id in seen:
            raise FieldError(f"lines[{number}].end_to_end_id", f"{line.end_to_end_id} stands on an earlier line too")
        seen.add(line.end_to_end_id)


def _checked_ibans(lines: Sequence[PayoutLine]) -> dict[str, str]:
    """Each creditor's IBAN as given → as written; a supplier with many lines is checked once."""
    checked: dict[str, str] = {}
    for number, line in enumerate(lines):
        if line.creditor_iban not in checked:
            checked[line.creditor_iban] = iban(line.creditor_iban, f"lines[{number}].creditor_iban")
    return checked


def _totals(payment_file: PaymentFile) -> tuple[tuple[str, str], ...]:
    total_minor = sum(line.amount_minor for line in payment_file.lines)
    return (
        ("NbOfTxs", str(len(payment_file.lines))),
        ("CtrlSum", decimal_string(total_minor, payment_file.currency)),
    )


def _add_header(tree: MessageTree, payment_file: PaymentFile, totals: tuple[tuple[str, str], ...]) -> None:
    tree.add_all(
        tree.add(tree.body, "GrpHdr"),
        ("MsgId", reference(payment_file.message_id, "message_id")),
        ("CreDtTm", instant_string(payment_file.created_at, "created_at")),
        *totals,
        ("InitgPty/Nm", sepa_text(payment_file.debtor_name, NAME_MAX, "debtor_name")),
    )


def _add_payment(tree: MessageTree, payment_file: PaymentFile, totals: tuple[tuple[str, str], ...]) -> etree._Element:
    is_sepa = payment_file.currency == "EUR"
    payment = tree.add(tree.body, "PmtInf")
    tree.add_all(
        payment,
        ("PmtInfId", payment_file.message_id),
        ("PmtMtd", "TRF"),
        ("BtchBookg", "true"),
        *totals,
        ("PmtTpInf/SvcLvl/Cd", "SEPA" if is_sepa else ""),
        ("ReqdExctnDt/Dt", payment_file.execution_on.isoformat()),
        ("Dbtr/Nm", sepa_text(payment_file.debtor_name, NAME_MAX, "debtor_name")),
    )
    account = tree.add(payment, "DbtrAcct")
    tree.add(account, "Id/IBAN", iban(payment_file.debtor_iban, "debtor_iban"))
    tree.add(account, "Ccy", payment_file.currency)
    tree.add(payment, "DbtrAgt/FinInstnId/Othr/Id", _NOT_PROVIDED)
    tree.add(payment, "ChrgBr", "SLEV" if is_sepa else "SHAR")
    return payment


def _add_line(
    tree: MessageTree,
    payment: etree._Element,
    line: PayoutLine,
    currency: str,
    field: str,
    creditor_iban: str,
) -> None:
    transfer = tree.add(payment, "CdtTrfTxInf")
    tree.add(transfer, "PmtId/EndToEndId", reference(line.end_to_end_id, f"{field}.end_to_end_id"))
    tree.add(transfer, "Amt/InstdAmt", decimal_string(line.amount_minor, currency), currency)
    tree.add(transfer, "Cdtr/Nm", sepa_text(line.creditor_name, NAME_MAX, f"{field}.creditor_name"))
    tree.add(transfer, "CdtrAcct/Id/IBAN", creditor_iban)
    if line.remittance:
        tree.add(transfer, "RmtInf/Ustrd", sepa_text(line.remittance, REMITTANCE_MAX, f"{field}.remittance"))
