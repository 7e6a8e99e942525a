"""Taking everything along over HTTP: an organisation asks for all that is its own, follows the job, and fetches it."""

from flask import Response

from scf import files
from scf.fields import ItemSchema
from scf.module import Permission
from scf.operations import desk_routes
from scf.operations.ask_export import EXPORT, KIND, NAME, Asked
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Route, ViewRoute
from scf.scheduling import queries
from scf.web.problems import Problem


class AskedSchema(ItemSchema):
    """All that is the organisation's: there is nothing to choose."""

    makes = Asked


def _fetch(caller: Caller, id: int) -> Response:
    """The file that the job made."""
    with caller.database.reading() as connection:
        job = queries.find(connection, id, caller.organisation_id)
        sha256 = job.outcome().get("sha256") if job and job.kind == KIND else None
        if not sha256:
            raise Problem(404, "not_found", "there is no such export of yours that has ended")
        content = files.read(connection, str(sha256))
    response = Response(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    return response


PERMISSIONS = (
    Permission(EXPORT.name, "take along all that is the organisation's", frozenset({Role.ADMINISTRATOR})),
    *desk_routes.PERMISSIONS,
)

ROUTES: tuple[Route, ...] = (
    CommandRoute("/exports", EXPORT, AskedSchema, "job", "Ask for all that is the organisation's; a job makes it."),
    ViewRoute("GET", "/exports/<id(job):id>", EXPORT.name, _fetch, "The export.", produces="application/zip"),
    *desk_routes.ROUTES,
)
