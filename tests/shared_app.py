"""One app for many tests: what it holds of a test is changed for the next, since making the app takes long.

An app is lent for a database, and is free again when that test's database is closed: two sites of one test, or of a
module's fixture and a test, never share one. Other modules, and other settings than where things are kept, have an app
of their own. Nothing of a caller stays behind: sessions and keys are rows, and the limiter's counts are forgotten.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from flask import Flask

from scf.actor import Actor
from scf.app import create_app
from scf.db.engine import Database
from scf.module import Module
from scf.running import Running

Identify = Callable[[Database], Actor | None]


class _Stand:
    """The process behind an app: whatever it is asked for, it answers as the one it stands for now."""

    def __init__(self, running: Running) -> None:
        self.now = running

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


@dataclass
class _Lent:
    """An app, what it holds of a test, and for which database it is lent; None: to nobody."""

    app: Flask
    stand: _Stand
    # kept, so that the ids in the key go to nobody else
    modules: Sequence[Module]
    identify: Identify | None
    database: Database | None


_MADE: dict[Hashable, list[_Lent]] = {}


def lent(running: Running, identify: Identify | None = None) -> Flask:
    """The site of a process; with `identify`, the test itself tells who calls."""
    settings = replace(running.settings, database_url="", var_folder=Path())
    key = (settings, tuple(map(id, running.modules)), identify is None)
    several = _MADE.setdefault(key, [])
    free = next((each for each in several if each.database is None), None)
    if free is None:
        free = _made(running, identify)
        several.append(free)
    free.stand.now, free.identify, free.database = running, identify, running.database
    free.app.extensions["rate_limiter"].reset()
    return free.app


def take_back(database: Database) -> None:
    """The database is closed: its apps may be lent to others."""
    for several in _MADE.values():
        for each in several:
            if each.database is database:
                each.database = None


def _made(running: Running, identify: Identify | None) -> _Lent:
    stand = _Stand(running)

    def asked(database: Database) -> Actor | None:
        assert made.identify is not None
        return made.identify(database)

    app = create_app(cast(Running, stand), asked if identify else None)
    made = _Lent(app, stand, running.modules, identify, None)
    return made
