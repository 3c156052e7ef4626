"""The tables of models that a scene draws: comparisons, rankings, whole distributions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from quizgen.template import Draw, FixedValue, ModelComparison, ModelDistributions, ModelRanking, Prediction

if TYPE_CHECKING:
    from quizgen.objective.masked import MaskedSentence
    from quizgen.sampling.comparisons import ModelTable, RankedModels
    from quizgen.sampling.draws import Stream
    from quizgen.sampling.probabilities import Argmax
    from quizgen.sampling.sentences import CorpusSentence
    from quizgen.sampling.single_mask import DistributionTable

    Models = ModelTable | DistributionTable | RankedModels

_ARGMAX: dict[str, Argmax] = {"true word": "true", "another word": "filler", "any word": "any"}


def drawn_models(
    draws: Sequence[tuple[str, Draw]],
    sentence: CorpusSentence | None,
    masked: MaskedSentence | None,
    stream: Callable[[str], Stream],
) -> Models | None:
    """The table for the masks of this scene, None if none is drawn. stream: of the draw of a name."""
    if masked is None or sentence is None:
        return None
    for name, draw in draws:
        match draw:
            case ModelComparison(count, against):
                from quizgen.sampling.comparisons import compare_models

                return compare_models(stream(name), masked.n, against, count)
            case ModelRanking(count):
                from quizgen.sampling.comparisons import rank_models

                return rank_models(stream(name), masked.n, count)
            case ModelDistributions(count):
                from quizgen.sampling.single_mask import compare_distributions

                fillers = min(3, _fillers(sentence, masked))
                return compare_distributions(stream(name), count, fillers=fillers, different=count > 2)
            case Prediction(words, top):
                from quizgen.sampling.single_mask import one_distribution

                if _fillers(sentence, masked) < words - 1:
                    raise ValueError(
                        f"'{sentence.id}' has no {words - 1} other words for position {masked.selected[0]}"
                    )
                return one_distribution(stream(name), fillers=words - 1, argmax=_ARGMAX[top])
    return None


def given_models(draws: Sequence[tuple[str, Draw]], given: Mapping[str, FixedValue]) -> Models | None:
    """The table of a named draw: a list of numbers for each model, or one list for a prediction."""
    for name, draw in draws:
        rows = _rows(given.get(name))
        if not rows:
            continue
        match draw:
            case ModelComparison(_, against):
                from quizgen.sampling.comparisons import model_table

                return model_table(rows, against)
            case ModelRanking():
                from quizgen.sampling.comparisons import ranking_of

                return ranking_of(rows)
            case ModelDistributions():
                from quizgen.sampling.single_mask import distribution_table

                return distribution_table(rows)
            case Prediction():
                from quizgen.sampling.single_mask import given_distribution

                return given_distribution(rows[0])
    return None


def _rows(value: FixedValue | None) -> tuple[tuple[Fraction, ...], ...]:
    if not isinstance(value, tuple):
        return ()
    rows = value if all(isinstance(row, tuple) for row in value) else (value,)
    return tuple(
        tuple(number for number in row if isinstance(number, Fraction)) for row in rows if isinstance(row, tuple)
    )


def _fillers(sentence: CorpusSentence, masked: MaskedSentence) -> int:
    return len(sentence.at(masked.selected[0]).fillers)
