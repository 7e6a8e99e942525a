"""What an identity provider says about somebody: an id token, verified before a word of it is believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scf.errors import SettingsError
from scf.identity.oidc_http import ProviderError
from scf.people.queries import normal_email

try:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
except ModuleNotFoundError:  # the extra is not installed: everything but signing in by a provider works
    INSTALLED = False
else:
    INSTALLED = True

# signatures by a key that the provider alone holds; no HMAC, whose key we would share, and never "none"
_ALGORITHMS = ("RS256", "PS256", "ES256")
_LEEWAY_SECONDS = 60
_SUBJECT_MAX = 255
_MANY_FACTORS = frozenset(
    {"mfa", "http://schemas.openid.net/pape/policies/2007/06/multi-factor", "https://refeds.org/profile/mfa"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """Who the provider says it is. `email` is empty unless it was verified."""

    subject: str
    email: str
    name: str
    several_factors: bool
    shown_at: datetime | None


def check_installed() -> None:
    """Raises `SettingsError` saying what to install."""
    if not INSTALLED:
        raise SettingsError("signing in by an identity provider needs an extra: pip install 'scf[sso]'")


def read(token: str, keys: Mapping[str, Any], issuer: str, client_id: str, nonce: str, at: datetime) -> Said:
    """What an id token says. Raises `ProviderError` when it is not this issuer's, for us, for this sign-in, and now."""
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=_LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=_ALGORITHMS).claims  # type: ignore[arg-type]
        rules.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError(f"the id token of {issuer} does not hold: {type(error).__name__}") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise ProviderError(f"the id token of {issuer} was made for another party")
    return _said(claims)


def _said(claims: Mapping[str, Any]) -> Said:
    subject = claims["sub"]
    if not 1 <= len(subject) <= _SUBJECT_MAX:
        raise ProviderError("the subject of an id token has 1 to 255 characters")
    email = claims.get("email")
    verified = isinstance(email, str) and claims.get("email_verified") is True
    name = claims.get("name")
    methods = claims.get("amr")
    ways = {str(each) for each in methods} if isinstance(methods, list) else set()
    ways.add(str(claims.get("acr")))
    shown_at = claims.get("auth_time")
    return Said(
        subject,
        normal_email(str(email)) if verified else "",
        name if isinstance(name, str) else "",
        bool(ways & _MANY_FACTORS),
        datetime.fromtimestamp(shown_at, UTC) if isinstance(shown_at, int) else None,
    )
