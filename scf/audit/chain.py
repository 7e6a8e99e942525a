"""A hash chain over a scope's command log: each link is the SHA-256 of the one before and the row it stands for.

Fed from closed days, so that nothing waits for it; whoever keeps a day's last hash can prove that nothing before it
was changed, left out or slipped in.
"""

import hashlib
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from scf.audit.models import audit_links
from scf.command_log import command_logs
from scf.db import bulk
from scf.db.locks import lock_chains

GENESIS = "0" * 64


def link_closed(connection: Connection, scope_ids: Collection[int], before: date) -> int:
    """Link the commands of these scopes of business dates before a day that have no link yet; returns how many."""
    lock_chains(connection, scope_ids)
    last = _last(connection, scope_ids)
    links = []
    for row in _unlinked(connection, scope_ids, before):
        position, previous = last.get(row.scope_id, (0, GENESIS))
        last[row.scope_id] = position + 1, _hash(previous, row)
        links.append((row.scope_id, position + 1, row.id, last[row.scope_id][1]))
    bulk.insert(connection, audit_links, ("scope_id", "position", "command_id", "hash"), links)
    return len(links)


def _last(connection: Connection, scope_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """The last link of each chain: its position and hash."""
    newest = (
        select(audit_links.c.scope_id, func.max(audit_links.c.position).label("position"))
        .where(bulk.among(connection, audit_links.c.scope_id, sorted(scope_ids)))
        .group_by(audit_links.c.scope_id)
        .subquery()
    )
    rows = connection.execute(
        select(audit_links.c.scope_id, audit_links.c.position, audit_links.c.hash).join(
            newest,
            (newest.c.scope_id == audit_links.c.scope_id) & (newest.c.position == audit_links.c.position),
        )
    )
    return {scope_id: (position, hash) for scope_id, position, hash in rows}


def last_link(connection: Connection, scope_id: int) -> tuple[int, str]:
    """The position and the hash of the last link of a chain; 0 and the beginning when it has none."""
    return _last(connection, [scope_id]).get(scope_id, (0, GENESIS))


def broken(connection: Connection, scope_id: int) -> list[int]:
    """The positions whose hash does not follow from the link before and the logged row; empty when the chain holds."""
    rows = connection.execute(
        select(command_logs, audit_links.c.position, audit_links.c.hash)
        .join(audit_links, audit_links.c.command_id == command_logs.c.id)
        .where(audit_links.c.scope_id == scope_id)
        .order_by(audit_links.c.position)
    )
    found, previous = [], GENESIS
    for expected, row in enumerate(rows, start=1):
        if row.position != expected or row.hash != _hash(previous, row):
            found.append(row.position)
        previous = row.hash
    return found


def _unlinked(connection: Connection, scope_ids: Collection[int], before: date) -> list[Row[Any]]:
    linked = select(audit_links.c.command_id).where(audit_links.c.command_id == command_logs.c.id)
    rows = connection.execute(
        select(command_logs)
        .where(
            bulk.among(connection, command_logs.c.scope_id, sorted(scope_ids)),
            command_logs.c.business_date < before,
            ~linked.exists(),
        )
        .order_by(command_logs.c.business_date, command_logs.c.id)
    )
    return list(rows.all())


def _hash(previous: str, row: Row[Any]) -> str:
    parts = (
        previous, row.id, row.scope_id, row.command, row.key, row.attempt, row.digest, row.actor_id, row.batch_count,
        row.business_date.isoformat(), row.at.isoformat(),
    )  # fmt: skip
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(text.encode() + b"\x1f" + bytes(row.outcomes)).hexdigest()
