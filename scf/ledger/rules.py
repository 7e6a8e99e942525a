"""The posting rules: from an event to (debit, credit, named amount). An accountant can read and sign this table.

Nothing else may post. A rule whose amount is zero writes no posting; a negative amount is a bug and stops the command.
"""

from scf.ledger.chart import CHART

Rule = tuple[str, str, str]

POSTING_RULES: dict[str, tuple[Rule, ...]] = {
    # purchase: the face comes on the book; what is not paid out is owed, earned or held back
    "advance funded": (
        ("purchased receivables", "payable to supplier", "net"),
        ("purchased receivables", "reserve", "reserve"),
        ("purchased receivables", "unearned discount", "discount"),
        ("purchased receivables", "fees", "fee"),
        ("purchased receivables", "vat", "vat"),
    ),
    # full recourse: lent, not bought (IFRS 9 B3.2.15); the advance comes on the book, not the face
    "advance lent": (
        ("recourse advances", "payable to supplier", "net"),
        ("recourse advances", "unearned discount", "discount"),
        ("recourse advances", "fees", "fee"),
        ("recourse advances", "vat", "vat"),
    ),
    "payout sent": (("payable to supplier", "payouts in transit", "amount"),),
    "payout cleared": (("payouts in transit", "cash", "amount"),),
    # a payout that comes back after clearing brings cash; one refused before clearing only leaves the transit
    "payout returned": (
        ("cash", "payable to supplier", "cleared"),
        ("payouts in transit", "payable to supplier", "uncleared"),
    ),
    "discount earned": (("unearned discount", "discount", "earned"),),
    # the anchor paid early: the unearned rest is income at once, or the supplier's, as the terms say
    "discount cut short": (
        ("unearned discount", "discount", "income"),
        ("unearned discount", "payable to supplier", "rebate"),
    ),
    "diluted": (
        ("reserve", "purchased receivables", "reserve"),
        ("due from supplier", "purchased receivables", "claim"),
        ("due from supplier", "recourse advances", "lent"),
    ),
    "collection received": (("cash", "unapplied collections", "amount"),),
    # money of a payer nobody knows yet waits under no name until somebody says whose it is
    "collection unidentified": (("cash", "unidentified collections", "amount"),),
    "collection identified": (("unidentified collections", "unapplied collections", "amount"),),
    # money of a supplier or guarantor, booked when it came: what follows says what it pays, and brings the cash again
    "collection taken": (
        ("unapplied collections", "cash", "named"),
        ("unidentified collections", "cash", "unnamed"),
    ),
    # the payer was recognised wrongly
    "collection disowned": (("unapplied collections", "unidentified collections", "amount"),),
    "collection applied": (
        ("unapplied collections", "purchased receivables", "bought"),
        ("unapplied collections", "recourse advances", "lent"),
        # what the anchor pays beyond a loan is the supplier's
        ("unapplied collections", "payable to supplier", "surplus"),
        # what comes beyond what the funder still holds is the guarantor's who has paid for the rest
        ("unapplied collections", "payable to guarantor", "guarantor"),
    ),
    "late charged": (("late charges", "late charge income", "amount"),),
    "late charge collected": (("unapplied collections", "late charges", "amount"),),
    "late charge waived": (("late charge income", "late charges", "amount"),),
    "reserve released": (("reserve", "payable to supplier", "amount"),),
    "claim set off": (("payable to supplier", "due from supplier", "amount"),),
    "claim paid": (("cash", "due from supplier", "amount"),),
    "recourse claimed": (("due from supplier", "recourse advances", "lent"),),
    "impaired": (("impairment", "loss allowance", "amount"),),
    # what was impaired and not lost in the end: the anchor paid, or a credit note took it
    "impairment released": (("loss allowance", "impairment", "amount"),),
    "guarantee called": (("guarantee claims", "purchased receivables", "amount"),),
    "guarantee paid": (("cash", "guarantee claims", "amount"),),
    "written off": (
        ("loss allowance", "purchased receivables", "allowance"),
        # the reserve was the supplier's only if the anchor paid
        ("reserve", "purchased receivables", "reserve"),
    ),
    "recovered": (
        ("cash", "impairment", "own"),
        ("cash", "payable to guarantor", "guarantor"),
    ),
    "guarantor paid": (("payable to guarantor", "cash", "amount"),),
    # what people enter, two of them, and what takes it back; no account with a floor and no party's is among these
    "entered by hand": (
        ("bank charges", "cash", "bank_charge"),
        ("cash", "bank charges", "bank_charge_back"),
        ("cash", "bank interest", "bank_interest"),
        ("bank interest", "cash", "bank_interest_back"),
        ("vat", "cash", "vat_paid"),
        ("cash", "vat", "vat_paid_back"),
        ("cash", "treasury", "treasury_paid_in"),
        ("treasury", "cash", "treasury_paid_out"),
    ),
    # limits: memorandum, one journal a command, netted per limit
    "limit moved": (
        ("limit ceiling", "limit headroom", "raised"),
        ("limit headroom", "limit ceiling", "lowered"),
        ("limit excess", "limit ceiling", "cut"),
        ("limit ceiling", "limit excess", "cut_undone"),
        ("limit headroom", "limit reserved", "reserved"),
        ("limit reserved", "limit headroom", "freed"),
        ("limit reserved", "limit drawn", "drawn"),
        ("limit headroom", "limit drawn", "taken"),
        ("limit excess", "limit drawn", "forced"),
        ("limit drawn", "limit headroom", "released"),
        ("limit drawn", "limit excess", "absorbed"),
        ("limit reserved", "limit excess", "reserved_absorbed"),
    ),
}


def codes(event: str) -> tuple[str, ...]:
    """The codes of the accounts an event's rules may touch, each once."""
    return tuple(dict.fromkeys(code for rule in POSTING_RULES[event] for code in rule[:2]))


def misfits() -> list[str]:
    """Rules that name an account the chart does not have; empty in a sound table."""
    return [
        f"{event}: {code}"
        for event, rules in POSTING_RULES.items()
        for rule in rules
        for code in rule[:2]
        if code not in CHART
    ]
