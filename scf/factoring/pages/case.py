"""One case: what is asked and on what, every rule's answer, limits before and after, the price's working, the answer.

What other folders know of it (the invoice's document, what was funded before) stands here as their panels.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from flask import Response

from scf.commands import ScopeKind
from scf.factoring import waiting
from scf.factoring.approve import APPROVE_BY_PEOPLE, DECLINE, REASON_LENGTH
from scf.factoring.case_file import CaseFile, Working, case_file
from scf.factoring.pages.limit_names import holder_names
from scf.factoring.request_routes import READ
from scf.organisations import queries as organisations
from scf.people import queries as people
from scf.programmes.terms import Method, Terms
from scf.routes import Caller, PageRoute
from scf.web import formats
from scf.web.forms import Form, again, sentence
from scf.web.panels import panels
from scf.web.problems import Problem
from scf.web.words import _


class Step(NamedTuple):
    """A line of a price's working: what it is, how it is made, exactly in minor units, and what it comes to."""

    words: str
    how: str
    exact: str
    minor: int


def show(caller: Caller, id: int) -> Response:
    """The case."""
    book = caller.in_book()
    with caller.reading() as connection:
        found = case_file(connection, book, id)
        if found is None:
            raise Problem(404, "not_found", "there is no such request in this book")
        proposed = waiting.proposed(connection, book.id).get(id)
        names = organisations.names(connection, {found.ask.supplier_id, found.ask.anchor_id})
        who = people.names(connection, {found.row.decided_by_id, proposed.maker_id if proposed else None})
        holders = holder_names(connection, [(bar.key[0], bar.key[1]) for bar in found.bars])
        about = panels(caller, connection, "receivable", found.ask.receivable_id)
        past = panels(caller, connection, "advance_request", id)
    may = caller.actor.may
    return again(
        "bank/case.html",
        Form({"reason": ""}),
        case=found,
        names=names,
        who=who,
        holders=holders,
        proposed=proposed,
        is_own=proposed is not None and proposed.maker_id == caller.actor.id,
        documents=about,
        past=past,
        steps=steps(found) if found.working else (),
        sentence=sentence,
        reason_max=REASON_LENGTH,
        may_propose=found.waits and proposed is None and may(APPROVE_BY_PEOPLE.propose.name),
        may_accept=found.waits and proposed is not None and may(APPROVE_BY_PEOPLE.accept.name),
        may_decline=found.waits and may(DECLINE.name),
    )


def steps(case: CaseFile) -> Sequence[Step]:
    """The working of a price, line by line."""
    made, terms, currency = case.working, case.terms, case.ask.currency
    if made is None:
        return ()
    price, proof = made.price, made.proof

    def money(minor: int) -> str:
        return formats.money(minor, currency)

    face, advance = money(case.ask.face_minor), money(price.advance)
    vat = f"{money(price.fee)} × {formats.rate(terms.vat_on_fee_ppm)}"
    lines = (
        (_("Advance"), f"{face} × {formats.rate(terms.advance_rate_ppm)}", "advance_exact", price.advance),
        (_("Discount"), _discount(terms, made, advance), "discount_exact", price.discount),
        (_("Fee"), _fee(terms, face, currency), "fee_exact", price.fee),
        (_("VAT on the fee"), vat, "vat_exact", price.vat),
        (_("Net paid out"), _("advance − discount − fee − VAT"), "", price.net),
        (_("Held back"), _("face − advance"), "", price.reserve),
    )
    return [Step(words, how, _exact(proof[name]) if name else "", minor) for words, how, name, minor in lines]


def _discount(terms: Terms, made: Working, advance: str) -> str:
    time = f"{formats.rate(terms.rate_ppm)} × {made.proof['year_fraction']}"
    if terms.method is Method.STRAIGHT_DISCOUNT:
        return f"{advance} × {time}"
    return f"{advance} − {advance} ÷ (1 + {time})"


def _fee(terms: Terms, face: str, currency: str) -> str:
    charged = f"{face} × {formats.rate(terms.fee_rate_ppm)} + {formats.money(terms.fee_fixed_minor, currency)}"
    least = formats.money(terms.minimum_charge_minor, currency)
    return charged if not terms.minimum_charge_minor else _("%(fee)s, at least %(least)s", fee=charged, least=least)


def _exact(fraction: str) -> str:
    """A fraction of minor units, without a denominator of 1."""
    return str(Fraction(fraction))


PAGES = (PageRoute("/cases/<id(req):id>", READ, show, scope=ScopeKind.BOOK),)
