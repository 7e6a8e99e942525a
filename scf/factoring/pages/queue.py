"""The approval queue: requests that wait, narrowed and ticked; approval is proposed for many at once, or declined."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, request
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from scf.books.queries import Book
from scf.commands import ScopeKind
from scf.currencies import exponent
from scf.errors import FieldError
from scf.factoring import approve, waiting
from scf.factoring.approve import APPROVE_BY_PEOPLE, DECLINE, REASON_LENGTH, Approval, Decline
from scf.factoring.pages.answers import asked, back, below, must, tell
from scf.factoring.portfolio import currencies
from scf.factoring.request_routes import READ
from scf.factoring.waiting import Proposed, Waiting, Wanted
from scf.fields import Day, Id, Words
from scf.ids import text
from scf.limits import parts as limits
from scf.money import parse_minor
from scf.organisations import queries as organisations
from scf.outcomes import Refusal
from scf.people import queries as people
from scf.programmes.choices import anchors_of_book, suppliers_of_book
from scf.routes import Caller, PageRoute
from scf.web.forms import Form, again, ran, read
from scf.web.pages import page
from scf.web.words import N_, _

_SHOWN = 100
_AT_ONCE = 1_000
_AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,6})?\Z"
_TICK = N_("Tick at least one request.")


class QueueSchema(Schema):
    """What of the queue is wanted."""

    anchor_id = Id("org")
    supplier_id = Id("org")
    currency = Words(3, 3)
    least = fields.String(validate=[validate.Regexp(_AMOUNT, error="write an amount like 1234.50")])
    most = fields.String(validate=[validate.Regexp(_AMOUNT, error="write an amount like 1234.50")])
    due_from = Day()
    due_to = Day()
    age_days = fields.Integer(validate=[validate.Range(0, 3650)])
    after = Id("req")


class TickedSchema(Schema):
    """The requests that were ticked."""

    take = fields.List(
        Id("req"), required=True, validate=[validate.Length(1, _AT_ONCE)], error_messages={"required": _TICK}
    )


class DeclinedSchema(TickedSchema):
    """The requests to decline, and why: their suppliers read it."""

    reason = Words(REASON_LENGTH, 1, required=True)


class Line(NamedTuple):
    """A request in the queue; `refusal` is why approving it by itself would be refused now."""

    row: Waiting
    age_days: int
    proposed: Proposed | None
    refusal: Refusal | None


def show(caller: Caller) -> Response:
    """The queue."""
    return _page(caller, asked(QueueSchema), Form())


def propose(caller: Caller) -> Response:
    """Propose to approve what is ticked; somebody else agrees."""
    form = read(TickedSchema)
    if form.errors:
        return _page(caller, asked(QueueSchema), form)
    items = [Approval(id) for id in form.loaded["take"]]
    outcomes = ran(caller, APPROVE_BY_PEOPLE.propose, items, form.key)
    tell(
        outcomes,
        N_("%(count)s approval waits for a second person."),
        N_("%(count)s approvals wait for a second person."),
    )
    return back(caller, form, "/cases")


def decline(caller: Caller) -> Response:
    """Decline what is ticked."""
    form = read(DeclinedSchema)
    if form.errors:
        return _page(caller, asked(QueueSchema), form)
    items = [Decline(id, form.loaded["reason"]) for id in form.loaded["take"]]
    outcomes = ran(caller, DECLINE, items, form.key)
    tell(
        outcomes,
        N_("%(count)s request is declined; its supplier reads why."),
        N_("%(count)s requests are declined; their suppliers read why."),
    )
    return back(caller, must(form), "/cases")


def _page(caller: Caller, filters: Form, form: Form) -> Response:
    book = caller.in_book()
    with caller.reading() as connection:
        known = currencies(connection, book.id)
        wanted = _wanted(book, filters, known)
        rows, is_all = waiting.queue(connection, book.id, wanted, _SHOWN, filters.loaded.get("after", 0))
        lines = _lines(connection, book, rows)
        names = organisations.names(connection, {id for each in rows for id in (each.supplier_id, each.anchor_id)})
        makers = people.names(connection, {each.proposed.maker_id for each in lines if each.proposed})
        choices = {
            "anchor_id": anchors_of_book(caller, connection),
            "supplier_id": suppliers_of_book(caller, connection),
        }
        sums = waiting.counted(connection, book.id)
    form.typed = {**form.typed, "take": set(form.typed.get("take", ()))}
    given: dict[str, Any] = {
        "path": below(caller, "/cases"), "lines": lines, "names": names, "makers": makers, "choices": choices,
        "currencies": known, "filters": filters, "sums": sums, "digits": exponent, "next": _next(rows, is_all),
        "is_filtered": any(value for name, value in filters.typed.items() if name != "after"),
        "may_propose": caller.actor.may(APPROVE_BY_PEOPLE.propose.name), "may_decline": caller.actor.may(DECLINE.name),
    }  # fmt: skip
    if request.headers.get("HX-Target") == "queue":
        return page("bank/queue_rows.html", form=form, **given)
    if filters.status != 200 and not form.errors:
        form.status = filters.status
    return again("bank/queue.html", form, **given)


def _next(rows: Sequence[Waiting], is_all: bool) -> str:
    """The address of what comes after these."""
    if is_all or not rows:
        return ""
    kept = {name: value for name, value in request.args.items() if value and name != "after"}
    return urlencode({**kept, "after": text("req", rows[-1].id)})


def _lines(connection: Connection, book: Book, rows: Sequence[Waiting]) -> list[Line]:
    proposals = waiting.proposed(connection, book.id)
    refusals = _refusals(connection, book, [each.id for each in rows])
    return [
        Line(each, (book.business_date - each.requested_on).days, proposals.get(each.id), refusals.get(each.id))
        for each in rows
    ]


def _refusals(connection: Connection, book: Book, ids: Sequence[int]) -> Mapping[int, Refusal | None]:
    """Why each request would be refused now, were it the only one to be approved."""
    facts = approve.look(connection, book, ids)
    found: dict[int, Refusal | None] = {}
    for id, ask in facts.asks.items():
        own = {key: facts.found[key] for key in approve.keys_of(ask, facts.parties) if key in facts.found}
        plan = approve.decided(facts, [Approval(id)], limits.positions(own, facts.accounts))
        found[id] = plan.outcomes[0].refusal
    return found


def _wanted(book: Book, filters: Form, known: Sequence[str]) -> Wanted:
    loaded = filters.loaded
    code = loaded.get("currency") or (known[0] if len(known) == 1 else None)
    age = loaded.get("age_days")
    return Wanted(
        anchor_id=loaded.get("anchor_id"),
        supplier_id=loaded.get("supplier_id"),
        currency=code if loaded.get("currency") or "least" in loaded or "most" in loaded else None,
        least_minor=_minor(filters, "least", code),
        most_minor=_minor(filters, "most", code),
        due_from=loaded.get("due_from"),
        due_to=loaded.get("due_to"),
        requested_to=None if age is None else book.business_date - timedelta(days=age),
    )


def _minor(filters: Form, name: str, code: str | None) -> int | None:
    written = filters.loaded.get(name)
    if written is None:
        return None
    if code is None:
        filters.errors["currency"] = _("Choose the currency of the amounts.")
        filters.status = 422
        return None
    try:
        return parse_minor(written, code, name)
    except FieldError as error:
        filters.errors[name] = _(error.message)
        filters.status = 422
        return None


_BOOK = ScopeKind.BOOK

PAGES = (
    PageRoute("/cases", READ, show, scope=_BOOK),
    PageRoute("/cases/propose", APPROVE_BY_PEOPLE.propose.name, propose, ("POST",), _BOOK),
    PageRoute("/cases/decline", DECLINE.name, decline, ("POST",), _BOOK),
)
