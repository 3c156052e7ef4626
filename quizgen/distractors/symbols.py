"""What a misconception makes of a typed formula in the symbols p_k."""

from __future__ import annotations

from grading.expressions import Expression
from quizgen.misconceptions.operators import Misconception, RecordMisconception, Refused
from quizgen.objective.masked import MaskedSentence
from quizgen.objective.record import Objective, to_tree


def symbol_rival(entry: Misconception, key: Objective, masked: MaskedSentence) -> Expression | None:
    """What somebody who holds a misconception types with the symbols p_k; None if that cannot be written with them.

    ``p_k`` names a position, not a word: a wrong position is a wrong index, while wrong words and conditions cannot be
    seen in such a formula.
    """
    if not isinstance(entry, RecordMisconception):
        return None
    record = entry.apply(key, masked)
    if isinstance(record, Refused):
        return None
    symbols = masked.symbols()
    xbar = masked.xbar_context()
    renamed = {}
    for term in record.terms:
        if term.given != xbar or term.reverse or not 0 <= term.position <= masked.m:
            return None
        true_word = masked.tokens[term.position]
        if term.target != true_word and entry.group != "position":
            return None
        renamed[term.atom()] = symbols[masked.probability(term.position)]
    return to_tree(record, renamed)
