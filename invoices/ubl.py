"""Reads a UBL 2.1 Invoice or CreditNote (EN 16931) into a `ParsedInvoice`.

Refuses files with a DTD or entities, files too large, too many elements or nested too deep, and every other XML.
It takes what is left to pay (BT-115), never the total, and only in the document's own currency. It does not judge
the invoice (`checks`) and does not run the official rules.
"""

import re
from datetime import date
from typing import cast

from lxml import etree

from invoices.canonical import LIMIT_BYTES, Kind, ParsedInvoice
from scf.currencies import exponent
from scf.errors import FieldError, FileRefused
from scf.money import parse_minor
from scf.organisations.registration import normal_id

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMESPACES = {"cac": f"{_UBL}CommonAggregateComponents-2", "cbc": f"{_UBL}CommonBasicComponents-2"}
_ROOTS: dict[str, Kind] = {
    f"{{{_UBL}Invoice-2}}Invoice": "invoice",
    f"{{{_UBL}CreditNote-2}}CreditNote": "credit_note",
}
_CREDIT_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
_NOT_PAYABLE_CODE = "751"
_TAGS_MAX = 1_000_000

# Atomic groups: a hostile prolog of many comments must not make the search run back and forth.
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|(?><\?.*?\?>)|(?><!--.*?-->))*+<!DOCTYPE", re.DOTALL)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)

_DTD_WORDS = "the file declares a DTD or entities, which are never needed in an invoice; remove them"


class _NothingOutside(etree.Resolver):
    """Refuses the file when the parser is about to open anything else, be it on this machine or elsewhere.

    The parser asks even where it was told to load no DTD; in encodings that are no ASCII the search for a DOCTYPE
    does not see it first. The base class is the library's way to be asked.
    """

    def resolve(self, system_url: str, public_id: str, *context: object) -> None:
        raise FileRefused(_DTD_WORDS)


_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)
_PARSER.resolvers.add(_NothingOutside())


_PARTY = "cac:Accounting{}Party/cac:Party/"
_LEGAL, _ENDPOINT = "cac:PartyLegalEntity/cbc:CompanyID", "cbc:EndpointID"
# A tax scheme that is not VAT holds local tax numbers, or sentences such as "approved for F-tax".
_VAT = "cac:PartyTaxScheme[normalize-space(cac:TaxScheme/cbc:ID)='VAT']/cbc:CompanyID"
_OTHER = "cac:PartyIdentification/cbc:ID"
_LEGAL_NAME, _TRADING_NAME = "cac:PartyLegalEntity/cbc:RegistrationName", "cac:PartyName/cbc:Name"
_PARTY_PATHS = (_LEGAL, _VAT, _ENDPOINT, _OTHER, _LEGAL_NAME, _TRADING_NAME)
_PAYABLE = "cac:LegalMonetaryTotal/cbc:PayableAmount"
_SAME_CURRENCY = "[normalize-space(@currencyID)=normalize-space(/*/cbc:DocumentCurrencyCode)]"
_PATHS = (
    "cbc:ID",
    "cbc:IssueDate",
    "cbc:DueDate",
    "cac:PaymentMeans/cbc:PaymentDueDate",
    "cbc:InvoiceTypeCode | cbc:CreditNoteTypeCode",
    "cbc:DocumentCurrencyCode",
    _PAYABLE + _SAME_CURRENCY,
    _PAYABLE + "/@currencyID",
    "cac:OrderReference/cbc:ID",
    "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
    "cac:PayeeParty/cac:PartyName/cbc:Name",
    *(_PARTY.format("Supplier") + path for path in _PARTY_PATHS),
    *(_PARTY.format("Customer") + path for path in _PARTY_PATHS),
)
# One evaluation gives all texts: normalize-space leaves no line end in any of them, so that one can part them.
_TEXTS = etree.XPath(
    "concat({})".format(", '\n', ".join(f"normalize-space({path})" for path in _PATHS)),
    namespaces=_NAMESPACES,
    smart_strings=False,
)
_NOTES = etree.XPath("cbc:Note", namespaces=_NAMESPACES)
_TERMS = etree.XPath("cac:PaymentTerms/cbc:Note", namespaces=_NAMESPACES)


def read_ubl(payload: bytes, limit_bytes: int = LIMIT_BYTES) -> ParsedInvoice:
    """The invoice in a UBL 2.1 file.

    The identifier of a party is the first that the file gives of: legal registration, VAT, endpoint, other.
    Raises `FileRefused` when the file is no safe UBL document, `FieldError` naming the XML element that is wrong.
    """
    root = _parsed(payload, limit_bytes)
    texts = cast(str, _TEXTS(root)).split("\n")
    number, issued, due, means_due, code, currency, payable, payable_in, order, credited, payee = texts[:11]
    seller_id, seller_name = _party(*texts[11:17])
    buyer_id, buyer_name = _party(*texts[17:])
    minor = _payable_minor(payable, payable_in, currency)
    return ParsedInvoice(
        row=1,
        kind=_kind(_ROOTS[root.tag], code, minor),
        number=number,
        seller_id=seller_id,
        seller_name=seller_name,
        buyer_id=buyer_id,
        buyer_name=buyer_name,
        issue_on=_date("cbc:IssueDate", issued),
        due_on=_due_on(due, means_due),
        due_text=_lines(_TERMS(root)),
        currency=currency,
        payable_minor=abs(minor),
        order_ref=order,
        credited_number=credited,
        payee_name="" if payee.casefold() == seller_name.casefold() else payee,
        notes=_lines(_NOTES(root)),
    )


def _parsed(payload: bytes, limit_bytes: int) -> etree._Element:
    if len(payload) > limit_bytes:
        raise FileRefused(
            f"the file has {len(payload):,} bytes; at most {limit_bytes:,} are taken; send it without attachments"
        )
    if b"<!DOCTYPE" in payload and _DOCTYPE.match(payload):
        raise FileRefused(_DTD_WORDS)
    if len(payload) > _TAGS_MAX and payload.count(b"<") > _TAGS_MAX:
        raise FileRefused(f"the file has more than {_TAGS_MAX:,} XML tags; split the invoice")
    try:
        root = etree.fromstring(payload, _PARSER)
    except etree.XMLSyntaxError as error:
        raise FileRefused(f"the file is not readable XML: {error.msg}; export it again") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileRefused(_DTD_WORDS)
    if root.tag not in _ROOTS:
        raise FileRefused(f"the XML is a {_short(root.tag)}; send a UBL 2.1 Invoice or CreditNote")
    return root


def _short(tag: str) -> str:
    namespace, _, name = tag.rpartition("}")
    return f"{name} of {namespace[1:] or 'no namespace'}"


def _payable_minor(payable: str, payable_in: str, currency: str) -> int:
    """The amount in the document's currency; another currency's is never taken for it."""
    try:
        exponent(currency)
    except FieldError as error:
        raise FieldError("cbc:DocumentCurrencyCode", error.message) from None
    if payable:
        return parse_minor(payable, currency, "cbc:PayableAmount")
    if payable_in not in ("", currency):
        message = f"is in {payable_in}, but the invoice in {currency}; give it in {currency}"
        raise FieldError("cbc:PayableAmount", message)
    raise FieldError("cbc:PayableAmount", "is missing; give the amount due for payment with its currencyID")


def _kind(root_kind: Kind, code: str, minor: int) -> Kind:
    if code == _NOT_PAYABLE_CODE:
        raise FieldError("cbc:InvoiceTypeCode", "751 is for accounting only, nothing is to be paid; send the invoice")
    if root_kind == "credit_note" and minor < 0:
        raise FieldError("cbc:PayableAmount", "a credit note below zero asks for money; send it as an invoice")
    return "credit_note" if minor < 0 or code in _CREDIT_CODES else root_kind


def _date(field: str, text: str) -> date:
    found = _DATE.fullmatch(text)
    try:
        if found is not None:
            return date.fromisoformat(found.group(1))
    except ValueError:
        pass
    raise FieldError(field, f"{text!r} is no date; write it like 2026-01-31" if text else "is missing; give the date")


def _due_on(due: str, means_due: str) -> date | None:
    """An invoice gives the due date itself, a credit note with its payment means."""
    if due:
        return _date("cbc:DueDate", due)
    return _date("cbc:PaymentDueDate", means_due) if means_due else None


def _lines(found: object) -> str:
    texts = (element.text or "" for element in cast(list[etree._Element], found))
    return "\n".join(stripped for text in texts if (stripped := text.strip()))


def _party(legal: str, vat: str, endpoint: str, other: str, legal_name: str, trading_name: str) -> tuple[str, str]:
    """Normalised identifier and name; both '' when the file has no such party."""
    return normal_id(legal or vat or endpoint or other), legal_name or trading_name
