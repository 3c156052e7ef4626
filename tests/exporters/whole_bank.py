"""Items of every template of the bank."""

from __future__ import annotations

from functools import cache

from quizgen.assembly import Assembly, assemble
from quizgen.bank import Bank, load_bank
from quizgen.sampling.draws import Source


@cache
def _bank() -> Bank:
    return load_bank(None)


def whole_bank(variants: int = 1, seed: int = 7, language: str | None = None) -> Assembly:
    """A quiz with a slot for each template."""
    names = [template.id for template in _bank().templates]
    assembly = assemble(_bank(), names, variants=variants, source=Source(seed), language=language)
    assert len(assembly.quiz.slots) == len(names) > 70
    return assembly
