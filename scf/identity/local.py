"""People of a command line: met there by name, and known from then on by an id like everybody else.

Whoever can run the program on the database's machine is trusted; so a name is enough, and the same name is the same
person. It refuses names that could not be told apart or kept.
"""

from datetime import timedelta

from sqlalchemy import Connection

from scf.commands import transact
from scf.db.engine import Database
from scf.errors import FieldError
from scf.people import queries as people

NAME_MAX = 140
# how exactly it is known when somebody was last met; noting it every time would make every look a write
_NOTED_EVERY = timedelta(days=1)


def local_person(database: Database, organisation_id: int, name: str) -> int:
    """The id of a person of an organisation's command line; one who was not met before is added.

    Raises `FieldError` for a name that is empty or too long.
    """
    called = " ".join(name.split())
    if not 1 <= len(called) <= NAME_MAX:
        raise FieldError("name", f"a person has a name of 1 to {NAME_MAX} characters, not {len(called)}")
    now = database.clock.now()
    with database.reading() as connection:
        met = people.local(connection, organisation_id, called)
    if met is not None and now - met.seen_at < _NOTED_EVERY:
        return met.id
    id = database.ids().one()

    def meet(connection: Connection) -> int:
        return people.meet_local(connection, id, organisation_id, called, now)

    return transact(database, meet)
