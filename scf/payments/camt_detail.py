"""The transfers inside one camt entry: who, why, and how much of the entry each one is.

Takes an amount only when it is in the entry's currency; a batch that does not give those stays one transfer, for
people to look at.
"""

from lxml import etree

from scf.payments.bank_statement import Detail
from scf.payments.camt_value import account_id, signed_minor
from scf.payments.xml_parse import collapsed, text_at

LINE_MAX = 140
_NO_REFERENCE = frozenset({"NOTPROVIDED", "NOT PROVIDED"})
_RETURN_FAMILY = "RRTN"
_REASON_NOT_GIVEN = "MS03"
_BOOKED_PATHS = ("Amt", "AmtDtls/TxAmt/Amt")
# What was instructed may be more than what arrived, so it counts only where a batch gives nothing better.
_BATCH_PATHS = (*_BOOKED_PATHS, "AmtDtls/InstdAmt/Amt")
_NAME_PATHS = ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm")


def details(entry: etree._Element, entry_minor: int, currency: str, bank_ref: str, field: str) -> tuple[Detail, ...]:
    """The entry's transfers, at least one; without any (or any usable amounts) the entry itself is the one.

    Raises `FieldError` naming `field` for a malformed amount.
    """
    direction = text_at(entry, "CdtDbtInd")
    parts = entry.findall("NtryDtls/TxDtls")
    if len(parts) == 1:
        minor = _amount_minor(parts[0], _BOOKED_PATHS, direction, currency, field)
        return (_detail(entry, parts[0], entry_minor if minor is None else minor),)
    amounts = [_amount_minor(part, _BATCH_PATHS, direction, currency, field) for part in parts]
    known = [minor for minor in amounts if minor is not None]
    if not parts or len(known) < len(parts):
        return (_whole(entry, entry_minor, bank_ref),)
    return tuple(_detail(entry, part, minor) for part, minor in zip(parts, known, strict=True))


def _amount_minor(
    part: etree._Element, paths: tuple[str, ...], entry_direction: str, currency: str, field: str
) -> int | None:
    for path in paths:
        amount = part.find(path)
        if amount is not None and amount.get("Ccy") == currency:
            return signed_minor(amount, text_at(part, "CdtDbtInd") or entry_direction, field)
    return None


def _whole(entry: etree._Element, minor: int, bank_ref: str) -> Detail:
    return Detail(
        amount_minor=minor,
        end_to_end_id="",
        reference="",
        text=text_at(entry, "AddtlNtryInf"),
        name="",
        account="",
        return_reason=_REASON_NOT_GIVEN if _is_return(entry) else "",
        bank_ref=bank_ref,
    )


def _detail(entry: etree._Element, part: etree._Element, minor: int) -> Detail:
    role = "Dbtr" if minor >= 0 else "Cdtr"
    end_to_end_id = text_at(part, "Refs/EndToEndId")
    return Detail(
        amount_minor=minor,
        end_to_end_id="" if end_to_end_id.upper() in _NO_REFERENCE else end_to_end_id,
        reference=_references(part),
        text=_words(part),
        name=_name(part, role),
        account=account_id(part.find(f"RltdPties/{role}Acct")),
        return_reason=_return_reason(entry, part),
        bank_ref=text_at(part, "Refs/AcctSvcrRef"),
    )


def _references(part: etree._Element) -> str:
    """Creditor references, else numbers of the documents paid; one transfer may pay many invoices."""
    for path in ("RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/RfrdDocInf/Nb"):
        found = [collapsed(element.text) for element in part.iterfind(path)]
        if any(found):
            return " ".join(filter(None, found))
    return ""


def _words(part: etree._Element) -> str:
    """Remittance lines joined: a blank between two, none after a line that was full, which broke inside a word."""
    for path in ("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf"):
        lines = [collapsed(element.text) for element in part.iterfind(path)]
        if any(lines):
            return "".join(line if len(line) == LINE_MAX else f"{line} " for line in lines if line).rstrip()
    return ""


def _name(part: etree._Element, role: str) -> str:
    paths = (f"RltdPties/{party}/{path}" for party in (role, f"Ultmt{role}") for path in _NAME_PATHS)
    return text_at(part, *paths)


def _return_reason(entry: etree._Element, part: etree._Element) -> str:
    information = part.find("RtrInf")
    if information is None:
        is_return = _is_return(part) or (part.find("BkTxCd") is None and _is_return(entry))
        return _REASON_NOT_GIVEN if is_return else ""
    return text_at(information, "Rsn/Cd", "Rsn/Prtry") or _REASON_NOT_GIVEN


def _is_return(element: etree._Element) -> bool:
    return text_at(element, "BkTxCd/Domn/Fmly/SubFmlyCd") == _RETURN_FAMILY
