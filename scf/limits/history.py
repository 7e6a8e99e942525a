"""The time line of a limit: who set and suspended it, out of the log of commands, and the journals that made.

A journal of limits is of a command, and may tell of other limits that it moved. What requests reserved and advances
drew stands on their own lines.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from scf import command_log
from scf.command_log import command_logs
from scf.db.bulk import among
from scf.ledger.history import booked
from scf.limits.models import limits
from scf.organisations.models import organisations
from scf.routes import Caller
from scf.screens import History, Moment
from scf.web.own import in_my_books
from scf.web.status import status_words
from scf.web.words import N_

READ = "limits.read"
_SAID = {
    "limits.set": N_("Limit set"),
    "limits.set.accept": N_("Limit set"),
    "limits.hold": N_("Limit suspended, or its suspension lifted"),
}
# the latest commands of a book among which those about a limit are looked for
_COMMANDS_MAX = 200


def _names(caller: Caller, connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
    asked = (
        select(limits.c.id, limits.c.kind, limits.c.currency, organisations.c.name)
        .outerjoin(organisations, organisations.c.id == limits.c.holder_id)
        .where(among(connection, limits.c.id, ids), in_my_books(caller, limits.c.book_id))
    )
    rows = connection.execute(asked)
    return {row.id: " · ".join(filter(None, (row.name, status_words(row.kind), row.currency))) for row in rows}


def _moments(caller: Caller, connection: Connection, ids: Sequence[int]) -> Sequence[Moment]:
    books = connection.execute(
        select(limits.c.book_id).where(among(connection, limits.c.id, ids), in_my_books(caller, limits.c.book_id))
    )
    rows = connection.execute(
        select(command_logs)
        .where(among(connection, command_logs.c.scope_id, sorted(set(books.scalars()))))
        .where(in_my_books(caller, command_logs.c.scope_id))
        .where(among(connection, command_logs.c.command, sorted(_SAID)))
        .order_by(command_logs.c.id.desc())
        .limit(_COMMANDS_MAX)
    ).all()
    wanted = set(ids)
    told = {
        row.id: {each.id for each in command_log.unpack(row.outcomes) if each.accepted and each.id in wanted}
        for row in rows
    }
    journals = booked(caller, connection, [id for id, about in told.items() if about])
    return [
        Moment(row.at, _SAID[row.command], row.actor_id, "", tuple(each.id for each in journals.get(row.id, ())), id)
        for row in rows
        for id in sorted(each or 0 for each in told[row.id])
    ]


HISTORIES = (History("lim", READ, _moments, words=N_("Limit"), names=_names),)
