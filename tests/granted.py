"""A PostgreSQL database opened twice: by the tables' owner, and by a role that was granted what the program needs."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from conftest import START
from real_postgres import Server
from sqlalchemy import text

from scf.clock import SetClock
from scf.db.engine import Database, open_engine
from scf.db.grants import grant


@dataclass(frozen=True, slots=True)
class Granted:
    """The same database as production sees it, and as its owner does."""

    production: Database
    owner: Database


@contextmanager
def granted(server: Server, template: str) -> Iterator[Granted]:
    """A copy of a database with a role of its own; both are dropped at the end."""
    name = role = f"production_{uuid.uuid4().hex}"
    url = server.create(name, template)
    owner = open_engine(url)
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
    grant(owner, role)
    grant(owner, role)
    opened = open_engine(f"{url}{'&' if '?' in url else '?'}options=-c%20role%3D{role}")
    clock = SetClock(START)
    yield Granted(Database(opened, clock), Database(owner, clock))
    opened.dispose()
    with owner.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    owner.dispose()
    server.drop(name)
