"""Options that claim a value: the judge must prove every right one equal and every wrong one different."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from grading.equivalence import Different, Equal, compare
from grading.expressions import Expression
from grading.keys import SymbolDeclaration
from grading.parsing import Language, parse_expression
from quizgen.content import Formula
from quizgen.generator.scene import Impossible
from quizgen.template import MultipleAnswer


def prove_claims(answer: MultipleAnswer, right: Sequence[Formula], wrong: Sequence[Formula]) -> None:
    """Prove that each right formula equals ``same_value_as`` and each wrong one differs.

    Raises Impossible, naming the formula, where a claim is false or cannot be decided.
    """
    assert answer.same_value_as is not None
    for formula in right:
        if _outcome(answer.same_value_as.text, formula.latex, answer.symbols) is not Equal:
            raise Impossible(f"the right option '{formula.latex}' is not proven equal to '{answer.same_value_as.text}'")
    for formula in wrong:
        if _outcome(answer.same_value_as.text, formula.latex, answer.symbols) is not Different:
            raise Impossible(
                f"the wrong option '{formula.latex}' is not proven different from '{answer.same_value_as.text}'"
            )


@lru_cache(maxsize=4096)
def _outcome(key: str, claimed: str, symbols: tuple[SymbolDeclaration, ...]) -> type[object]:
    language = Language(symbols=symbols)
    trees: list[Expression] = [parse_expression(text, language) for text in (key, claimed)]
    return type(compare(trees[0], trees[1], language))
