"""Counting the statements that reach a database, raw ones included: `scf.db.bulk` announces those like any other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements run on an engine while the block lasts, in order; a bulk insert is one."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted_by_command(engine: Engine) -> Iterator[Mapping[str, list[int]]]:
    """How many statements each run of each command took, by the command's name: its log row, written last, tells."""
    counts: defaultdict[str, list[int]] = defaultdict(list)
    begun: list[int] = [0]

    def begin(_connection: Any) -> None:
        begun[0] = len(seen)

    def note(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        if statement.startswith("INSERT INTO command_log "):
            counts[context.compiled_parameters[0]["command"]].append(len(seen) - begun[0])

    with counted(engine) as seen:
        event.listen(engine, "begin", begin)
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield counts
        finally:
            event.remove(engine, "begin", begin)
            event.remove(engine, "before_cursor_execute", note)
