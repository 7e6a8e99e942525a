"""Measured figures, each beside the floor of the same run (see `docs/performance.md`).

Run them from the checkout in the environment that `python3 tests` makes: `.venv-tests/bin/python -m benchmarks.fund`.
They refuse to touch any database but those they make, on disk in a new folder or on a PostgreSQL of their own.
"""

import sys
from pathlib import Path

# the tests' statement counter and their real PostgreSQL serve here too
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
