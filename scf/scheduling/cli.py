"""`scheduler`, `worker` and `day`: the clock, the hands, and the business day by hand."""

import signal
from datetime import date, datetime
from typing import Any

import click
from sqlalchemy import select

from scf.books import queries as books
from scf.scheduling.day import Ran, run_to
from scf.scheduling.models import day_steps
from scf.scheduling.retention import sweep
from scf.scheduling.tick import EVERY_SECONDS, run_scheduler
from scf.scheduling.worker import work_on


@click.command(help="Tick: ask every book whether its day is over, and put down a job for it. Two do no harm.")
@click.option(
    "--every", "every_seconds", default=EVERY_SECONDS, show_default=True, type=click.IntRange(1), help="Seconds."
)
@click.option("--day-ends-at", "hour", default=17, show_default=True, type=click.IntRange(0, 23), help="Hour, UTC.")
@click.pass_obj
def scheduler(running: Any, every_seconds: int, hour: int) -> None:
    """Tick until told to stop."""
    run_scheduler(running.database, every_seconds, hour)


@click.command(help="Do jobs and deliveries. As many processes as you like.")
@click.option("--once", is_flag=True, help="Do what is due, and stop.")
@click.pass_obj
def worker(running: Any, once: bool) -> None:
    """Work until told to stop; the job at work is then finished, or handed back where it next says how far it came."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        # only noted, however often it comes: no signal breaks into a transaction
        signal.signal(number, lambda got, _frame: told.append(got))

    def work() -> int:
        count: int = running.work(lambda: bool(told))
        return count

    if once:
        click.echo(f"{work()} jobs and deliveries done")
    else:
        work_on(work, lambda: bool(told))


@click.command(help="How long personal data is kept; a worker follows these rules once a day.")
@click.option("--now", is_flag=True, help="Follow them at once.")
@click.pass_obj
def retention(running: Any, now: bool) -> None:
    """Print the rules, or how much each of them blanked."""
    if now:
        for swept in sweep(running.database, running.retention):
            click.echo(f"{swept.name}: {swept.count} blanked")
        return
    for rule in running.retention:
        click.echo(f"{rule.name}: {rule.days} days {rule.words}")


@click.group(help="The business day of a book.")
def day() -> None:
    """The group."""


@day.command("run", help="Run the steps of the business day by hand, from the first that is not done.")
@click.option("--book", required=True, help="The book's name.")
@click.option("--to", type=click.DateTime(["%Y-%m-%d"]), help="Up to this date; default: the book's date only.")
@click.pass_obj
def run_days(running: Any, book: str, to: datetime | None) -> None:
    """Print what each step did."""
    with running.database.reading() as connection:
        found = books.by_ref(connection, book)
    last = to.date() if to else found.business_date
    on: list[date] = []

    def tell(ran: Ran) -> None:
        if ran.business_date not in on:
            on.append(ran.business_date)
            click.echo(str(ran.business_date))
        click.echo(f"  {ran.step}: {ran.result}")
        running.deliver()

    closed = run_to(running.database, found.id, last, running.steps, running.bank_of(found), tell)
    running.work()
    if not closed:
        raise click.ClickException(f"no day was closed: the book is on {found.business_date}, or a worker is at it")


@day.command(help="What ran on the last business dates, and what it did.")
@click.option("--book", required=True, help="The book's name.")
@click.option("--last", default=40, show_default=True, type=click.IntRange(1), help="Steps to show.")
@click.pass_obj
def status(running: Any, book: str, last: int) -> None:
    """Print the newest steps."""
    with running.database.reading() as connection:
        found = books.by_ref(connection, book)
        rows = connection.execute(
            select(day_steps)
            .where(day_steps.c.book_id == found.id)
            .order_by(day_steps.c.business_date.desc(), day_steps.c.started_at.desc())
            .limit(last)
        ).all()
    click.echo(f"{found.ref} is on {found.business_date}")
    for row in reversed(rows):
        took = f"{(row.ended_at - row.started_at).total_seconds():.1f} s" if row.ended_at else "not ended"
        click.echo(f"{row.business_date}  {row.step:<24} {row.status:<8} {took:>10}  {row.result}")
