"""A sentence as the model gets it, and what a named draw says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from quizgen.generator.scene import Drawn
from quizgen.generator.sentence_words import given_corruption
from quizgen.sampling.corruption import BERT, all_masked, corrupt, corrupt_mixed
from quizgen.sampling.replaced import replaced_tokens
from quizgen.template import FixedValue, OrderDraw

if TYPE_CHECKING:
    from quizgen.generator.sorted_draws import SortedDraws
    from quizgen.objective.masked import MaskedSentence
    from quizgen.sampling.draws import Stream
    from quizgen.sampling.masks import Positions
    from quizgen.sampling.sentences import CorpusSentence


def corrupted(
    draws: SortedDraws,
    sentence: CorpusSentence,
    positions: Positions,
    stream: Callable[[str], Stream],
    vocabulary: Callable[[], tuple[str, ...]],
    given: Mapping[str, FixedValue],
) -> MaskedSentence:
    """The sentence as the model gets it. stream: of a purpose. vocabulary: what random words are drawn from.

    given: what a named draw says of it. Raises ValueError where it says it of other positions.
    """
    scheme, mixture = draws.corruption.scheme, draws.corruption.mixture
    if given:
        shown = given_corruption(sentence, positions, given, decides=scheme == "replaced tokens")
        if shown is not None:
            return shown
    if scheme == "all masked":
        return _in_order(draws, all_masked(sentence, positions), stream, given)
    drawing = stream("corruption")
    if scheme == "replaced tokens":
        return replaced_tokens(sentence, positions, drawing)
    if mixture:
        return corrupt_mixed(sentence, positions, mixture, drawing, vocabulary())
    return corrupt(sentence, positions, drawing, BERT, vocabulary())


def _in_order(
    draws: SortedDraws, masked: MaskedSentence, stream: Callable[[str], Stream], given: Mapping[str, FixedValue]
) -> MaskedSentence:
    """The masked sentence with the order in which its words are predicted, if one is drawn."""
    drawn = draws.of(OrderDraw)
    if drawn is None:
        return masked
    order = numbers_of(given.get(drawn[0])) or tuple(map(Fraction, masked.selected))
    if drawn[1].kind == "drawn" and drawn[0] not in given:
        order = stream("order of prediction").shuffle(order)
    return _ordered(masked, tuple(map(int, order)))


@lru_cache(maxsize=1024)
def _ordered(masked: MaskedSentence, order: tuple[int, ...]) -> MaskedSentence:
    return msgspec.structs.replace(masked, order=order)


def numbers_of(value: FixedValue | None) -> tuple[Fraction, ...]:
    """The numbers of a list as a ``fixed:`` draw writes it."""
    return tuple(Fraction(entry) for entry in value if not isinstance(entry, tuple)) if isinstance(value, tuple) else ()


def drawn_of(value: FixedValue) -> Drawn:
    """A value of a ``fixed:`` draw as a scene holds it."""
    if not isinstance(value, tuple):
        return value
    return tuple(str(entry) for entry in value) if value and isinstance(value[0], str) else numbers_of(value)
