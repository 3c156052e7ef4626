r"""Spells out the sums and products over sets that a text holds, where that is how the grammar reads them.

``\log(\prod_{i\in\{2,6\}} p_i)`` is ``\log(p_2*p_6)`` to the grammar, and ``\sum_{i\in\{2,6\}} \log p_i`` is a sum in
brackets. Written that way their frames are those of other texts. It is done for a product that stands alone in brackets
and for a sum of logarithms that is a term of a sum; all others are left to the grammar.
"""

from __future__ import annotations

import re

from grading.parsing.language import Language, normalise
from grading.parsing.lexemes import Known
from grading.parsing.refusals import Refused
from grading.parsing.sets import members
from grading.parsing.tokens import Series

SUM, PRODUCT = "\1", "\2"
"""The characters of what stands in front of the terms or factors."""


def pattern(function: str) -> re.Pattern[str]:
    """What can be spelled out. function: a class of characters, those of logarithms."""
    alone = rf"(?<=[(\[{{]){PRODUCT}.(?=[)\]}}])"
    return re.compile(rf"{alone}|(?:^|(?<=[-+(\[{{])){SUM}{function}(?:.|\(.\))(?=[-+)\]}}]|$)", re.DOTALL)


def spelled_out(pieces: list[str], places: list[tuple[int, int]], known: Known, language: Language) -> list[str]:
    """The pieces with what stands at these places spelled out, as far as that is simple.

    >>> from grading.keys import SymbolDeclaration
    >>> from grading.parsing.lexemes import cut, known_pieces
    >>> language = Language((SymbolDeclaration("p_2"), SymbolDeclaration("p_6")))
    >>> pieces = cut("log(prod_{i in {2,6}} p_i)", 0, 26)
    >>> "".join(spelled_out(pieces, [(2, 4)], known_pieces(language), language))
    'log( p_2* p_6)'
    """
    for start, end in reversed(places):
        pieces = [*pieces[:start], *_one(pieces[start:end], known, language), *pieces[end:]]
    return pieces


def _one(pieces: list[str], known: Known, language: Language) -> list[str]:
    head, *body = pieces
    token = known[head]
    series = token.value
    assert isinstance(series, Series)
    at = next((k for k, piece in enumerate(body) if known[piece].kind == "name"), None)
    if at is None:
        return pieces
    raw = known[body[at]].value
    stem, _, index = normalise(raw).rpartition("_")
    if index != series.variable or raw in language.names or normalise(raw) in language.names:
        return pieces
    try:
        values = members(token, series, language)
    except Refused:
        return pieces
    space = body[at][: len(body[at]) - len(body[at].lstrip())]
    found: list[str] = []
    for value in values:
        name = f"{space}{stem}_{value}"
        if known[name].kind != "name" or known[name].leaf != language.names.get(f"{stem}_{value}"):
            return pieces
        found += [*body[:at], name, *body[at + 1 :], "*" if series.product else "+"]
    return found[:-1] if series.product else ["(", *found[:-1], ")"]
