"""The page that Prometheus reads: what this server counted, and what the database says now.

It refuses nobody by itself: whoever serves it asks `may_scrape` first. A database that does not answer is a figure, not
an error.
"""

import hmac
import ipaddress
from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from scf import metrics
from scf.db.engine import Database
from scf.operations import figures
from scf.operations.backup import revision_of


def metrics_page(database: Database) -> tuple[bytes, str]:
    """The page, and its content type."""
    return generate_latest(metrics.registry(_Asked(database))), CONTENT_TYPE_LATEST


def may_scrape(token: str, remote_addr: str | None, authorization: str | None, forwarded: bool = False) -> bool:
    """Whether a caller may read the page: who shows the token; without a token in the settings, this machine alone.

    `forwarded`: the request came through a proxy, whose address says nothing of who asked.
    """
    if token:
        given = (authorization or "").encode(errors="replace")
        return hmac.compare_digest(given, f"Bearer {token}".encode())
    return not forwarded and _is_loopback(remote_addr or "")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class _Asked(Collector):
    """Asks the database when it is scraped, in one read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterable[Metric]:
        """The figures of this moment."""
        now = self._database.clock.now()
        try:
            with self._database.reading() as connection:
                found = [*_of_database(connection), *_of_work(connection, now), *_of_books(connection, now)]
        except SQLAlchemyError:
            found = []
        yield GaugeMetricFamily("scf_database_up", "1 when the database answered.", value=int(bool(found)))
        yield from found


def _of_database(connection: Connection) -> Iterator[Metric]:
    about = GaugeMetricFamily("scf_database", "The database's kind and schema.", labels=["kind", "revision"])
    about.add_metric([connection.dialect.name, revision_of(connection)], 1)
    yield about


def _of_work(connection: Connection, now: datetime) -> Iterator[Metric]:
    found = figures.read(connection, now)
    by_status = GaugeMetricFamily("scf_jobs", "Jobs by what becomes of them.", labels=["status"])
    by_status.add_metric(["due"], found.jobs.due_count)
    by_status.add_metric(["running"], found.running_count)
    by_status.add_metric(["failed"], found.failed_count)
    yield by_status
    yield GaugeMetricFamily("scf_job_oldest_due_seconds", "How long the oldest has waited.", found.jobs.seconds(now))
    yield GaugeMetricFamily("scf_outbox_due", "Messages to deliver now.", found.outbox.due_count)
    yield GaugeMetricFamily("scf_outbox_oldest_due_seconds", "How long the oldest is due.", found.outbox.seconds(now))
    if found.ticked_at is not None:
        age = int((now - found.ticked_at).total_seconds())
        yield GaugeMetricFamily("scf_scheduler_tick_age_seconds", "Since the scheduler's last tick.", age)


def _of_books(connection: Connection, now: datetime) -> Iterator[Metric]:
    lag = GaugeMetricFamily("scf_book_lag_days", "Days from a book's date to today.", labels=["book"])
    position = GaugeMetricFamily("scf_audit_last_position", "Links in a book's audit chain.", labels=["book"])
    linked = GaugeMetricFamily(
        "scf_audit_last_linked_seconds", "When the last linked command ran, Unix time.", labels=["book"]
    )
    for book in figures.of_books(connection, now):
        lag.add_metric([book.ref], book.lag_days)
        position.add_metric([book.ref], book.last_position)
        if book.last_linked_at is not None:
            linked.add_metric([book.ref], int(book.last_linked_at.timestamp()))
    yield from (lag, position, linked)
