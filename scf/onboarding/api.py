"""The routes of dossiers over HTTP."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import Select, Table

from scf.fields import Id
from scf.onboarding import views, visible
from scf.onboarding.accounts import GIVE_ACCOUNT, RECORD_ACCOUNT_CHECK, REPEAT_CODE
from scf.onboarding.add_documents import BEGINNINGS
from scf.onboarding.agreement import SIGN
from scf.onboarding.apply import APPLY
from scf.onboarding.decide import DECIDE_BY_PEOPLE
from scf.onboarding.erase_people import ERASE_PEOPLE
from scf.onboarding.lifecycle import MOVES
from scf.onboarding.models import account_checks, documents, dossiers, people, screenings, steps
from scf.onboarding.name_people import NAME_PEOPLE
from scf.onboarding.operate import ACTIVATE, DECLINE, REVIEW_DONE, SEND_BACK
from scf.onboarding.permissions import READ, READ_CONTENTS
from scf.onboarding.schemas import (
    ActivationSchema,
    AgreementSignedSchema,
    CheckedAccountSchema,
    DeclinedSchema,
    DocumentQuery,
    GivenAccountSchema,
    HitSchema,
    NewDossierSchema,
    NewScreeningSchema,
    PeopleNamedSchema,
    PersonErasedSchema,
    RepeatedCodeSchema,
    ReviewedSchema,
    SentBackSchema,
    SubmissionSchema,
)
from scf.onboarding.schemas_out import (
    AccountCheckSchema,
    DossierDocumentSchema,
    DossierPersonSchema,
    DossierSchema,
    DossierStepSchema,
    ScreeningSchema,
)
from scf.onboarding.screen import RECORD_SCREENING
from scf.onboarding.submit import SUBMIT
from scf.proposals.api import four_eyes_routes
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route, ViewRoute
from scf.signatures.documents import BINARY
from scf.web.schemas import OutcomeSchema


def _status(table: Table, *known: str) -> Mapping[str, Filter]:
    field = fields.String(validate=[validate.OneOf(known)])
    return {"status": Filter(field, lambda value: table.c.status == value)} if known else {}


def _listed(
    path: str,
    table: Table,
    rows: Callable[[Caller], Select[Any]],
    schema: type[Schema],
    prefix: str,
    summary: str,
    *statuses: str,
    permission: str = READ_CONTENTS,
) -> ListRoute:
    """A list of what belongs to dossiers, by dossier."""
    return ListRoute(
        path=f"/dossiers/{path}",
        permission=permission,
        schema=schema,
        prefix=prefix,
        select=rows,
        key=table.c.id,
        summary=summary,
        filters={
            "dossier_id": Filter(Id("dos"), lambda value: table.c.dossier_id == value),
            "organisation_id": Filter(Id("org"), lambda value: table.c.organisation_id == value),
            **_status(table, *statuses),
        },
    )


_READING: tuple[Route, ...] = (
    ListRoute(
        path="/dossiers",
        permission=READ,
        schema=DossierSchema,
        prefix="dos",
        select=visible.shown_dossiers,
        key=dossiers.c.id,
        summary="One's own dossier, and those that parties consent to show.",
        filters={
            "organisation_id": Filter(Id("org"), lambda value: dossiers.c.organisation_id == value),
            **_status(dossiers, *MOVES),
        },
    ),
    _listed(
        "documents", documents, visible.shown_documents, DossierDocumentSchema, "ddc", "Documents of dossiers.",
        "standing", "sent_back",
    ),
    _listed(
        "people", people, visible.shown_people, DossierPersonSchema, "dpe", "Owners, signatories and directors.",
        "named", "replaced",
    ),
    _listed(
        "steps", steps, visible.shown_steps, DossierStepSchema, "dst", "How dossiers moved, and why.", permission=READ
    ),
    _listed(
        "screenings", screenings, visible.shown_screenings, ScreeningSchema, "scr",
        "What screenings found; never shown to the party itself.", "noted", "open", "cleared", "confirmed",
    ),
    _listed(
        "accounts", account_checks, visible.shown_accounts, AccountCheckSchema, "ack",
        "Accounts given, and how they were checked.", "current", "replaced",
    ),
    ViewRoute(
        method="GET",
        path="/dossiers/documents/<id(ddc):id>/content",
        permission=READ_CONTENTS,
        view=views.document_content,
        summary="The very bytes of a document.",
        produces=BINARY,
    ),
    ViewRoute(
        method="GET",
        path="/dossiers/agreement",
        permission=READ,
        view=views.membership_agreement,
        summary="The membership agreement as one's organisation is to sign it.",
        produces=BINARY,
    ),
)  # fmt: skip

_PARTY: tuple[Route, ...] = (
    CommandRoute("/dossiers/apply", APPLY, NewDossierSchema, "dos", "Apply to take part."),
    ViewRoute(
        method="POST",
        path="/dossiers/documents",
        permission="onboarding.add_documents",
        view=views.add_document,
        summary="Add a document to one's dossier: PDF, PNG or JPEG, at most 10 MB.",
        query=DocumentQuery,
        consumes=tuple(BEGINNINGS),
        answers=OutcomeSchema,
        keyed=True,
    ),
    CommandRoute("/dossiers/people/name", NAME_PEOPLE, PeopleNamedSchema, "dos", "Name all the people behind it."),
    CommandRoute("/dossiers/submit", SUBMIT, SubmissionSchema, "dos", "Submit the dossier; says what is missing."),
    CommandRoute("/dossiers/sign", SIGN, AgreementSignedSchema, "dos", "Sign the membership agreement."),
    CommandRoute("/dossiers/accounts/give", GIVE_ACCOUNT, GivenAccountSchema, "ack", "Give the account."),
    CommandRoute("/dossiers/accounts/repeat-code", REPEAT_CODE, RepeatedCodeSchema, "ack", "Repeat a code."),
)

_OPERATOR: tuple[Route, ...] = (
    CommandRoute("/dossiers/screenings/record", RECORD_SCREENING, NewScreeningSchema, "scr", "Record screenings."),
    *four_eyes_routes("/dossiers/screenings/decide", DECIDE_BY_PEOPLE, HitSchema, "scr", "clear or confirm hits", {}),
    CommandRoute("/dossiers/accounts/check", RECORD_ACCOUNT_CHECK, CheckedAccountSchema, "ack", "Record checks."),
    CommandRoute("/dossiers/activate", ACTIVATE, ActivationSchema, "dos", "Activate dossiers."),
    CommandRoute("/dossiers/send-back", SEND_BACK, SentBackSchema, "dos", "Send dossiers back for corrections."),
    CommandRoute("/dossiers/decline", DECLINE, DeclinedSchema, "dos", "Decline or end dossiers."),
    CommandRoute("/dossiers/review", REVIEW_DONE, ReviewedSchema, "dos", "End periodic reviews."),
    CommandRoute("/dossiers/people/erase", ERASE_PEOPLE, PersonErasedSchema, "dpe", "Erase people of dossiers."),
)

ROUTES: tuple[Route, ...] = (*_READING, *_PARTY, *_OPERATOR)
