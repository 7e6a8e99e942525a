"""Three weeks of trade in the sandbox: who does what, day by day, until today, and what stands on the desks then."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from anchors.confirm import CONFIRM_BY_PEOPLE
from anchors.confirmation import Confirmation
from anchors.queries import to_confirm
from anchors.reject import REJECT, Reason, Rejection
from invoices.intake import upload_file
from reports.demo import bargains
from reports.demo.house import House
from reports.demo.sales import (
    CREDIT_MINOR,
    CREDITED,
    HARBOUR,
    REJECTED,
    RETURNED,
    SALES,
    STRAY_MINOR,
    Gets,
    Sale,
)
from scf.commands import in_book, in_organisation
from scf.errors import CommandError
from scf.factoring.approve import APPROVE_BY_PEOPLE, Approval
from scf.factoring.request import REQUEST, NewRequest
from scf.factoring.set_limit import SET_LIMIT, Ceiling
from scf.limits.positions import LimitKind
from scf.money import decimal_string
from scf.payments.models import payouts
from scf.payments.null_rail import IncomingMoney
from scf.payments.refs import payout_ref
from scf.programmes.terms import Undertaking
from scf.receivables.credit import CREDIT, NewCreditNote
from scf.receivables.models import receivables
from scf.sandbox.parties import ANCHOR, CEILING_MINOR, CURRENCY, PARTIES

_PARTY = {party.key: party for party in PARTIES}
_CREDITED_ON, _RETURNED_ON, _STRAY_ON = -6, -3, -2
_HEADINGS = ("Invoice number", "Buyer ID", "Issue date", "Due date", "Currency", "Amount")


def until(house: House) -> None:
    """Trade day by day until the book is on the last day."""
    enrolled = bargains.strike(house)
    for n in range(-len(_days_before(house)), 0):
        _sell(house, enrolled, [sale for sale in SALES if sale.sent == n])
        _money_comes(house, n)
        if n == _CREDITED_ON:
            _credit(house)
        house.stage.end_the_day()


def today(house: House) -> None:
    """What stands on the desks: things at every stage, and a limit that waits for its second person."""
    _sell(house, bargains.enrolled(house), [*(sale for sale in SALES if sale.sent == 0), REJECTED])
    ceiling = Ceiling(LimitKind.ANCHOR, house.organisations[ANCHOR.key], CURRENCY, CEILING_MINOR * 6 // 5)
    maker = house.people["funder_maker"]
    house.stage.do(SET_LIMIT.propose, [ceiling], maker, in_book(house.book.id))


def _days_before(house: House) -> Sequence[date]:
    """The open days from the book's own to the last, without it."""
    days, n = [], -1
    while (on := house.day(n)) >= house.book.business_date:
        days.append(on)
        n -= 1
    return days


def _sell(house: House, enrolled: bargains.Enrolled, sales: Sequence[Sale]) -> None:
    """Carry sales as far as they get on one day."""
    if not sales:
        return
    for key in dict.fromkeys(sale.supplier for sale in sales):
        _send(house, key, [sale for sale in sales if sale.supplier == key])
    for key in dict.fromkeys(sale.anchor for sale in sales):
        _confirm(house, key, [sale for sale in sales if sale.anchor == key])
    _ask(house, enrolled, [sale for sale in sales if sale.gets >= Gets.REQUESTED])


def _send(house: House, supplier: str, sales: Sequence[Sale]) -> None:
    text = io.StringIO(newline="")
    rows = [
        (
            sale.number, _PARTY[sale.anchor].registration_ref, house.day(sale.sent), house.day(sale.due), CURRENCY,
            decimal_string(sale.amount_minor, CURRENCY),
        )
        for sale in sales
    ]  # fmt: skip
    csv.writer(text).writerows([_HEADINGS, *rows])
    name = f"invoices-{house.day(sales[0].sent)}.csv"
    database, clerk = house.stage.running.database, house.people[supplier]
    report = upload_file(database, clerk, house.organisations[supplier], name, text.getvalue().encode())
    for each in report.refused:
        raise CommandError(f"{name}: {each.line()}")


def _confirm(house: House, anchor: str, sales: Sequence[Sale]) -> None:
    """The maker proposes, the checker accepts, each as far as the sales get; one invoice is rejected."""
    stage, scope = house.stage, in_organisation(house.organisations[anchor])
    maker, checker = house.people[f"{anchor}_maker"], house.people[f"{anchor}_checker"]
    gets = {sale.number: sale.gets for sale in sales}
    with stage.running.database.reading() as connection:
        waiting = [each for each in to_confirm(connection, scope.id) if each.number in gets]
    wrong = [Rejection(each.id, Reason.NOT_DELIVERED, "The goods are on back order") for each in waiting
             if each.number == REJECTED.number]  # fmt: skip
    stage.do(REJECT, wrong, checker, scope)
    right = [each for each in waiting if gets[each.number] >= Gets.PROPOSED]
    promises = [
        Confirmation(each.id, each.amount_minor, each.currency, each.due_on, Undertaking.CONDITIONAL) for each in right
    ]
    proposed = stage.do(CONFIRM_BY_PEOPLE.propose, promises, maker, scope)
    agreed = [id for id, each in zip(proposed, right, strict=True) if gets[each.number] >= Gets.CONFIRMED]
    stage.do(CONFIRM_BY_PEOPLE.accept, agreed, checker, scope)


def _ask(house: House, enrolled: bargains.Enrolled, sales: Sequence[Sale]) -> None:
    """Suppliers ask; two bankers approve what gets so far."""
    stage, book = house.stage, in_book(house.book.id)
    ids: dict[str, int] = {}
    for key in dict.fromkeys(sale.supplier for sale in sales):
        mine = [sale for sale in sales if sale.supplier == key]
        new = [NewRequest(_receivable(house, sale.number), enrolled[sale.supplier, sale.anchor]) for sale in mine]
        asked = stage.do(REQUEST, new, house.people[key], in_organisation(house.organisations[key]))
        ids |= dict(zip((sale.number for sale in mine), asked, strict=True))
    maker, checker = house.people["funder_maker"], house.people["funder_checker"]
    brought = [sale for sale in sales if sale.gets >= Gets.APPROVAL_PROPOSED]
    proposed = stage.do(APPROVE_BY_PEOPLE.propose, [Approval(ids[sale.number]) for sale in brought], maker, book)
    agreed = [id for id, sale in zip(proposed, brought, strict=True) if sale.gets >= Gets.APPROVED]
    stage.do(APPROVE_BY_PEOPLE.accept, agreed, checker, book)


def _receivable(house: House, number: str) -> int:
    with house.stage.running.database.reading() as connection:
        query = select(receivables.c.id).where(receivables.c.ref == number)
        return int(connection.execute(query).scalar_one())


def _money_comes(house: House, n: int) -> None:
    """Anchors pay what they pay, a payout comes back, and money comes that names no invoice."""
    stage, on = house.stage, house.day(n)
    bank = stage.bank_of(house.book)
    for sale in (sale for sale in SALES if sale.paid and sale.due == n):
        payer = _PARTY[sale.anchor]
        money = IncomingMoney(f"IN-{sale.number}", payer.name, payer.iban, sale.amount_minor, on, text=sale.number)
        bank.expect(money)
    if n == _STRAY_ON:
        payer = _PARTY[HARBOUR]
        text = "deliveries of last week, see our letter"
        bank.expect(IncomingMoney("IN-STRAY", payer.name, payer.iban, STRAY_MINOR, on, text=text))
    if n == _RETURNED_ON:
        with stage.running.database.reading() as connection:
            paid = connection.execute(select(payouts.c.id).where(payouts.c.ref == RETURNED)).scalar_one()
        bank.bounce(payout_ref(paid), on)


def _credit(house: House) -> None:
    sale = next(sale for sale in SALES if sale.number == CREDITED)
    receivable_id = _receivable(house, CREDITED)
    note = NewCreditNote(receivable_id, f"CN-{CREDITED}", CURRENCY, CREDIT_MINOR, house.book.business_date)
    clerk, scope = house.people[sale.supplier], in_organisation(house.organisations[sale.supplier])
    house.stage.do(CREDIT, [note], clerk, scope)
    house.stage.running.work()
