"""What the routes of signing in take and give. Passwords, codes and links are taken and never given back."""

from marshmallow import INCLUDE, Schema, fields, validate

from scf.fields import Id, Words
from scf.identity.invitation_rows import EMAIL_MAX
from scf.web.schemas import OutcomeSchema

_NAME_MAX = 140
_FACTOR_NAME_MAX = 60


def _secret(longest: int = 1000) -> fields.String:
    return fields.String(required=True, load_only=True, validate=[validate.Length(1, longest)])


class SignInSchema(Schema):
    """Who signs in."""

    email = Words(EMAIL_MAX, 1, required=True, metadata={"example": "ida@ash.example"})
    password = _secret()


class CodeSchema(Schema):
    """A code of an authenticator app, or a recovery code."""

    code = _secret(100)


class AnswerResponseSchema(Schema):
    """What the device signed."""

    class Meta:
        """Browsers add to it."""

        unknown = INCLUDE

    clientDataJSON = fields.String(required=True)


class PasskeyAnswerSchema(Schema):
    """What a browser gives for a passkey, by `toJSON()`."""

    class Meta:
        """Browsers add to it."""

        unknown = INCLUDE

    id = fields.String(required=True)
    rawId = fields.String(required=True)
    type = fields.String(required=True)
    response = fields.Nested(AnswerResponseSchema, required=True)


class PasskeyShownSchema(Schema):
    """A passkey shown."""

    answer = fields.Nested(PasskeyAnswerSchema, required=True)


class NewPasskeySchema(PasskeyShownSchema):
    """A passkey that the browser made."""

    name = Words(_FACTOR_NAME_MAX, 1, required=True)


class PasskeyOptionsSchema(Schema):
    """What `navigator.credentials` takes, as JSON."""

    options = fields.Dict(keys=fields.String(), required=True)


class SwitchSchema(Schema):
    """Which organisation to act for."""

    organisation_id = Id("org", required=True)


class ChoiceSchema(Schema):
    """An organisation that one may act for."""

    organisation_id = Id("org", required=True)
    name = fields.String(required=True)
    current = fields.Boolean(required=True)


class ChoicesSchema(Schema):
    """The organisations that one may act for."""

    items = fields.List(fields.Nested(ChoiceSchema), required=True)


class SignedInSchema(Schema):
    """Who is signed in, and what they may do now."""

    session_id = Id("ses", required=True)
    person_id = Id("per", required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    organisation_id = Id("org", required=True)
    organisation_name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    permissions = fields.List(fields.String(), required=True)
    lacks = fields.String(
        required=True,
        validate=[validate.OneOf(["", "factor", "enrolment"])],
        metadata={"description": "what comes first: show a factor, set one up, or nothing"},
    )
    stepped_up = fields.Boolean(required=True, metadata={"description": "a factor was shown lately: may approve"})
    by_provider = fields.Boolean(required=True, metadata={"description": "an identity provider vouched"})
    csrf_token = fields.String(required=True, metadata={"description": "send it as X-CSRF-Token with every write"})


class TotpOfferSchema(Schema):
    """A secret for an authenticator app; it is shown this once."""

    secret = fields.String(required=True)
    uri = fields.String(required=True)
    qr = fields.String(required=True, metadata={"description": "the same as a QR code, SVG"})
    ticket = fields.String(required=True, metadata={"description": "bring it back with the first code"})


class NewTotpSchema(Schema):
    """An app that shows codes of what it was offered."""

    ticket = _secret(2000)
    code = _secret(100)
    name = Words(_FACTOR_NAME_MAX, 1, required=True)


class FactorAddedSchema(OutcomeSchema):
    """What became of it, and the session as it goes on."""

    session = fields.Nested(SignedInSchema, required=True)


class CodesSchema(Schema):
    """New recovery codes, none for a call that is repeated."""

    codes = fields.List(fields.String(), required=True)


class ChangePasswordSchema(Schema):
    """One's own password, changed."""

    current = _secret()
    new = _secret()


class ForgottenSchema(Schema):
    """Whose password is forgotten."""

    email = Words(EMAIL_MAX, 1, required=True)


class ResetSchema(Schema):
    """A mailed link, and the password to set by it."""

    token = _secret(200)
    new = _secret()


class LinkSchema(Schema):
    """A mailed link."""

    token = _secret(200)


class AcceptSchema(LinkSchema):
    """An invitation accepted: with a new password, or the one that its person has."""

    name = Words(_NAME_MAX, load_default="", metadata={"description": "empty: as the invitation has it"})
    password = _secret()


class WelcomeSchema(Schema):
    """What a link invites to."""

    organisation_id = Id("org", required=True)
    organisation_name = fields.String(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    has_password = fields.Boolean(required=True, metadata={"description": "known here: give that password"})


class AcceptedSchema(Schema):
    """Who is a member now."""

    person_id = Id("per", required=True)
