"""`audit`: who ran which command in a book, and whether the hash chain over its command log still holds."""

from typing import Any

import click

from scf.audit import queries
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


@audit.command(help="The last commands of a book: when, by whom, what, and of how many items.")
@click.option("--book", required=True, help="The book's name.")
@click.option("--last", default=40, show_default=True, type=click.IntRange(1), help="Commands to show.")
@click.pass_obj
def trail(running: Any, book: str, last: int) -> None:
    """Print one line a command, the newest last."""
    with running.database.reading() as connection:
        lines = queries.trail(connection, books.by_ref(connection, book).id, last)
    for line in reversed(lines):
        when = f"{line.business_date}  {line.at:%Y-%m-%d %H:%M:%S}"
        click.echo(f"{when}  {line.actor:<24} {line.command:<36} {line.batch_count:>6}")
