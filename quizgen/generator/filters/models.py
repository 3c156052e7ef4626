"""How comparisons of models are written."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

from quizgen.content import Table, Text
from quizgen.generator.named import HoleError
from quizgen.generator.naming import Naming
from quizgen.generator.wording import number_text
from quizgen.objective.values import log_loss
from quizgen.sampling.comparisons import ModelTable, RankedModels
from quizgen.sampling.single_mask import DistributionTable

Models = ModelTable | DistributionTable | RankedModels


def table(naming: Naming, value: Any) -> Any:
    """Models as a table: masks or words down, models across."""
    models, (scene, words) = _models(value, "table"), (naming.scene, naming.wording)
    masked, sentence = scene.masked, scene.sentence
    assert masked is not None
    assert sentence is not None
    if isinstance(models, DistributionTable):
        rows = [model.shares for model in models.models]
        entry = sentence.at(masked.selected[0])
        fillers = entry.fillers[: len(models.models[0].fillers)]
        labels = [entry.word, *fillers, *([words.other_words] if models.models[0].other is not None else [])]
        corner = words.table_word
        order = sorted(range(len(labels)), key=lambda k: (labels[k] == words.other_words, labels[k].casefold()))
    else:
        rows = list(models.rows)
        labels = [f"{masked.tokens[k]} ({words.position.format(k)})" for k in masked.selected]
        corner, order = words.masked_word, list(range(len(labels)))
    names = [naming.model_name(number) for number in range(len(rows))] if len(rows) > 1 else [words.probability]
    header = ((Text(corner),), *((Text(name),) for name in names))
    body = tuple(((Text(labels[k]),), *((Text(number_text(row[k], 2, naming.comma)),) for row in rows)) for k in order)
    return Table(header, body)


def ranked(naming: Naming, value: Any, place: int) -> Any:
    """The model at a place of a ranking; 1 has the lowest loss."""
    models = _models(value, "ranked")
    if not isinstance(models, RankedModels):
        raise HoleError("this is no ranking; draw one: models: {ranking: 4}")
    if not 1 <= place <= len(models.order):
        raise HoleError(f"{len(models.order)} models are ranked, there is no place {place}")
    return naming.model_name(models.order[place - 1])


def best(naming: Naming, value: Any) -> Any:
    models = _models(value, "best")
    return naming.model_name(models.order[0] if isinstance(models, RankedModels) else models.key)


def worst(naming: Naming, value: Any) -> Any:
    models = _models(value, "worst")
    true = [_likelihood(models, number) for number in range(_model_count(models))]
    return naming.model_name(true.index(min(true)))


def preferred_by(naming: Naming, value: Any, rule: str) -> Any:
    """The model that somebody with this misconception prefers."""
    for name, number in getattr(_models(value, "preferred_by"), "favourites", ()):
        if name == rule:
            return naming.model_name(number)
    raise HoleError(f"no model is preferred by '{rule}'; name it under 'against' of the draw")


def losses(naming: Naming, value: Any) -> Any:
    """The loss of each model in nats, as a list."""
    models = _models(value, "losses")
    entries = []
    for number in range(_model_count(models)):
        row = (models.models[number].true,) if isinstance(models, DistributionTable) else models.rows[number]
        entries.append((Text(f"{naming.model_name(number)}: {naming.rounded(log_loss(row, None), 3)}"),))
    return naming.joined(entries, "; " if naming.comma else ", ")


def _models(value: Any, name: str) -> Models:
    if not isinstance(value, ModelTable | DistributionTable | RankedModels):
        raise HoleError(
            f"the filter '{name}' is for a comparison of models; draw one: models: {{comparison: 4, against: […]}}"
        )
    return value


def _model_count(models: Models) -> int:
    return len(models.models if isinstance(models, DistributionTable) else models.rows)


def _likelihood(models: Models, number: int) -> Fraction:
    return (
        models.models[number].true
        if isinstance(models, DistributionTable)
        else prod(models.rows[number], start=Fraction(1))
    )
