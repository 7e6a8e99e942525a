"""Money due to a supplier: what it owes is set off first, oldest claim first; the rest becomes a payout. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from scf.factoring import claims
from scf.factoring.claims import OpenClaim, Payments
from scf.factoring.standing import Diluted, Standing
from scf.ledger.journal import Journal
from scf.limits.positions import Positions
from scf.payments.payouts import NewPayout


class Owing(Protocol):
    """The plan of a command that owes money to suppliers."""

    positions: Positions
    journals: list[Journal]
    payouts: list[NewPayout]
    payments: Payments


def owe(
    plan: Owing, open_claims: Sequence[OpenClaim], advance: Standing, payout_id: int, due_minor: int, on: date
) -> None:
    """Owe the supplier of an advance what stands in the account of what it is due, in minor units ≥ 0."""
    currency, supplier_id = advance.currency, advance.supplier_id
    own = [claim for claim in open_claims if claim.supplier_id == supplier_id]
    taken = claims.set_off(plan.payments, own, currency, due_minor, on, plan.positions)
    if taken:
        plan.journals.append(claims.set_off_journal(payout_id, currency, advance.ref, supplier_id, taken, on))
    if due_minor > taken:
        left = due_minor - taken
        plan.payouts.append(NewPayout(payout_id, supplier_id, advance.ref, currency, left, on, advance.id))


def surplus(advance: Standing, taken: Diluted) -> int:
    """What the anchor paid beyond a loan, in minor units; it stands already in what the supplier is due."""
    if not advance.lent:
        return 0
    collected = advance.face_minor - advance.open_minor - taken.amount_minor
    return max(0, collected - (advance.advance_minor - taken.claim_minor))
