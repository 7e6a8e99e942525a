"""The suppliers' part: who sends which files on which day, credit notes after the invoices they lower.

A credit note is only taken once the buyer has confirmed the invoice; one that came too early is sent again.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from invoices.demo_data import DemoFile
from invoices.intake import UploadReport, upload_file
from reports.demo.parties import Cast
from reports.demo.stage import SUPPLIER, Stage

SUPPLIERS_A_DAY = 2
_TOO_EARLY = "invoice_not_confirmed"


@dataclass(slots=True)
class Sent:
    """What the suppliers sent and what became of it, row by row."""

    file_count: int = 0
    row_count: int = 0
    invoice_count: int = 0
    invoices_minor: int = 0
    credit_note_count: int = 0
    credit_notes_minor: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def count(self, report: UploadReport) -> None:
        """Add a file's report."""
        self.file_count += 1
        for result in report.results:
            self.row_count += 1
            refusal = result.outcome.refusal
            if refusal is not None:
                self.refused[refusal.reason] += 1
            elif result.kind == "credit_note":
                self.credit_note_count += 1
                self.credit_notes_minor += result.amount_minor
            else:
                self.invoice_count += 1
                self.invoices_minor += result.amount_minor


def by_day(files: Sequence[DemoFile]) -> list[list[DemoFile]]:
    """The files of each day, two suppliers a day; the credit notes come on the day after all."""
    later = [file for file in files if _is_credit_note(file)]
    at_once = [file for file in files if not _is_credit_note(file)]
    days = 1 + max(file.supplier for file in files) // SUPPLIERS_A_DAY
    found = [[file for file in at_once if file.supplier // SUPPLIERS_A_DAY == day] for day in range(days)]
    return [*found, later + [again for file in at_once if (again := _credit_notes_of(file)) is not None]]


def _is_credit_note(file: DemoFile) -> bool:
    return b"<CreditNote " in file.payload


def _credit_notes_of(file: DemoFile) -> DemoFile | None:
    """The credit notes of a list, as a list of their own; None when there are none."""
    if not file.name.endswith(".csv"):
        return None
    heading, *rows = csv.reader(io.StringIO(file.payload.decode(), newline=""))
    notes = [row for row in rows if row[heading.index("Kind")] == "credit note"]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading, *notes])
    return DemoFile(file.supplier, f"again-{file.name}", text.getvalue().encode()) if notes else None


def send(
    stage: Stage,
    cast: Cast,
    files: Sequence[DemoFile],
    sent: Sent,
    tell: Callable[[str], None],
    step: Callable[[], object],
) -> None:
    """Upload files for their suppliers; the first refusal of every reason is shown as its supplier reads it."""
    for file in files:
        supplier_id = cast.supplier_ids[file.supplier]
        clerk = stage.person("Vera Vogt", supplier_id, SUPPLIER)
        report = upload_file(stage.running.database, clerk, supplier_id, file.name, file.payload)
        for result in report.refused:
            refusal = result.outcome.refusal
            if refusal is not None and refusal.reason not in sent.refused:
                tell(f"    {file.name}, {result.line()}")
        sent.count(report)
        step()
