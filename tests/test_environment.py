"""The environment that the commands make for themselves: what can be tried without installing anything."""

import ast
import errno
import importlib.util
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from scf import environment

ROOT = Path(__file__).resolve().parent.parent
BEFORE_THE_CHECK = ("scf/__init__.py", "scf/environment.py", "wsgi.py", "tests/__main__.py")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where SCF_VENV says that the environment is; nothing is there yet."""
    monkeypatch.setenv("SCF_VENV", str(tmp_path / "environment"))
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    (tmp_path / "some.lock").write_text("flask==3.1.3\n")
    return tmp_path / "environment"


@pytest.fixture
def steps(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been run; the environment looks finished after `venv`."""
    commands: list[list[str]] = []

    def record(command: list[str], what: str) -> None:
        commands.append(command)
        environment.python_in(folder).parent.mkdir(parents=True, exist_ok=True)
        environment.python_in(folder).touch()
        (folder / "pyvenv.cfg").touch()

    monkeypatch.setattr(environment, "run", record)
    monkeypatch.setattr(environment, "go_on_in", lambda folder: commands.append(["go on", str(folder)]))
    return commands


def test_the_first_start_makes_the_environment_and_goes_on_in_it(folder: Path, steps: list[list[str]]) -> None:
    environment.ensure("some.lock")
    assert [step[1:3] for step in steps[:1]] == [["-m", "venv"]]
    assert {"--require-hashes", "--only-binary", ":all:"} <= set(steps[1])
    assert steps[2] == ["go on", str(folder)]
    assert (folder / environment.STAMP).read_text() == environment.stamp_for(folder.parent / "some.lock")


def test_the_second_start_installs_nothing(folder: Path, steps: list[list[str]]) -> None:
    environment.ensure("some.lock")
    steps.clear()
    environment.ensure("some.lock")
    assert steps == [["go on", str(folder)]]


def test_inside_a_good_environment_it_returns_at_once(
    folder: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.ensure("some.lock")
    steps.clear()
    monkeypatch.setattr(sys, "prefix", str(folder))
    environment.ensure("some.lock")
    assert steps == []


def test_a_changed_lock_file_installs_again(folder: Path, steps: list[list[str]]) -> None:
    environment.ensure("some.lock")
    steps.clear()
    (folder.parent / "some.lock").write_text("flask==3.1.4\n")
    environment.ensure("some.lock")
    assert len(steps) == 3


def test_an_install_that_failed_leaves_no_stamp(
    folder: Path, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.ensure("some.lock")
    (folder.parent / "some.lock").write_text("flask==3.1.4\n")

    def fail(command: list[str], what: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(folder))

    monkeypatch.setattr(environment, "run", fail)
    with pytest.raises(SystemExit, match=r"no space left .* make room"):
        environment.ensure("some.lock")
    assert not (folder / environment.STAMP).exists()


def test_two_started_at_once_install_once(folder: Path, steps: list[list[str]]) -> None:
    threads = [threading.Thread(target=environment.ensure, args=("some.lock",)) for _ in range(2)]
    with environment.one_at_a_time(folder):
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len([step for step in steps if "pip" in step]) == 1
    assert steps.count(["go on", str(folder)]) == 2


def test_the_tests_have_a_folder_of_their_own(folder: Path) -> None:
    assert environment.folder_for("-tests") == folder.with_name("environment-tests")


def refused(check: Callable[[], object]) -> str:
    with pytest.raises(environment.EnvironmentRefused) as caught:
        check()
    return str(caught.value)


def test_an_old_python_is_told_which_one_to_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    monkeypatch.setattr(sys, "version", "3.8.18 (default)")
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "python3.12" else None)
    assert refused(environment.check_python) == (
        "Python 3.11 or newer is needed, and this is 3.8.18. Start it with python3.12 instead."
    )


@pytest.mark.parametrize("name", BEFORE_THE_CHECK)
def test_an_old_python_can_read_what_comes_before_that_message(name: str) -> None:
    ast.parse((ROOT / name).read_text(), feature_version=(3, 8))


def test_a_python_without_ensurepip_is_told_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "apt-get install python3-venv" in refused(environment.check_ensurepip)


def test_a_folder_of_something_else_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "letters.txt").write_text("mine")
    assert "SCF_VENV" in refused(lambda: environment.check_folder(folder))


def test_a_missing_lock_file_is_named(tmp_path: Path) -> None:
    assert refused(lambda: environment.stamp_for(tmp_path / "some.lock")).startswith("some.lock is missing")


@pytest.mark.parametrize(
    ("number", "says"),
    [(errno.ENOSPC, "make room"), (errno.EACCES, "not writable"), (errno.EROFS, "not writable"), (errno.EIO, "disk")],
)
def test_an_error_of_the_system_says_what_to_do(number: int, says: str) -> None:
    assert says in environment.explain(OSError(number, "disk", "/somewhere"))


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("ERROR: Connection refused", "registry reachable"),
    ],
)
def test_a_failed_step_shows_its_last_lines_and_what_to_do(printed: str, says: str) -> None:
    script = f"print('line\\n' * 40); print({printed!r}); raise SystemExit(1)"
    text = refused(lambda: environment.run([sys.executable, "-c", script], "installing the packages"))
    assert text.startswith("installing the packages failed:")
    assert printed in text and says in text
    assert text.count("line") < environment.LAST_LINES


def test_importing_the_app_installs_nothing(tmp_path: Path) -> None:
    script = "import sys, wsgi; wsgi.app; print('scf.environment' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"SCF_VENV": str(tmp_path / "environment"), "SCF_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout.strip(), done.stderr) == ("False", "")
    assert not (tmp_path / "environment").exists()


def test_the_bootstrap_imports_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "scf/environment.py").read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_names_no_registry_and_no_machine(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    assert not [line for line in lines if "/" in line or line.startswith("--")]
    packages = [line for line in lines if "==" in line]
    assert packages and all(line.endswith("\\") for line in packages), "every package has its hashes"
