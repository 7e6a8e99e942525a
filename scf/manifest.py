"""What the core itself offers: its commands, its steps of the day, its jobs and deliveries, put together."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from scf.announcements import OUTBOX_KIND
from scf.audit import api as audit_api
from scf.books import queries as books
from scf.books.queries import Book
from scf.db.engine import Database
from scf.errors import ScfError
from scf.factoring import api as factoring_api
from scf.factoring import history as factoring_history
from scf.factoring import search as factoring_search
from scf.factoring import steps as factoring
from scf.factoring import tables as factoring_tables
from scf.factoring.accrue import ACCRUE
from scf.factoring.approve import APPROVE, APPROVE_BY_PEOPLE, DECLINE
from scf.factoring.dilute import DILUTE
from scf.factoring.expire import EXPIRE, WITHDRAW
from scf.factoring.fund import FUND
from scf.factoring.pages import routes as factoring_pages
from scf.factoring.request import OFFER, REQUEST
from scf.factoring.set_limit import SET, SET_LIMIT
from scf.identity import api as identity_api
from scf.identity import mail, records_api
from scf.identity import retention as identity_retention
from scf.identity.change_calendar import CHANGE_CALENDAR, CHANGE_CALENDAR_BY_PEOPLE
from scf.identity.erase import ERASE
from scf.identity.offers import CHECKED as IDENTITY_CHECKED
from scf.identity.offers import SINGLE as IDENTITY
from scf.identity.pages.routes import PAGES, TEMPLATES
from scf.identity.permissions import PERMISSIONS as IDENTITY_PERMISSIONS
from scf.identity.session_api import ROUTES as SESSION_ROUTES
from scf.ledger import api as ledger_api
from scf.ledger import history as ledger_history
from scf.ledger import page as ledger_page
from scf.ledger import tables as ledger_tables
from scf.ledger.manual import ENTER, ENTER_BY_PEOPLE
from scf.limits import api as limits_api
from scf.limits import history as limits_history
from scf.limits.hold import HOLD
from scf.module import Module, Step, Surroundings, Work
from scf.onboarding import api as onboarding_api
from scf.onboarding import history as onboarding_history
from scf.onboarding import manifest as onboarding
from scf.onboarding.pages import routes as onboarding_pages
from scf.onboarding.permissions import PERMISSIONS as ONBOARDING_PERMISSIONS
from scf.onboarding.retention import RETENTION as ONBOARDING_RETENTION
from scf.onboarding.work import JOBS as ONBOARDING_JOBS
from scf.operations import api as operations_api
from scf.operations import ask_export as operations
from scf.operations.ask_export import EXPORT
from scf.operations.pages import routes as operator_pages
from scf.operations.resend import RESEND
from scf.payments import api as payments_api
from scf.payments import history as payments_history
from scf.payments import search as payments_search
from scf.payments import steps as payments
from scf.payments import tables as payments_tables
from scf.payments.accounts import AGREE_ACCOUNT, SET_ACCOUNT
from scf.payments.receive import RECEIVE
from scf.payments.reinstruct import REINSTRUCT, REINSTRUCT_BY_PEOPLE
from scf.payments.send import SEND
from scf.programmes import api as programmes_api
from scf.programmes.agree import AGREE, AGREE_TERMS
from scf.programmes.agreements import OFFER as OFFER_AGREEMENT
from scf.programmes.agreements import SIGN as SIGN_AGREEMENT
from scf.programmes.consent import CONSENT, REFUSE
from scf.programmes.instruct import INSTRUCT, STOP_INSTRUCTING
from scf.programmes.open import ENROL, OPEN_PROGRAMME
from scf.proposals import api as proposals_api
from scf.receivables import api as receivables_api
from scf.receivables import history as receivables_history
from scf.receivables import search as receivables_search
from scf.receivables.close import CLOSE as CLOSE_RECEIVABLE
from scf.receivables.credit import CREDIT
from scf.scheduling import day_routes, jobs_api
from scf.scheduling import retention as scheduling_retention
from scf.scheduling.commands import CANCEL, RETRY
from scf.scheduling.day import Ran, run_to
from scf.scheduling.jobs import Busy
from scf.scheduling.pages import routes as job_pages
from scf.scheduling.tick import RUN_DAY
from scf.settlement import api as settlement_api
from scf.settlement import close_day
from scf.settlement import history as settlement_history
from scf.settlement import steps as settlement
from scf.settlement import tables as settlement_tables
from scf.settlement.apply import APPLY
from scf.settlement.close_day import CLOSE, TOTALS
from scf.settlement.guarantee import CALL_GUARANTEE, COLLECT_GUARANTEE, PAY_GUARANTOR
from scf.settlement.identify import IDENTIFY
from scf.settlement.keep_findings import KEEP as KEEP_FINDINGS
from scf.settlement.losses import IMPAIR, RECOVER, WRITE_OFF, WRITE_OFF_BY_PEOPLE
from scf.settlement.pages import routes as settlement_pages
from scf.settlement.recourse import CLAIM_RECOURSE, COLLECT_CLAIM
from scf.settlement.settle import SETTLE
from scf.signatures import api as signatures_api
from scf.signatures.consents import END as END_CONSENT
from scf.signatures.consents import GIVE as GIVE_CONSENT
from scf.webhooks import api as webhooks_api
from scf.webhooks import manifest as webhooks
from scf.webhooks.retention import RETENTION as WEBHOOKS_RETENTION
from scf.workplace import api as workplace_api
from scf.workplace import history as workplace_history
from scf.workplace import search as workplace_search
from scf.workplace.commands import COMMANDS as WORKPLACE
from scf.workplace.note import each_of, note
from scf.workplace.pages import routes as workplace
from scf.workplace.retention import RETENTION as WORKPLACE_RETENTION

_SINGLE = (
    *IDENTITY, OPEN_PROGRAMME, ENROL, AGREE, CONSENT, REFUSE, INSTRUCT, STOP_INSTRUCTING, SET_ACCOUNT, SET, HOLD,
    CREDIT, CLOSE_RECEIVABLE, REQUEST, OFFER, APPROVE, DECLINE, WITHDRAW, EXPIRE, FUND, ACCRUE, DILUTE, SEND,
    RECEIVE, REINSTRUCT, IDENTIFY, APPLY, SETTLE, CLAIM_RECOURSE, COLLECT_CLAIM, CALL_GUARANTEE, COLLECT_GUARANTEE,
    PAY_GUARANTOR, IMPAIR, WRITE_OFF, RECOVER, TOTALS, CLOSE, KEEP_FINDINGS, CANCEL, RETRY, ENTER, CHANGE_CALENDAR,
    ERASE, OFFER_AGREEMENT, SIGN_AGREEMENT, GIVE_CONSENT, END_CONSENT, EXPORT, RESEND, *webhooks.COMMANDS, *WORKPLACE,
    *onboarding.SINGLE,
)  # fmt: skip
_CHECKED = (
    *IDENTITY_CHECKED, AGREE_TERMS, AGREE_ACCOUNT, SET_LIMIT, APPROVE_BY_PEOPLE, REINSTRUCT_BY_PEOPLE,
    WRITE_OFF_BY_PEOPLE, ENTER_BY_PEOPLE, CHANGE_CALENDAR_BY_PEOPLE, *onboarding.CHECKED,
)  # fmt: skip

# what each folder answers over HTTP
_APIS: tuple[Any, ...] = (
    factoring_api, limits_api, receivables_api, payments_api, settlement_api, ledger_api, day_routes, jobs_api,
    proposals_api, audit_api, webhooks_api, programmes_api, signatures_api,
    records_api, operations_api, workplace_api,
)  # fmt: skip


# what each folder tells on time lines, in the order in which moments of one instant are told
_TOLD: tuple[Any, ...] = (
    workplace_history, onboarding_history, receivables_history, limits_history, factoring_history, payments_history,
    settlement_history, ledger_history,
)  # fmt: skip

# what each folder finds by what people type
_SEARCHED: tuple[Any, ...] = (factoring_search, payments_search, receivables_search, workplace_search)

# what each folder lists on a desk
_PAGES: tuple[Any, ...] = (
    settlement_pages, factoring_pages, ledger_page, operator_pages, onboarding_pages, job_pages,
)  # fmt: skip
_LISTS: tuple[Any, ...] = (
    factoring_tables, payments_tables, ledger_tables, operator_pages, onboarding_pages, settlement_tables, job_pages,
)  # fmt: skip

SCF = Module(
    name="scf",
    commands=(*_SINGLE, *(command for checked in _CHECKED for command in checked.commands)),
    permissions=(
        *IDENTITY_PERMISSIONS,
        *ONBOARDING_PERMISSIONS,
        *(permission for api in _APIS for permission in api.PERMISSIONS),
    ),
    routes=(
        *identity_api.ROUTES,
        *SESSION_ROUTES,
        *onboarding_api.ROUTES,
        *(route for api in _APIS for route in api.ROUTES),
    ),
    pages=(*PAGES, *(page for each in (*_PAGES, workplace) for page in each.PAGES)),
    templates=(*TEMPLATES, *(folder for each in (*_PAGES, workplace) for folder in each.TEMPLATES)),
    menu=tuple(entry for each in (settlement_pages, factoring_pages, *_LISTS, workplace) for entry in each.MENU),
    played=settlement_pages.PLAYED,
    panels=settlement_pages.PANELS,
    tables=tuple(table for each in _LISTS for table in each.TABLES),
    searches=tuple(each for searched in _SEARCHED for each in searched.SEARCHES),
    histories=tuple(each for told in _TOLD for each in told.HISTORIES),
    steps=(*close_day.STEPS, *payments.STEPS, *settlement.STEPS, *factoring.STEPS),
    jobs=factoring.JOBS | operations.JOBS | ONBOARDING_JOBS,
    deliveries={
        **payments.DELIVERIES,
        **mail.DELIVERIES,
        **webhooks.DELIVERIES,
        # noted first: a webhook's trouble keeps nobody's screen from telling
        OUTBOX_KIND: each_of(note, webhooks.DELIVERIES[OUTBOX_KIND]),
    },
    calls=webhooks.CALLS,
    retention=(
        *identity_retention.RETENTION,
        *scheduling_retention.RETENTION,
        *WEBHOOKS_RETENTION,
        *ONBOARDING_RETENTION,
        *WORKPLACE_RETENTION,
    ),
)


def permissions(modules: Sequence[Module]) -> frozenset[str]:
    """Every permission a person can hold: the names of the commands that people run as they are."""
    return frozenset(command.name for module in modules for command in module.commands if not command.checked)


def run_day_job(work: Work, surroundings: Surroundings, steps: Sequence[Step]) -> Mapping[str, Any]:
    """The job the tick puts down: run a book's days up to a date. `Busy` when another worker is at it."""
    to = date.fromisoformat(work.payload["to"])
    book = _book(work.database, work.payload["book_id"])
    ran: list[Ran] = []

    def pulse() -> None:
        work.tell(len(ran), 0)

    closed = run_to(work.database, book.id, to, steps, surroundings.bank_of(book), ran.append, pulse)
    if _book(work.database, book.id).business_date <= to:
        raise Busy(f"{RUN_DAY} of {book.ref} is in another worker's hands")
    return {"days_closed": closed}


def _book(database: Database, book_id: int) -> Book:
    with database.reading() as connection:
        book = books.find(connection, book_id)
    if book is None:
        raise ScfError(f"there is no book {book_id}")
    return book
