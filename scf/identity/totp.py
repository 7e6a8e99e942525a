"""Codes of an authenticator app (RFC 6238): pure but for drawing a new secret.

A code counts once: the step it belongs to is stored, and no code of that step or before it is taken again.
"""

from datetime import datetime
from hmac import compare_digest

import pyotp

STEP_SECONDS = 30
_DIGITS = 6
# a telephone's clock may be a step off
_STEPS_OFF = (0, -1, 1)


def new_secret() -> str:
    """160 random bits in base 32, as authenticator apps take them."""
    return pyotp.random_base32()


def uri(secret: str, email: str, issuer: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, at: datetime, last_step: int) -> int | None:
    """The time step whose code this is, None when it is no code of now, or of a step that is used up."""
    plain = code.replace(" ", "")
    if len(plain) != _DIGITS or not (plain.isascii() and plain.isdigit()):
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    found = None
    for off in _STEPS_OFF:
        if compare_digest(pyotp.TOTP(secret).generate_otp(now + off), plain):
            found = now + off
    return found if found is not None and found > last_step else None
