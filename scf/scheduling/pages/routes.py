"""The pages of jobs, their list, and where the templates are."""

from scf.commands import ScopeKind
from scf.scheduling import jobs_api
from scf.scheduling.day_routes import READ as READ_BOOKS
from scf.scheduling.pages import days, job
from scf.screens import Column, Desk, Kind, MenuEntry, TablePage, list_at
from scf.web.words import N_

PAGES, TEMPLATES = (*job.PAGES, *days.PAGES), job.TEMPLATES
TABLES = (
    TablePage(
        job.PATH,
        N_("Jobs"),
        list_at(jobs_api.ROUTES, "/jobs"),
        (
            Column("kind", N_("What"), link=f"{job.PATH}/{{id}}"),
            Column("organisation_id", N_("Organisation"), Kind.ORGANISATION),
            Column("created_at", N_("Put down"), Kind.MOMENT),
            Column("ended_at", N_("Ended"), Kind.MOMENT),
            Column("progress_done", N_("Done"), Kind.COUNT),
            Column("progress_total", N_("Of"), Kind.COUNT),
            Column("status", N_("Status"), Kind.STATUS),
        ),
        N_("No job was put down yet. Long work, like a large upload or an export, becomes a job."),
        labels={"kind": N_("What")},
    ),
)
MENU = (
    MenuEntry(Desk.EVERYONE, N_("Jobs"), job.PATH, jobs_api.READ, "list-task"),
    MenuEntry(Desk.BANK, N_("Business days"), "/days", READ_BOOKS, "calendar-check", ScopeKind.BOOK),
)
