"""One request for an advance: what it would bring today, what happens next, taking it back."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from sqlalchemy import select

from invoices.next_steps import REQUEST
from scf.factoring.expire import WITHDRAW
from scf.factoring.models import advance_requests, declines
from scf.factoring.pricing import Price
from scf.factoring.queries import prices_today
from scf.factoring.request_routes import READ
from scf.money import parse_minor
from scf.organisations import queries as organisations
from scf.routes import Caller, PageRoute
from scf.web.forms import Form
from scf.web.pages import page
from scf.web.problems import Problem


def show(caller: Caller, id: int) -> Response:
    """The request."""
    own = advance_requests.c.supplier_id == caller.organisation_id
    with caller.reading() as connection:
        row = connection.execute(
            select(advance_requests, declines.c.reason)
            .outerjoin(declines, declines.c.request_id == advance_requests.c.id)
            .where(advance_requests.c.id == id, own)
        ).one_or_none()
        if row is None:
            raise Problem(404, "not_found", "there is no such request of yours")
        price = _minors(prices_today(caller, connection, [id]).get(id))
        names = organisations.names(connection, [row.anchor_id])
    may = row.status == "requested" and caller.actor.may(WITHDRAW.name)
    given: dict[str, Any] = {
        "row": row,
        "price": price,
        "names": names,
        "step": REQUEST[row.status],
        "may_withdraw": may,
    }
    return page("supplier/request.html", form=Form(), **given)


def _minors(price: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The amounts of a price in minor units again, for the reader's form of numbers."""
    if price is None:
        return None
    amounts = {name: parse_minor(price[name], price["currency"], name) for name in Price._fields}
    return {**price, **amounts}


PAGES = (PageRoute("/supplier/requests/<id(req):id>", READ, show),)
