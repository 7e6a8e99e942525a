"""How long personal data of people is kept."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, update

from scf.identity.invite import NAMING_PEOPLE
from scf.identity.models_members import invitations
from scf.identity.models_sessions import attempts, sessions
from scf.module import Retention
from scf.people import queries as people
from scf.proposals import queries as proposals

# ten years: the longest that commercial and tax law want records and what makes them understandable
TRAIL_DAYS = 3653


def _erase_unseen(connection: Connection, before: datetime) -> int:
    unseen = people.unseen_local(connection, before)
    waiting = proposals.waiting_makers(connection, unseen)
    ids = [id for id in unseen if id not in waiting]
    people.erase(connection, ids, before + timedelta(days=TRAIL_DAYS))
    return len(ids)


def _blank_origins(connection: Connection, before: datetime) -> int:
    told = or_(sessions.c.network.is_not(None), sessions.c.agent.is_not(None))
    old = update(sessions).where(sessions.c.seen_at < before, told)
    return connection.execute(old.values(network=None, agent=None)).rowcount


def _blank_attempts(connection: Connection, before: datetime) -> int:
    told = or_(attempts.c.network.is_not(None), attempts.c.agent.is_not(None), attempts.c.account_hash != "")
    old = update(attempts).where(attempts.c.at < before, told)
    return connection.execute(old.values(network=None, agent=None, account_hash="")).rowcount


def _blank_invitations(connection: Connection, before: datetime) -> int:
    told = or_(invitations.c.email.is_not(None), invitations.c.name.is_not(None))
    # one that nobody answered is over when it expires
    over = or_(invitations.c.ended_at < before, invitations.c.expires_at < before)
    return connection.execute(update(invitations).where(told, over).values(email=None, name=None)).rowcount


def _blank_proposals(connection: Connection, before: datetime) -> int:
    return proposals.blank_decided(connection, NAMING_PEOPLE, before)


RETENTION = (
    Retention(
        "people of the command line",
        TRAIL_DAYS,
        "from when they were last met: the trail must say who acted for as long as books must be kept (commercial and"
        " tax law, article 6(1)(c) GDPR); the name is blanked, unless a proposal of theirs is open",
        _erase_unseen,
    ),
    Retention(
        "where sessions came from",
        180,
        "from when the session was last used: to tell whether somebody else was behind it (legitimate interest,"
        " article 6(1)(f) GDPR); network and browser are blanked, the session's times stay",
        _blank_origins,
    ),
    Retention(
        "attempts to sign in",
        90,
        "from the attempt: to throttle guessing and to look into it afterwards (security of processing, article 32"
        " GDPR); network, browser and the account's hash are blanked, time and outcome stay",
        _blank_attempts,
    ),
    Retention(
        "invitations",
        90,
        "from when the invitation ended or expired: by then name and address stand with the person, or concern nobody"
        " (storage limitation, article 5(1)(e) GDPR); both are blanked, who invited to which role stays",
        _blank_invitations,
    ),
    Retention(
        "proposals to invite",
        90,
        "from when the proposal was accepted or declined: the same as for invitations (storage limitation, article"
        " 5(1)(e) GDPR); what it said is blanked, who proposed and who decided stays",
        _blank_proposals,
    ),
)
