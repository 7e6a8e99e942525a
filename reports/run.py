"""The reports by name and the forms they come in. Builds and renders; writes nothing to the database or to disk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from reports import ladder, supplier_statement, trial_balance
from reports.csv_form import csv_bytes
from reports.pdf import pdf_bytes
from reports.tabular import Report
from scf.books.queries import Book
from scf.errors import FieldError


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a report is built, with the parameters it must and may be given."""

    build: Callable[..., Report]
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()


REPORTS: dict[str, Recipe] = {
    "ladder": Recipe(ladder.build),
    "supplier-statement": Recipe(supplier_statement.build, frozenset({"supplier_id", "from_on", "to_on"})),
    "trial-balance": Recipe(trial_balance.build, takes=frozenset({"value_to"})),
}
FORMS: dict[str, Callable[[Report], bytes]] = {"pdf": pdf_bytes, "csv": csv_bytes}


def build(connection: Connection, name: str, book: Book, **params: Any) -> Report:
    """A report of a book. Raises `FieldError` for an unknown name and for a parameter missing or not taken."""
    recipe = REPORTS.get(name)
    if recipe is None:
        raise FieldError("report", f"there is no report {name!r}; there are: {', '.join(REPORTS)}")
    for missing in sorted(recipe.needs - params.keys()):
        raise FieldError(missing, f"the report {name} needs it")
    for unknown in sorted(params.keys() - recipe.needs - recipe.takes):
        raise FieldError(unknown, f"the report {name} does not take it")
    return recipe.build(connection, book, **params)


def render(report: Report, form: str) -> bytes:
    """A report as a file's bytes, the same for the same report. Raises `FieldError` for an unknown form."""
    if form not in FORMS:
        raise FieldError("form", f"there is no form {form!r}; there are: {', '.join(FORMS)}")
    return FORMS[form](report)
