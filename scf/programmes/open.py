"""Opening programmes and enrolling suppliers: the funder's commands, in its book."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.organisations import queries as organisations
from scf.outcomes import Outcome, done, refused
from scf.programmes.models import enrolments, programmes

_REGISTERED = "give an organisation that is registered"


@dataclass(frozen=True, slots=True)
class NewProgramme:
    """An agreement of the book's funder with an anchor; the name is unique in the book."""

    anchor_id: int
    name: str


@dataclass(frozen=True, slots=True)
class NewEnrolment:
    """A supplier in a programme."""

    programme_id: int
    supplier_id: int


@dataclass(frozen=True, slots=True)
class _Programmes:
    ids: list[int]
    names: set[str]
    anchors: set[int]


@dataclass(frozen=True, slots=True)
class _Enrolments:
    ids: list[int]
    anchors: dict[int, int]
    enrolled: set[tuple[int, int]]
    suppliers: set[int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    rows: list[tuple[Any, ...]]


def _load_programmes(unit: Unit, batch: Sequence[NewProgramme]) -> _Programmes:
    names = unit.connection.execute(select(programmes.c.name).where(programmes.c.book_id == unit.in_book().id))
    anchors = organisations.names(unit.connection, {new.anchor_id for new in batch})
    return _Programmes(unit.ids.take(len(batch)), set(names.scalars()), set(anchors))


def _decide_programmes(facts: _Programmes, batch: Sequence[NewProgramme]) -> _Plan:
    plan = _Plan([], [])
    names = set(facts.names)
    for id, new in zip(facts.ids, batch, strict=True):
        if new.name in names:
            plan.outcomes.append(refused("name_taken", field="name", value=new.name, remedy="choose another name"))
            continue
        if new.anchor_id not in facts.anchors:
            plan.outcomes.append(refused("not_found", field="anchor_id", remedy=_REGISTERED))
            continue
        names.add(new.name)
        plan.outcomes.append(done(id))
        plan.rows.append((id, new.anchor_id, new.name))
    return plan


def _write_programmes(unit: Unit, _facts: _Programmes, plan: _Plan) -> None:
    book_id = unit.in_book().id
    rows = [(*row, book_id) for row in plan.rows]
    bulk.insert(unit.connection, programmes, ("id", "anchor_id", "name", "book_id"), rows)


def _load_enrolments(unit: Unit, batch: Sequence[NewEnrolment]) -> _Enrolments:
    book_id = unit.in_book().id
    anchors = unit.connection.execute(
        select(programmes.c.id, programmes.c.anchor_id).where(programmes.c.book_id == book_id)
    )
    enrolled = unit.connection.execute(
        select(enrolments.c.programme_id, enrolments.c.supplier_id).where(enrolments.c.book_id == book_id)
    )
    suppliers = organisations.names(unit.connection, {new.supplier_id for new in batch})
    pairs = {(row[0], row[1]) for row in enrolled}
    return _Enrolments(unit.ids.take(len(batch)), dict(anchors.all()), pairs, set(suppliers))


def _decide_enrolments(facts: _Enrolments, batch: Sequence[NewEnrolment]) -> _Plan:
    plan = _Plan([], [])
    enrolled = set(facts.enrolled)
    for id, new in zip(facts.ids, batch, strict=True):
        key = (new.programme_id, new.supplier_id)
        if new.supplier_id not in facts.suppliers:
            plan.outcomes.append(refused("not_found", field="supplier_id", remedy=_REGISTERED))
        elif new.programme_id not in facts.anchors:
            plan.outcomes.append(refused("not_found", field="programme_id", remedy="give a programme of this book"))
        elif key in enrolled:
            plan.outcomes.append(refused("already_enrolled", field="supplier_id"))
        else:
            enrolled.add(key)
            anchor_id = facts.anchors[new.programme_id]
            plan.outcomes.append(done(id))
            plan.rows.append((id, new.programme_id, anchor_id, new.supplier_id))
    return plan


def _write_enrolments(unit: Unit, _facts: _Enrolments, plan: _Plan) -> None:
    book_id = unit.in_book().id
    columns = ("id", "programme_id", "anchor_id", "supplier_id", "book_id")
    bulk.insert(unit.connection, enrolments, columns, [(*row, book_id) for row in plan.rows])
    enrolled = ((supplier_id, id) for id, _programme, _anchor, supplier_id, *_ in plan.rows)
    announce(unit, tell("enrolment.made", enrolled, all_to=unit.in_book().funder_id))


OPEN_PROGRAMME = Command("programmes.open", ScopeKind.BOOK, _load_programmes, _decide_programmes, _write_programmes)
ENROL = Command("programmes.enrol", ScopeKind.BOOK, _load_enrolments, _decide_enrolments, _write_enrolments)
