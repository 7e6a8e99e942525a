"""How much, by when: the plan reaches the amount or says how much is possible, and is never dearer than it need be."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from invoices.plan import Choice, plan

AMOUNTS = st.integers(min_value=1, max_value=1_000)
PAIRS = st.lists(st.tuples(AMOUNTS, st.integers(min_value=0, max_value=100)), max_size=8)
CHOICES = PAIRS.map(lambda pairs: [Choice(n, *pair) for n, pair in enumerate(pairs)])


def nets(chosen: list[Choice]) -> int:
    return sum(each.net_minor for each in chosen)


def costs(chosen: list[Choice]) -> int:
    return sum(each.cost_minor for each in chosen)


def best_cost(choices: list[Choice], amount: int) -> int:
    """Of all sets that reach the amount, the least cost."""
    sets = (list(each) for size in range(len(choices) + 1) for each in combinations(choices, size))
    return min(costs(each) for each in sets if nets(each) >= amount)


@given(CHOICES, AMOUNTS)
def test_it_reaches_the_amount_or_says_how_much_is_possible(choices: list[Choice], amount: int) -> None:
    found = plan(choices, amount)
    assert found.reaches == (nets(choices) >= amount)
    if found.reaches:
        assert found.net_minor >= amount
    else:
        assert set(found.chosen) == set(choices) and found.net_minor == nets(choices)


@given(CHOICES, AMOUNTS)
def test_it_costs_no_more_than_all_and_at_most_twice_the_best(choices: list[Choice], amount: int) -> None:
    found = plan(choices, amount)
    assert found.cost_minor <= costs(choices)
    if found.reaches:
        assert found.cost_minor <= 2 * best_cost(choices, amount)


@given(CHOICES, AMOUNTS)
def test_nothing_of_it_can_be_left_out(choices: list[Choice], amount: int) -> None:
    found = plan(choices, amount)
    if found.reaches:
        assert all(found.net_minor - each.net_minor < amount for each in found.chosen)


@given(CHOICES, AMOUNTS, st.randoms())
def test_the_order_of_the_offers_does_not_matter(choices: list[Choice], amount: int, random: object) -> None:
    shuffled = list(choices)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan(shuffled, amount) == plan(choices, amount)


def test_a_small_dear_one_is_taken_before_a_large_cheap_one_that_is_not_needed() -> None:
    large, small = Choice(1, 100_000, 500), Choice(2, 1_000, 10)
    assert plan([large, small], 900).chosen == (small,)
    assert plan([large, small], 1_001).chosen == (large,)
    assert plan([large, small], 101_000).chosen == (large, small)


def test_what_a_later_one_makes_superfluous_is_dropped() -> None:
    first, second = Choice(1, 10, 1), Choice(2, 100, 20)
    assert plan([first, second], 100).chosen == (second,)


def test_nothing_needs_nothing() -> None:
    assert plan([Choice(1, 10, 1)], 0).chosen == ()
    assert plan([], 5).reaches is False
