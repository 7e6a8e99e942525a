"""The parties and books that most tests begin with, opened by the operator's commands."""

from datetime import date

from scf.actor import PLATFORM
from scf.commands import in_organisation, run
from scf.db.engine import Database
from scf.identity.open_book import OPEN_BOOK, NewBook
from scf.identity.register import REGISTER, NewOrganisation
from scf.organisations.registration import normal_id

OPERATOR = in_organisation(0)


def register(database: Database, *names: str) -> list[int]:
    """The ids of new organisations."""
    # names that differ only in capitals and marks are parties with numbers of their own
    plain = [normal_id(name) for name in names]
    refs = [f"REG-{name}" + "X" * plain[:n].count(plain[n]) for n, name in enumerate(names)]
    new = [NewOrganisation(name, ref, "DE") for name, ref in zip(names, refs, strict=True)]
    return made(run(database, REGISTER, new, key=f"register {names}", actor=PLATFORM, scope=OPERATOR))


def open_book(database: Database, funder_id: int, ref: str = "north", first_on: date = date(2026, 1, 5)) -> int:
    """The id of a new book."""
    new = NewBook(ref, funder_id, "TARGET", first_on)
    return made(run(database, OPEN_BOOK, [new], key=f"open {ref}", actor=PLATFORM, scope=OPERATOR))[0]


def made(outcomes: object) -> list[int]:
    """The ids of accepted outcomes; fails when one was refused."""
    assert isinstance(outcomes, list)
    ids = [outcome.id for outcome in outcomes]
    assert all(outcome.accepted and outcome.id for outcome in outcomes), outcomes
    return ids
