"""Setting limits over HTTP, by four eyes."""

from typing import Any

from marshmallow import ValidationError, fields, pre_dump, validate, validates_schema

from scf.factoring.set_limit import SET_LIMIT, Ceiling
from scf.fields import Amount, Id, ItemSchema, NotPossible, currency
from scf.limits.api import READ
from scf.limits.positions import LimitKind
from scf.limits.schemas import holder
from scf.proposals.api import four_eyes_permissions, four_eyes_routes, proposals_list
from scf.roles import Role
from scf.routes import Route

_WHAT = "set limits"

PERMISSIONS = four_eyes_permissions(SET_LIMIT, _WHAT, frozenset({Role.CREDIT_OFFICER}), frozenset({Role.CHECKER}))


def _ceiling(
    kind: str, currency: str, ceiling_minor: int, organisation_id: int | None = None, programme_id: int | None = None
) -> Ceiling:
    return Ceiling(LimitKind(kind), organisation_id or programme_id or 0, currency, ceiling_minor)


class CeilingSchema(ItemSchema):
    """The ceiling of a limit on an organisation or, of the kind `programme`, on a programme."""

    makes = staticmethod(_ceiling)
    kind = fields.String(required=True, validate=[validate.OneOf([kind.value for kind in LimitKind])])
    organisation_id = Id("org")
    programme_id = Id("prg")
    currency = currency()
    ceiling = Amount(required=True)

    @validates_schema
    def _one_holder(self, given: dict[str, Any], **_options: Any) -> None:
        needed, other = "organisation_id", "programme_id"
        if given.get("kind") == LimitKind.PROGRAMME:
            needed, other = other, needed
        if needed not in given or other in given:
            raise ValidationError(NotPossible(f"a limit of this kind is on a {needed}, and on nothing else"), needed)

    @pre_dump
    def _named(self, set_to: Ceiling, **_options: Any) -> dict[str, Any]:
        amounts = {"currency": set_to.currency, "ceiling_minor": set_to.ceiling_minor}
        return {"kind": set_to.kind.value, **holder(set_to.kind, set_to.holder_id), **amounts}


ROUTES: tuple[Route, ...] = (
    *four_eyes_routes("/limits/set", SET_LIMIT, CeilingSchema, "lim", _WHAT, {}),
    proposals_list("/limits/set", SET_LIMIT, Ceiling, CeilingSchema, _WHAT, READ),
)
