"""`audit`: whether the hash chain over the command log of a book still holds."""

from typing import Any

import click

from scf.audit.chain import broken
from scf.books import queries as books


@click.group(help="The audit trail.")
def audit() -> None:
    """The group."""


@audit.command(help="Recompute the hash chain of a book's commands; exit code 1 when it is broken.")
@click.option("--book", required=True, help="The book's name.")
@click.pass_obj
def check(running: Any, book: str) -> None:
    """Print the positions that do not follow."""
    with running.database.reading() as connection:
        found = broken(connection, books.by_ref(connection, book).id)
    for position in found:
        click.echo(f"position {position} does not follow from the one before")
    click.echo(f"{len(found)} breaks")
    if found:
        raise SystemExit(1)
