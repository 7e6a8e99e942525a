"""Random secrets and what they hash to. Only the hash is ever stored.

SHA-256 alone is right here, where it would be wrong for a password: nobody guesses 256 random bits, so a row is found
by its hash, and how long the search takes tells nothing about the secret.
"""

import secrets
from hashlib import sha256

_BYTES = 32


def new_secret() -> str:
    """256 random bits as text that fits a header, a cookie and a link."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(secret: str) -> str:
    """SHA-256 of a secret, in hex."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
