"""The bank's lists of money out and in: payouts, their files, accounts, what banks told, line by line."""

from scf.commands import ScopeKind
from scf.payments import account_routes, payout_routes, statement_routes
from scf.payments.account_routes import READ
from scf.screens import Column, Desk, Kind, MenuEntry, TablePage, list_at
from scf.web.words import N_

_BOOK = ScopeKind.BOOK
_STATUS = Column("status", N_("Status"), Kind.STATUS)
_AMOUNT = Column("amount_minor", N_("Amount"), Kind.MONEY)

TABLES = (
    TablePage(
        "/payouts",
        N_("Payouts"),
        list_at(payout_routes.ROUTES, "/payouts", _BOOK),
        (
            Column("ref", N_("Payout"), link="/things/{id}"),
            Column("beneficiary_id", N_("Beneficiary"), Kind.ORGANISATION),
            Column("instructed_on", N_("Instructed"), Kind.DAY),
            Column("pay_on", N_("To be paid"), Kind.DAY),
            _AMOUNT,
            _STATUS,
        ),
        N_("Nothing was paid out yet. Funding an advance instructs its payout."),
        total=True,
    ),
    TablePage(
        "/payment-files",
        N_("Payment files"),
        list_at(payout_routes.ROUTES, "/payment-files", _BOOK),
        (
            Column("ref", N_("File"), link="/api/v1/books/{book_id:bok}/payment-files/{id}/content"),
            Column("business_date", N_("Business date"), Kind.DAY),
            Column("line_count", N_("Payouts"), Kind.COUNT),
            Column("total_minor", N_("Total"), Kind.MONEY),
        ),
        N_("No payment file was written yet. The day's step writes one when payouts are due."),
    ),
    TablePage(
        "/bank-accounts",
        N_("Bank accounts"),
        list_at(account_routes.ROUTES, "/bank-accounts", _BOOK),
        (
            Column("organisation_id", N_("Holder"), Kind.ORGANISATION),
            Column("iban", "IBAN"),
            Column("name", N_("Name on the account")),
            Column("currency", N_("Currency")),
            Column("usable_from_on", N_("Usable from"), Kind.DAY),
            _STATUS,
        ),
        N_("No account is agreed yet: without one nothing can be paid to a party."),
    ),
    TablePage(
        "/statements",
        N_("Statements"),
        list_at(statement_routes.ROUTES, "/statements", _BOOK),
        (
            Column("ref", N_("Statement"), link="/books/{book_id:bok}/statement-entries?statement_id={id}"),
            Column("kind", N_("Kind")),
            Column("account", N_("Account")),
            Column("business_date", N_("Business date"), Kind.DAY),
        ),
        N_("No bank has told anything yet."),
    ),
    TablePage(
        "/statement-entries",
        N_("Statement lines"),
        list_at(statement_routes.ROUTES, "/statement-entries", _BOOK),
        (
            Column("bank_ref", N_("Bank's reference")),
            Column("booked_on", N_("Booked"), Kind.DAY),
            Column("value_date", N_("Value date"), Kind.DAY),
            Column("name", N_("Name")),
            Column("reference", N_("Reference")),
            _AMOUNT,
            Column("meaning", N_("Meaning"), Kind.STATUS),
        ),
        N_("No bank has told anything yet."),
        total=True,
    ),
)

MENU = (
    MenuEntry(Desk.BANK, N_("Payouts"), "/payouts", READ, "box-arrow-up-right", _BOOK),
    MenuEntry(Desk.BANK, N_("Statements"), "/statements", READ, "file-text", _BOOK, seldom=True),
    MenuEntry(Desk.BANK, N_("Bank accounts"), "/bank-accounts", READ, "credit-card", _BOOK, seldom=True),
)
