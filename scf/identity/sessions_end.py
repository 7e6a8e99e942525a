"""Ending sessions of one's own, one or all but this; going to another organisation in the one at hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from scf.commands import Command, ScopeKind, Unit, transact
from scf.db import bulk
from scf.db.engine import Database
from scf.identity import sessions
from scf.identity.models_members import memberships
from scf.identity.models_sessions import sessions as rows
from scf.identity.sessions import SignedIn
from scf.outcomes import Outcome, done, refused


@dataclass(frozen=True, slots=True)
class Others:
    """Every session of the actor but one: the one at hand, 0 for none."""

    session_id: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    ids: list[int]
    kept: int = 0


def _load(unit: Unit, batch: Sequence[int]) -> set[int]:
    mine = (rows.c.person_id == unit.actor.id) & rows.c.ended_at.is_(None)
    wanted = bulk.among(unit.connection, rows.c.id, sorted(set(batch)))
    return set(unit.connection.execute(select(rows.c.id).where(mine, wanted)).scalars())


def _decide(facts: set[int], batch: Sequence[int]) -> _Plan:
    outcomes = [
        done(id) if id in facts else refused("not_found", field="session", id=id, remedy="give a session of yours")
        for id in batch
    ]
    return _Plan(outcomes, sorted(facts))


def _write(unit: Unit, _facts: set[int], plan: _Plan) -> None:
    sessions.end(unit.connection, unit.at, "ended by its person", ids=plan.ids)


def _load_others(_unit: Unit, _batch: Sequence[Others]) -> None:
    return None


def _decide_others(_facts: None, batch: Sequence[Others]) -> _Plan:
    return _Plan([done()], [], batch[0].session_id)


def _write_others(unit: Unit, _facts: None, plan: _Plan) -> None:
    mine = [unit.actor.id]
    sessions.end(unit.connection, unit.at, "ended by its person", person_ids=mine, except_id=plan.kept)


_ORGANISATION = ScopeKind.ORGANISATION
END = Command("sessions.end", _ORGANISATION, _load, _decide, _write, batch_max=200)
END_OTHERS = Command("sessions.end_others", _ORGANISATION, _load_others, _decide_others, _write_others, batch_max=1)


def switch(database: Database, signed_in: SignedIn, organisation_id: int) -> bool:
    """Act for another organisation from now on; False when the person is no member there, or may not leave this one."""
    if signed_in.by_provider:
        return False
    member = (
        select(memberships.c.id)
        .where(memberships.c.person_id == signed_in.person_id, memberships.c.status == "active")
        .where(memberships.c.organisation_id == organisation_id)
        .exists()
    )

    def go(connection: Connection) -> bool:
        going = update(rows).where(rows.c.id == signed_in.session_id, rows.c.ended_at.is_(None), member)
        values = {"organisation_id": organisation_id, "version": rows.c.version + 1}
        return connection.execute(going.values(values)).rowcount == 1

    return transact(database, go)
