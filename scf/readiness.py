"""Whether this process can serve: the truth about database, migrations, the tick and the backlog, in words."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from scf.clock import Clock
from scf.errors import ScfError
from scf.migrate import missing
from scf.scheduling.models import jobs, ticks


@dataclass(frozen=True, slots=True)
class Readiness:
    """The answer, and each check in words."""

    ready: bool
    checks: dict[str, str]


def readiness(engine: Engine, clock: Clock) -> Readiness:
    """Ask the database; never raises. A silent scheduler is said, but does not stop pages from being served."""
    try:
        waiting = missing(engine)
        if waiting:
            words = f"missing: {', '.join(waiting)}; run migrate"
            return Readiness(False, {"database": "reachable", "migrations": words})
        with engine.connect().execution_options(read_only=True) as connection:
            return Readiness(True, _checks(connection, engine.dialect.name, clock))
    except (SQLAlchemyError, ScfError) as error:
        return Readiness(False, {"database": f"not usable: {str(error).splitlines()[0]}"})


def _checks(connection: Connection, kind: str, clock: Clock) -> dict[str, str]:
    last = connection.execute(select(func.max(ticks.c.at))).scalar_one()
    backlog = connection.execute(
        select(func.count()).where(jobs.c.status.in_(["queued", "running"]), jobs.c.due_at <= clock.now())
    ).scalar_one()
    failed = connection.execute(select(func.count()).where(jobs.c.status == "failed")).scalar_one()
    return {
        "database": f"reachable, {kind}",
        "migrations": "current",
        "scheduler": _ticked(None if last is None else clock.now() - last),
        "jobs": f"{backlog} due, {failed} failed",
    }


def _ticked(since: timedelta | None) -> str:
    if since is None:
        return "has never ticked; start it with: scheduler"
    return f"ticked {int(since.total_seconds())} s ago"
