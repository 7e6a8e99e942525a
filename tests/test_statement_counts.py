"""A command takes as many statements for two hundred items as for one: every command of an advance's life, on both."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from statements import counted_by_command
from world import IBANS

from benchmarks.seed import (
    EUR,
    FACE_MINOR,
    TODAY,
    UNLIMITED_MINOR,
    Bank,
    Parties,
    accepted,
    asked,
    claims,
    made_bank,
    made_parties,
)
from scf.actor import PLATFORM
from scf.commands import Command, in_organisation
from scf.db.engine import Database
from scf.factoring.accrue import ACCRUE, Accrual
from scf.factoring.approve import APPROVE, Approval
from scf.factoring.dilute import DILUTE
from scf.factoring.fund import FUND
from scf.factoring.models import advances
from scf.payments.accounts import SET_ACCOUNT, NewAccount
from scf.payments.models import collections, payouts
from scf.payments.null_rail import IncomingMoney, NullRail
from scf.payments.receive import RECEIVE
from scf.payments.send import SEND
from scf.payments.steps import receive
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.receivables.models import receivables
from scf.settlement.apply import APPLY, Application
from scf.settlement.settle import SETTLE

COMMANDS = (APPROVE, FUND, SEND, ACCRUE, CREDIT, DILUTE, RECEIVE, APPLY, SETTLE)
CREDITED_MINOR = 10_00


class Life:
    """Advances from request to settlement, all of one supplier and anchor, all in one batch."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.parties: Parties = made_parties(database, 1)
        self.supplier_id = self.parties.supplier_ids[0]
        self.bank: Bank = made_bank(database, "Northbank", self.parties, UNLIMITED_MINOR)
        owners = {
            "Northbank": self.bank.banker.organisation_id,
            "Halberd": self.parties.anchor_id,
            "Ash Castings": self.supplier_id,
        }
        self.at_the_bank(SET_ACCOUNT, [NewAccount(id, IBANS[name], name, EUR) for name, id in owners.items()])

    def at_the_bank(self, command: Command[Any, Any, Any], batch: list[Any]) -> list[int]:
        return accepted(self.database, command, batch, self.bank.banker, self.bank.scope)

    def ids(self, query: Any) -> list[int]:
        with self.database.reading() as connection:
            return list(connection.execute(query.order_by(query.selected_columns[0])).scalars())

    def go(self, count: int) -> None:
        """`count` advances, from the request to the release of the reserve."""
        requests = asked(self.database, self.bank, claims(self.database, self.parties, count))
        self.at_the_bank(APPROVE, [Approval(id) for id in requests])
        funded = self.at_the_bank(FUND, requests)
        self.at_the_bank(SEND, self.ids(select(payouts.c.id).where(payouts.c.status == "instructed")))
        self.at_the_bank(ACCRUE, [Accrual(TODAY + timedelta(days=1), funded[0] - 1, funded[-1])])
        owed = self.ids(select(receivables.c.id).where(receivables.c.status == "funded"))
        notes = [NewCreditNote(id, f"CN-{id}", EUR, CREDITED_MINOR, TODAY) for id in owed]
        supplier = in_organisation(self.supplier_id)
        self.at_the_bank(DILUTE, accepted(self.database, CREDIT, notes, PLATFORM, supplier))
        self.collect(funded)
        self.at_the_bank(SETTLE, funded)

    def collect(self, funded: list[int]) -> None:
        """What is open of each advance's receivable comes by one statement, and is applied."""
        bank = NullRail(self.folder / str(len(funded)), IBANS["Northbank"], EUR, lambda _on: True)
        open_minor = FACE_MINOR - CREDITED_MINOR
        for n in range(len(funded)):
            bank.expect(IncomingMoney(f"{len(funded)}-{n:04}", "Halberd", IBANS["Halberd"], open_minor, TODAY))
        for content in bank.notifications(TODAY):
            assert receive(self.database, self.bank.book_id, "camt.054", content) == ""
        came = self.ids(select(collections.c.id).where(collections.c.status == "received"))
        self.at_the_bank(APPLY, [Application(*pair) for pair in zip(came, funded, strict=True)])


@pytest.fixture
def life(database: Database, tmp_path: Path) -> Life:
    made = Life(database, tmp_path)
    # the first time makes the parties' accounts
    made.go(2)
    return made


def counts(life: Life, count: int) -> Mapping[str, list[int]]:
    with counted_by_command(life.database.engine) as found:
        life.go(count)
    return {command.name: found[command.name] for command in COMMANDS}


def test_no_command_takes_more_statements_for_more_items(life: Life) -> None:
    one = counts(life, 1)
    many = counts(life, 200)
    assert one == many
    assert all(len(runs) == 1 and runs[0] <= 30 for runs in many.values()), many
    settled = life.ids(select(advances.c.id).where(advances.c.status == "settled"))
    assert len(settled) == 203, "all of it really happened"
