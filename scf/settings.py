"""What the operator sets, read once from the environment's variables. It knows no default that is unsafe to forget."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, cast, get_args

from scf.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent

Migrate = Literal["auto", "check"]
Network = IPv4Network | IPv6Network

# hex digits hold half a byte each
_SECRET_CHARACTERS_MIN = 32
_SECRET_HEX_DIGITS_MIN = 64
_HEX = frozenset("0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url` is SQLAlchemy's; `migrate` says whether a start upgrades the database or only checks it.

    `secret_keys` are what secrets in rows are sealed under, newest first; none: `secret_keys_of` keeps one in a file.
    `public_url` is where people find the site: cookies are secure when it is https. `proxy_count` proxies stand before
    it, whose word about the caller's address is taken. `calls_per_minute` are allowed a credential.
    `webhook_private` are the networks that are not of the Internet and that webhooks may be sent to all the same.
    """

    database_url: str
    var_folder: Path
    migrate: Migrate
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    webhook_private: tuple[Network, ...] = ()
    public_url: str = "http://127.0.0.1:8000"
    proxy_count: int = 0
    calls_per_minute: int = 1200


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from `SCF_DATABASE_URL`, `SCF_VAR`, `SCF_MIGRATE`, `SCF_SECRET_KEY`, `SCF_WEBHOOK_PRIVATE`,
    `SCF_PUBLIC_URL`, `SCF_PROXIES` and `SCF_CALLS_PER_MINUTE`.

    An empty variable counts as not set.

    Raises SettingsError naming the variable and what would do.
    """
    var_folder = Path(environ.get("SCF_VAR") or ROOT / "var").expanduser().absolute()
    database_url = _database_url(environ.get("SCF_DATABASE_URL") or f"sqlite:///{var_folder / 'scf.db'}")
    # PostgreSQL is production: its owner says when the schema changes
    unasked = "auto" if database_url.startswith("sqlite") else "check"
    return Settings(
        database_url=database_url,
        var_folder=var_folder,
        migrate=_migrate(environ.get("SCF_MIGRATE") or unasked),
        secret_keys=_secret_keys(environ.get("SCF_SECRET_KEY") or "", database_url),
        webhook_private=_networks(environ.get("SCF_WEBHOOK_PRIVATE") or ""),
        public_url=_public_url(environ.get("SCF_PUBLIC_URL") or "http://127.0.0.1:8000"),
        proxy_count=_count("SCF_PROXIES", environ.get("SCF_PROXIES") or "0", 0, 5),
        calls_per_minute=_count("SCF_CALLS_PER_MINUTE", environ.get("SCF_CALLS_PER_MINUTE") or "1200", 1, 1_000_000),
    )


def secret_keys_of(settings: Settings) -> tuple[str, ...]:
    """The keys that were set; without any, on SQLite, a random one that is kept in var/secret.key, made once."""
    return settings.secret_keys or (_kept_key(settings.var_folder / "secret.key"),)


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        # linked, not written in place: of two processes the second must find the whole key of the first
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def _database_url(url: str) -> str:
    if url.startswith("sqlite:///"):
        return url
    for start in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(start):
            return "postgresql+psycopg://" + url.removeprefix(start)
    raise SettingsError(
        "SCF_DATABASE_URL: give sqlite:///FILE or postgresql://USER@HOST/DATABASE "
        f"(it starts with {url.split(':', 1)[0]!r})"
    )


def _migrate(value: str) -> Migrate:
    if value not in get_args(Migrate):
        raise SettingsError(f"SCF_MIGRATE: give one of {', '.join(get_args(Migrate))} (it is {value!r})")
    return cast(Migrate, value)


def _secret_keys(value: str, database_url: str) -> tuple[str, ...]:
    keys = tuple(value.split())
    if not keys and database_url.startswith("postgresql"):
        raise SettingsError(
            "SCF_SECRET_KEY: give a secret of 32 random bytes or more, and keep it: what it sealed opens with nothing "
            "else; make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    for n, key in enumerate(keys, start=1):
        least = _SECRET_HEX_DIGITS_MIN if set(key) <= _HEX else _SECRET_CHARACTERS_MIN
        if len(key) < least:
            raise SettingsError(f"SCF_SECRET_KEY: key {n} has {len(key)} characters, and needs {least} or more")
    return keys


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(each) for each in value.replace(",", " ").split())
    except ValueError as error:
        raise SettingsError(
            f"SCF_WEBHOOK_PRIVATE: give networks like 10.20.0.0/16, apart by blanks ({error})"
        ) from None


def _public_url(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise SettingsError(f"SCF_PUBLIC_URL: give the site's address, like https://scf.example (it is {value!r})")
    return value.rstrip("/")


def _count(name: str, value: str, least: int, most: int) -> int:
    if not value.isdecimal() or not least <= int(value) <= most:
        raise SettingsError(f"{name}: give a whole number from {least} to {most} (it is {value!r})")
    return int(value)
