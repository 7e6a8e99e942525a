"""Finding by what people type: an id as it is written, organisations and people; other folders find their own."""

import re
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import Connection, select, true

from scf import ids
from scf.db.prefixes import beginning
from scf.identity.models_members import memberships
from scf.module import Module
from scf.organisations.models import organisations
from scf.people.models import people
from scf.routes import SIGNED_IN, Caller
from scf.screens import Hit, Search
from scf.web.lines import named, prefixes
from scf.web.shell import MODULES
from scf.web.words import N_
from scf.workplace.history import known_to

SHORTEST, LONGEST, HITS_MAX = 2, 80, 10
_ID = re.compile(rf"([a-z]{{3}})[_-]({ids.PATTERN})\Z")
_READ_PEOPLE = "members.view"


def found(caller: Caller, connection: Connection, typed: str) -> Sequence[Hit]:
    """Everything that begins with what was typed, that the caller may see; a statement or two a kind of thing."""
    modules: Sequence[Module] = current_app.extensions[MODULES]
    hits = [*_by_id(caller, connection, typed)]
    for search in (each for module in modules for each in module.searches):
        if search.permission == SIGNED_IN or caller.actor.may(search.permission):
            hits += nearest(typed, search.find(caller, connection, typed))
    return hits


def nearest(typed: str, hits: Sequence[Hit]) -> Sequence[Hit]:
    """At most ten, each once: what is exactly that first, then the shortest."""
    once = {each.path or each.words: each for each in hits}.values()
    wanted = typed.casefold()
    return sorted(once, key=lambda each: (each.words.casefold() != wanted, len(each.words), each.words))[:HITS_MAX]


def _by_id(caller: Caller, connection: Connection, typed: str) -> Sequence[Hit]:
    match = _ID.match(typed.strip().lower())
    if match is None or match[1] not in prefixes():
        return []
    id = ids.parse(f"x_{match[2]}")
    name = named(caller, connection, match[1], [id]).get(id)
    return [Hit(name, prefixes()[match[1]], f"/things/{ids.text(match[1], id)}")] if name is not None else []


def _organisations(caller: Caller, connection: Connection, typed: str) -> Sequence[Hit]:
    known = select(organisations.c.id, organisations.c.name, organisations.c.registration_ref).where(known_to(caller))
    columns = (organisations.c.name, organisations.c.registration_ref)
    rows = connection.execute(beginning(connection, known, columns, typed, HITS_MAX))
    return [Hit(row.name, N_("Organisation"), f"/things/{ids.text('org', row.id)}") for row in rows]


def _people(caller: Caller, connection: Connection, typed: str) -> Sequence[Hit]:
    """The operator finds everybody, an administrator the members of the organisation."""
    member = select(memberships.c.person_id).where(memberships.c.organisation_id == caller.organisation_id)
    whose = true() if caller.actor.operates else people.c.id.in_(member)
    asked = select(people.c.id, people.c.name, people.c.email).where(whose)
    rows = connection.execute(beginning(connection, asked, (people.c.name, people.c.email), typed, HITS_MAX))
    return [Hit(" · ".join(filter(None, (row.name, row.email))), N_("Person"), "") for row in rows]


SEARCHES = (Search(SIGNED_IN, _organisations), Search(_READ_PEOPLE, _people))
