"""The play: who does what on which day, from the first file to the last settled receivable. It reads top to bottom.

Starts on an empty database on Monday, 5 January 2026. The same seed and number of invoices give the same numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from tqdm import tqdm

from invoices.demo_data import DemoFile, make_files
from reports.demo import agreements, desks, papers, parties, payers, uploads
from reports.demo.agreements import Enrolled
from reports.demo.desks import Confirmed
from reports.demo.outcome import Outcome, outcome
from reports.demo.parties import Cast
from reports.demo.payers import Payers
from reports.demo.stage import Stage
from reports.demo.uploads import Sent
from scf.errors import CommandError
from scf.factoring.models import advance_requests, advances, claims
from scf.payments.models import payouts

START_ON = date(2026, 1, 5)
# Larkstone Hydraulics is enrolled with both banks; the second declines one request of its
_BOTH_BANKS, _DECLINED_ON_DAY = 4, 2
_DAYS_MAX = 150


@dataclass(slots=True)
class _Scene:
    stage: Stage
    cast: Cast
    enrolments: list[Enrolled]
    folder: Path
    tell: Callable[[str], None]
    sent: Sent = field(default_factory=Sent)
    confirmed: Confirmed = field(default_factory=Confirmed)
    payers: Payers = field(default_factory=Payers)
    paths: list[Path] = field(default_factory=list)


def play(
    stage: Stage, folder: Path, seed: int, invoice_count: int, tell: Callable[[str], None]
) -> tuple[Outcome, list[Path]]:
    """Play everything; reports go to `folder`. Returns what happened and the files written."""
    stage.clock.set(START_ON)
    cast = parties.register(stage, START_ON)
    enrolments = agreements.agree(stage, cast, invoice_count, START_ON)
    counts = f"{len(cast.anchor_ids)} anchors of one group, {len(cast.supplier_ids)} suppliers, {len(cast.books)} banks"
    tell(f"{START_ON}: {counts}; terms, limits and accounts are agreed")
    scene = _Scene(stage, cast, enrolments, folder, tell)
    days = uploads.by_day(make_files(seed, invoice_count, START_ON).files)
    with tqdm(total=sum(map(len, days)), desc="files", unit="file", disable=None) as bar:
        for number, files in enumerate(days):
            _ask_day(scene, number, files, invoice_count, last=number == len(days) - 1, step=bar.update)
    _show_the_full_book(scene)
    _wait_for_the_money(scene)
    return _ending(scene), scene.paths


def _ask_day(
    scene: _Scene, number: int, files: list[DemoFile], invoice_count: int, *, last: bool, step: Callable[[], object]
) -> None:
    """Suppliers send, anchors confirm, suppliers ask, bankers decide what the last evening left to them."""
    stage, cast = scene.stage, scene.cast
    scene.tell(f"{stage.today}: suppliers send {len(files)} files")
    uploads.send(stage, cast, files, scene.sent, scene.tell, step)
    stage.running.work()
    for anchor_id in cast.anchor_ids:
        desks.confirm(stage, anchor_id, scene.confirmed)
    for supplier_id in cast.supplier_ids:
        desks.ask(stage, supplier_id, cast.anchor_ids, scene.enrolments)
    if number == _DECLINED_ON_DAY:
        supplier_id, book = cast.supplier_ids[_BOTH_BANKS], cast.books[1]
        ref = desks.decline_and_ask_elsewhere(stage, book, supplier_id, scene.enrolments)
        scene.tell(f"    {book.ref} declines {ref}; the supplier asks its other bank")
    if last:
        agreements.raise_group_limit(stage, cast, invoice_count)
    for book in cast.books:
        approved, waiting = desks.approve(stage, book, scene.enrolments)
        scene.tell(f"    {book.ref}: two people approve {approved} requests; {waiting} wait for the evening's rules")
    stage.end_the_day()


def _show_the_full_book(scene: _Scene) -> None:
    """What was asked for is funded and nothing is due yet: the ladder is full."""
    with scene.stage.running.database.reading() as connection:
        for book in scene.stage.books():
            scene.paths += papers.write_ladder(connection, book, scene.folder)
            scene.paths += papers.write_trial_balance(connection, book, scene.folder, "funded")


def _wait_for_the_money(scene: _Scene) -> None:
    """Day by day: anchors pay, suppliers pay their claims, until nothing is open any more."""
    stage = scene.stage
    waiting = sum(len(desks.waiting(stage, book)) for book in scene.cast.books)
    scene.tell(f"{stage.today}: {waiting} requests wait; the anchors' money comes in as it falls due")
    credited = desks.credit_what_is_funded(stage, scene.cast.supplier_ids[0])
    scene.tell(f"    a part of {credited} is credited after funding: its reserve bears the dilution")
    with tqdm(desc="days", unit="day", disable=None) as bar:
        for _ in range(_DAYS_MAX):
            payers.pay(stage, scene.cast, scene.payers)
            payers.pay_claims(stage)
            # calendar days, five of seven of them open
            bar.total = bar.n + max(1, (scene.payers.last_on - stage.today).days * 5 // 7 + 1)
            done = not _open_count(stage)
            stage.end_the_day()
            bar.update()
            if done:
                return
    raise CommandError(f"after {_DAYS_MAX} days {_open_count(stage)} things are still open")


def _open_count(stage: Stage) -> int:
    """Requests, advances, claims and payouts that are not at their end."""
    still = (
        (advance_requests, advance_requests.c.status.in_(["requested", "approved"])),
        (advances, advances.c.status == "funded"),
        (claims, claims.c.status == "open"),
        (payouts, payouts.c.status.in_(["instructed", "sent", "unknown"])),
    )
    with stage.running.database.reading() as connection:
        counts = [connection.execute(select(func.count()).select_from(rows).where(which)) for rows, which in still]
        return sum(int(count.scalar_one()) for count in counts)


def _ending(scene: _Scene) -> Outcome:
    stage, cast = scene.stage, scene.cast
    books = {book.ref: book for book in stage.books()}
    scene.tell(f"{stage.today}: the last receivable is settled")
    with stage.running.database.reading() as connection:
        for place, ref in ((0, cast.books[0].ref), (5, cast.books[1].ref)):
            scene.paths += papers.write_statement(
                connection, books[ref], scene.folder, cast.supplier_ids[place], place + 1, START_ON, stage.today
            )
        for book in books.values():
            scene.paths += papers.write_trial_balance(connection, book, scene.folder, "end")
        return outcome(connection, scene.sent, scene.confirmed, list(books.values()))
