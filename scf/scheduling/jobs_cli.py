"""`jobs`: what workers have done and have to do, for the operator at the machine: list, show, cancel, retry."""

from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy import Connection

from scf.actor import PLATFORM
from scf.commands import Command, in_organisation, run
from scf.errors import FieldError
from scf.ids import parse, text
from scf.organisations import queries as organisations
from scf.scheduling import queries
from scf.scheduling.commands import CANCEL, RETRY
from scf.scheduling.lifecycle import MOVES
from scf.scheduling.queries import Standing

_LINE = "{:<18} {:%Y-%m-%d %H:%M:%S}  {:<10} {:<10} {:>15}  {}"
_REFS = click.argument("refs", nargs=-1, required=True, metavar="JOB...")


@click.group(help="Durable jobs: list them, show, cancel or retry them.")
def jobs() -> None:
    """The group."""


@jobs.command("list", help="The newest jobs, and how the backlog stands.")
@click.option("--organisation", "ref", metavar="REGISTRATION", help="Only this party's; default: everybody's.")
@click.option("--status", type=click.Choice(tuple(MOVES)))
@click.option("--last", default=40, show_default=True, type=click.IntRange(1), help="Jobs to show.")
@click.pass_obj
def list_(running: Any, ref: str | None, status: str | None, last: int) -> None:
    """Print one line a job, the newest last."""
    with running.database.reading() as connection:
        organisation_id = None if ref is None else _organisation(connection, ref)
        found = queries.newest(connection, organisation_id, status, last)
        backlog = queries.backlog(connection, running.clock.now())
    for each in reversed(found):
        click.echo(_LINE.format(_ref(each.id), each.created_at, each.kind, each.status, _progress(each), each.key))
    since = f" since {backlog.oldest_due_at:%Y-%m-%d %H:%M:%S}" if backlog.oldest_due_at else ""
    click.echo(
        f"{backlog.due_count} due{since}, {backlog.running_count} at work,"
        f" {backlog.later_count} later, {backlog.failed_count} failed"
    )


@jobs.command(help="Everything about a job.")
@click.argument("ref", metavar="JOB")
@click.pass_obj
def show(running: Any, ref: str) -> None:
    """Print one line a column that says something."""
    with running.database.reading() as connection:
        found = queries.find(connection, _id(ref))
    if found is None:
        raise click.ClickException(f"there is no job {ref}")
    for name, value in (found._asdict() | {"id": _ref(found.id)}).items():
        if value not in (None, "", "{}"):
            click.echo(f"{name}: {value}")


@jobs.command(help="Cancel jobs: a waiting one at once, one at work when it next says how far it came.")
@_REFS
@click.pass_obj
def cancel(running: Any, refs: tuple[str, ...]) -> None:
    """Print an outcome a job; 1 is returned when anything was refused."""
    _run(running, CANCEL, refs)


@jobs.command(help="Have failed jobs tried again.")
@_REFS
@click.pass_obj
def retry(running: Any, refs: tuple[str, ...]) -> None:
    """Print an outcome a job; 1 is returned when anything was refused."""
    _run(running, RETRY, refs)


def _run(running: Any, command: Command[int, Any, Any], refs: Sequence[str]) -> None:
    batch = [_id(ref) for ref in refs]
    key = f"cli/{running.database.ids().one()}"
    outcomes = run(running.database, command, batch, key=key, actor=PLATFORM, scope=in_organisation(0))
    for ref, outcome in zip(refs, outcomes, strict=True):
        click.echo(f"{ref}: {outcome.refusal.words() if outcome.refusal else outcome.facts['status']}")
    if any(outcome.refusal for outcome in outcomes):
        raise SystemExit(1)


def _organisation(connection: Connection, ref: str) -> int:
    known = organisations.by_registration(connection, [ref])
    if not known:
        raise FieldError("organisation", f"nobody is registered as {ref!r}")
    return known.popitem()[1]


def _progress(job: Standing) -> str:
    return f"{job.progress_done:,}" + (f" of {job.progress_total:,}" if job.progress_total else "")


def _ref(id: int) -> str:
    return text("job", id)


def _id(ref: str) -> int:
    try:
        return parse(ref)
    except ValueError:
        raise click.ClickException(f"{ref!r} is no job; give one like job_01h3…, as `jobs list` shows them") from None
