"""`check`: whether a book holds; `cash`: money not applied yet and statement lines that match nothing."""

from typing import Any

import click

from scf.books import queries as books
from scf.ledger import checks as ledger
from scf.money import readable
from scf.settlement.checks import findings
from scf.settlement.queries import unapplied, unmatched


@click.command(help="Collections of a book that are not applied yet, and statement lines that match nothing.")
@click.option("--book", required=True, help="The book's name.")
@click.pass_obj
def cash(running: Any, book: str) -> None:
    """Print one line a collection and one a statement line, and how many there are."""
    with running.database.reading() as connection:
        book_id = books.by_ref(connection, book).id
        found, lines = unapplied(connection, book_id), unmatched(connection, book_id)
    for each in found:
        amount = f"{readable(each.left_minor, each.currency)} {each.currency}"
        payer = each.payer or "payer unknown"
        click.echo(f"{each.value_date}  {amount:>22}  {payer:<28} {each.reference} ({each.bank_ref})")
    click.echo(f"{len(found)} collections wait")
    for line in lines:
        amount = f"{readable(line.amount_minor, line.currency)} {line.currency}"
        click.echo(f"{line.booked_on}  {amount:>22}  {line.name or 'unmatched':<28} {line.text} ({line.bank_ref})")
    click.echo(f"{len(lines)} statement lines match nothing")


@click.command(help="Recompute a book from its postings and its rows; exit code 1 when something does not hold.")
@click.option("--book", required=True, help="The book's name.")
@click.pass_obj
def check(running: Any, book: str) -> None:
    """Print the findings."""
    with running.database.reading() as connection:
        book_id = books.by_ref(connection, book).id
        found = [*ledger.findings(connection, book_id), *findings(connection, book_id)]
    for each in found:
        click.echo(f"{each.check}: {each.place}")
    click.echo(f"{len(found)} findings")
    if found:
        raise SystemExit(1)
