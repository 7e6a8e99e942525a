"""Questions about consents: what an organisation may see of others."""

from sqlalchemy import ColumnElement, Connection, Select, exists, select

from scf.signatures.models import consents
from scf.signatures.words import Subject


def seen(connection: Connection, to_id: int, subject: Subject) -> set[int]:
    """The organisations of which another may see a subject, because they consented and did not end it."""
    return set(connection.execute(givers(to_id, subject)).scalars())


def givers(to_id: int, subject: Subject) -> Select[int]:
    """The same as a part of another query."""
    given = (consents.c.to_id == to_id, consents.c.subject == subject.value, consents.c.status == "given")
    return select(consents.c.organisation_id).where(*given)


def consented(giver_id: ColumnElement[int], to_id: ColumnElement[int], subject: Subject) -> ColumnElement[bool]:
    """The condition that one organisation of a row lets another one of it see a subject."""
    return exists().where(
        consents.c.organisation_id == giver_id,
        consents.c.to_id == to_id,
        consents.c.subject == subject.value,
        consents.c.status == "given",
    )
