"""Passwords: hashed by argon2id, weighed by zxcvbn, compared in the same time whether there is an account or not.

No rules about digits and capitals: length and how hard it is to guess decide, and the answer says what would help.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from scf.outcomes import Refusal

LENGTH_MIN, LENGTH_MAX = 12, 128
SCORE_MIN = 3
# zxcvbn's time grows with the square of the length, and the first letters decide
_WEIGHED = 72


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: passes, memory in KiB, lanes. Stored in every hash, so that it can be raised later."""

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 2


STANDARD = Cost()


@lru_cache(maxsize=8)
def _hasher(cost: Cost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)


@lru_cache(maxsize=8)
def _nobodys(cost: Cost) -> str:
    return _hasher(cost).hash("nobody has this password")


def normal(password: str) -> str:
    """One form for what looks the same, whichever keyboard it was typed on."""
    # half a character, which JSON can carry and UTF-8 cannot, is nobody's password
    whole = password.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", whole)


def hashed(password: str, cost: Cost = STANDARD) -> str:
    """What to store of a password."""
    return _hasher(cost).hash(normal(password))


def matches(stored: str | None, password: str, cost: Cost = STANDARD) -> bool:
    """True for the right password; without a stored one it does the same work, and says no."""
    try:
        right = _hasher(cost).verify(stored or _nobodys(cost), normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def is_outdated(stored: str, cost: Cost = STANDARD) -> bool:
    """True when a password was hashed at another cost than today's: hash it again now that it is known."""
    return _hasher(cost).check_needs_rehash(stored)


def weigh(password: str, about: Sequence[str]) -> Refusal | None:
    """Why a password will not do, None when it will; `about` are words its owner's enemies know."""
    text = normal(password)
    if not LENGTH_MIN <= len(text) <= LENGTH_MAX:
        bound = f"{LENGTH_MIN} to {LENGTH_MAX} characters"
        return Refusal("password_length", "password", f"{len(text)} characters", bound, "a few uncommon words will do")
    found = zxcvbn(text[:_WEIGHED], user_inputs=_words(about))
    if found["score"] >= SCORE_MIN:
        return None
    advice = [found["feedback"]["warning"], *found["feedback"]["suggestions"]]
    remedy = " ".join(each.rstrip(".") + "." for each in advice if each) or "Add another uncommon word or two."
    return Refusal("password_weak", "password", f"strength {found['score']}", f"{SCORE_MIN} of 4", remedy)


def _words(about: Sequence[str]) -> list[str]:
    whole = [each.lower() for each in about if each]
    parts = [part for each in whole for part in each.replace("@", " ").replace(".", " ").split() if len(part) > 2]
    return [*whole, *parts]
