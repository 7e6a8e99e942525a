"""Takes secrets out of what is about to be logged: by the name they stand under, and by what they look like.

A secret that slips into a log is copied to places nobody counts; so this looks at every value of every line, however
deep, and at the text of errors too.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

MASK = "[redacted]"

_NAMES = re.compile(
    r"(^|[_-])(password|passwd|passphrase|secret|token|authorization|cookie|cookies|key|apikey|otp|totp|credential"
    r"|credentials|recovery_code|recovery_codes|totp_code|pin|session|csrf)$",
    re.IGNORECASE,
)

_LOOKS: tuple[re.Pattern[str], ...] = (
    re.compile(r"whsec_[A-Za-z0-9+/=_-]+"),
    # an API key; it has digits, which the names of our functions in the database have not
    re.compile(r"\bscf_(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?i)(?<=\bbearer )[^\s,;\"']+"),
    re.compile(r"(?i)(?<=\bbasic )[A-Za-z0-9+/=]{8,}"),
    # user:password@ of a URL
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"),
    re.compile(r"\$argon2(?:id|i|d)\$[^\s\"']+"),
    re.compile(
        r"(?i)(?<=password=)[^\s&,;\"')]+|(?<=secret=)[^\s&,;\"')]+|(?<=token=)[^\s&,;\"')]+"
        r"|(?<=api_key=)[^\s&,;\"')]+"
    ),
)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the line with every secret masked."""
    for name, value in event.items():
        event[name] = _of(name, value)
    return event


def redacted(text: str) -> str:
    """A text with everything masked that looks like a secret."""
    for look in _LOOKS:
        text = look.sub(MASK, text)
    return text


def _of(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if _NAMES.search(name):
        return MASK
    return _any(value)


def _any(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, bytes):
        return redacted(value.decode(errors="replace"))
    if isinstance(value, Mapping):
        return {key: _of(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_any(each) for each in value]
    return value if isinstance(value, int) else redacted(str(value))
