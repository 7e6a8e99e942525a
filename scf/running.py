"""The platform as it runs in one process: its settings, its database, and what its modules offer, put together."""

import gc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Engine

from scf import outbox
from scf.books.queries import Book
from scf.clock import Clock, SystemClock
from scf.db.engine import Database, open_engine, refresh_statistics
from scf.identity.callers import granted
from scf.identity.post import Post, post_of
from scf.identity.role_rules import Granted
from scf.identity.site import Site
from scf.manifest import run_day_job
from scf.migrate import open_database, prepare
from scf.module import Delivery, Job, Module, Permission, Retention, Step, Surroundings, Work
from scf.payments.banks import null_bank
from scf.payments.rail import PaymentRail
from scf.sandbox.clock import SandboxClock
from scf.scheduling.retention import sweep
from scf.scheduling.tick import RUN_DAY, SWEEP
from scf.scheduling.worker import Stopped, never, work_all
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
        database.clock = SandboxClock(database.engine) if self.settings.sandbox else self.clock
        database.adapters = {name: each for module in self.modules for name, each in module.adapters.items()}
        return database

    @cached_property
    def probed(self) -> Engine:
        """The database as it is, neither opened for work nor upgraded: for telling whether it could be."""
        prepare(self.settings.database_url)
        return open_engine(self.settings.database_url)

    @cached_property
    def vault(self) -> Vault:
        """What seals the secrets of rows."""
        return Vault(secret_keys_of(self.settings))

    @property
    def permissions(self) -> list[Permission]:
        """What may be done, as the modules declare it."""
        return [permission for module in self.modules for permission in module.permissions]

    @property
    def granted(self) -> Granted:
        """The permissions each role carries."""
        return granted(self.permissions)

    @property
    def steps(self) -> list[Step]:
        """The steps of the business day, as the modules offer them."""
        return [step for module in self.modules for step in module.steps]

    @property
    def jobs(self) -> Mapping[str, Job]:
        """What a worker can do."""
        kinds: dict[str, Job] = {kind: job for module in self.modules for kind, job in module.jobs.items()}
        kinds[RUN_DAY] = partial(_run_day, self)
        kinds[SWEEP] = partial(_sweep, self)
        return kinds

    @property
    def retention(self) -> list[Retention]:
        """How long personal data is kept, as the modules declare it."""
        return [rule for module in self.modules for rule in module.retention]

    def bank_of(self, book: Book) -> PaymentRail | None:
        """The payment rail of a book."""
        return null_bank(self.database, self.settings.var_folder / "bank", book)

    @cached_property
    def post(self) -> Post:
        """How letters leave."""
        settings = self.settings
        return post_of(Site(settings.public_url), settings.smtp_url, settings.mail_from, settings.var_folder / "mail")

    def deliver(self, stopped: Stopped = never) -> int:
        """Deliver what the outbox holds for machines that we know; returns how many messages were tried."""
        kinds = self._bound(module.deliveries for module in self.modules)
        return outbox.deliver_due(self.database, kinds, stopped)

    def call(self, stopped: Stopped = never) -> int:
        """Deliver a few of the messages for strangers' machines; returns how many were tried."""
        kinds = self._bound(module.calls for module in self.modules)
        return outbox.deliver_due(self.database, kinds, stopped, _CALLS_AT_ONCE)

    def _bound(self, offered: Iterable[Mapping[str, Delivery]]) -> Mapping[str, outbox.Deliver]:
        surroundings = Surroundings(self.bank_of, self.post, self.vault, self.settings.webhook_private)
        kinds = {kind: each for deliveries in offered for kind, each in deliveries.items()}
        return {kind: partial(each, self.database, surroundings) for kind, each in kinds.items()}

    def work(self, stopped: Stopped = never) -> int:
        """Do all due jobs and deliveries, until `stopped` says so; returns how many there were."""
        count = 0
        while done := work_all(self.database, self.jobs, stopped) + self.deliver(stopped) + self.call(stopped):
            count += done
        return count


def _run_day(running: Running, work: Work) -> Mapping[str, Any]:
    result = run_day_job(work, Surroundings(running.bank_of, running.post), running.steps)
    running.deliver()
    return result


def _sweep(running: Running, work: Work) -> Mapping[str, Any]:
    swept = {each.name: each.count for each in sweep(work.database, running.retention)}
    refresh_statistics(work.database.engine)
    return swept
