"""Programmes: with whom, who takes part, under which terms; other terms are tried out before anybody offers them."""

from datetime import date, timedelta
from typing import Any

from flask import Response
from sqlalchemy import Connection, func, select

from scf.commands import ScopeKind
from scf.factoring import cases, terms_dry_run
from scf.factoring.pages import terms_form
from scf.factoring.pages.answers import asked, below, tell
from scf.factoring.pages.term_words import shown
from scf.factoring.pages.terms_form import TermsFormSchema
from scf.factoring.terms_dry_run import Compared
from scf.ids import text
from scf.organisations import queries as organisations
from scf.programmes import queries as programmes
from scf.programmes.agree import AGREE_TERMS, NewTerms
from scf.programmes.api import READ, READ_TERMS
from scf.programmes.models import enrolment_terms, enrolments
from scf.programmes.models import programmes as programme_rows
from scf.programmes.open import ENROL, OPEN_PROGRAMME
from scf.programmes.queries import Enrolment
from scf.programmes.terms import Severity, Terms
from scf.programmes.visible import BOOKS_ENROLMENTS, BOOKS_VERSIONS
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read
from scf.web.pages import see
from scf.web.problems import Problem
from scf.web.words import N_, _

_SHOWN = 200


def show(caller: Caller) -> Response:
    """The programmes of the book."""
    return listed(caller, Form())


def listed(caller: Caller, form: Form) -> Response:
    """The programmes, and the form that opens one."""
    mine = programme_rows.c.book_id == caller.in_book().id
    counted = select(func.count()).where(enrolments.c.programme_id == programme_rows.c.id).scalar_subquery()
    query = select(programme_rows, counted.label("supplier_count")).where(mine).order_by(programme_rows.c.name)
    with caller.reading() as connection:
        rows = connection.execute(query.limit(_SHOWN)).all()
        names = organisations.names(connection, {row.anchor_id for row in rows})
    return again("bank/programmes.html", form, rows=rows, names=names, may_open=caller.actor.may(OPEN_PROGRAMME.name))


def one(caller: Caller, id: int) -> Response:
    """A programme: who takes part, the terms in force, and every version that was offered."""
    return programme(caller, id, Form())


def programme(caller: Caller, id: int, form: Form) -> Response:
    """The programme, and the form that enrols a supplier."""
    book = caller.in_book()
    mine = (programme_rows.c.id == id) & (programme_rows.c.book_id == book.id)
    with caller.reading() as connection:
        row = connection.execute(select(programme_rows).where(mine)).one_or_none()
        if row is None:
            raise Problem(404, "not_found", "there is no such programme in this book")
        query = BOOKS_ENROLMENTS(caller).where(enrolments.c.programme_id == id).order_by(enrolments.c.id)
        members = connection.execute(query.limit(_SHOWN)).all()
        found = programmes.enrolments_in_force(connection, book.business_date, ids=[each.id for each in members])
        terms = programmes.terms_by_id(connection, {each.terms_id for each in found})
        names = organisations.names(connection, {row.anchor_id, *(each.supplier_id for each in members)})
        versions = BOOKS_VERSIONS(caller).where(enrolments.c.programme_id == id)
        offered = connection.execute(versions.order_by(enrolment_terms.c.id.desc()).limit(_SHOWN)).all()
    return again(
        "bank/programme.html",
        form,
        programme=row,
        members=found,
        terms=terms,
        names=names,
        offered=offered if caller.actor.may(READ_TERMS) else (),
        may_propose=caller.actor.may(AGREE_TERMS.propose.name),
        may_enrol=caller.actor.may(ENROL.name),
    )


def edit(caller: Caller, id: int) -> Response:
    """The editor of an enrolment's terms, and what the terms in it would do."""
    form = asked(TermsFormSchema)
    if form.typed:
        return _editor(caller, id, form)
    return _editor(caller, id, Form())


def propose(caller: Caller, id: int) -> Response:
    """Propose to offer terms; somebody else agrees, and then the supplier is asked."""
    form = read(TermsFormSchema)
    with caller.reading() as connection:
        enrolment, old = _of(connection, caller, id)
    terms = _judged(caller, form, old)
    if terms is None:
        return _editor(caller, id, form)
    item = NewTerms(id, form.loaded["from_on"], terms)
    outcomes = ran(caller, AGREE_TERMS.propose, [item], form.key)
    words = N_("The terms wait for a second person; then the supplier is asked.")
    tell(outcomes, words, words)
    return see(below(caller, f"/programmes/{text('prg', enrolment.programme_id)}"))


def _editor(caller: Caller, id: int, form: Form) -> Response:
    book = caller.in_book()
    with caller.reading() as connection:
        enrolment, old = _of(connection, caller, id)
        terms = _judged(caller, form, old) if form.typed else None
        names = organisations.names(connection, {enrolment.supplier_id, enrolment.anchor_id})
        priced = _compared(connection, caller, enrolment, old, terms) if terms else []
    if not form.typed:
        start = old or Terms(currency="EUR")
        form.typed = terms_form.typed_of(start) | {"from_on": _earliest(book.business_date, old).isoformat()}
    given: dict[str, Any] = {
        "enrolment": enrolment, "old": old, "terms": terms, "names": names, "priced": priced,
        "changed": shown(terms_dry_run.differences(old, terms), terms.currency) if terms else (),
        "chosen": terms_form.CHOSEN, "rates": terms_form.RATES, "amounts": terms_form.AMOUNTS,
        "days": terms_form.DAYS, "rules": terms_form.RULES, "severities": list(Severity),
        "kept": [(name, form.value(name)) for name in TermsFormSchema().fields],
        "may_propose": caller.actor.may(AGREE_TERMS.propose.name),
    }  # fmt: skip
    return again("bank/terms_change.html", form, **given)


def _of(connection: Connection, caller: Caller, id: int) -> tuple[Enrolment, Terms | None]:
    """An enrolment of the book, and its terms in force. Raises `Problem` when there is none."""
    book = caller.in_book()
    found = programmes.enrolments_in_force(connection, book.business_date, ids=[id])
    if not found or found[0].book_id != book.id:
        raise Problem(404, "not_found", "there is no such enrolment in this book")
    return found[0], programmes.terms_by_id(connection, [found[0].terms_id]).get(found[0].terms_id)


def _judged(caller: Caller, form: Form, old: Terms | None) -> Terms | None:
    terms = terms_form.terms_of(form)
    if terms is None:
        return None
    earliest = _earliest(caller.in_book().business_date, old)
    if form.loaded["from_on"] < earliest:
        form.say(_("Terms can begin on %(day)s at the earliest.", day=earliest.isoformat()), "from_on")
        return None
    return terms


def _earliest(today: date, old: Terms | None) -> date:
    return today + timedelta(days=old.notice_days if old else 0)


def _compared(
    connection: Connection, caller: Caller, enrolment: Enrolment, old: Terms | None, new: Terms
) -> list[Compared]:
    """The same receivables under both terms, were they funded today."""
    today = caller.in_book().business_date
    parties = (enrolment.supplier_id, enrolment.anchor_id)
    given = terms_dry_run.samples(connection, *parties, new.currency, today)
    # priced as if both terms were of one currency: other currencies cannot be compared
    same = old if old is not None and old.currency == new.currency else None
    known = cases.parties(connection, today, {(enrolment.anchor_id, enrolment.supplier_id)}, enrolment.book_id)
    late = known.overdue_days.get(enrolment.anchor_id, 0)
    return terms_dry_run.compared(given, same, new, today, late)


_BOOK = ScopeKind.BOOK

PAGES = (
    PageRoute("/programmes", READ, show, scope=_BOOK),
    PageRoute("/programmes/<id(prg):id>", READ, one, scope=_BOOK),
    PageRoute("/enrolments/<id(enr):id>/terms", READ_TERMS, edit, scope=_BOOK),
    PageRoute("/enrolments/<id(enr):id>/terms/propose", AGREE_TERMS.propose.name, propose, ("POST",), _BOOK),
)
