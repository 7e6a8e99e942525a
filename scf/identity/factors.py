"""Enrolling and removing second factors: commands about oneself, so that an auditor sees each.

The first factor may be enrolled by whoever is signed in; from then on every change wants a factor shown lately.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, insert, select, update

from scf import outbox
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity import factor_queries, recovery
from scf.identity.factor_queries import Factor
from scf.identity.letters import letter
from scf.identity.models_factors import passkeys, totps
from scf.outcomes import Outcome, done, refused
from scf.secrets import Unsealed

PASSKEYS_MAX = 20


@dataclass(frozen=True, slots=True)
class NewTotp:
    """An authenticator app that has just shown a code, of time step `step`."""

    name: str
    secret: Unsealed
    step: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey whose answer was verified where it came in; `challenge` is when it was asked, in microseconds."""

    name: str
    credential: bytes
    public_key: bytes
    sign_count: int
    challenge: int


@dataclass(frozen=True, slots=True)
class _Facts:
    unit: Unit
    ids: list[int]
    held: list[Factor]
    known: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[dict[str, Any]]


def _load_totp(unit: Unit, batch: Sequence[NewTotp]) -> _Facts:
    return _Facts(unit, unit.ids.take(len(batch)), factor_queries.of_person(unit.connection, unit.actor.id))


def _load_passkey(unit: Unit, batch: Sequence[NewPasskey]) -> _Facts:
    known = select(passkeys.c.credential).where(passkeys.c.credential == batch[0].credential)
    held = factor_queries.of_person(unit.connection, unit.actor.id)
    ids = unit.ids.take(len(batch))
    return _Facts(unit, ids, held, frozenset(unit.connection.execute(known).scalars()))


def _decide_totp(facts: _Facts, batch: Sequence[NewTotp]) -> _Plan:
    if any(factor.kind == "totp" for factor in facts.held):
        return _Plan([refused("already_there", field="totp", remedy="remove the one that is there first")], [])
    return _decided(facts, batch, lambda id, new: {"secret": new.secret.sealed(f"totp/{id}"), "last_step": new.step})


def _decide_passkey(facts: _Facts, batch: Sequence[NewPasskey]) -> _Plan:
    if batch[0].credential in facts.known:
        return _Plan([refused("already_there", field="passkey", remedy="choose another device")], [])
    if sum(factor.kind == "passkey" for factor in facts.held) >= PASSKEYS_MAX:
        return _Plan([refused("too_many_passkeys", bound=str(PASSKEYS_MAX), remedy="remove one first")], [])
    return _decided(facts, batch, _passkey_values)


def _passkey_values(_id: int, new: NewPasskey) -> dict[str, Any]:
    return {
        "credential": new.credential,
        "public_key": new.public_key,
        "sign_count": new.sign_count,
        "last_challenge": new.challenge,
    }


def _decided(facts: _Facts, batch: Sequence[Any], values: Callable[[int, Any], dict[str, Any]]) -> _Plan:
    if facts.held and not facts.unit.actor.stepped_up:
        return _Plan([refused("step_up_needed", remedy="show a factor you have, then repeat")], [])
    id, new = facts.ids[0], batch[0]
    own = {"id": id, "person_id": facts.unit.actor.id, "name": new.name, "created_at": facts.unit.at, "version": 1}
    return _Plan([done(id)], [own | values(id, new)])


def _writes(table: Table, kind: str) -> Callable[[Unit, _Facts, _Plan], None]:
    def write(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
        if plan.rows:
            unit.connection.execute(insert(table), plan.rows)
            outbox.write(unit, [letter("factor added", unit.actor.id, kind=kind, name=plan.rows[0]["name"])])

    return write


ADD_TOTP = Command(
    "factors.add_totp", ScopeKind.ORGANISATION, _load_totp, _decide_totp, _writes(totps, "totp"), batch_max=1
)
ADD_PASSKEY = Command(
    "factors.add_passkey",
    ScopeKind.ORGANISATION,
    _load_passkey,
    _decide_passkey,
    _writes(passkeys, "passkey"),
    batch_max=1,
)


@dataclass(frozen=True, slots=True)
class _Removal:
    outcomes: list[Outcome]
    gone: list[Factor]
    none_left: bool


def _load_held(unit: Unit, _batch: Sequence[int]) -> _Facts:
    return _Facts(unit, [], factor_queries.of_person(unit.connection, unit.actor.id))


def _decide_removal(facts: _Facts, batch: Sequence[int]) -> _Removal:
    held = {factor.id: factor for factor in facts.held}
    outcomes, gone = [], []
    for id in batch:
        factor = held.pop(id, None)
        outcomes.append(done(id) if factor else refused("not_found", field="factor", id=id, remedy="give one of yours"))
        gone += [factor] if factor else []
    return _Removal(outcomes, gone, not held)


def _write_removal(unit: Unit, _facts: _Facts, plan: _Removal) -> None:
    for kind, table in (("totp", totps), ("passkey", passkeys)):
        gone = [factor.id for factor in plan.gone if factor.kind == kind]
        if gone:
            values = {"ended_at": unit.at, "version": table.c.version + 1}
            unit.connection.execute(update(table).where(bulk.among(unit.connection, table.c.id, gone)).values(values))
    if plan.gone and plan.none_left:
        recovery.end_all_of(unit.connection, unit.actor.id, unit.at)
    letters = [letter("factor removed", unit.actor.id, kind=gone.kind, name=gone.name) for gone in plan.gone]
    outbox.write(unit, letters)


REMOVE = Command(
    "factors.remove",
    ScopeKind.ORGANISATION,
    _load_held,
    _decide_removal,
    _write_removal,
    batch_max=PASSKEYS_MAX + 1,
    step_up=True,
)
