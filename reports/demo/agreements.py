"""What is agreed: programmes, limits, enrolments, and terms that differ from supplier to supplier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from invoices.demo_parties import ANCHORS
from reports.demo.parties import EUR, Cast
from reports.demo.stage import SUPPLIER, Stage
from scf import encoding
from scf.books.queries import Book
from scf.commands import in_book, in_organisation
from scf.daycount import DayCount
from scf.factoring.set_limit import SET_LIMIT, Ceiling
from scf.limits.positions import LimitKind
from scf.money import parse_minor
from scf.programmes.agree import AGREE_TERMS, NewTerms
from scf.programmes.consent import CONSENT, TermsConsent
from scf.programmes.instruct import INSTRUCT, NewInstruction
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.programmes.terms import EarlyPayment, EligibilityRule, Method, Recourse, Severity, Terms, Waterfall

_BASE = Terms(currency=EUR, rate_ppm=60_000, late_rate_ppm=90_000)
_YIELD = replace(_BASE, method=Method.DISCOUNT_TO_YIELD, rate_ppm=55_000)
_VAT = 200_000
# face of an average demo invoice, in minor units; limits are made from it and the number of invoices
_FACE_MINOR = 3_000_000


def _large(bound: str) -> tuple[EligibilityRule, ...]:
    """What is larger than this is left to people."""
    return (EligibilityRule("face_max", Severity.REFER, bound),)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A supplier's terms with a bank, both by their places; with `standing`, what is confirmed is offered by itself."""

    supplier: int
    bank: int
    terms: Terms
    standing: bool


_AGREED = (
    Agreed(
        0, 0,
        replace(
            _BASE, advance_rate_ppm=900_000, fee_rate_ppm=5_000, vat_on_fee_ppm=_VAT, rules=_large("45000.00")
        ),
        standing=True,
    ),
    Agreed(1, 0, replace(_BASE, rate_ppm=50_000), standing=True),
    Agreed(2, 0, replace(_YIELD, advance_rate_ppm=950_000), standing=False),
    Agreed(
        3, 0,
        replace(
            _BASE, advance_rate_ppm=900_000, fee_rate_ppm=2_000, minimum_charge_minor=25_00, vat_on_fee_ppm=_VAT,
            early_payment=EarlyPayment.REBATE, rules=_large("50000.00"),
        ),
        standing=True,
    ),
    # with both banks: it asks one or the other
    Agreed(4, 0, replace(_BASE, rate_ppm=58_000), standing=False),
    Agreed(4, 1, replace(_YIELD, rate_ppm=52_000, fee_fixed_minor=15_00, vat_on_fee_ppm=_VAT), standing=False),
    # full recourse: lent, not bought
    Agreed(
        5, 1,
        replace(
            _BASE, advance_rate_ppm=850_000, rate_ppm=95_000, fee_rate_ppm=500, minimum_charge_minor=20_00,
            vat_on_fee_ppm=_VAT, recourse=Recourse.FULL, recourse_after_days=20,
        ),
        standing=True,
    ),
    # half of the loss is the guarantor's; see `_guaranteed`
    Agreed(6, 1, replace(_BASE, waterfall=Waterfall.CHARGES_FIRST, guarantee_share_ppm=500_000), standing=False),
    Agreed(
        7, 1,
        replace(_BASE, advance_rate_ppm=850_000, day_count=DayCount("30E/360"), rules=_large("40000.00")),
        standing=True,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolment as it was made."""

    id: int
    book: Book
    supplier_id: int
    anchor_id: int
    terms: Terms
    standing: bool

    def left_to_people(self, face_minor: int) -> bool:
        """A rule refers a face like this to people."""
        return any(
            rule.severity is Severity.REFER and face_minor > parse_minor(rule.bound, EUR) for rule in self.terms.rules
        )


def agree(stage: Stage, cast: Cast, invoice_count: int, on: date) -> list[Enrolled]:
    """Open a programme for each anchor in each book, set limits, enrol the suppliers and agree their terms."""
    found: list[Enrolled] = []
    for place, book in enumerate(cast.books):
        names = [NewProgramme(id, f"{party.name} payables") for id, party in zip(cast.anchor_ids, ANCHORS, strict=True)]
        programmes = stage.do(OPEN_PROGRAMME, names, stage.banker(book), in_book(book.id))
        agreed = [each for each in _AGREED if each.bank == place]
        stage.bank_agrees(book, SET_LIMIT, _ceilings(cast, agreed, programmes, invoice_count * _FACE_MINOR))
        for programme_id, anchor_id in zip(programmes, cast.anchor_ids, strict=True):
            found += _enrol(stage, cast, book, agreed, programme_id, anchor_id, on)
    return found


def _ceilings(cast: Cast, agreed: Sequence[Agreed], programmes: Sequence[int], volume_minor: int) -> list[Ceiling]:
    """The group's limit is tight at first: it is raised when requests wait for it."""
    return [
        Ceiling(LimitKind.OBLIGOR_GROUP, cast.group_id, EUR, volume_minor * 3 // 10),
        *(Ceiling(LimitKind.ANCHOR, id, EUR, volume_minor) for id in cast.anchor_ids),
        *(Ceiling(LimitKind.SUPPLIER, cast.supplier_ids[each.supplier], EUR, volume_minor) for each in agreed),
        *(Ceiling(LimitKind.PROGRAMME, id, EUR, volume_minor) for id in programmes),
        Ceiling(LimitKind.GUARANTOR, cast.guarantor_id, EUR, volume_minor // 10),
    ]


def raise_group_limit(stage: Stage, cast: Cast, invoice_count: int) -> None:
    """Each bank's committee raises the limit on the group."""
    for book in cast.books:
        ceiling = Ceiling(LimitKind.OBLIGOR_GROUP, cast.group_id, EUR, 2 * invoice_count * _FACE_MINOR)
        stage.bank_agrees(book, SET_LIMIT, [ceiling])


def _enrol(
    stage: Stage, cast: Cast, book: Book, agreed: Sequence[Agreed], programme_id: int, anchor_id: int, on: date
) -> list[Enrolled]:
    suppliers = [cast.supplier_ids[each.supplier] for each in agreed]
    new = [NewEnrolment(programme_id, supplier_id) for supplier_id in suppliers]
    ids = stage.do(ENROL, new, stage.banker(book), in_book(book.id))
    found = [
        Enrolled(id, book, supplier_id, anchor_id, _guaranteed(cast, each.terms), each.standing)
        for id, supplier_id, each in zip(ids, suppliers, agreed, strict=True)
    ]
    offers = stage.bank_agrees(book, AGREE_TERMS, [NewTerms(each.id, on, each.terms) for each in found])
    for offer, each in zip(offers, found, strict=True):
        _sign(stage, each, offer, on)
    return found


def _sign(stage: Stage, enrolled: Enrolled, offer: int, on: date) -> None:
    """The supplier consents to its terms and, where it wants so, has everything offered by itself."""
    director, own = stage.person("Dora Dorn", enrolled.supplier_id, SUPPLIER), in_organisation(enrolled.supplier_id)
    stage.do(CONSENT, [TermsConsent(offer, encoding.digest(enrolled.terms))], director, own)
    if enrolled.standing:
        stage.do(INSTRUCT, [NewInstruction(enrolled.id, on)], director, own)


def _guaranteed(cast: Cast, terms: Terms) -> Terms:
    return replace(terms, guarantor_id=cast.guarantor_id) if terms.guarantee_share_ppm else terms
