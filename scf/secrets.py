"""Secrets of rows at rest: sealed by AES-GCM for the one row they stand in, under keys derived from the operator's.

A sealed text names the key that sealed it, so that several may be known: the first seals, all open. What was sealed
for one row does not open in another. It refuses to say what was wrong with a text that does not open.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from scf.errors import ScfError

_FORM = "v1"
_NONCE_BYTES = 12
_PURPOSE = "sealed fields"


class NotOpened(ScfError):
    """A sealed text does not open: its key is not known here, or it was sealed for another row, or was changed."""


def derive(secret: str, purpose: str) -> bytes:
    """32 bytes of the operator's secret for one purpose; another purpose's cannot be found from them."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"scf: {purpose}".encode()).derive(secret.encode())


class Vault:
    """Seals and opens small secrets. Its keys are never printed."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """`secrets` are the operator's, newest first: the first seals, all open."""
        derived = [derive(each, _PURPOSE) for each in secrets]
        self._keys = {sha256(key).hexdigest()[:8]: AESGCM(key) for key in derived}
        self._sealing = next(iter(self._keys), None)

    def seal(self, plain: str, context: str) -> str:
        """The text sealed for one place: `context` names table, column and the row's id, as "webhook_endpoint/17"."""
        if self._sealing is None:
            raise ScfError("secrets cannot be kept: set SCF_SECRET_KEY")
        nonce = os.urandom(_NONCE_BYTES)
        kept = nonce + self._keys[self._sealing].encrypt(nonce, plain.encode(), context.encode())
        return f"{_FORM}.{self._sealing}.{base64.urlsafe_b64encode(kept).decode()}"

    def open(self, sealed: str, context: str) -> str:
        """The plain text of what `seal` made for the same place. Raises `NotOpened`."""
        form, key_id, written = (*sealed.split("."), "", "")[:3]
        key = self._keys.get(key_id)
        if form != _FORM or key is None:
            raise NotOpened(
                f"a secret was sealed under a key that is not known here; add it to SCF_SECRET_KEY ({context})"
            )
        try:
            kept = base64.urlsafe_b64decode(written)
            return key.decrypt(kept[:_NONCE_BYTES], kept[_NONCE_BYTES:], context.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise NotOpened(f"a sealed secret was changed, or belongs elsewhere ({context})") from error


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A secret on its way into a row whose id is not known yet: a field of a command's batch that is never printed.

    Whoever calls the command makes it; the command's `write` seals it. It is no part of the batch's digest.
    """

    plain: str = field(repr=False)
    vault: Vault = field(repr=False)

    def sealed(self, context: str) -> str:
        """The text to store, see `Vault.seal`."""
        return self.vault.seal(self.plain, context)
