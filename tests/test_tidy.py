"""The house rules that no other tool checks: one writer a table, one place that commits, one clock, sizes, words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import wsgi
from invoices import lifecycle as invoices
from scf.db.types import metadata
from scf.factoring import lifecycle as factoring
from scf.ledger import rules
from scf.manifest import SCF
from scf.onboarding import lifecycle as onboarding
from scf.payments import lifecycle as payments
from scf.receivables import lifecycle as receivables
from scf.scheduling import lifecycle as scheduling
from scf.scheduling.day import in_order

ROOT = Path(__file__).parent.parent
PACKAGES = ("scf", "invoices", "anchors", "reports")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts)
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}

WRITES = {"insert", "update", "delete", "move", "set_each"}

COMMITS = {
    "scf/commands.py": "the one place that opens a unit of work",
    "scf/db/engine.py": "leases the node of this process's ids before any command can run",
    "scf/db/schema_changes.py": "migrations are not commands",
}

LONG_FILE_LINES = 300
LONG_FUNCTION_LINES = 60
# a ratchet: may be lowered, never raised
MEAN_FILE_LINES = 130

BANNED_MODULES = {"utils", "helpers", "common", "misc", "manager", "service", "util", "helper"}
BANNED_VERBS = re.compile(r"^_?(process|handle|manage|do)_")
EXCEPTIONS = {
    "handle_http_exception": "flask-smorest calls it so",
    "handle_of": "WebAuthn calls it so: the user handle",
    "process_bind_param": "SQLAlchemy calls it so",
    "process_result_value": "SQLAlchemy calls it so",
}

OWNED = {
    "book_id": "a funder's book",
    "scope_id": "an organisation or a book",
    "organisation_id": "an organisation",
    "supplier_id": "a supplier",
    "anchor_id": "an anchor",
    "debtor_id": "a receivable belongs to its debtor and creditor",
}
UNOWNED = {
    "node": "processes",
    "tick": "the scheduler",
    "sandbox_clock": "the sandbox",
    "file": "bytes by hash; who refers to them owns them",
    "organisation": "is the owner",
    "person": "a human being; memberships say for whom they act",
    "book": "belongs to its funder by funder_id",
    "terms_document": "content-addressed; enrolments refer to it",
    "enrolment_terms": "of an enrolment",
    "credit_note": "of a receivable",
    "preference": "of a person, for whomever they act",
    "password": "of a person, who may be a member of several organisations",
    "totp": "of a person",
    "passkey": "of a person",
    "recovery_code": "of a person",
    "mail_token": "of an invitation or a person",
    "sign_in_attempt": "of an account as it was typed, which may be nobody's",
    "external_identity": "of an organisation's identity provider",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def tables_of(tree: ast.Module) -> dict[str, str]:
    """Names in a file that are tables of another file, with the module that defines them."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found[alias.asname or alias.name] = node.module
    return found


def defined_tables() -> dict[tuple[str, str], str]:
    """(module, variable) of every table, with the table's name."""
    found = {}
    for path, tree in TREES.items():
        module = name(path).removesuffix(".py").replace("/", ".")
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                function = node.value.func
                if isinstance(function, ast.Name) and function.id == "table" and isinstance(node.targets[0], ast.Name):
                    assert isinstance(node.value.args[0], ast.Constant)
                    found[module, node.targets[0].id] = str(node.value.args[0].value)
    return found


def test_only_the_folder_that_defines_a_table_writes_it() -> None:
    tables = defined_tables()
    assert len(tables) == len(metadata.tables), "every table is made by scf.db.types.table, and found here"
    wrong = []
    for path, tree in TREES.items():
        imported = tables_of(tree)
        for call in calls(tree):
            function = call.func
            verb = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if verb not in WRITES:
                continue
            for argument in call.args:
                module = imported.get(argument.id) if isinstance(argument, ast.Name) else None
                if module is None or not isinstance(argument, ast.Name):
                    continue
                known = any(where == module for where, _ in tables)
                if known and module.rpartition(".")[0].replace(".", "/") != name(path.parent):
                    wrong.append(f"{name(path)}:{call.lineno} writes a table of {module}")
    assert wrong == []


def test_only_commands_commit() -> None:
    wrong = [
        f"{name(path)}:{call.lineno}"
        for path, tree in TREES.items()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and (call.func.attr in ("commit", "writing") or ast.unparse(call.func).endswith("engine.begin"))
        and name(path) not in COMMITS
    ]
    assert wrong == []


def test_only_the_clock_asks_for_the_time() -> None:
    asking = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.(time|monotonic|sleep|perf_counter))\(")
    wrong = [
        f"{name(path)}: {found.group()}"
        for path in FILES
        if name(path) not in ("scf/clock.py", "scf/environment.py") and (found := asking.search(path.read_text()))
    ]
    assert wrong == []


def test_no_float_is_made_of_money() -> None:
    wrong = [
        f"{name(path)}:{call.lineno}"
        for path, tree in TREES.items()
        for call in calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id == "float" and not name(path).startswith("reports/pdf")
    ]
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_and_functions_stay_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONG_FILE_LINES, f"{name(path)} has {lines} lines"
    long = [
        f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONG_FUNCTION_LINES
        # a function that only holds others is a table of them
        and not any(isinstance(inner, ast.FunctionDef) for inner in node.body)
    ]
    assert long == []


def test_files_are_small_on_the_whole() -> None:
    counts = [len(path.read_text(encoding="utf-8").splitlines()) for path in FILES]
    assert sum(counts) / len(counts) <= MEAN_FILE_LINES


def test_no_banned_words_name_modules_or_functions() -> None:
    wrong = [name(path) for path in FILES if path.stem in BANNED_MODULES]
    wrong += [
        f"{name(path)}: {node.name}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and BANNED_VERBS.match(node.name)
        and node.name not in EXCEPTIONS
    ]
    assert wrong == []


def test_every_module_says_what_it_is_for() -> None:
    assert [name(path) for path, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_every_table_has_an_owner() -> None:
    wrong = [
        table.name
        for table in metadata.tables.values()
        if table.name not in UNOWNED and not OWNED.keys() & set(table.columns.keys())
    ]
    assert wrong == []


def test_the_name_of_who_acts_is_for_messages_and_no_row_keeps_it() -> None:
    messages = {"scf/commands.py": 2}
    told = {name(path): text.count("actor.name") for path in FILES if "actor.name" in (text := path.read_text())}
    assert told == messages, "rows name people by id, so that a name can be erased; scf.people.queries.names reads it"
    kept = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    people = re.compile(r"\.(actor|maker|checker|by|person|user|submitted_by|decided_by|approved_by)(_name)?$")
    assert [column for column in kept if people.search(column)] == []


def test_the_posting_rules_fit_the_chart() -> None:
    assert rules.misfits() == []


@pytest.mark.parametrize(
    ("table", "moves"),
    [
        ("invoice", invoices.MOVES),
        ("receivable", receivables.MOVES),
        ("credit_note", receivables.NOTE_MOVES),
        ("advance_request", factoring.REQUEST_MOVES),
        ("advance", factoring.ADVANCE_MOVES),
        ("assignment", factoring.ASSIGNMENT_MOVES),
        ("claim", factoring.CLAIM_MOVES),
        ("payout", payments.PAYOUT_MOVES),
        ("collection", payments.COLLECTION_MOVES),
        ("job", scheduling.MOVES),
        ("dossier", onboarding.MOVES),
    ],
)
def test_the_database_knows_the_states_of_the_tables(table: str, moves: dict[str, frozenset[str]]) -> None:
    check = next(
        constraint
        for constraint in metadata.tables[table].constraints
        if str(constraint.name).endswith(f"ck_{table}_status")
    )
    in_database = set(re.findall(r"'(\w+)'", str(getattr(check, "sqltext", ""))))
    assert in_database == moves.keys()
    assert {state for targets in moves.values() for state in targets} <= moves.keys()


def test_commands_and_steps_bear_one_name_each() -> None:
    commands = [command.name for module in wsgi.MODULES for command in module.commands]
    assert len(commands) == len(set(commands))
    steps = [step.name for module in wsgi.MODULES for step in module.steps]
    assert len(steps) == len(set(steps))


def test_money_comes_in_before_it_goes_out() -> None:
    order = [step.name for step in in_order(SCF.steps)]
    assert order[0] == "open the day" and order[-1] == "close the day"
    for earlier, later in (
        ("read bank files", "apply collections"),
        ("apply collections", "settle receivables"),
        ("settle receivables", "fund"),
        ("approve by rule", "fund"),
        ("fund", "send payouts"),
        ("send payouts", "earn discount"),
    ):
        assert order.index(earlier) < order.index(later)
