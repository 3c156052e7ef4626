"""Comparisons at one mask: whole distributions, or the probability of the true word and a confident wrong word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations

import msgspec

from quizgen.sampling.comparisons import MARGIN
from quizgen.sampling.draws import Stream
from quizgen.sampling.probabilities import GRID, HUNDREDTHS, Argmax, Distribution, draw_distribution
from quizgen.sampling.spaces import Constraint, Space, try_to_draw


class DistributionTable(msgspec.Struct, frozen=True):
    """What several models predict at one mask.

    key: the model with the most probable true word. favourites: (misconception, the model that it prefers), for
    ``target-top-prediction``, ``entropy-as-cross-entropy``, ``lowest-prob-lowest-loss``, and ``accuracy-as-loss``
    where exactly one model has the true word on top (it may be the key).
    """

    models: tuple[Distribution, ...]
    key: int
    favourites: tuple[tuple[str, int], ...]


def compare_distributions(
    stream: Stream, models: int = 2, *, fillers: int = 3, other: bool = True, different: bool = False
) -> DistributionTable:
    """Models of which the one with the largest top probability and the one with the least entropy are not the key.

    models: 2 or more. other: whether each distribution has a share for "other words". different: largest top and
    least entropy are two models (needs three). The key wins by at least 0.08 nats; there are no ties in the true
    word, in the top or in the entropy, which is compared exactly; every place is equally likely for the key.

    >>> from quizgen.sampling.draws import Source
    >>> table = compare_distributions(Source(1).stream("t", 0, 0, "models"))
    >>> [[int(100 * share) for share in model.shares] for model in table.models], table.key
    ([[12, 23, 14, 49, 2], [35, 12, 7, 16, 30]], 1)
    """
    if models < 2 or (different and models < 3):
        raise ValueError(f"{models} models cannot prefer so many different ones; use at least {3 if different else 2}")

    def propose() -> tuple[Distribution, ...]:
        best = stream.integer(25, 50)
        models_drawn = [draw_distribution(stream, fillers=fillers, other=other, true=HUNDREDTHS[best])]
        for loser in range(1, models):
            true = HUNDREDTHS[stream.integer(5, best * MARGIN.denominator // MARGIN.numerator)]
            argmax: Argmax = "filler" if loser == 1 else "any"
            models_drawn.append(draw_distribution(stream, fillers=fillers, other=other, true=true, argmax=argmax))
        return tuple(models_drawn)

    drawn = try_to_draw(f"cannot draw {models} distributions", propose, _TABLE + (_DIFFERENT if different else ()))
    shown = stream.shuffle(drawn)
    return DistributionTable(shown, shown.index(drawn[0]), _favourites(shown))


def distribution_table(rows: Sequence[Sequence[Fraction]], fillers: int = 3) -> DistributionTable:
    """The table of given distributions: for each model the true word, the fillers, and the rest if there is one.

    Raises ValueError where a row does not add up to 1 or two models are equal in what is compared.

    >>> a, b = [[Fraction(k, 100) for k in row] for row in ((40, 35, 15, 10), (25, 70, 3, 2))]
    >>> distribution_table([a, b], fillers=2).key
    0
    """
    if any(sum(row) != 1 or len(row) not in (fillers + 1, fillers + 2) for row in rows):
        raise ValueError(
            f"a distribution has the true word, {fillers} other words and perhaps the rest, and adds up to 1"
        )
    models = tuple(
        Distribution(row[0], tuple(row[1 : fillers + 1]), row[fillers + 1] if len(row) > fillers + 1 else None)
        for row in rows
    )
    if not _no_ties(models):
        raise ValueError("two models are equal in the true word, the top word or the entropy")
    return DistributionTable(models, _winner([model.true for model in models]), _favourites(models))


def one_distribution(stream: Stream, *, fillers: int = 3, argmax: Argmax = "any") -> DistributionTable:
    """What a single model predicts at one mask, with a share for "other words".

    >>> from quizgen.sampling.draws import Source
    >>> [int(100 * p) for p in one_distribution(Source(1).stream("t", 0, 0, "d")).models[0].shares]
    [24, 51, 1, 9, 15]
    """
    return DistributionTable((draw_distribution(stream, fillers=fillers, other=True, argmax=argmax),), 0, ())


def given_distribution(shares: Sequence[Fraction]) -> DistributionTable:
    """`one_distribution` of given shares: the true word, other words, and the rest.

    Raises ValueError where they do not add up to 1.
    """
    if sum(shares) != 1 or len(shares) < 3:
        raise ValueError("a distribution has the true word, other words and the rest, and adds up to 1")
    return DistributionTable((Distribution(shares[0], tuple(shares[1:-1]), shares[-1]),), 0, ())


def _winner(values: Sequence[int | Fraction]) -> int:
    return values.index(max(values))


def _favourites(models: Sequence[Distribution]) -> tuple[tuple[str, int], ...]:
    hits = [place for place, model in enumerate(models) if model.top_is_true]
    return (
        ("target-top-prediction", _winner([model.top for model in models])),
        ("entropy-as-cross-entropy", _winner([model.concentration for model in models])),
        ("lowest-prob-lowest-loss", _winner([-model.true for model in models])),
        *([("accuracy-as-loss", hits[0])] if len(hits) == 1 else []),
    )


def _no_ties(models: tuple[Distribution, ...]) -> bool:
    count = len(models)
    # The cheapest first; numbers are told apart by their parts, which are hashed much faster than a fraction.
    return (
        len({model.true.as_integer_ratio() for model in models}) == count
        and len({model.top.as_integer_ratio() for model in models}) == count
        and len({model.concentration for model in models}) == count
    )


# The key is the first of the models when the constraints are looked at.
_TABLE = (
    Constraint[tuple[Distribution, ...]]("no-ties", _no_ties),
    Constraint[tuple[Distribution, ...]]("larger-top-loses", lambda models: _winner([m.top for m in models]) != 0),
    Constraint[tuple[Distribution, ...]](
        "lower-entropy-loses", lambda models: _winner([m.concentration for m in models]) != 0
    ),
)
_DIFFERENT = (
    Constraint[tuple[Distribution, ...]](
        "top-and-entropy-differ",
        lambda models: _winner([m.top for m in models]) != _winner([m.concentration for m in models]),
    ),
)


class TrueWordOutputs(msgspec.Struct, frozen=True):
    """Probabilities that several outputs give to the true word at one mask, all different.

    key: the largest. lowest: the smallest. confident: the output, neither of both, that finds a wrong word more
    probable (`top`) than any output finds the true one; None if no wrong word is shown.
    """

    probabilities: tuple[Fraction, ...]
    key: int
    lowest: int
    confident: int | None = None
    top: Fraction | None = None


def draw_true_word_outputs(stream: Stream, outputs: int = 4, *, confident: bool = False) -> TrueWordOutputs:
    """Different multiples of 0.05; the key wins by at least 0.08 nats and is at every place equally likely.

    >>> from quizgen.sampling.draws import Source
    >>> drawn = draw_true_word_outputs(Source(1).stream("t", 0, 0, "p"), confident=True)
    >>> [float(p) for p in drawn.probabilities], drawn.key, drawn.confident, float(drawn.top)
    ([0.35, 0.05, 0.4, 0.15], 2, 0, 0.55)
    """
    values, place, top = _true_word_space(outputs, confident).draw(stream)
    order = stream.shuffle(range(outputs))
    probabilities = tuple(Fraction(values[rank], 20) for rank in order)
    shown = (order.index(place), Fraction(top, 20)) if confident else (None, None)
    return TrueWordOutputs(probabilities, order.index(outputs - 1), order.index(0), *shown)


@cache
def _true_word_space(outputs: int, confident: bool) -> Space[tuple[tuple[int, ...], int, int]]:
    """Ascending twentieths, which of them comes with a confident wrong word, and how probable that word is."""
    candidates = ((outcome, 1) for outcome in _true_word_outcomes(outputs, confident))
    margin = Constraint[tuple[tuple[int, ...], int, int]](
        "key-margin", lambda outcome: outcome[0][-1] >= MARGIN * outcome[0][-2]
    )
    return Space(f"cannot draw {outputs} different probabilities of the true word", candidates, (margin,))


def _true_word_outcomes(outputs: int, confident: bool) -> Iterator[tuple[tuple[int, ...], int, int]]:
    if outputs < 2:
        raise ValueError(f"a comparison needs at least 2 outputs, not {outputs}")
    for values in combinations(range(1, len(GRID) + 1), outputs):
        if not confident:
            yield values, 0, 0
        for place in range(1, outputs - 1) if confident else ():
            # At least 0.05 is left for the words that are not shown.
            yield from ((values, place, top) for top in range(values[-1] + 1, len(GRID) - values[place] + 1))
