"""Probabilities and distributions: exact, on their grids, uniform, refusing the impossible."""

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizgen.sampling.draws import Source, Stream
from quizgen.sampling.probabilities import (
    GRID,
    Argmax,
    Distribution,
    _sets_up_to,
    count_probabilities,
    draw_distribution,
    draw_probabilities,
)
from quizgen.sampling.spaces import CannotDraw, Constraint

Ps = tuple[Fraction, ...]


def stream(variant: int = 0) -> Stream:
    return Source(11).stream("t", variant, 0, "p")


def test_the_grid_is_the_multiples_of_a_twentieth() -> None:
    assert [str(float(p)) for p in (GRID[0], GRID[1], GRID[-1])] == ["0.05", "0.1", "0.95"]
    assert len(GRID) == 19


def test_every_combination_is_equally_likely() -> None:
    values = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
    drawn = stream()
    counts = Counter(draw_probabilities(drawn, 2, values=values) for _ in range(9000))
    assert len(counts) == count_probabilities(2, 3) == 9
    assert max(abs(count - 1000) for count in counts.values()) < 150
    counts = Counter(draw_probabilities(drawn, 2, values=values, different=True) for _ in range(6000))
    assert len(counts) == count_probabilities(2, 3, different=True) == 6


def test_rare_combinations_are_found_by_listing() -> None:
    rare = Constraint[Ps]("only-one", lambda p: p == (GRID[3], GRID[17], GRID[5]))
    assert draw_probabilities(stream(), 3, constraints=[rare]) == (GRID[3], GRID[17], GRID[5])


def test_trying_and_listing_have_the_same_distribution() -> None:
    near = Constraint[Ps]("sum-is-one", lambda p: sum(p) == 1)  # 19 of 361: some draws end in the listing
    counts = Counter(draw_probabilities(stream(v), 2, constraints=[near]) for v in range(3800))
    assert len(counts) == 19
    assert max(abs(count - 200) for count in counts.values()) < 75


def test_the_impossible_is_refused_with_counts() -> None:
    small = Constraint[Ps]("sum-below-a-tenth", lambda p: sum(p) < Fraction(1, 10))
    equal = Constraint[Ps]("equal", lambda p: p[0] == p[1])
    with pytest.raises(CannotDraw) as refusal:
        draw_probabilities(stream(), 2, constraints=[small, equal])
    assert refusal.value.considered == 361
    assert refusal.value.counts == {"sum-below-a-tenth": 361, "equal": 342}
    with pytest.raises(CannotDraw, match="of 1000 considered, sum-below-a-tenth excludes 1000"):
        draw_probabilities(stream(), 6, constraints=[small])
    with pytest.raises(CannotDraw, match="cannot draw 20 different"):
        draw_probabilities(stream(), 20, different=True)


def holds(drawn: Distribution, argmax: Argmax, true: Fraction | None) -> bool:
    hundredths = [share * 100 for share in drawn.shares]
    assert sum(drawn.shares) == 1
    assert all(share.denominator == 1 and share >= 1 for share in hundredths)
    assert len(set(drawn.shares)) == len(drawn.shares)
    assert drawn.other is None or drawn.other < max(drawn.shares)
    assert true is None or drawn.true == true
    assert drawn.top == max(drawn.shares)
    return argmax == "any" or drawn.top_is_true == (argmax == "true")


@given(
    st.integers(0, 500),
    st.sampled_from(["true", "filler", "any"]),
    st.booleans(),
    st.integers(2, 4),
    st.one_of(st.none(), st.integers(21, 49)),
)
@settings(derandomize=True, max_examples=150)
def test_distributions_keep_their_promises(
    variant: int, argmax: Argmax, other: bool, fillers: int, percent: int | None
) -> None:
    true = None if percent is None else Fraction(percent, 100)
    if argmax == "true" and percent is not None and sum(range(percent - fillers - other, percent)) < 100 - percent:
        with pytest.raises(CannotDraw):
            draw_distribution(stream(variant), fillers=fillers, other=other, argmax=argmax, true=true)
    else:
        drawn = draw_distribution(stream(variant), fillers=fillers, other=other, argmax=argmax, true=true)
        assert len(drawn.fillers) == fillers
        assert (drawn.other is not None) == other
        assert holds(drawn, argmax, true)


def test_distributions_are_uniform() -> None:
    drawn = stream()
    counts = Counter(draw_distribution(drawn, true=Fraction(90, 100)).fillers for _ in range(8000))
    sets = [numbers for numbers in combinations(range(1, 11), 3) if sum(numbers) == 10]
    assert len(counts) == 6 * len(sets)
    mean = 8000 / len(counts)
    assert max(abs(count - mean) for count in counts.values()) < 5 * mean**0.5


@pytest.mark.parametrize("parts", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("avoid", [0, 1, 4, 7])
def test_sets_of_shares_are_counted_by_their_largest(parts: int, avoid: int) -> None:
    numbers = [number for number in range(1, 19) if number != avoid]
    sets = [chosen for chosen in combinations(numbers, parts) if sum(chosen) <= 18]
    for total in range(19):
        fitting = [max(chosen, default=0) for chosen in sets if sum(chosen) == total]
        up_to = tuple(sum(largest <= most for largest in fitting) for most in range(total + 1))
        assert _sets_up_to(total, parts, avoid) == up_to


@pytest.mark.parametrize(
    "true", [Fraction(1, 1000), Fraction(0), Fraction(1), Fraction(95, 100), Fraction(3, 2), Fraction(-1, 2)]
)
def test_impossible_shares_are_refused(true: Fraction) -> None:
    with pytest.raises(CannotDraw):
        draw_distribution(stream(), true=true, argmax="filler" if true > Fraction(1, 2) else "any")


def test_concentration_orders_against_the_entropy() -> None:
    drawn = stream()
    tables = [draw_distribution(drawn, other=True) for _ in range(60)]
    entropy = [-sum(float(share) * log(share) for share in table.shares) for table in tables]
    for i, j in combinations(range(60), 2):
        if abs(entropy[i] - entropy[j]) > 1e-9:
            assert (entropy[i] < entropy[j]) == (tables[i].concentration > tables[j].concentration)


def test_the_river_example() -> None:
    a = Distribution(Fraction(40, 100), (Fraction(35, 100), Fraction(15, 100)), Fraction(10, 100))
    b = Distribution(Fraction(25, 100), (Fraction(70, 100), Fraction(3, 100)), Fraction(2, 100))
    assert a.concentration < b.concentration
    assert (a.top_is_true, b.top_is_true) == (True, False)
    assert b.top == Fraction(7, 10)
