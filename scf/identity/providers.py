"""An organisation's identity provider: who signs its members in by OIDC. Set by four eyes: it opens every account.

A provider is never edited: another takes its place, and what it vouched for ends with it.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import Connection, select, update

from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.identity.models_factors import identity_providers
from scf.identity.models_sessions import sessions
from scf.outcomes import Outcome, done, refused
from scf.proposals.four_eyes import four_eyes
from scf.secrets import Vault

DOMAINS_MAX = 20
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+\Z")
_COLUMNS = (
    "id", "organisation_id", "issuer", "client_id", "client_secret", "domains", "status", "created_at", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewProvider:
    """A provider: its issuer, what it knows us by, whose addresses it speaks for, the secret as `sealed` makes it."""

    issuer: str
    client_id: str
    domains: tuple[str, ...]
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider in force."""

    id: int
    organisation_id: int
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    id: int
    held: list[int]


@dataclass(frozen=True, slots=True)
class _Plan:
    outcomes: list[Outcome]
    new: NewProvider | None = None
    ended: Sequence[int] = ()


def sealed(vault: Vault, organisation_id: int, secret: str) -> str:
    """A client secret as it is proposed and stored: sealed for the organisation, readable to no checker."""
    return vault.seal(secret, _context(organisation_id))


def opened(vault: Vault, provider: Provider) -> str:
    """The client secret of a provider."""
    return vault.open(provider.client_secret, _context(provider.organisation_id))


def find(connection: Connection, *, organisation_id: int = 0, id: int = 0) -> Provider | None:
    """The provider in force of an organisation, or of this id."""
    held = identity_providers.c
    row = connection.execute(
        select(held.id, held.organisation_id, held.issuer, held.client_id, held.client_secret, held.domains).where(
            held.status == "active", held.id == id if id else held.organisation_id == organisation_id
        )
    ).one_or_none()
    return Provider(*row[:5], tuple(json.loads(row.domains))) if row else None


def _load(unit: Unit, _batch: Sequence[object]) -> _Facts:
    held = identity_providers.c
    active = select(held.id).where(held.organisation_id == unit.scope.id, held.status == "active")
    rows = unit.connection.execute(active.with_for_update(key_share=True)).scalars()
    return _Facts(unit.ids.one(), list(rows))


def _decide(facts: _Facts, batch: Sequence[NewProvider]) -> _Plan:
    new = batch[0]
    refusal = _refusal(new)
    return _Plan([refusal]) if refusal else _Plan([done(facts.id)], new, facts.held)


def _refusal(new: NewProvider) -> Outcome | None:
    parts = urlsplit(new.issuer)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or parts.username:
        remedy = "give the issuer as its discovery document has it, like https://login.ash.example"
        return refused("not_an_issuer", field="issuer", value=new.issuer, remedy=remedy)
    if not 1 <= len(new.domains) <= DOMAINS_MAX:
        bound = f"1 to {DOMAINS_MAX}"
        return refused("domains", field="domains", value=str(len(new.domains)), bound=bound, remedy="name your own")
    for domain in new.domains:
        if not _DOMAIN.match(domain):
            return refused("not_a_domain", field="domains", value=domain, remedy="give a domain like ash.example")
    return None


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    if plan.new is None:
        return
    _end(unit, plan.ended)
    new = plan.new
    row = (facts.id, unit.scope.id, new.issuer, new.client_id, new.client_secret, json.dumps(list(new.domains)))
    bulk.insert(unit.connection, identity_providers, _COLUMNS, [(*row, "active", unit.at, 1)])


def _decide_end(facts: _Facts, batch: Sequence[int]) -> _Plan:
    if list(batch) != facts.held:
        return _Plan([refused("not_found", field="provider", remedy="give the provider in force")])
    return _Plan([done(batch[0])], ended=facts.held)


def _write_end(unit: Unit, _facts: _Facts, plan: _Plan) -> None:
    _end(unit, plan.ended)


def _end(unit: Unit, ids: Sequence[int]) -> None:
    bulk.move(unit.connection, identity_providers, ids, "active", "ended", ended_at=unit.at)
    theirs = bulk.among(unit.connection, sessions.c.provider_id, ids) & sessions.c.ended_at.is_(None)
    values = {"ended_at": unit.at, "ended_why": "provider ended", "version": sessions.c.version + 1}
    unit.connection.execute(update(sessions).where(theirs).values(values))


def _context(organisation_id: int) -> str:
    return f"identity_provider/of organisation {organisation_id}"


SET = Command("providers.set", ScopeKind.ORGANISATION, _load, _decide, _write, batch_max=1, checked=True)
SET_BY_PEOPLE = four_eyes(SET, NewProvider)
END = Command("providers.end", ScopeKind.ORGANISATION, _load, _decide_end, _write_end, batch_max=1, step_up=True)
