"""What is printed reads back to the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from grading.expressions import Expression, Probability, walk
from grading.keys import SymbolDeclaration
from grading.parsing import Language, Refused, parse_expression
from grading.parsing.conventions import CONVENTIONS
from grading.text import to_text, to_unicode
from tests.judge.trees import LANGUAGE, expressions


def notations(tree: Expression) -> list[str]:
    return [node.given.notation for node in walk(tree) if isinstance(node, Probability) and node.given is not None]


@settings(max_examples=400, derandomize=True, deadline=None)
@given(expressions())
def test_text_and_echo_read_back(tree: Expression) -> None:
    for text in (to_text(tree), to_unicode(tree)):
        again = parse_expression(text, LANGUAGE)
        assert again == tree
        assert notations(again) == notations(tree)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(expressions(6))
def test_text_reads_back_where_log_has_another_base(tree: Expression) -> None:
    binary = Language(sentence=LANGUAGE.sentence, log_base=2)
    assert parse_expression(to_text(tree, 2), binary) == tree
    assert parse_expression(to_unicode(tree, 2), binary) == tree


def test_ascii_text_is_ascii_where_the_words_are() -> None:
    tree = parse_expression("√p₂·log₂ Pr(x₂ = lion | x̄_{<2}) − |p₁₀|", LANGUAGE)
    assert to_text(tree) == "sqrt(p_2)*log_2(Pr(x_2=lion | xbar_{<2})) - abs(p_10)"
    assert to_unicode(tree) == "√(p₂)·log₂(Pr(x₂ = lion | x̄_{<2})) − |p₁₀|"


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.written)
def test_conventions_hold(convention) -> None:
    language = Language(tuple(SymbolDeclaration(name) for name in ("x", "y", "x_12")))
    if not convention.read_as:
        with pytest.raises(Refused):
            parse_expression(convention.written, language)
    else:
        tree = parse_expression(convention.written, language)
        assert tree == parse_expression(convention.read_as, language)
