"""Reads a payment file back, as the bank at the other end does: the development bank and the tests use it.

Reads what `pain001.write` writes: one group of payouts from one account with IBANs. Refuses everything else.
"""

from datetime import date, datetime

from lxml import etree

from scf.errors import FieldError, FileRefused
from scf.money import decimal_string, parse_minor
from scf.payments.pain001 import PaymentFile, PayoutLine
from scf.payments.xml_parse import parse, text_at

_ADVICE = "send a pain.001 credit transfer file"


def read(payload: bytes) -> PaymentFile:
    """The payment file in the bytes. Raises `FileRefused` when it is another message or its totals are wrong."""
    body = parse(payload, _ADVICE).find("CstmrCdtTrfInitn")
    if body is None:
        raise FileRefused(f"the file is no payment order; {_ADVICE}")
    groups = body.findall("PmtInf")
    if len(groups) != 1:
        raise FileRefused(f"the file has {len(groups)} groups of payments; send one group a file")
    try:
        payment_file = _payment_file(body, groups[0])
    except (FieldError, ValueError) as error:
        raise FileRefused(f"the payment file has a wrong value ({error}); {_ADVICE}") from None
    _check_totals(body, payment_file)
    return payment_file


def _payment_file(body: etree._Element, group: etree._Element) -> PaymentFile:
    currency = text_at(group, "DbtrAcct/Ccy")
    return PaymentFile(
        message_id=text_at(body, "GrpHdr/MsgId"),
        created_at=datetime.fromisoformat(text_at(body, "GrpHdr/CreDtTm")),
        execution_on=date.fromisoformat(text_at(group, "ReqdExctnDt/Dt", "ReqdExctnDt")),
        debtor_name=text_at(group, "Dbtr/Nm"),
        debtor_iban=text_at(group, "DbtrAcct/Id/IBAN"),
        currency=currency,
        lines=tuple(_line(transfer, currency) for transfer in group.iterfind("CdtTrfTxInf")),
    )


def _line(transfer: etree._Element, currency: str) -> PayoutLine:
    amount = transfer.find("Amt/InstdAmt")
    if amount is None or amount.get("Ccy") != currency:
        raise FieldError("InstdAmt", f"missing, or not in the account's currency {currency}")
    return PayoutLine(
        end_to_end_id=text_at(transfer, "PmtId/EndToEndId"),
        amount_minor=parse_minor(amount.text or "", currency),
        creditor_name=text_at(transfer, "Cdtr/Nm"),
        creditor_iban=text_at(transfer, "CdtrAcct/Id/IBAN"),
        remittance=text_at(transfer, "RmtInf/Ustrd"),
    )


def _check_totals(body: etree._Element, payment_file: PaymentFile) -> None:
    lines = payment_file.lines
    total = decimal_string(sum(line.amount_minor for line in lines), payment_file.currency)
    stated = (text_at(body, "GrpHdr/NbOfTxs"), text_at(body, "GrpHdr/CtrlSum"))
    if stated != (str(len(lines)), total):
        raise FileRefused(f"the header says {stated[0]} payouts of {stated[1]}, the lines are {len(lines)} of {total}")
