"""`demo`: plays the main job on a fresh database and shows what happened."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import event
from tqdm import tqdm

from reports.demo import table
from reports.demo.parties import BANKS
from reports.demo.play import play
from reports.demo.stage import Stage
from scf.books import queries as books
from scf.clock import SetClock, seconds
from scf.running import Running


@click.command(help="Play the main job on invented data: files, confirmations, advances, money, reports.")
@click.option("--seed", default=7, show_default=True, type=click.IntRange(0), help="The same seed, the same numbers.")
@click.option("--invoices", "invoice_count", default=200, show_default=True, type=click.IntRange(40, 100_000))
@click.pass_context
def demo(context: click.Context, seed: int, invoice_count: int) -> None:
    """Play on a database of its own under var/demo, made anew, or on an empty one that --database gives."""
    running: Running = context.obj
    folder = running.settings.var_folder / "demo"
    given = context.parent is not None and bool(context.parent.params.get("database"))
    clock = SetClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    playing = _given(running, clock) if given else _own(running, clock, folder)
    began = seconds()
    outcome, paths = play(Stage(playing, clock), folder / "reports", seed, invoice_count, _tell)
    for line in ("", *table.lines(outcome), "", *map(str, paths), ""):
        click.echo(line)
    click.echo(f"played in {seconds() - began:.0f} s on {playing.settings.database_url}")
    if not all(book.in_balance for book in outcome.books):
        raise SystemExit(1)


def _tell(line: str) -> None:
    # past the progress bar, if one is shown
    tqdm.write(line)


def _own(running: Running, clock: SetClock, folder: Path) -> Running:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'demo.db'}"
    settings = replace(running.settings, database_url=url, var_folder=folder, migrate="auto")
    playing = Running(settings, running.modules, clock)
    engine = playing.database.engine
    event.listen(engine, "connect", _in_haste)
    # so that no connection from before is left in the pool
    engine.dispose()
    return playing


def _in_haste(connection: Any, _record: Any) -> None:
    # nobody misses this database after a power cut; waiting for the disk would take a third of the time
    connection.execute("PRAGMA synchronous=OFF")


def _given(running: Running, clock: SetClock) -> Running:
    """The database that was named, when nothing is in it and its banks have no past."""
    playing = Running(running.settings, running.modules, clock)
    with playing.database.reading() as connection:
        found = books.every(connection)
    if found:
        raise click.ClickException(f"the demo wants an empty database; this one has the book {found[0].ref}")
    for ref in BANKS:
        past = running.settings.var_folder / "bank" / ref
        if past.exists():
            raise click.ClickException(f"the development bank remembers {ref}: remove {past}, or set SCF_VAR")
    return playing
