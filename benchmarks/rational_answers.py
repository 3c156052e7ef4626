"""Answers outside the sums of logarithms: rational functions of them, logarithms of polynomials, roots."""

from __future__ import annotations

import random
from fractions import Fraction

from benchmarks.common_world import WORLDS
from grading.keys import Rival, SymbolicKey


def rational_functions(count: int, seed: int = 2) -> list[tuple[SymbolicKey, str, bool]]:
    """(key, answer, whether it is right): rational functions of logarithms, logarithms of polynomials, roots."""
    draw = random.Random(seed)
    found: dict[str, tuple[SymbolicKey, str, bool]] = {}
    while len(found) < count:
        key, forms = draw.choice(RATIONAL)
        right = draw.random() < 0.5
        number = Fraction(draw.randrange(1, 10**6), 10 ** draw.randrange(3, 6))
        shown = f"{float(number):.12g}"
        text = draw.choice(("#", "(#)*1", "-(-(#))", "2*(#)/2")).replace("#", draw.choice(forms))
        text = f"{shown} + {text} - {shown}" if right else f"{text} - {shown}"
        found[text] = (key, text, right)
    return list(found.values())


def _rational(value: str, *forms: str) -> tuple[SymbolicKey, tuple[str, ...]]:
    rivals = (Rival(f"-({value})", ("flip-sign",)), Rival(f"({value})/2", ("mean-over-masks",)))
    return SymbolicKey(value, sentence=WORLDS[0].sentence, rivals=rivals), (value, *forms)


RATIONAL = (
    _rational(
        "(log p_2)^2/(log p_6 + 1) + 1/(1-p_2)",
        "(log(p_2)^2*(1 - p_2) + log(p_6) + 1)/((1 + log p_6)*(1 - p_2))",
        "log(p_2)*log(1/p_2)/(-1 - log p_6) - 1/(p_2 - 1)",
    ),
    _rational(
        "log(1 - p_2^2) + log(p_6^2 + 2*p_6 + 1)",
        "log(1 - p_2) + log(1 + p_2) + 2*log(1 + p_6)",
        "log((1 - p_2^2)*(1 + p_6)^2)",
        "2*log(1 + p_6) + log(1 - p_2*p_2)",
    ),
    _rational(
        "sqrt(p_2*p_6)/(1 + log p_2 + log p_6)",
        "p_2^(1/2)*p_6^(1/2)/(log(p_2*p_6) + 1)",
        "exp((log p_2 + log p_6)/2)/(1 + log(p_2*p_6))",
    ),
    _rational(
        "(log p_2 + log p_6)^3/(log p_2 - log p_6)",
        "log(p_2*p_6)^3/log(p_2/p_6)",
        "-(log p_2 + log p_6)^3/(log p_6 - log p_2)",
    ),
    _rational(
        "log((p_2 + p_6)/(2 - p_2)) - p_2/(p_2 + 1)",
        "log(p_2 + p_6) - log(2 - p_2) - 1 + 1/(1 + p_2)",
        "log((p_6 + p_2)/(2 - p_2)) - p_2/(1 + p_2)",
    ),
)
"""Keys outside the sums of logarithms, with equal forms of each."""
