"""What two people decide in a book, and how each kind of proposal is told to its checker."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select

from scf.db.bulk import among
from scf.factoring import terms_dry_run
from scf.factoring.approve import APPROVE_BY_PEOPLE, Approval
from scf.factoring.models import advance_requests, advances
from scf.factoring.pages.answers import below
from scf.factoring.pages.limit_names import holder_names
from scf.factoring.pages.term_words import shown
from scf.factoring.set_limit import SET_LIMIT, Ceiling
from scf.identity.change_calendar import CHANGE_CALENDAR_BY_PEOPLE, NewCalendar
from scf.ids import text
from scf.ledger.manual import ENTER_BY_PEOPLE, ManualJournal
from scf.money import decimal_string
from scf.organisations import queries as organisations
from scf.payments.accounts import AGREE_ACCOUNT, NewAccount
from scf.payments.models import payouts
from scf.payments.numbers import NUMBERS
from scf.payments.reinstruct import REINSTRUCT_BY_PEOPLE, Reinstruction
from scf.programmes import queries as programmes
from scf.programmes.agree import AGREE_TERMS, NewTerms
from scf.proposals.four_eyes import FourEyes
from scf.routes import Caller
from scf.settlement.losses import WRITE_OFF_BY_PEOPLE, WriteOff
from scf.web import formats
from scf.web.status import status_words
from scf.web.words import N_, _


class Told(NamedTuple):
    """A proposal as its checker reads it: what, where it is looked at, its facts, and the amount it is about if any."""

    title: str
    href: str = ""
    facts: Sequence[tuple[str, str]] = ()
    minor: int = 0
    currency: str = ""


# what proposals of one kind ask for, by their ids → how each is told
Tell = Callable[[Caller, Connection, Mapping[int, Any]], Mapping[int, Told]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A kind of proposal: `slug` stands in paths, `words` above its table."""

    slug: str
    words: str
    commands: FourEyes
    kind: type[Any]
    tell: Tell

    @property
    def name(self) -> str:
        """The command that waits."""
        return self.commands.propose.name.removesuffix(".propose")


_GONE = Told("–")


def _requests(caller: Caller, connection: Connection, values: Mapping[int, Approval]) -> Mapping[int, Told]:
    rows = _rows(connection, caller, advance_requests, [each.request_id for each in values.values()])
    names = organisations.names(connection, {id for row in rows.values() for id in (row.supplier_id, row.anchor_id)})

    def told(row: Any) -> Told:
        facts = (
            (_("Supplier"), names.get(row.supplier_id, "")),
            (_("Anchor"), names.get(row.anchor_id, "")),
            (_("Due"), formats.day(row.due_on)),
        )
        return Told(row.ref, below(caller, f"/cases/{text('req', row.id)}"), facts, row.face_minor, row.currency)

    return {id: told(rows[each.request_id]) if each.request_id in rows else _GONE for id, each in values.items()}


def _limits(caller: Caller, connection: Connection, values: Mapping[int, Ceiling]) -> Mapping[int, Told]:
    names = holder_names(connection, [(each.kind, each.holder_id) for each in values.values()])

    def told(each: Ceiling) -> Told:
        facts = ((_("Kind"), status_words(each.kind.value)),)
        prefix = "prg" if each.kind == "programme" else "org"
        asked = f"kind={each.kind.value}&holder={text(prefix, each.holder_id)}&currency={each.currency}"
        amount = decimal_string(each.ceiling_minor, each.currency)
        href = below(caller, f"/limits/change?{asked}&ceiling={amount}")
        return Told(names[each.kind.value, each.holder_id], href, facts, each.ceiling_minor, each.currency)

    return {id: told(each) for id, each in values.items()}


def _terms(caller: Caller, connection: Connection, values: Mapping[int, NewTerms]) -> Mapping[int, Told]:
    on = caller.in_book().business_date
    found = programmes.enrolments_in_force(connection, on, ids=[each.enrolment_id for each in values.values()])
    own = {each.id: each for each in found if each.book_id == caller.in_book().id}
    old = programmes.terms_by_id(connection, [each.terms_id for each in own.values()])
    names = organisations.names(connection, {id for each in own.values() for id in (each.supplier_id, each.anchor_id)})

    def told(new: NewTerms) -> Told:
        enrolment = own[new.enrolment_id]
        changed = terms_dry_run.differences(old.get(enrolment.terms_id), new.terms)
        facts = [
            (_("Anchor"), names.get(enrolment.anchor_id, "")),
            (_("From"), formats.day(new.from_on)),
            *shown(changed, new.terms.currency),
        ]
        href = below(caller, f"/programmes/{text('prg', enrolment.programme_id)}")
        return Told(names.get(enrolment.supplier_id, ""), href, facts)

    return {id: told(each) if each.enrolment_id in own else _GONE for id, each in values.items()}


def _payouts(caller: Caller, connection: Connection, values: Mapping[int, Reinstruction]) -> Mapping[int, Told]:
    rows = _rows(connection, caller, payouts, [each.payout_id for each in values.values()])
    names = organisations.names(connection, {row.beneficiary_id for row in rows.values()})

    def told(row: Any) -> Told:
        facts = ((_("Beneficiary"), names.get(row.beneficiary_id, "")),)
        return Told(row.ref, f"/things/{text('pay', row.id)}", facts, row.amount_minor, row.currency)

    return {id: told(rows[each.payout_id]) if each.payout_id in rows else _GONE for id, each in values.items()}


def _losses(caller: Caller, connection: Connection, values: Mapping[int, WriteOff]) -> Mapping[int, Told]:
    rows = _rows(connection, caller, advances, [each.advance_id for each in values.values()])
    names = organisations.names(connection, {row.anchor_id for row in rows.values()})

    def told(row: Any) -> Told:
        facts = ((_("Anchor"), names.get(row.anchor_id, "")), (_("Due"), formats.day(row.due_on)))
        return Told(row.ref, f"/things/{text('adv', row.id)}", facts, row.face_minor, row.currency)

    return {id: told(rows[each.advance_id]) if each.advance_id in rows else _GONE for id, each in values.items()}


def _accounts(caller: Caller, connection: Connection, values: Mapping[int, NewAccount]) -> Mapping[int, Told]:
    names = organisations.names(connection, {each.organisation_id for each in values.values()})
    in_full = caller.actor.may(NUMBERS)

    def told(each: NewAccount) -> Told:
        number = each.iban if in_full else f"…{each.iban[-4:]}"
        facts = (("IBAN", number), (_("Name on the account"), each.name), (_("Currency"), each.currency))
        return Told(names.get(each.organisation_id, "–"), below(caller, "/bank-accounts"), facts)

    return {id: told(each) for id, each in values.items()}


def _manual(caller: Caller, _connection: Connection, values: Mapping[int, ManualJournal]) -> Mapping[int, Told]:
    def told(each: ManualJournal) -> Told:
        facts = ((_("Value date"), formats.day(each.value_date)), (_("Words"), each.words))
        return Told(status_words(each.kind.value), below(caller, "/journals"), facts, each.amount_minor, each.currency)

    return {id: told(each) for id, each in values.items()}


def _calendars(_caller: Caller, _connection: Connection, values: Mapping[int, NewCalendar]) -> Mapping[int, Told]:
    return {id: Told(each.calendar) for id, each in values.items()}


def _rows(connection: Connection, caller: Caller, table: Table, ids: Sequence[int]) -> dict[int, Any]:
    mine = table.c.book_id == caller.in_book().id
    rows = connection.execute(select(table).where(among(connection, table.c.id, sorted(set(ids))), mine))
    return {row.id: row for row in rows}


CHECKED: tuple[Checked, ...] = (
    Checked("requests", N_("Requests to approve"), APPROVE_BY_PEOPLE, Approval, _requests),
    Checked("limits", N_("Limits to set"), SET_LIMIT, Ceiling, _limits),
    Checked("terms", N_("Terms to offer"), AGREE_TERMS, NewTerms, _terms),
    Checked("payouts", N_("Payouts to instruct anew"), REINSTRUCT_BY_PEOPLE, Reinstruction, _payouts),
    Checked("losses", N_("Advances to write off"), WRITE_OFF_BY_PEOPLE, WriteOff, _losses),
    Checked("accounts", N_("Bank accounts to agree"), AGREE_ACCOUNT, NewAccount, _accounts),
    Checked("journals", N_("Journals to enter by hand"), ENTER_BY_PEOPLE, ManualJournal, _manual),
    Checked("calendars", N_("Calendar to change"), CHANGE_CALENDAR_BY_PEOPLE, NewCalendar, _calendars),
)
