"""The bank's lists of money that came in, of what was charged for coming late, and of what was lost."""

from scf.commands import ScopeKind
from scf.programmes import choices
from scf.screens import Column, Desk, Kind, MenuEntry, TablePage, list_at
from scf.settlement import cash_routes, finding_routes, trouble_routes
from scf.web.words import N_

_BOOK = ScopeKind.BOOK
_OF_ADVANCE = Column("ref", N_("Invoice"), link="/things/{advance_id:adv}")
_AMOUNT = Column("amount_minor", N_("Amount"), Kind.MONEY)

TABLES = (
    TablePage(
        "/collections",
        N_("Collections"),
        list_at(cash_routes.ROUTES, "/collections", _BOOK),
        (
            Column("bank_ref", N_("Bank's reference"), link="/things/{id}"),
            Column("payer_id", N_("Payer"), Kind.ORGANISATION),
            Column("value_date", N_("Value date"), Kind.DAY),
            Column("reference", N_("Reference")),
            _AMOUNT,
            Column("left_minor", N_("Not applied"), Kind.MONEY),
            Column("status", N_("Status"), Kind.STATUS),
        ),
        N_("No money came in yet."),
        total=True,
    ),
    TablePage(
        "/late-charges",
        N_("Late charges"),
        list_at(trouble_routes.ROUTES, "/late-charges", _BOOK),
        (
            _OF_ADVANCE,
            Column("from_on", N_("From"), Kind.DAY),
            Column("to_on", N_("To"), Kind.DAY),
            Column("open_minor", N_("Open"), Kind.MONEY),
            _AMOUNT,
        ),
        N_("Nothing was paid late."),
    ),
    TablePage(
        "/losses",
        N_("Losses"),
        list_at(trouble_routes.ROUTES, "/losses", _BOOK),
        (
            _OF_ADVANCE,
            Column("kind", N_("Kind"), Kind.STATUS),
            Column("value_date", N_("Value date"), Kind.DAY),
            _AMOUNT,
            Column("guarantor_minor", N_("Borne by the guarantor"), Kind.MONEY),
        ),
        N_("Nothing was lost."),
    ),
    TablePage(
        "/operator/findings",
        N_("Findings"),
        list_at(finding_routes.ROUTES, "/findings"),
        (
            Column("found_on", N_("Found on"), Kind.DAY),
            Column("book_ref", N_("Book")),
            Column("rule", N_("Check")),
            Column("words", N_("What does not hold")),
            Column("cleared_on", N_("Cleared on"), Kind.DAY),
            Column("status", N_("Status"), Kind.STATUS),
        ),
        N_("Nothing was found: every night each book is recomputed from its postings, and all of it held."),
        choices={"book_id": choices.readable_books},
        labels={"book_id": N_("Book"), "rule": N_("Check"), "from": N_("Found from"), "to": N_("Found to")},
    ),
)

MENU = (MenuEntry(Desk.OPERATOR, N_("Findings"), "/operator/findings", finding_routes.READ, "exclamation-triangle"),)
