"""Opening a database: pragmas, how a transaction begins and for whom it reads, and the node of this process's ids."""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    Engine,
    String,
    create_engine,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError

from scf.clock import Clock, SystemClock, seconds
from scf.db import walls
from scf.db.types import UTCDateTime, table
from scf.errors import ScfError
from scf.ids import NODES, Ids

nodes = table(
    "node",
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("holder", String(32), nullable=False),
    Column("until_at", UTCDateTime, nullable=False),
)

_LEASE = timedelta(hours=2)
# how long a connection may have rested to be taken as it is
TRUSTED_SECONDS = 1.0
# what rows hold has no place in the text of an error, which is logged and kept with failed jobs
_HIDDEN = True


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`; the transaction rules of DESIGN §3 and §10 are set here."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": 60}, hide_parameters=_HIDDEN)
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed, isolation_level="READ COMMITTED", pool_size=10, hide_parameters=_HIDDEN)
    event.listen(engine, "begin", _on_postgresql_begin)
    event.listen(engine, "checkin", _on_checkin)
    event.listen(engine, "checkout", partial(_on_checkout, engine.dialect))
    return engine


def refresh_statistics(engine: Engine) -> None:
    """Let SQLite count how its indexes are filled, a sample of each: what it plans by. PostgreSQL does so by itself."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
            connection.exec_driver_sql("ANALYZE")


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        # without it INSERT OR REPLACE would delete rows past the triggers that refuse deletion
        "recursive_triggers=ON",
        "synchronous=FULL",
        "busy_timeout=60000",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection: Connection) -> None:
    # a deferred BEGIN would fail with "database is locked" when it turns from reading to writing
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _on_checkin(_connection: Any, record: Any) -> None:
    record.info["rested_from"] = seconds()


def _on_checkout(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that has rested whether it still lives; the pool then takes another.

    Asking each time, as the pool would do by itself, costs every short transaction a round trip.
    """
    if seconds() - record.info.get("rested_from", seconds()) < TRUSTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError("the connection rested, and is no more") from error


def _on_postgresql_begin(connection: Connection) -> None:
    """Say with BEGIN, in the same round trip, for whom the transaction reads (see `scf.db.walls`).

    The driver then sees an open transaction and sends no BEGIN of its own. Who named nobody is left to the driver.
    """
    options = connection.get_execution_options()
    level = options.get("isolation_level", "READ COMMITTED")
    if options.get("reader") is None or level == "AUTOCOMMIT":
        return
    begin = f"BEGIN ISOLATION LEVEL {level}" + (" READ ONLY" if options.get("read_only") else "")
    statement = f"{begin}; SET LOCAL scf.reader = {options['reader']:d}"
    driver = connection.dialect.loaded_dbapi
    server: Any = connection.connection.dbapi_connection
    result = server.pgconn.exec_(statement.encode())
    if result.status != driver.pq.ExecStatus.COMMAND_OK:
        error = driver.errors.error_from_result(result, encoding="utf-8")
        raise DBAPIError.instance(statement, None, error, driver.Error, dialect=connection.dialect) from error


def reading(engine: Engine, reader: int | None = None) -> Connection:
    """A connection for reading only.

    `reader` is the organisation for which is read, None the platform itself. On PostgreSQL an organisation sees its
    own rows, whatever the queries ask (`scf.db.walls`).
    """
    if reader is not None and reader < 0:
        raise ValueError(f"{reader} is no organisation")
    return engine.connect().execution_options(read_only=True, reader=walls.PLATFORM if reader is None else reader)


@dataclass(slots=True)
class Database:
    """An open database with the clock it is worked by, the ids this process makes, and what stands behind its ports."""

    engine: Engine
    clock: Clock = field(default_factory=SystemClock)
    adapters: Mapping[str, Any] = field(default_factory=dict)
    _ids: Ids | None = None
    _holder: str = field(default_factory=lambda: secrets.token_hex(16))
    _until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reading(self, reader: int | None = None) -> Connection:
        """`reading` on this database's engine; use it with `with`."""
        return reading(self.engine, reader)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction of the platform's, committed when the block ends well: for `scf.commands` alone."""
        with self.engine.connect().execution_options(reader=walls.PLATFORM) as connection, connection.begin():
            yield connection

    def ids(self) -> Ids:
        """The ids of this process; takes or renews the lease of its node when less than half of it is left."""
        with self._lock:
            now = SystemClock().now()
            if self._ids is None or self._until is None or now + _LEASE / 2 > self._until:
                node = _lease(self.engine, self._holder, self._ids.node if self._ids else None, now)
                if self._ids is None or self._ids.node != node:
                    self._ids = Ids(node, _milliseconds)
                self._until = now + _LEASE
            return self._ids


def _milliseconds() -> int:
    return int(SystemClock().now().timestamp() * 1000)


def _lease(engine: Engine, holder: str, held: int | None, now: datetime) -> int:
    """Renew the held node, or take the one whose lease ended longest ago, or a new one."""
    for _attempt in range(20):
        try:
            with engine.begin() as connection:
                if held is not None and _renew(connection, nodes.c.id == held, nodes.c.holder == holder, holder, now):
                    return held
                held = None
                ended = select(nodes.c.id, nodes.c.holder).where(nodes.c.until_at < now).order_by(nodes.c.until_at)
                for node, was in connection.execute(ended.limit(8)):
                    if _renew(connection, nodes.c.id == node, nodes.c.holder == was, holder, now):
                        return int(node)
                node = connection.execute(select(func.coalesce(func.max(nodes.c.id), -1))).scalar_one() + 1
                if node >= NODES:
                    raise ScfError("all 1,024 id nodes are leased; stop unused processes or wait two hours")
                connection.execute(insert(nodes).values(id=node, holder=holder, until_at=now + _LEASE))
                return int(node)
        except IntegrityError:
            continue  # another process took that new node first
    raise ScfError("no id node could be leased in 20 attempts; try again")


def _renew(connection: Connection, which: Any, held_by: Any, holder: str, now: datetime) -> bool:
    taken = update(nodes).where(which, held_by).values(holder=holder, until_at=now + _LEASE)
    return connection.execute(taken).rowcount == 1
