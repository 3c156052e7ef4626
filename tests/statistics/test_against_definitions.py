"""The statistics of small classes against their plain definitions, computed with fractions and nothing shared."""

from __future__ import annotations

import math
from fractions import Fraction as F
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.statistics.distribution import distribution
from grading.statistics.intervals import beta_share, f_quantile, f_tail, holm, reliability_interval, sign_test
from grading.statistics.items import item_statistics, tail_size, upper_lower
from grading.statistics.reliability import reliability
from grading.statistics.scores import COARSE, scores_of

RIGHT_OR_WRONG = st.sampled_from([F(0), F(1)])
PARTIAL = st.sampled_from([F(0), F(1, 3), F(1, 2), F(3, 4), F(1), None])


def classes(shares, learners=(2, 9), items=(2, 6)):
    return st.integers(*items).flatmap(
        lambda width: st.lists(
            st.lists(shares, min_size=width, max_size=width), min_size=learners[0], max_size=learners[1]
        )
    )


WORTH = st.sampled_from([F(1), F(2), F(1, 2), F(3, 2)])


def variance(values):
    mean = sum(values, F(0)) / len(values)
    return sum(((value - mean) ** 2 for value in values), F(0)) / len(values)


def covariance(one, other):
    first, second = sum(one, F(0)) / len(one), sum(other, F(0)) / len(other)
    return sum(((a - first) * (b - second) for a, b in zip(one, other, strict=True)), F(0)) / len(one)


def points(rows, worth):
    return [[None if x is None else x * w for x, w in zip(row, worth, strict=True)] for row in rows]


def test_the_example_of_the_specification():
    rows = [[int(sign) for sign in row] for row in ("11111", "11110", "11100", "11000", "10100", "01000")]
    scores = scores_of(rows)
    found = reliability(scores)
    assert round(found.kr20, 4) == 0.6538
    assert found.kr20 == found.alpha
    items = list(item_statistics(scores))
    assert [round(item.facility, 4) for item in items] == [0.8333, 0.8333, 0.6667, 0.3333, 0.1667]
    assert [round(item.discrimination, 4) for item in items] == [0.3873, 0.0, 0.4417, 0.7385, 0.5394]


@given(rows=classes(PARTIAL), data=st.data())
def test_alpha(rows, data):
    worth = data.draw(st.lists(WORTH, min_size=len(rows[0]), max_size=len(rows[0])))
    table = [[x or F(0) for x in row] for row in points(rows, worth)]
    totals = [sum(row, F(0)) for row in table]
    found = reliability(scores_of(rows, worth))
    assert found.mean == pytest.approx(float(sum(totals, F(0)) / len(totals)))
    assert found.deviation == pytest.approx(math.sqrt(variance(totals)))
    assert found.without_score == sum(x is None for row in rows for x in row)
    if not variance(totals):
        assert found.alpha is None
        return
    k = len(worth)
    alpha = F(k, k - 1) * (1 - sum((variance(column) for column in zip(*table, strict=True)), F(0)) / variance(totals))
    assert found.alpha == pytest.approx(float(alpha), abs=1e-12)
    assert found.error == pytest.approx(math.sqrt(variance(totals) * max(F(0), 1 - alpha)), abs=1e-12)
    equal = len(set(worth)) == 1 and all(x in (F(0), F(1), None) for row in rows for x in row)
    assert (found.kr20 is not None) == equal


@given(rows=classes(RIGHT_OR_WRONG))
def test_kr20(rows):
    k, n = len(rows[0]), len(rows)
    shares = [sum(column, F(0)) / n for column in zip(*rows, strict=True)]
    spread = variance([sum(row, F(0)) for row in rows])
    found = reliability(scores_of(rows))
    if spread:
        defined = F(k, k - 1) * (1 - sum((p * (1 - p) for p in shares), F(0)) / spread)
        assert found.kr20 == pytest.approx(float(defined), abs=1e-12)


@given(rows=classes(PARTIAL), data=st.data())
def test_facility_and_item_rest(rows, data):
    worth = data.draw(st.lists(WORTH, min_size=len(rows[0]), max_size=len(rows[0])))
    table = points(rows, worth)
    for column, found in enumerate(item_statistics(scores_of(rows, worth), least=1)):
        kept = [row for row in table if row[column] is not None]
        assert found.learners == len(kept)
        if not kept:
            assert found.facility is None
            continue
        mine = [row[column] for row in kept]
        rest = [sum((x or F(0) for x in row), F(0)) - row[column] for row in kept]
        assert found.facility == pytest.approx(float(sum(mine, F(0)) / (worth[column] * len(kept))))
        spread = variance(mine) * variance(rest)
        if not spread:
            assert found.discrimination is None
        else:
            across = covariance(mine, rest)
            assert found.discrimination == pytest.approx(
                math.copysign(math.sqrt(across**2 / spread), across), abs=1e-12
            )


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=4, max_size=6))
@settings(max_examples=60)
def test_upper_lower_is_the_mean_over_all_orders_of_equal_learners(pairs):
    mine, totals = [score for score, _ in pairs], [score + rest for score, rest in pairs]
    size, sums = tail_size(len(pairs)), []
    for order in permutations(range(len(pairs))):
        ranked = sorted(order, key=lambda learner: totals[learner])  # stable: equal ones keep this order
        sums.append(F(sum(mine[k] for k in ranked[-size:]) - sum(mine[k] for k in ranked[:size]), size))
    assert upper_lower(np.array(mine), np.array(totals), 1) == sum(sums, F(0)) / len(sums)


def test_nothing_is_told_of_four_learners():
    scores = scores_of([[1, 0], [0, 1], [1, 1], [0, None], [1, None]])
    first, second = item_statistics(scores)
    assert first.facility == 0.6
    assert (second.learners, second.facility, second.discrimination) == (3, None, None)
    assert first.upper_lower is None, "27 % of five learners are one"


def test_scores_that_do_not_fit_are_rounded():
    tiny = F(1, 10**9 + 7)
    scores = scores_of([[tiny, 1], [1 - tiny, 0]], [F(1), F(1, 998_244_353)])
    assert scores.denominator == COARSE
    assert scores.points.tolist() == [[0, 0], [COARSE, 0]]


@pytest.mark.parametrize(
    ("probability", "above", "below", "value"),
    [(0.95, 1, 10, 4.9646), (0.95, 5, 20, 2.7109), (0.975, 10, 20, 2.7737), (0.99, 3, 7, 8.4513)],
)
def test_quantiles_of_f_from_printed_tables(probability, above, below, value):
    assert f_quantile(probability, above, below) == pytest.approx(value, abs=2e-3)
    assert f_tail(f_quantile(probability, above, below), above, below) == pytest.approx(1 - probability, abs=1e-9)


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 99))
def test_the_beta_function_of_whole_numbers_is_a_binomial_sum(a, b, percent):
    x, n = F(percent, 100), a + b - 1
    exact = sum((math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1)), F(0))
    assert beta_share(float(x), a, b) == pytest.approx(float(exact), abs=1e-12)


def test_feldts_interval_holds_its_promise():
    """Of 400 simulated classes with known alpha about 95 % have it inside their interval."""
    draw = np.random.default_rng(5)
    true = 10 * 1.0 / (10 * 1.0 + 2.0)  # items of variance 1 + 2 that share a part of variance 1
    inside = 0
    for _ in range(400):
        ability = draw.normal(size=(60, 1))
        values = ability + draw.normal(scale=math.sqrt(2), size=(60, 10))
        total = values.sum(axis=1)
        alpha = 10 / 9 * (1 - values.var(axis=0).sum() / total.var())
        interval = reliability_interval(alpha, 60, 10)
        inside += interval.low <= true <= interval.high
    assert 0.92 < inside / 400 < 0.98


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_by_its_definition(raw):
    corrected = holm(raw)
    ranked = sorted(raw)
    for value, found in zip(raw, corrected, strict=True):
        last = max(k for k, other in enumerate(ranked) if other == value)
        defined = max(min(1.0, (len(raw) - k) * ranked[k]) for k in range(last + 1))
        assert found <= defined + 1e-12
        assert found >= value


@given(st.integers(0, 12), st.integers(0, 12))
def test_the_sign_test_counts_ways(fewer, more):
    n = fewer + more
    extreme = sum(math.comb(n, k) for k in range(n + 1) if abs(2 * k - n) >= abs(fewer - more))
    assert sign_test(fewer, more) == pytest.approx(extreme / 2**n)


@given(st.lists(st.floats(0, 1), min_size=0, max_size=300))
def test_no_bar_shows_a_few(shares):
    found = distribution(shares)
    if len(shares) < 5:
        assert found.bars == ()
        assert found.mean is None
        return
    assert sum(bar.learners for bar in found.bars) == len(shares)
    assert all(bar.learners == 0 or bar.learners >= 5 for bar in found.bars)
    assert found.bars[0].low == 0
    assert found.bars[-1].high == 1
    assert all(one.high == other.low for one, other in zip(found.bars, found.bars[1:], strict=False))
    for bar in found.bars:
        inside = sum(
            bar.low - 1e-9 <= share < bar.high - 1e-9 or (bar.high == 1 and share >= bar.low - 1e-9) for share in shares
        )
        assert abs(inside - bar.learners) <= sum(
            abs(share - edge) < 1e-8 for share in shares for edge in (bar.low, bar.high)
        )
