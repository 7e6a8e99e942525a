"""What the operator sets, and what is said when it is set wrongly."""

from pathlib import Path

import pytest

from scf.errors import SettingsError
from scf.settings import ROOT, in_force, read_settings


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


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("SCF_DATABSE_URL", "did you mean SCF_DATABASE_URL"),
        ("SCF_METRIC_TOKEN", "did you mean SCF_METRICS_TOKEN"),
        ("SCF_QQQQ", "there are: .*SCF_MIGRATE"),
    ],
)
def test_a_misspelt_setting_is_not_left_unheard(name: str, hint: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: there is no such setting; {hint}"):
        read_settings({name: "x"})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SCF_LOG", "xml", "json, console"),
        ("SCF_METRICS_TOKEN", "short", "at least 16"),
        ("SCF_METRICS_TOKEN", "with a blank in the middle", "without blanks"),
        ("SCF_VAR", __file__, "give a folder"),
    ],
)
def test_a_value_that_cannot_be_is_said_with_what_would_do(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: .*{words}"):
        read_settings({name: value})


def test_what_is_in_force_is_shown_with_its_source_and_without_its_secrets() -> None:
    environ = {"SCF_DATABASE_URL": "postgresql://scf:geheim@db/scf", "SCF_METRICS_TOKEN": "0123456789abcdef"}
    shown = {each.name: each for each in in_force(environ)}
    assert shown["SCF_DATABASE_URL"].value == "postgresql+psycopg://scf:***@db/scf"
    assert (shown["SCF_METRICS_TOKEN"].value, shown["SCF_METRICS_TOKEN"].source) == ("(set)", "given")
    assert (shown["SCF_MIGRATE"].value, shown["SCF_MIGRATE"].source) == ("check", "default")
    assert "geheim" not in repr(shown) and "0123456789abcdef" not in repr(shown)
