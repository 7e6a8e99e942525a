"""The security document names tests; each must exist, so that what it promises cannot rot unseen."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"`(tests/\w+\.py)::(\w+)`")


def test_every_test_that_the_document_names_exists() -> None:
    named = set(NAMED.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    assert len(named) > 60, "the document names tests"
    missing = []
    for path, function in sorted(named):
        file = ROOT / path
        tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else ast.Module([], [])
        if function not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
            missing.append(f"{path}::{function}")
    assert missing == []
