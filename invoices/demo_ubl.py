"""Writes an invoice or credit note of the demo as UBL 2.1 by EN 16931, and many as a CSV list.

For data the project makes itself: standard-rated lines only, one tax rate, one payment means. Amounts are given as
text where they are printed, so that a wrong one can be written down on purpose.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from invoices.demo_parties import DemoParty
from scf.money import decimal_string

VAT_PERCENT = 20
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CSV_HEADINGS = (
    *("Invoice number", "Buyer ID", "Buyer name", "Issue date", "Due date", "Currency", "Amount"),
    *("Kind", "Credited number", "Order reference"),
)


@dataclass(frozen=True, slots=True)
class DemoLine:
    """One invoice line: whole pieces at a net price in minor units."""

    name: str
    quantity: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class DemoInvoice:
    """What a demo invoice says. The net total is a multiple of five minor units, so that the VAT is exact.

    `payable_text` overrides the printed amount due, when a wrong one is wanted.
    """

    kind: str
    number: str
    seller: DemoParty
    buyer: DemoParty
    issue_on: date
    due_on: date
    lines: tuple[DemoLine, ...]
    order_ref: str
    credited_number: str = ""
    currency: str = "EUR"
    note: str = ""
    payable_text: str = ""

    @property
    def net_minor(self) -> int:
        """The total without VAT."""
        return sum(line.quantity * line.price_minor for line in self.lines)

    @property
    def vat_minor(self) -> int:
        """The VAT."""
        return self.net_minor * VAT_PERCENT // 100

    @property
    def payable_minor(self) -> int:
        """What is to be paid: the total with VAT."""
        return self.net_minor + self.vat_minor


def amount_text(invoice: DemoInvoice) -> str:
    """The amount due as it is printed."""
    return invoice.payable_text or _decimal(invoice.payable_minor)


def as_ubl(invoice: DemoInvoice) -> bytes:
    """The invoice as a UBL 2.1 file."""
    root = "CreditNote" if invoice.kind == "credit_note" else "Invoice"
    parts = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{root} xmlns="{_UBL}{root}-2" xmlns:cac="{_UBL}CommonAggregateComponents-2"',
        f'  xmlns:cbc="{_UBL}CommonBasicComponents-2">',
        *_head(invoice, root),
        *_party("AccountingSupplierParty", invoice.seller),
        *_party("AccountingCustomerParty", invoice.buyer),
        *_payment(invoice),
        *_totals(invoice),
        *(part for at, line in enumerate(invoice.lines, 1) for part in _line(invoice, root, at, line)),
        f"</{root}>",
        "",
    )
    return "\n".join(parts).encode()


def as_csv(invoices: Iterable[DemoInvoice]) -> bytes:
    """The invoices as one list; a credit note's amount is negative and has no due date."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_HEADINGS)
    writer.writerows(map(_cells, invoices))
    return text.getvalue().encode()


def _cells(invoice: DemoInvoice) -> tuple[str, ...]:
    credit = invoice.kind == "credit_note"
    return (
        invoice.number,
        invoice.buyer.legal_id,
        invoice.buyer.name,
        invoice.issue_on.isoformat(),
        "" if credit else invoice.due_on.isoformat(),
        invoice.currency,
        f"-{amount_text(invoice)}" if credit else amount_text(invoice),
        "credit note" if credit else "invoice",
        invoice.credited_number,
        invoice.order_ref,
    )


def _decimal(minor: int) -> str:
    """Two decimals, also for a currency that does not exist."""
    return decimal_string(minor, "EUR")


def _amount(tag: str, minor_or_text: int | str, currency: str) -> str:
    text = _decimal(minor_or_text) if isinstance(minor_or_text, int) else minor_or_text
    return f'<cbc:{tag} currencyID="{currency}">{text}</cbc:{tag}>'


def _head(invoice: DemoInvoice, root: str) -> list[str]:
    credit = root == "CreditNote"
    credited = escape(invoice.credited_number)
    parts = [
        "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>",
        f"<cbc:ID>{escape(invoice.number)}</cbc:ID>",
        f"<cbc:IssueDate>{invoice.issue_on}</cbc:IssueDate>",
        "" if credit else f"<cbc:DueDate>{invoice.due_on}</cbc:DueDate>",
        f"<cbc:{root}TypeCode>{'381' if credit else '380'}</cbc:{root}TypeCode>",
        f"<cbc:Note>{escape(invoice.note)}</cbc:Note>" if invoice.note else "",
        f"<cbc:DocumentCurrencyCode>{invoice.currency}</cbc:DocumentCurrencyCode>",
        f"<cac:OrderReference><cbc:ID>{escape(invoice.order_ref)}</cbc:ID></cac:OrderReference>",
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{credited}</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
        if credited
        else "",
    ]
    return [part for part in parts if part]


def _party(tag: str, party: DemoParty) -> tuple[str, ...]:
    return (
        f"<cac:{tag}><cac:Party>",
        f"<cac:PostalAddress><cbc:StreetName>{escape(party.street)}</cbc:StreetName>",
        f"<cbc:CityName>{escape(party.city)}</cbc:CityName><cbc:PostalZone>{party.postcode}</cbc:PostalZone>",
        f"<cac:Country><cbc:IdentificationCode>{party.country}</cbc:IdentificationCode></cac:Country>",
        f"</cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>{party.vat_id}</cbc:CompanyID>",
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>",
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{escape(party.name)}</cbc:RegistrationName>",
        f"<cbc:CompanyID>{escape(party.legal_id)}</cbc:CompanyID></cac:PartyLegalEntity>",
        f"</cac:Party></cac:{tag}>",
    )


def _payment(invoice: DemoInvoice) -> tuple[str, ...]:
    if not invoice.seller.iban:
        return ()
    return (
        "<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>",
        f"<cac:PayeeFinancialAccount><cbc:ID>{invoice.seller.iban}</cbc:ID></cac:PayeeFinancialAccount>",
        "</cac:PaymentMeans>",
    )


def _category(tag: str) -> str:
    return (
        f"<cac:{tag}><cbc:ID>S</cbc:ID><cbc:Percent>{VAT_PERCENT}</cbc:Percent>"
        f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{tag}>"
    )


def _totals(invoice: DemoInvoice) -> tuple[str, ...]:
    currency, net, vat = invoice.currency, invoice.net_minor, invoice.vat_minor
    return (
        f"<cac:TaxTotal>{_amount('TaxAmount', vat, currency)}<cac:TaxSubtotal>",
        f"{_amount('TaxableAmount', net, currency)}{_amount('TaxAmount', vat, currency)}",
        f"{_category('TaxCategory')}</cac:TaxSubtotal></cac:TaxTotal>",
        f"<cac:LegalMonetaryTotal>{_amount('LineExtensionAmount', net, currency)}",
        f"{_amount('TaxExclusiveAmount', net, currency)}{_amount('TaxInclusiveAmount', net + vat, currency)}",
        f"{_amount('PayableAmount', amount_text(invoice), currency)}</cac:LegalMonetaryTotal>",
    )


def _line(invoice: DemoInvoice, root: str, at: int, line: DemoLine) -> tuple[str, ...]:
    quantity = "CreditedQuantity" if root == "CreditNote" else "InvoicedQuantity"
    return (
        f'<cac:{root}Line><cbc:ID>{at}</cbc:ID><cbc:{quantity} unitCode="C62">{line.quantity}</cbc:{quantity}>',
        _amount("LineExtensionAmount", line.quantity * line.price_minor, invoice.currency),
        f"<cac:Item><cbc:Name>{escape(line.name)}</cbc:Name>{_category('ClassifiedTaxCategory')}</cac:Item>",
        f"<cac:Price>{_amount('PriceAmount', line.price_minor, invoice.currency)}</cac:Price></cac:{root}Line>",
    )
