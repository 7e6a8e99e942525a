"""The ledger's lists on the bank's desk: what was posted, and the accounts."""

from scf.commands import ScopeKind
from scf.ledger import api
from scf.screens import Column, Desk, Kind, MenuEntry, TablePage, list_at
from scf.web.words import N_

_BOOK = ScopeKind.BOOK

TABLES = (
    TablePage(
        "/journals",
        N_("Journals"),
        list_at(api.ROUTES, "/journals", _BOOK),
        (
            Column("id", N_("Journal"), Kind.ID, link="/books/{book_id:bok}/journals/{id}", prefix="jrn"),
            Column("event", N_("Event"), Kind.STATUS),
            Column("ref", N_("Reference")),
            Column("value_date", N_("Value date"), Kind.DAY),
            Column("business_date", N_("Booked"), Kind.DAY),
        ),
        N_("Nothing is posted yet."),
    ),
    TablePage(
        "/accounts",
        N_("Accounts"),
        list_at(api.ROUTES, "/accounts", _BOOK),
        (
            Column("code", N_("Account")),
            Column("owner_id", N_("Of"), Kind.ORGANISATION),
            Column("currency", N_("Currency")),
        ),
        N_("No account is open yet: accounts open with the first posting."),
    ),
)

MENU = (MenuEntry(Desk.BANK, N_("Journals"), "/journals", api.READ, "journal-text", _BOOK, seldom=True),)
