"""The routes about parties, members, invitations, keys, one's own sessions and factors, and the identity provider.

Signing in, and whatever else changes the cookie, is not here: see `scf.app`.
"""

from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, select

from scf.fields import Id
from scf.identity import api_views as views
from scf.identity import providers
from scf.identity.factors import REMOVE
from scf.identity.invitations import RESEND, WITHDRAW
from scf.identity.invite import BEGIN, INVITE_ALONE, INVITE_BY_PEOPLE, RESCUE_BY_PEOPLE
from scf.identity.keys_revoke import REVOKE
from scf.identity.members import GRANT_BY_PEOPLE, TAKE_BY_PEOPLE
from scf.identity.models_factors import identity_providers
from scf.identity.models_members import invitations, memberships
from scf.identity.models_sessions import api_keys
from scf.identity.open_book import OPEN_BOOK
from scf.identity.register import REGISTER
from scf.identity.schemas import (
    AdministratorSchema,
    FactorIdSchema,
    FactorsSchema,
    InvitationIdSchema,
    InvitationSchema,
    KeyIdSchema,
    KeySchema,
    KeysMadeSchema,
    MemberSchema,
    NewBookSchema,
    NewInvitationSchema,
    NewKeysSchema,
    NewOrganisationSchema,
    NewProviderSchema,
    ProviderIdSchema,
    ProviderSchema,
    RoleOfSchema,
    SessionIdSchema,
    SessionsSchema,
    SuspensionSchema,
)
from scf.identity.sessions_end import END, END_OTHERS
from scf.identity.suspend import SUSPEND
from scf.people.models import people
from scf.proposals.api import four_eyes_routes
from scf.proposals.schemas import DecisionSchema
from scf.roles import Role
from scf.routes import Caller, CommandRoute, Filter, ListRoute, Route, ViewRoute
from scf.web.schemas import OutcomeSchema


def _members(caller: Caller) -> Select[Any]:
    return (
        select(memberships, people.c.name, people.c.email)
        .join(people, people.c.id == memberships.c.person_id)
        .where(memberships.c.organisation_id == caller.organisation_id, memberships.c.status == "active")
    )


def _invitations(caller: Caller) -> Select[Any]:
    return select(invitations).where(invitations.c.organisation_id == caller.organisation_id)


def _keys(caller: Caller) -> Select[Any]:
    """One's own keys, everybody's for those who may see them."""
    here = select(api_keys).where(api_keys.c.organisation_id == caller.organisation_id)
    return here if caller.actor.may("keys.view_any") else here.where(api_keys.c.person_id == caller.actor.id)


def _providers(caller: Caller) -> Select[Any]:
    return select(identity_providers).where(identity_providers.c.organisation_id == caller.organisation_id)


_PERSON = {"person_id": Filter(Id("per"), lambda value: memberships.c.person_id == value)}
_ROLE = fields.Enum(Role, by_value=True)
_STATUS = fields.String(validate=[validate.OneOf(["open", "accepted", "withdrawn"])])
_KEY_STATUS = fields.String(validate=[validate.OneOf(["active", "revoked"])])

_PARTIES: tuple[Route, ...] = (
    CommandRoute("/organisations/register", REGISTER, NewOrganisationSchema, "org", "Register organisations."),
    CommandRoute("/books/open", OPEN_BOOK, NewBookSchema, "bok", "Open funders' books."),
    CommandRoute(
        "/organisations/administrators/invite",
        BEGIN,
        AdministratorSchema,
        "ivt",
        "Invite the first administrators of organisations.",
    ),
    *four_eyes_routes(
        "/organisations/administrators",
        RESCUE_BY_PEOPLE,
        AdministratorSchema,
        "ivt",
        "invite administrators to organisations that had some",
        {},
    ),
)

_MEMBERS: tuple[Route, ...] = (
    ListRoute(
        path="/members",
        permission="members.view",
        schema=MemberSchema,
        prefix="mem",
        select=_members,
        key=memberships.c.id,
        summary="The roles of the members.",
        filters={**_PERSON, "role": Filter(_ROLE, lambda value: memberships.c.role == value)},
    ),
    *four_eyes_routes("/members/roles/grant", GRANT_BY_PEOPLE, RoleOfSchema, "mem", "give members roles", {}),
    *four_eyes_routes("/members/roles/take", TAKE_BY_PEOPLE, RoleOfSchema, "mem", "take roles from members", {}),
    CommandRoute(
        "/members/suspend", SUSPEND, SuspensionSchema, "per", "Suspend members: their sessions and keys end at once."
    ),
    ListRoute(
        path="/invitations",
        permission="invitations.view",
        schema=InvitationSchema,
        prefix="ivt",
        select=_invitations,
        key=invitations.c.id,
        summary="Invitations.",
        sorts={"invited_at": invitations.c.invited_at},
        filters={"status": Filter(_STATUS, lambda value: invitations.c.status == value)},
    ),
    *four_eyes_routes("/invitations", INVITE_BY_PEOPLE, NewInvitationSchema, "ivt", "invite people", {}),
    CommandRoute(
        "/invitations/invite-alone",
        INVITE_ALONE,
        NewInvitationSchema,
        "ivt",
        "Invite people while there has been but one administrator.",
    ),
    CommandRoute("/invitations/resend", RESEND, InvitationIdSchema, "ivt", "Send open invitations again."),
    CommandRoute("/invitations/withdraw", WITHDRAW, InvitationIdSchema, "ivt", "Withdraw open invitations."),
)

_KEYS: tuple[Route, ...] = (
    ListRoute(
        path="/keys",
        permission="keys.view",
        schema=KeySchema,
        prefix="key",
        select=_keys,
        key=api_keys.c.id,
        summary="API keys: one's own, or the organisation's for its administrators.",
        filters={"status": Filter(_KEY_STATUS, lambda value: api_keys.c.status == value)},
    ),
    ViewRoute(
        "POST",
        "/keys",
        "keys.make",
        views.make_keys,
        "Make API keys; each secret is shown once.",
        takes=NewKeysSchema,
        answers=KeysMadeSchema,
        keyed=True,
    ),
    CommandRoute("/keys/revoke", REVOKE, KeyIdSchema, "key", "Revoke API keys; they open nothing from then on."),
)

_OWN: tuple[Route, ...] = (
    ViewRoute("GET", "/sessions", "sessions.view", views.sessions, "One's own live sessions.", answers=SessionsSchema),
    CommandRoute("/sessions/end", END, SessionIdSchema, "ses", "End sessions of one's own."),
    ViewRoute(
        "POST",
        "/sessions/end-others",
        END_OTHERS.name,
        views.end_other_sessions,
        "End every session of one's own but this one.",
        answers=OutcomeSchema,
        keyed=True,
    ),
    ViewRoute("GET", "/factors", "factors.view", views.factors, "One's own second factors.", answers=FactorsSchema),
    CommandRoute("/factors/remove", REMOVE, FactorIdSchema, "fac", "Remove second factors of one's own."),
)

_PROVIDER: tuple[Route, ...] = (
    ListRoute(
        path="/identity-providers",
        permission="providers.view",
        schema=ProviderSchema,
        prefix="idp",
        select=_providers,
        key=identity_providers.c.id,
        summary="The identity provider, and those before it.",
    ),
    ViewRoute(
        "POST",
        "/identity-providers/propose",
        providers.SET_BY_PEOPLE.propose.name,
        views.propose_provider,
        "Propose to sign members in by an identity provider.",
        takes=NewProviderSchema,
        answers=OutcomeSchema,
        keyed=True,
    ),
    CommandRoute(
        "/identity-providers/accept",
        providers.SET_BY_PEOPLE.accept,
        DecisionSchema,
        "idp",
        "Agree to sign members in by an identity provider.",
    ),
    CommandRoute(
        "/identity-providers/decline",
        providers.SET_BY_PEOPLE.decline,
        DecisionSchema,
        "pro",
        "Decline to sign members in by an identity provider.",
    ),
    CommandRoute(
        "/identity-providers/proposals/withdraw",
        providers.SET_BY_PEOPLE.withdraw,
        DecisionSchema,
        "pro",
        "No longer propose to sign members in by an identity provider.",
    ),
    CommandRoute(
        "/identity-providers/end", providers.END, ProviderIdSchema, "idp", "Stop signing members in by the provider."
    ),
)

ROUTES: tuple[Route, ...] = (*_PARTIES, *_MEMBERS, *_KEYS, *_OWN, *_PROVIDER)
