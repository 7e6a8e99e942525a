"""Operations as production's role, which row-level security binds: they tell the truth, or say that they may not."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from granted import Granted, granted
from real_postgres import Server
from sqlalchemy import update
from test_story import opening
from world import World

from scf.clock import SetClock
from scf.db.engine import Database
from scf.errors import ScfError
from scf.operations.backup import backup
from scf.operations.export import export
from scf.operations.metrics_page import metrics_page
from scf.operations.restore import restore
from scf.readiness import readiness
from scf.scheduling.jobs import NewJob, put
from scf.scheduling.models import jobs


@pytest.fixture
def walled(postgres_server: Server, postgres_template: str) -> Iterator[Granted]:
    with granted(postgres_server, postgres_template) as both:
        yield both


@pytest.fixture
def played(walled: Granted, tmp_path: Path) -> World:
    """Two suppliers of one anchor with advances, and money that came in; all of it done by production's role."""
    clock = walled.production.clock
    assert isinstance(clock, SetClock)
    world = World(walled.production, clock, tmp_path)
    opening(world)
    for ref, supplier in (("ASH-1", "Ash Castings"), ("BIRCH-1", "Birch Tools")):
        world.confirmed(ref, supplier, "Halberd", "10,000.00", date(2026, 1, 30))
        world.asks(ref, supplier)
    world.until(date(2026, 1, 8))
    world.pays("Halberd", "B-1", "10,000.00", "ASH-1")
    world.until(date(2026, 1, 13))
    return world


def contents(database: Database, organisation_id: int, target: Path) -> dict[str, bytes]:
    export(database, organisation_id, target)
    with ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_export_is_the_same_whoever_makes_it(played: World, walled: Granted, tmp_path: Path) -> None:
    for name in ("Northbank", "Halberd", "Ash Castings"):
        own = played.organisations[name]
        by_production = contents(walled.production, own, tmp_path / f"{name} 1.zip")
        assert by_production == contents(walled.owner, own, tmp_path / f"{name} 2.zip")
        assert len(by_production) > 10


def test_a_backup_that_would_lack_rows_is_refused_with_what_to_do(
    played: World, walled: Granted, tmp_path: Path
) -> None:
    with pytest.raises(ScfError, match="do it as the owner of the tables"):
        backup(walled.production, tmp_path / "var", tmp_path / "all.zip")
    assert not (tmp_path / "all.zip").exists()
    assert backup(walled.owner, tmp_path / "var", tmp_path / "all.zip").tables["advance"].row_count == 2


def test_a_restore_is_the_owners_too(walled: Granted, tmp_path: Path) -> None:
    backup(walled.owner, tmp_path / "var", tmp_path / "all.zip")
    restore(walled.owner, tmp_path / "var2", tmp_path / "all.zip")
    with pytest.raises(ScfError, match="do it as the owner of the tables"):
        restore(walled.production, tmp_path / "var3", tmp_path / "all.zip")


def test_readiness_and_figures_see_what_waits(walled: Granted) -> None:
    database = walled.production
    with walled.owner.engine.begin() as connection:
        put(connection, [1], [NewJob("x", {}, "x")], database.clock.now())
        connection.execute(update(jobs).values(status="failed", ended_at=database.clock.now()))
    assert "1 failed" in readiness(database.engine, database.clock).checks["failed jobs"]
    assert 'scf_jobs{status="failed"} 1.0' in metrics_page(database)[0].decode()
