"""Probabilities as they are printed: decimals, held as fractions, without a float anywhere."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate, permutations, product
from math import perm
from typing import Literal

import msgspec

from quizgen.sampling.draws import Stream
from quizgen.sampling.spaces import ATTEMPTS, CannotDraw, Constraint, Space, try_to_draw

GRID = tuple(Fraction(k, 20) for k in range(1, 20))
"""0.05, 0.10 … 0.95: values that can be multiplied in the head and printed with two decimals."""

HUNDREDTHS = tuple(Fraction(k, 100) for k in range(101))

TRIES_BEFORE_LISTING = 40
LISTABLE = 20_000
"""Combinations that are listed, once tries have failed, to find the few that are left or to say that none is."""

Argmax = Literal["true", "filler", "any"]
"""Which word a distribution finds most probable."""


def draw_probabilities(
    stream: Stream,
    count: int,
    *,
    values: Sequence[Fraction] = GRID,
    different: bool = False,
    constraints: Iterable[Constraint[tuple[Fraction, ...]]] = (),
) -> tuple[Fraction, ...]:
    """`count` of the values, every combination that meets the constraints equally likely.

    different: no value twice. constraints: conditions on the whole tuple, such as a guard against two answers that
    coincide. Raises `CannotDraw` with the counts of each constraint if no combination meets them.

    >>> from quizgen.sampling.draws import Source
    >>> drawn = draw_probabilities(Source(1).stream("t", 0, 0, "p"), 4, different=True)
    >>> [str(float(p)) for p in drawn]
    ['0.45', '0.7', '0.85', '0.15']
    """
    constraints = tuple(constraints)
    what = f"cannot draw {count} {'different ' if different else ''}probabilities from {len(values)} values"
    if count < 0 or (count and not values) or (different and count > len(values)):
        raise CannotDraw(what, 0, {})

    def propose() -> tuple[Fraction, ...]:
        return stream.sample(values, count) if different else tuple(stream.choice(values) for _ in range(count))

    # Both ways have the same distribution, so that listing is only the answer to bad luck or to an impossible demand.
    listable = count_probabilities(count, len(values), different) <= LISTABLE
    try:
        return try_to_draw(what, propose, constraints, TRIES_BEFORE_LISTING if listable else ATTEMPTS)
    except CannotDraw:
        if not listable:
            raise
        combinations = permutations(values, count) if different else product(values, repeat=count)
        return Space(what, ((combination, 1) for combination in combinations), constraints).draw(stream)


def count_probabilities(count: int, values: int = len(GRID), different: bool = False) -> int:
    """How many results `draw_probabilities` has without constraints.

    >>> count_probabilities(2), count_probabilities(4, different=True)
    (361, 93024)
    """
    return perm(values, count) if different else int(values**count)


class Distribution(msgspec.Struct, frozen=True, dict=True):
    """What a model predicts at one mask: shares of the true word, of the fillers and of all other words together."""

    true: Fraction
    fillers: tuple[Fraction, ...]
    other: Fraction | None = None

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """True word, fillers, other words; they add up to 1."""
        return (self.true, *self.fillers, *(() if self.other is None else (self.other,)))

    @cached_property
    def top(self) -> Fraction:
        """The largest share of a single word."""
        words = self._hundredths[: 1 + len(self.fillers)]
        return self.shares[words.index(max(words))]

    @property
    def top_is_true(self) -> bool:
        return self.true == self.top

    @cached_property
    def concentration(self) -> int:
        """∏ aᵢ^aᵢ over the shares in hundredths: an exact stand-in for the entropy, which orders the other way.

        100·H = 100·log 100 − Σ aᵢ log aᵢ, so H is smaller exactly where this product is larger.

        >>> half, quarter = Fraction(1, 2), Fraction(1, 4)
        >>> Distribution(half, (half,)).concentration < Distribution(quarter, (1 - quarter,)).concentration
        True
        """
        result = 1
        for share in self._hundredths:
            whole = int(share)
            result *= whole**whole
        return result

    @cached_property
    def _hundredths(self) -> tuple[int | Fraction, ...]:
        """The shares in hundredths: whole numbers, which are compared much faster, or fractions if there is a rest."""
        found = []
        for share in self.shares:
            above, below = share.as_integer_ratio()
            found.append(100 * above // below if 100 % below == 0 else 100 * share)
        return tuple(found)


def draw_distribution(
    stream: Stream,
    *,
    fillers: int = 3,
    other: bool = False,
    argmax: Argmax = "any",
    true: Fraction | None = None,
) -> Distribution:
    """A distribution in hundredths that adds up to 1, without ties, "other words" never the largest share.

    Built, not searched: every set of shares that meets the conditions is equally likely.
    true: the share of the true word, if it is given already (whole hundredths). Raises `CannotDraw` if no
    distribution fits it.

    >>> from quizgen.sampling.draws import Source
    >>> drawn = draw_distribution(Source(1).stream("t", 0, 0, "d"), argmax="filler", true=Fraction(30, 100))
    >>> [int(100 * share) for share in drawn.shares], drawn.top_is_true
    ([30, 1, 58, 11], False)
    """
    rows = fillers + other
    if true is None:
        parts = list(_draw_parts(stream, _Parts(100, rows + 1)))
        at = {"true": 0, "filler": 1 + stream.below(fillers), "any": stream.below(1 + fillers)}[argmax]
        rest = stream.shuffle(parts[1:])
        shares = (*rest[:at], parts[0], *rest[at:])
    else:
        above, below = true.as_integer_ratio()
        given, rest_of_it = divmod(100 * above, below)
        if rest_of_it or not 0 < given < 100:
            raise CannotDraw(f"the true word cannot have the probability {true}, which is not in hundredths", 0, {})
        parts = list(_draw_parts(stream, _around(given, rows, argmax)))
        at = stream.below(fillers) if parts[0] > given else stream.below(rows)
        rest = stream.shuffle(parts[1:])
        shares = (given, *rest[:at], parts[0], *rest[at:])
    hundredths = tuple([HUNDREDTHS[share] for share in shares])
    return Distribution(hundredths[0], hundredths[1 : fillers + 1], hundredths[-1] if other else None)


class _Parts(msgspec.Struct, frozen=True, gc=False):
    """Sets of `parts` different whole numbers from 1 that add up to `total`.

    most: no part above it. avoid: a number that is no part. least_top: the largest part is at least this.
    """

    total: int
    parts: int
    most: int = 100
    avoid: int = 0
    least_top: int = 1


def _around(true: int, rows: int, argmax: Argmax) -> _Parts:
    """The shares beside a given one of the true word."""
    most = true - 1 if argmax == "true" else 100
    return _Parts(100 - true, rows, most, true, true + 1 if argmax == "filler" else 1)


def _draw_parts(stream: Stream, asked: _Parts) -> tuple[int, ...]:
    """One of these sets, each equally likely, largest part first."""
    up_to = _sets_up_to(asked.total, asked.parts, asked.avoid)
    most = min(asked.most, asked.total)
    too_small = up_to[min(asked.least_top - 1, most)]
    fitting = up_to[most] - too_small
    if not fitting:
        what = f"cannot split {asked.total} hundredths into {asked.parts} different shares as asked"
        raise CannotDraw(what, 0, {})
    top = bisect_right(up_to, too_small + stream.below(fitting))
    if asked.parts == 1:
        return (top,)
    return (top, *_draw_parts(stream, _Parts(asked.total - top, asked.parts - 1, top - 1, asked.avoid)))


@lru_cache(maxsize=20_000)
def _sets_up_to(total: int, parts: int, avoid: int = 0) -> tuple[int, ...]:
    """How many sets of `parts` different numbers without `avoid` add up to `total`, by the largest number that is
    allowed in them, from 0 to `total`.

    >>> _sets_up_to(6, 2), _sets_up_to(6, 2, avoid=2)
    ((0, 0, 0, 0, 1, 2, 2), (0, 0, 0, 0, 0, 1, 1))
    """
    if parts < 1 or total < 1:
        return (int(parts == total == 0),) * (total + 1)
    if 0 < avoid <= total:  # of all sets not those with it, which are it and a smaller set without it
        others = _sets_up_to(total - avoid, parts - 1, avoid)
        found = list(_sets_up_to(total, parts))
        for most in range(avoid, total + 1):
            found[most] -= others[min(most, total - avoid)]
        return tuple(found)
    with_top = (_sets_up_to(total - top, parts - 1)[min(top - 1, total - top)] for top in range(1, total + 1))
    return tuple(accumulate(with_top, initial=0))
