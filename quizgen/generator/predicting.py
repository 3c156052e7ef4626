"""Where a model's own probabilities stand in a scene instead of drawn ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from quizgen.template import CorruptionDraw, Draw, OrderDraw, ProbabilityDraw

if TYPE_CHECKING:
    from quizgen.model import Prediction
    from quizgen.objective.masked import MaskedSentence
    from quizgen.sampling.masks import MaskConstraint, Positions
    from quizgen.sampling.predictions import Predictor
    from quizgen.sampling.sentences import CorpusSentence


class Predicting:
    """The model that a template may ask, or none.

    A template may ask it whose probabilities are drawn for each mask from an even grid: numbers that were chosen one by
    one, such as 1/2, 1/4, 1/8, are meant to be these. Words that are predicted in an order, or decided about, are no
    business of a masked language model.
    """

    def __init__(self, predictor: Predictor | None, draws: Sequence[tuple[str, Draw]]) -> None:
        grids = [draw for _, draw in draws if isinstance(draw, ProbabilityDraw) and _is_even(draw.values)]
        other = any(
            isinstance(draw, OrderDraw) or (isinstance(draw, CorruptionDraw) and draw.scheme == "replaced tokens")
            for _, draw in draws
        )
        self._predictor = predictor if grids and not other else None
        self._decimals = grids[0].decimals if grids else 0

    def __bool__(self) -> bool:
        return self._predictor is not None

    @property
    def constraints(self) -> tuple[MaskConstraint, ...]:
        """What masks must fulfil besides the demands of the template."""
        if self._predictor is None:
            return ()
        from quizgen.sampling.predictions import known_words

        return (known_words(self._predictor),)

    def known(self, sentence: CorpusSentence, sets: Iterable[Positions]) -> tuple[Positions, ...]:
        """Those sets of positions whose words the model knows."""
        predictor = self._predictor
        return tuple(sets if predictor is None else (found for found in sets if predictor.knows(sentence, found)))

    def vocabulary(self, words: Iterable[str]) -> tuple[str, ...]:
        """Those words that the model can be shown in the place of another."""
        return tuple(words if self._predictor is None else filter(self._predictor.has, words))

    def predictions(self, masked: MaskedSentence | None) -> tuple[Prediction, ...]:
        """What the model says of this sentence; () if it is not asked."""
        if self._predictor is None or masked is None:
            return ()
        return self._predictor.predictions(masked, self._decimals)

    def probabilities(self, masked: MaskedSentence) -> tuple[Fraction, ...]:
        """The same as the numbers of the question."""
        return tuple(Fraction(found.printed) for found in self.predictions(masked))


def _is_even(values: Sequence[Fraction]) -> bool:
    return len(values) > 2 and len({b - a for a, b in pairwise(values)}) == 1
