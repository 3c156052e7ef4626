"""Replaces a span of several tokens by one [MASK].

Right for text infilling and sentinels, which do use one symbol for each span: the stem must say which scheme it is.
"""

from __future__ import annotations

from grading.expressions import MASK
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.spans import Sequence

from .operators import Refused, TokensMisconception


def rule(masked: MaskedSentence, sequence: Sequence) -> tuple[str, ...] | Refused:
    if sequence != "corrupted":
        return Refused("not-applicable")
    shown = masked.corrupted
    kept = tuple(token for k, token in enumerate(shown) if not (k > 0 and token == MASK and shown[k - 1] == MASK))
    return Refused("identical") if kept == shown else kept


MISCONCEPTION = TokensMisconception(
    id="span-single-mask", kind="procedural", group="tokenisation", concept="c-span-masking", rule=rule
)
