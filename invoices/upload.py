"""Uploading: the supplier's command that submits the invoices of a file and applies the credit notes in it.

Every row gets an outcome; a refusal names row and field. The file itself is kept, also when all of it is refused,
so that what was sent can always be shown. An invoice that is here already, in whatever disguise, is not taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from invoices import credit, duplicates, known
from invoices.admit import Verdict, admit
from invoices.canonical import ParsedInvoice, RowError
from invoices.credit import Credits, Decision
from invoices.duplicates import Known
from invoices.lifecycle import SUBMITTED
from invoices.models import invoices
from invoices.trade import load as load_trade
from scf import files
from scf.announcements import announce, tell
from scf.commands import Command, ScopeKind, Unit
from scf.db import bulk
from scf.outcomes import Outcome, Refusal, Scalar, done

_COLUMNS = (
    "id", "supplier_id", "anchor_id", "number", "order_ref", "issue_on", "due_on", "currency", "amount_minor",
    "fingerprint", "disguise", "file_sha256", "file_row", "warnings", "submitted_by_id", "submitted_at", "status",
    "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """A file as the supplier sent it; its hash stands for the bytes."""

    # the same bytes under another name are the same file
    name: str = field(repr=False)
    sha256: str
    payload: bytes = field(repr=False)

    @classmethod
    def of(cls, name: str, payload: bytes) -> "InvoiceFile":
        """A file with its hash."""
        return cls(name, files.sha256_of(payload), payload)


@dataclass(frozen=True, slots=True)
class UploadedRow:
    """One row of a file: an invoice or credit note, or why it could not be read."""

    file: InvoiceFile
    row: ParsedInvoice | RowError


@dataclass(frozen=True, slots=True)
class _Facts:
    ids: list[int]
    verdicts: list[Verdict]
    known: Mapping[str, list[Known]]
    credits: Credits
    missing: list[InvoiceFile]


@dataclass(slots=True)
class _Plan:
    credits: Decision
    outcomes: list[Outcome] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)


def _load(unit: Unit, batch: Sequence[UploadedRow]) -> _Facts:
    trade = load_trade(unit, {each.row.buyer_id for each in batch if isinstance(each.row, ParsedInvoice)})
    # what is admitted says what more has to be looked up
    verdicts = [admit(trade, each.row) for each in batch]
    admitted = [(each.row, verdict) for each, verdict in zip(batch, verdicts, strict=True) if verdict.refusal is None]
    submitted = {verdict.disguise for row, verdict in admitted if not _is_credit(row)}
    notes = [row for row, _ in admitted if isinstance(row, ParsedInvoice) and _is_credit(row)]
    return _Facts(
        unit.ids.take(len(batch)),
        verdicts,
        known.load(unit.connection, unit.scope.id, submitted),
        credit.load(unit, notes, submitted),
        _missing(unit, batch),
    )


def _is_credit(row: ParsedInvoice | RowError) -> bool:
    return isinstance(row, ParsedInvoice) and row.kind == "credit_note"


def _missing(unit: Unit, batch: Sequence[UploadedRow]) -> list[InvoiceFile]:
    """The files of the batch that are not kept yet: a later chunk of a large file brings it again."""
    by_hash = {each.file.sha256: each.file for each in batch}
    column = files.files.c.sha256
    kept = unit.connection.execute(select(column).where(bulk.among(unit.connection, column, sorted(by_hash)))).scalars()
    return [by_hash[sha256] for sha256 in sorted(by_hash.keys() - set(kept))]


def _decide(facts: _Facts, batch: Sequence[UploadedRow]) -> _Plan:
    plan = _Plan(credit.decide(facts.credits))
    credited = iter(plan.credits.outcomes)
    met = {key: list(each) for key, each in facts.known.items()}
    for id, each, verdict in zip(facts.ids, batch, facts.verdicts, strict=True):
        row = each.row
        if verdict.refusal is not None or isinstance(row, RowError):
            plan.outcomes.append(_refused(row.row, verdict.refusal, verdict.also))
        elif _is_credit(row):
            outcome = next(credited)
            plan.outcomes.append(Outcome(outcome.id, outcome.refusal, {**outcome.facts, **_note_facts(row)}))
        else:
            plan.outcomes.append(_submit(plan, met.setdefault(verdict.disguise, []), id, each.file, row, verdict))
    return plan


def _note_facts(row: ParsedInvoice) -> dict[str, Scalar]:
    return {"row": row.row, "kind": row.kind}


def _refused(row: int, refusal: Refusal | None, also: str = "") -> Outcome:
    return Outcome(None, refusal, {"row": row, "also": also} if also else {"row": row})


def _submit(plan: _Plan, met: list[Known], id: int, file: InvoiceFile, row: ParsedInvoice, verdict: Verdict) -> Outcome:
    refusal = duplicates.refusal(row, verdict.fingerprint, met)
    if refusal is not None:
        return _refused(row.row, refusal)
    warnings = "; ".join(filter(None, (verdict.warnings, duplicates.warning(met))))
    met.append(known.of_row(row, verdict.fingerprint))
    plan.rows.append(
        (
            id, verdict.anchor_id, row.number, row.order_ref, row.issue_on, row.due_on, row.currency,
            row.payable_minor, verdict.fingerprint, verdict.disguise, file.sha256, row.row, warnings,
        )
    )  # fmt: skip
    return done(id, row=row.row, warning=warnings) if warnings else done(id)


def _write(unit: Unit, facts: _Facts, plan: _Plan) -> None:
    for file in facts.missing:
        files.store(unit.connection, file.name, file.payload)
    supplier_id, tail = unit.scope.id, (unit.actor.id, unit.at, SUBMITTED, 1)
    bulk.insert(unit.connection, invoices, _COLUMNS, [(row[0], supplier_id, *row[1:], *tail) for row in plan.rows])
    announce(unit, tell("invoice.submitted", ((row[1], row[0]) for row in plan.rows), all_to=supplier_id))
    credit.write(unit, facts.credits, plan.credits)


UPLOAD = Command("invoices.upload", ScopeKind.ORGANISATION, _load, _decide, _write)
