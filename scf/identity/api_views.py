"""The views of the routes that are no plain commands or lists: what shows a secret once, and what knows the session."""

from typing import Any

from sqlalchemy import select

from scf.commands import in_organisation, run
from scf.identity import factor_queries, freshness, key_use, providers
from scf.identity.callers import signed_in
from scf.identity.keys import NewKey
from scf.identity.models_sessions import sessions as rows
from scf.identity.providers import NewProvider
from scf.identity.sessions_end import END_OTHERS, Others
from scf.outcomes import Outcome
from scf.routes import Caller
from scf.web.schemas import shown

# as the batches of the API have it: a key of a caller never meets one that the platform made for itself
_KEY = "api/"


def make_keys(caller: Caller, items: list[NewKey], key: str) -> dict[str, Any]:
    """Make API keys; a repeated call gives the outcomes without the secrets."""
    outcomes, secrets = key_use.make_keys(caller.database, caller.actor, items, _KEY + key)
    return {"outcomes": [_made(outcome, secrets) for outcome in outcomes]}


def _made(outcome: Outcome, secrets: dict[int, str]) -> dict[str, Any]:
    secret = secrets.get(outcome.id) if outcome.id is not None else None
    return {**shown(outcome, "key", {}), "secret": secret}


def sessions(caller: Caller) -> dict[str, Any]:
    """The live sessions of the caller, whichever organisation each acts for: they are the person's own."""
    at, here = caller.database.clock.now(), signed_in()
    with caller.database.reading() as connection:
        found = connection.execute(
            select(rows)
            .where(rows.c.person_id == caller.actor.id, rows.c.ended_at.is_(None))
            .where(rows.c.created_at > at - freshness.LONGEST, rows.c.seen_at > at - freshness.IDLE)
            .order_by(rows.c.id)
        ).all()
    current = here.session_id if here else 0
    return {"items": [{**row._mapping, "current": row.id == current} for row in found]}


def end_other_sessions(caller: Caller, key: str) -> dict[str, Any]:
    """End every session of the caller but the one at hand."""
    here = signed_in()
    others = Others(here.session_id if here else 0)
    scope = in_organisation(caller.organisation_id)
    outcome = run(caller.database, END_OTHERS, [others], key=_KEY + key, actor=caller.actor, scope=scope)[0]
    return shown(outcome, "ses", {})


def factors(caller: Caller) -> dict[str, Any]:
    """The second factors of the caller."""
    with caller.database.reading() as connection:
        found = factor_queries.of_person(connection, caller.actor.id)
        left = factor_queries.unused_code_count(connection, caller.actor.id)
    return {"items": found, "recovery_code_count": left}


def propose_provider(
    caller: Caller, issuer: str, client_id: str, client_secret: str, domains: list[str], key: str
) -> dict[str, Any]:
    """Propose an identity provider; its secret is sealed before anything is stored."""
    sealed = providers.sealed(caller.running.vault, caller.organisation_id, client_secret)
    new = NewProvider(issuer, client_id, tuple(domains), sealed)
    scope = in_organisation(caller.organisation_id)
    propose = providers.SET_BY_PEOPLE.propose
    outcome = run(caller.database, propose, [new], key=_KEY + key, actor=caller.actor, scope=scope)[0]
    return shown(outcome, "pro", {})
