"""Sessions: who is behind a token, for which organisation, with which rights now.

Roles are read at every request, so that a role that was taken is gone at once. A token stands for its session until it
is replaced, which happens whenever the session comes to be worth more: one that was planted is then worth nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from scf.actor import Actor
from scf.commands import transact
from scf.db import bulk
from scf.db.engine import Database
from scf.identity import freshness
from scf.identity.freshness import Lacks
from scf.identity.models_factors import passkeys, totps
from scf.identity.models_members import memberships, operators
from scf.identity.models_sessions import sessions
from scf.identity.permissions import OF_ONES_OWN, TO_ENROL
from scf.identity.role_rules import Granted, permissions_of
from scf.identity.tokens import hash_of, new_secret
from scf.organisations.models import organisations
from scf.people.models import people, preferences
from scf.people.preferences import Preference
from scf.roles import Role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody behind a live session. `actor` holds no permission before what the session `lacks` was shown."""

    session_id: int
    person_id: int
    name: str
    email: str
    organisation_id: int
    organisation_name: str
    roles: frozenset[Role]
    lacks: Lacks
    factor_at: datetime | None
    # an identity provider vouched for the person, for this organisation alone
    by_provider: bool
    actor: Actor
    # how screens speak to them
    preference: Preference = field(default_factory=Preference)

    @property
    def needs_factor(self) -> bool:
        """True when a factor must be shown or enrolled first."""
        return self.lacks is not Lacks.NOTHING


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from, as far as it is kept: an IPv4 address or an IPv6 /64, and the browser's name."""

    network: str
    agent: str


_HAS_FACTOR = or_(
    select(totps.c.id).where(totps.c.person_id == sessions.c.person_id, totps.c.ended_at.is_(None)).exists(),
    select(passkeys.c.id).where(passkeys.c.person_id == sessions.c.person_id, passkeys.c.ended_at.is_(None)).exists(),
)
_SIGNED_IN = (
    select(
        sessions.c.id,
        sessions.c.person_id,
        sessions.c.organisation_id,
        sessions.c.provider_id,
        sessions.c.created_at,
        sessions.c.seen_at,
        sessions.c.factor_at,
        people.c.name,
        people.c.email,
        organisations.c.name.label("organisation_name"),
        operators.c.id.label("operator_id"),
        memberships.c.role,
        _HAS_FACTOR.label("has_factor"),
        preferences.c.language,
        preferences.c.formats,
        preferences.c.theme,
    )
    .join(people, people.c.id == sessions.c.person_id)
    .join(organisations, organisations.c.id == sessions.c.organisation_id)
    .join(
        memberships,
        and_(
            memberships.c.organisation_id == sessions.c.organisation_id,
            memberships.c.person_id == sessions.c.person_id,
            memberships.c.status == "active",
        ),
    )
    .outerjoin(operators, operators.c.organisation_id == sessions.c.organisation_id)
    .outerjoin(preferences, preferences.c.person_id == sessions.c.person_id)
)


def actor_of_session(database: Database, token: str, at: datetime, granted: Granted) -> SignedIn | None:
    """Who a token stands for, None when its session is over or its person is no member any more.

    One statement, and once a minute another that notes the session was used.
    """
    with database.reading() as connection:
        rows = connection.execute(
            _SIGNED_IN.where(sessions.c.token_hash == hash_of(token), sessions.c.ended_at.is_(None))
        ).all()
    if not rows or not freshness.is_alive(rows[0].created_at, rows[0].seen_at, at):
        return None
    if freshness.is_due(rows[0].seen_at, at):
        transact(database, lambda connection: _see(connection, rows[0].id, at))
    return _signed_in(rows, at, granted)


def _signed_in(rows: Sequence[Row[*tuple[Any, ...]]], at: datetime, granted: Granted) -> SignedIn:
    first = rows[0]
    roles = frozenset(Role(row.role) for row in rows)
    lacks = freshness.lacks(roles, first.has_factor, first.factor_at)
    by_provider = first.provider_id is not None
    actor = Actor(
        first.person_id,
        first.name,
        first.organisation_id,
        _allowed(permissions_of(roles, granted), lacks, by_provider),
        stepped_up=freshness.is_fresh(first.factor_at, at),
        operates=first.operator_id is not None,
        lacks=lacks.value,
    )
    return SignedIn(
        first.id,
        first.person_id,
        first.name,
        first.email or "",
        first.organisation_id,
        first.organisation_name,
        roles,
        lacks,
        first.factor_at,
        by_provider,
        actor,
        Preference(first.language or "", first.formats or "", first.theme or ""),
    )


def _allowed(permissions: frozenset[str], lacks: Lacks, by_provider: bool) -> frozenset[str]:
    if lacks is Lacks.FACTOR:
        return frozenset()
    if lacks is Lacks.ENROLMENT:
        permissions = permissions & TO_ENROL
    # who vouches for people of one organisation must not come to hold what signs them in elsewhere
    return permissions - OF_ONES_OWN if by_provider else permissions


def _see(connection: Connection, session_id: int, at: datetime) -> None:
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=at))


def begin(
    connection: Connection,
    id: int,
    person_id: int,
    organisation_id: int,
    origin: Origin,
    at: datetime,
    factor_at: datetime | None = None,
    provider_id: int | None = None,
) -> str:
    """Begin a session; returns its token, which stands nowhere else."""
    token = new_secret()
    values = {
        "id": id,
        "organisation_id": organisation_id,
        "person_id": person_id,
        "provider_id": provider_id,
        "token_hash": hash_of(token),
        "created_at": at,
        "seen_at": at,
        "factor_at": factor_at,
        "network": origin.network,
        "agent": origin.agent,
        "version": 1,
    }
    connection.execute(insert(sessions).values(values))
    return token


def renew(connection: Connection, session_id: int, at: datetime) -> str:
    """Mark that a factor was shown, under another token; the old one is worth nothing from now on."""
    token = new_secret()
    values = {"token_hash": hash_of(token), "factor_at": at, "seen_at": at, "version": sessions.c.version + 1}
    connection.execute(
        update(sessions).where(sessions.c.id == session_id, sessions.c.ended_at.is_(None)).values(values)
    )
    return token


def end(
    connection: Connection,
    at: datetime,
    why: str,
    *,
    ids: Sequence[int] | None = None,
    person_ids: Sequence[int] | None = None,
    organisation_id: int | None = None,
    except_id: int = 0,
) -> int:
    """End sessions: by id or by person, in one organisation or everywhere. Returns how many there were."""
    ending = update(sessions).where(sessions.c.ended_at.is_(None), sessions.c.id != except_id)
    if ids is not None:
        ending = ending.where(bulk.among(connection, sessions.c.id, sorted(ids)))
    if person_ids is not None:
        ending = ending.where(bulk.among(connection, sessions.c.person_id, sorted(person_ids)))
    if organisation_id is not None:
        ending = ending.where(sessions.c.organisation_id == organisation_id)
    return connection.execute(ending.values(ended_at=at, ended_why=why, version=sessions.c.version + 1)).rowcount
