"""`ledger`: the book as plain-text accounting, its balances."""

import sys
from datetime import datetime
from typing import Any

import click

from scf.books import queries as books
from scf.ledger import export, queries
from scf.ledger.chart import CHART, full_name
from scf.money import readable


@click.group(help="The ledger of a book.")
def ledger() -> None:
    """The group."""


@ledger.command("export", help="Write the whole book as plain-text accounting.")
@click.option("--book", required=True, help="The book's name.")
@click.option("--format", "form", type=click.Choice(export.FORMS), default="hledger", show_default=True)
@click.pass_obj
def export_book(running: Any, book: str, form: str) -> None:
    """Stream the book to standard output."""
    with running.database.reading() as connection:
        export.write(connection, books.by_ref(connection, book).id, form, sys.stdout.write)


@ledger.command(help="The balances of all accounts, by value date.")
@click.option("--book", required=True, help="The book's name.")
@click.option("--on", "value_to", type=click.DateTime(["%Y-%m-%d"]), help="Up to this value date.")
@click.pass_obj
def balances(running: Any, book: str, value_to: datetime | None) -> None:
    """Print the trial balance; debits positive."""
    with running.database.reading() as connection:
        found = queries.balances(
            connection, books.by_ref(connection, book).id, value_to=value_to.date() if value_to else None
        )
    shown = [each for each in found if each.net_minor and not CHART[each.code].memorandum]
    for each in shown:
        name = full_name(each.code) + (f":{each.owner}" if each.owner else "")
        click.echo(f"{name:<60} {readable(each.net_minor, each.currency):>20} {each.currency}")
    for currency in sorted({each.currency for each in shown}):
        total = sum(each.net_minor for each in shown if each.currency == currency)
        click.echo(f"{'total':<60} {readable(total, currency):>20} {currency}")
