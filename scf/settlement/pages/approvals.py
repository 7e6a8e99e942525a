"""What waits for a second pair of eyes in a book, of every kind: accepted or sent back, by ticking.

Nobody decides on their own proposal: its box cannot be ticked, and the command refuses it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection, func, select

from scf import encoding
from scf.commands import ScopeKind
from scf.currencies import exponent
from scf.db.said import says
from scf.factoring.pages.answers import back, tell
from scf.fields import Id
from scf.people import queries as people
from scf.proposals.api import READ
from scf.proposals.models import proposals
from scf.routes import Caller, PageRoute
from scf.settlement.pages.checked import CHECKED, Checked, Told
from scf.web.forms import Form, again, ran, read
from scf.web.words import N_

# of a kind; what is decided makes room for the next
_SHOWN = 200
_TICK = N_("Tick at least one proposal.")


class TickedSchema(Schema):
    """The proposals that were ticked."""

    take = fields.List(
        Id("pro"), required=True, validate=[validate.Length(1, 1_000)], error_messages={"required": _TICK}
    )


class Line(NamedTuple):
    """A proposal in its table."""

    id: int
    maker_id: int
    proposed_at: datetime
    told: Told


@dataclass(frozen=True, slots=True)
class Section:
    """The proposals of one kind; `headings` are those of their facts when all have the same, else none."""

    checked: Checked
    lines: Sequence[Line]
    is_all: bool
    may_accept: bool
    may_decline: bool

    @property
    def headings(self) -> Sequence[str]:
        """What heads the facts; none when they differ from line to line."""
        found = {tuple(words for words, _value in line.told.facts) for line in self.lines}
        return found.pop() if len(found) == 1 else ()

    @property
    def has_money(self) -> bool:
        """They are about amounts."""
        return any(line.told.currency for line in self.lines)


def show(caller: Caller) -> Response:
    """Everything that waits."""
    return _page(caller, Form())


def _page(caller: Caller, form: Form) -> Response:
    with caller.reading() as connection:
        sections = [section for each in CHECKED if (section := _section(caller, connection, each)).lines]
        makers = people.names(connection, {line.maker_id for section in sections for line in section.lines})
    form.typed = {**form.typed, "take": set(form.typed.get("take", ()))}
    me = caller.actor.id
    return again("bank/approvals.html", form, sections=sections, makers=makers, me=me, digits=exponent)


def _section(caller: Caller, connection: Connection, checked: Checked) -> Section:
    rows = connection.execute(
        select(proposals.c.id, proposals.c.maker_id, proposals.c.proposed_at, proposals.c.payload)
        .where(proposals.c.scope_id == caller.in_book().id, proposals.c.command == checked.name)
        .where(says(proposals.c.status, "proposed"))
        .order_by(proposals.c.id)
        .limit(_SHOWN + 1)
    ).all()
    listed = rows[:_SHOWN]
    values = {row.id: encoding.parse(checked.kind, row.payload) for row in listed}
    told = checked.tell(caller, connection, values) if values else {}
    lines = [Line(row.id, row.maker_id, row.proposed_at, told[row.id]) for row in listed]
    may = caller.actor.may
    accept, decline = checked.commands.accept.name, checked.commands.decline.name
    return Section(checked, lines, len(rows) <= _SHOWN, may(accept), may(decline))


def accept(checked: Checked, caller: Caller) -> Response:
    """Agree to what is ticked; it is done at once."""
    form = read(TickedSchema)
    if form.errors:
        return _page(caller, form)
    outcomes = ran(caller, checked.commands.accept, form.loaded["take"], form.key)
    tell(outcomes, N_("%(count)s proposal is accepted."), N_("%(count)s proposals are accepted."))
    return back(caller, form, "/approvals")


def decline(checked: Checked, caller: Caller) -> Response:
    """Send back what is ticked; nothing is done."""
    form = read(TickedSchema)
    if form.errors:
        return _page(caller, form)
    outcomes = ran(caller, checked.commands.decline, form.loaded["take"], form.key)
    tell(outcomes, N_("%(count)s proposal is sent back."), N_("%(count)s proposals are sent back."))
    return back(caller, form, "/approvals")


def counted(connection: Connection, book_id: int) -> Mapping[str, int]:
    """How many proposals wait in a book, by command."""
    rows = connection.execute(
        select(proposals.c.command, func.count())
        .where(proposals.c.scope_id == book_id, says(proposals.c.status, "proposed"))
        .group_by(proposals.c.command)
    )
    return dict(rows.all())


_BOOK = ScopeKind.BOOK

PAGES = (
    PageRoute("/approvals", READ, show, scope=_BOOK),
    *(
        PageRoute(f"/approvals/{each.slug}/{verb}", command.name, partial(view, each), ("POST",), _BOOK)
        for each in CHECKED
        for verb, command, view in (
            ("accept", each.commands.accept, accept),
            ("decline", each.commands.decline, decline),
        )
    ),
)
