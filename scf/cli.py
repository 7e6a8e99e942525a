"""The command line: the core's commands; those of the desks are added by the composition root."""

import logging
import multiprocessing
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces

from scf import logs, metrics
from scf.audit.cli import audit
from scf.db.engine import open_engine
from scf.db.grants import grant
from scf.errors import ScfError
from scf.factoring.cli import price, verify
from scf.identity.cli import init
from scf.ledger.cli import ledger
from scf.limits.cli import limits
from scf.migrate import missing, prepare, upgrade
from scf.module import Module
from scf.operations.cli import backup, export, restore
from scf.running import Running
from scf.sandbox.seed import seed
from scf.scheduling.cli import day, retention, scheduler, worker
from scf.scheduling.jobs_cli import jobs
from scf.settings import ROOT, Settings, in_force, read_settings
from scf.settlement.cli import cash, check

THREADS = 4  # a worker's; each may hold a database connection
STOP_SECONDS = 30  # for the requests at work when the server is told to stop

# what runs on and on says what it does; a command that ends says only what is wrong, unless a form was asked for
_SERVICES = {"serve", "worker", "scheduler"}


class _Group(click.Group):
    """Turns what the platform raises on purpose into a message, where click would show a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except ScfError as error:
            raise click.ClickException(str(error)) from error


def _seed(running: Running) -> Path:
    """A sandbox with its parties and keys alone."""
    return seed(running.database, running.granted, running.settings.var_folder)


def build_cli(
    target: str,
    modules: Sequence[Module],
    desks: Sequence[click.Command],
    furnish: Callable[[Running], Path] = _seed,
) -> click.Group:
    """The command group; `target` is the import path of the WSGI app that `serve` runs, `desks` the desks' commands.

    `furnish` makes a sandbox, once, before it is served; it returns the file with its keys.
    """

    @click.group(cls=_Group, invoke_without_command=True, help="Supply chain finance. Without a command it serves.")
    @click.option("--database", envvar="SCF_DATABASE_URL", help="Database URL; default: an SQLite file under var/.")
    @click.pass_context
    def cli(context: click.Context, database: str | None) -> None:
        if database:
            os.environ["SCF_DATABASE_URL"] = database
        settings = read_settings(os.environ)
        context.obj = Running(settings, modules)
        logs.configure(settings.log, _level(settings.log, context.invoked_subcommand or "serve"))
        if context.invoked_subcommand is None:
            context.invoke(serve)

    @cli.command(help="Serve the pages.")
    @click.option("--host", default="127.0.0.1", show_default=True)
    @click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
    @click.option("--workers", default=1, show_default=True, type=click.IntRange(1))
    @click.pass_obj
    def serve(running: Running, host: str, port: int, workers: int) -> None:
        if running.settings.migrate == "auto":
            prepare(running.settings.database_url)
            upgrade(open_engine(running.settings.database_url))
        click.echo(f"http://{host}:{port}")
        if running.settings.sandbox:
            click.echo(f"a sandbox; its keys are in {furnish(running)}")
        os.environ[metrics.FOLDER_VARIABLE] = metrics.counting_folder(_counting(running.settings))
        # a worker starts afresh: a fork would share this process's locks, connections and counters
        multiprocessing.set_start_method("spawn", force=True)
        Granian(
            target,
            host,
            port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            websockets=False,
            working_dir=ROOT,
            workers_kill_timeout=STOP_SECONDS,
            log_dictconfig=logs.server_logging(),
        ).serve()

    @cli.command(help="What is set, and where each value comes from; secrets are not shown.")
    def settings() -> None:
        for each in in_force(os.environ):
            click.echo(f"{each.name:<20} {each.value}")
            click.echo(f"{'':<20} {each.source}; {each.words}")

    @cli.command(help="Bring the database to the schema that this program needs, all of it or nothing.")
    @click.option("--grant", "role", help="PostgreSQL: a role that is to read and write rows, and to change no table.")
    @click.pass_obj
    def migrate(running: Running, role: str | None) -> None:
        prepare(running.settings.database_url)
        engine = open_engine(running.settings.database_url)
        waiting = missing(engine)
        upgrade(engine)
        click.echo(f"applied: {', '.join(waiting)}" if waiting else "the schema is current")
        if role:
            grant(engine, role)
            click.echo(f"granted to {role}")

    core = (init, price, verify, ledger, check, audit, limits, cash, day, scheduler, worker, jobs, retention)
    whole = (backup, restore, export)
    for command in (*core, *whole, *desks):
        cli.add_command(command)
    return cli


def _level(form: str, command: str) -> int:
    return logging.INFO if command in _SERVICES or form != "auto" else logging.WARNING


def _counting(settings: Settings) -> Path:
    given = os.environ.get(metrics.FOLDER_VARIABLE)
    return Path(given) if given else settings.var_folder / "metrics"
