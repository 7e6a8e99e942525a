"""What the routes of programmes, enrolments and agreements take and give, as marshmallow schemas."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from scf.fields import Day, Id, ItemSchema, NotPossible, Words
from scf.programmes.agreements import CONTENT_MAX, AgreementSignature, NewAgreement
from scf.programmes.instruct import NewInstruction
from scf.programmes.open import NewEnrolment, NewProgramme
from scf.signatures.schemas import SignedSchema, signed


class ProgrammeSchema(Schema):
    """An agreement of a funder with an anchor."""

    id = Id("prg", required=True)
    book_id = Id("bok", required=True)
    funder_id = Id("org", required=True)
    anchor_id = Id("org", required=True)
    name = fields.String(required=True)


class NewProgrammeSchema(ItemSchema):
    """A programme to open."""

    makes = NewProgramme
    anchor_id = Id("org", required=True)
    name = Words(80, 1, required=True)


class EnrolmentSchema(Schema):
    """A supplier in a programme."""

    id = Id("enr", required=True)
    programme_id = Id("prg", required=True)
    book_id = Id("bok", required=True)
    anchor_id = Id("org", required=True)
    supplier_id = Id("org", required=True)
    standing_from_on = Day(
        required=True,
        allow_none=True,
        metadata={"description": "from when a standing instruction offers what is confirmed; never shown to anchors"},
    )


class NewEnrolmentSchema(ItemSchema):
    """A supplier to enrol."""

    makes = NewEnrolment
    programme_id = Id("prg", required=True)
    supplier_id = Id("org", required=True)


class InstructionSchema(SignedSchema):
    """A standing instruction to give."""

    makes = signed(NewInstruction)
    enrolment_id = Id("enr", required=True)
    from_on = Day(required=True)


def _id(enrolment_id: int) -> int:
    return enrolment_id


class StopSchema(ItemSchema):
    """A standing instruction to stop."""

    makes = staticmethod(_id)
    enrolment_id = Id("enr", required=True)


class AgreementSchema(Schema):
    """A master agreement as it stands."""

    id = Id("agr", required=True)
    book_id = Id("bok", required=True)
    organisation_id = Id("org", required=True, metadata={"description": "who is asked to sign"})
    edition = fields.Integer(required=True)
    name = fields.String(required=True)
    document_sha256 = fields.String(required=True)
    status = fields.String(required=True)
    offered_at = fields.AwareDateTime(required=True)
    signed_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    signature_id = Id("sig", required=True, allow_none=True)
    version = fields.Integer(required=True)


class Content(fields.String):
    """Bytes as base64."""

    def __init__(self, longest: int, **options: Any) -> None:
        """`longest` is how many bytes are taken."""
        options.setdefault("metadata", {}).update(contentEncoding="base64", example="JVBERi0xLjcK")
        super().__init__(validate=[validate.Length(max=longest)], **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        written = super()._deserialize(value, attr, data, **kwargs)
        try:
            return base64.b64decode(written, validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError(NotPossible("give the document's bytes as base64")) from None


class NewAgreementSchema(ItemSchema):
    """A document that a party is asked to sign."""

    makes = NewAgreement
    organisation_id = Id("org", required=True)
    name = Words(120, 1, required=True)
    content = Content(CONTENT_MAX, required=True)


SHA256 = r"^[0-9a-f]{64}\Z"


def sha256() -> fields.String:
    """The SHA-256 of a document that was read."""
    rule = validate.Regexp(SHA256, error="give the 64 hexadecimal digits of the document's SHA-256")
    return fields.String(required=True, validate=[rule])


class AgreementSignatureSchema(SignedSchema):
    """An agreement to sign: it must be the document that was read."""

    makes = signed(AgreementSignature)
    agreement_id = Id("agr", required=True)
    document_sha256 = sha256()
