"""Calling an identity provider: https only, to public addresses, no redirect followed, within bounds of time and size.

An administrator chooses the issuer, so that calling it must not become a way to look around in our own network (SSRF).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from scf.errors import FieldError, ScfError
from scf.setting_values import Network
from scf.webhooks.addresses import NotAllowed, addresses_of, place_of

_WAIT_SECONDS = (5, 10)
_BYTES_MAX = 512 * 1024


class ProviderError(ScfError):
    """The identity provider cannot be called, or answers what it should not."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Calls to providers. `private` are networks of the operator's own that may be called too, and by http."""

    private: Sequence[Network] = ()

    def get(self, url: str) -> dict[str, Any]:
        """The JSON object at a URL. Raises `ProviderError`."""
        return self._json("GET", url)

    def post(self, url: str, form: Mapping[str, str], user: str, password: str) -> dict[str, Any]:
        """The JSON object a form is answered with. Raises `ProviderError`."""
        return self._json("POST", url, data=form, auth=(user, password))

    def check(self, url: str) -> None:
        """Refuse a URL that may not be called. Raises `ProviderError`."""
        try:
            addresses_of(place_of(url), self.private)
        except (FieldError, NotAllowed):
            raise ProviderError(f"{url} is not called: give https and a public address") from None

    def _json(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        self.check(url)
        try:
            with requests.Session() as session:
                # neither proxies nor passwords out of the environment
                session.trust_env = False
                response = session.request(
                    method, url, timeout=_WAIT_SECONDS, allow_redirects=False, stream=True, **options
                )
                with response:
                    content = response.raw.read(_BYTES_MAX + 1, decode_content=True)
                    status = response.status_code
        except (requests.RequestException, OSError) as error:
            raise ProviderError(f"{url} does not answer: {type(error).__name__}") from error
        if status != 200 or len(content) > _BYTES_MAX:
            raise ProviderError(f"{url} answers with status {status} and {len(content)} bytes")
        return _object(url, content)


def _object(url: str, content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderError(f"{url} does not answer with a JSON object")
    return found
