"""Who plays: the group with its anchors, the suppliers, two banks with a book each, and a guarantor. All invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from invoices.demo_parties import ANCHORS, SUPPLIERS, DemoParty
from reports.demo.stage import Stage
from scf.actor import PLATFORM
from scf.books.queries import Book
from scf.commands import in_organisation
from scf.identity.open_book import OPEN_BOOK, NewBook
from scf.identity.register import REGISTER, NewOrganisation
from scf.payments.accounts import AGREE_ACCOUNT, NewAccount

EUR = "EUR"
CALENDAR = "TARGET"


@dataclass(frozen=True, slots=True)
class Party:
    """A party that sends no invoices: its name, registration number and account ('' for none)."""

    name: str
    registration_ref: str
    iban: str = ""


GROUP = Party("Marlowe Holding AG", "FN 710000 z")
GUARANTOR = Party("Hollinfell Guarantee AG", "FN 740001 p", "AT529999900000000301")
BANKS = {
    "BRACKWATER": Party("Brackwater Factoring Bank AG", "FN 730001 n", "AT369999900000000201"),
    "SALLOWFIELD": Party("Sallowfield Trade Bank AG", "FN 730002 o", "AT099999900000000202"),
}
ANCHOR_IBANS = ("AT209999900000000101", "AT909999900000000102")


@dataclass(frozen=True, slots=True)
class Cast:
    """The parties by id, anchors and suppliers in the order of the demo's files; the books by their place."""

    group_id: int
    anchor_ids: tuple[int, ...]
    supplier_ids: tuple[int, ...]
    guarantor_id: int
    books: tuple[Book, ...]


def register(stage: Stage, first_on: date) -> Cast:
    """Register everybody, open the books, and agree an account for every party in each book."""
    group_id = _register(stage, [NewOrganisation(GROUP.name, GROUP.registration_ref, "AT")])[0]
    anchor_ids = _register(stage, [_organisation(party, group_id) for party in ANCHORS])
    supplier_ids = _register(stage, [_organisation(party) for party in SUPPLIERS])
    others = [GUARANTOR, *BANKS.values()]
    guarantor_id, *bank_ids = _register(
        stage, [NewOrganisation(party.name, party.registration_ref, "AT") for party in others]
    )
    new = [NewBook(ref, bank_id, CALENDAR, first_on) for ref, bank_id in zip(BANKS, bank_ids, strict=True)]
    stage.do(OPEN_BOOK, new, PLATFORM, in_organisation(0))
    by_ref = {book.ref: book for book in stage.books()}
    cast = Cast(group_id, tuple(anchor_ids), tuple(supplier_ids), guarantor_id, tuple(by_ref[ref] for ref in BANKS))
    for book in cast.books:
        stage.bank_agrees(book, AGREE_ACCOUNT, _accounts(cast, book))
    return cast


def _organisation(party: DemoParty, group_id: int = 0) -> NewOrganisation:
    return NewOrganisation(party.name, party.legal_id, party.country, group_id)


def _register(stage: Stage, new: Sequence[NewOrganisation]) -> list[int]:
    return stage.do(REGISTER, new, PLATFORM, in_organisation(0))


def _accounts(cast: Cast, book: Book) -> list[NewAccount]:
    own = BANKS[book.ref]
    anchors = zip(cast.anchor_ids, ANCHORS, ANCHOR_IBANS, strict=True)
    suppliers = zip(cast.supplier_ids, SUPPLIERS, strict=True)
    return [
        NewAccount(book.funder_id, own.iban, own.name, EUR),
        *(NewAccount(id, iban, party.name, EUR) for id, party, iban in anchors),
        *(NewAccount(id, party.iban, party.name, EUR) for id, party in suppliers),
    ]
