"""To whom the rows of each table belong; on PostgreSQL as row-level security, the second wall behind the queries' own.

A transaction names for whom it reads: an organisation, or the platform itself (commands, jobs, the command line). An
organisation sees the rows that belong to it by one of the table's rules and writes nothing; who names nobody sees
nothing. The tables' owner, and so migrations and backups, stands outside the walls. They hold against a query that
forgot whom it reads for, not against somebody who can send SQL of their own under the program's role.
"""

from dataclasses import dataclass

from sqlalchemy import Table

from scf.db.types import metadata
from scf.errors import ScfError

# for whom commands and jobs read; no organisation has this id, and 0, which is nobody's, sees nothing
PLATFORM = -1


@dataclass(frozen=True, slots=True)
class Holder:
    """The column holds the organisation."""

    column: str


@dataclass(frozen=True, slots=True)
class OfBook:
    """The column holds a book of which the organisation is the funder."""

    column: str = "book_id"


@dataclass(frozen=True, slots=True)
class OfScope:
    """The column holds the organisation or a book of its own."""

    column: str = "scope_id"


@dataclass(frozen=True, slots=True)
class Through:
    """The row of `table` whose `key` equals `column` here is seen; with `by`, is the organisation's by these columns.

    It leads up to a parent, or down to a child (`column` is then "id"). `where` narrows the rows of `table` to those
    of a partial index.
    """

    column: str
    table: str
    key: str = "id"
    by: tuple[str, ...] = ()
    where: str = ""


Rule = Holder | OfBook | OfScope | Through

# An anchor sees what it owes and what it promised, never what its suppliers took as advances, asked for, or pay.
WALLS: dict[str, tuple[Rule, ...]] = {
    # parties and their agreements: who is in one programme knows the others by name
    "organisation": (
        Holder("id"),
        Through("id", "enrolment", "supplier_id", by=("anchor_id", "book_id")),
        Through("id", "enrolment", "anchor_id", by=("supplier_id",)),
        Through("id", "programme", "anchor_id", by=("book_id",)),
        Through("id", "bank_account", "organisation_id", by=("book_id",)),
        Through("id", "credit_limit", "holder_id", by=("book_id",)),
        Through("id", "book", "funder_id"),
    ),
    "book": (
        Holder("funder_id"),
        Through("id", "enrolment", "book_id", by=("supplier_id",)),
        Through("id", "programme", "book_id", by=("anchor_id",)),
    ),
    "person": (Holder("local_to_id"),),
    "programme": (OfBook(), Holder("anchor_id"), Through("id", "enrolment", "programme_id", by=("supplier_id",))),
    "enrolment": (OfBook(), Holder("supplier_id"), Holder("anchor_id")),
    "enrolment_terms": (Through("enrolment_id", "enrolment", by=("book_id", "supplier_id")),),
    "terms_document": (Through("id", "enrolment_terms", "terms_id"),),
    "bank_account": (OfBook(), Holder("organisation_id")),
    "credit_limit": (OfBook(),),
    # the documents
    "invoice": (Holder("supplier_id"), Holder("anchor_id")),
    "invoice_end": (Holder("supplier_id"), Through("invoice_id", "invoice")),
    "confirmation": (Holder("anchor_id"), Through("receivable_id", "receivable")),
    "receivable": (
        Holder("debtor_id"),
        Holder("creditor_id"),
        Through("id", "advance", "receivable_id", by=("book_id",)),
        Through(
            "id", "advance_request", "receivable_id", by=("book_id",), where="status IN ('requested', 'approved')"
        ),
    ),
    "credit_note": (Through("receivable_id", "receivable"),),
    "file": (
        Through("sha256", "invoice", "file_sha256"),
        Through("sha256", "statement", "sha256"),
        Through("sha256", "payment_file", "sha256"),
    ),
    # the financing: the funder's and its supplier's
    "advance_request": (OfBook(), Through("enrolment_id", "enrolment", by=("supplier_id",))),
    "advance": (OfBook(), Holder("supplier_id")),
    "assignment": (OfBook(), Holder("from_id"), Holder("to_id")),
    "dilution": (OfBook(), Through("advance_id", "advance", by=("supplier_id",))),
    "claim": (OfBook(), Holder("supplier_id")),
    "claim_payment": (OfBook(), Through("claim_id", "claim", by=("supplier_id",))),
    "application": (OfBook(), Through("advance_id", "advance", by=("supplier_id",))),
    "late_charge": (OfBook(),),
    "loss": (OfBook(),),
    "guarantee_call": (OfBook(), Holder("guarantor_id")),
    # money
    "payout": (OfBook(), Holder("beneficiary_id")),
    "payment_file": (OfBook(),),
    "statement": (OfBook(),),
    "statement_entry": (OfBook(),),
    "collection": (OfBook(), Holder("payer_id")),
    # the funder's books
    "account": (OfBook(),),
    "journal": (OfBook(),),
    "posting": (OfBook(),),
    "account_day": (OfBook(),),
    "day_step": (OfBook(),),
    # what was done
    "command_log": (OfScope(),),
    "audit_link": (OfScope(),),
    "proposal": (OfScope(),),
    "outbox": (OfScope(),),
    # without a rule: the platform alone
    "job": (),
}

# tables that stand before the walls, and why
OPEN: dict[str, str] = {
    "node": "leases of processes; no party's",
    "tick": "when the scheduler last looked; no party's",
}

_FUNCTIONS = [
    """
CREATE FUNCTION scf_reader() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN CAST(NULLIF(current_setting('scf.reader', true), '') AS bigint)
""",
    # as the tables' owner: which books are the reader's must not depend on what the reader sees
    """
CREATE FUNCTION scf_books() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
RETURN ARRAY(SELECT book.id FROM book WHERE book.funder_id = scf_reader())
""",
]
# in brackets of their own: PostgreSQL then asks once a query, not once a row
_READER = "(SELECT scf_reader())"
_BOOKS = "CAST((SELECT scf_books()) AS bigint[])"


def statements() -> list[str]:
    """The DDL for PostgreSQL, in the order to run it. Raises `ScfError` for a table without a place here."""
    return [*_FUNCTIONS, *(text for table in metadata.sorted_tables if not _is_open(table) for text in _walled(table))]


def _is_open(table: Table) -> bool:
    if table.name in WALLS and table.name not in OPEN:
        return False
    if table.name in OPEN and table.name not in WALLS:
        return True
    raise ScfError(f"{table.name}: say in scf/db/walls.py to whom its rows belong (WALLS), or why to nobody (OPEN)")


def _walled(table: Table) -> list[str]:
    name = f'"{table.name}"'
    seen = " OR ".join(condition(table.name, table.name, rule) for rule in WALLS[table.name])
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {table.name}_platform ON {name} USING ({_READER} = {PLATFORM})",
        *([f"CREATE POLICY {table.name}_reader ON {name} FOR SELECT USING (\n  {seen}\n)"] if seen else []),
    ]


def condition(table: str, alias: str, rule: Rule) -> str:
    """A rule as SQL, true of the rows of `table`, called `alias`, that are the reader's by it."""
    column = f'"{alias}".{_known(table, rule.column)}'
    match rule:
        case Holder():
            return f"{column} = {_READER}"
        case OfBook():
            return f"{column} = ANY ({_BOOKS})"
        case OfScope():
            return f"{column} = {_READER} OR {column} = ANY ({_BOOKS})"
        case Through():
            near = f"{alias}_near"
            by = " OR ".join(condition(rule.table, near, each) for each in rules_by(rule))
            terms = [f'"{near}".{_known(rule.table, rule.key)} = {column}', rule.where, by and f"({by})"]
            return f'\n  EXISTS (SELECT FROM "{rule.table}" AS "{near}" WHERE {" AND ".join(filter(None, terms))})'


def rules_by(rule: Through) -> tuple[Rule, ...]:
    """The rules of the other table that `by` names; none: whatever makes its rows seen."""
    found = {each.column: each for each in WALLS[rule.table]}
    return tuple(found[column] for column in rule.by)


def _known(table: str, column: str) -> str:
    if column not in metadata.tables[table].columns:
        raise ScfError(f"scf/db/walls.py: {table} has no column {column}")
    return column
