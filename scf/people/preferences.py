"""How screens speak to a person: language, form of dates and numbers, light or dark; and the parts that keep it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from scf.db import bulk
from scf.people.models import preferences

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Preference:
    """What a person chose; an empty word leaves it to the browser."""

    language: str = ""
    # a locale as Babel names it: en_GB, de_DE
    formats: str = ""
    theme: str = ""


def of_person(connection: Connection, person_id: int) -> Preference:
    """What a person chose, as far as they did."""
    columns = (preferences.c.language, preferences.c.formats, preferences.c.theme)
    row = connection.execute(select(*columns).where(preferences.c.person_id == person_id)).one_or_none()
    return Preference(*row) if row else Preference()


def keep(connection: Connection, person_id: int, chosen: Preference) -> None:
    """Keep what a person chose, instead of what they chose before."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {"language": chosen.language, "formats": chosen.formats, "theme": chosen.theme}
    new = dialect.insert(preferences).values(person_id=person_id, version=1, **values)
    set_ = {**values, "version": preferences.c.version + 1}
    connection.execute(new.on_conflict_do_update(index_elements=["person_id"], set_=set_))


def blank(connection: Connection, ids: Sequence[int]) -> None:
    """Forget what people chose who are erased."""
    theirs = bulk.among(connection, preferences.c.person_id, ids)
    values = {"language": "", "formats": "", "theme": "", "version": preferences.c.version + 1}
    connection.execute(update(preferences).where(theirs).values(values))
