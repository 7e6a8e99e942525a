"""One job: how far it came, what came of it, and stopping it or having it tried again. It looks again by itself."""

from pathlib import Path
from typing import Any

from flask import Response, render_template, request
from werkzeug.exceptions import NotFound

from scf import ids
from scf.commands import Command
from scf.organisations import queries as organisations
from scf.people import queries as people
from scf.routes import Caller, PageRoute
from scf.scheduling import queries
from scf.scheduling.commands import CANCEL, RETRY
from scf.scheduling.jobs_api import OUTCOMES, READ, JobItemSchema
from scf.scheduling.lifecycle import FAILED, LIVE
from scf.scheduling.queries import Standing
from scf.web.forms import Form, ran, read, sentence
from scf.web.pages import page, see
from scf.web.problems import Problem
from scf.web.said import say
from scf.web.words import N_, _

PATH = "/jobs"
_SAID = {"cancel": N_("The job is stopped where it next says how far it came."), "retry": N_("It is tried again.")}


def show(caller: Caller, id: int) -> Response:
    """The job; asked for by itself, its part alone."""
    with caller.reading() as connection:
        job = queries.find(connection, id, None if caller.actor.operates else caller.organisation_id)
        if job is None:
            raise NotFound("there is no such job of yours")
        owner = organisations.names(connection, [job.organisation_id]).get(job.organisation_id, "")
        who = people.names(connection, [job.asked_by_id])[job.asked_by_id]
    given = {"job": job, "owner": owner, "who": who, "may": _may(caller, job), "form": Form(), **_told(caller, job)}
    if request.headers.get("HX-Target") == "job":
        return Response(render_template("job_part.html", **given))
    return page("job.html", **given)


def _may(caller: Caller, job: Standing) -> dict[str, bool]:
    own = job.organisation_id == caller.organisation_id or (caller.actor.operates and caller.actor.may(RETRY.name))
    return {
        "cancel": own and job.status in LIVE and job.cancel_asked_at is None and caller.actor.may(CANCEL.name),
        "retry": own and job.status == FAILED and caller.actor.may(RETRY.name),
    }


def _told(caller: Caller, job: Standing) -> dict[str, Any]:
    """Counts and hashes it left; its trace for the operator's eyes alone."""
    found = job.outcome()
    outcomes = f"/api/v1/jobs/{ids.text('job', job.id)}/outcomes" if found.get(OUTCOMES) else ""
    left = [(name.replace("_", " "), value) for name, value in found.items() if not name.endswith("sha256")]
    return {
        "left": left,
        "outcomes": outcomes,
        "error": job.error if caller.actor.operates else "",
        "is_live": job.status in LIVE,
    }


def _button(verb: str, command: Command[int, Any, Any]) -> PageRoute:
    def send(caller: Caller) -> Response:
        form = read(JobItemSchema)
        if form.errors:
            raise Problem(422, "invalid", "the form is not one of this site; load the page again")
        (outcome,) = ran(caller, command, [form.loaded], form.key)
        if outcome.refusal is not None:
            say(sentence(outcome.refusal), look="danger")
        else:
            say(_(_SAID[verb]))
        return see(f"{PATH}/{ids.text('job', form.loaded)}")

    return PageRoute(f"{PATH}/{verb}", command.name, send, ("POST",))


PAGES = (PageRoute(f"{PATH}/<id(job):id>", READ, show), _button("cancel", CANCEL), _button("retry", RETRY))
TEMPLATES = (Path(__file__).parent.parent / "templates",)
