"""What the operator sets, and what is said when it is set wrongly."""

from pathlib import Path

import pytest

from scf.errors import SettingsError
from scf.settings import ROOT, in_force, read_settings, secret_keys_of

KEY = "k" * 16 + "-of-sixteen-more"


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
    settings = read_settings({"SCF_DATABASE_URL": f"{scheme}://scf@db/scf", "SCF_SECRET_KEY": KEY})
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
    environ = {
        "SCF_DATABASE_URL": "postgresql://scf:geheim@db/scf",
        "SCF_METRICS_TOKEN": "0123456789abcdef",
        "SCF_SECRET_KEY": KEY,
    }
    shown = {each.name: each for each in in_force(environ)}
    assert shown["SCF_DATABASE_URL"].value == "postgresql+psycopg://scf:***@db/scf"
    assert (shown["SCF_METRICS_TOKEN"].value, shown["SCF_METRICS_TOKEN"].source) == ("(set)", "given")
    assert (shown["SCF_MIGRATE"].value, shown["SCF_MIGRATE"].source) == ("check", "default")
    assert not any(secret in repr(shown) for secret in ("geheim", "0123456789abcdef", KEY))


def test_production_needs_a_secret_key_and_is_told_how_to_make_one() -> None:
    with pytest.raises(SettingsError, match=r"SCF_SECRET_KEY.*token_urlsafe"):
        read_settings({"SCF_DATABASE_URL": "postgresql://scf@db/scf"})


@pytest.mark.parametrize("value", ["short", "0123456789abcdef" * 3, f"{KEY} short"])
def test_a_short_key_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(SettingsError, match=r"SCF_SECRET_KEY: key [12] has") as caught:
        read_settings({"SCF_SECRET_KEY": value})
    assert value not in str(caught.value)


def test_several_keys_may_be_set_and_none_is_printed() -> None:
    settings = read_settings({"SCF_SECRET_KEY": f"{KEY} {'0123456789abcdef' * 4}"})
    assert secret_keys_of(settings) == (KEY, "0123456789abcdef" * 4)
    assert KEY not in repr(settings)


def test_a_machine_of_ones_own_keeps_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    settings = read_settings({"SCF_VAR": str(tmp_path / "var")})
    first = secret_keys_of(settings)
    assert len(first[0]) >= 32 and secret_keys_of(settings) == first
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret.key"]
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_private_networks_are_named_or_refused() -> None:
    assert [str(each) for each in read_settings({"SCF_WEBHOOK_PRIVATE": "10.1.0.0/16, ::1"}).webhook_private] == [
        "10.1.0.0/16",
        "::1/128",
    ]
    with pytest.raises(SettingsError, match="SCF_WEBHOOK_PRIVATE"):
        read_settings({"SCF_WEBHOOK_PRIVATE": "10.1.0.5/16"})
