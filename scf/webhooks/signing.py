"""Secrets and signatures of webhooks, by the Standard Webhooks specification and its own library."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

_SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as integrators keep it: `whsec_` and 32 random bytes in base 64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def place_of_secret(endpoint_id: int) -> str:
    """What a sealed secret of an endpoint is bound to; the same for the old one, so that it can move over."""
    return f"webhook_endpoint/{endpoint_id}"


def signed(keys: Sequence[str], message_id: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of an attempt, signed by each of the secrets; `at` is the machine's instant, by which replays age."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(message_id, at, body) for key in keys),
    }
