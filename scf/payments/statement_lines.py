"""The lines of a bank statement, each under a reference of its own, and what makes a statement one. Pure."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from scf.payments.bank_statement import Detail, Entry, Statement

Name = tuple[str, str, str]  # account, kind, the bank's id: what makes a statement one


class Line(NamedTuple):
    """One detail of an entry, with the reference that makes it one."""

    bank_ref: str
    entry: Entry
    detail: Detail


def lines_of(statement: Statement) -> Iterator[Line]:
    """The details of a statement, each under a reference of its own; a bank that gives none gets the place."""
    used: Counter[str] = Counter()
    for place, entry in enumerate(statement.entries, start=1):
        base = entry.bank_ref or f"{statement.account}/{statement.statement_id}/{place}"
        used[base] += 1
        base += f"~{used[base]}" if used[base] > 1 else ""
        many = len(entry.details) > 1
        for number, detail in enumerate(entry.details, start=1):
            yield Line(f"{base}-{number}" if many else base, entry, detail)


def name_of(statement: Statement) -> Name:
    """Its account, kind and id, cut as they are stored."""
    return statement.account[:40], statement.kind, (statement.statement_id or statement.message_id)[:40]
