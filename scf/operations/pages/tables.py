"""The operator's lists as pages, over the API's own lists."""

from scf.operations import desk_routes
from scf.programmes import choices
from scf.scheduling import day_routes
from scf.screens import Column, Kind, TablePage, list_at
from scf.web.words import N_

ORGANISATIONS = TablePage(
    "/operator/organisations",
    N_("Organisations"),
    list_at(desk_routes.ROUTES, "/organisations"),
    (
        Column("name", N_("Name"), link="/operator/organisations/{id}"),
        Column("registration_ref", N_("Registration number")),
        Column("country", N_("Country")),
        Column("created_at", N_("Registered"), Kind.MOMENT),
        Column("dossier_status", N_("Dossier"), Kind.STATUS, link="/operator/dossiers/{dossier_id:dos}"),
    ),
    N_("Nobody is registered yet."),
    labels={"name": N_("Name begins"), "registration_ref": N_("Registration number")},
    act=(N_("Register an organisation"), "/operator/organisations/register"),
)
PEOPLE = TablePage(
    "/operator/people",
    N_("People"),
    list_at(desk_routes.ROUTES, "/people"),
    (
        Column("name", N_("Name"), link="/operator/people/{id}"),
        Column("email", N_("E-mail address")),
        Column("created_at", N_("Known since"), Kind.MOMENT),
        Column("seen_at", N_("Last seen"), Kind.MOMENT),
    ),
    N_("Nobody was invited yet."),
    labels={"name": N_("Name begins"), "email": N_("E-mail address")},
)
BOOKS = TablePage(
    "/operator/books",
    N_("Books"),
    list_at(day_routes.ROUTES, "/books"),
    (
        Column("ref", N_("Book"), link="/operator/books/{id}"),
        Column("funder_id", N_("Funder"), Kind.ORGANISATION, link="/operator/organisations/{funder_id:org}"),
        Column("calendar", N_("Calendar")),
        Column("business_date", N_("Business date"), Kind.DAY),
        Column("previous_on", N_("Day before"), Kind.DAY),
    ),
    N_("No book is open yet. A funder's organisation is registered first; then its book is opened."),
)
OUTBOX = TablePage(
    "/operator/outbox",
    N_("Outbox"),
    list_at(desk_routes.ROUTES, "/outbox"),
    (
        Column("kind", N_("What"), link="/operator/outbox/{id}"),
        Column("created_at", N_("Written"), Kind.MOMENT),
        Column("due_at", N_("Due"), Kind.MOMENT),
        Column("attempt_count", N_("Attempts"), Kind.COUNT),
        Column("error", N_("Last error")),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    N_("Nothing has gone out yet: letters, files to banks and calls of webhooks pass through here."),
    labels={"kind": N_("What")},
)
AUDIT = TablePage(
    "/operator/audit",
    N_("Audit search"),
    list_at(desk_routes.ROUTES, "/audit/commands"),
    (
        Column("at", N_("When"), Kind.MOMENT),
        Column("command", N_("Command"), link="/operator/audit/{id}"),
        Column("place", N_("Where")),
        Column("actor_id", N_("By"), Kind.PERSON),
        Column("batch_count", N_("Items"), Kind.COUNT),
        Column("business_date", N_("Business date"), Kind.DAY),
        Column("key", N_("Key")),
    ),
    N_("No command was run yet."),
    choices={"book_id": choices.readable_books},
    labels={
        "command": N_("Command"),
        "key": N_("Key"),
        "actor_id": N_("Person's id"),
        "organisation_id": N_("Organisation's id"),
        "book_id": N_("Book"),
        "from": N_("From"),
        "to": N_("To"),
    },
)
TABLES = (ORGANISATIONS, PEOPLE, BOOKS, OUTBOX, AUDIT)
