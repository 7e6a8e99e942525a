"""Every status that a supplier may meet is explained, and none that there is not."""

from collections.abc import Mapping

import pytest

from invoices import next_steps
from invoices.lifecycle import MOVES as INVOICE
from invoices.next_steps import Step
from scf.factoring.lifecycle import ADVANCE_MOVES, CLAIM_MOVES, REQUEST_MOVES
from scf.payments.lifecycle import PAYOUT_MOVES
from scf.receivables.lifecycle import MOVES as RECEIVABLE
from scf.receivables.lifecycle import NOTE_MOVES


@pytest.mark.parametrize(
    ("words", "moves"),
    [
        (next_steps.INVOICE, INVOICE),
        (next_steps.RECEIVABLE, RECEIVABLE),
        (next_steps.REQUEST, REQUEST_MOVES),
        (next_steps.ADVANCE, ADVANCE_MOVES),
        (next_steps.PAYOUT, PAYOUT_MOVES),
        (next_steps.CLAIM, CLAIM_MOVES),
        (next_steps.CREDIT_NOTE, NOTE_MOVES),
    ],
)
def test_every_status_is_explained(words: Mapping[str, Step], moves: Mapping[str, frozenset[str]]) -> None:
    assert words.keys() == moves.keys()
    assert words in next_steps.OBJECTS.values()


def test_explanations_are_sentences() -> None:
    for words in next_steps.OBJECTS.values():
        assert all(step.means.endswith(".") and step.next.endswith(".") for step in words.values())
