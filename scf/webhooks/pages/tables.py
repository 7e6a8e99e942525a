"""The deliveries of an organisation's webhooks, as a list."""

from sqlalchemy import Connection

from scf import ids
from scf.routes import Caller
from scf.screens import Column, Kind, TablePage, list_at
from scf.web.words import N_
from scf.webhooks import api, queries

PATH = "/organisation/deliveries"


def _endpoints(caller: Caller, connection: Connection) -> list[tuple[str, str]]:
    """The organisation's endpoints, to choose from."""
    rows = connection.execute(queries.endpoints_of(caller.organisation_id)).all()
    return [(ids.text("whe", row.id), row.url) for row in rows]


DELIVERIES = TablePage(
    PATH,
    N_("Deliveries"),
    list_at(api.ROUTES, "/webhooks/deliveries"),
    (
        Column("kind", N_("What"), link=f"{PATH}/{{id}}"),
        Column("created_at", N_("Made"), Kind.MOMENT),
        Column("endpoint_id", N_("Endpoint"), Kind.ID, prefix="whe", link="/organisation/webhooks/{endpoint_id:whe}"),
        Column("try_count", N_("Attempts"), Kind.COUNT),
        Column("status", N_("Status"), Kind.STATUS),
    ),
    N_("Nothing was sent yet. An endpoint is told of what happens from when it is added."),
    choices={"endpoint_id": _endpoints},
    labels={"endpoint_id": N_("Endpoint"), "kind": N_("What"), "since": N_("Since")},
)
TABLES = (DELIVERIES,)
