"""What the operator sets, read once from the environment's variables. It knows no default that is unsafe to forget.

It refuses a variable of its own kind (`SCF_…`) that it does not know: a misspelt one would leave the default in force
without a word.
"""

import difflib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from scf import setting_values as values
from scf.errors import SettingsError
from scf.setting_values import Network

ROOT = Path(__file__).resolve().parent.parent

Migrate = Literal["auto", "check"]
LogForm = Literal["auto", "json", "console", "off"]


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url` is SQLAlchemy's; `migrate` says whether a start upgrades the database or only checks it.

    `secret_keys` are what secrets in rows are sealed under, newest first; none: `secret_keys_of` keeps one in a file.
    `public_url` is where people find the site: cookies are secure when it is https. `proxy_count` proxies stand before
    it, whose word about the caller's address is taken. `calls_per_minute` are allowed a credential.
    `smtp_url` is the mail server's, none: letters are files under var/mail; `mail_from` is who they come from.
    `webhook_private` are the networks that are not of the Internet and that webhooks may be sent to all the same.
    `metrics_token` is what Prometheus shows to read /metrics; empty: only this machine may.
    `sandbox`: parties and keys to try the API with, and a clock that callers move; never where money is real.
    """

    database_url: str = field(repr=False)
    var_folder: Path
    migrate: Migrate
    secret_keys: tuple[str, ...] = field(default=(), repr=False)
    webhook_private: tuple[Network, ...] = ()
    public_url: str = "http://localhost:8000"
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "scf@localhost"
    proxy_count: int = 0
    calls_per_minute: int = 1200
    log: LogForm = "auto"
    metrics_token: str = field(default="", repr=False)
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: the field it sets, what it is for, how its text is read, and how the value may be shown.

    A default may depend on what was read already; it raises `SettingsError` when nothing will do.
    """

    name: str
    field: str
    words: str
    read: Callable[[str], Any]
    default: Callable[[Mapping[str, Any]], str]
    shown: Callable[[Any], str] = str


@dataclass(frozen=True, slots=True)
class InForce:
    """One setting as it is: its value with secrets masked, and where it came from."""

    name: str
    value: str
    source: str
    words: str


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from the environment's variables; an empty variable counts as not set.

    Raises SettingsError naming the variable and what would do.
    """
    _refuse_unknown(environ)
    found: dict[str, Any] = {}
    for each in VARIABLES:
        found[each.field] = each.read(environ.get(each.name) or each.default(found))
    return Settings(**found)


def in_force(environ: Mapping[str, str]) -> list[InForce]:
    """Every setting as it is, for people. Raises SettingsError as `read_settings` does."""
    settings = read_settings(environ)
    return [
        InForce(
            each.name,
            each.shown(getattr(settings, each.field)),
            "given" if environ.get(each.name) else "default",
            each.words,
        )
        for each in VARIABLES
    ]


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


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {each.name for each in VARIABLES} | OTHERS.keys()
    unknown = sorted(name for name in environ if name.startswith("SCF_") and name not in known)
    if unknown:
        meant = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {meant[0]}?" if meant else f"there are: {', '.join(sorted(known))}"
        raise SettingsError(f"{unknown[0]}: there is no such setting; {hint}")


def _is_postgresql(found: Mapping[str, Any]) -> bool:
    return str(found["database_url"]).startswith("postgresql")


def _unasked_migrate(found: Mapping[str, Any]) -> str:
    # PostgreSQL is production: its owner says when the schema changes
    return "check" if _is_postgresql(found) else "auto"


def _no_secret_key(found: Mapping[str, Any]) -> str:
    if _is_postgresql(found):
        raise SettingsError(
            "SCF_SECRET_KEY: give a secret of 32 random bytes or more, and keep it: what it sealed opens with nothing "
            "else; make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return ""


def _always(text: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda _found: text


def _file_in_var(found: Mapping[str, Any]) -> str:
    return f"sqlite:///{found['var_folder'] / 'scf.db'}"


# in this order: a default may look at what stands before it
VARIABLES: tuple[Variable, ...] = (
    Variable("SCF_VAR", "var_folder", "the folder of what is kept in files", values.folder, _always(str(ROOT / "var"))),
    Variable(
        "SCF_DATABASE_URL", "database_url", "the database: sqlite:///FILE or postgresql://USER@HOST/DATABASE",
        values.database_url, _file_in_var, values.without_password,
    ),
    Variable(
        "SCF_MIGRATE", "migrate", "auto: a start brings the schema up; check: it only says what is missing",
        values.one_of("SCF_MIGRATE", Migrate), _unasked_migrate,
    ),
    Variable(
        "SCF_SECRET_KEY", "secret_keys", "what secrets in rows are sealed under, the newest first, apart by blanks",
        values.secret_keys, _no_secret_key, values.masked,
    ),
    Variable(
        "SCF_PUBLIC_URL", "public_url", "where people find the site; https makes its cookies secure",
        values.public_url, _always("http://localhost:8000"),
    ),
    Variable(
        "SCF_SMTP_URL", "smtp_url", "the mail server: smtp(s)://USER:PASSWORD@HOST:PORT; none: letters in var/mail",
        values.smtp_url, _always(""), values.without_password,
    ),
    Variable("SCF_MAIL_FROM", "mail_from", "who letters come from", str, _always("scf@localhost")),
    Variable(
        "SCF_PROXIES", "proxy_count", "how many proxies stand before it, whose word about callers is taken",
        values.count("SCF_PROXIES", 0, 5), _always("0"),
    ),
    Variable(
        "SCF_CALLS_PER_MINUTE", "calls_per_minute", "calls that one credential may make",
        values.count("SCF_CALLS_PER_MINUTE", 1, 1_000_000), _always("1200"),
    ),
    Variable(
        "SCF_WEBHOOK_PRIVATE", "webhook_private", "networks that are not of the Internet and that webhooks may reach",
        values.networks, _always(""), values.listed,
    ),
    Variable(
        "SCF_SANDBOX", "sandbox", "1: parties, keys and a clock to try the API with; never where money is real",
        values.switch("SCF_SANDBOX"), _always("0"),
    ),
    Variable(
        "SCF_LOG", "log", "json: a line of JSON each; console: for eyes; auto: as standard error is; off",
        values.one_of("SCF_LOG", LogForm), _always("auto"),
    ),
    Variable(
        "SCF_METRICS_TOKEN", "metrics_token", "the bearer token that reads /metrics; without it only this machine may",
        values.token, _always(""), values.masked,
    ),
)  # fmt: skip

# read elsewhere, before there are settings
OTHERS = {
    "SCF_VENV": "where the environment of packages is made",
    "SCF_TEST_POSTGRES_URL": "the server that the tests use",
}
