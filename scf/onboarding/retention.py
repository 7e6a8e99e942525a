"""How long personal data of dossiers is kept. The bytes of files stay, out of reach (docs/onboarding.md says how)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from scf.module import Retention
from scf.onboarding.decide import DECIDE
from scf.onboarding.erase_people import blank
from scf.onboarding.models import account_checks, documents, dossiers, people, screenings
from scf.proposals import queries as proposals

# five years after the relationship ended, as the law against money laundering wants
AFTER_THE_END_DAYS = 1827


def _blank_people(connection: Connection, before: datetime) -> int:
    ended = select(dossiers.c.id).where(dossiers.c.ended_at < before)
    return blank(connection, people.c.dossier_id.in_(ended), before + timedelta(days=AFTER_THE_END_DAYS))


def _blank_documents(connection: Connection, before: datetime) -> int:
    ended = select(dossiers.c.id).where(dossiers.c.ended_at < before)
    old = update(documents).where(documents.c.dossier_id.in_(ended), documents.c.sha256.is_not(None))
    return connection.execute(old.values(name="", sha256=None, version=documents.c.version + 1)).rowcount


def _blank_screenings(connection: Connection, before: datetime) -> int:
    ended = select(dossiers.c.id).where(dossiers.c.ended_at < before)
    told = or_(screenings.c.details != "", screenings.c.decision != "")
    old = update(screenings).where(screenings.c.dossier_id.in_(ended), told)
    return connection.execute(old.values(details="", decision="", version=screenings.c.version + 1)).rowcount


def _blank_accounts(connection: Connection, before: datetime) -> int:
    ended = select(dossiers.c.id).where(dossiers.c.ended_at < before)
    old = update(account_checks).where(account_checks.c.dossier_id.in_(ended), account_checks.c.iban != "")
    blanked = {"iban": "", "holder": "", "details": "", "version": account_checks.c.version + 1}
    return connection.execute(old.values(blanked)).rowcount


def _blank_proposals(connection: Connection, before: datetime) -> int:
    return proposals.blank_decided(connection, [DECIDE.name], before)


_WHY = (
    "from when the relationship ended: who stood behind a party must be known five years more (the law against money"
    " laundering, article 6(1)(c) GDPR)"
)
RETENTION = (
    Retention(
        "people of dossiers",
        AFTER_THE_END_DAYS,
        f"{_WHY}; name, birthday and country are blanked, that somebody was named and in which role stays",
        _blank_people,
    ),
    Retention(
        "documents of dossiers",
        AFTER_THE_END_DAYS,
        f"{_WHY}; the name and the hash that leads to the bytes are blanked, so that nobody reaches them; the bytes"
        " themselves only the tables' owner can delete",
        _blank_documents,
    ),
    Retention(
        "words of screenings",
        AFTER_THE_END_DAYS,
        f"{_WHY}; what was found and decided, in words, is blanked, the outcomes stay",
        _blank_screenings,
    ),
    Retention(
        "accounts of dossiers",
        AFTER_THE_END_DAYS,
        f"{_WHY}; number, holder and words are blanked, the outcome stays",
        _blank_accounts,
    ),
    Retention(
        "proposals on hits",
        90,
        "from when the proposal was accepted or declined: by then its words stand with the screening (storage"
        " limitation, article 5(1)(e) GDPR); what it said is blanked, who proposed and who decided stays",
        _blank_proposals,
    ),
)
