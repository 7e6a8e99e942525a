"""One person, book, message of the outbox, or command, as the operator's people look at it. Only a message is touched:
one that was not delivered can be sent again.
"""

from collections import Counter
from datetime import date
from typing import Any

from flask import Response, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from scf import ids
from scf.books.models import books
from scf.command_log import command_logs, unpack
from scf.identity import freshness
from scf.identity.models_members import memberships
from scf.identity.models_sessions import sessions
from scf.operations import desk_routes
from scf.operations.desk_routes import MessageIdSchema
from scf.operations.pages.home import only_the_operator
from scf.operations.resend import RESEND
from scf.organisations import queries as organisations
from scf.organisations.models import organisations as organisation_rows
from scf.outbox import outbox
from scf.people import queries as people
from scf.people.models import people as person_rows
from scf.routes import Caller, PageRoute
from scf.scheduling import day_routes
from scf.scheduling.day import in_order
from scf.scheduling.models import day_steps
from scf.web.forms import Form, ran, read, sentence
from scf.web.pages import page, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import _

# outcomes of a command that are shown; refusals come first
_OUTCOMES = 200


def show_person(caller: Caller, id: int) -> Response:
    """A person: what they are where, and where they are signed in."""
    only_the_operator(caller)
    now = caller.database.clock.now()
    with caller.reading() as connection:
        person = connection.execute(select(person_rows).where(person_rows.c.id == id)).one_or_none()
        if person is None:
            raise NotFound("there is no such person")
        roles = connection.execute(
            select(memberships, organisation_rows.c.name)
            .join(organisation_rows, organisation_rows.c.id == memberships.c.organisation_id)
            .where(memberships.c.person_id == id)
            .order_by(memberships.c.status, organisation_rows.c.name, memberships.c.role)
            .limit(_OUTCOMES)
        ).all()
        live = connection.execute(
            select(sessions.c.created_at, sessions.c.seen_at, sessions.c.network, sessions.c.agent)
            .where(sessions.c.person_id == id, sessions.c.ended_at.is_(None))
            .where(sessions.c.created_at > now - freshness.LONGEST, sessions.c.seen_at > now - freshness.IDLE)
            .order_by(sessions.c.id.desc())
            .limit(_OUTCOMES)
        ).all()
    return page("operator/person.html", person=person, roles=roles, sessions=live)


def show_book(caller: Caller, id: int) -> Response:
    """A book's business day, step by step: the one it is on, or another."""
    only_the_operator(caller)
    with caller.reading() as connection:
        book = connection.execute(select(books).where(books.c.id == id)).one_or_none()
        if book is None:
            raise NotFound("there is no such book")
        on = _day_asked(request.args.get("on", ""), book.business_date)
        ran = day_steps.c.book_id == id
        steps = connection.execute(select(day_steps).where(ran, day_steps.c.business_date == on)).all()
        begun = connection.execute(
            select(day_steps.c.business_date).where(ran).distinct().order_by(day_steps.c.business_date.desc()).limit(10)
        ).scalars()
        days = list(begun)
        funder = organisations.names(connection, [book.funder_id])[book.funder_id]
    place = {step.name: n for n, step in enumerate(in_order(caller.running.steps))}
    steps = sorted(steps, key=lambda row: place.get(row.step, len(place)))
    return page("operator/book.html", book=book, funder=funder, on=on, steps=steps, days=days)


def _day_asked(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def show_message(caller: Caller, id: int) -> Response:
    """A message of the outbox: how often it was tried, and what went wrong last. What it says is its receiver's."""
    only_the_operator(caller)
    with caller.reading() as connection:
        message = connection.execute(select(outbox).where(outbox.c.id == id)).one_or_none()
    if message is None:
        raise NotFound("there is no such message")
    state = "delivered" if message.delivered_at else "given_up" if message.given_up_at else "waiting"
    may = state != "delivered" and caller.actor.may(RESEND.name)
    return page("operator/message.html", message=message, state=state, may=may, form=Form())


def resend(caller: Caller) -> Response:
    """Have a message sent at once."""
    form = read(MessageIdSchema)
    if form.errors:
        raise Problem(422, "invalid", "the form is not one of this site; load the page again")
    (outcome,) = ran(caller, RESEND, [form.loaded], form.key)
    if outcome.refusal is not None:
        say(sentence(outcome.refusal), look="danger")
    else:
        say(_("It is sent at once."))
    return see(f"/operator/outbox/{ids.text('msg', form.loaded)}")


def show_command(caller: Caller, id: int) -> Response:
    """A command that was run, and what came of its items: the refusals first."""
    with caller.reading() as connection:
        run = connection.execute(
            desk_routes.runs(caller).add_columns(command_logs.c.outcomes).where(command_logs.c.id == id)
        ).one_or_none()
        if run is None:
            raise NotFound("there is no such command")
        who = people.names(connection, [run.actor_id])[run.actor_id]
    outcomes = unpack(run.outcomes)
    refusals = Counter(each.refusal.reason for each in outcomes if each.refusal is not None)
    numbered = sorted(enumerate(outcomes, start=1), key=lambda each: (each[1].accepted, each[0]))
    return page(
        "operator/command.html",
        run=run,
        who=who,
        accepted=sum(each.accepted for each in outcomes),
        refusals=refusals.most_common(),
        outcomes=[(n, each, _facts(each.facts)) for n, each in numbered[:_OUTCOMES]],
        left_off=max(0, len(outcomes) - _OUTCOMES),
    )


def _facts(facts: Any) -> str:
    return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in facts.items())


PAGES = (
    PageRoute("/operator/people/<id(per):id>", desk_routes.PEOPLE, show_person),
    PageRoute("/operator/books/<id(bok):id>", day_routes.READ, show_book),
    PageRoute("/operator/outbox/<id(msg):id>", desk_routes.OUTBOX, show_message),
    PageRoute("/operator/outbox/resend", RESEND.name, resend, ("POST",)),
    PageRoute("/operator/audit/<id(cmd):id>", desk_routes.SEARCH, show_command),
)
