"""What was proposed in the organisation, as a list: what waits for a second person, and who decided what."""

from scf.proposals import api
from scf.screens import Column, Desk, Kind, MenuEntry, TablePage, list_at
from scf.web.words import N_

_PATH = "/organisation/proposals"
TABLES = (
    TablePage(
        _PATH,
        N_("Proposals"),
        list_at(api.ROUTES, "/proposals"),
        (
            Column("command", N_("What")),
            Column("maker_id", N_("Proposed by"), Kind.PERSON),
            Column("proposed_at", N_("Proposed"), Kind.MOMENT),
            Column("checker_id", N_("Decided by"), Kind.PERSON),
            Column("decided_at", N_("Decided"), Kind.MOMENT),
            Column("status", N_("Status"), Kind.STATUS),
        ),
        N_("Nothing was proposed yet: what takes two people stands here while it waits for the second."),
        labels={"maker_id": N_("Proposed by (id)"), "command": N_("What")},
    ),
)
ENTRY = MenuEntry(Desk.EVERYONE, N_("Proposals"), _PATH, api.READ, "people", seldom=True)
