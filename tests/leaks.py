"""Whether something told to one organisation holds anything of another's: ids, in digits or base-32, names, numbers.

What is foreign is worked out from the rows themselves, by the declaration in `scf.db.walls`, in Python.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from scf import ids
from scf.db.engine import Database
from scf.db.types import metadata
from scf.db.walls import WALLS, Holder, OfBook, OfScope, Rule, Through, rules_by

# what a party would know another one by
TELLING = {
    "name", "ref", "number", "registration_ref", "iban", "counter_account", "email", "bank_ref", "end_to_end_ref",
}  # fmt: skip
# shorter words stand in any text by chance
SHORTEST = 4
# ids are made of the time, and longer than any amount in a test
SMALLEST_ID = 1 << 32

Row = Mapping[str, Any]


def words_asked(rule: Through) -> dict[str, set[str]]:
    """The words that a rule asks for, by column: of `status = 'given'`, or `status IN ('a', 'b')`."""
    found = re.findall(r"(\w+) (?:=|IN) (\([^)]*\)|'\w+')", rule.where)
    return {column: set(re.findall(r"'(\w+)'", words)) for column, words in found}


@dataclass
class Rows:
    """The rows of every table behind the walls, and to whom each belongs."""

    tables: Mapping[str, Sequence[Row]]
    _found: dict[tuple[str, str], dict[Any, list[Row]]] = field(default_factory=dict)

    def of(self, table: str, reader: int) -> list[Row]:
        """The rows of a table that are the reader's."""
        return [row for row in self.tables[table] if self.belongs(table, row, reader)]

    def belongs(self, table: str, row: Row, reader: int) -> bool:
        """Whether a row is the reader's by any of its table's rules."""
        return any(self._by(rule, row, reader) for rule in WALLS[table])

    def _by(self, rule: Rule, row: Row, reader: int) -> bool:
        value = row[rule.column]
        match rule:
            case Holder():
                return bool(value == reader)
            case OfBook():
                return value in self._books(reader)
            case OfScope():
                return value == reader or value in self._books(reader)
            case Through():
                asked = words_asked(rule)
                near = [
                    each
                    for each in self._where(rule.table, rule.key, value)
                    if all(each[column] in words for column, words in asked.items())
                ]
                return any(self._by(by, each, reader) for each in near for by in rules_by(rule))

    def _books(self, reader: int) -> set[Any]:
        return {book["id"] for book in self._where("book", "funder_id", reader)}

    def _where(self, table: str, column: str, value: Any) -> list[Row]:
        if (table, column) not in self._found:
            index = self._found[table, column] = defaultdict(list)
            for row in self.tables[table]:
                index[row[column]].append(row)
        return self._found[table, column].get(value, [])


@dataclass(frozen=True)
class Foreign:
    """What one organisation must never be told."""

    ids: frozenset[int]
    words: frozenset[str]


def rows_of(database: Database) -> Rows:
    """All rows of a database, as the platform sees them."""
    with database.reading() as connection:
        return Rows(
            {
                name: [dict(row._mapping) for row in connection.execute(select(metadata.tables[name]))]
                for name in WALLS
                if name in metadata.tables
            }
        )


def foreign_to(database: Database, organisation_id: int) -> Foreign:
    """The ids and the telling words of all rows that are not the organisation's, less what its own rows say."""
    rows = rows_of(database)
    own_ids, own_words, other_ids, other_words = set[int](), set[str](), set[int](), set[str]()
    for table, each in rows.tables.items():
        for row in each:
            if rows.belongs(table, row, organisation_id):
                own_ids |= {value for value in row.values() if isinstance(value, int)}
                own_words |= set(_words(row))
            else:
                other_ids |= {row["id"]} if isinstance(row.get("id"), int) else set()
                other_words |= set(_words(row))
    known = " ".join(own_words)
    return Foreign(
        frozenset(id for id in other_ids - own_ids if id >= SMALLEST_ID),
        frozenset(word for word in other_words if word not in known),
    )


def _words(row: Row) -> Iterator[str]:
    for column, value in row.items():
        if column in TELLING and isinstance(value, str) and len(value) >= SHORTEST:
            yield value


def leaks(told: str, foreign: Foreign) -> list[str]:
    """What of the foreign ids and words stands in a text, in words; none: it keeps quiet."""
    numbers = {int(digits) for digits in re.findall(r"\d{10,}", told)}
    coded = {_number(digits) for digits in re.findall(r"_([0-9a-hjkmnp-tv-z]{13})(?![0-9a-z])", told)}
    found = [f"id {id}" for id in sorted(foreign.ids & numbers)]
    found += [f"id {ids.text('', id)[1:]} ({id})" for id in sorted(foreign.ids & coded)]
    # a word of another's is no part of a longer one of one's own: "word 8" of "word 85"
    return found + [repr(word) for word in sorted(foreign.words) if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told)]


def _number(digits: str) -> int:
    return ids.parse(f"x_{digits}")


def tell_nothing(told: str | Iterable[str], foreign: Foreign) -> None:
    """Fail when a text, or one of several, holds anything foreign."""
    for text in [told] if isinstance(told, str) else told:
        found = leaks(text, foreign)
        assert not found, f"{', '.join(found[:10])} in: {text[:2000]}"
