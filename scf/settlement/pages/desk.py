"""The bank's first page: what waits, what is overdue, what is paid out today, and what to do next."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response
from sqlalchemy import Connection, func, select

from scf.books import queries as books
from scf.commands import ScopeKind
from scf.db.said import says
from scf.factoring import portfolio, waiting
from scf.factoring.request_routes import READ
from scf.ids import text
from scf.payments.models import payouts
from scf.routes import SIGNED_IN, Caller, PageRoute
from scf.settlement import cash
from scf.settlement.pages.approvals import counted
from scf.web import formats
from scf.web.pages import page, see
from scf.web.words import N_, _, ngettext

# (currency, count, minor units)
Sums = Sequence[tuple[str, int, int]]


class Todo(NamedTuple):
    """Something to do next: in words, where, and its icon."""

    words: str
    href: str
    icon: str


def start(caller: Caller) -> Response:
    """To the first of the funder's books; without one to the start."""
    with caller.reading() as connection:
        own = books.of_funder(connection, caller.organisation_id)
    return see(f"/books/{text('bok', own[0].id)}/desk" if own else "/")


def show(caller: Caller) -> Response:
    """The desk."""
    book = caller.in_book()
    with caller.reading() as connection:
        asked = waiting.counted(connection, book.id)
        proposed = sum(counted(connection, book.id).values())
        unapplied = cash.counted_unapplied(connection, book.id)
        unmatched = cash.counted_unmatched(connection, book.id, book.business_date)
        late = portfolio.overdue(connection, book.id, book.business_date)
        paid = _due_out(connection, caller)
        back = cash.counted_returned(connection, book.id)
    return page(
        "bank/desk.html",
        asked=asked,
        proposed=proposed,
        unapplied=unapplied,
        unmatched=unmatched,
        late=late,
        paid=paid,
        back=back,
        count=_count,
        money=_money,
        todo=_todo(_count(asked), proposed, _count(unapplied) + unmatched, _count(late), back),
    )


def _due_out(connection: Connection, caller: Caller) -> Sums:
    """What the day's step will pay out."""
    book, columns = caller.in_book(), payouts.c
    rows = connection.execute(
        select(columns.currency, func.count(), func.sum(columns.amount_minor))
        .where(columns.book_id == book.id, says(columns.status, "instructed"), columns.pay_on <= book.business_date)
        .group_by(columns.currency)
        .order_by(columns.currency)
    )
    return [(currency, count, int(minor)) for currency, count, minor in rows]


def _todo(asked: int, proposed: int, cash_count: int, late: int, back: int) -> Sequence[Todo]:
    """What there is to do, the most pressing first."""
    found = (
        (proposed, N_("Decide on %(count)s proposal"), N_("Decide on %(count)s proposals"), "/approvals", "people"),
        (asked, N_("Answer %(count)s request"), N_("Answer %(count)s requests"), "/cases", "inbox"),
        (cash_count, N_("Find out what %(count)s amount is for"), N_("Find out what %(count)s amounts are for"),
         "/cash", "question-circle"),
        (back, N_("Pay %(count)s payout again that came back"), N_("Pay %(count)s payouts again that came back"),
         "/cash", "arrow-return-left"),
        (late, N_("Look after %(count)s overdue advance"), N_("Look after %(count)s overdue advances"),
         "/advances?status=funded", "alarm"),
    )  # fmt: skip
    return [Todo(ngettext(one, many, count), href, icon) for count, one, many, href, icon in found if count]


def _count(sums: Sums) -> int:
    return sum(count for _currency, count, _minor in sums)


def _money(sums: Sums) -> str:
    return " · ".join(formats.money(minor, currency) for currency, _count, minor in sums) or _("nothing")


PAGES = (
    PageRoute("/bank", SIGNED_IN, start),
    PageRoute("/desk", READ, show, scope=ScopeKind.BOOK),
)
