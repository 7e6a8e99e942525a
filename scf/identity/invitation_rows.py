"""Parts that add and end invitations and the tokens their mails carry, and the rules about whom to invite."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from scf import outbox
from scf.commands import Unit
from scf.db import bulk
from scf.identity.letters import letter
from scf.identity.models_members import invitations, mail_tokens, memberships
from scf.identity.role_rules import packed
from scf.outcomes import Outcome, refused
from scf.people.models import people
from scf.people.queries import normal_email
from scf.roles import Role

OPEN_FOR = timedelta(days=7)
EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>,;\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
EMAIL_MAX = 254

_COLUMNS = (
    "id", "organisation_id", "email", "name", "roles", "status", "invited_at", "invited_by_id", "expires_at", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to invite: into which organisation, and as what."""

    organisation_id: int
    email: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """Who is a member already and who is invited already: (organisation, e-mail address)."""

    members: set[tuple[int, str]]
    invited: set[tuple[int, str]]


def taken(connection: Connection, organisation_ids: Iterable[int], emails: Iterable[str]) -> Taken:
    """What is there already for these addresses in these organisations."""
    wanted_emails = sorted({normal_email(email) for email in emails})
    wanted = sorted(set(organisation_ids))
    members = connection.execute(
        select(memberships.c.organisation_id, people.c.email)
        .join(people, people.c.id == memberships.c.person_id)
        .where(bulk.among(connection, people.c.email, wanted_emails), memberships.c.status == "active")
        .where(bulk.among(connection, memberships.c.organisation_id, wanted))
    )
    invited = connection.execute(
        select(invitations.c.organisation_id, invitations.c.email)
        .where(bulk.among(connection, invitations.c.email, wanted_emails), invitations.c.status == "open")
        .where(bulk.among(connection, invitations.c.organisation_id, wanted))
    )
    return Taken({(row[0], row[1]) for row in members}, {(row[0], row[1]) for row in invited})


def refusal(invited: Invited, there: Taken, here: frozenset[Role]) -> Outcome | None:
    """Why somebody cannot be invited; when they can, they count as invited from now on."""
    email = normal_email(invited.email)
    if len(email) > EMAIL_MAX or not EMAIL.match(email):
        # refusals are kept for good: they name no address, so that an address can be erased
        return refused("not_an_address", field="email", remedy="give an address like ida@ash.example")
    if not invited.roles:
        return refused("no_roles", field="roles", bound=", ".join(sorted(here)), remedy="name at least one")
    for role in invited.roles:
        if role not in here:
            remedy = "choose from these"
            return refused("role_not_here", field="roles", value=role, bound=", ".join(sorted(here)), remedy=remedy)
    if (invited.organisation_id, email) in there.members:
        return refused("already_member", field="email", remedy="give the member a role instead")
    if (invited.organisation_id, email) in there.invited:
        return refused("already_invited", field="email", remedy="send the open invitation again")
    there.invited.add((invited.organisation_id, email))
    return None


def add(unit: Unit, rows: Sequence[tuple[int, Invited]], *, told: bool = True) -> None:
    """Add invitations, and put down a letter for each; untold, whoever asked hands over the link."""
    state = ("open", unit.at, unit.actor.id, unit.at + OPEN_FOR, 1)
    added: list[tuple[Any, ...]] = [
        (id, each.organisation_id, normal_email(each.email), each.name, packed(each.roles), *state) for id, each in rows
    ]
    bulk.insert(unit.connection, invitations, _COLUMNS, added)
    if told:
        outbox.write(unit, [letter("invitation", invitation_id=id) for id, _ in rows])


def add_token(
    connection: Connection, id: int, purpose: str, subject_id: int, hash: str, at: datetime, expires_at: datetime
) -> None:
    """Store what a mail's token hashes to."""
    columns = ("id", "purpose", "subject_id", "token_hash", "made_at", "expires_at")
    bulk.insert(connection, mail_tokens, columns, [(id, purpose, subject_id, hash, at, expires_at)])


def end_tokens(connection: Connection, purpose: str, subject_ids: Sequence[int], at: datetime) -> None:
    """Let no token of these subjects open anything any more."""
    theirs = bulk.among(connection, mail_tokens.c.subject_id, sorted(subject_ids))
    unused = (mail_tokens.c.purpose == purpose) & mail_tokens.c.used_at.is_(None)
    connection.execute(update(mail_tokens).where(theirs, unused).values(used_at=at))


def subject_of(connection: Connection, purpose: str, hash: str, at: datetime) -> int | None:
    """What a token that still counts is about, locked; None for any other."""
    row = connection.execute(
        select(mail_tokens.c.subject_id)
        .where(mail_tokens.c.token_hash == hash, mail_tokens.c.purpose == purpose)
        .where(mail_tokens.c.used_at.is_(None), mail_tokens.c.expires_at > at)
        .with_for_update(key_share=True)
    ).scalar_one_or_none()
    return int(row) if row is not None else None
