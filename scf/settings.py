"""What the operator sets, read once from the environment's variables. It knows no default that is unsafe to forget."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from scf.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent

Migrate = Literal["auto", "check"]


@dataclass(frozen=True, slots=True)
class Settings:
    """`database_url` is SQLAlchemy's; `migrate` says whether a start upgrades the database or only checks it."""

    database_url: str
    var_folder: Path
    migrate: Migrate


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from `SCF_DATABASE_URL`, `SCF_VAR` and `SCF_MIGRATE`; an empty variable counts as not set.

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
    )


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
