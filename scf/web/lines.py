"""Time lines: what happened to a thing and to what came of it, put together of what each folder tells.

A line goes on from thing to thing (invoice, receivable, request, advance, payouts, collections) as far as the reader
may see; at most `THINGS_MAX` of a kind. The number of statements depends on the kinds of things, never on how many.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Connection

from scf.module import Module
from scf.people import queries as people
from scf.routes import SIGNED_IN, Caller
from scf.screens import History, Moment
from scf.web.shell import MODULES

THINGS_MAX = 100


@dataclass(frozen=True, slots=True)
class Told:
    """A moment of a line: what it happened to, and who did it by name, empty when nobody is named."""

    prefix: str
    thing: str
    moment: Moment
    who: str


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a thing: what it is, the number or name it goes by, what happened, and the journals of it all."""

    words: str
    name: str
    told: Sequence[Told]

    @property
    def journal_ids(self) -> Sequence[int]:
        """Every journal once, in the order of the moments."""
        return list(dict.fromkeys(id for each in self.told for id in each.moment.journal_ids))


def line_of(caller: Caller, connection: Connection, prefix: str, id: int) -> Line | None:
    """The line of a thing, None when there is none that the caller may see."""
    name = named(caller, connection, prefix, [id]).get(id)
    if name is None:
        return None
    histories = _histories(caller)
    things = _reached(caller, connection, histories, prefix, id)
    words = {each.prefix: each.words for each in histories if each.words}
    found = [
        (each.prefix, moment)
        for each in histories
        if things.get(each.prefix)
        for moment in each.find(caller, connection, things[each.prefix])
    ]
    found = sorted(_once(found), key=lambda pair: _place(pair[1]))
    names = people.names(connection, [moment.who_id for _prefix, moment in found])
    told = [Told(at, words.get(at, ""), moment, _who(moment, names)) for at, moment in found]
    return Line(words[prefix], name, told)


def _place(moment: Moment) -> tuple[datetime, int]:
    """When it happened; of the same instant, by the ids it made, which are in order of time."""
    return moment.at, min(moment.journal_ids, default=moment.thing_id)


def _once(found: Sequence[tuple[str, Moment]]) -> list[tuple[str, Moment]]:
    """What two things of the line tell of the same journals (money applied: the advance and the collection) once."""
    kept: dict[object, tuple[str, Moment]] = {}
    for place, (at, moment) in enumerate(found):
        fact = (moment.at, moment.words, moment.detail, tuple(moment.journal_ids)) if moment.journal_ids else place
        kept.setdefault(fact, (at, moment))
    return list(kept.values())


def named(caller: Caller, connection: Connection, prefix: str, ids: Sequence[int]) -> Mapping[int, str]:
    """The numbers or names that things go by, of those that the caller may see."""
    heads = [each.names for each in _histories(caller) if each.prefix == prefix and each.names]
    return heads[0](caller, connection, ids) if heads else {}


def prefixes() -> Mapping[str, str]:
    """Of which kinds of things there are lines, with what they are called."""
    modules: Sequence[Module] = current_app.extensions[MODULES]
    return {each.prefix: each.words for module in modules for each in module.histories if each.names}


def _histories(caller: Caller) -> list[History]:
    modules: Sequence[Module] = current_app.extensions[MODULES]
    return [
        each
        for module in modules
        for each in module.histories
        if each.permission == SIGNED_IN or caller.actor.may(each.permission)
    ]


def _reached(
    caller: Caller, connection: Connection, histories: Sequence[History], prefix: str, id: int
) -> Mapping[str, Sequence[int]]:
    """Every thing of the line by prefix, from one of them; each folder is asked once a round for what is new."""
    reached: dict[str, dict[int, None]] = {prefix: {id: None}}
    new = {prefix: [id]}
    while new:
        further: dict[str, list[int]] = {}
        for each in histories:
            if each.prefix not in new:
                continue
            for to, ids in each.leads(caller, connection, new[each.prefix]).items():
                known = reached.setdefault(to, {})
                fresh = [one for one in dict.fromkeys(ids) if one not in known][: THINGS_MAX - len(known)]
                known.update(dict.fromkeys(fresh))
                if fresh:
                    further.setdefault(to, []).extend(fresh)
        new = further
    return {at: list(ids) for at, ids in reached.items()}


def _who(moment: Moment, names: Mapping[int, str]) -> str:
    return "" if moment.who_id is None else names.get(moment.who_id, "")
