"""What the operator sets, read once from the environment's variables. It knows no default that is unsafe to forget.

It refuses a variable of its own kind (`SCF_…`) that it does not know: a misspelt one would leave the default in force
without a word.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

from scf.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent

Migrate = Literal["auto", "check"]
LogForm = Literal["auto", "json", "console", "off"]

TOKEN_MIN = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url` is SQLAlchemy's; `migrate` says whether a start upgrades the database or only checks it."""

    database_url: str = field(repr=False)
    var_folder: Path
    migrate: Migrate
    log: LogForm = "auto"
    # what Prometheus sends to read /metrics; empty: only this machine may
    metrics_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: the field it sets, what it is for, and how its text is read, given what is read already."""

    name: str
    field: str
    words: str
    read: Callable[[str], Any]
    default: Callable[[Mapping[str, Any]], str]
    shown: Callable[[str], str] = str


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
            each.shown(str(getattr(settings, each.field))),
            "given" if environ.get(each.name) else "default",
            each.words,
        )
        for each in VARIABLES
    ]


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {each.name for each in VARIABLES} | OTHERS.keys()
    unknown = sorted(name for name in environ if name.startswith("SCF_") and name not in known)
    if unknown:
        meant = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {meant[0]}?" if meant else f"there are: {', '.join(sorted(known))}"
        raise SettingsError(f"{unknown[0]}: there is no such setting; {hint}")


def _folder(text: str) -> Path:
    folder = Path(text).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"SCF_VAR: give a folder ({folder} is a file)")
    return folder


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


def _one_of(name: str, choices: Any) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in get_args(choices):
            raise SettingsError(f"{name}: give one of {', '.join(get_args(choices))} (it is {value!r})")
        return value

    return read


def _token(value: str) -> str:
    if value and (len(value) < TOKEN_MIN or not value.isascii() or not value.isprintable() or " " in value):
        raise SettingsError(
            f"SCF_METRICS_TOKEN: give at least {TOKEN_MIN} printable characters without blanks, as "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe())'` makes them"
        )
    return value


def _masked(secret: str) -> str:
    return "(set)" if secret else "(not set)"


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@", 1) if password else url


def _unasked_migrate(found: Mapping[str, Any]) -> str:
    # PostgreSQL is production: its owner says when the schema changes
    return "auto" if cast(str, found["database_url"]).startswith("sqlite") else "check"


VARIABLES: tuple[Variable, ...] = (
    Variable("SCF_VAR", "var_folder", "the folder of what is kept in files", _folder, lambda _found: str(ROOT / "var")),
    Variable(
        "SCF_DATABASE_URL",
        "database_url",
        "the database: sqlite:///FILE or postgresql://USER@HOST/DATABASE",
        _database_url,
        lambda found: f"sqlite:///{found['var_folder'] / 'scf.db'}",
        _without_password,
    ),
    Variable(
        "SCF_MIGRATE",
        "migrate",
        "auto: a start brings the schema up; check: it only says what is missing",
        _one_of("SCF_MIGRATE", Migrate),
        _unasked_migrate,
    ),
    Variable(
        "SCF_LOG",
        "log",
        "json: a line of JSON each; console: for eyes; auto: as standard error is; off",
        _one_of("SCF_LOG", LogForm),
        lambda _found: "auto",
    ),
    Variable(
        "SCF_METRICS_TOKEN",
        "metrics_token",
        "the bearer token that reads /metrics; without it only this machine may",
        _token,
        lambda _found: "",
        _masked,
    ),
)

# read elsewhere, before there are settings
OTHERS = {
    "SCF_VENV": "where the environment of packages is made",
    "SCF_TEST_POSTGRES_URL": "the server that the tests use",
}
