"""The hash chain over the command log: it holds, and a changed, left out or slipped-in row breaks it."""

from datetime import date

from sqlalchemy import text
from world import World

from scf.audit.chain import broken
from scf.audit.models import audit_links
from scf.command_log import command_logs
from scf.db.engine import Database


def lived(world: World) -> World:
    """A book with some days of commands."""
    world.register(
        "Northbank", "Halberd", "Kestrel",
        "Ash Castings", "Birch Tools", "Cedar Works", "Dogwood Fittings", "Elm Plastics",
    )  # fmt: skip
    world.open_book("Northbank", date(2026, 1, 5))
    world.until(date(2026, 1, 9))
    return world


def breaks(database: Database, scope_id: int) -> list[int]:
    with database.reading() as connection:
        return broken(connection, scope_id)


def test_every_command_of_a_closed_day_is_linked_and_the_chain_holds(world: World) -> None:
    lived(world)
    with world.database.reading() as connection:
        linked = set(connection.execute(audit_links.select().with_only_columns(audit_links.c.command_id)).scalars())
        logged = set(
            connection.execute(
                command_logs.select()
                .with_only_columns(command_logs.c.id)
                .where(command_logs.c.scope_id == world.book_id, command_logs.c.business_date < date(2026, 1, 8))
            ).scalars()
        )
    assert logged and logged <= linked
    assert breaks(world.database, world.book_id) == []


def test_a_changed_row_is_found(world: World) -> None:
    lived(world)
    trigger = {
        "sqlite": "DROP TRIGGER command_log_refuses_update",
        "postgresql": "ALTER TABLE command_log DISABLE TRIGGER USER",
    }
    with world.database.engine.begin() as connection:
        connection.execute(text(trigger[world.database.engine.dialect.name]))
        connection.execute(
            text(
                "UPDATE command_log SET actor_id = 77 WHERE id ="
                " (SELECT command_id FROM audit_link WHERE position = 2 AND scope_id = :book)"
            ),
            {"book": world.book_id},
        )
    assert breaks(world.database, world.book_id) == [2]
