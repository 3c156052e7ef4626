"""Intervals and tail probabilities, each with its source; no library whose last digits differ between versions.

Wilson, E. B. (1927), JASA 22, 209-212 (a proportion); Fisher, R. A. (1921), Metron 1, 3-32 (a correlation);
Feldt, L. S. (1965), Psychometrika 30, 357-370 (a reliability); Holm, S. (1979), Scand. J. Stat. 6, 65-70.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from statistics import NormalDist

import msgspec

Z95 = NormalDist().inv_cdf(0.975)
"""Half of the length of a 95 % interval of a standard normal variable."""

_TINY, _EPSILON, _STEPS = 1e-300, 1e-15, 500


class Interval(msgspec.Struct, frozen=True):
    """A 95 % confidence interval, both ends inside."""

    low: float
    high: float


def wilson(share: Fraction | float, count: int) -> Interval:
    """Wilson's score interval of a mean of `count` scores between 0 and 1.

    For scores that are 0 or 1 it is the usual one. Scores in between vary at most as much as such with the same
    mean, so that with partial credit the interval is too wide rather than too narrow.

    >>> interval = wilson(Fraction(8, 10), 10)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.4902, 0.9433)
    """
    p, square = float(share), Z95 * Z95
    middle = (p + square / (2 * count)) / (1 + square / count)
    half = Z95 * math.sqrt(p * (1 - p) / count + square / (4 * count * count)) / (1 + square / count)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def correlation_interval(r: float, count: int) -> Interval | None:
    """Fisher's interval of a correlation of `count` pairs; None for fewer than four. Rough if a variable is 0 or 1.

    >>> interval = correlation_interval(0.5, 28)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.156, 0.7358)
    """
    if count < 4:
        return None
    if abs(r) >= 1:
        return Interval(r, r)
    middle, half = math.atanh(r), Z95 / math.sqrt(count - 3)
    return Interval(math.tanh(middle - half), math.tanh(middle + half))


def reliability_interval(alpha: float, learners: int, items: int) -> Interval | None:
    """Feldt's interval of Cronbach's alpha or KR-20; None for fewer than two learners or items."""
    if learners < 2 or items < 2 or alpha >= 1:
        return None
    freedom = learners - 1, (learners - 1) * (items - 1)
    low = 1 - (1 - alpha) * f_quantile(0.975, *freedom)
    high = 1 - (1 - alpha) * f_quantile(0.025, *freedom)
    return Interval(low, high)


def f_tail(value: float, above: float, below: float) -> float:
    """The probability that a variable of Fisher's F distribution exceeds a value.

    >>> round(f_tail(4.964603, 1, 10), 6)
    0.05
    """
    if value <= 0:
        return 1.0
    return beta_share(below / (below + above * value), below / 2, above / 2)


def f_quantile(probability: float, above: float, below: float) -> float:
    """The value that a variable of the F distribution does not exceed with this probability.

    >>> round(f_quantile(0.95, 1, 10), 4)
    4.9646
    """
    share = _solve(lambda x: beta_share(x, above / 2, below / 2), probability)
    return below * share / (above * (1 - share)) if share < 1 else math.inf


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22).

    >>> round(beta_share(0.5, 2, 3), 6)
    0.6875
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1) / (a + b + 2):
        return math.exp(front) * _fraction(x, a, b) / a
    return 1 - math.exp(front) * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's method."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _away(1 + term * d), _away(1 + term / c)
            value *= d * c
        if abs(d * c - 1) < _EPSILON:
            break
    return value


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _solve(rising: Callable[[float], float], target: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        if rising(middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def sign_test(fewer: int, more: int) -> float:
    """The exact two-sided probability of so uneven a division of changes if both directions are equally likely.

    McNemar's test of paired yes and no (Psychometrika 12, 1947, 153-157), in its exact form.

    >>> sign_test(1, 9), sign_test(0, 0)
    (0.021484375, 1.0)
    """
    changes, least = fewer + more, min(fewer, more)
    ways = sum(math.comb(changes, k) for k in range(least + 1))
    return float(min(Fraction(1), Fraction(2 * ways, 2**changes)))


def holm(probabilities: Sequence[float]) -> list[float]:
    """Holm's correction: the probability of each test, raised so that all together err with 5 % if 5 % is the limit.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(probabilities)), key=lambda k: (probabilities[k], k))
    corrected, reached = [0.0] * len(probabilities), 0.0
    for rank, place in enumerate(order):
        reached = max(reached, min(1.0, (len(probabilities) - rank) * probabilities[place]))
        corrected[place] = reached
    return corrected
