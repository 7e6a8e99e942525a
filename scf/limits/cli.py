"""`limits`: where the limits of a book stand."""

from typing import Any

import click

from scf.books import queries as books
from scf.limits.queries import standings
from scf.money import readable
from scf.organisations import queries as organisations

_LINE = "{:<16} {:<28} {:>18} {:>18} {:>18} {:>18}  {}"


@click.command(help="The limits of a book: ceiling, headroom, reserved and drawn.")
@click.option("--book", required=True, help="The book's name.")
@click.pass_obj
def limits(running: Any, book: str) -> None:
    """Print one line a limit."""
    with running.database.reading() as connection:
        found = standings(connection, books.by_ref(connection, book).id)
        names = organisations.names(connection, [each.holder_id for each in found])
    click.echo(_LINE.format("limit", "on", "ceiling", "headroom", "reserved", "drawn", "").rstrip())
    for each in found:
        amounts = (each.ceiling_minor, each.headroom_minor, each.reserved_minor, each.drawn_minor)
        state = f"suspended: {each.hold}" if each.hold else ""
        shown = [readable(amount, each.currency) for amount in amounts]
        name = names.get(each.holder_id, "a programme")
        click.echo(_LINE.format(each.kind, name, *shown, f"{each.currency} {state}".rstrip()))
