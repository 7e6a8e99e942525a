"""Makes the environment that the commands run in, and goes on inside it.

Standard library only, and syntax that an old Python can still read, so that it is told so instead of failing.
It refuses to install anything that is not in a committed lock file, or whose hash differs, or that has to be compiled.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
STAMP = "scf-stamp"
LAST_LINES = 15


class EnvironmentRefused(Exception):
    """The environment cannot be made; the text says what to do about it."""


def ensure(lock_name: str, suffix: str = "") -> None:
    """Return at once inside an environment that fits the lock file; otherwise make it and start the same command in it.

    `lock_name` is a file beside this checkout's `wsgi.py`. The folder is `.venv` in the checkout, or what `SCF_VENV`
    names, with `suffix` at its end. Ends the process with a message when the environment cannot be made.
    """
    try:
        folder = folder_for(suffix)
        check_python()
        wanted = stamp_for(ROOT / lock_name)
        if not is_ready(folder, wanted):
            with one_at_a_time(folder):
                if not is_ready(folder, wanted):
                    make(folder, ROOT / lock_name, wanted)
    except EnvironmentRefused as refusal:
        sys.exit("scf: " + str(refusal))
    except OSError as error:
        sys.exit("scf: " + explain(error))
    if Path(sys.prefix).resolve() != folder:
        go_on_in(folder)


def folder_for(suffix: str) -> Path:
    """The environment's folder, resolved."""
    named = os.environ.get("SCF_VENV") or str(ROOT / ".venv")
    return Path(named + suffix).expanduser().resolve()


def check_python() -> None:
    """Refuse a Python that is too old, naming a newer one when there is one on the path."""
    if sys.version_info[:2] >= OLDEST:
        return
    newer = next((name for name in (f"python3.{minor}" for minor in range(20, 10, -1)) if shutil.which(name)), None)
    here = sys.version.split()[0]
    advised = f"Start it with {newer} instead." if newer else "Install a newer Python and start it with that."
    raise EnvironmentRefused(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, and this is {here}. {advised}")


def stamp_for(lock: Path) -> str:
    """What the environment's stamp says when it fits: the lock's SHA-256 and Python's major.minor version."""
    try:
        content = lock.read_bytes()
    except FileNotFoundError:
        raise EnvironmentRefused(f"{lock.name} is missing: the checkout is not complete.") from None
    return f"{hashlib.sha256(content).hexdigest()} {sys.version_info[0]}.{sys.version_info[1]}\n"


def is_ready(folder: Path, wanted: str) -> bool:
    """Whether the environment was finished for this lock and Python, and its interpreter is still there."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == wanted and python_in(folder).exists()


def python_in(folder: Path) -> Path:
    """The environment's interpreter."""
    return folder / "bin" / "python"


@contextlib.contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the lock beside the folder; another process that makes the same environment waits here."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(str(folder) + ".lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is making the environment; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def make(folder: Path, lock: Path, wanted: str) -> None:
    """Make or refresh the environment; the stamp is written last, so that an interrupted run starts again."""
    say(f"preparing {folder} from {lock.name}; only the first time, about a minute")
    check_folder(folder)
    check_ensurepip()
    with contextlib.suppress(FileNotFoundError):
        (folder / STAMP).unlink()
    clear = [] if is_same_python(folder) else ["--clear"]
    run([sys.executable, "-m", "venv", *clear, str(folder)], "making the environment")
    run(pip_command(folder, lock), "installing the packages")
    unfinished = folder / (STAMP + ".new")
    unfinished.write_text(wanted)
    unfinished.replace(folder / STAMP)


def check_folder(folder: Path) -> None:
    """Refuse to lay an environment over a folder of something else."""
    if folder.exists() and not folder.is_dir():
        raise EnvironmentRefused(f"{folder} is not a folder: name another in SCF_VENV.")
    if folder.exists() and any(folder.iterdir()) and not (folder / "pyvenv.cfg").exists():
        raise EnvironmentRefused(f"{folder} holds other things: name another folder in SCF_VENV.")


def check_ensurepip() -> None:
    """Refuse a Python without ensurepip, as some distributions ship it."""
    if importlib.util.find_spec("ensurepip") is None:
        raise EnvironmentRefused(
            "this Python cannot make environments (no ensurepip). On Debian and Ubuntu: apt-get install python3-venv"
        )


def is_same_python(folder: Path) -> bool:
    """Whether the folder's environment, if there is one, was made for this Python's major.minor version."""
    library = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return (folder / "lib" / library).is_dir() and python_in(folder).exists()


def pip_command(folder: Path, lock: Path) -> list[str]:
    """Pip with the lock's hashes and wheels only; which registry is asked is the machine's own setting."""
    pip = [str(python_in(folder)), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return [*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock)]


def run(command: list[str], what: str) -> None:
    """Run a step quietly; when it fails, refuse with the last lines that it printed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode != 0:
        last = "\n".join("    " + line for line in done.stdout.splitlines()[-LAST_LINES:])
        raise EnvironmentRefused(f"{what} failed:\n{last}\n{advice(done.stdout)}")


def advice(output: str) -> str:
    """What to do about a failed step, from what it printed."""
    for sign, text in ADVICE.items():
        if sign in output:
            return text
    return "Is the package registry reachable from here? Its address is pip's own setting: see `pip config list`."


ADVICE = {
    "No space left on device": "The disk is full: make room, or name a folder on another disk in SCF_VENV.",
    "Permission denied": "The folder is not writable: name another one in SCF_VENV.",
    "Read-only file system": "The folder is not writable: name another one in SCF_VENV.",
    "DO NOT MATCH THE HASHES": "A package is not the one that was locked, and was not installed: find out why.",
    "No matching distribution found": (
        "Either the package registry cannot be reached (its address is pip's own setting: see `pip config list`),\n"
        "or it has no wheel of that version for this Python and machine."
    ),
    "ensurepip": "On Debian and Ubuntu: apt-get install python3-venv",
}


def explain(error: OSError) -> str:
    """What to do about an operating system's error met while making the environment."""
    where = error.filename or "the environment's folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no space left for {where}: make room, or name a folder on another disk in SCF_VENV."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{where} is not writable: name another folder in SCF_VENV."
    return f"the environment could not be made: {error}"


def say(text: str) -> None:
    """Tell the person at the terminal, without mixing into a command's output."""
    print("scf: " + text, file=sys.stderr, flush=True)


def go_on_in(folder: Path) -> None:
    """Replace this process by the same command, with the same interpreter options, in the environment."""
    sys.stdout.flush()
    os.environ.pop("PYTHONHOME", None)
    python = str(python_in(folder))
    os.execv(python, [python, *sys.orig_argv[1:]])
