"""Composition root: the only file that imports all packages, and the one command.

`python3 wsgi.py` makes its own environment first; importing `wsgi:app`, as a server does, never installs anything.
"""

if __name__ == "__main__":
    from scf.environment import ensure

    ensure("requirements.lock")

import os
from functools import cache

from flask import Flask

from anchors.cli import anchors
from anchors.manifest import ANCHORS
from invoices.cli import invoices
from invoices.manifest import INVOICES
from reports.cli import report
from reports.demo.cli import demo
from reports.demo.stock import furnish
from reports.manifest import REPORTS
from scf import logs
from scf.app import create_app
from scf.cli import build_cli
from scf.manifest import SCF
from scf.running import Running, collect_seldom
from scf.sandbox.api import SANDBOX
from scf.settings import read_settings

MODULES = (SCF, INVOICES, ANCHORS, REPORTS)
# with what is there only where it is switched on
EVERY_MODULE = (*MODULES, SANDBOX)
DESKS = (invoices, anchors, report, demo)


@cache
def _app() -> Flask:
    collect_seldom()
    settings = read_settings(os.environ)
    logs.configure(settings.log)
    return create_app(Running(settings, EVERY_MODULE if settings.sandbox else MODULES))


def __getattr__(name: str) -> Flask:
    """Make `wsgi:app` when a server first asks for it, so that `--help` needs no database."""
    if name == "app":
        return _app()
    raise AttributeError(name)


def main() -> None:
    """Run the command line."""
    collect_seldom()
    build_cli("wsgi:app", MODULES, DESKS, furnish)()


if __name__ == "__main__":
    main()
