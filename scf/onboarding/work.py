"""The jobs of onboarding: ask the ports outside transactions and record what they say; begin reviews that are due."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from scf.actor import PLATFORM
from scf.commands import Command, Scope, in_organisation, run
from scf.db.engine import Database
from scf.errors import KeyConflict
from scf.identity import members_queries
from scf.module import Job, Work
from scf.onboarding.accounts import CHECK, RECORD_ACCOUNT_CHECK, CheckedAccount
from scf.onboarding.lifecycle import ACCOUNT, ACTIVE, SCREENED
from scf.onboarding.models import WORDS_MAX, account_checks, dossiers, people
from scf.onboarding.operate import BEGIN_REVIEW, DueReview
from scf.onboarding.ports import Account, Party, account_check_of, screening_of
from scf.onboarding.requirements import Named
from scf.onboarding.screen import RECORD_SCREENING, NewScreening
from scf.onboarding.submit import SCREEN
from scf.organisations.models import organisations
from scf.outcomes import Outcome
from scf.scheduling.tick import REVIEW_DOSSIERS

_CHUNK = 500
_PARTY = (organisations.c.id, organisations.c.name, organisations.c.registration_ref, organisations.c.country)


def screen_dossier(work: Work) -> Mapping[str, Any]:
    """Ask who screens about a dossier, unless it went on without."""
    dossier_id, number = work.payload["dossier_id"], work.payload["round"]
    with work.database.reading() as connection:
        found = connection.execute(
            select(*_PARTY)
            .join(dossiers, dossiers.c.organisation_id == organisations.c.id)
            .where(dossiers.c.id == dossier_id, dossiers.c.round == number, dossiers.c.status.in_(SCREENED))
        ).one_or_none()
        columns = (people.c.role, people.c.name, people.c.born_on, people.c.country, people.c.share_ppm)
        who = connection.execute(
            select(*columns)
            .where(people.c.dossier_id == dossier_id, people.c.status == "named", people.c.erased_at.is_(None))
            .order_by(people.c.id)
        ).all()
    if found is None:
        return {"recorded": 0}
    port = screening_of(work.database.adapters)
    answer = port.screen(work.database, [Named(*row) for row in who], Party(*found))
    new = NewScreening(dossier_id, answer.method, answer.outcome, answer.details[:WORDS_MAX], number)
    return _recorded(work, RECORD_SCREENING, new)


def check_account(work: Work) -> Mapping[str, Any]:
    """Ask who checks accounts about one, unless another was given since."""
    id = work.payload["account_check_id"]
    with work.database.reading() as connection:
        found = connection.execute(
            select(account_checks.c.iban, account_checks.c.holder, *_PARTY)
            .join(dossiers, dossiers.c.id == account_checks.c.dossier_id)
            .join(organisations, organisations.c.id == account_checks.c.organisation_id)
            .where(account_checks.c.id == id, account_checks.c.status == "current", dossiers.c.status == ACCOUNT)
        ).one_or_none()
    if found is None:
        return {"recorded": 0}
    port = account_check_of(work.database.adapters)
    answer = port.check(work.database, Account(*found[:2]), Party(*found[2:]))
    checked = CheckedAccount(id, answer.method, answer.outcome, answer.details[:WORDS_MAX], answer.code_hash)
    return _recorded(work, RECORD_ACCOUNT_CHECK, checked)


def _recorded(work: Work, command: Command[Any, Any, Any], item: Any) -> Mapping[str, Any]:
    try:
        return {"recorded": _accepted(_as_platform(work.database, command, [item], work.key))}
    except KeyConflict:
        # an attempt before this one recorded its answer and died; a port may answer otherwise when asked again
        return {"recorded": 0}


def review_due_dossiers(work: Work) -> Mapping[str, Any]:
    """Begin the reviews that are due."""
    today = work.database.clock.now().date()
    with work.database.reading() as connection:
        due = connection.execute(
            select(dossiers.c.id)
            .where(dossiers.c.status == ACTIVE, dossiers.c.review_due_on <= today)
            .order_by(dossiers.c.id)
        ).scalars()
        ids = list(due)
    count = 0
    for start in range(0, len(ids), _CHUNK):
        work.tell(count, len(ids))
        chunk = ids[start : start + _CHUNK]
        new = [DueReview(id) for id in chunk]
        # what an attempt before this one did is not due any more: the chunk's first id tells the keys apart
        count += _accepted(_as_platform(work.database, BEGIN_REVIEW, new, f"{work.key}/{chunk[0]}"))
    return {"begun": count}


def _as_platform(database: Database, command: Command[Any, Any, Any], batch: Sequence[Any], key: str) -> list[Outcome]:
    return run(database, command, batch, key=key, actor=PLATFORM, scope=_operators(database))


def _operators(database: Database) -> Scope:
    with database.reading() as connection:
        return in_organisation(members_queries.operator_id(connection) or 0)


def _accepted(outcomes: Sequence[Outcome]) -> int:
    return sum(outcome.accepted for outcome in outcomes)


JOBS: dict[str, Job] = {
    SCREEN: screen_dossier,
    CHECK: check_account,
    REVIEW_DOSSIERS: review_due_dossiers,
}
