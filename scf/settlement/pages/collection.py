"""One collection with money left: who paid it, and what it may be for; identified, applied, or taken for a claim."""

from flask import Response

from scf import ids
from scf.commands import ScopeKind
from scf.factoring.pages.answers import back, below, must, tell
from scf.ids import text
from scf.money import decimal_string
from scf.organisations import queries as organisations
from scf.programmes.choices import parties_of_book
from scf.routes import Caller, PageRoute
from scf.settlement import cash
from scf.settlement.apply import APPLY
from scf.settlement.cash_routes import READ
from scf.settlement.identify import IDENTIFY
from scf.settlement.recourse import COLLECT_CLAIM
from scf.settlement.schemas import ApplicationSchema, ClaimPaymentSchema, IdentificationSchema
from scf.web.forms import Form, again, ran, read
from scf.web.pages import see
from scf.web.problems import Problem
from scf.web.words import N_


def show(caller: Caller, id: int) -> Response:
    """The collection."""
    return _page(caller, id, Form({"payer_id": ""}))


def _page(caller: Caller, id: int, form: Form) -> Response:
    book = caller.in_book()
    with caller.reading() as connection:
        money = cash.one(connection, book.id, id)
        if money is None:
            raise Problem(404, "not_found", "there is no such collection in this book")
        found = cash.candidates(connection, book.id, money) if money.left_minor else []
        owed = cash.claimed(connection, book.id, money) if money.left_minor else []
        parties = {party for each in found for party in (each.anchor_id, each.supplier_id)}
        names = organisations.names(connection, parties | ({money.payer_id} if money.payer_id else set()))
        choices = parties_of_book(caller, connection)
    may = caller.actor.may
    return again(
        "bank/collection.html",
        form,
        money=money,
        left=decimal_string(money.left_minor, money.currency),
        found=found,
        owed=owed,
        names=names,
        choices=choices,
        # of what is applied in part, what was applied was its payer's
        may_identify=money.status == "received" and may(IDENTIFY.name),
        may_apply=may(APPLY.name),
        may_collect=may(COLLECT_CLAIM.name),
    )


def identify(caller: Caller) -> Response:
    """Say who paid."""
    form = read(IdentificationSchema)
    if form.errors and set(form.errors) <= {"payer_id"}:
        return _page(caller, _collection_of(form), form)
    item = must(form).loaded
    outcomes = ran(caller, IDENTIFY, [item], form.key)
    words = N_("It is known now who paid.")
    tell(outcomes, words, words)
    return see(below(caller, f"/cash/{text('col', item.collection_id)}"))


def _collection_of(form: Form) -> int:
    return ids.parse(str(form.typed["collection_id"]))


def apply(caller: Caller) -> Response:
    """Apply what is left to an advance."""
    form = must(read(ApplicationSchema))
    outcomes = ran(caller, APPLY, [form.loaded], form.key)
    words = N_("The money is applied.")
    tell(outcomes, words, words)
    return back(caller, form, "/cash")


def collect(caller: Caller) -> Response:
    """Take what is left for what its payer owes on claims."""
    form = must(read(ClaimPaymentSchema))
    outcomes = ran(caller, COLLECT_CLAIM, [form.loaded], form.key)
    words = N_("The money is taken for the claim.")
    tell(outcomes, words, words)
    return back(caller, form, "/cash")


_BOOK = ScopeKind.BOOK

PAGES = (
    PageRoute("/cash/<id(col):id>", READ, show, scope=_BOOK),
    PageRoute("/cash/identify", IDENTIFY.name, identify, ("POST",), _BOOK),
    PageRoute("/cash/apply", APPLY.name, apply, ("POST",), _BOOK),
    PageRoute("/cash/collect-claim", COLLECT_CLAIM.name, collect, ("POST",), _BOOK),
)
