"""Retention: personal data that was kept long enough is blanked, once a day. What and how long, the manifests declare.

Nothing is deleted. A rule that fails does not keep the others from being followed; the job is then tried again.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, update
from sqlalchemy.exc import SQLAlchemyError

from scf.commands import transact
from scf.db.engine import Database
from scf.errors import ScfError
from scf.module import Retention
from scf.scheduling.models import jobs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows a rule blanked."""

    name: str
    count: int


def sweep(database: Database, rules: Iterable[Retention]) -> Iterator[Swept]:
    """Follow each rule in a transaction of its own. Raises `ScfError` at the end, naming the rules that failed."""
    failed = []
    now = database.clock.now()
    for rule in rules:
        try:
            count = transact(database, partial(_follow, rule, now))
        except (SQLAlchemyError, ScfError) as error:
            log.warning("retention of %s failed: %s", rule.name, error)
            failed.append(rule.name)
            continue
        yield Swept(rule.name, count)
    if failed:
        raise ScfError(f"these rules of retention could not be followed: {', '.join(failed)}; the log says why")


def _follow(rule: Retention, now: datetime, connection: Connection) -> int:
    return rule.sweep(connection, now - timedelta(days=rule.days))


def _blank_errors(connection: Connection, before: datetime) -> int:
    old = update(jobs).where(jobs.c.ended_at < before, jobs.c.error != "")
    return connection.execute(old.values(error="")).rowcount


RETENTION = (
    Retention(
        "errors of jobs",
        90,
        "from when the job ended: long enough to find a fault, and a trace may quote what a person typed"
        " (legitimate interest, article 6(1)(f) GDPR); the trace is blanked, the job stays",
        _blank_errors,
    ),
)
