"""How masked sentences are written."""

from __future__ import annotations

from typing import Any

from quizgen.content import Emphasis, Gap, Text, Tokens
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
            for k, p in zip(masked.selected, numbers.values, strict=True)
        ]
    )


def positions(naming: Naming, value: Any) -> Any:
    """The positions of words: 2 and 6."""
    words = expected(value, MaskedWords, "positions", "masked").words
    return naming.joined([(Text(str(position)),) for position, _ in words])


def gaps(naming: Naming, value: Any, part: str) -> Any:
    """A gap behind each word, for a part that there is for each mask; of a word that stands twice, which one."""
    words = expected(value, MaskedWords, "gaps", "masked").words
    masked = naming.scene.masked
    assert masked is not None
    tokens = [token.casefold() for token in masked.tokens]
    entries = []
    for number, (position, word) in enumerate(words, 1):
        copies = [place for place, token in enumerate(tokens) if token == word.casefold()]
        which = naming.wording.occurrences[copies.index(position)] if len(copies) > 1 else ""
        entries.append((Emphasis((Text(word),)), Text(f" ({which}): " if which else ": "), Gap(f"{part}-{number}")))
    return tuple(node for k, entry in enumerate(entries) for node in (*((Text("; "),) if k else ()), *entry))


def numbered(naming: Naming, value: Any) -> Any:
    tokens = expected(value, Tokens, "numbered", "corrupted")
    return Tokens(tokens.tokens, tokens.first, True)
