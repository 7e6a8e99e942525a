"""The tests' own PostgreSQL really is one, and its databases do not know each other."""

import psycopg
from real_postgres import Server
from sqlalchemy import create_engine, text


def test_a_fresh_database_is_empty_and_of_a_real_server(fresh_postgres_url: str) -> None:
    engine = create_engine(fresh_postgres_url)
    with engine.connect() as connection:
        assert int(connection.scalar(text("SHOW server_version_num")) or 0) >= 150000
        assert connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) == 0
    engine.dispose()


def test_a_database_made_from_a_template_has_its_tables(postgres_server: Server, fresh_postgres_url: str) -> None:
    address = fresh_postgres_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    name = fresh_postgres_url.partition("?")[0].rsplit("/", 1)[1]
    copy = f"{name}_copy"
    try:
        with psycopg.connect(postgres_server.create(copy, template=name).replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    finally:
        postgres_server.drop(copy)
