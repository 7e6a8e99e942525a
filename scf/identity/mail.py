"""The words of the letters, and their delivery. A link's token is made when its letter is sent; only its hash is kept.

So the outbox holds no secret, and a letter that is sent again carries a link of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Desk:
    """What writing a letter needs: where links lead, the id of a token it may make, and the time."""

    site: Site
    token_id: int
    at: datetime


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


def _invitation(connection: Connection, desk: _Desk, payload: Payload) -> Mail | None:
    row = connection.execute(
        select(invitations, organisations.c.name.label("organisation_name"))
        .join(organisations, organisations.c.id == invitations.c.organisation_id)
        .where(invitations.c.id == payload["invitation_id"], invitations.c.status == "open")
    ).one_or_none()
    if row is None or row.email is None or row.expires_at <= desk.at:
        return None
    token = _token(connection, desk, "invitation", row.id, row.expires_at)
    roles = ", ".join(role.replace("_", " ") for role in unpacked(row.roles))
    text = (
        f"{row.name},\n\n{row.organisation_name} invites you to the supply chain finance platform, as {roles}.\n\n"
        f"Accept by {row.expires_at:%d %B %Y}:\n{desk.site.link('/welcome')}#{token}\n\n"
        "If you did not expect this, you need not do anything."
    )
    return Mail(row.email, f"{row.organisation_name} invites you", text)


def _reset(connection: Connection, desk: _Desk, payload: Payload) -> Mail | None:
    to = _address(connection, payload)
    if to is None:
        return None
    token = _token(connection, desk, "reset", payload["person_id"], desk.at + RESET_WITHIN)
    text = (
        f"Set a new password within the hour:\n{desk.site.link('/password/reset')}#{token}\n\n"
        "If you did not ask for this, you need not do anything: your password is unchanged."
    )
    return Mail(to, "Set a new password", text)


def _notice(connection: Connection, desk: _Desk, payload: Payload) -> Mail | None:
    to = _address(connection, payload)
    if to is None:
        return None
    subject, text = _NOTICES[payload["about"]]
    return Mail(to, subject, f"{text.format_map(payload)}\n\n{desk.site.link('/')}")


Compose = Callable[[Connection, _Desk, Payload], Mail | None]
_LETTERS: Mapping[str, Compose] = {"invitation": _invitation, "reset": _reset, **dict.fromkeys(_NOTICES, _notice)}


def deliver(database: Database, surroundings: Surroundings, payload: Payload) -> None:
    """Send a letter; one that has lost its reader meanwhile is not sent."""
    post: Post = surroundings.post
    compose = _LETTERS[payload["about"]]
    desk = _Desk(post.site, database.ids().one(), database.clock.now())
    mail = transact(database, lambda connection: compose(connection, desk, payload))
    if mail is not None:
        post.send(mail)


DELIVERIES: dict[str, Delivery] = {KIND: deliver}


def _token(connection: Connection, desk: _Desk, purpose: str, subject_id: int, expires_at: datetime) -> str:
    token = new_secret()
    invitation_rows.add_token(connection, desk.token_id, purpose, subject_id, hash_of(token), desk.at, expires_at)
    return token


def _address(connection: Connection, payload: Payload) -> str | None:
    which = select(people.c.email).where(people.c.id == payload["person_id"])
    return connection.execute(which).scalar_one_or_none()
