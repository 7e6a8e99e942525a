"""The one test runner: `python3 tests` checks style, types and layers, and runs every test.

With arguments it runs only pytest, and gives them on: `python3 tests -k limits`. It makes its own environment first.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if __name__ == "__main__":
    from scf.environment import ensure

    ensure("requirements-dev.lock", suffix="-tests")

PACKAGES = ("scf", "invoices", "anchors", "reports")
BIN = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest")


def stages() -> dict[str, tuple[str, ...]]:
    """Every stage's name and command, in the order in which they run."""
    sources = tuple(name for name in PACKAGES if any((ROOT / name).rglob("*.py")))
    return {
        "style": (str(BIN / "ruff"), "check", "."),
        "types": (sys.executable, "-m", "mypy", *sources, "wsgi.py", "tests", "benchmarks", "docs/client"),
        "layers": (str(BIN / "lint-imports"), "--no-cache"),
        "tests": (*PYTEST, "-n", "2", "--dist", "worksteal", "-rs"),
    }


def run(command: tuple[str, ...]) -> int:
    """Run one command from the checkout's root; its exit code."""
    sys.stdout.flush()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def run_all() -> int:
    """Run every stage, even after one failed, and print what each took; 0 when all passed."""
    lines = []
    failed = 0
    for name, command in stages().items():
        print(f"== {name}", flush=True)
        began = time.monotonic()
        code = run(command)
        failed += code != 0
        lines.append(f"{name:10} {time.monotonic() - began:8.1f} s   {'passed' if code == 0 else f'FAILED ({code})'}")
    print("\n" + "\n".join(lines))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run((*PYTEST, *sys.argv[1:])) if sys.argv[1:] else run_all())
