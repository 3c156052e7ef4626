"""Uses a sentinel for every dropped token instead of one for each span.

The same as the key where every span has one word.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.spans import Sequence, sequence_of

from .operators import Refused, TokensMisconception


def rule(masked: MaskedSentence, sequence: Sequence) -> tuple[str, ...] | Refused:
    if sequence == "corrupted":
        return Refused("not-applicable")
    spans = tuple((k, k) for k in masked.selected)
    wrong = sequence_of(masked, sequence, spans)
    return Refused("identical") if wrong == sequence_of(masked, sequence) else wrong


MISCONCEPTION = TokensMisconception(
    id="sentinel-per-token", kind="procedural", group="phase2", concept="c-span-corruption", rule=rule
)
