"""A connection that the server has ended while it rested is replaced before it is used, and one in use is not asked."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from scf.db import engine as engines
from scf.db.engine import open_engine


@pytest.fixture
def opened(fresh_postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(fresh_postgres_url)
    yield engine
    engine.dispose()


def server_process(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def end(url: str, process: int) -> None:
    other = open_engine(url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})
    other.dispose()


def test_a_connection_ended_while_it_rested_is_replaced(
    opened: Engine, fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = server_process(opened)
    end(fresh_postgres_url, before)
    monkeypatch.setattr(engines, "TRUSTED_SECONDS", 0.0)
    assert server_process(opened) != before


def test_a_connection_just_used_is_taken_as_it_is(opened: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    before = server_process(opened)
    asked: list[object] = []
    monkeypatch.setattr(type(opened.dialect), "do_ping", lambda _dialect, connection: asked.append(connection))
    monkeypatch.setattr(engines, "TRUSTED_SECONDS", 60.0)
    assert server_process(opened) == before
    assert not asked
    monkeypatch.setattr(engines, "TRUSTED_SECONDS", 0.0)
    assert server_process(opened) == before
    assert len(asked) == 1
