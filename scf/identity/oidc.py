"""Signing in by an organisation's identity provider: OIDC, authorization code with PKCE, state and nonce.

Whoever vouches for the members of one organisation vouches for nobody elsewhere: the session acts for that organisation
alone, and may not touch what else its person signs in by. Which provider is asked is told by the organisation's own
link, never by the domain of an address: anybody could claim another's domain.
"""

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import Connection

from scf import ids
from scf.commands import transact
from scf.db.engine import Database
from scf.identity import attempts, oidc_token, providers
from scf.identity.attempts import Attempt
from scf.identity.freshness import FACTOR_FRESH
from scf.identity.oidc_http import Fetch, ProviderError
from scf.identity.oidc_link import link
from scf.identity.oidc_token import Said
from scf.identity.providers import Provider
from scf.identity.sign_in import SignInResult, entered, tried
from scf.identity.site import Site
from scf.identity.tokens import hash_of
from scf.outcomes import Refusal
from scf.secrets import NotOpened, Vault

_WITHIN = timedelta(minutes=10)
_CONTEXT = "oidc sign-in"


@dataclass(frozen=True, slots=True)
class Start:
    """Where the browser goes, and what it brings back in a cookie of its own: that binds the answer to it."""

    url: str
    ticket: str = field(repr=False)


def start(
    database: Database, vault: Vault, site: Site, fetch: Fetch, organisation_id: int, *, anew: bool = False
) -> Start | None:
    """Begin a sign-in by the provider of an organisation; None when it has none.

    `anew` asks the provider to ask its user again, whatever it remembers. Raises `ProviderError`.
    """
    oidc_token.check_installed()
    with database.reading() as connection:
        provider = providers.find(connection, organisation_id=organisation_id)
    if provider is None:
        return None
    found = _discovered(fetch, provider)
    flow = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": _callback(site, provider),
        "scope": "openid email profile",
        "state": flow["state"],
        "nonce": flow["nonce"],
        "code_challenge": _challenge(flow["verifier"]),
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if anew else {}),
    }
    kept = {**flow, "provider_id": provider.id, "at": int(database.clock.now().timestamp())}
    endpoint = _endpoint(fetch, found, "authorization_endpoint")
    joined = "&" if "?" in endpoint else "?"
    return Start(f"{endpoint}{joined}{urlencode(asked)}", vault.seal(json.dumps(kept), _CONTEXT))


def finish(
    database: Database,
    vault: Vault,
    site: Site,
    fetch: Fetch,
    provider_id: int,
    ticket: str,
    state: str,
    code: str,
    address: str,
    agent: str,
) -> SignInResult | Refusal:
    """Sign in whom the provider vouches for. `provider_id` is of the address the browser came back to.

    Raises `ProviderError` when the provider does not answer as it should.
    """
    oidc_token.check_installed()
    at = database.clock.now()
    flow = _flow(vault, ticket, at)
    # each provider comes back to an address of its own: another's answer is not passed off as this one's
    if flow is None or flow["provider_id"] != provider_id or not compare_digest(flow["state"], state):
        return Refusal("sign_in_over", "state", remedy="begin again, in this browser")
    with database.reading() as connection:
        provider = providers.find(connection, id=provider_id)
    if provider is None:
        return Refusal("no_provider", "provider", remedy="sign in by your organisation's own link")
    said = _answered(vault, site, fetch, provider, flow, code, at)
    return _enter(database, provider, said, address, agent, at)


def _enter(
    database: Database, provider: Provider, said: Said, address: str, agent: str, at: datetime
) -> SignInResult | Refusal:
    origin = attempts.origin(address, agent)
    attempt = Attempt("sso", hash_of(f"{provider.id} {said.subject}"), origin)
    attempt_id, free_at = tried(database, attempt, at)
    if free_at is not None:
        return SignInResult(free_at=free_at)
    person_id = link(database, provider, said)
    if isinstance(person_id, Refusal):
        return person_id
    taken = database.ids()

    def enter(connection: Connection) -> str:
        attempts.succeed(connection, attempt_id, person_id)
        shown_at = factor_at(said, at)
        return entered(taken, connection, person_id, provider.organisation_id, origin, at, shown_at, provider.id)

    return SignInResult(transact(database, enter), person_id)


def factor_at(said: Said, at: datetime) -> datetime | None:
    """When the provider's user showed several factors; said without a time, they count, but not as fresh."""
    if not said.several_factors:
        return None
    return min(said.shown_at, at) if said.shown_at else at - FACTOR_FRESH


def _answered(
    vault: Vault, site: Site, fetch: Fetch, provider: Provider, flow: dict[str, Any], code: str, at: datetime
) -> Said:
    found = _discovered(fetch, provider)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _callback(site, provider),
        "code_verifier": flow["verifier"],
    }
    # in the header both are percent-encoded first (RFC 6749, 2.3.1)
    user, password = quote(provider.client_id, safe=""), quote(providers.opened(vault, provider), safe="")
    given = fetch.post(_endpoint(fetch, found, "token_endpoint"), form, user, password)
    keys = fetch.get(_endpoint(fetch, found, "jwks_uri"))
    token = str(given.get("id_token", ""))
    return oidc_token.read(token, keys, provider.issuer, provider.client_id, flow["nonce"], at)


def _discovered(fetch: Fetch, provider: Provider) -> dict[str, Any]:
    found = fetch.get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise ProviderError(f"{provider.issuer} says it is another issuer")
    return found


def _endpoint(fetch: Fetch, found: dict[str, Any], name: str) -> str:
    url = str(found.get(name, ""))
    fetch.check(url)
    return url


def _flow(vault: Vault, ticket: str, at: datetime) -> dict[str, Any] | None:
    try:
        flow: dict[str, Any] = json.loads(vault.open(ticket, _CONTEXT))
    except NotOpened:
        return None
    return flow if at.timestamp() - flow["at"] < _WITHIN.total_seconds() else None


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _callback(site: Site, provider: Provider) -> str:
    return site.link(f"/sign-in/oidc/{ids.text('idp', provider.id)}")
