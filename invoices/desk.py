"""Who stands at a desk of the command line: a local user acts for the organisation that `--as` names.

Whoever can run the program on the database's machine is trusted; people of other machines come through the screens.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import click
from sqlalchemy import select

from scf.actor import Actor
from scf.db.engine import Database
from scf.ids import parse
from scf.organisations.models import organisations
from scf.organisations.registration import normal_id


class Context(Protocol):
    """What the composition root gives the commands: anything with an open database."""

    @property
    def database(self) -> Database:
        """The database the commands act on."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """An organisation and the person who acts for it."""

    organisation_id: int
    name: str
    actor: Actor


def at_desk(database: Database, registration_ref: str, person: str, permissions: Iterable[str]) -> Desk:
    """The desk of an organisation, its actor's id made from the name, so that the same name is the same person.

    Ends the command with a message when no organisation has the registration number.
    """
    wanted = normal_id(registration_ref)
    own = organisations.c
    with database.reading() as connection:
        found = connection.execute(select(own.id, own.name).where(own.registration_ref == wanted)).one_or_none()
    if found is None:
        raise click.ClickException(f"no organisation is registered as {registration_ref!r}")
    actor_id = zlib.crc32(f"{wanted}/{person}".encode()) + 1
    return Desk(found.id, found.name, Actor(actor_id, person, found.id, frozenset(permissions), stepped_up=True))


def parse_refs(prefix: str, refs: Iterable[str]) -> list[int]:
    """Ids from references such as `inv_…`. Ends the command with a message for anything else."""
    ids = []
    for ref in refs:
        try:
            ids.append(parse(ref))
        except ValueError:
            raise click.ClickException(f"{ref!r} is no reference; give one like {prefix}_01h3…") from None
        if not ref.startswith(f"{prefix}_"):
            raise click.ClickException(f"{ref!r} is of another kind; give one that begins with {prefix}_")
    return ids
