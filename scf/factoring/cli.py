"""`price` and `verify`: the calculator, and the proof of every price ever given."""

import json
import sys
from typing import Any

import click
from sqlalchemy import select

from scf.factoring import calculator, pricing
from scf.factoring.models import advances


@click.command(help="Price advances: one JSON object a line on standard input, one a line on standard output.")
def price() -> None:
    """Answer line by line; exit code 1 when a line was wrong."""
    code = calculator.answer_lines(sys.stdin, sys.stdout.write)
    if code:
        raise SystemExit(code)


@click.command(help="Recompute every price ever given from its proof; exit code 1 when one differs.")
@click.pass_obj
def verify(running: Any) -> None:
    """Compare the stored amounts, and each proof with itself."""
    count, wrong = 0, 0
    named = ("advance", "reserve", "discount", "fee", "vat", "net")
    with running.database.reading() as connection:
        rows = connection.execution_options(yield_per=5000).execute(select(advances).order_by(advances.c.id))
        for row in rows:
            count += 1
            reason = pricing.difference(json.loads(row.proof), tuple(getattr(row, f"{name}_minor") for name in named))
            if reason:
                wrong += 1
                click.echo(f"{row.ref}: {reason}")
    click.echo(f"{count} prices recomputed, {wrong} differ")
    if wrong:
        raise SystemExit(1)
