"""The command line: the core's commands; those of the desks are added by the composition root."""

import os
from collections.abc import Sequence
from typing import Any

import click
from granian import Granian
from granian.constants import Interfaces

from scf.audit.cli import audit
from scf.db.engine import open_engine
from scf.db.grants import grant
from scf.errors import ScfError
from scf.factoring.cli import price, verify
from scf.ledger.cli import ledger
from scf.limits.cli import limits
from scf.migrate import missing, prepare, upgrade
from scf.module import Module
from scf.running import Running
from scf.scheduling.cli import day, retention, scheduler, worker
from scf.scheduling.jobs_cli import jobs
from scf.settings import ROOT, read_settings
from scf.settlement.cli import cash, check

THREADS = 4  # a worker's; each may hold a database connection


class _Group(click.Group):
    """Turns what the platform raises on purpose into a message, where click would show a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except ScfError as error:
            raise click.ClickException(str(error)) from error


def build_cli(target: str, modules: Sequence[Module], desks: Sequence[click.Command]) -> click.Group:
    """The command group; `target` is the import path of the WSGI app that `serve` runs, `desks` the desks' commands."""

    @click.group(cls=_Group, invoke_without_command=True, help="Supply chain finance. Without a command it serves.")
    @click.option("--database", envvar="SCF_DATABASE_URL", help="Database URL; default: an SQLite file under var/.")
    @click.pass_context
    def cli(context: click.Context, database: str | None) -> None:
        if database:
            os.environ["SCF_DATABASE_URL"] = database
        context.obj = Running(read_settings(os.environ), modules)
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
        Granian(
            target,
            host,
            port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            websockets=False,
            working_dir=ROOT,
        ).serve()

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

    core = (price, verify, ledger, check, audit, limits, cash, day, scheduler, worker, jobs, retention)
    for command in (*core, *desks):
        cli.add_command(command)
    return cli
