"""The command line. Commands of the desks are added by the composition root."""

import os

import click
from granian import Granian
from granian.constants import Interfaces

from scf.db.engine import open_engine
from scf.db.grants import grant
from scf.errors import ScfError
from scf.migrate import missing, prepare, upgrade
from scf.settings import ROOT, Settings, read_settings

THREADS = 4  # a worker's; each may hold a database connection


def build_cli(target: str) -> click.Group:
    """The command group; `target` is the import path of the WSGI app that `serve` runs."""

    @click.group(invoke_without_command=True, help="Supply chain finance. Without a command it serves.")
    @click.option("--database", envvar="SCF_DATABASE_URL", help="Database URL; default: an SQLite file under var/.")
    @click.pass_context
    def cli(context: click.Context, database: str | None) -> None:
        if database:
            os.environ["SCF_DATABASE_URL"] = database
        try:
            context.obj = read_settings(os.environ)
        except ScfError as error:
            raise click.ClickException(str(error)) from error
        if context.invoked_subcommand is None:
            context.invoke(serve)

    @cli.command(help="Serve the screens and the API.")
    @click.option("--host", default="127.0.0.1", show_default=True)
    @click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
    @click.option("--workers", default=1, show_default=True, type=click.IntRange(1))
    def serve(host: str, port: int, workers: int) -> None:
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
    def migrate(settings: Settings, role: str | None) -> None:
        try:
            prepare(settings.database_url)
            engine = open_engine(settings.database_url)
            waiting = missing(engine)
            upgrade(engine)
            click.echo(f"applied: {', '.join(waiting)}" if waiting else "the schema is current")
            if role:
                grant(engine, role)
                click.echo(f"granted to {role}")
        except ScfError as error:
            raise click.ClickException(str(error)) from error

    return cli
