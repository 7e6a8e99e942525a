"""The routes of programmes, enrolments, terms and agreements, and who may do what with them."""

from collections.abc import Callable

from flask import Response
from marshmallow import fields, validate
from sqlalchemy import ColumnElement

from scf import files
from scf.commands import ScopeKind
from scf.fields import Id
from scf.module import Permission
from scf.programmes.agree import AGREE_TERMS
from scf.programmes.agreements import OFFER, SIGN
from scf.programmes.consent import CONSENT, REFUSE
from scf.programmes.instruct import INSTRUCT, STOP_INSTRUCTING
from scf.programmes.models import Answer, enrolment_terms, enrolments, master_agreements, programmes, terms_answers
from scf.programmes.open import ENROL, OPEN_PROGRAMME
from scf.programmes.schemas import (
    AgreementSchema,
    AgreementSignatureSchema,
    EnrolmentSchema,
    InstructionSchema,
    NewAgreementSchema,
    NewEnrolmentSchema,
    NewProgrammeSchema,
    ProgrammeSchema,
    StopSchema,
)
from scf.programmes.terms_schemas import (
    NewTermsSchema,
    TermsConsentSchema,
    TermsRefusalSchema,
    TermsVersionSchema,
)
from scf.programmes.visible import (
    BOOKS_AGREEMENTS,
    BOOKS_ENROLMENTS,
    BOOKS_PROGRAMMES,
    BOOKS_VERSIONS,
    IN_FORCE,
    Rows,
    books_signatures,
    own_agreements,
    own_enrolments,
    own_programmes,
    own_versions,
)
from scf.proposals.api import four_eyes_permissions, four_eyes_routes
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route, ViewRoute
from scf.signatures.api import signature_routes
from scf.signatures.documents import BINARY, served

READ, READ_TERMS, READ_AGREEMENTS = "programmes.read", "programmes.read_terms", "agreements.read"
_WHAT = "offer terms to a supplier"
_EVERYBODY = frozenset(Role)
_BANKERS = frozenset({Role.CREDIT_OFFICER, Role.MAKER})
_SIGNERS = frozenset({Role.CHECKER, Role.ADMINISTRATOR})

PERMISSIONS = (
    Permission(READ, "see programmes and who takes part in them", _EVERYBODY),
    Permission(OPEN_PROGRAMME.name, "open a programme with an anchor", _BANKERS),
    Permission(ENROL.name, "enrol a supplier in a programme", _BANKERS),
    Permission(READ_TERMS, "see the terms of enrolments", _EVERYBODY),
    *four_eyes_permissions(AGREE_TERMS, _WHAT, _BANKERS, frozenset({Role.CREDIT_OFFICER, Role.CHECKER})),
    Permission(CONSENT.name, "consent to terms by signature", _SIGNERS),
    Permission(REFUSE.name, "refuse terms", _SIGNERS),
    Permission(INSTRUCT.name, "have everything that is confirmed offered by itself", _SIGNERS),
    Permission(STOP_INSTRUCTING.name, "stop a standing instruction", _SIGNERS),
    Permission(READ_AGREEMENTS, "see master agreements", _EVERYBODY),
    Permission(OFFER.name, "offer a master agreement to a party", frozenset({Role.CREDIT_OFFICER, Role.ADMINISTRATOR})),
    Permission(SIGN.name, "sign a master agreement", _SIGNERS),
)


def _document_of_terms(rows: Rows) -> Callable[..., Response]:
    def view(caller: Caller, id: int) -> Response:
        with caller.reading() as connection:
            row = connection.execute(rows(caller).where(enrolment_terms.c.id == id)).one_or_none()
        return served(row and row.body.encode(), f"terms-version-{row and row.number}.json")

    return view


def _document_of_agreement(rows: Rows) -> Callable[..., Response]:
    def view(caller: Caller, id: int) -> Response:
        with caller.reading() as connection:
            row = connection.execute(rows(caller).where(master_agreements.c.id == id)).one_or_none()
            content = row and files.read(connection, row.document_sha256)
        return served(content, f"agreement-edition-{row and row.edition}")

    return view


def _programmes(scope: ScopeKind, rows: Rows) -> tuple[Route, ...]:
    listed = ListRoute(
        path="/programmes",
        permission=READ,
        schema=ProgrammeSchema,
        prefix="prg",
        select=rows,
        key=programmes.c.id,
        summary="Programmes.",
        scope=scope,
        sorts={"name": programmes.c.name},
        filters={"anchor_id": Filter(Id("org"), lambda value: programmes.c.anchor_id == value)},
    )
    return (listed,)


def _enrolments(scope: ScopeKind, rows: Rows) -> tuple[Route, ...]:
    listed = ListRoute(
        path="/enrolments",
        permission=READ,
        schema=EnrolmentSchema,
        prefix="enr",
        select=rows,
        key=enrolments.c.id,
        summary="Who takes part in programmes.",
        scope=scope,
        filters={
            "programme_id": Filter(Id("prg"), lambda value: enrolments.c.programme_id == value),
            "supplier_id": Filter(Id("org"), lambda value: enrolments.c.supplier_id == value),
            "anchor_id": Filter(Id("org"), lambda value: enrolments.c.anchor_id == value),
        },
    )
    return (listed,)


def _terms(scope: ScopeKind, rows: Rows) -> tuple[Route, ...]:
    answers = fields.String(validate=[validate.OneOf([*(answer.value for answer in Answer), "none"])])
    listed = ListRoute(
        path="/terms",
        permission=READ_TERMS,
        schema=TermsVersionSchema,
        prefix="etm",
        select=rows,
        key=enrolment_terms.c.id,
        summary="Versions of terms, and what their suppliers said to them.",
        scope=scope,
        sorts={"from_on": enrolment_terms.c.from_on},
        filters={
            "enrolment_id": Filter(Id("enr"), lambda value: enrolment_terms.c.enrolment_id == value),
            "supplier_id": Filter(Id("org"), lambda value: enrolments.c.supplier_id == value),
            "answer": Filter(answers, _answered),
            "in_force": Filter(fields.Boolean(), lambda value: IN_FORCE if value else ~IN_FORCE),
        },
    )
    document = ViewRoute(
        method="GET",
        path="/terms/<id(etm):id>/document",
        permission=READ_TERMS,
        view=_document_of_terms(rows),
        summary="The very bytes that a consent to these terms signs.",
        produces=BINARY,
        scope=scope,
    )
    return listed, document


def _answered(value: str) -> ColumnElement[bool]:
    return terms_answers.c.answer.is_(None) if value == "none" else terms_answers.c.answer == value


def _agreements(scope: ScopeKind, rows: Rows) -> tuple[Route, ...]:
    statuses = fields.String(validate=[validate.OneOf(["offered", "signed", "ended"])])
    listed = ListRoute(
        path="/agreements",
        permission=READ_AGREEMENTS,
        schema=AgreementSchema,
        prefix="agr",
        select=rows,
        key=master_agreements.c.id,
        summary="Master agreements.",
        scope=scope,
        filters={
            "status": Filter(statuses, lambda value: master_agreements.c.status == value),
            "organisation_id": Filter(Id("org"), lambda value: master_agreements.c.organisation_id == value),
        },
    )
    document = ViewRoute(
        method="GET",
        path="/agreements/<id(agr):id>/document",
        permission=READ_AGREEMENTS,
        view=_document_of_agreement(rows),
        summary="The very bytes to sign.",
        produces=BINARY,
        scope=scope,
    )
    return listed, document


ROUTES: tuple[Route, ...] = (
    *_programmes(ScopeKind.BOOK, BOOKS_PROGRAMMES),
    *_programmes(ScopeKind.ORGANISATION, own_programmes),
    CommandRoute("/programmes/open", OPEN_PROGRAMME, NewProgrammeSchema, "prg", "Open programmes with anchors."),
    *_enrolments(ScopeKind.BOOK, BOOKS_ENROLMENTS),
    *_enrolments(ScopeKind.ORGANISATION, own_enrolments),
    CommandRoute("/enrolments/enrol", ENROL, NewEnrolmentSchema, "enr", "Enrol suppliers in programmes."),
    CommandRoute(
        "/enrolments/instruct", INSTRUCT, InstructionSchema, "enr", "Have what is confirmed offered by itself."
    ),
    CommandRoute("/enrolments/stop", STOP_INSTRUCTING, StopSchema, "enr", "Stop standing instructions, at once."),
    *_terms(ScopeKind.BOOK, BOOKS_VERSIONS),
    *_terms(ScopeKind.ORGANISATION, own_versions),
    *four_eyes_routes("/terms", AGREE_TERMS, NewTermsSchema, "etm", _WHAT, {}),
    CommandRoute("/terms/consent", CONSENT, TermsConsentSchema, "etm", "Consent to terms by signature."),
    CommandRoute("/terms/refuse", REFUSE, TermsRefusalSchema, "etm", "Refuse terms; what is in force stays."),
    *signature_routes(ScopeKind.BOOK, books_signatures, "What parties signed to the book's funder."),
    *_agreements(ScopeKind.BOOK, BOOKS_AGREEMENTS),
    *_agreements(ScopeKind.ORGANISATION, own_agreements),
    CommandRoute("/agreements/offer", OFFER, NewAgreementSchema, "agr", "Offer documents to parties to sign."),
    CommandRoute("/agreements/sign", SIGN, AgreementSignatureSchema, "agr", "Sign master agreements."),
)
