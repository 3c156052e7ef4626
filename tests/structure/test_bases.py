"""Logarithms to different bases in one sum: what is said of all is true of each, in whatever order they stand."""

from __future__ import annotations

from itertools import permutations

import pytest

from grading import SymbolicKey, grade
from grading.keys import SymbolDeclaration

KEY = SymbolicKey("ln(a) + ln(b)", (SymbolDeclaration("a"), SymbolDeclaration("b")))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (("log_2(a)", "log_2(b)"), "Right terms, but their logarithms are to base 2."),
        (("log_2(a)", "ln(b)"), "The logarithm for a is to base 2."),
        (
            ("log_2(a)", "log_2(b)", "2*ln(b)"),
            "The logarithm for a is to base 2. The term for b has the wrong factor, (1 + 2·ln 2)/ln 2, in front of it.",
        ),
    ],
)
def test_bases_that_are_mixed(terms: tuple[str, ...], said: str) -> None:
    for order in permutations(terms):
        (diagnosis,) = grade(KEY, " + ".join(order)).diagnoses
        assert diagnosis.feedback == said
