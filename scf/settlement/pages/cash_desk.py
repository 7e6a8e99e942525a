"""The cash desk: money that needs people. Files of banks are brought, what came back is instructed anew by two."""

from flask import Response, request
from marshmallow import Schema, fields, validate

from scf.commands import ScopeKind
from scf.errors import FileRefused
from scf.factoring.pages.answers import back, below, tell
from scf.fields import Id
from scf.organisations import queries as organisations
from scf.payments.receive import RECEIVE
from scf.payments.reinstruct import REINSTRUCT_BY_PEOPLE, Reinstruction
from scf.payments.statement_routes import bring
from scf.routes import Caller, PageRoute
from scf.settlement import cash
from scf.settlement.cash_routes import READ
from scf.web.forms import Form, again, ran, read
from scf.web.pages import see
from scf.web.said import say
from scf.web.words import N_, _, ngettext

_FILE_MAX = 20 * 1024**2
_TICK = N_("Tick at least one payout.")


class FileSchema(Schema):
    """A form of nothing but a file."""


class TickedSchema(Schema):
    """The payouts that were ticked."""

    take = fields.List(Id("pay"), required=True, validate=[validate.Length(1, 100)], error_messages={"required": _TICK})


def show(caller: Caller) -> Response:
    """What needs people."""
    return _page(caller, Form({"file": ""}))


def receive(caller: Caller) -> Response:
    """Read a bank's file; the same file a second time changes nothing."""
    form = read(FileSchema)
    form.typed = {**form.typed, "file": ""}
    sent = request.files.get("file")
    content = sent.stream.read(_FILE_MAX + 1) if sent is not None and sent.filename else b""
    if not content:
        form.say(_("Choose a file."), "file")
    elif len(content) > _FILE_MAX:
        form.say(_("The file is larger than %(most)s MB. Split it.", most=_FILE_MAX // 1024**2), "file")
    if form.errors:
        return _page(caller, form)
    try:
        count = bring(caller, content, "application/xml")["line_count"]
    except FileRefused as error:
        form.say(_("The file was refused: %(why)s", why=error), "file")
        return _page(caller, form)
    say(ngettext("%(count)s line was read.", "%(count)s lines were read.", count))
    return see(below(caller, "/cash"))


def pay_again(caller: Caller) -> Response:
    """Propose to pay again what came back; somebody else agrees."""
    form = read(TickedSchema)
    if form.errors:
        return _page(caller, form)
    outcomes = ran(caller, REINSTRUCT_BY_PEOPLE.propose, [Reinstruction(id) for id in form.loaded["take"]], form.key)
    tell(outcomes, N_("%(count)s payout waits for a second person."), N_("%(count)s payouts wait for a second person."))
    return back(caller, form, "/cash")


def _page(caller: Caller, form: Form) -> Response:
    book = caller.in_book()
    with caller.reading() as connection:
        came = cash.unapplied(connection, book.id)
        lines = cash.unmatched(connection, book.id, book.business_date)
        returned = cash.returned(connection, book.id)
        parties = {each.payer_id for each in came.rows} | {each.beneficiary_id for each in returned.rows}
        names = organisations.names(connection, parties - {None})
    return again(
        "bank/cash.html",
        form,
        came=came,
        lines=lines,
        returned=returned,
        names=names,
        looked_for=cash.LINES_FOR.days,
        may_receive=caller.actor.may(RECEIVE.name),
        may_pay=caller.actor.may(REINSTRUCT_BY_PEOPLE.propose.name),
    )


_BOOK = ScopeKind.BOOK

PAGES = (
    PageRoute("/cash", READ, show, scope=_BOOK),
    PageRoute("/cash/statement", RECEIVE.name, receive, ("POST",), _BOOK),
    PageRoute("/cash/pay-again", REINSTRUCT_BY_PEOPLE.propose.name, pay_again, ("POST",), _BOOK),
)
