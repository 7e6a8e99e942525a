"""The parties and books that most tests begin with, opened by the operator's commands."""

from collections.abc import Sequence
from datetime import date

from scf.actor import PLATFORM
from scf.commands import in_book, in_organisation, run
from scf.db.engine import Database
from scf.encoding import digest
from scf.identity.open_book import OPEN_BOOK, NewBook
from scf.identity.register import REGISTER, NewOrganisation
from scf.organisations.registration import normal_id
from scf.programmes.agree import AGREE, NewTerms
from scf.programmes.consent import CONSENT, TermsConsent
from scf.programmes.queries import enrolments_in_force

OPERATOR = in_organisation(0)


def register(database: Database, *names: str) -> list[int]:
    """The ids of new organisations."""
    # names that differ only in capitals and marks are parties with numbers of their own
    plain = [normal_id(name) for name in names]
    refs = [f"REG-{name}" + "X" * plain[:n].count(plain[n]) for n, name in enumerate(names)]
    new = [NewOrganisation(name, ref, "DE") for name, ref in zip(names, refs, strict=True)]
    return made(run(database, REGISTER, new, key=f"register {names}", actor=PLATFORM, scope=OPERATOR))


def open_book(database: Database, funder_id: int, ref: str = "north", first_on: date = date(2026, 1, 5)) -> int:
    """The id of a new book."""
    new = NewBook(ref, funder_id, "TARGET", first_on)
    return made(run(database, OPEN_BOOK, [new], key=f"open {ref}", actor=PLATFORM, scope=OPERATOR))[0]


def agree(database: Database, book_id: int, terms: Sequence[NewTerms], key: str) -> None:
    """Terms that the funder agrees and each enrolment's supplier consents to."""
    offered = made(run(database, AGREE, terms, key=key, actor=PLATFORM, scope=in_book(book_id)))
    with database.reading() as connection:
        enrolled = enrolments_in_force(connection, date.min, ids=[new.enrolment_id for new in terms])
    suppliers = {each.id: each.supplier_id for each in enrolled}
    for supplier_id in sorted(set(suppliers.values())):
        consents = [
            TermsConsent(id, digest(new.terms))
            for id, new in zip(offered, terms, strict=True)
            if suppliers[new.enrolment_id] == supplier_id
        ]
        made(run(database, CONSENT, consents, key=key, actor=PLATFORM, scope=in_organisation(supplier_id)))


def made(outcomes: object) -> list[int]:
    """The ids of accepted outcomes; fails when one was refused."""
    assert isinstance(outcomes, list)
    ids = [outcome.id for outcome in outcomes]
    assert all(outcome.accepted and outcome.id for outcome in outcomes), outcomes
    return ids
