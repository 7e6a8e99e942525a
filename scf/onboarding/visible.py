"""Who sees what of dossiers: the party its own, others those to whose view the party consents, the operator all.

Screenings the party does not see.
"""

from typing import Any

from sqlalchemy import Select, Table, or_, select

from scf.onboarding.models import account_checks, documents, dossiers, people, screenings, steps
from scf.routes import Caller
from scf.signatures.queries import givers
from scf.signatures.words import Subject


def _shown(table: Table, caller: Caller, *, to_the_party: bool = True) -> Select[Any]:
    rows = select(table)
    if caller.actor.operates:
        return rows
    others = table.c.organisation_id.in_(givers(caller.organisation_id, Subject.DOSSIER))
    own = table.c.organisation_id == caller.organisation_id
    return rows.where(or_(own, others) if to_the_party else others)


def shown_dossiers(caller: Caller) -> Select[Any]:
    """Dossiers."""
    return _shown(dossiers, caller)


def shown_documents(caller: Caller) -> Select[Any]:
    """Their documents."""
    return _shown(documents, caller)


def shown_people(caller: Caller) -> Select[Any]:
    """The people behind the parties."""
    return _shown(people, caller)


def shown_steps(caller: Caller) -> Select[Any]:
    """How dossiers moved, and why."""
    return _shown(steps, caller)


def shown_screenings(caller: Caller) -> Select[Any]:
    """What screening found: for the operator, and for those who rely on it."""
    return _shown(screenings, caller, to_the_party=False)


def shown_accounts(caller: Caller) -> Select[Any]:
    """The accounts that parties gave, and how they were checked."""
    return _shown(account_checks, caller)
