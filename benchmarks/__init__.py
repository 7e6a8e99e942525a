"""Measured figures, each beside the floor of the same run: `python3 -m benchmarks.NAME` from the checkout.

They make their own environment first, as the tests do, and refuse to touch any database but those they make.
"""

import sys
from pathlib import Path

from scf.environment import ROOT, ensure

if (Path(sys.argv[0]).parent / "__init__.py") == Path(__file__) or sys.argv[0] == "-m":
    ensure("requirements-dev.lock", suffix="-tests")

# the tests' story world and their real PostgreSQL serve here too
sys.path.insert(0, str(ROOT / "tests"))
