"""The routes of signatures and consents over HTTP, and who may give them."""

from collections.abc import Callable
from typing import Any

from flask import Response
from marshmallow import fields, validate
from sqlalchemy import Select, or_, select

from scf import files
from scf.commands import ScopeKind
from scf.fields import Id
from scf.module import Permission
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route, ViewRoute
from scf.signatures.consents import END, GIVE
from scf.signatures.documents import BINARY, served
from scf.signatures.models import consents, signatures
from scf.signatures.schemas import SUBJECT, ConsentEndSchema, ConsentSchema, NewConsentSchema, SignatureSchema
from scf.signatures.words import Purpose

READ, READ_SIGNATURES = "consents.read", "signatures.read"
_EVERYBODY = frozenset(Role)
_SIGNERS = frozenset({Role.CHECKER, Role.ADMINISTRATOR})

PERMISSIONS = (
    Permission(READ, "see the consents it gave and was given", _EVERYBODY),
    Permission(GIVE.name, "let another organisation see its financing or prices", _SIGNERS),
    Permission(END.name, "end such a consent", _SIGNERS),
    Permission(READ_SIGNATURES, "see what was signed for it or to it, and by whom", _EVERYBODY),
)


def _consents(caller: Caller) -> Select[Any]:
    """What the caller's organisation gave, and what it was given."""
    mine = caller.organisation_id
    return select(consents).where(or_(consents.c.organisation_id == mine, consents.c.to_id == mine))


def _signatures(caller: Caller) -> Select[Any]:
    """What was signed for the caller's organisation."""
    return select(signatures).where(signatures.c.organisation_id == caller.organisation_id)


_PURPOSE = fields.String(validate=[validate.OneOf([purpose.value for purpose in Purpose])])
_STATUS = fields.String(validate=[validate.OneOf(["given", "ended"])])


def signature_routes(scope: ScopeKind, rows: Callable[[Caller], Select[Any]], summary: str) -> tuple[Route, ...]:
    """The list of signatures that a caller may see, and the documents they sign."""

    def document(caller: Caller, id: int) -> Response:
        wanted = rows(caller).with_only_columns(signatures.c.document_sha256).where(signatures.c.id == id)
        with caller.reading() as connection:
            sha256 = connection.execute(wanted).scalar_one_or_none()
            return served(None if sha256 is None else files.read(connection, sha256), f"signed-{id}")

    listed = ListRoute(
        path="/signatures",
        permission=READ_SIGNATURES,
        schema=SignatureSchema,
        prefix="sig",
        select=rows,
        key=signatures.c.id,
        summary=summary,
        scope=scope,
        filters={
            "purpose": Filter(_PURPOSE, lambda value: signatures.c.purpose == value),
            "organisation_id": Filter(Id("org"), lambda value: signatures.c.organisation_id == value),
        },
    )
    signed = ViewRoute(
        method="GET",
        path="/signatures/<id(sig):id>/document",
        permission=READ_SIGNATURES,
        view=document,
        summary="The very bytes that were signed.",
        produces=BINARY,
        scope=scope,
    )
    return listed, signed


ROUTES: tuple[Route, ...] = (
    ListRoute(
        path="/consents",
        permission=READ,
        schema=ConsentSchema,
        prefix="cst",
        select=_consents,
        key=consents.c.id,
        summary="Consents given and received.",
        filters={
            "subject": Filter(SUBJECT, lambda value: consents.c.subject == value),
            "status": Filter(_STATUS, lambda value: consents.c.status == value),
            "organisation_id": Filter(Id("org"), lambda value: consents.c.organisation_id == value),
            "to_id": Filter(Id("org"), lambda value: consents.c.to_id == value),
        },
    ),
    CommandRoute("/consents/give", GIVE, NewConsentSchema, "cst", "Let other organisations see something of yours."),
    CommandRoute("/consents/end", END, ConsentEndSchema, "cst", "End consents; they end at once."),
    *signature_routes(ScopeKind.ORGANISATION, _signatures, "What was signed for the organisation."),
)
