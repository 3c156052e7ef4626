"""How many variants a template has, as far as it can be known without generating them.

It is asked for whole banks at once, so it needs no formula, no judge and no printer.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import msgspec

from quizgen.generator.radicals import radical_choices
from quizgen.generator.scene import Impossible
from quizgen.generator.scene_count import count_scenes
from quizgen.generator.scene_space import SceneSpace
from quizgen.template import FormulaChoice, Matching, MultipleAnswer, Ordering, Template, TextChoice

if TYPE_CHECKING:
    from quizgen.bank import Bank


class VariantCount(msgspec.Struct, frozen=True):
    """How many different variants a template has; an upper bound where it is not exact."""

    number: int
    exact: bool


def variant_count(template: Template, bank: Bank) -> VariantCount:
    """How many distinct variants there are with the first radicals; 0 where nothing can be drawn at all."""
    from quizgen.sampling.draws import Source

    radicals = dict(radical_choices(template)[0])
    try:
        space = SceneSpace(template, bank.corpus, Source(seed=0), template.id, bank.language, radicals, tuple)
    except Impossible:
        return VariantCount(0, True)
    return count_variants(template, space)


def count_variants(template: Template, space: SceneSpace) -> VariantCount:
    """The count for a template whose scenes are these."""
    number, exact = count_scenes(space)
    chosen = _choices(template)
    return VariantCount(number * chosen, exact and chosen == 1)


def _choices(template: Template) -> int:
    """In how many ways options are chosen, for templates that draw some of those that were written."""
    ways = 1
    for part in template.parts:
        match part.answer:
            case TextChoice(_, wrong, choose) if choose is not None:
                ways *= comb(len(wrong), choose)
            case MultipleAnswer() as answer if answer.choose is not None:
                ways *= comb(len(answer.right), answer.choose[0]) * comb(len(answer.wrong), answer.choose[1])
            case Matching(pairs, _, choose, left_over) if choose is not None:
                ways *= comb(len(pairs), choose) * comb(len(pairs) - choose, left_over)
            case Ordering(entries, choose) if choose is not None:
                ways *= comb(len(entries), choose)
            case FormulaChoice(_, candidates, count):
                ways *= max(1, comb(len(candidates), min(count or len(candidates), 2)))
    return ways
