"""The party's account: given by the party; checked by a port, by a person, or by a penny test's code repeated."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import select, update

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.errors import FieldError
from scf.identity.operator import is_operators, not_the_operator
from scf.onboarding import dossiers
from scf.onboarding.dossiers import Dossier, not_found, own, wrong_state
from scf.onboarding.lifecycle import ACCOUNT
from scf.onboarding.models import ACCOUNT_OUTCOMES, account_checks
from scf.onboarding.ports import TRIES, code_hash
from scf.outcomes import Outcome, done, refused
from scf.payments.bank_text import iban
from scf.scheduling import jobs
from scf.scheduling.jobs import NewJob

CHECK = "check account"
MATCHED, NO_MATCH, UNDECIDED = "matched", "no_match", "undecided"
_COLUMNS = (
    "id", "organisation_id", "dossier_id", "iban", "holder", "method", "outcome", "details", "code_hash", "tries_left",
    "status", "given_by_id", "given_at", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GivenAccount:
    """Where the party is to be paid, and in whose name the account is."""

    iban: str
    holder: str


@dataclass(frozen=True, slots=True)
class CheckedAccount:
    """What a check of an account came to; with the hash of a code, the party is to repeat the code."""

    account_check_id: int
    method: str
    outcome: str
    details: str
    code_hash: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RepeatedCode:
    """The code that came with a small amount."""

    code: str = field(repr=False)


class _Check(NamedTuple):
    id: int
    dossier_id: int
    status: str
    code_hash: str
    tries_left: int


@dataclass(frozen=True, slots=True)
class _Facts:
    operates: bool
    ids: list[int]
    own: Dossier | None = None
    by_id: dict[int, Dossier] = field(default_factory=dict)
    checks: dict[int, _Check] = field(default_factory=dict)


@dataclass(slots=True)
class _Plan:
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    checked: dict[int, CheckedAccount] = field(default_factory=dict)
    tries: list[tuple[int, int]] = field(default_factory=list)


def _checks(unit: Unit, *which: Any) -> dict[int, _Check]:
    rows = unit.connection.execute(
        select(*(account_checks.c[name] for name in _Check._fields))
        .where(*which)
        .order_by(account_checks.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: _Check(*row) for row in rows}


def _load_given(unit: Unit, _batch: Sequence[GivenAccount]) -> _Facts:
    return _Facts(False, unit.ids.take(1), own(unit))


def _decide_given(facts: _Facts, batch: Sequence[GivenAccount]) -> _Plan:
    (given,) = batch
    dossier = facts.own
    if dossier is None:
        return _Plan([not_found()])
    if dossier.status != ACCOUNT:
        return _Plan([wrong_state(dossier, {ACCOUNT})])
    try:
        number = iban(given.iban, "iban")
    except FieldError as error:
        return _Plan([refused("iban_invalid", field="iban", value=given.iban, remedy=error.message)])
    return _Plan([done(facts.ids[0])], [(facts.ids[0], dossier.organisation_id, dossier.id, number, given.holder)])


def _write_given(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    for id, _organisation_id, dossier_id, *_ in plan.rows:
        before = update(account_checks).where(account_checks.c.dossier_id == dossier_id)
        unit.connection.execute(
            before.where(account_checks.c.status == "current").values(
                status="replaced", version=account_checks.c.version + 1
            )
        )
        jobs.enqueue(unit, [NewJob(CHECK, {"account_check_id": id}, f"{CHECK}/{id}")])
    same = ("", UNDECIDED, "", "", 0, "current", unit.actor.id, unit.at, 1)
    bulk.insert(unit.connection, account_checks, _COLUMNS, [(*row, *same) for row in plan.rows])


def _load_checked(unit: Unit, batch: Sequence[CheckedAccount]) -> _Facts:
    wanted = bulk.among(unit.connection, account_checks.c.id, sorted({each.account_check_id for each in batch}))
    of = unit.connection.execute(select(account_checks.c.dossier_id).where(wanted)).scalars()
    by_id = dossiers.by_id(unit, of)
    return _Facts(is_operators(unit), [], None, by_id, _checks(unit, wanted))


def _decide_checked(facts: _Facts, batch: Sequence[CheckedAccount]) -> _Plan:
    plan = _Plan()
    for each in batch:
        refusal = _refusal(facts, each, plan)
        plan.outcomes.append(refusal or done(each.account_check_id))
        if refusal is None:
            plan.checked[each.account_check_id] = each
            plan.tries += [(each.account_check_id, TRIES)] if each.code_hash else []
    return plan


def _refusal(facts: _Facts, each: CheckedAccount, plan: _Plan) -> Outcome | None:
    id, check = each.account_check_id, facts.checks.get(each.account_check_id)
    if not facts.operates:
        return not_the_operator()
    if check is None:
        return refused("not_found", field="account_check_id", id=id, remedy="give a check of this platform")
    if id in plan.checked:
        return refused("twice_in_batch", field="account_check_id", id=id, remedy="name each check once")
    if check.status != "current":
        remedy = "the party gave another account since; check that one"
        return refused("stale", field="account_check_id", value=check.status, bound="current", remedy=remedy, id=id)
    if facts.by_id[check.dossier_id].status != ACCOUNT:
        return wrong_state(facts.by_id[check.dossier_id], {ACCOUNT})
    if each.outcome not in ACCOUNT_OUTCOMES:
        return refused("unknown_outcome", field="outcome", value=each.outcome, bound=", ".join(ACCOUNT_OUTCOMES))
    return None


def _write_checked(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    found: dict[CheckedAccount, list[int]] = {}
    for id, each in plan.checked.items():
        found.setdefault(replace(each, account_check_id=0), []).append(id)
    for same, ids in found.items():
        checked = update(account_checks).where(bulk.among(unit.connection, account_checks.c.id, ids))
        unit.connection.execute(
            checked.values(
                method=same.method, outcome=same.outcome, details=same.details, code_hash=same.code_hash, tries_left=0,
                checked_by_id=unit.actor.id, checked_at=unit.at, version=account_checks.c.version + 1,
            )
        )  # fmt: skip
    bulk.set_each(unit.connection, account_checks, ("tries_left",), plan.tries)


@dataclass(frozen=True, slots=True)
class _Repeating:
    outcomes: list[Outcome]
    id: int = 0
    tries_left: int = 0
    outcome: str = UNDECIDED


def _load_repeated(unit: Unit, _batch: Sequence[RepeatedCode]) -> _Facts:
    dossier = own(unit)
    if dossier is None:
        return _Facts(False, [])
    which = (account_checks.c.dossier_id == dossier.id, account_checks.c.status == "current")
    return _Facts(False, [], dossier, checks=_checks(unit, *which))


def _decide_repeated(facts: _Facts, batch: Sequence[RepeatedCode]) -> _Repeating:
    (given,) = batch
    if facts.own is None:
        return _Repeating([not_found()])
    if facts.own.status != ACCOUNT:
        return _Repeating([wrong_state(facts.own, {ACCOUNT})])
    check = next(iter(facts.checks.values()), None)
    if check is None or not check.tries_left:
        remedy = "give your account, and wait for the small amount that carries the code"
        return _Repeating([refused("no_code_expected", field="code", remedy=remedy)])
    if hmac.compare_digest(check.code_hash, code_hash(given.code)):
        return _Repeating([done(check.id)], check.id, 0, MATCHED)
    left = check.tries_left - 1
    remedy = "compare it with the statement" if left else "give your account again, or another one"
    wrong = refused("code_differs", field="code", value=f"{left} tries left", bound=f"{TRIES} tries", remedy=remedy)
    return _Repeating([wrong], check.id, left, UNDECIDED if left else NO_MATCH)


def _write_repeated(unit: Unit, _facts: _Facts, plan: _Repeating) -> None:
    """A wrong code is refused, and counts all the same."""
    if not plan.id:
        return
    values: dict[str, Any] = {"tries_left": plan.tries_left, "outcome": plan.outcome}
    if plan.outcome != UNDECIDED:
        said = {MATCHED: "the party repeated the code", NO_MATCH: f"{TRIES} wrong codes"}[plan.outcome]
        values |= {"code_hash": "", "details": said, "checked_by_id": unit.actor.id, "checked_at": unit.at}
    repeated = update(account_checks).where(account_checks.c.id == plan.id)
    unit.connection.execute(repeated.values(**values, version=account_checks.c.version + 1))


GIVE_ACCOUNT = Command(
    "onboarding.give_account", ScopeKind.ORGANISATION, _load_given, _decide_given, _write_given, batch_max=1
)
RECORD_ACCOUNT_CHECK = Command(
    "onboarding.record_account_check",
    ScopeKind.ORGANISATION,
    _load_checked,
    _decide_checked,
    _write_checked,
    batch_max=500,
)
REPEAT_CODE = Command(
    "onboarding.repeat_code", ScopeKind.ORGANISATION, _load_repeated, _decide_repeated, _write_repeated, batch_max=1
)
