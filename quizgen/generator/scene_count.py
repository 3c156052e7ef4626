"""How many scenes a template has, counted without drawing them."""

from __future__ import annotations

from math import comb, factorial
from typing import TYPE_CHECKING

from quizgen.template import (
    CandidateDraw,
    CorruptionDraw,
    Different,
    InputDraw,
    IntegerRange,
    MaskDraw,
    ModelComparison,
    ModelDistributions,
    ModelRanking,
    OneOf,
    OrderDraw,
    Prediction,
    ProbabilityDraw,
    WordDraw,
)

if TYPE_CHECKING:
    from quizgen.generator.scene_space import SceneSpace


def count_scenes(space: SceneSpace) -> tuple[int, bool]:
    """(how many scenes, whether this is exact): constraints are not counted, so it is an upper bound with them."""
    count = max(1, len(space.sentences)) * max(1, len(space.statements))
    exact = not space.template.where
    longest = max((len(sentence.words) for sentence, *_ in space.sentences), default=0)
    for name, draw in space.draws.all:
        match draw:
            case IntegerRange() | OneOf():
                count *= len(draw.values)
            case CandidateDraw(chosen):
                count, exact = count * factorial(chosen), False
            case Different(chosen, values, _, repeats):
                for k in range(chosen):
                    count *= len(values) - (0 if repeats else k)
            case ProbabilityDraw(values) if not space.predicting:
                masks = space.draws.of(MaskDraw)
                count *= len(values) ** (masks[1].count if masks is not None else 1)
                exact = False
            case CorruptionDraw(scheme="replaced tokens"):
                masks = space.draws.of(MaskDraw)
                n = masks[1].count if masks is not None else 1  # one of them itself, the others one of four fillers
                count, exact = count * n * 4 ** (n - 1), False
            case OrderDraw("drawn"):
                count, exact = count * factorial(longest), False
            case MaskDraw(rate=rate, spans=spans, words=words) if rate is not None or spans:
                count, exact = count * (comb(longest, words) if words else 2**longest), False
            case ModelComparison() | ModelDistributions() | ModelRanking() | Prediction():
                count, exact = count * 1000, False
            case CorruptionDraw(scheme="80/10/10"):
                count, exact = count * 1000, False
            case WordDraw():
                exact = False
            case InputDraw():
                count, exact = count * max(1, space.inputs.size(name)), False
    return count, exact
