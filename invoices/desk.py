"""Who stands at a desk of the command line: a local user acts for the organisation that `--as` names.

Whoever can run the program on the database's machine is trusted; people of other machines come through the screens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import click
from sqlalchemy import select

from scf.actor import Actor
from scf.db.engine import Database
from scf.errors import FieldError
from scf.identity.local import local_person
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


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation, for whoever only looks."""

    id: int
    name: str


def party(database: Database, registration_ref: str) -> Party:
    """The organisation of a registration number. Ends the command with a message when there is none."""
    own = organisations.c
    wanted = own.registration_ref == normal_id(registration_ref)
    with database.reading() as connection:
        found = connection.execute(select(own.id, own.name).where(wanted)).one_or_none()
    if found is None:
        raise click.ClickException(f"no organisation is registered as {registration_ref!r}")
    return Party(*found)


def at_desk(database: Database, registration_ref: str, person: str, permissions: Iterable[str]) -> Desk:
    """The desk of an organisation with a person of its command line; the same name is the same person.

    Ends the command with a message when no organisation has the registration number, or the person no name.
    """
    found = party(database, registration_ref)
    try:
        actor_id = local_person(database, found.id, person)
    except FieldError as error:
        raise click.ClickException(error.message) from None
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
