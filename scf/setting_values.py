"""How the text of a setting is read: each function gives the value, or says what would do. No secret is repeated."""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from scf.errors import SettingsError

Network = IPv4Network | IPv6Network

TOKEN_MIN = 16
# hex digits hold half a byte each
_SECRET_CHARACTERS_MIN = 32
_SECRET_HEX_DIGITS_MIN = 64
_HEX = frozenset("0123456789abcdefABCDEF")


def folder(text: str) -> Path:
    """A folder that is there, or may be made."""
    found = Path(text).expanduser().absolute()
    if found.exists() and not found.is_dir():
        raise SettingsError(f"SCF_VAR: give a folder ({found} is a file)")
    return found


def database_url(url: str) -> str:
    """SQLAlchemy's URL of a database of either kind."""
    if url.startswith("sqlite:///"):
        return url
    for start in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(start):
            return "postgresql+psycopg://" + url.removeprefix(start)
    raise SettingsError(
        "SCF_DATABASE_URL: give sqlite:///FILE or postgresql://USER@HOST/DATABASE "
        f"(it starts with {url.split(':', 1)[0]!r})"
    )


def one_of(name: str, choices: Any) -> Callable[[str], str]:
    """One of the words of a literal type."""

    def read(value: str) -> str:
        if value not in get_args(choices):
            raise SettingsError(f"{name}: give one of {', '.join(get_args(choices))} (it is {value!r})")
        return value

    return read


def count(name: str, least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def read(value: str) -> int:
        if not value.isdecimal() or not least <= int(value) <= most:
            raise SettingsError(f"{name}: give a whole number from {least} to {most} (it is {value!r})")
        return int(value)

    return read


def public_url(value: str) -> str:
    """The site's address, without a slash at its end."""
    if not value.startswith(("https://", "http://")):
        raise SettingsError(f"SCF_PUBLIC_URL: give the site's address, like https://scf.example (it is {value!r})")
    return value.rstrip("/")


def smtp_url(value: str) -> str:
    """A mail server's address, or none."""
    if value and not value.startswith(("smtp://", "smtps://")):
        raise SettingsError("SCF_SMTP_URL: give smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465")
    return value


def switch(name: str) -> Callable[[str], bool]:
    """On or off."""

    def read(value: str) -> bool:
        if value not in ("0", "1"):
            raise SettingsError(f"{name}: give 1 or 0 (it is {value!r})")
        return value == "1"

    return read


def networks(value: str) -> tuple[Network, ...]:
    """Networks, apart by blanks or commas."""
    try:
        return tuple(ip_network(each) for each in value.replace(",", " ").split())
    except ValueError as error:
        raise SettingsError(
            f"SCF_WEBHOOK_PRIVATE: give networks like 10.20.0.0/16, apart by blanks ({error})"
        ) from None


def secret_keys(value: str) -> tuple[str, ...]:
    """Secrets, the newest first, each long enough that nobody guesses it."""
    keys = tuple(value.split())
    for n, key in enumerate(keys, start=1):
        least = _SECRET_HEX_DIGITS_MIN if set(key) <= _HEX else _SECRET_CHARACTERS_MIN
        if len(key) < least:
            raise SettingsError(f"SCF_SECRET_KEY: key {n} has {len(key)} characters, and needs {least} or more")
    return keys


def token(value: str) -> str:
    """A bearer token, or none."""
    if value and (len(value) < TOKEN_MIN or not value.isascii() or not value.isprintable() or " " in value):
        raise SettingsError(
            f"SCF_METRICS_TOKEN: give at least {TOKEN_MIN} printable characters without blanks; make some with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe())'"
        )
    return value


def masked(secret: object) -> str:
    """Whether a secret is set, and nothing else of it."""
    return "(set)" if secret else "(not set)"


def without_password(url: str) -> str:
    """A database's URL as it may be shown."""
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@", 1) if password else url


def listed(values: tuple[object, ...]) -> str:
    """Several values as they are written in a variable."""
    return " ".join(map(str, values)) or "(none)"
