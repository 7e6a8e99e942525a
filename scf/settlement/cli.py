"""`cash`: money that came and is not applied yet, for people to look at."""

from typing import Any

import click

from scf.books import queries as books
from scf.money import readable
from scf.settlement.queries import unapplied


@click.command(help="Collections of a book that are not applied yet.")
@click.option("--book", required=True, help="The book's name.")
@click.pass_obj
def cash(running: Any, book: str) -> None:
    """Print one line a collection, and the sum."""
    with running.database.reading() as connection:
        found = unapplied(connection, books.by_ref(connection, book).id)
    for each in found:
        amount = f"{readable(each.left_minor, each.currency)} {each.currency}"
        payer = each.payer or "payer unknown"
        click.echo(f"{each.value_date}  {amount:>22}  {payer:<28} {each.reference} ({each.bank_ref})")
    click.echo(f"{len(found)} collections wait")
