"""A worked example of every posting rule, in cents, in an order in which each has what it needs.

An accountant reads: the event, its amounts, and what must stand in the journal as *debit ← credit: amount*. Most
numbers are the story's; where it has none they are made up.
"""

EXAMPLES: tuple[tuple[str, dict[str, int], str], ...] = (
    (
        "advance funded",
        {"net": 8_850_000, "reserve": 1_000_000, "discount": 90_000, "fee": 50_000, "vat": 10_000},
        """purchased receivables ← payable to supplier: 8850000
        purchased receivables ← reserve: 1000000
        purchased receivables ← unearned discount: 90000
        purchased receivables ← fees: 50000
        purchased receivables ← vat: 10000""",
    ),
    ("payout sent", {"amount": 8_850_000}, "payable to supplier ← payouts in transit: 8850000"),
    ("payout cleared", {"amount": 8_850_000}, "payouts in transit ← cash: 8850000"),
    ("discount earned", {"earned": 1_500}, "unearned discount ← discount: 1500"),
    (
        "advance lent",
        {"net": 2_676_600, "discount": 21_000, "fee": 2_000, "vat": 400},
        """recourse advances ← payable to supplier: 2676600
        recourse advances ← unearned discount: 21000
        recourse advances ← fees: 2000
        recourse advances ← vat: 400""",
    ),
    (
        "payout returned",
        {"cleared": 1_192_800, "uncleared": 500_000},
        """cash ← payable to supplier: 1192800
        payouts in transit ← payable to supplier: 500000""",
    ),
    (
        "discount cut short",
        {"income": 2_500, "rebate": 1_500},
        """unearned discount ← discount: 2500
        unearned discount ← payable to supplier: 1500""",
    ),
    (
        "diluted",
        {"reserve": 100_000, "claim": 50_000, "lent": 70_000},
        """reserve ← purchased receivables: 100000
        due from supplier ← purchased receivables: 50000
        due from supplier ← recourse advances: 70000""",
    ),
    ("collection received", {"amount": 9_700_000}, "cash ← unapplied collections: 9700000"),
    ("collection unidentified", {"amount": 400_000}, "cash ← unidentified collections: 400000"),
    ("collection identified", {"amount": 300_000}, "unidentified collections ← unapplied collections: 300000"),
    (
        "collection taken",
        {"named": 70_000, "unnamed": 30_000},
        """unapplied collections ← cash: 70000
        unidentified collections ← cash: 30000""",
    ),
    ("collection disowned", {"amount": 20_000}, "unapplied collections ← unidentified collections: 20000"),
    (
        "collection applied",
        {"bought": 9_000_000, "lent": 400_000, "surplus": 20_000, "guarantor": 30_000},
        """unapplied collections ← purchased receivables: 9000000
        unapplied collections ← recourse advances: 400000
        unapplied collections ← payable to supplier: 20000
        unapplied collections ← payable to guarantor: 30000""",
    ),
    ("late charged", {"amount": 11_350}, "late charges ← late charge income: 11350"),
    ("late charge collected", {"amount": 10_000}, "unapplied collections ← late charges: 10000"),
    ("late charge waived", {"amount": 1_350}, "late charge income ← late charges: 1350"),
    ("reserve released", {"amount": 600_000}, "reserve ← payable to supplier: 600000"),
    ("claim set off", {"amount": 50_000}, "payable to supplier ← due from supplier: 50000"),
    ("claim paid", {"amount": 70_000}, "cash ← due from supplier: 70000"),
    ("recourse claimed", {"lent": 2_230_000}, "due from supplier ← recourse advances: 2230000"),
    ("impaired", {"amount": 500_000}, "impairment ← loss allowance: 500000"),
    ("impairment released", {"amount": 40_000}, "loss allowance ← impairment: 40000"),
    ("guarantee called", {"amount": 300_000}, "guarantee claims ← purchased receivables: 300000"),
    ("guarantee paid", {"amount": 300_000}, "cash ← guarantee claims: 300000"),
    (
        "written off",
        {"allowance": 450_000, "reserve": 100_000},
        """loss allowance ← purchased receivables: 450000
        reserve ← purchased receivables: 100000""",
    ),
    (
        "recovered",
        {"own": 75_000, "guarantor": 75_000},
        """cash ← impairment: 75000
        cash ← payable to guarantor: 75000""",
    ),
    ("guarantor paid", {"amount": 75_000}, "payable to guarantor ← cash: 75000"),
    (
        "limit moved",
        {
            "raised": 18_500_000,
            "lowered": 500_000,
            "reserved": 6_000_000,
            "drawn": 4_000_000,
            "freed": 500_000,
            "taken": 1_000_000,
            "cut": 2_000_000,
            "cut_undone": 500_000,
            "forced": 300_000,
            "released": 1_000_000,
            "absorbed": 600_000,
            "reserved_absorbed": 400_000,
        },
        """limit ceiling ← limit headroom: 18500000
        limit headroom ← limit ceiling: 500000
        limit excess ← limit ceiling: 2000000
        limit ceiling ← limit excess: 500000
        limit headroom ← limit reserved: 6000000
        limit reserved ← limit headroom: 500000
        limit reserved ← limit drawn: 4000000
        limit headroom ← limit drawn: 1000000
        limit excess ← limit drawn: 300000
        limit drawn ← limit headroom: 1000000
        limit drawn ← limit excess: 600000
        limit reserved ← limit excess: 400000""",
    ),
    (
        "entered by hand",
        {
            "bank_charge": 2_500,
            "bank_charge_back": 500,
            "bank_interest": 1_200,
            "bank_interest_back": 200,
            "vat_paid": 10_000,
            "vat_paid_back": 1_000,
            "treasury_paid_in": 5_000_000,
            "treasury_paid_out": 1_000_000,
        },
        """bank charges ← cash: 2500
        cash ← bank charges: 500
        cash ← bank interest: 1200
        bank interest ← cash: 200
        vat ← cash: 10000
        cash ← vat: 1000
        cash ← treasury: 5000000
        treasury ← cash: 1000000""",
    ),
)

# what stands on every account after all of them: debit positive, credit negative, reckoned by hand
BALANCES = {
    "cash": 6_777_800,
    "purchased receivables": 0,
    "recourse advances": 0,
    "due from supplier": 2_230_000,
    "guarantee claims": 0,
    "late charges": 0,
    "unearned discount": -105_500,
    "loss allowance": -10_000,
    "payable to supplier": -4_940_900,
    "reserve": -200_000,
    "payable to guarantor": -30_000,
    "unapplied collections": -450_000,
    "unidentified collections": -90_000,
    "payouts in transit": 500_000,
    "vat": -1_400,
    "treasury": -4_000_000,
    "discount": -4_000,
    "fees": -52_000,
    "late charge income": -10_000,
    "bank interest": -1_000,
    "impairment": 385_000,
    "bank charges": 2_000,
    "limit ceiling": 16_500_000,
    "limit excess": 800_000,
    "limit headroom": -12_500_000,
    "limit reserved": -1_100_000,
    "limit drawn": -3_700_000,
}
