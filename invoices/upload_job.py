"""The job that submits a kept file in chunks and keeps what became of each row as a file of its own.

A worker that dies half-way is followed by another: the chunks it finished, keyed by the job, give their first answers
again.
"""

from collections.abc import Mapping
from typing import Any

from invoices.intake import UploadReport, upload_file
from invoices.outcomes_file import outcomes_csv
from invoices.upload import UPLOAD
from scf import files
from scf.actor import PLATFORM, Actor
from scf.commands import transact
from scf.module import Work
from scf.people import queries as people


def upload(work: Work) -> Mapping[str, Any]:
    """Upload the job's file for its organisation; the result counts rows and names the file of their outcomes."""
    told = work.payload
    with work.database.reading() as connection:
        content = files.read(connection, told["sha256"])
        actor = _actor(work, people.names(connection, [work.asked_by_id]))
    report = upload_file(
        work.database, actor, work.organisation_id, told["name"], content, key=work.key, tell=work.tell
    )
    return _result(report, _keep(work, report))


def _actor(work: Work, names: Mapping[int, str]) -> Actor:
    """Who asked for the upload: that they might was checked then, and they may this and nothing else now."""
    if work.asked_by_id == PLATFORM.id:
        return PLATFORM
    name = names.get(work.asked_by_id, "a person who asked")
    return Actor(work.asked_by_id, name, work.organisation_id, frozenset({UPLOAD.name}))


def _keep(work: Work, report: UploadReport) -> str:
    content = outcomes_csv(report.results)
    return transact(work.database, lambda connection: files.store(connection, f"{report.name}.outcomes.csv", content))


def _result(report: UploadReport, outcomes_sha256: str) -> Mapping[str, Any]:
    refused = len(report.refused)
    return {
        "submitted": len(report.submitted),
        "credited": len(report.results) - len(report.submitted) - refused,
        "refused": refused,
        "outcomes_sha256": outcomes_sha256,
    }
