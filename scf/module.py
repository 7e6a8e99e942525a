"""The manifest by which a package offers what it has: commands, routes and permissions, steps, jobs, deliveries.

Nothing registers itself by being imported; the composition root gathers the manifests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scf.books.queries import Book
from scf.commands import Command
from scf.db.engine import Database
from scf.routes import Permission as Permission
from scf.routes import Route


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


@dataclass(frozen=True, slots=True)
class Day:
    """A book's business day as a step sees it; `bank` is the book's payment rail."""

    database: Database
    book: Book
    bank: Any


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


Job = Callable[[Database, Mapping[str, Any], str], None]
Delivery = Callable[[Database, Surroundings, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Module:
    """What one package offers."""

    name: str
    commands: tuple[Command[Any, Any, Any], ...] = ()
    permissions: tuple[Permission, ...] = ()
    routes: tuple[Route, ...] = ()
    steps: tuple[Step, ...] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
