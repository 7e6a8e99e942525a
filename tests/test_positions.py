"""Properties of a limit's position: whatever happens to it, nothing falls below zero and the parts add up."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from scf.ledger.rules import POSTING_RULES
from scf.limits.positions import LimitKind, Position, Positions, shortfall

AMOUNTS = st.integers(min_value=0, max_value=1_000_000)
CODES = ("limit ceiling", "limit headroom", "limit reserved", "limit drawn", "limit excess")


@dataclass(frozen=True)
class Verb:
    """A move with the most it may be asked for."""

    name: str
    most: Callable[[Position], int | None]


VERBS = (
    Verb("reserve", lambda position: position.headroom),
    Verb("draw", lambda position: position.reserved),
    Verb("free", lambda position: position.reserved),
    Verb("release", lambda position: position.drawn),
    Verb("force", lambda position: None),
    Verb("set_ceiling", lambda position: None),
)
MOVES = st.lists(st.tuples(st.sampled_from(VERBS), AMOUNTS), max_size=30)


@st.composite
def positions(draw: st.DrawFn) -> Position:
    """A position as the ledger may have it: with headroom and no excess, or with excess and no headroom."""
    headroom, excess = draw(AMOUNTS), 0
    reserved, drawn = draw(AMOUNTS), draw(AMOUNTS)
    if draw(st.booleans()):
        headroom, excess = 0, draw(st.integers(min_value=0, max_value=reserved + drawn))
    return Position(1, LimitKind.ANCHOR, "EUR", headroom, reserved, drawn, excess, "")


def moved(position: Position, moves: list[tuple[Verb, int]]) -> None:
    for verb, amount in moves:
        most = verb.most(position)
        getattr(position, verb.name)(amount if most is None else min(amount, most))


def balances(position: Position) -> dict[str, int]:
    return {
        "limit ceiling": position.ceiling,
        "limit headroom": position.headroom,
        "limit reserved": position.reserved,
        "limit drawn": position.drawn,
        "limit excess": position.excess,
    }


@given(positions(), MOVES)
def test_no_amount_of_a_limit_falls_below_zero(position: Position, moves: list[tuple[Verb, int]]) -> None:
    for move in moves:
        moved(position, [move])
        assert all(amount >= 0 for amount in balances(position).values()), move
        assert position.ceiling + position.excess == position.headroom + position.reserved + position.drawn


@given(positions(), MOVES)
def test_only_setting_it_changes_a_ceiling(position: Position, moves: list[tuple[Verb, int]]) -> None:
    for verb, amount in moves:
        before = position.ceiling
        moved(position, [(verb, amount)])
        assert position.ceiling == (amount if verb.name == "set_ceiling" else before)


@given(positions(), MOVES)
def test_what_is_posted_netted_is_exactly_the_change(position: Position, moves: list[tuple[Verb, int]]) -> None:
    before = balances(position)
    moved(position, moves)
    change = dict.fromkeys(CODES, 0)
    for debit, credit, name in POSTING_RULES["limit moved"]:
        amount = position.moves.get(name, 0)
        assert amount >= 0
        # the ceiling and the excess are debit-normal, what they are divided into is credit-normal
        change[debit] += amount if debit in ("limit ceiling", "limit excess") else -amount
        change[credit] -= amount if credit in ("limit ceiling", "limit excess") else -amount
    assert change == {code: amount - before[code] for code, amount in balances(position).items()}
    assert position.moves.keys() <= {name for _, _, name in POSTING_RULES["limit moved"]}


@given(positions(), AMOUNTS)
def test_an_excess_is_paid_back_before_headroom_returns(position: Position, amount: int) -> None:
    amount = min(amount, position.drawn)
    excess, headroom = position.excess, position.headroom
    position.release(amount)
    assert position.excess == max(0, excess - amount)
    assert position.headroom == headroom + max(0, amount - excess)


@given(st.lists(positions(), min_size=1, max_size=4), st.integers(min_value=1, max_value=1_000_000))
def test_an_amount_fits_exactly_when_no_limit_is_too_small(listed: list[Position], amount: int) -> None:
    refusal = shortfall(listed, amount)
    assert (refusal is None) == (amount <= min(position.headroom for position in listed))
    if refusal is not None:
        assert refusal.reason == "limit_exceeded"


@given(positions(), st.integers(min_value=1, max_value=1_000_000))
def test_a_suspended_limit_fits_nothing(position: Position, amount: int) -> None:
    position.hold = "overdue"
    refusal = shortfall([position], amount)
    assert refusal is not None and refusal.reason == "limit_suspended"


def test_limits_a_batch_does_not_touch_post_nothing() -> None:
    still = Position(1, LimitKind.ANCHOR, "EUR", 10, 0, 0, 0, "")
    busy = Position(2, LimitKind.SUPPLIER, "EUR", 10, 0, 0, 0, "")
    busy.reserve(4)
    keys = ((LimitKind.ANCHOR, 7, "EUR"), (LimitKind.SUPPLIER, 8, "EUR"))
    touched = Positions(dict(zip(keys, (still, busy), strict=True)))
    assert touched.moved() == [busy]
    assert touched.of([keys[1], (LimitKind.PROGRAMME, 9, "EUR")]) == [busy]
