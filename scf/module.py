"""The manifest by which a package offers what it has: commands, routes and permissions, steps, jobs, deliveries.

Nothing registers itself by being imported; the composition root gathers the manifests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from scf.books.queries import Book
from scf.commands import Command
from scf.db.engine import Database
from scf.roles import Role
from scf.routes import PageRoute, Route
from scf.screens import History, MenuEntry, Panel, Played, Search, TablePage
from scf.secrets import Vault
from scf.setting_values import Network


class Phase(StrEnum):
    """The order of a business day: money that came in frees limits and reserves before new money goes out."""

    OPEN = "open"
    READ = "read statements"
    APPLY = "apply"
    SETTLE = "settle"
    CHASE = "chase"
    RATES = "fix rates"
    FUND = "fund"
    PAY_OUT = "pay out"
    ACCRUE = "accrue"
    REPORT = "report"
    CLOSE = "close"


def _nothing_to_renew() -> None:
    """Who runs a step by itself holds no lease."""


@dataclass(frozen=True, slots=True)
class Day:
    """A book's business day as a step sees it; `bank` is the book's payment rail.

    `renew` prolongs the lease under which the step runs; it raises when the step is to stop, which the step lets pass.
    """

    database: Database
    book: Book
    bank: Any
    renew: Callable[[], None] = _nothing_to_renew


@dataclass(frozen=True, slots=True)
class Step:
    """A package's part of the day: what it did in a few words is its result. Running it again changes nothing."""

    name: str
    phase: Phase
    run: Callable[[Day], str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What jobs and deliveries of a running platform may need beside the database."""

    bank_of: Callable[[Book], Any]
    # how letters leave: a `scf.identity.post.Post`
    post: Any = None
    # opens the secrets of rows
    vault: Vault = field(default_factory=lambda: Vault(()))
    # networks that are not of the Internet, and that may be called all the same
    private: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Permission:
    """What may be done, in words for whoever gives it, and the roles that carry it; none: the platform alone."""

    name: str
    words: str
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Retention:
    """How long one kind of personal data is kept. `words` say from which moment, why so long, and what is blanked.

    `sweep` blanks what is older than the moment it is given, `days` before now, and returns how many rows it changed.
    Swept twice, nothing changes; nothing is deleted, for the role that production runs as may not.
    """

    name: str
    days: int
    words: str
    sweep: Callable[[Connection, datetime], int]


def _untold(_done: int, _total: int) -> None:
    """Nobody listens to a job that is run by itself."""


@dataclass(frozen=True, slots=True)
class Work:
    """A job at work as its function sees it: what it was told when it was put down, by whom and for whom (0: platform).

    `tell(done, total)` says how far it came (total 0: unknown) and renews its lease; a long job calls it before each
    chunk. It raises when the job is to stop: cancelled, taken over, or handed back because its worker stops. The job
    lets that pass; what its finished chunks did stays. `key` makes what the job does idempotent.
    """

    database: Database
    payload: Mapping[str, Any]
    key: str
    organisation_id: int = 0
    asked_by_id: int = 0
    tell: Callable[[int, int], None] = _untold


# what it returns is kept as the job's result: a few counts, the hash of a file
Job = Callable[[Work], Mapping[str, Any] | None]
Delivery = Callable[[Database, Surroundings, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Module:
    """What one package offers."""

    name: str
    commands: tuple[Command[Any, Any, Any], ...] = ()
    permissions: tuple[Permission, ...] = ()
    routes: tuple[Route, ...] = ()
    pages: tuple[PageRoute, ...] = ()
    # folders of the pages' templates
    templates: tuple[Path, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    tables: tuple[TablePage, ...] = ()
    played: tuple[Played, ...] = ()
    panels: tuple[Panel, ...] = ()
    searches: tuple[Search, ...] = ()
    histories: tuple[History, ...] = ()
    steps: tuple[Step, ...] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
    # deliveries to machines of strangers, which may be slow: workers do them when nothing of ours waits
    calls: Mapping[str, Delivery] = field(default_factory=dict)
    retention: tuple[Retention, ...] = ()
    # what stands behind a port that commands ask, by the name the port looks for
    adapters: Mapping[str, Any] = field(default_factory=dict)
