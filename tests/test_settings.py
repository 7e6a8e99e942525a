"""What the operator sets, and what is said when it is set wrongly."""

from pathlib import Path

import pytest

from scf.errors import SettingsError
from scf.settings import ROOT, read_settings


def test_without_variables_it_is_one_sqlite_file_under_var() -> None:
    settings = read_settings({})
    assert settings.database_url == f"sqlite:///{ROOT}/var/scf.db"
    assert settings.migrate == "auto"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({"SCF_DATABASE_URL": "", "SCF_MIGRATE": "", "SCF_VAR": ""}) == read_settings({})


def test_another_folder_takes_the_database_with_it(tmp_path: Path) -> None:
    assert read_settings({"SCF_VAR": str(tmp_path)}).database_url == f"sqlite:///{tmp_path}/scf.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_takes_the_driver_that_is_installed(scheme: str) -> None:
    settings = read_settings({"SCF_DATABASE_URL": f"{scheme}://scf@db/scf"})
    assert settings.database_url == "postgresql+psycopg://scf@db/scf"


@pytest.mark.parametrize(
    ("name", "value"), [("SCF_DATABASE_URL", "mysql://scf:secret@db/scf"), ("SCF_MIGRATE", "perhaps")]
)
def test_a_wrong_setting_is_named_and_no_password_shown(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        read_settings({name: value})
    assert "secret" not in str(caught.value)
