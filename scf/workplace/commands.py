"""What people set for themselves: how screens speak to them, which filters they keep, what they have seen.

Each acts for whoever runs it and for nobody else; nothing here is about money.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scf.commands import Command, ScopeKind, Unit
from scf.notifications import queries
from scf.notifications import write as notifications
from scf.outcomes import Outcome, done, refused
from scf.people import filters, preferences
from scf.people.filters import FILTERS_MAX, SavedFilter
from scf.people.preferences import THEMES, Preference
from scf.web.reader import FORMATS, LANGUAGES

NAME_MAX, PATH_MAX, QUERY_MAX = 80, 200, 1000
_PATH = re.compile(r"/[A-Za-z0-9_-][A-Za-z0-9_/-]*\Z")
_QUERY = re.compile(r"\?[A-Za-z0-9_=&%.+~*-]*\Z")


@dataclass(frozen=True, slots=True)
class NewFilter:
    """The query of a page, to be kept under a name; one of the same name there is replaced."""

    path: str
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class _Chosen:
    outcomes: list[Outcome]
    chosen: list[Preference]


def _nothing(_unit: Unit, _batch: Sequence[object]) -> None:
    return None


def _decide_preference(_facts: None, batch: Sequence[Preference]) -> _Chosen:
    plan = _Chosen([], [])
    for each in batch:
        refusal = _unknown(each)
        plan.outcomes.append(refusal or done())
        if refusal is None:
            plan.chosen.append(each)
    return plan


def _unknown(each: Preference) -> Outcome | None:
    for field, value, known in (
        ("language", each.language, LANGUAGES),
        ("formats", each.formats, FORMATS),
        ("theme", each.theme, THEMES),
    ):
        if value and value not in known:
            return refused(
                "not_offered", field=field, value=value, bound=", ".join(known), remedy="choose one of these"
            )
    return None


def _write_preference(unit: Unit, _facts: None, plan: _Chosen) -> None:
    for each in plan.chosen:
        preferences.keep(unit.connection, unit.actor.id, each)


@dataclass(frozen=True, slots=True)
class _Held:
    ids: list[int]
    filters: Sequence[SavedFilter]


@dataclass(frozen=True, slots=True)
class _Kept:
    outcomes: list[Outcome]
    new: list[SavedFilter]
    replaced: list[int]


def _load_filters(unit: Unit, batch: Sequence[object]) -> _Held:
    held = filters.of_person(unit.connection, unit.actor.id, unit.scope.id)
    return _Held(unit.ids.take(len(batch)), held)


def _decide_keep(facts: _Held, batch: Sequence[NewFilter]) -> _Kept:
    plan = _Kept([], [], [])
    held = {(each.path, each.name): each.id for each in facts.filters}
    new: dict[tuple[str, str], SavedFilter] = {}
    for id, each in zip(facts.ids, batch, strict=True):
        name = each.name.strip()
        refusal = _wrong(each, name) or _too_many(held.keys() | new.keys(), (each.path, name))
        plan.outcomes.append(refusal or done(id))
        if refusal is None:
            new[each.path, name] = SavedFilter(id, each.path, name, each.query)
    plan.new.extend(new.values())
    plan.replaced.extend(held[key] for key in new if key in held)
    return plan


def _wrong(each: NewFilter, name: str) -> Outcome | None:
    if not 1 <= len(name) <= NAME_MAX:
        return refused("no_name", field="name", value=f"{len(name)} characters", bound=f"1 to {NAME_MAX}")
    if len(each.path) > PATH_MAX or not _PATH.match(each.path):
        return refused("no_page", field="path", value=each.path[:80], remedy="keep a filter from the page of a list")
    if len(each.query) > QUERY_MAX or not _QUERY.match(each.query or "?"):
        return refused("no_query", field="query", remedy="keep a filter from the page of a list")
    return None


def _too_many(there: set[tuple[str, str]], key: tuple[str, str]) -> Outcome | None:
    if key in there or len(there) < FILTERS_MAX:
        return None
    value, bound = str(len(there) + 1), str(FILTERS_MAX)
    return refused("too_many", field="name", value=value, bound=bound, remedy="forget one that is not used")


def _write_keep(unit: Unit, _facts: _Held, plan: _Kept) -> None:
    if plan.replaced:
        filters.forget(unit.connection, plan.replaced, unit.at)
    filters.add(unit.connection, unit.actor.id, unit.scope.id, plan.new, unit.at)


@dataclass(frozen=True, slots=True)
class _Forgotten:
    outcomes: list[Outcome]
    ids: list[int]


def _decide_forget(facts: _Held, batch: Sequence[int]) -> _Forgotten:
    plan = _Forgotten([], [])
    left = {each.id for each in facts.filters}
    for id in batch:
        if id not in left:
            remedy = "give a filter that you keep"
            plan.outcomes.append(refused("not_found", field="filter_id", id=id, remedy=remedy))
            continue
        left.discard(id)
        plan.ids.append(id)
        plan.outcomes.append(done(id))
    return plan


def _write_forget(unit: Unit, _facts: _Held, plan: _Forgotten) -> None:
    if plan.ids:
        filters.forget(unit.connection, plan.ids, unit.at)


@dataclass(frozen=True, slots=True)
class _Seen:
    outcomes: list[Outcome]
    up_to: int | None


def _load_told(unit: Unit, batch: Sequence[int]) -> set[int]:
    return queries.told(unit.connection, unit.scope.id, batch)


def _decide_see(told: set[int], batch: Sequence[int]) -> _Seen:
    missing = refused("not_found", field="notification_id", remedy="give one that your organisation was sent")
    return _Seen([done(id) if id in told else missing for id in batch], max(told, default=None))


def _write_see(unit: Unit, _told: set[int], plan: _Seen) -> None:
    if plan.up_to is not None:
        notifications.see(unit.connection, unit.ids.one(), unit.scope.id, unit.actor.id, plan.up_to, unit.at)


_SCOPE = ScopeKind.ORGANISATION
PREFER = Command("preferences.set", _SCOPE, _nothing, _decide_preference, _write_preference, batch_max=1)
KEEP = Command("filters.keep", _SCOPE, _load_filters, _decide_keep, _write_keep, batch_max=FILTERS_MAX)
FORGET = Command("filters.forget", _SCOPE, _load_filters, _decide_forget, _write_forget, batch_max=FILTERS_MAX)
SEE = Command("notifications.see", _SCOPE, _load_told, _decide_see, _write_see, batch_max=1)
COMMANDS = (PREFER, KEEP, FORGET, SEE)
