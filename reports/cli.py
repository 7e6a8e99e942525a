"""`report`: the reports of a book as PDF or CSV, written to a file or to standard output."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from reports.run import FORMS, REPORTS, build, render
from scf.books import queries as books
from scf.errors import FieldError
from scf.organisations import queries as organisations

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(help="Write a report of a book.")
@click.argument("name", type=click.Choice(sorted(REPORTS)))
@click.option("--book", required=True, help="The book's name.")
@click.option("--format", "form", type=click.Choice(sorted(FORMS)), default="pdf", show_default=True)
@click.option("--supplier", help="Registration number of the supplier, for its statement.")
@click.option("--from", "from_on", type=_DAY, help="First value date.")
@click.option("--to", "to_on", type=_DAY, help="Last value date.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: standard output."
)
@click.pass_obj
def report(
    running: Any,
    name: str,
    book: str,
    form: str,
    supplier: str | None,
    from_on: datetime | None,
    to_on: datetime | None,
    output: Path | None,
) -> None:
    """Build, render and write."""
    with running.database.reading() as connection:
        params: dict[str, Any] = {}
        if supplier:
            params["supplier_id"] = _supplier(connection, supplier)
        if from_on:
            params["from_on"] = from_on.date()
        if to_on:
            params["value_to" if "value_to" in REPORTS[name].takes else "to_on"] = to_on.date()
        content = render(build(connection, name, books.by_ref(connection, book), **params), form)
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        output.write_bytes(content)
        click.echo(f"{output}: {len(content)} bytes")


def _supplier(connection: Any, ref: str) -> int:
    found = list(organisations.by_registration(connection, [ref]).values())
    if not found:
        raise FieldError("supplier", f"no organisation has the registration number {ref!r}")
    return found[0]
