"""What somebody signed in with, when they are erased: every way in ends, and what told who or where they were goes.

A part of `erase`; it runs while the person's address still stands, since open invitations are found by it. Who played
which part when stays: it names the person by id.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, or_, select, update

from scf.db import bulk
from scf.identity.invite import NAMING_PEOPLE
from scf.identity.models_factors import external_identities, passkeys, passwords, recovery_codes, totps
from scf.identity.models_members import invitations, mail_tokens, memberships
from scf.identity.models_sessions import api_keys, attempts, sessions
from scf.identity.sign_in import account_hash
from scf.people.models import people
from scf.people.queries import normal_email
from scf.proposals import queries as proposals


def end(connection: Connection, ids: Sequence[int], by_id: int, at: datetime) -> None:
    """End and blank everything that lets these people in or tells where they were; `by_id` erases them."""
    ended = {"ended_at": at, "ended_by_id": by_id}
    emails = _emails(connection, ids)
    _blank(connection, sessions, ids, network=None, agent=None)
    _blank_attempts(connection, ids, emails)
    _blank(connection, passwords, ids, hash="")
    _blank(connection, totps, ids, secret="", name="")
    _blank(connection, api_keys, ids, name="")
    _end(connection, sessions, ids, ended_at=at, ended_why="erased")
    _end(connection, totps, ids, ended_at=at)
    _end(connection, passkeys, ids, ended_at=at)
    _end(connection, recovery_codes, ids, status="replaced", ended_at=at)
    _end(connection, memberships, ids, status="taken", **ended)
    _end(connection, api_keys, ids, status="revoked", **ended)
    _forget(connection, passkeys, ids, passkeys.c.credential, name="", public_key=b"")
    _forget(connection, external_identities, ids, external_identities.c.subject)
    _end_letters(connection, ids, emails, at)
    _blank_proposals(connection, emails)


def _emails(connection: Connection, ids: Sequence[int]) -> list[str]:
    theirs = select(people.c.email).where(bulk.among(connection, people.c.id, ids), people.c.email.is_not(None))
    return sorted(connection.execute(theirs).scalars())


def _blank(connection: Connection, table: Table, ids: Sequence[int], **values: Any) -> None:
    connection.execute(update(table).where(bulk.among(connection, table.c.person_id, ids)).values(values))


def _blank_attempts(connection: Connection, ids: Sequence[int], emails: Collection[str]) -> None:
    """Those of their accounts too that failed: they name no person, but hold the hash of an address."""
    accounts = [account_hash(email) for email in emails]
    theirs = or_(
        bulk.among(connection, attempts.c.person_id, ids), bulk.among(connection, attempts.c.account_hash, accounts)
    )
    connection.execute(update(attempts).where(theirs).values(account_hash="", network=None, agent=None))


def _end(connection: Connection, table: Table, ids: Sequence[int], **values: Any) -> None:
    live = update(table).where(bulk.among(connection, table.c.person_id, ids), table.c.ended_at.is_(None))
    connection.execute(live.values(**values, version=table.c.version + 1))


def _forget(connection: Connection, table: Table, ids: Sequence[int], unique: Column[Any], **values: Any) -> None:
    """Blank what must stay unique: the row's own id takes its place."""
    theirs = select(table.c.id).where(bulk.among(connection, table.c.person_id, ids))
    marks = [(id, f"erased/{id}") for id in connection.execute(theirs).scalars()]
    if not marks:
        return
    forgetting = update(table).where(table.c.id == bindparam("of")).values({unique: bindparam("mark"), **values})
    binary = unique.type.python_type is bytes
    connection.execute(forgetting, [{"of": id, "mark": mark.encode() if binary else mark} for id, mark in marks])


def _end_letters(connection: Connection, ids: Sequence[int], emails: Collection[str], at: datetime) -> None:
    """Withdraw invitations to them, blank those they accepted, and let no mail on its way be used."""
    to_them = or_(
        bulk.among(connection, invitations.c.person_id, ids), bulk.among(connection, invitations.c.email, emails)
    )
    version = invitations.c.version + 1
    still_open = update(invitations).where(to_them, invitations.c.status == "open")
    connection.execute(still_open.values(status="withdrawn", ended_at=at, version=version))
    connection.execute(update(invitations).where(to_them).values(email=None, name=None))
    tokens = update(mail_tokens).where(mail_tokens.c.used_at.is_(None), mail_tokens.c.purpose == "reset")
    connection.execute(tokens.where(bulk.among(connection, mail_tokens.c.subject_id, ids)).values(used_at=at))


def _blank_proposals(connection: Connection, emails: Collection[str]) -> None:
    """Decided proposals to invite them; one still open is somebody else's to decide, and is blanked in time after."""
    said = proposals.decided_payloads(connection, NAMING_PEOPLE)
    naming = [id for id, payload in said.items() if normal_email(json.loads(payload)["email"]) in emails]
    proposals.blank(connection, naming)
