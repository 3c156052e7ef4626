"""Formulas for STACK by their moulds: what the grammar reads, and what the judge proves of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grading.equivalence import Different, World
from grading.keys import Rival, Sentence, SymbolDeclaration, SymbolicKey
from grading.parsing import Language, parse_expression
from quizgen.exporters.moodle_stack import formulas
from quizgen.exporters.moodle_stack.formula_moulds import all_apart, moulded
from quizgen.exporters.moodle_stack.formulas import known_formulas
from quizgen.exporters.moodle_stack.maxima import maxima_formula
from tests.exporters.whole_bank import whole_bank

SENTENCE = Sentence(("[CLS]", "The", "sun", "rose", "early"), ("[CLS]", "The", "[MASK]", "rose", "[MASK]"), (2, 4))
FORMULAS = (
    "log p_2 + log p_4", "log(p_2 p_4)", "log p_4 + log p_2", "log_2 p_2", "log p_2/log(2)", "p_2*p_4", "p_4", "p_2",
    "min(log p_2, log p_4)", "max(log p_2, log p_4)", "log(1/2*(p_2 + p_4))", "0.5*(log p_2 + log p_4)", "-log p_2",
    "1/2*log(p_2^2)", "exp(log p_2)", "sqrt(p_2)", "p_2^2", "log p_1 + log p_3", "log p_2 - log p_2", "1 - p_2", "1/3",
    "p_12", "p_02", "p2", "Pr(x_2 = sun | x̄)", "J", "n*log p_2", "exp(60*p_2)", "1/(p_2 - p_2)", "log p_0",
)  # fmt: skip


def keys_of_the_bank() -> Iterator[SymbolicKey]:
    for made in whole_bank(variants=3).items():
        yield from (part.key for part in made.key.parts if isinstance(part.key, SymbolicKey))


def check(key: SymbolicKey) -> bool:
    """Compares what is known of a key with what the grammar and the judge say; whether it was found without trees."""
    known = known_formulas(key)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formulas, "moulded", lambda key: None)
        assert known_formulas(key) == known
    return (found := moulded(key)) is not None and all_apart(found)


def test_formulas_of_the_bank() -> None:
    found = list(map(check, keys_of_the_bank()))
    assert 2 * sum(found) > len(found) > 5


@given(st.lists(st.sampled_from(FORMULAS), min_size=1, max_size=6), st.sampled_from([0, 2]))
@example(["log p_2", "min(log p_2, log p_4)", "log p_4"], 0)
@example(["log p_2", "log p_12"], 0)
def test_formulas_that_may_be_equal(texts: list[str], log_base: Any) -> None:
    value, *wrong = texts
    rivals = tuple(Rival(text, (f"m{place}",)) for place, text in enumerate(wrong))
    if readable(value):
        check(SymbolicKey(value, (), SENTENCE, log_base, rivals))


def readable(text: str) -> bool:
    try:
        maxima_formula(text, Language(sentence=SENTENCE))
    except ValueError:
        return False
    return True


def test_what_a_mould_writes_is_what_the_grammar_reads() -> None:
    written = 0
    for key in keys_of_the_bank():
        language = Language.of(key)
        for formula, text in zip(moulded(key) or (), (key.value, *[rival.value for rival in key.rivals]), strict=False):
            assert formula.text == maxima_formula(text, language).text
            written += 1
    assert written > 60


def test_formulas_that_are_apart_are_different_for_the_judge() -> None:
    texts = [text for text in FORMULAS if moulded(SymbolicKey(text, (), SENTENCE)) is not None]
    assert len(texts) > 15
    language = Language(sentence=SENTENCE)
    world = World.of(language)
    found = 0
    for one, other in combinations(texts, 2):
        if all_apart(moulded(SymbolicKey(one, (), SENTENCE, rivals=(Rival(other),))) or ()):
            sides = [world.side(parse_expression(text, language)) for text in (one, other)]
            assert isinstance(world.compare(*sides), Different), (one, other)
            found += 1
    assert found > 50


@pytest.mark.parametrize(
    "key",
    [
        SymbolicKey("p_7", (), SENTENCE),
        SymbolicKey("p_2"),
        SymbolicKey("p_02", (SymbolDeclaration("p_02"),), SENTENCE),
        SymbolicKey("p_2", (SymbolDeclaration("p_3", aliases=("p_2",)),)),
        SymbolicKey("log q", (SymbolDeclaration("q"),)),
        SymbolicKey("p_2*n", (), SENTENCE),
        SymbolicKey("p_2 # p_3", (), SENTENCE),
        SymbolicKey("p_2\np_3", (), SENTENCE),
        SymbolicKey("p_2", (), SENTENCE, rivals=(Rival("p_2 +"),)),
        SymbolicKey("exp_2", (), SENTENCE),
        SymbolicKey("p_7000003", (), SENTENCE),
    ],
)
def test_other_names_and_signs_are_left_to_the_grammar(key: SymbolicKey) -> None:
    assert moulded(key) is None
