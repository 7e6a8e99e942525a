"""What would become of a file's rows, were they submitted now; nothing is decided or written by looking.

Each invoice is judged as the upload judges it, against what is here and the rows before it. What a credit note lowers
is looked up when it is submitted. Of a long file the first rows are judged; the rest when it is submitted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from invoices import duplicates, known
from invoices.admit import admit
from invoices.canonical import ParsedInvoice, RowError
from invoices.duplicates import Known
from invoices.trade import Supplier, read
from scf.outcomes import Refusal

JUDGED_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with why it would be refused, None when it would be taken; `also` says what else is wrong with it."""

    number: int
    row: ParsedInvoice | None
    refusal: Refusal | None
    also: str = ""
    warnings: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows that were judged, in the order of the file, and how many there are."""

    rows: Sequence[Judged]
    row_count: int
    taken: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def refused(self) -> list[Judged]:
        """Those that would be refused."""
        return [each for each in self.rows if each.refusal is not None]

    @property
    def warned(self) -> list[Judged]:
        """Those that would be taken, with something to look at."""
        return [each for each in self.rows if each.refusal is None and each.warnings]

    @property
    def invoices(self) -> int:
        """How many invoices would be submitted."""
        return sum(count for count, _ in self.taken.values())

    @property
    def credit_notes(self) -> int:
        """How many credit notes would be looked at."""
        return len(self.rows) - len(self.refused) - self.invoices

    @property
    def is_all(self) -> bool:
        """Every row was judged."""
        return len(self.rows) == self.row_count


def preview(connection: Connection, supplier: Supplier, on: date, rows: Sequence[ParsedInvoice | RowError]) -> Preview:
    """What would become of the rows on a day; six statements at most, whatever the file holds."""
    looked_at = rows[:JUDGED_MAX]
    buyers = {each.buyer_id for each in looked_at if isinstance(each, ParsedInvoice)}
    trade = read(connection, supplier.id, supplier.registration_ref, on, buyers)
    verdicts = [admit(trade, each) for each in looked_at]
    met = known.load(connection, supplier.id, {each.disguise for each in verdicts if each.refusal is None})
    judged: list[Judged] = []
    for row, verdict in zip(looked_at, verdicts, strict=True):
        if verdict.refusal is not None or isinstance(row, RowError):
            read_row = row if isinstance(row, ParsedInvoice) else None
            judged.append(Judged(row.row, read_row, verdict.refusal, verdict.also))
        elif row.kind == "credit_note":
            judged.append(Judged(row.row, row, None, warnings=verdict.warnings))
        else:
            judged.append(_submitted(row, verdict.fingerprint, verdict.warnings, met.setdefault(verdict.disguise, [])))
    return Preview(judged, len(rows), _taken(judged))


def _submitted(row: ParsedInvoice, fingerprint: str, warnings: str, met: list[Known]) -> Judged:
    refusal = duplicates.refusal(row, fingerprint, met)
    if refusal is not None:
        return Judged(row.row, row, refusal)
    said = "; ".join(filter(None, (warnings, duplicates.warning(met))))
    met.append(known.of_row(row, fingerprint))
    return Judged(row.row, row, None, warnings=said)


def _taken(judged: Sequence[Judged]) -> Mapping[str, tuple[int, int]]:
    """How many invoices would be submitted and their sum, by currency."""
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for each in judged:
        if each.refusal is None and each.row is not None and each.row.kind == "invoice":
            counts[each.row.currency] += 1
            sums[each.row.currency] += each.row.payable_minor
    return {currency: (counts[currency], sums[currency]) for currency in sorted(counts)}
