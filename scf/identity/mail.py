"""The words of the letters, and their delivery. A link's token is made when its letter is sent; only its hash is kept.

So the outbox holds no secret, and a letter that is sent again carries a link of its own.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from scf.commands import transact
from scf.db.engine import Database
from scf.identity import invitation_rows
from scf.identity.credentials import RESET_WITHIN
from scf.identity.letters import KIND
from scf.identity.models_members import invitations
from scf.identity.post import Mail, Post
from scf.identity.role_rules import unpacked
from scf.identity.site import Site
from scf.identity.tokens import hash_of, new_secret
from scf.module import Delivery, Surroundings
from scf.organisations.models import organisations
from scf.people.models import people

Payload = Mapping[str, Any]

_NOT_YOU = "If this was not you, change your password at once and tell your administrator."

# what happened, by a letter's name: a subject, and a text with the letter's facts in it
_NOTICES: Mapping[str, tuple[str, str]] = {
    "new device": (
        "A sign-in from a new device",
        "Somebody signed in as you on {at}, from {network}, with:\n{agent}\n\n" + _NOT_YOU,
    ),
    "password changed": (
        "Your password was changed",
        "Your password was changed, and your other sessions were ended.\n\n" + _NOT_YOU,
    ),
    "factor added": (
        "A second factor was added",
        'The second factor "{name}" was added to your account.\n\n' + _NOT_YOU,
    ),
    "factor removed": (
        "A second factor was removed",
        'The second factor "{name}" was removed from your account.\n\n' + _NOT_YOU,
    ),
    "recovery codes made": (
        "New recovery codes",
        "New recovery codes were made for your account; the old ones open nothing any more.\n\n" + _NOT_YOU,
    ),
    "keys made": ("A new API key", "An API key was made in your name: {names}.\n\n" + _NOT_YOU),
}


def _invitation(connection: Connection, database: Database, site: Site, payload: Payload) -> Mail | None:
    row = connection.execute(
        select(invitations, organisations.c.name.label("organisation_name"))
        .join(organisations, organisations.c.id == invitations.c.organisation_id)
        .where(invitations.c.id == payload["invitation_id"], invitations.c.status == "open")
    ).one_or_none()
    now = database.clock.now()
    if row is None or row.email is None or row.expires_at <= now:
        return None
    token = _token(connection, database, "invitation", row.id, now, row.expires_at)
    roles = ", ".join(role.replace("_", " ") for role in unpacked(row.roles))
    text = (
        f"{row.name},\n\n{row.organisation_name} invites you to the supply chain finance platform, as {roles}.\n\n"
        f"Accept by {row.expires_at:%d %B %Y}:\n{site.link('/welcome')}#{token}\n\n"
        "If you did not expect this, you need not do anything."
    )
    return Mail(row.email, f"{row.organisation_name} invites you", text)


def _reset(connection: Connection, database: Database, site: Site, payload: Payload) -> Mail | None:
    to = _address(connection, payload)
    if to is None:
        return None
    now = database.clock.now()
    token = _token(connection, database, "reset", payload["person_id"], now, now + RESET_WITHIN)
    text = (
        f"Set a new password within the hour:\n{site.link('/password/reset')}#{token}\n\n"
        "If you did not ask for this, you need not do anything: your password is unchanged."
    )
    return Mail(to, "Set a new password", text)


def _notice(connection: Connection, _database: Database, site: Site, payload: Payload) -> Mail | None:
    to = _address(connection, payload)
    if to is None:
        return None
    subject, text = _NOTICES[payload["about"]]
    return Mail(to, subject, f"{text.format_map(payload)}\n\n{site.link('/')}")


Compose = Callable[[Connection, Database, Site, Payload], Mail | None]
_LETTERS: Mapping[str, Compose] = {"invitation": _invitation, "reset": _reset, **dict.fromkeys(_NOTICES, _notice)}


def deliver(database: Database, surroundings: Surroundings, payload: Payload) -> None:
    """Send a letter; one that has lost its reader meanwhile is not sent."""
    post: Post = surroundings.post
    compose = _LETTERS[payload["about"]]
    mail = transact(database, lambda connection: compose(connection, database, post.site, payload))
    if mail is not None:
        post.send(mail)


DELIVERIES: dict[str, Delivery] = {KIND: deliver}


def _token(
    connection: Connection, database: Database, purpose: str, subject_id: int, at: datetime, expires_at: datetime
) -> str:
    token = new_secret()
    id = database.ids().one()
    invitation_rows.add_token(connection, id, purpose, subject_id, hash_of(token), at, expires_at)
    return token


def _address(connection: Connection, payload: Payload) -> str | None:
    which = select(people.c.email).where(people.c.id == payload["person_id"])
    return connection.execute(which).scalar_one_or_none()
