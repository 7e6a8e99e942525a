"""What goes wrong with advances, over HTTP: recourse, guarantees, impairment, write-off, recovery, late charges."""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select

from scf.commands import Command, ScopeKind
from scf.factoring.queries import of_advances
from scf.fields import Day, Id
from scf.module import Permission
from scf.proposals.api import four_eyes_permissions, four_eyes_routes, proposals_list
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route
from scf.settlement import schemas
from scf.settlement.cash_routes import READ
from scf.settlement.guarantee import CALL_GUARANTEE, COLLECT_GUARANTEE, PAY_GUARANTOR
from scf.settlement.losses import IMPAIR, RECOVER, WRITE_OFF_BY_PEOPLE, WriteOff
from scf.settlement.models import late_charges, losses
from scf.settlement.recourse import CLAIM_RECOURSE, COLLECT_CLAIM

_WHAT = "write advances off"
_OPERATIONS, _CREDIT = frozenset({Role.OPERATIONS}), frozenset({Role.CREDIT_OFFICER})

# each verb on troubled advances: where it stands, what it does in words, who may, its items, and what it makes
_VERBS: tuple[tuple[str, Command[Any, Any, Any], str, frozenset[Role], type[Any], str], ...] = (
    ("/advances/claim-recourse", CLAIM_RECOURSE, "claim what was lent from its supplier", _OPERATIONS,
     schemas.RecourseSchema, "clm"),
    ("/claims/collect", COLLECT_CLAIM, "book what suppliers paid of their claims", _OPERATIONS,
     schemas.ClaimPaymentSchema, "adv"),
    ("/guarantees/call", CALL_GUARANTEE, "call guarantees", _OPERATIONS, schemas.GuaranteeCallSchema, "grc"),
    ("/guarantees/collect", COLLECT_GUARANTEE, "book what guarantors paid", _OPERATIONS,
     schemas.GuaranteePaymentSchema, "grc"),
    ("/guarantees/pay", PAY_GUARANTOR, "book what guarantors were paid of recoveries", _OPERATIONS,
     schemas.GuarantorPaymentSchema, "adv"),
    ("/advances/impair", IMPAIR, "impair advances", _CREDIT, schemas.ImpairmentSchema, "los"),
    ("/losses/recover", RECOVER, "book what came after a write-off", _OPERATIONS, schemas.RecoverySchema, "los"),
)  # fmt: skip

PERMISSIONS = (
    *(Permission(command.name, words, roles) for _, command, words, roles, _, _ in _VERBS),
    *four_eyes_permissions(WRITE_OFF_BY_PEOPLE, _WHAT, _CREDIT, frozenset({Role.CHECKER})),
)

_KINDS = ["impaired", "released", "written_off", "recovered"]


def _lost(caller: Caller) -> Select[Any]:
    return of_advances(losses, caller.in_book().id)


def _charged(caller: Caller) -> Select[Any]:
    return of_advances(late_charges, caller.in_book().id)


ROUTES: tuple[Route, ...] = (
    *(
        CommandRoute(path, command, schema, prefix, f"{words.capitalize()}.")
        for path, command, words, _, schema, prefix in _VERBS
    ),
    *four_eyes_routes("/advances/write-off", WRITE_OFF_BY_PEOPLE, schemas.WriteOffSchema, "los", _WHAT, {}),
    proposals_list("/advances/write-off", WRITE_OFF_BY_PEOPLE, WriteOff, schemas.WriteOffSchema, _WHAT, READ),
    ListRoute(
        path="/losses",
        permission=READ,
        schema=schemas.LossSchema,
        prefix="los",
        select=_lost,
        key=losses.c.id,
        summary="Impairments, what was released of them, write-offs and recoveries.",
        scope=ScopeKind.BOOK,
        filters={
            "kind": Filter(fields.String(validate=[validate.OneOf(_KINDS)]), losses.c.kind.__eq__),
            "advance_id": Filter(Id("adv"), losses.c.advance_id.__eq__),
            "value_from": Filter(Day(), losses.c.value_date.__ge__),
            "value_to": Filter(Day(), losses.c.value_date.__le__),
        },
    ),
    ListRoute(
        path="/late-charges",
        permission=READ,
        schema=schemas.LateChargeSchema,
        prefix="lch",
        select=_charged,
        key=late_charges.c.id,
        summary="Late charges recognised and waived.",
        scope=ScopeKind.BOOK,
        filters={"advance_id": Filter(Id("adv"), late_charges.c.advance_id.__eq__)},
    ),
)
