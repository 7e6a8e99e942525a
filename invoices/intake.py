"""Taking in a supplier's file: reads it, submits it in chunks, and reports row by row.

The key of a chunk is the file's hash and the chunk's number: the same file sent twice gives the same answer, and
nothing is stored twice. A file that is refused as a whole leaves nothing behind.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from invoices.canonical import ParsedInvoice, RowError
from invoices.reader import ReadResult, read_file
from invoices.trade import find_supplier
from invoices.upload import UPLOAD, InvoiceFile, UploadedRow
from scf.actor import Actor
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.errors import FileRefused
from scf.ids import text
from scf.money import readable
from scf.outcomes import Outcome, refused

CHUNK_ROWS = 10_000

# told before each chunk how many rows are done, of how many
Tell = Callable[[int, int], None]


def _untold(_done: int, _total: int) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row: `row` counts from 1 in the file, 0 is the file itself; amounts in minor units."""

    row: int
    kind: str
    number: str
    currency: str
    amount_minor: int
    outcome: Outcome

    def line(self) -> str:
        """The result as one line for people."""
        place = f"row {self.row}" if self.row else "the file"
        named = f"{place}: {self.kind.replace('_', ' ')} {self.number}".rstrip()
        if self.outcome.refusal is not None:
            return f"{named}: refused: {self.outcome.refusal.words()}"
        amount = f"{readable(self.amount_minor, self.currency)} {self.currency}"
        warning = self.outcome.facts.get("warning")
        return f"{named}: {amount}, {self._became()}" + (f"; note: {warning}" if warning else "")

    def _became(self) -> str:
        if self.kind == "credit_note":
            return str(self.outcome.facts.get("status", ""))
        return f"submitted as {text('inv', self.outcome.id or 0)}"


@dataclass(frozen=True, slots=True)
class UploadReport:
    """A file's results in the order of its rows, and the hash it is kept by."""

    name: str
    sha256: str
    results: list[RowResult] = field(default_factory=list)

    @property
    def refused(self) -> list[RowResult]:
        """The results that are refusals."""
        return [result for result in self.results if not result.outcome.accepted]

    @property
    def submitted(self) -> list[RowResult]:
        """The invoices that were taken."""
        return [result for result in self.results if result.outcome.accepted and result.kind == "invoice"]

    def totals(self) -> Mapping[str, int]:
        """What was submitted, in minor units by currency."""
        sums: Counter[str] = Counter()
        for result in self.submitted:
            sums[result.currency] += result.amount_minor
        return sums

    def lines(self, limit: int = 1000) -> Iterator[str]:
        """The report for people: what needs eyes first, at most `limit` rows of it, then the sums."""
        shown = [each for each in self.results if not each.outcome.accepted or each.outcome.facts]
        for result in shown[:limit]:
            yield f"{self.name}, {result.line()}"
        if len(shown) > limit:
            yield f"{self.name}: {len(shown) - limit} more rows like these"
        sums = ", ".join(f"{readable(minor, currency)} {currency}" for currency, minor in sorted(self.totals().items()))
        counts = f"{len(self.submitted)} submitted, {len(self.refused)} refused"
        yield f"{self.name}: {counts}" + (f"; {sums}" if sums else "")


def upload_file(
    database: Database,
    actor: Actor,
    supplier_id: int,
    name: str,
    payload: bytes,
    *,
    key: str = "",
    tell: Tell = _untold,
) -> UploadReport:
    """Submit a file's invoices and credit notes for a supplier.

    Without a `key` the file's hash is the key. Given one, the file is asked about anew, once for each key: after an
    enrolment, say. Raises what `scf.commands.run` raises, what `tell` raises, and `FieldError` for an unknown supplier.
    """
    with database.reading() as connection:
        supplier = find_supplier(connection, supplier_id)
    file = InvoiceFile.of(name, payload)
    try:
        read = read_file(name, payload, seller_id=supplier.registration_ref, seller_name=supplier.name)
    except FileRefused as refusal:
        whole = refused("file_refused", field="file", value=name, remedy=str(refusal).removeprefix(f"{name}: "))
        return UploadReport(name, file.sha256, [RowResult(0, "", "", "", 0, whole)])
    rows = in_order(read)
    report = UploadReport(name, file.sha256)
    for n, start in enumerate(range(0, len(rows), CHUNK_ROWS)):
        tell(start, len(rows))
        chunk = rows[start : start + CHUNK_ROWS]
        batch = [UploadedRow(file, row) for row in chunk]
        scope, under = in_organisation(supplier_id), f"{key or file.sha256}/{n}"
        outcomes = run(database, UPLOAD, batch, key=under, actor=actor, scope=scope)
        report.results.extend(results(chunk, outcomes))
    return report


def in_order(read: ReadResult) -> list[ParsedInvoice | RowError]:
    """What was read, rows and errors, in the order of the file."""
    return sorted([*read.rows, *read.errors], key=lambda each: each.row)


def results(rows: Sequence[ParsedInvoice | RowError], outcomes: Sequence[Outcome]) -> Iterator[RowResult]:
    """What became of each row of a chunk."""
    for row, outcome in zip(rows, outcomes, strict=True):
        if isinstance(row, RowError):
            yield RowResult(row.row, "", "", "", 0, outcome)
        else:
            yield RowResult(row.row, row.kind, row.number, row.currency, row.payable_minor, outcome)
