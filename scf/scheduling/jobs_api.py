"""An organisation's jobs over HTTP: how far they came, what came of them, and stopping them."""

import json
from typing import Any

from flask import Response
from marshmallow import Schema, fields, post_dump, validate
from sqlalchemy import Select

from scf import files
from scf.fields import Id, ItemSchema, Words
from scf.module import Permission
from scf.roles import EVERYWHERE, Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route, ViewRoute
from scf.scheduling import queries
from scf.scheduling.commands import CANCEL, RETRY
from scf.scheduling.lifecycle import MOVES
from scf.scheduling.models import jobs
from scf.web.problems import Problem

READ = "jobs.read"
PERMISSIONS = (
    Permission(READ, "follow the jobs of the organisation", EVERYWHERE | {Role.OPERATIONS, Role.OPERATOR}),
    Permission(CANCEL.name, "cancel a job", frozenset({Role.MAKER, Role.ADMINISTRATOR, Role.OPERATOR})),
    Permission(RETRY.name, "have a failed job tried again", frozenset({Role.OPERATOR})),
)
OUTCOMES = "outcomes_sha256"


class JobSchema(Schema):
    """A job; a total of 0 is not known yet."""

    id = Id("job", required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    asked_by_id = Id("per", required=True, allow_none=True)
    progress_done = fields.Integer(required=True)
    progress_total = fields.Integer(required=True)
    result = fields.Raw(required=True, metadata={"type": "object", "description": "counts, and the hashes of files"})
    created_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    cancel_asked_at = fields.AwareDateTime(required=True, allow_none=True)

    @post_dump
    def _read(self, dumped: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {**dumped, "result": json.loads(dumped["result"])}


def _id(job_id: int) -> int:
    return job_id


class JobItemSchema(ItemSchema):
    """A job named by its id."""

    makes = staticmethod(_id)
    job_id = Id("job", required=True)


def _own(caller: Caller) -> Select[Any]:
    """The jobs of the caller's organisation; the operator's people see all."""
    return queries.standings(None if caller.actor.operates else caller.organisation_id)


def _outcomes(caller: Caller, id: int) -> Response:
    """The file of what became of each row."""
    with caller.reading() as connection:
        job = queries.find(connection, id, None if caller.actor.operates else caller.organisation_id)
        sha256 = job.outcome().get(OUTCOMES) if job else None
    if not sha256:
        raise Problem(404, "not_found", "there is no such job of yours that has ended with outcomes")
    # the platform reads the bytes: it is the job that says whose they are
    with caller.database.reading() as connection:
        content = files.read(connection, str(sha256))
    response = Response(content, content_type="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="outcomes.csv"'
    return response


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/jobs",
        permission=READ,
        schema=JobSchema,
        prefix="job",
        select=_own,
        key=jobs.c.id,
        summary="Jobs.",
        filters={
            "status": Filter(
                fields.String(validate=[validate.OneOf(list(MOVES))]), lambda value: jobs.c.status == value
            ),
            "kind": Filter(Words(40), lambda value: jobs.c.kind == value),
        },
    ),
    ViewRoute("GET", "/jobs/<id(job):id>/outcomes", READ, _outcomes, "What became of each row.", produces="text/csv"),
    CommandRoute("/jobs/cancel", CANCEL, JobItemSchema, "job", "Cancel jobs."),
    CommandRoute("/jobs/retry", RETRY, JobItemSchema, "job", "Have failed jobs tried again."),
)
