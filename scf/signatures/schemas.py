"""What the routes of signatures and consents take and give, as marshmallow schemas."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields, validate

from scf.fields import Id, ItemSchema, Words
from scf.signatures.consents import NewConsent
from scf.signatures.methods import CLICK, Signing
from scf.signatures.words import Subject

EVIDENCE_MAX = 20_000


def signed(make: Callable[..., Any]) -> Callable[..., Any]:
    """`makes` of an item that is signed: how it is signed becomes its `signing`."""

    def made(method: str, evidence: str, **loaded: Any) -> Any:
        return make(**loaded, signing=Signing(method, evidence))

    return staticmethod(made)


class SignedSchema(ItemSchema):
    """An item that is signed: by a click, unless another method is named, with what that method asks for."""

    method = Words(30, 1, load_default=CLICK, metadata={"description": "click, or a method this platform offers"})
    evidence = Words(EVIDENCE_MAX, load_default="", metadata={"description": "what the method asks for"})


class SignatureSchema(Schema):
    """Who signed which document, for what and how."""

    id = Id("sig", required=True)
    organisation_id = Id("org", required=True, metadata={"description": "for whom was signed"})
    signer_id = Id("per", required=True)
    purpose = fields.String(required=True)
    document_sha256 = fields.String(required=True)
    method = fields.String(required=True)
    method_ref = fields.String(required=True)
    stepped_up = fields.Boolean(required=True, metadata={"description": "a second factor had been shown lately"})
    signed_at = fields.AwareDateTime(required=True)


class ConsentSchema(Schema):
    """What one organisation lets another see."""

    id = Id("cst", required=True)
    organisation_id = Id("org", required=True, metadata={"description": "who gives it"})
    to_id = Id("org", required=True, metadata={"description": "who may see"})
    subject = fields.String(required=True)
    status = fields.String(required=True)
    given_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    signature_id = Id("sig", required=True)
    version = fields.Integer(required=True)


class NewConsentSchema(SignedSchema):
    """An organisation that may see something of the caller's."""

    makes = signed(NewConsent)
    to_id = Id("org", required=True)
    subject = fields.Enum(Subject, by_value=True, required=True)


def _id(consent_id: int) -> int:
    return consent_id


class ConsentEndSchema(ItemSchema):
    """A consent to end."""

    makes = staticmethod(_id)
    consent_id = Id("cst", required=True)


SUBJECT = fields.String(validate=[validate.OneOf([subject.value for subject in Subject])])
