"""Workers that die, double, or come twice: `kill -9` anywhere in a day, two at once, a whole day's commands again.

However often that happens the ledger is the one of an undisturbed run, and every payout leaves once.
"""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import auditor
import pytest
from conftest import DATABASES, opened
from day_worker import Worker
from day_worker import opened as opened_for
from sqlalchemy import func, select
from traffic import ANCHORS, SUPPLIERS, terms
from world import EUR, IBANS, World

from scf.clock import SetClock
from scf.command_log import command_logs
from scf.commands import Command, in_organisation, run
from scf.db.engine import Database
from scf.factoring import steps as factoring_steps
from scf.ledger import queries
from scf.ledger.models import accounts, journals, postings
from scf.limits.models import limits
from scf.limits.positions import LimitKind
from scf.manifest import SCF
from scf.module import Day, Step
from scf.outcomes import Outcome
from scf.payments import steps as payments_steps
from scf.payments.models import payouts
from scf.payments.null_rail import IncomingMoney
from scf.payments.pain001_read import read as read_payment_file
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.scheduling import chunk
from scf.scheduling.day import in_order, run_day
from scf.scheduling.models import day_steps
from scf.settlement import close_day

FIRST, LAST = date(2026, 1, 5), date(2026, 1, 16)
RECEIVABLES = 30
KILLS = 15
SEED = 5


@dataclass(frozen=True)
class Place:
    """A database and the folder of its bank."""

    database: Database
    folder: Path

    @property
    def url(self) -> str:
        return self.database.engine.url.render_as_string(hide_password=False)


def busy_world(place: Place) -> World:
    """Thirty receivables asked for, approved by rule as the day runs, paid exactly, short, late or not at all."""
    clock = place.database.clock
    assert isinstance(clock, SetClock)
    world, random = World(place.database, clock, place.folder), Random(SEED)
    world.register("Northbank", "Harbour Guarantee", *ANCHORS, *SUPPLIERS)
    world.open_book("Northbank", FIRST)
    world.limit(LimitKind.ANCHOR, "Halberd", "400,000.00")
    world.limit(LimitKind.ANCHOR, "Kestrel", "400,000.00")
    agreed = terms(world.organisations["Harbour Guarantee"])
    for anchor, suppliers in ANCHORS.items():
        programme = world.programme(anchor)
        for supplier in suppliers:
            world.enrol(programme, supplier)
            world.agree(supplier, agreed[supplier])
    for number in range(RECEIVABLES):
        receivable(world, random, f"INV-{number}")
    return world


def receivable(world: World, random: Random, ref: str) -> None:
    supplier = random.choice(list(SUPPLIERS))
    anchor, face_minor = SUPPLIERS[supplier], random.randint(1_000_00, 30_000_00)
    due_on = FIRST + timedelta(random.randint(2, 12))
    world.confirmed(ref, supplier, anchor, f"{face_minor // 100}.{face_minor % 100:02d}", due_on)
    world.asks(ref, supplier)
    paid = random.choice((face_minor, face_minor, face_minor * 9 // 10, face_minor + 50_00, 0))
    paid_on = due_on + timedelta(random.choice((-2, 0, 0, 3)))
    if paid:
        world.bank.expect(IncomingMoney(f"M-{ref}", anchor, IBANS[anchor], paid, max(paid_on, FIRST), text=ref))


def credited(world: World) -> None:
    """Credit notes after funding: the jobs that book them are left to whoever works."""
    for number in range(0, RECEIVABLES, 6):
        id = world.receivables[f"INV-{number}"]
        with world.database.reading() as connection:
            creditor = connection.execute(select(payouts.c.beneficiary_id).where(payouts.c.ref == f"INV-{number}"))
            supplier_id = creditor.scalars().first()
        if supplier_id:
            name = next(name for name, id in world.organisations.items() if id == supplier_id)
            note = NewCreditNote(id, f"CN-{number}", EUR, 100_00, world.today)
            world.ask(CREDIT, [note], world.person(name, name), in_organisation(supplier_id))


@pytest.fixture(params=DATABASES)
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """Two databases of a kind with a bank each, filled alike, on the evening of the first day."""
    with opened(request) as first, opened(request) as second:
        both = Place(first, tmp_path / "calm"), Place(second, tmp_path / "killed")
        for place in both:
            place.folder.mkdir()
            world = busy_world(place)
            world.end_the_day()
            credited(world)
            # nothing of this process may stay open in a file that others will be killed over
            place.database.engine.dispose()
        yield both


def test_a_day_survives_kill_9_wherever_it_strikes(places: tuple[Place, Place]) -> None:
    calm, killed = places
    book_id = world_book(calm)
    Worker(opened_for(calm.url, 0), calm.folder, book_id).run_days(LAST)
    starts = run_and_kill(killed, world_book(killed), Random(SEED))
    assert starts > KILLS // 2, "the days were over before the killing was"
    assert ledger(killed) == ledger(calm)
    assert paid_out(killed) == paid_out(calm)
    assert all(count == 1 for count in Counter(ref for ref, _ in sent_lines(killed)).values())
    for place in places:
        with place.database.reading() as connection:
            assert auditor.findings(connection, world_book(place)) == []
        place.database.engine.dispose()


def run_and_kill(place: Place, book_id: int, random: Random) -> int:
    """Start a worker, kill it after some statements, start the next; the last one may finish. How many started."""
    with program(place, book_id) as worker:
        for start in range(1, KILLS + 1):
            if heard_out(worker, start, random.randint(20, 200)):
                return start
        assert heard_out(worker, KILLS + 1, None)
        return KILLS + 1


def heard_out(worker: "subprocess.Popen[bytes]", start: int, kill_after: int | None) -> bool:
    """Whether the worker got to the end of its days before it was killed."""
    assert worker.stdin is not None and worker.stdout is not None
    worker.stdin.write(f"{start}\n".encode())
    process_id, heard = int(worker.stdout.readline()), 0
    while (sign := worker.stdout.read(1)) == b".":
        heard += 1
        if heard == kill_after:
            os.kill(process_id, signal.SIGKILL)
    if sign == b"!":
        assert worker.stdout.readline() == b"\n"
    assert kill_after is not None or sign == b"!", "the worker died by itself"
    return sign == b"!"


@contextmanager
def program(place: Place, book_id: int) -> Iterator["subprocess.Popen[bytes]"]:
    folder = Path(__file__).parent
    worker = subprocess.Popen(
        [sys.executable, str(folder / "day_worker.py"), place.url, str(place.folder), str(book_id), str(LAST)],
        env=os.environ | {"PYTHONPATH": f"{folder.parent}:{folder}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    try:
        yield worker
    finally:
        assert worker.stdin is not None
        worker.stdin.close()
        worker.wait(30)


def world_book(place: Place) -> int:
    with place.database.reading() as connection:
        id: int = connection.execute(select(day_steps.c.book_id)).scalars().first() or 0
    place.database.engine.dispose()
    return id


def ledger(place: Place) -> Counter[tuple[Any, ...]]:
    """Every posting without its ids: dates, event, reference, accounts by name, amount. Limits by kind and holder."""
    with place.database.reading() as connection:
        names = {b.account_id: (b.code, b.owner) for b in queries.balances(connection, world_book(place))}
        owners = connection.execute(
            select(accounts.c.id, accounts.c.code, limits.c.kind).join(limits, limits.c.id == accounts.c.owner_id)
        )
        names |= {id: (code, kind) for id, code, kind in owners}
        return Counter(
            (
                line.value_date,
                line.business_date,
                line.event,
                line.ref,
                names[line.debit_account_id],
                names[line.credit_account_id],
                line.amount_minor,
            )
            for line in queries.lines(connection, world_book(place))
        )


def paid_out(place: Place) -> Counter[tuple[Any, ...]]:
    with place.database.reading() as connection:
        return Counter(
            tuple(row) for row in connection.execute(select(payouts.c.ref, payouts.c.amount_minor, payouts.c.status))
        )


def sent_lines(place: Place) -> list[tuple[str, int]]:
    """Every payment that the bank was given: its end-to-end reference and amount."""
    files = [read_payment_file(path.read_bytes()) for path in sorted((place.folder / "out").glob("*.xml"))]
    return [(line.end_to_end_id, line.amount_minor) for file in files for line in file.lines]


@dataclass
class Counted:
    """Steps that count how often they run."""

    runs: Counter[str]
    lock: threading.Lock

    def of(self, step: Step) -> Step:
        def counting(day: Day) -> str:
            with self.lock:
                self.runs[step.name] += 1
            return step.run(day)

        return replace(step, run=counting)


def test_two_workers_on_one_day_run_each_step_once(world: World) -> None:
    place = Place(world.database, world.folder)
    filled = busy_world(place)
    counted = Counted(Counter(), threading.Lock())
    steps = [counted.of(step) for step in SCF.steps]
    book = Worker(world.database, world.folder, filled.book_id).book()
    barrier, errors = threading.Barrier(2), list[BaseException]()

    def work() -> None:
        database = opened_for(place.url, 0)
        try:
            barrier.wait()
            # whoever finds a step in other hands asks again, until the day is over
            while Worker(database, place.folder, book.id).book().business_date == book.business_date:
                run_day(database, book, steps, filled.bank)
        except BaseException as error:
            errors.append(error)
        finally:
            database.engine.dispose()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    assert counted.runs == Counter({step.name: 1 for step in SCF.steps})
    with world.database.reading() as connection:
        assert auditor.findings(connection, book.id) == []
        fences = connection.execute(select(day_steps.c.fence, day_steps.c.status)).all()
    assert {tuple(row) for row in fences} == {(1, "done")}


def sizes(database: Database) -> list[int]:
    tables = (command_logs, journals, postings, payouts)
    with database.reading() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def test_steps_that_ran_change_nothing_when_they_run_again(world: World) -> None:
    filled = busy_world(Place(world.database, world.folder))
    book = Worker(world.database, world.folder, filled.book_id).book()
    day = Day(world.database, book, filled.bank)
    steps = in_order(SCF.steps)[:-1]
    for step in steps:
        step.run(day)
    before = sizes(world.database)[1:]
    for step in steps:
        step.run(day)
    assert sizes(world.database)[1:] == before


def test_a_whole_day_of_commands_again_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, Any, dict[str, Any], list[Outcome]]] = []

    def recording(database: Database, command: Command[Any, Any, Any], batch: Any, **how: Any) -> list[Outcome]:
        outcomes = run(database, command, batch, **how)
        asked.append((command, batch, how, outcomes))
        return outcomes

    for module in (chunk, factoring_steps, payments_steps, close_day):
        monkeypatch.setattr(module, "run", recording)
    filled = busy_world(Place(world.database, world.folder))
    for _ in range(5):
        filled.end_the_day()
    assert len({command.name for command, *_ in asked}) > 8
    before = sizes(world.database)
    for command, batch, how, outcomes in asked:
        assert run(world.database, command, batch, **how) == outcomes
    assert sizes(world.database) == before


def test_a_dead_workers_bank_files_are_handed_over_by_the_next(world: World) -> None:
    """The day closes, the worker dies before it reaches the bank; the next one delivers, once."""
    filled = busy_world(Place(world.database, world.folder))
    worker = Worker(world.database, world.folder, filled.book_id)
    worker_day = worker.book().business_date
    assert run_day(world.database, worker.book(), SCF.steps, filled.bank)
    assert not (world.folder / "out").exists()
    for start in (1, 2):
        Worker(opened_for(Place(world.database, world.folder).url, start), world.folder, filled.book_id).work()
    lines = sent_lines(Place(world.database, world.folder))
    with world.database.reading() as connection:
        due = select(func.count()).select_from(payouts).where(payouts.c.pay_on <= worker_day)
        instructed = connection.execute(due).scalar_one()
    assert len(lines) == len(dict(lines)) == instructed > 0
