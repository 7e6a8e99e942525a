"""Webhooks to test with: organisations with endpoints on a receiver of this machine, and a worker that delivers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from ipaddress import ip_network
from itertools import count
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.sql.schema import Table

from scf import outbox
from scf.actor import Actor
from scf.announcements import Announcement, announce
from scf.clock import SetClock
from scf.commands import Command, ScopeKind, in_organisation, run
from scf.db.engine import Database
from scf.manifest import SCF
from scf.module import Surroundings
from scf.outcomes import Outcome, done
from scf.secrets import Unsealed, Vault
from scf.setting_values import Network
from scf.webhooks.api import PERMISSIONS
from scf.webhooks.endpoints import ADD, NewEndpoint
from scf.webhooks.models import attempts, deliveries, endpoints
from scf.webhooks.signing import new_secret

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"),)
VAULT = Vault(["a-secret-of-tests-and-of-nothing-else"])


@dataclass(frozen=True)
class _Told:
    outcomes: list[Outcome]
    announcements: Sequence[Announcement]


# a command that only announces: its batch is the announcements
TELL: Command[Announcement, None, _Told] = Command(
    "test.tell",
    ScopeKind.ORGANISATION,
    lambda _unit, _batch: None,
    lambda _facts, batch: _Told([done() for _ in batch], batch),
    lambda unit, _facts, plan: announce(unit, plan.announcements),
)


@dataclass
class Hooks:
    """The world of webhooks on one database."""

    database: Database
    private: tuple[Network, ...] = LOOPBACK
    vault: Vault = VAULT
    _keys: Iterator[int] = field(default_factory=lambda: count(1))

    def administrator(self, organisation_id: int) -> Actor:
        """Somebody who may do all about webhooks, and tell of anything."""
        names = frozenset(each.name for each in PERMISSIONS) | {TELL.name}
        return Actor(7, "Ada", organisation_id, names)

    def run(self, command: Command[Any, Any, Any], organisation_id: int, *batch: Any, key: str = "") -> list[Outcome]:
        """Run a command in an organisation."""
        actor, scope = self.administrator(organisation_id), in_organisation(organisation_id)
        return run(self.database, command, batch, key=key or f"hook-{next(self._keys)}", actor=actor, scope=scope)

    def endpoint(self, organisation_id: int, url: str, *kinds: str, secret: str = "") -> int:
        """An endpoint added; returns its id."""
        new = NewEndpoint(url, "", kinds, Unsealed(secret or new_secret(), self.vault), self.private)
        (outcome,) = self.run(ADD, organisation_id, new)
        assert outcome.refusal is None and outcome.id, outcome
        return outcome.id

    def tell(self, organisation_id: int, kind: str = "invoice.confirmed", *ids: int) -> None:
        """Something happened."""
        self.run(TELL, organisation_id, Announcement(organisation_id, kind, ids or (1, 2)))

    def work(self) -> int:
        """A worker's round over the outbox: fan out, then call."""
        surroundings = Surroundings(lambda _book: None, vault=self.vault, private=self.private)
        tried = 0
        for offered in (SCF.deliveries, SCF.calls):
            bound = {kind: partial(each, self.database, surroundings) for kind, each in offered.items()}
            tried += outbox.deliver_due(self.database, bound)
        return tried

    def pass_time(self, **by: float) -> None:
        """Move the clock on."""
        clock = self.database.clock
        assert isinstance(clock, SetClock)
        clock.at += timedelta(**by)

    def rows(self, table: Table) -> list[Row[Any]]:
        """All rows of a table, by id."""
        with self.database.reading() as connection:
            return list(connection.execute(select(table).order_by(table.c.id)))

    def statuses(self) -> list[str]:
        """Of the deliveries."""
        return [row.status for row in self.rows(deliveries)]

    def tries(self) -> list[int | None]:
        """The status codes of all attempts."""
        return [row.status_code for row in self.rows(attempts)]

    def shown(self, endpoint_id: int) -> Mapping[str, Any]:
        """An endpoint as it stands."""
        return next(dict(row._mapping) for row in self.rows(endpoints) if row.id == endpoint_id)
