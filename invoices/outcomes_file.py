"""What became of a file's rows as a CSV file for other programs: RFC 4180, UTF-8, a line a row of the file, in order.

Row 0 is the file itself, when all of it was refused. Amounts are plain decimal strings.
"""

import csv
import io
from collections.abc import Iterable

from invoices.intake import RowResult
from scf.ids import text
from scf.money import decimal_string
from scf.outcomes import Refusal
from scf.spreadsheet import plain

HEADING = ("row", "kind", "number", "currency", "amount", "id", "reason", "field", "value", "bound", "remedy")
_PREFIXES = {"invoice": "inv", "credit_note": "crn"}
_TAKEN = Refusal("")


def outcomes_csv(results: Iterable[RowResult]) -> bytes:
    """The results of an upload; `reason` is empty where a row was taken, `id` where it was not."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEADING)
    writer.writerows(map(_line, results))
    return written.getvalue().encode()


def _line(result: RowResult) -> tuple[str, ...]:
    outcome = result.outcome
    refusal = outcome.refusal or _TAKEN
    amount = decimal_string(result.amount_minor, result.currency) if result.currency else ""
    id = text(_PREFIXES[result.kind], outcome.id) if outcome.id and outcome.accepted else ""
    told = (refusal.reason, refusal.field, refusal.value, refusal.bound, refusal.remedy)
    return (str(result.row), result.kind, plain(result.number), result.currency, amount, id, *map(plain, told))
