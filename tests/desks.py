"""Two desks to test with: an anchor's and a supplier's, joined by a programme of a funder with terms in euro."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from first_rows import agree, made, open_book, register
from sqlalchemy import func, select
from sqlalchemy.sql.schema import Table

from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.confirmation import Confirmation
from invoices.intake import UploadReport, upload_file
from scf.actor import PLATFORM, Actor
from scf.commands import in_book, in_organisation, run
from scf.db.engine import Database
from scf.files import files
from scf.identity.local import local_person
from scf.outcomes import Outcome
from scf.programmes.agree import NewTerms
from scf.programmes.models import terms_documents
from scf.programmes.open import ENROL, OPEN_PROGRAMME, NewEnrolment, NewProgramme
from scf.programmes.terms import Terms, Undertaking

START_ON = date(2026, 1, 5)
HEADING = "invoice number,buyer id,issue date,due date,currency,amount,kind,credited number,note\n"
ANCHOR, OTHER_ANCHOR = "REG-Halberd", "REG-Kestrel"


@dataclass
class Desks:
    """The parties by id: `supplier` is enrolled with `anchor` only; `rival` is another supplier of that anchor."""

    database: Database
    anchor: int
    other_anchor: int
    supplier: int
    rival: int
    book: int
    _keys: Iterator[int] = field(default_factory=lambda: count(1))
    _people: dict[tuple[int, str], int] = field(default_factory=dict)

    def key(self) -> str:
        return f"test-{next(self._keys)}"

    def person(self, organisation_id: int, name: str = "Ida", *permissions: str) -> Actor:
        given = permissions or (
            "invoices.upload",
            "invoices.withdraw",
            "anchors.confirm",
            "anchors.confirm.propose",
            "anchors.confirm.accept",
            "anchors.confirm.withdraw",
            "anchors.reject",
            "anchors.dispute",
            "anchors.answer_dispute",
            "anchors.settle_dispute",
        )
        key = (organisation_id, name)
        if key not in self._people:
            self._people[key] = local_person(self.database, *key)
        return Actor(self._people[key], name, organisation_id, frozenset(given), stepped_up=True)

    def upload(self, *lines: str, name: str = "list.csv", again: str = "") -> UploadReport:
        return self.upload_bytes((HEADING + "\n".join(lines)).encode(), name, again=again)

    def upload_bytes(self, payload: bytes, name: str, supplier: int = 0, again: str = "") -> UploadReport:
        supplier = supplier or self.supplier
        return upload_file(self.database, self.person(supplier), supplier, name, payload, key=again)

    def invoice(self, number: str = "INV-1", amount: str = "1000.00") -> int:
        """A submitted invoice of the supplier, issued on 2026-01-02 and due on 2026-03-06."""
        (result,) = self.upload(line(number, amount=amount)).results
        return made([result.outcome])[0]

    def propose(self, confirmations: Sequence[Confirmation], maker: str = "Mona") -> list[int]:
        scope, who = in_organisation(self.anchor), self.person(self.anchor, maker)
        command = CONFIRM_BY_PEOPLE.propose
        return made(run(self.database, command, confirmations, key=self.key(), actor=who, scope=scope))

    def accept(self, proposals: Sequence[int], checker: str = "Carl") -> list[Outcome]:
        scope, who = in_organisation(self.anchor), self.person(self.anchor, checker)
        return run(self.database, CONFIRM_BY_PEOPLE.accept, proposals, key=self.key(), actor=who, scope=scope)

    def confirm(self, *confirmations: Confirmation) -> list[Outcome]:
        return self.accept(self.propose(confirmations))

    def kept_files(self) -> int:
        """How many files are kept, beside the terms that the suppliers signed."""
        return self.rows(files) - self.rows(terms_documents)

    def rows(self, table: Table) -> int:
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()


def line(
    number: str,
    amount: str = "1000.00",
    buyer: str = ANCHOR,
    issued: str = "2026-01-02",
    due: str = "2026-03-06",
    currency: str = "EUR",
    rest: str = "",
) -> str:
    """A line of a supplier's list under `HEADING`."""
    return f"{number},{buyer},{issued},{due},{currency},{amount},{rest}"


def credit_line(number: str, credited: str, amount: str) -> str:
    """A credit note's line."""
    return line(number, amount, due="", rest=f"credit note,{credited}")


def promise(
    invoice_id: int,
    amount_minor: int = 100_000,
    due_on: date = date(2026, 3, 6),
    undertaking: Undertaking = Undertaking.CONDITIONAL,
) -> Confirmation:
    """A confirmation in full of what `Desks.invoice` uploads."""
    return Confirmation(invoice_id, amount_minor, "EUR", due_on, undertaking)


def open_desks(database: Database) -> Desks:
    """Register the parties and open the programme, in a few commands."""
    anchor, other_anchor, supplier, rival, funder = register(
        database, "Halberd", "Kestrel", "Ash Castings", "Birch Tools", "Northbank"
    )
    book = open_book(database, funder)
    scope = in_book(book)
    programme = made(
        run(database, OPEN_PROGRAMME, [NewProgramme(anchor, "payables")], key="1", actor=PLATFORM, scope=scope)
    )[0]
    new = [NewEnrolment(programme, supplier), NewEnrolment(programme, rival)]
    enrolments = made(run(database, ENROL, new, key="1", actor=PLATFORM, scope=scope))
    terms = [NewTerms(id, START_ON, Terms("EUR", rate_ppm=60_000)) for id in enrolments]
    agree(database, book, terms, key="1")
    desks = Desks(database, anchor, other_anchor, supplier, rival, book)
    # met already, so that whoever counts statements counts those of commands
    for organisation_id, name in ((supplier, "Ida"), (anchor, "Mona"), (anchor, "Carl")):
        desks.person(organisation_id, name)
    return desks
