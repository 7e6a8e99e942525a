"""An auditor of a book who trusts nobody: reads the tables as they are and adds everything up again, in plain Python.

It shares no query with the platform; `findings` is empty when everything holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, text

from scf.ledger import checks as ledger_checks
from scf.settlement import checks as settlement_checks

MANUAL = {"claim paid": 1, "guarantee paid": 1, "recovered": 1, "guarantor paid": -1, "collection taken": -1}


class Tables:
    """Rows of the tables, read when first asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read: dict[str, list[Any]] = {}

    def __getattr__(self, name: str) -> list[Any]:
        if name not in self._read:
            self._read[name] = list(self._connection.execute(text(f"SELECT * FROM {name}")))
        return self._read[name]


def findings(connection: Connection, book_id: int) -> list[str]:
    """Everything that does not add up."""
    tables = Tables(connection)
    found = [str(each) for each in ledger_checks.findings(connection, book_id)]
    found += [str(each) for each in settlement_checks.findings(connection, book_id)]
    for check in CHECKS:
        found += [f"{check.__name__}: {words}" for words in check(tables)]
    return found


def balances(tables: Tables) -> dict[tuple[str, int], int]:
    """Every account by code and owner, debit positive, from the postings alone."""
    names = {account.id: (account.code, account.owner_id) for account in tables.account}
    found: Counter[tuple[str, int]] = Counter()
    for posting in tables.posting:
        found[names[posting.debit_account_id]] += posting.amount_minor
        found[names[posting.credit_account_id]] -= posting.amount_minor
    return found


def held(tables: Tables) -> dict[int, int]:
    """By advance: what of the open face is at the funder's risk."""
    open_minor = {receivable.id: receivable.open_minor for receivable in tables.receivable}
    called = {call.advance_id: call.amount_minor for call in tables.guarantee_call}
    return {each.id: max(0, open_minor[each.receivable_id] - called.get(each.id, 0)) for each in tables.advance}


def differ(expected: dict[int, int], booked: dict[tuple[str, int], int], code: str) -> Iterator[str]:
    seen = {owner: amount for (name, owner), amount in booked.items() if name == code}
    for owner in sorted(expected.keys() | seen.keys()):
        if expected.get(owner, 0) != seen.get(owner, 0):
            yield f"{code} of {owner}: ledger {seen.get(owner, 0)}, should be {expected.get(owner, 0)}"


def the_books_balance(tables: Tables) -> Iterator[str]:
    if sum(balances(tables).values()):
        yield "debits and credits differ"


def the_parts_of_every_advance_add_up(tables: Tables) -> Iterator[str]:
    for each in tables.advance:
        parts = each.discount_minor + each.fee_minor + each.vat_minor + each.net_minor
        if parts != each.advance_minor or parts + each.reserve_minor != each.face_minor:
            yield each.ref


def no_receivable_is_funded_twice(tables: Tables) -> Iterator[str]:
    yield from (f"{id}" for id, n in Counter(each.receivable_id for each in tables.advance).items() if n > 1)
    funded = {each.receivable_id for each in tables.advance}
    yield from (
        f"{r.ref} is {r.status}" for r in tables.receivable if r.status in ("open", "cancelled") and r.id in funded
    )


def purchased_receivables_are_the_open_faces(tables: Tables) -> Iterator[str]:
    expected: Counter[int] = Counter()
    at_risk = held(tables)
    for each in tables.advance:
        if (each.kind, each.status) == ("bought", "funded"):
            expected[each.supplier_id] += at_risk[each.id]
    yield from differ(expected, balances(tables), "purchased receivables")


def reserves_are_what_is_left_of_them(tables: Tables) -> Iterator[str]:
    expected: Counter[int] = Counter()
    for each in tables.advance:
        if (each.kind, each.status) == ("bought", "funded"):
            expected[each.supplier_id] -= each.reserve_minor
    suppliers = {each.id: each.supplier_id for each in tables.advance if each.status == "funded"}
    for row in tables.dilution:
        if row.advance_id in suppliers:
            expected[suppliers[row.advance_id]] += row.reserve_minor
    yield from differ(expected, balances(tables), "reserve")


def unapplied_cash_is_what_came_less_what_was_applied(tables: Tables) -> Iterator[str]:
    named: Counter[int] = Counter()
    nobody: Counter[int] = Counter()
    whole: Counter[int] = Counter()
    subjects = {journal.id: journal.subject_id for journal in tables.journal if journal.event == "collection taken"}
    for posting in tables.posting:
        if posting.journal_id in subjects:
            whole[subjects[posting.journal_id]] += posting.amount_minor
    for each in tables.collection:
        spent = sum(a.face_minor + a.late_minor for a in tables.application if a.collection_id == each.id)
        spent += whole[each.id]
        (named if each.payer_id else nobody)[each.payer_id or 0] -= each.amount_minor - spent
        status = "received" if not spent else "applied" if spent == each.amount_minor else "part_applied"
        if each.status != status:
            yield f"collection {each.bank_ref} is {each.status}, should be {status}"
    yield from differ(named, balances(tables), "unapplied collections")
    yield from differ(nobody, balances(tables), "unidentified collections")


def suppliers_are_owed_what_is_not_paid_out(tables: Tables) -> Iterator[str]:
    replaced = {payout.replaces_id for payout in tables.payout}
    expected: Counter[int] = Counter()
    for each in tables.payout:
        if each.status == "instructed" or (each.status == "returned" and each.id not in replaced):
            expected[each.beneficiary_id] -= each.amount_minor
    for each in tables.advance:
        if (each.kind, each.status) == ("lent", "funded"):
            mine = [row for row in tables.application if row.advance_id == each.id]
            expected[each.supplier_id] -= sum(row.face_minor - row.lent_minor for row in mine)
    yield from differ(expected, balances(tables), "payable to supplier")
    moving = -sum(each.amount_minor for each in tables.payout if each.status in ("sent", "unknown"))
    yield from differ({0: moving}, balances(tables), "payouts in transit")


def cash_is_what_came_in_and_went_out(tables: Tables) -> Iterator[str]:
    came = sum(each.amount_minor for each in tables.collection)
    went = sum(each.amount_minor for each in tables.payout if each.status == "cleared")
    yield from differ({0: came - went + by_hand(tables)}, balances(tables), "cash")


def by_hand(tables: Tables) -> int:
    """Money that people said came or went, without a line of the bank's."""
    events = {journal.id: MANUAL.get(journal.event, 0) for journal in tables.journal}
    return sum(events[posting.journal_id] * posting.amount_minor for posting in tables.posting)


def discount_is_earned_once(tables: Tables) -> Iterator[str]:
    amounts: Counter[int] = Counter()
    for posting in tables.posting:
        amounts[posting.journal_id] += posting.amount_minor
    earned: defaultdict[int, int] = defaultdict(int)
    for journal in tables.journal:
        if journal.event in ("discount earned", "discount cut short"):
            earned[journal.subject_id] += amounts[journal.id]
    today = str(tables.book[0].business_date)
    for each in tables.advance:
        if earned[each.id] > each.discount_minor or (
            str(each.earns_to_on) < today and earned[each.id] != each.discount_minor
        ):
            yield f"{each.ref}: earned {earned[each.id]} of {each.discount_minor}"
    left = -sum(each.discount_minor - earned[each.id] for each in tables.advance)
    yield from differ({0: left}, balances(tables), "unearned discount")


def limits_hold_what_is_at_risk(tables: Tables) -> Iterator[str]:
    booked = balances(tables)
    for limit in tables.credit_limit:
        ceiling, excess = booked.get(("limit ceiling", limit.id), 0), booked.get(("limit excess", limit.id), 0)
        headroom, reserved, drawn = (
            -booked.get((f"limit {name}", limit.id), 0) for name in ("headroom", "reserved", "drawn")
        )
        if min(ceiling, excess, headroom, reserved, drawn) < 0 or ceiling + excess != headroom + reserved + drawn:
            yield f"{limit.kind} {limit.holder_id}: {ceiling} + {excess} against {headroom} + {reserved} + {drawn}"
        if excess and headroom:
            yield f"{limit.kind} {limit.holder_id} has headroom {headroom} beside an excess of {excess}"
        if drawn != at_risk(tables, limit):
            yield f"{limit.kind} {limit.holder_id}: drawn {drawn}, at risk {at_risk(tables, limit)}"
        if reserved != promised(tables, limit):
            yield f"{limit.kind} {limit.holder_id}: reserved {reserved}, promised {promised(tables, limit)}"


def counted(tables: Tables, limit: Any) -> set[int]:
    """The enrolments whose advances count against a limit."""
    group = {each.id: each.group_id or each.id for each in tables.organisation}
    return {
        each.id
        for each in tables.enrolment
        if (limit.kind, limit.holder_id)
        in (
            ("anchor", each.anchor_id),
            ("obligor_group", group[each.anchor_id]),
            ("supplier", each.supplier_id),
            ("programme", each.programme_id),
        )
    }


def at_risk(tables: Tables, limit: Any) -> int:
    if limit.kind == "guarantor":
        mine = [each for each in tables.guarantee_call if each.guarantor_id == limit.holder_id]
        return sum(each.amount_minor for each in mine if each.status == "called")
    counting, open_minor = counted(tables, limit), held(tables)
    total = sum(
        open_minor[each.id]
        for each in tables.advance
        if each.status in ("funded", "written_off") and each.enrolment_id in counting
    )
    if limit.kind == "supplier":
        for claim in tables.claim:
            if (claim.supplier_id, claim.reason) == (limit.holder_id, "recourse"):
                total += claim.amount_minor
                total -= sum(row.amount_minor for row in tables.claim_payment if row.claim_id == claim.id)
    return total


def promised(tables: Tables, limit: Any) -> int:
    counting = counted(tables, limit)
    return sum(
        each.reserved_minor
        for each in tables.advance_request
        if each.status == "approved" and each.enrolment_id in counting
    )


CHECKS = (
    the_books_balance,
    the_parts_of_every_advance_add_up,
    no_receivable_is_funded_twice,
    purchased_receivables_are_the_open_faces,
    reserves_are_what_is_left_of_them,
    unapplied_cash_is_what_came_less_what_was_applied,
    suppliers_are_owed_what_is_not_paid_out,
    cash_is_what_came_in_and_went_out,
    discount_is_earned_once,
    limits_hold_what_is_at_risk,
)
