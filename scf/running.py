"""The platform as it runs in one process: its settings, its database, and what its modules offer, put together."""

import gc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from scf import outbox
from scf.books.queries import Book
from scf.clock import Clock, SystemClock
from scf.db.engine import Database
from scf.manifest import run_day_job
from scf.migrate import open_database
from scf.module import Delivery, Job, Module, Step, Surroundings
from scf.payments.banks import null_bank
from scf.payments.rail import PaymentRail
from scf.scheduling.tick import RUN_DAY
from scf.scheduling.worker import work_all
from scf.secrets import Vault
from scf.settings import Settings, secret_keys_of

# a slow machine of a stranger is not to hold up what came meanwhile
_CALLS_AT_ONCE = 8


def collect_seldom() -> None:
    """Let this process look for cycles of garbage seldom: a batch makes a million values that live until it is written.

    Looking through them after every 700 new ones, as Python does by itself, takes a tenth of the time of a batch.
    """
    gc.set_threshold(50_000, 20, 50)


@dataclass
class Running:
    """One process of the platform; the database is opened, and on SQLite upgraded, when it is first asked for."""

    settings: Settings
    modules: Sequence[Module]
    clock: Clock = field(default_factory=SystemClock)

    @cached_property
    def database(self) -> Database:
        """The open database, with the schema this program needs. Raises `SettingsError` saying what to do."""
        database = open_database(self.settings.database_url, self.settings.migrate)
        database.clock = self.clock
        return database

    @cached_property
    def vault(self) -> Vault:
        """What seals the secrets of rows."""
        return Vault(secret_keys_of(self.settings))

    @property
    def steps(self) -> list[Step]:
        """The steps of the business day, as the modules offer them."""
        return [step for module in self.modules for step in module.steps]

    @property
    def jobs(self) -> Mapping[str, Job]:
        """What a worker can do."""
        kinds: dict[str, Job] = {kind: job for module in self.modules for kind, job in module.jobs.items()}
        kinds[RUN_DAY] = partial(_run_day, self)
        return kinds

    def bank_of(self, book: Book) -> PaymentRail | None:
        """The payment rail of a book."""
        return null_bank(self.database, self.settings.var_folder / "bank", book)

    def deliver(self) -> int:
        """Deliver what the outbox holds for machines that we know; returns how many messages were tried."""
        return outbox.deliver_due(self.database, self._bound(module.deliveries for module in self.modules))

    def call(self) -> int:
        """Deliver a few of the messages for strangers' machines; returns how many were tried."""
        return outbox.deliver_due(self.database, self._bound(module.calls for module in self.modules), _CALLS_AT_ONCE)

    def _bound(self, offered: Iterable[Mapping[str, Delivery]]) -> Mapping[str, outbox.Deliver]:
        surroundings = Surroundings(self.bank_of, self.vault, self.settings.webhook_private)
        kinds = {kind: each for deliveries in offered for kind, each in deliveries.items()}
        return {kind: partial(each, self.database, surroundings) for kind, each in kinds.items()}

    def work(self) -> int:
        """Do all due jobs and deliveries; returns how many there were."""
        count = 0
        while done := work_all(self.database, self.jobs) + self.deliver() + self.call():
            count += done
        return count


def _run_day(running: Running, database: Database, payload: Mapping[str, Any], _key: str) -> None:
    run_day_job(database, Surroundings(running.bank_of), running.steps, payload)
    running.deliver()
