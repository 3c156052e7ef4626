"""Which variants are for practice and which for exams: half of them each, by what is read.

Everybody can know the halves; which of its half an exam draws is the secret. Variants that read alike are in the same
half, so practice never shows what an exam shows, whatever its seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from grading.answersheet import PartKey, to_json
from quizgen.content import Block
from quizgen.model import Purpose
from quizgen.template import Essay, Numeric, ShortAnswer, Symbolic, Template


def told_by_stem(template: Template) -> bool:
    """Whether the stem alone tells the half: nothing else is read where answers are typed."""
    return all(isinstance(part.answer, Numeric | Symbolic | ShortAnswer | Essay) for part in template.parts)


def half_of(stem: tuple[Block, ...], parts: Iterable[PartKey] = ()) -> Purpose:
    """The half of an item. parts: none where the stem alone tells it."""
    options = [sorted(text for _, text in part.options) for part in parts]
    digest = hashlib.sha256(to_json((stem, options))).digest()
    return "exam" if digest[0] % 2 else "practice"
