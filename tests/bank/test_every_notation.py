"""Keys and known wrong formulas of the bank in every notation that is printed, and in those in which people write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from grading import Grade, Verdict, grade
from grading.echo import echo
from grading.expressions import Expression
from grading.keys import SymbolicKey
from grading.parsing import Language, parse_expression
from grading.text import to_text
from quizgen.objective.notation import Setting
from quizgen.objective.rendering import render
from tests.bank.templates import TEMPLATES, variant

WRITTEN = ("obj-write-symbolic", "obj-write-up-to-optimum")


def keys() -> Iterator[SymbolicKey]:
    for template in WRITTEN:
        for number, language in ((0, "en"), (1, "en"), (5, "en"), (0, "de")):
            key = variant(template, number, language).key.parts[0].key
            assert isinstance(key, SymbolicKey)
            yield key


def notations(tree: Expression, key: SymbolicKey) -> Iterator[tuple[str, str]]:
    """(what writes it, text): the echo, the maker's printers, and what learners do to a formula."""
    language = Language.of(key)
    shown = echo(tree, language)
    plain = to_text(tree, language.log_base, decimal_comma=language.decimal_comma)
    printed = render(tree, setting=Setting(language=key.lang, decimal_comma=language.decimal_comma))
    yield from (("text", plain), ("echo", shown.text), ("echo's LaTeX", shown.latex))
    yield from (("printed LaTeX", printed.latex), ("printed text", printed.unicode), ("printed plain", printed.plain))
    yield "in dollars", f"${shown.latex}$"
    yield "in parentheses", rf"\( {shown.latex} \)"
    yield "with a label", f"J = {plain}"
    yield "with spaces", plain.replace(" + ", "  +  ").replace("(", "( ").replace(")", " )")
    yield "without spaces", plain.replace(" + ", "+").replace(" - ", "-")
    yield "ln", re.sub("log(?!_)", "ln", plain)
    yield "double negation", f"-(-({plain}))"
    yield "plus nothing", f"{plain} + 0"


@pytest.mark.parametrize("key", tuple(keys()), ids=lambda key: f"{key.lang}:{key.value[:40]}")
def test_the_key_is_right_in_every_notation(key: SymbolicKey) -> None:
    tree = parse_expression(key.value, Language.of(key))
    for writer, text in notations(tree, key):
        found = grade(key, text)
        assert found.verdict is Verdict.CORRECT, (writer, text, found.note)


@pytest.mark.parametrize("key", tuple(keys()), ids=lambda key: f"{key.lang}:{key.value[:40]}")
def test_every_rival_earns_what_it_declares_in_every_notation(key: SymbolicKey) -> None:
    assert len(key.rivals) >= 3
    for rival in key.rivals:
        tree = parse_expression(rival.value, Language.of(key))
        for writer, text in notations(tree, key):
            found: Grade = grade(key, text)
            where = (rival.value, writer, text, found.note)
            assert found.score == rival.credit, where
            assert rival.misconceptions in [each.misconceptions for each in found.diagnoses], where


def test_there_is_such_a_template() -> None:
    assert set(WRITTEN) <= set(TEMPLATES)
    assert any(rival.credit not in (Fraction(0), Fraction(1)) for key in keys() for rival in key.rivals) or any(
        relation.credit for key in keys() for relation in key.accept
    )
