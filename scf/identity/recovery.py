"""Recovery codes: ten that each open once, for whoever lost every other factor. Making new ones ends the old.

80 random bits each, so a plain hash is enough.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select, update

from scf import outbox
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity.letters import letter
from scf.identity.models_factors import recovery_codes
from scf.identity.tokens import hash_of
from scf.outcomes import Outcome, done

CODES = 10
_GROUPS, _GROUP_LETTERS = 4, 4
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_COLUMNS = ("id", "person_id", "code_hash", "status", "made_at", "version")


@dataclass(frozen=True, slots=True)
class NewCodes:
    """The hashes of new codes; the codes themselves are shown once, where they were made."""

    hashes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    hashes: tuple[str, ...]


def new_codes() -> list[str]:
    """Ten codes as people read them, like `K7QM-2XPA-93TD-VWCE`."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS))
        for _ in range(CODES)
    ]


def code_hash(code: str) -> str:
    """What a code hashes to, however it was typed."""
    return hash_of("".join(letter for letter in code.upper() if letter.isalnum()))


def take(connection: Connection, person_id: int, code: str, at: datetime) -> bool:
    """Use a code up; False when it is none of the person's, or was used before."""
    mine = (recovery_codes.c.person_id == person_id) & (recovery_codes.c.code_hash == code_hash(code))
    using = update(recovery_codes).where(mine, recovery_codes.c.status == "unused")
    return connection.execute(using.values(status="used", ended_at=at, version=2)).rowcount == 1


def is_unused(connection: Connection, person_id: int, code: str) -> bool:
    """True for a code of the person that still opens."""
    mine = (recovery_codes.c.person_id == person_id) & (recovery_codes.c.code_hash == code_hash(code))
    which = select(recovery_codes.c.id).where(mine, recovery_codes.c.status == "unused")
    return connection.execute(which).first() is not None


def _write(unit: Unit, _facts: None, plan: _Plan) -> None:
    end_all_of(unit.connection, unit.actor.id, unit.at)
    rows = [
        (id, unit.actor.id, hash, "unused", unit.at, 1)
        for id, hash in zip(unit.ids.take(len(plan.hashes)), plan.hashes, strict=True)
    ]
    bulk.insert(unit.connection, recovery_codes, _COLUMNS, rows)
    outbox.write(unit, [letter("recovery codes made", unit.actor.id)])


def end_all_of(connection: Connection, person_id: int, at: datetime) -> None:
    """End a person's unused codes: new ones replace them, or there is nothing left to recover."""
    unused = (recovery_codes.c.person_id == person_id) & (recovery_codes.c.status == "unused")
    connection.execute(update(recovery_codes).where(unused).values(status="replaced", ended_at=at, version=2))


def _load(_unit: Unit, _batch: Sequence[NewCodes]) -> None:
    return None


def _decide(_facts: None, batch: Sequence[NewCodes]) -> _Plan:
    return _Plan([done() for _ in batch], batch[0].hashes)


RENEW_CODES = Command("factors.renew_codes", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1, step_up=True)
