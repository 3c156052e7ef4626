"""The search among known formulas: nothing that may be the answer is passed over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grading.equivalence import Side, World
from grading.parsing import Language, parse_expression
from grading.rivals import KnownFormulas

LANGUAGE = Language(any_name=True)
WORLD = World.of(LANGUAGE)
WIDE = "exp(90)*(p - p) + 1/2"
"""One half, which quick bounds know only to within large numbers."""

TEXTS = (
    "p",
    "q",
    "p*q",
    "log p",
    "log(p*q)",
    "log p + log q",
    "5 + p",
    "1/2",
    WIDE,
    "2/4",
    "exp(p)",
    "p + exp(80)*(q - q)",
)


def side(text: str) -> Side:
    return WORLD.side(parse_expression(text, LANGUAGE))


def known(*texts: str) -> KnownFormulas[str]:
    return KnownFormulas(WORLD, [(parse_expression(text, LANGUAGE), text) for text in texts])


def test_a_known_formula_with_wide_bounds_is_not_passed_over() -> None:
    assert list(known("5 + p", WIDE).compared(side("1/2"))) == [(WIDE, True)]


@given(st.lists(st.sampled_from(TEXTS), max_size=8, unique=True), st.sampled_from(TEXTS))
def test_whatever_equals_the_answer_is_found_in_whatever_order(texts: list[str], answer: str) -> None:
    asked = side(answer)
    equal = [text for text in texts if WORLD.equal(side(text), asked)]
    assert [text for text, is_equal in known(*texts).compared(asked) if is_equal] == equal
