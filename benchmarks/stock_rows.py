"""The rows of a stock: what came of each invoice of three years, by its number alone, in chunks of tables."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from anchors.models import confirmations
from benchmarks.seed import EUR, TODAY
from benchmarks.stock_books import Ledger, Rows
from invoices.models import invoice_ends, invoices, uploads
from scf.command_log import command_logs
from scf.factoring.models import advance_requests, advances, assignments
from scf.files import files
from scf.ids import Ids
from scf.notifications.models import notifications
from scf.payments.models import collections, payment_files, payouts, statement_entries, statements
from scf.receivables.models import receivables
from scf.settlement.models import applications

DAYS = 3 * 365
# of a file of a supplier
FILE_ROWS = 500
PROOF = '{"engine":"1","face":"%d",' + '"steps":"' + "." * 500 + '"}'

NAMES: dict[Any, str] = {
    files: "sha256 name size content",
    uploads: "id supplier_id file_sha256 name row_count sent_by_id sent_at",
    invoices: "id supplier_id anchor_id number order_ref issue_on due_on currency amount_minor fingerprint disguise"
    " file_sha256 file_row warnings submitted_by_id submitted_at status version",
    invoice_ends: "invoice_id supplier_id status reason words by_id at",
    receivables: "id debtor_id creditor_id ref fingerprint currency face_minor open_minor issued_on due_on undertaking"
    " ended_at status version",
    confirmations: "id invoice_id receivable_id anchor_id amount_minor due_on undertaking maker_id checker_id"
    " confirmed_at digest",
    advance_requests: "id book_id enrolment_id supplier_id receivable_id terms_id anchor_id ref currency face_minor"
    " due_on undertaking origin requested_on requested_by_id requested_at reserved_minor decided_by_id decided_at"
    " status version",
    advances: "id book_id request_id receivable_id enrolment_id anchor_id supplier_id terms_id ref kind currency"
    " face_minor advance_minor reserve_minor discount_minor fee_minor vat_minor net_minor credited_on due_on"
    " tenor_days earns_to_on proof ended_at status version",
    assignments: "id book_id advance_id from_id to_id purpose agreement_id agreed_at status version",
    payouts: "id book_id beneficiary_id ref currency amount_minor instructed_on pay_on file_id for_id instructed_at"
    " sent_at cleared_at status version",
    payment_files: "id book_id ref sha256 business_date currency line_count total_minor",
    statements: "id book_id sha256 kind ref account business_date",
    statement_entries: "id book_id statement_id bank_ref amount_minor currency booked_on value_date end_to_end_ref"
    " reference name counter_account text meaning reconciled",
    collections: "id book_id entry_id bank_ref payer_id currency amount_minor value_date reference status version",
    applications: "id book_id collection_id advance_id face_minor lent_minor guarantor_minor late_minor value_date"
    " applied_at",
    command_logs: "id scope_id command key attempt digest actor_id batch_count outcomes business_date at",
    notifications: "id organisation_id kind ids id_count at",
}
COLUMNS = {table: tuple(names.split()) for table, names in NAMES.items()}


@cache
def noon(on: date) -> datetime:
    """The instant at which everything of a day happened."""
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


@cache
def open_day(on: date) -> date:
    """The day, or the Friday before a weekend."""
    return on - timedelta(days=max(0, on.weekday() - 4))


def batched(several: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """So many at a time."""
    for start in range(0, len(several), size):
        yield several[start : start + size]


def sha(text: str) -> str:
    """A digest as files and claims have it."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Case:
    """One invoice: when it was issued and is due, its amount, and what came of it."""

    n: int
    lane: Any
    issue_on: date
    due_on: date
    face: int
    fate: str


class History:
    """Makes the rows, chunk by chunk."""

    def __init__(self, ids: Ids, parties: Any, ledger: Ledger, count: int, outcomes: bytes) -> None:
        self._ids, self._parties, self._ledger, self._count = ids, parties, ledger, count
        self._outcomes = outcomes
        self._rows: dict[Any, list[Any]] = {table: [] for table in NAMES}
        self._due: dict[tuple[int, int, date], list[tuple[int, int, int, int]]] = defaultdict(list)
        self._use: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        self._files: dict[int, list[Any]] = {}
        self._paid: dict[tuple[int, date], int] = {}

    def chunks(self, size: int) -> Iterator[Sequence[Rows]]:
        """The rows of so many invoices at a time, parents first; what was collected at the end."""
        for numbers in batched(range(self._count), size):
            for n in numbers:
                self._add(self._case(n))
            yield self._taken()
        self._collect()
        for (book_id, holder_id), (drawn, reserved) in self._use.items():
            self._ledger.drawn(book_id, holder_id, drawn, reserved)
        yield self._taken()

    def _taken(self) -> Sequence[Rows]:
        taken = [(table, COLUMNS[table], rows) for table, rows in self._rows.items()]
        self._rows = {table: [] for table in NAMES}
        return [*taken, *self._ledger.taken()]

    def _case(self, n: int) -> Case:
        lanes, turn = self._parties.lanes, n * 2654435761 % (1 << 32)
        # the first supplier sells every fifth invoice, the first anchor buys two of five
        suppliers, anchors = len(self._parties.supplier_ids), len(self._parties.anchor_ids)
        supplier = 0 if turn % 5 == 0 else turn // 5 % suppliers
        anchor = 0 if turn // 7 % 5 < 2 else turn // 35 % anchors
        issue_on = TODAY - timedelta(days=DAYS - n * DAYS // self._count)
        due_on = open_day(issue_on + timedelta(days=50 + turn // 11 % 80))
        face = 200_00 + turn % 4_000_000
        lane = lanes[anchor * suppliers + supplier]
        return Case(n, lane, issue_on, due_on, face, self._fate(n, due_on, turn))

    def _fate(self, n: int, due_on: date, turn: int) -> str:
        from_end = self._count - n
        if from_end <= min(5_000, self._count // 20):
            return "submitted"
        if turn // 13 % 100 == 0:
            return "rejected"
        if from_end <= min(6_000, self._count // 10):
            # a third of these is asked for, a third approved, the rest waits for its supplier
            return ("requested", "approved", "open")[n % 3] if from_end % 2 else "open"
        if turn // 17 % 3 == 0:
            return "closed" if due_on < TODAY else "open"
        return "settled" if due_on < TODAY and turn // 19 % 100 else "funded"

    def _file(self, case: Case) -> tuple[str, int]:
        held = self._files.get(case.lane.supplier_id)
        if held is None or held[1] >= FILE_ROWS:
            name = f"invoices-{case.n}.csv"
            held = self._files[case.lane.supplier_id] = [sha(name), 0]
            self._rows[files].append((held[0], name, 12, b"number;amount"))
            self._rows[uploads].append(
                (self._ids.one(), case.lane.supplier_id, held[0], name, FILE_ROWS, 0, noon(case.issue_on))
            )
            self._log(case.lane.supplier_id, "invoices.submit", FILE_ROWS, case.issue_on)
            self._tell(case.lane.anchor_id, "invoices.submitted", FILE_ROWS, case.issue_on)
        held[1] += 1
        return held[0], held[1]

    def _add(self, case: Case) -> None:
        lane, at = case.lane, noon(case.issue_on)
        id, receivable_id, confirmation_id, request_id, advance_id, assignment_id, payout_id, journal_id = (
            self._ids.take(8)
        )
        number, fingerprint = f"INV-{case.n:08}", sha(f"{case.n}")
        file, row = self._file(case)
        status = case.fate if case.fate in ("submitted", "rejected") else "confirmed"
        self._rows[invoices].append(
            (
                id, lane.supplier_id, lane.anchor_id, number, f"PO-{case.n // 3}", case.issue_on, case.due_on, EUR,
                case.face, fingerprint, fingerprint, file, row, "[]", 0, at, status, 1,
            )
        )  # fmt: skip
        if status == "rejected":
            self._rows[invoice_ends].append((id, lane.supplier_id, "rejected", "not_received", "not here", 0, at))
        if status != "confirmed":
            return
        confirmed_on = open_day(case.issue_on + timedelta(days=3))
        held = {"closed": "closed", "funded": "funded", "settled": "settled"}.get(case.fate, "open")
        left = 0 if held in ("closed", "settled") else case.face
        self._rows[receivables].append(
            (
                receivable_id, lane.anchor_id, lane.supplier_id, number, fingerprint, EUR, case.face, left,
                case.issue_on, case.due_on, "conditional", None if left else noon(case.due_on), held, 1,
            )
        )  # fmt: skip
        self._rows[confirmations].append(
            (
                confirmation_id, id, receivable_id, lane.anchor_id, case.face, case.due_on, "conditional", 1, 2,
                noon(confirmed_on), fingerprint,
            )
        )  # fmt: skip
        if case.fate not in ("open", "closed"):
            self._ask(case, number, receivable_id, request_id, confirmed_on)
        if held in ("funded", "settled"):
            given = (receivable_id, request_id, advance_id, assignment_id, payout_id, journal_id)
            self._fund(case, number, given, open_day(confirmed_on + timedelta(days=1)))

    def _ask(self, case: Case, number: str, receivable_id: int, request_id: int, on: date) -> None:
        lane, asked = case.lane, case.fate == "requested"
        status = case.fate if case.fate in ("requested", "approved") else "funded"
        reserved = case.face if status == "approved" else 0
        self._rows[advance_requests].append(
            (
                request_id, lane.book_id, lane.enrolment_id, lane.supplier_id, receivable_id, self._parties.terms_id,
                lane.anchor_id, number, EUR, case.face, case.due_on, "conditional", "supplier", on, 0, noon(on),
                reserved, None if asked else 0, None if asked else noon(on), status, 1,
            )
        )  # fmt: skip
        self._in_use(lane, 0, reserved)

    def _in_use(self, lane: Any, drawn: int, reserved: int) -> None:
        for holder in (lane.anchor_id, lane.supplier_id):
            use = self._use[lane.book_id, holder]
            use[0] += drawn
            use[1] += reserved

    def _fund(self, case: Case, number: str, given: tuple[int, ...], on: date) -> None:
        receivable_id, request_id, advance_id, assignment_id, payout_id, journal_id = given
        lane, face, days = case.lane, case.face, (case.due_on - on).days
        advance = face * 9 // 10
        discount, fee = advance * 6 * days // 36_000, face // 200
        net, reserve = advance - discount - fee, face - advance
        settled = case.fate == "settled"
        ended = noon(case.due_on) if settled else None
        self._rows[advances].append(
            (
                advance_id, lane.book_id, request_id, receivable_id, lane.enrolment_id, lane.anchor_id,
                lane.supplier_id, self._parties.terms_id, number, "bought", EUR, face, advance, reserve, discount, fee,
                0, net, on, case.due_on, days, case.due_on, PROOF % face, ended, "settled" if settled else "funded", 1,
            )
        )  # fmt: skip
        self._rows[assignments].append(
            (
                assignment_id, lane.book_id, advance_id, lane.supplier_id, self._parties.funder_id, "sale",
                self._parties.terms_id, noon(on), "agreed", 1,
            )
        )  # fmt: skip
        self._pay(case, payout_id, advance_id, number, net, on)
        account, book, supplier = self._ledger.account, lane.book_id, lane.supplier_id
        bought = account((book, "purchased receivables", supplier))
        legs = (
            (bought, account((book, "payable to supplier", supplier)), net),
            (bought, account((book, "reserve", supplier)), reserve),
            (bought, account((book, "unearned discount", 0)), discount),
            (bought, account((book, "fees", 0)), fee),
        )
        self._ledger.post(journal_id, book, "advance funded", receivable_id, on, number, legs)
        if settled:
            self._due[book, lane.anchor_id, case.due_on].append((advance_id, face, reserve, supplier))
            self._ledger.daily(
                book, "discount earned", case.due_on, (book, "unearned discount", 0), (book, "discount", 0), discount
            )
        else:
            self._in_use(lane, face, 0)

    def _pay(self, case: Case, id: int, for_id: int, ref: str, amount: int, on: date) -> None:
        book, owner = case.lane.book_id, case.lane.supplier_id
        # the last days' are on their way, the very last not yet sent
        cleared, sent = on < TODAY - timedelta(days=3), on < TODAY - timedelta(days=1)
        at = noon(on)
        self._rows[payouts].append(
            (
                id, book, owner, ref, EUR, amount, on, on, self._payment_file(book, on) if sent else None, for_id, at,
                at if sent else None, at if cleared else None,
                "cleared" if cleared else "sent" if sent else "instructed", 1,
            )
        )  # fmt: skip
        self._ledger.daily(
            book, "payout sent", on, (book, "payable to supplier", owner), (book, "payouts in transit", 0),
            amount if sent else 0,
        )  # fmt: skip
        self._ledger.daily(
            book, "payout cleared", on, (book, "payouts in transit", 0), (book, "cash", 0), amount if cleared else 0
        )

    def _payment_file(self, book: int, on: date) -> int:
        if (book, on) not in self._paid:
            id, name = self._ids.one(), f"PAY-{book}-{on}"
            self._paid[book, on] = id
            self._rows[files].append((sha(name), name, 3, b"pay"))
            self._rows[payment_files].append((id, book, name[:35], sha(name), on, EUR, 1, 1))
        return self._paid[book, on]

    def _collect(self) -> None:
        """What anchors paid, a line for up to ten of their invoices a day; reserves go back to the suppliers."""
        told: dict[tuple[int, date], int] = {}
        for (book, anchor, on), several in sorted(self._due.items(), key=lambda each: each[0][2]):
            if (book, on) not in told:
                told[book, on] = self._ids.one()
                name = f"camt-{book}-{on}"
                self._rows[files].append((sha(name), name, 4, b"camt"))
                self._rows[statements].append((told[book, on], book, sha(name), "053", f"{on}", "DE1", on))
                self._log(book, "payments.receive", 1, on)
            for paid in batched(several, 10):
                self._received(book, anchor, on, paid, told[book, on])

    def _received(self, book: int, anchor: int, on: date, paid: Sequence[Any], statement_id: int) -> None:
        entry_id, collection_id, *application_ids = self._ids.take(2 + len(paid))
        amount, ref = sum(face for _id, face, _reserve, _supplier in paid), f"CR-{collection_id}"
        self._rows[statement_entries].append(
            (
                entry_id, book, statement_id, ref, amount, EUR, on, on, "", ref, "Anchor", "DE2", "", "collection",
                True,
            )
        )  # fmt: skip
        self._rows[collections].append((collection_id, book, entry_id, ref, anchor, EUR, amount, on, ref, "applied", 1))
        cash, unapplied = (book, "cash", 0), (book, "unapplied collections", anchor)
        self._ledger.daily(book, "collection received", on, cash, unapplied, amount)
        for id, (advance_id, face, reserve, supplier) in zip(application_ids, paid, strict=True):
            self._rows[applications].append((id, book, collection_id, advance_id, face, 0, 0, 0, on, noon(on)))
            bought, owed = (book, "purchased receivables", supplier), (book, "payable to supplier", supplier)
            self._ledger.daily(book, "collection applied", on, unapplied, bought, face)
            self._ledger.daily(book, "reserve released", on, (book, "reserve", supplier), owed, reserve)
            self._ledger.daily(book, "payout sent", on, owed, (book, "payouts in transit", 0), reserve)
            self._ledger.daily(book, "payout cleared", on, (book, "payouts in transit", 0), cash, reserve)

    def _log(self, scope_id: int, command: str, count: int, on: date) -> None:
        id = self._ids.one()
        self._rows[command_logs].append(
            (id, scope_id, command, f"stock-{id}", 1, sha(f"{id}"), 0, count, self._outcomes, on, noon(on))
        )

    def _tell(self, organisation_id: int, kind: str, count: int, on: date) -> None:
        self._rows[notifications].append((self._ids.one(), organisation_id, kind, None, count, noon(on)))
