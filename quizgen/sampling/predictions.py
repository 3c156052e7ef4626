"""Probabilities that a model gives instead of the ones that are drawn: what such a model must do, how they print."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Protocol

from quizgen.model import Prediction
from quizgen.objective.masked import MaskedSentence
from quizgen.sampling.masks import MaskConstraint, Positions
from quizgen.sampling.sentences import CorpusSentence

SIGNIFICANT = 10
"""Digits of a probability that are kept: what is lost lies far below what is printed, and no machine disagrees."""


class Predictor(Protocol):
    """A masked language model that can be asked how probable it finds the true words of a corrupted sentence."""

    @property
    def description(self) -> Mapping[str, Any]:
        """What the archive says of it: name, digest of its files, versions of the libraries that read them."""
        ...

    def knows(self, sentence: CorpusSentence, positions: Positions) -> bool:
        """Whether each of these words is one entry of its vocabulary, so that one mask can stand for it."""
        ...

    def has(self, word: str) -> bool:
        """Whether the word is one entry of its vocabulary inside of a sentence."""
        ...

    def predictions(self, masked: MaskedSentence, decimals: int) -> tuple[Prediction, ...]:
        """For each selected position how probable the true word is, all from one look at the corrupted sentence.

        decimals: of the printed probability. Raises ValueError for words that it does not know.
        """
        ...


def known_words(predictor: Predictor) -> MaskConstraint:
    """Only words that the model knows are selected."""
    return MaskConstraint("known-to-the-model", predictor.knows)


def prediction(position: int, word: str, probability: float, decimals: int) -> Prediction:
    """The record of what a model computed: rounded to so many decimals for the question, but never to 0 or 1.

    >>> [prediction(2, "cat", p, 2).printed for p in (1 / 3, 0.2, 2.5e-7, 0.9999)]
    ['0.33', '0.20', '0.01', '0.99']
    >>> prediction(2, "cat", 1 / 3, 2).probability, prediction(2, "cat", 2.5e-7, 2).probability
    ('0.3333333333', '0.00000025')
    """
    kept = Decimal(f"{probability:.{SIGNIFICANT - 1}e}").normalize()
    step = Decimal(1).scaleb(-decimals)
    shown = min(max(kept.quantize(step, rounding=ROUND_HALF_EVEN), step), 1 - step)
    return Prediction(position, word, format(kept, "f"), format(shown, "f"))


def at_the_edge(found: Prediction) -> bool:
    """Whether rounding alone would have made it 0 or 1.

    >>> at_the_edge(prediction(2, "cat", 0.004, 2)), at_the_edge(prediction(2, "cat", 0.006, 2))
    (True, False)
    """
    step = Decimal(found.printed)
    return Decimal(found.probability).quantize(step, rounding=ROUND_HALF_EVEN) in (0, 1)
