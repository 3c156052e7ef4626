"""Takes the whole original sentence as the target.

Right for denoising in the manner of BART, where the decoder writes the sentence: the stem must say which scheme it is.
"""

from __future__ import annotations

from quizgen.objective.masked import MaskedSentence
from quizgen.objective.spans import Sequence

from .operators import Refused, TokensMisconception


def rule(masked: MaskedSentence, sequence: Sequence) -> tuple[str, ...] | Refused:
    return masked.tokens[1:] if sequence == "target" else Refused("not-applicable")


MISCONCEPTION = TokensMisconception(
    id="span-target-whole-sentence", kind="procedural", group="phase2", concept="c-span-corruption", rule=rule
)
