"""What is logged: one line an event with the request's ids, in both forms, and never a secret."""

import json
import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_cli import MAIN, ROOT, environment
from world import World

from scf import logs
from scf.actor import PLATFORM
from scf.commands import in_organisation, run
from scf.errors import KeyConflict
from scf.identity.register import REGISTER, NewOrganisation
from scf.redaction import MASK, redact, redacted

# whatever it is called or looks like, the second part may not be seen again
NAMED = [
    "password", "new_password", "secret", "client_secret", "totp_secret", "token", "csrf_token", "Authorization",
    "cookie", "Set-Cookie", "key", "api_key", "secret_key", "X-Api-Key", "otp", "recovery_codes", "session",
]  # fmt: skip
LOOKING = [
    ("signed with whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
    ("key scf_01h3k2m4n5p6q7r8s9t0vwxyz refused", "scf_01h3k2m4n5p6q7r8s9t0vwxyz"),
    ("Authorization: Bearer abc.DEF-123", "abc.DEF-123"),
    ("authorization: basic dXNlcjpzZXNhbWU=", "dXNlcjpzZXNhbWU="),
    ("cannot reach postgresql+psycopg://scf:sesame@db/scf", "sesame"),
    ("GET /x?token=sesame&page=2", "sesame"),
    ("connection failed: host=db password=sesame user=scf", "sesame"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP", "dBjftJeZ4CVP"),
    ("hash $argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub", "RdescudvJCsgt3ub"),
]
HARMLESS = [
    "advance adv_01h3k2m4n5p6q funded for 10,000.00 EUR", "SCF_DATABASE_URL is not set",
    "keyboard, tokenize, secretary",
    "scf_receivable_refers refused the row", "see https://example.org/a:b and 12:30",
]  # fmt: skip


@pytest.fixture(autouse=True)
def logged_as_before() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    logs.clear()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize("name", NAMED)
def test_what_is_called_a_secret_is_masked_however_deep_it_lies(name: str) -> None:
    event = {"event": "x", name: "sesame", "headers": {name: "sesame"}, "many": [{"inner": {name: b"sesame"}}]}
    assert "sesame" not in repr(redact(None, "info", event))


@pytest.mark.parametrize(("text", "secret"), LOOKING)
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(text: str, secret: str) -> None:
    assert secret in text and secret not in redacted(text) and MASK in redacted(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert redacted(text) == text
    event = {"event": text, "command": "factoring.fund", "items": 3, "actor_id": 7, "monkey": "x", "none": None}
    assert redact(None, "info", dict(event)) == event


def test_a_line_is_json_with_what_the_request_bound_and_nothing_of_the_one_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("json")
    logs.bind(request_id="req-1", organisation_id=5)
    logs.bind(actor_id=7)
    logging.getLogger("scf.somewhere").warning("job %s failed", "x/1")
    logs.clear()
    logs.logger("scf.elsewhere").info("command", items=2)
    first, second = lines(capsys)
    assert (first["event"], first["level"], first["logger"]) == ("job x/1 failed", "warning", "scf.somewhere")
    assert (first["request_id"], first["organisation_id"], first["actor_id"]) == ("req-1", 5, 7)
    assert first["timestamp"].endswith("Z") and second["items"] == 2
    assert not {"request_id", "organisation_id", "actor_id"} & second.keys()


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_error_brings_its_traceback_without_the_password_in_it(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    logs.configure(form)
    try:
        raise ValueError("postgresql://scf:sesame@db/scf does not answer")
    except ValueError:
        logging.getLogger("scf.somewhere").exception("tried with %s", "Bearer sesame")
    written = capsys.readouterr().err
    assert "does not answer" in written and "Traceback" in written and "sesame" not in written


def test_off_is_off(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("off")
    logging.getLogger("scf.somewhere").error("unheard")
    assert capsys.readouterr().err == ""


def test_a_command_is_one_line_with_its_name_scope_and_counts_but_none_of_its_items(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.register("Northbank", "Halberd")
    logs.configure("json")
    capsys.readouterr()
    new = [NewOrganisation("Kestrel", "REG-Kestrel", "DE"), NewOrganisation("Halberd", "REG-Halberd", "DE")]
    world.ask(REGISTER, new, PLATFORM, in_organisation(0))
    (line,) = lines(capsys)
    assert (line["event"], line["command"], line["level"]) == ("command", REGISTER.name, "info")
    assert (line["items"], line["refused"], line["scope"]) == (2, 1, "organisation 0")
    assert isinstance(line["ms"], int) and "Kestrel" not in json.dumps(line)


def test_a_command_that_could_not_run_is_a_line_too(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.register("Northbank")
    logs.configure("json")
    capsys.readouterr()
    new = [NewOrganisation("Kestrel", "REG-Kestrel", "DE")]
    with pytest.raises(KeyConflict):
        run(world.database, REGISTER, new, key=world.asked[0].key, actor=PLATFORM, scope=in_organisation(0))
    (line,) = lines(capsys)
    assert (line["command"], line["error"], line["level"]) == (REGISTER.name, "KeyConflict", "info")


def test_a_commands_output_is_not_mixed_with_its_log(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*MAIN, "settings"],
        env=environment(tmp_path) | {"SCF_LOG": "json", "SCF_METRICS_TOKEN": "sesame-sesame-sesame"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "SCF_METRICS_TOKEN" in ran.stdout and "sesame" not in ran.stdout and "{" not in ran.stdout
    assert ran.stderr == ""
