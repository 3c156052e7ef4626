"""How masked sentences are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grading.expressions import Expression
from quizgen.content import Emphasis, Text, Tokens
from quizgen.generator.named import MaskedWords, Numbers, expected
from quizgen.generator.naming import Naming
from quizgen.generator.wording import number_text
from quizgen.objective.shapes import render_fast


def words_with_positions(naming: Naming, value: Any) -> Any:
    words = expected(value, MaskedWords, "words_with_positions", "masked").words
    pattern = naming.wording.position
    return naming.joined([(Emphasis((Text(word),)), Text(f" ({pattern.format(k)})")) for k, word in words])


def per_masked_word(naming: Naming, value: Any) -> Any:
    """The probabilities in full: Pr(x₂ = early | x̄) = 0.50."""
    masked = naming.scene.masked
    assert masked is not None
    return _per_term(naming, expected(value, Numbers, "per_masked_word", "p"), masked.probability)


def per_decision(naming: Naming, value: Any) -> Any:
    """The probabilities of decisions, or of words, by their short names: D₂ = 0.50."""
    masked = naming.scene.masked
    assert masked is not None
    symbols = masked.symbols()
    return _per_term(naming, expected(value, Numbers, "per_decision", "d"), lambda k: symbols[masked.probability(k)])


def _per_term(naming: Naming, numbers: Numbers, named: Callable[[int], Expression]) -> Any:
    masked = naming.scene.masked
    assert masked is not None
    separator = "; " if naming.comma else ", "
    return naming.joined(
        [
            (
                render_fast(named(k), setting=naming.setting),
                Text(f" = {number_text(p, numbers.places, naming.comma)}"),
            )
            for k, p in zip(masked.scored, numbers.values, strict=True)
        ],
        separator,
    )


def numbered(naming: Naming, value: Any) -> Any:
    tokens = expected(value, Tokens, "numbered", "corrupted")
    return Tokens(tokens.tokens, tokens.first, True)
