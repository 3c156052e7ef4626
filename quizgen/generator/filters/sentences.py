"""How masked sentences are written."""

from __future__ import annotations

from typing import Any

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
    numbers = expected(value, Numbers, "per_masked_word", "p")
    masked = naming.scene.masked
    assert masked is not None
    return naming.joined(
        [
            (
                render_fast(masked.probability(k), setting=naming.setting),
                Text(f" = {number_text(p, numbers.places, naming.comma)}"),
            )
            for k, p in zip(masked.scored, numbers.values, strict=True)
        ]
    )


def numbered(naming: Naming, value: Any) -> Any:
    tokens = expected(value, Tokens, "numbered", "corrupted")
    return Tokens(tokens.tokens, tokens.first, True)
