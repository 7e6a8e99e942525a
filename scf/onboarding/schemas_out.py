"""What the routes of onboarding show, as marshmallow schemas."""

from marshmallow import Schema, fields

from scf.fields import Day, Id, Rate


class _OfDossier(Schema):
    organisation_id = Id("org", required=True, metadata={"description": "whose dossier it is"})
    dossier_id = Id("dos", required=True)


class DossierSchema(Schema):
    """A party's dossier as it stands."""

    id = Id("dos", required=True)
    organisation_id = Id("org", required=True)
    legal_form = fields.String(required=True)
    status = fields.String(required=True)
    nobody_owns = fields.Boolean(required=True)
    round = fields.Integer(required=True, metadata={"description": "counts submissions and reviews"})
    signature_id = Id("sig", required=True, allow_none=True)
    risk = fields.String(required=True, allow_none=True)
    review_due_on = Day(required=True, allow_none=True)
    applied_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class DossierDocumentSchema(_OfDossier):
    """A document of a dossier."""

    id = Id("ddc", required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    sha256 = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    added_at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)


class DossierPersonSchema(_OfDossier):
    """Somebody behind a party."""

    id = Id("dpe", required=True)
    role = fields.String(required=True)
    name = fields.String(required=True)
    born_on = Day(required=True, allow_none=True)
    country = fields.String(required=True)
    share = Rate(required=True, attribute="share_ppm")
    status = fields.String(required=True)
    named_at = fields.AwareDateTime(required=True)
    erased_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class DossierStepSchema(_OfDossier):
    """How a dossier moved, and why."""

    id = Id("dst", required=True)
    from_status = fields.String(required=True)
    to_status = fields.String(required=True)
    actor_id = Id("per", required=True)
    at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True)


class ScreeningSchema(_OfDossier):
    """What a screening found."""

    id = Id("scr", required=True)
    round = fields.Integer(required=True)
    method = fields.String(required=True)
    outcome = fields.String(required=True)
    details = fields.String(required=True)
    status = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    decision = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class AccountCheckSchema(_OfDossier):
    """An account that a party gave, and how it was checked."""

    id = Id("ack", required=True)
    iban = fields.String(required=True)
    holder = fields.String(required=True)
    method = fields.String(required=True)
    outcome = fields.String(required=True)
    details = fields.String(required=True)
    tries_left = fields.Integer(required=True)
    status = fields.String(required=True)
    given_at = fields.AwareDateTime(required=True)
    checked_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)
