"""The first wall: a query that reads for an organisation says so itself, on every database.

`watched` judges each SELECT that is sent for a given reader, by the same declaration that PostgreSQL's row-level
security is made from (`scf.db.walls`). A table is walled in a statement when a condition that all of its rows must
meet does one of these:

- compares a column that holds an organisation or a book with the reader, or with its books;
- links it, by one of the table's rules, to another walled table of the statement, or to values that were read before
  from rows that were walled; a foreign key links too when both tables hold the column that walls the one;
- compares its key with keys of its own read before, or joins what only names things (`NAMED`) to a walled row.

Conditions count when they stand in WHERE, or in ON for the side that an outer join may leave empty; of alternatives
all must wall the table. A table that is not walled, text that names a table of a party, and a write are violations.
Statements are read as objects, never as text. What the platform itself reads (commands, jobs) is not judged.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from sqlalchemy import CTE, Alias, BindParameter, Cast, ColumnElement, CompoundSelect, Select, Subquery, Table, event
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, Grouping, Label, Over, TextClause
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import Exists, Join, ScalarSelect, SelectBase

from scf.db.engine import Database
from scf.db.types import metadata
from scf.db.walls import OPEN, WALLS, Holder, OfBook, OfScope, Through

# they stand beside what is seen: whoever sees a row may name the organisation or the book in it, and read its terms
# (only a funder's and its supplier's rows refer to terms)
NAMED = {"organisation", "book", "programme", "person", "terms_document"}
# what a rule's column may hold, and the ways in which that is the reader itself or a book of its own
_HELD = {
    Holder: {("organisation", "id")},
    OfBook: {("book", "id")},
    OfScope: {("organisation", "id"), ("book", "id")},
}
_OWN = {frozenset({"id"}), frozenset({"funder_id"})}
_RAW = re.compile(rf"\b({'|'.join(WALLS)})\b")


# the columns by which all rows of a table in a statement are the reader's: each is by one of them
Way = frozenset[str]
# which column of a walled table a value of a result is, and the ways in which its rows were walled
Origin = tuple[str, str, frozenset[Way]]


@dataclass
class Watch:
    """What was seen so far: how many statements were judged, and what was wrong with any."""

    organisation_id: int
    book_ids: frozenset[int]
    judged: int = 0
    violations: list[str] = field(default_factory=list)
    # values read from walled rows, by table, column and way
    read: defaultdict[tuple[str, str, Way], set[Any]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """What the reader knows before it reads."""
        self.read["organisation", "id", frozenset({"id"})] |= {self.organisation_id}
        self.read["book", "id", frozenset({"funder_id"})] |= self.book_ids

    def ways(self, table: str, column: str, values: set[Any]) -> set[Way]:
        """The ways in which rows were walled of which such values were read."""
        hits = {way: read for (name, which, way), read in self.read.items() if (name, which) == (table, column)}
        found = {way for way, read in hits.items() if values <= read}
        if not found and values <= set().union(*hits.values()):
            found = {frozenset().union(*hits)}
        return found

    def has_read(self, values: set[Any]) -> bool:
        """Whether the values were read of any walled rows at all."""
        return values <= set().union(*self.read.values())


@contextmanager
def watched(database: Database, organisation_id: int, book_ids: Iterable[int] = ()) -> Iterator[Watch]:
    """Judge what is read for an organisation while the block lasts; fails at its end when a query forgot for whom."""
    watch = Watch(organisation_id, frozenset(book_ids))
    pending: dict[int, list[Origin | None]] = {}

    def judge(connection: Any, statement: Any, many: Any, single: Any, _options: Any) -> None:
        if connection.get_execution_options().get("reader") != organisation_id:
            return
        watch.judged += 1
        values = dict(many[0] if many else {}) | dict(single or {})
        pending[id(connection)] = Judge(watch, values).statement(statement)

    def keep(connection: Any, cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        if connection.get_execution_options().get("reader") != organisation_id:
            return
        if context is None or context.compiled is None:
            # SQLite's BEGIN comes by here too, when a statement was judged and is not yet sent
            if found := _RAW.search(statement):
                watch.violations.append(f"{found.group()}: text cannot be judged: {statement}")
            return
        origins = pending.pop(id(connection), None)
        if origins and cursor.description:
            rows = cursor.fetchall()
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=rows)
            for position, origin in enumerate(origins):
                table, column, ways = origin or ("", "", frozenset())
                for way in ways:
                    watch.read[table, column, way] |= {row[position] for row in rows}

    event.listen(database.engine, "before_execute", judge)
    event.listen(database.engine, "after_cursor_execute", keep)
    try:
        yield watch
    finally:
        event.remove(database.engine, "before_execute", judge)
        event.remove(database.engine, "after_cursor_execute", keep)
    assert not watch.violations, "\n\n".join(watch.violations)


Walled = dict[Any, set[Way]]


@dataclass
class Judge:
    """Judges one statement with the values sent along."""

    watch: Watch
    values: Mapping[str, Any]

    def statement(self, statement: Any) -> list[Origin | None]:
        """Judge a statement; returns of each column of its result what it is."""
        if isinstance(statement, CompoundSelect | Select):
            walled = self.select(statement, {}, str(statement))
            return [] if isinstance(statement, CompoundSelect) else self._origins(statement, walled)
        if found := _RAW.search(str(statement)):
            self.watch.violations.append(f"{found.group()}: only a SELECT can be judged: {statement}")
        return []

    def select(self, select: Any, outer: Walled, words: str, known: Walled | None = None) -> Walled:
        """Judge a SELECT and all within it.

        `outer` are the tables of the statement around it; `known` are tables of its own that the one around walls.
        """
        if isinstance(select, CompoundSelect):
            for each in select.selects:
                self.select(each, outer, words)
            return {}
        leaves, conditions = _taken_apart(select)
        own = [leaf for leaf in leaves if not (leaf in outer and _is_correlated(select, leaf))]
        walled: Walled = {**outer, **{leaf: self._given(leaf) for leaf in own}, **(known or {})}
        for leaf in list(own) * len(own):
            for condition, only in conditions:
                if only is None or leaf in only:
                    walled[leaf] |= self._by(leaf, condition, walled)
        for leaf in own:
            inner = _selected(leaf)
            if isinstance(inner, SelectBase):
                self.select(inner, {}, words, dict.fromkeys(self._left_to_outside(inner), walled[leaf]))
            elif not walled[leaf]:
                told = f"{_table(leaf)}: nothing walls it for {self.watch.organisation_id}: {words}"
                self.watch.violations.append(told)
        for inner in _within(select, leaves):
            self.select(inner, walled, words)
        return walled

    def _quietly(self, select: Any, outer: Walled) -> Walled:
        """Judge a SELECT for what it says of the one around it; it is judged for its own sake elsewhere."""
        watch = Watch(self.watch.organisation_id, self.watch.book_ids, read=self.watch.read)
        return Judge(watch, self.values).select(select, outer, "")

    def _left_to_outside(self, inner: Any) -> list[Any]:
        """The one table of a SELECT in FROM that the conditions around may wall, by a column that it hands on.

        A condition on a column that is handed on, or grouped by, holds for all of its rows, unless some were cut off
        or numbered before.
        """
        if not isinstance(inner, Select) or inner._limit_clause is not None or inner._offset_clause is not None:
            return []
        if any(isinstance(part, Over) for part in visitors.iterate(inner)):
            return []
        left = [leaf for leaf, ways in self._quietly(inner, {}).items() if not ways]
        return left if len(left) == 1 and _table(left[0]) else []

    def _origins(self, select: Select[Any], walled: Walled) -> list[Origin | None]:
        places = [_place(expression) for expression in select.selected_columns]
        return [
            (place[1], place[2], frozenset(walled[place[0]])) if place and walled.get(place[0]) else None
            for place in places
        ]

    def _given(self, leaf: Any) -> set[Way]:
        """What needs no condition: a table before the walls, values, a SELECT in FROM (which is judged by itself)."""
        inner = _selected(leaf)
        if isinstance(inner, SelectBase):
            ways = list(self._quietly(inner, {}).values())
            if self._left_to_outside(inner):
                return set()
            return ways[0] if len(ways) == 1 and ways[0] else {frozenset({"inner"})}
        name = _table(leaf)
        return {frozenset({"open"})} if name is None or name in OPEN else set()

    def _by(self, leaf: Any, condition: Any, walled: Walled) -> set[Way]:
        """The ways in which a condition walls a table; none when it does not."""
        condition = _bare(condition)
        if isinstance(condition, BooleanClauseList):
            found = [self._by(leaf, each, walled) for each in condition.clauses]
            if condition.operator is operators.or_:
                return {frozenset().union(*chosen) for chosen in product(*found)}
            return set().union(*found)
        if isinstance(condition, Exists):
            inner = _select_of(condition)
            within = {**self._quietly(inner, {**walled, leaf: set()}), leaf: set()}
            return set().union(*(self._by(leaf, each, within) for each, _ in _taken_apart(inner)[1]))
        if isinstance(condition, BinaryExpression) and condition.operator in (operators.eq, operators.in_op):
            sides = ((condition.left, condition.right), (condition.right, condition.left))
            return set().union(*(self._by_comparison(leaf, here, there, walled) for here, there in sides))
        return set()

    def _by_comparison(self, leaf: Any, here: Any, there: Any, walled: Walled) -> set[Way]:
        place = _place(here)
        if place is None or place[0] is not leaf:
            return set()
        table, column = place[1], place[2]
        if (other := _place(there)) is not None:
            return self._by_link(table, column, (other[1], other[2], frozenset(walled.get(other[0], ()))))
        if (listed := self._listed(there)) is not None:
            return self._by_values(table, column, listed)
        if (inner := _select_of(there)) is not None:
            origins = self._origins(inner, self._quietly(inner, dict(walled)))
            return self._by_link(table, column, origins[0]) if origins[0] else set()
        values = self._values(there)
        return self._by_values(table, column, values) if values is not None else set()

    def _by_values(self, table: str, column: str, values: set[Any]) -> set[Way]:
        """The ways in which equality with values, sent along, walls a row of the table."""
        watch = self.watch
        if values <= {watch.organisation_id}:
            source: Origin = ("organisation", "id", frozenset({frozenset({"id"})}))
            return self._by_link(table, column, source)
        if values <= watch.book_ids:
            return self._by_link(table, column, ("book", "id", frozenset({frozenset({"funder_id"})})))
        if table in NAMED and column == "id" and watch.has_read(values):
            return {frozenset({"named"})}
        sources = {(rule.table, rule.key) for rule in WALLS.get(table, ()) if isinstance(rule, Through)}
        foreign = metadata.tables[table].columns[column].foreign_keys
        sources |= {(each.column.table.name, each.column.name) for each in foreign}
        found = [
            self._by_link(table, column, (*source, frozenset(watch.ways(*source, values))))
            for source in sources | {(table, column)}
        ]
        return set().union(*found)

    def _by_link(self, table: str, column: str, source: Origin) -> set[Way]:
        """The ways in which equality with a column of walled rows walls a row of the table."""
        other, key, ways = source
        if not ways:
            return set()
        if (table, column) == (other, key) and column in ("id", "sha256"):
            return set(ways)
        found: set[Way] = {frozenset({"named"})} if table in NAMED and column == "id" else set()
        if _refers(table, column, other, key) or _refers(other, key, table, column):
            # what refers to a row of the reader's book is of that book, and so with suppliers and anchors
            shared = {each.column for each in set(WALLS[table]) & set(WALLS[other]) if not isinstance(each, Through)}
            found |= {way for way in ways if way <= shared}
        back = Through(key, table, column)
        if any(isinstance(each, Through) and replace(each, by=(), where="") == back for each in WALLS.get(other, ())):
            # the other row is seen because the row that it names is: this one
            found |= {frozenset({"named"})} if frozenset({f"{key} of {table}"}) in ways else set()
        for rule in WALLS.get(table, ()):
            if rule.column != column:
                continue
            if isinstance(rule, Through):
                fits = (rule.table, rule.key) == (other, key)
                fits = fits and (not rule.by or any(way <= set(rule.by) for way in ways))
            else:
                fits = (other, key) in _HELD[type(rule)] and any(way in _OWN for way in ways)
                # the other row's own column holds the reader or its book, and this one holds the same
                kinds = {type(each) for each in WALLS.get(other, ()) if each.column == key}
                fits = fits or (type(rule) in kinds and frozenset({key}) in ways)
            if fits:
                found.add(frozenset({column if not isinstance(rule, Through) else f"{column} of {rule.table}"}))
        return found

    def _values(self, expression: Any) -> set[Any] | None:
        """The values of a parameter, or of the array that `= ANY` takes; None for anything else."""
        expression = _bare(expression)
        if isinstance(expression, FunctionElement) and expression.name.lower() == "any":
            (expression,) = expression.clauses
        while isinstance(expression, Cast | Grouping):
            expression = expression.clause if isinstance(expression, Cast) else expression.element
        if not isinstance(expression, BindParameter):
            return None
        value = self.values.get(expression.key, expression.effective_value)
        return set(value) if isinstance(value, list | tuple | set | frozenset) else {value}

    def _listed(self, there: Any) -> set[Any] | None:
        """The values of `SELECT value FROM json_each(…)`, which is how SQLite takes an array."""
        text = getattr(there, "element", there)
        if not isinstance(text, TextClause) or not text.text.startswith("SELECT value FROM json_each("):
            return None
        (listed,) = text._bindparams.values()
        (values,) = self._values(listed) or {"[]"}
        return set(json.loads(values))


def _refers(table: str, column: str, other: str, key: str) -> bool:
    if table in OPEN or other in OPEN:
        return False
    return any(
        (foreign.column.table.name, foreign.column.name) == (other, key)
        for foreign in metadata.tables[table].columns[column].foreign_keys
    )


def _bare(expression: Any) -> Any:
    while isinstance(expression, Grouping | Label):
        expression = expression.element
    return expression


def _select_of(expression: Any) -> Any:
    while isinstance(expression, Grouping | ScalarSelect | Exists):
        expression = expression.element
    return expression if isinstance(expression, SelectBase) else None


def _table(leaf: Any) -> str | None:
    """The name of the table that a FROM is, by its own name or another; None for a SELECT."""
    while isinstance(leaf, Alias):
        leaf = leaf.element
    return leaf.name if isinstance(leaf, Table) else None


def _selected(leaf: Any) -> Any:
    while isinstance(leaf, Alias | Subquery | CTE):
        leaf = leaf.element
    return leaf


def _place(expression: Any) -> tuple[Any, str, str] | None:
    """Where a column stands: its FROM, and the table and column that it is in the end."""
    expression = _bare(expression)
    leaf = getattr(expression, "table", None)
    if leaf is None or not isinstance(expression, ColumnElement):
        return None
    bases = [each for each in expression.base_columns if isinstance(getattr(each, "table", None), Table | Alias)]
    if len(bases) != 1 or (name := _table(bases[0].table)) is None:
        return None
    return leaf, name, bases[0].name


def _taken_apart(select: Select[Any]) -> tuple[list[Any], list[tuple[Any, Any]]]:
    """The tables of FROM, and the conditions with the tables they bind; None: all."""
    leaves: list[Any] = []
    conditions: list[tuple[Any, Any]] = [] if select.whereclause is None else [(select.whereclause, None)]

    def take(part: Any) -> list[Any]:
        if not isinstance(part, Join):
            leaves.append(part)
            return [part]
        left, right = take(part.left), take(part.right)
        if not part.full:
            conditions.append((part.onclause, right if part.isouter else None))
        return left + right

    for part in select.get_final_froms():
        take(part)
    return leaves, conditions


def _is_correlated(select: Select[Any], leaf: Any) -> bool:
    return bool(select._auto_correlate) or leaf in (select._correlate or ())


def _within(select: Select[Any], leaves: Sequence[Any]) -> Iterator[Any]:
    """The SELECTs inside a SELECT, without those in its FROM."""
    skipped = {id(leaf) for leaf in leaves}
    waiting = [part for part in select.get_children() if id(part) not in skipped]
    while waiting:
        part = waiting.pop()
        if id(part) in skipped:
            continue
        if isinstance(part, Select | CompoundSelect):
            yield part
        elif not isinstance(part, Table):
            waiting.extend(part.get_children())
