"""What the routes about members, keys, sessions and factors take and give; no answer holds a secret but a new key's."""

import json
from typing import Any

from marshmallow import Schema, fields, validate

from scf.fields import Day, Flag, Id, ItemSchema, Words
from scf.identity.invitation_rows import EMAIL_MAX
from scf.identity.invite import Administrator, Invitation
from scf.identity.keys import LONGEST_DAYS, NETWORKS_MAX, NewKey
from scf.identity.members import RoleOf
from scf.identity.open_book import NewBook
from scf.identity.providers import DOMAINS_MAX
from scf.identity.register import NewOrganisation
from scf.identity.role_rules import unpacked
from scf.identity.suspend import Suspension
from scf.roles import Role
from scf.web.schemas import OutcomeSchema

_NAME_MAX = 140
_URL_MAX = 200


def _roles() -> "fields.List[Any]":
    return fields.List(fields.Enum(Role, by_value=True), required=True, validate=[validate.Length(1, len(Role))])


def _email() -> Words:
    return Words(EMAIL_MAX, 3, required=True, metadata={"example": "ida@ash.example"})


def _named(prefix: str, name: str) -> type[ItemSchema]:
    """The schema of an item that is an id alone."""

    def make(**given: Any) -> int:
        return int(given[name])

    declared = {name: Id(prefix, required=True), "makes": staticmethod(make)}
    return type(f"{name.title().replace('_', '')}Schema", (ItemSchema,), {**declared, "__doc__": "One, by its id."})


InvitationIdSchema = _named("ivt", "invitation_id")
KeyIdSchema = _named("key", "key_id")
SessionIdSchema = _named("ses", "session_id")
FactorIdSchema = _named("fac", "factor_id")
ProviderIdSchema = _named("idp", "provider_id")


class NewOrganisationSchema(ItemSchema):
    """A party to register: its registration number is an LEI, a VAT number, or a register's."""

    makes = NewOrganisation
    name = Words(_NAME_MAX, 1, required=True)
    registration_ref = Words(40, 1, required=True)
    country = fields.String(required=True, validate=[validate.Regexp(r"^[A-Z]{2}\Z")], metadata={"example": "DE"})
    group_id = Id("org", load_default=0, metadata={"description": "the head of its obligor group"})


class NewBookSchema(ItemSchema):
    """A funder's book to open: the calendar says on which days it is."""

    makes = NewBook
    ref = Words(20, 1, required=True)
    funder_id = Id("org", required=True)
    calendar = Words(10, 1, required=True, metadata={"example": "TARGET"})
    first_on = Day(required=True)


class AdministratorSchema(ItemSchema):
    """Whom to invite as administrator of an organisation."""

    makes = Administrator
    organisation_id = Id("org", required=True)
    email = _email()
    name = Words(_NAME_MAX, 1, required=True)


def _invitation(email: str, name: str, roles: list[Role]) -> Invitation:
    return Invitation(email, name, tuple(roles))


class NewInvitationSchema(ItemSchema):
    """Whom to invite, and as what."""

    makes = staticmethod(_invitation)
    email = _email()
    name = Words(_NAME_MAX, 1, required=True)
    roles = _roles()


class RoleOfSchema(ItemSchema):
    """A role of a member."""

    makes = RoleOf
    person_id = Id("per", required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    reason = Words(200, load_default="")


class SuspensionSchema(ItemSchema):
    """A member to suspend, and why."""

    makes = Suspension
    person_id = Id("per", required=True)
    reason = Words(200, 1, required=True)


class RolesField(fields.Field[Any]):
    """Roles of a row, which holds them as one text."""

    def __init__(self, **options: Any) -> None:
        """Options as of any field."""
        options.setdefault("metadata", {}).update(type="array", items={"type": "string"})
        super().__init__(dump_only=True, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[str]:
        return [role.value for role in unpacked(value)]


class JsonList(fields.Field[Any]):
    """A list of words of a row, which holds it as JSON."""

    def __init__(self, **options: Any) -> None:
        """Options as of any field."""
        options.setdefault("metadata", {}).update(type="array", items={"type": "string"})
        super().__init__(dump_only=True, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[str]:
        return list(json.loads(value))


class MemberSchema(Schema):
    """A role that a member has."""

    id = Id("mem", required=True)
    person_id = Id("per", required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    role = fields.String(required=True)
    granted_at = fields.AwareDateTime(required=True)
    granted_by_id = Id("per", required=True)


class InvitationSchema(Schema):
    """An invitation. Name and address go some time after it ended."""

    id = Id("ivt", required=True)
    email = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    roles = RolesField(required=True)
    status = fields.String(required=True)
    invited_at = fields.AwareDateTime(required=True)
    invited_by_id = Id("per", required=True)
    expires_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    person_id = Id("per", required=True, allow_none=True)
    version = fields.Integer(required=True)


def _key(permissions: list[str], networks: list[str], **given: Any) -> NewKey:
    return NewKey(permissions=tuple(permissions), networks=tuple(networks), **given)


class NewKeySchema(ItemSchema):
    """An API key to make: it may do no more than whoever makes it."""

    makes = staticmethod(_key)
    name = Words(60, 1, required=True)
    permissions = fields.List(Words(80, 1), required=True, validate=[validate.Length(1, 500)])
    expires_on = Day(required=True, metadata={"description": f"the last day, at most {LONGEST_DAYS} days from now"})
    networks = fields.List(Words(50, 1), load_default=list, validate=[validate.Length(max=NETWORKS_MAX)])
    with_approvals = Flag(load_default=False, metadata={"description": "may approve; needs a fresh factor"})


class NewKeysSchema(Schema):
    """Keys to make."""

    items = fields.List(fields.Nested(NewKeySchema), required=True, validate=[validate.Length(1, 20)])


class KeyMadeSchema(OutcomeSchema):
    """What became of one key; its secret is shown to the first call alone."""

    secret = fields.String(required=True, allow_none=True)


class KeysMadeSchema(Schema):
    """What became of each key."""

    outcomes = fields.List(fields.Nested(KeyMadeSchema), required=True)


class KeySchema(Schema):
    """An API key, without its secret, which is kept nowhere."""

    id = Id("key", required=True)
    person_id = Id("per", required=True)
    name = fields.String(required=True)
    permissions = JsonList(required=True)
    networks = JsonList(required=True)
    with_approvals = fields.Boolean(required=True)
    status = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    used_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class SessionSchema(Schema):
    """A live session of one's own."""

    id = Id("ses", required=True)
    organisation_id = Id("org", required=True)
    created_at = fields.AwareDateTime(required=True)
    seen_at = fields.AwareDateTime(required=True)
    network = fields.String(required=True, allow_none=True)
    agent = fields.String(required=True, allow_none=True)
    current = fields.Boolean(required=True)


class SessionsSchema(Schema):
    """The live sessions of one's own."""

    items = fields.List(fields.Nested(SessionSchema), required=True)


class FactorSchema(Schema):
    """A second factor of one's own."""

    id = Id("fac", required=True)
    kind = fields.String(required=True, metadata={"description": "totp or passkey"})
    name = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    used_at = fields.AwareDateTime(required=True, allow_none=True)


class FactorsSchema(Schema):
    """The second factors of one's own, and how many recovery codes are left."""

    items = fields.List(fields.Nested(FactorSchema), required=True)
    recovery_code_count = fields.Integer(required=True)


class NewProviderSchema(Schema):
    """An identity provider to propose."""

    issuer = Words(_URL_MAX, 8, required=True, metadata={"example": "https://login.ash.example"})
    client_id = Words(_URL_MAX, 1, required=True)
    client_secret = Words(_URL_MAX, 1, required=True, load_only=True)
    domains = fields.List(Words(100, 3), required=True, validate=[validate.Length(1, DOMAINS_MAX)])


class ProviderSchema(Schema):
    """The identity provider in force, without its secret."""

    id = Id("idp", required=True)
    issuer = fields.String(required=True)
    client_id = fields.String(required=True)
    domains = JsonList(required=True)
    status = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)
