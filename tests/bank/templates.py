"""The bank that is shipped, its templates, and items of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from quizgen.bank import load_bank
from quizgen.generator import generate
from quizgen.model import GeneratedItem
from quizgen.sampling.draws import Source
from quizgen.template import Numeric, Symbolic, Template, Written

BANK = load_bank()
TEMPLATES = {template.id: template for template in BANK.templates}


@lru_cache(maxsize=1000)
def variant(template: str, number: int, language: str = "en") -> GeneratedItem:
    return generate(template, number, bank=BANK, source=Source(seed=2024), language=language)


@lru_cache(maxsize=100)
def fixed(template: str, name: str, language: str = "en") -> GeneratedItem:
    return generate(template, bank=BANK, source=Source(seed=2024), language=language, fixed=name)


def words_of(template: Template) -> Iterator[Written]:
    """Every text of a template that a person reads, translations left out."""
    words = (template.stem, template.solution, *template.hints)
    yield from (text for text in words if text is not None)
    yield from (text for varying in template.texts for _, text in varying.texts)
    for part in template.parts:
        if part.prompt is not None:
            yield part.prompt
        yield from _texts(part.answer)


def _texts(value: Any) -> Iterator[Written]:
    if isinstance(value, Written):
        yield value
    elif isinstance(value, Numeric | Symbolic):
        return  # formulas have no language
    elif isinstance(value, tuple):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in ("when", "conditions"):  # formulas
                yield from _texts(getattr(value, name))
