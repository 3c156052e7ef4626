"""For every sentence of a refusal an answer that is really refused with it; the documentation shows them."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import NamedTuple

from grading.answersheet import ItemKey, PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    Sentence,
    SymbolDeclaration,
    SymbolicKey,
    TextKey,
    Tolerance,
)
from grading.marking import grade
from grading.parsing import Language, Refused, parse_expression
from grading.verdicts import Grade, Refusal
from tests.judge.sentences import SENTENCE

ABOUT_SENTENCE = SymbolicKey("log p_2 + log p_6", sentence=SENTENCE)
WITH_TARGET = SymbolicKey(
    "log p_2", sentence=Sentence(("[CLS]", "a", "b"), ("[CLS]", "a", "[MASK]"), (2,), target=("worm", "bird"))
)
OF_NAMES = SymbolicKey("x + y", (SymbolDeclaration("x"), SymbolDeclaration("y")))
OF_NOTHING = SymbolicKey("3")
NEAR = Tolerance("absolute", Fraction(1, 100))
NUMBER, IN_COMMAS = NumericKey("1.609", NEAR), NumericKey("1.609", NEAR, decimal_comma=True)
NUMBERS = NumericTupleKey(("a", "b"), (), ("1", "2"))
OPTIONS = (("a", "the sum"), ("b", "the product"), ("c", "a"))
CHOICE = PartKey("answer", ChoiceKey("a"), options=OPTIONS)
SEVERAL = PartKey("answer", MultipleAnswerKey(("a",), ("a", "b", "c")), options=OPTIONS)
PAIRS = PartKey("answer", MatchingKey((("p", "1"), ("q", "2")), ("1", "2", "3")))
ORDER = PartKey("answer", OrderingKey(("a", "b", "c")))
PARTS = (PartKey("J1", NUMBER, Fraction(1, 2)), PartKey("J2", NUMBER, Fraction(1, 2)))
OF_PARTS = ItemKey("q", "r", "Q-1", PARTS)


class Refusing(NamedTuple):
    """An answer to a key. key: of a formula, a number or another kind. seen: how the answer is shown, "" as it is."""

    key: SymbolicKey | NumericKey | NumericTupleKey | TextKey | EssayKey | PartKey | ItemKey
    answer: object
    seen: str = ""


def _over(count: int) -> str:
    return "{" + ",".join(map(str, range(1, count + 1))) + "}"


REFUSED: dict[str, Refusing] = {
    "empty:formula": Refusing(OF_NAMES, "J ="),
    "empty:number": Refusing(NUMBER, "nats"),
    "too-long:characters": Refusing(OF_NAMES, "x" + " + x" * 1000, "x + x + … (4001 characters)"),
    "too-long:text": Refusing(TextKey(("worm",)), "w" * 10_001, "www… (10001 characters)"),
    "too-long:tokens": Refusing(OF_NAMES, "x" + "+x" * 800, "x+x+… (1601 signs)"),
    "too-long:written-out": Refusing(OF_NOTHING, f"sum_{{i in {_over(200)}}} (" + "+".join("1" * 30) + ")",
                                     "sum_{i in {1,2,…,200}} (1+1+…+1)"),
    "too-long:sum": Refusing(OF_NOTHING, "sum_{i=1}^{999} i"),
    "too-deep:levels": Refusing(OF_NAMES, "(" * 50 + "x" + ")" * 50, "((((…x…))))"),
    "too-deep:steps": Refusing(OF_NAMES, "x" + "/x" * 150, "x/x/x/…/x"),
    "too-many-digits": Refusing(NUMBER, "1." + "3" * 70, "1.333…3 (71 digits)"),
    "too-large:exponent": Refusing(NUMBER, "1e999"),
    "too-large:base": Refusing(OF_NAMES, "log_1234567890(x)"),
    "invisible-character:space": Refusing(OF_NAMES, "x +\u200b y", "x +⍽ y"),
    "invisible-character:hyphen": Refusing(OF_NAMES, "x +\u00ad y", "x +⍽ y"),
    "invisible-character:line": Refusing(OF_NAMES, "x +\u2028 y", "x +⍽ y"),
    "invisible-character:direction": Refusing(OF_NAMES, "x +\u202e y", "x +⍽ y"),
    "invisible-character:control": Refusing(OF_NAMES, "x +\x07 y", "x +⍽ y"),
    "invisible-character:half": Refusing(OF_NAMES, "x +\ud83d y", "x +⍽ y"),
    "unknown-character": Refusing(OF_NAMES, "x ¿ y"),
    "unknown-command:name": Refusing(OF_NAMES, "\\int x"),
    "unknown-command:backslash": Refusing(OF_NAMES, "x \\1 y"),
    "unexpected": Refusing(OF_NAMES, "x + / y"),
    "unexpected-end": Refusing(OF_NAMES, "x +"),
    "unexpected-comma:list": Refusing(OF_NAMES, "x, y"),
    "unexpected-comma:abs": Refusing(OF_NAMES, "abs(x, y)"),
    "unexpected-quote": Refusing(OF_NAMES, 'x + "y"'),
    "unexpected-dollar": Refusing(OF_NAMES, "x + $y$"),
    "factorial": Refusing(OF_NAMES, "x!"),
    "relation:formula": Refusing(OF_NAMES, "x = 2y"),
    "relation:number": Refusing(NUMBER, "log(5) = 1.609"),
    "unopened": Refusing(OF_NAMES, "x + y)"),
    "unclosed:bracket": Refusing(OF_NAMES, "log(x + y"),
    "unclosed:bar": Refusing(OF_NAMES, "|x + y"),
    "missing-operator:number": Refusing(OF_NAMES, "(x + y) 2"),
    "missing-operator:subscript": Refusing(OF_NAMES, "x 2"),
    "missing-parentheses": Refusing(OF_NAMES, "max x"),
    "too-few-arguments": Refusing(OF_NAMES, "max(x)"),
    "mixed-number": Refusing(OF_NAMES, "2 \\frac12"),
    "ambiguous-division": Refusing(OF_NAMES, "1/2x"),
    "ambiguous-argument:function": Refusing(OF_NAMES, "log x/2"),
    "ambiguous-argument:letters": Refusing(OF_NAMES, "2^xy"),
    "ambiguous-argument:base": Refusing(OF_NAMES, "log_{2n}(x)"),
    "ambiguous-argument:digits": Refusing(OF_NAMES, "log2.5"),
    "ambiguous-comma:formula": Refusing(OF_NAMES, "x + 0,05"),
    "ambiguous-comma:point-here": Refusing(NUMBER, "1,5"),
    "ambiguous-comma:comma-here": Refusing(IN_COMMAS, "1,609.5"),
    "ambiguous-comma:marks": Refusing(NUMBER, "1,5,2"),
    "ambiguous-comma:readings": Refusing(NUMBER, "1,609"),
    "ambiguous-comma:in-formula": Refusing(NUMBER, "log(2,5)"),
    "ambiguous-comma:between": Refusing(IN_COMMAS, "max(1,5,2)"),
    "ambiguous-point": Refusing(IN_COMMAS, "1.609"),
    "several-points": Refusing(NUMBER, "1.6.09"),
    "grouping": Refusing(NUMBER, "12'34"),
    "mixed-digits": Refusing(NUMBER, "1.٦09"),
    "infinite": Refusing(NUMBER, "∞"),
    "not-a-number:none": Refusing(NUMBER, "NaN"),
    "not-a-number:probability": Refusing(NUMBER, "p_2(early | xbar)"),
    "interval:plus-minus": Refusing(NUMBER, "1.6 ± 0.1"),
    "interval:signs": Refusing(NUMBER, "1.6 -- 1.7"),
    "interval:dash": Refusing(NUMBER, "1–2"),
    "ambiguous-exponent:lost": Refusing(NUMBER, "2 * 10-3"),
    "ambiguous-exponent:euler": Refusing(NUMBER, "1 e-3 + 1"),
    "several-numbers": Refusing(NUMBER, "1.6; 1.7"),
    "ambiguous-percent": Refusing(NUMBER, "1/50%"),
    "percent-sign": Refusing(NUMBER, "1.609 %"),
    "unexpected-unit:number": Refusing(NUMBER, "1.609 nats"),
    "unexpected-unit:numbers": Refusing(NUMBERS, {"a": "1 bit", "b": "2"}, "a = 1 bit; b = 2"),
    "no-value:division": Refusing(NUMBER, "1/0"),
    "no-value:logarithm": Refusing(NUMBER, "log(0)"),
    "no-value:root": Refusing(NUMBER, "sqrt(-2)"),
    "homoglyph:letter": Refusing(OF_NAMES, "log \u0445"),
    "homoglyph:word": Refusing(ABOUT_SENTENCE, "log Pr(x_2=\u0435arly | xbar)"),
    "unknown-name:plain": Refusing(OF_NOTHING, "3 + q"),
    "unknown-name:known": Refusing(OF_NAMES, "log q"),
    "unknown-name:space": Refusing(OF_NAMES, "logx"),
    "unknown-name:subscript": Refusing(OF_NAMES, "exp_2(x)"),
    "unknown-name:base": Refusing(OF_NAMES, "lg_2(x)"),
    "unknown-position:name": Refusing(ABOUT_SENTENCE, "log p_9"),
    "unknown-position:number": Refusing(ABOUT_SENTENCE, "log Pr(x_9=early | xbar)"),
    "unknown-position:target": Refusing(WITH_TARGET, "log Pr(y_7=worm | xbar)"),
    "unknown-index": Refusing(ABOUT_SENTENCE, "log Pr(x_i=early | xbar)"),
    "unknown-word": Refusing(ABOUT_SENTENCE, "log Pr(erly | xbar)"),
    "unknown-context": Refusing(ABOUT_SENTENCE, "log Pr(early | bird)"),
    "unclear-word:text": Refusing(ABOUT_SENTENCE, "log Pr(x_2=the early | xbar)"),
    "unclear-word:nothing": Refusing(ABOUT_SENTENCE, "log Pr(early, | xbar)"),
    "unclear-position": Refusing(ABOUT_SENTENCE, "log Pr_2(x_6=worm | xbar)"),
    "unclear-probability:form": Refusing(ABOUT_SENTENCE, "log Pr(early | )"),
    "unclear-probability:words": Refusing(ABOUT_SENTENCE, "log Pr(xbar)"),
    "unclear-probability:position": Refusing(ABOUT_SENTENCE, "log Pr(2)"),
    "unclear-sum:head": Refusing(ABOUT_SENTENCE, "sum_{i} log p_i"),
    "unclear-sum:end": Refusing(OF_NAMES, "sum_{i=1}^{m} x"),
    "unclear-sum:set": Refusing(OF_NAMES, "sum_{i in B} x"),
    "unclear-sum:complement": Refusing(OF_NAMES, "sum_{i ∉ {2,6}} x"),
    "empty-set": Refusing(OF_NAMES, "sum_{i=5}^{2} x"),
    "missing-word": Refusing(OF_NAMES, "log Pr(x_2 | xbar)"),
    "missing-position:word": Refusing(OF_NAMES, "log Pr(early | xbar)"),
    "missing-position:given": Refusing(ABOUT_SENTENCE, "log Pr(x_2=early | xbar, lion)"),
    "several-positions": Refusing(ABOUT_SENTENCE, "log Pr(the | xbar)"),
    "not-text:formula": Refusing(OF_NAMES, ["x + y"]),
    "not-text:number": Refusing(NUMBER, ["1.6"]),
    "not-text:numbers": Refusing(NUMBERS, {"a": ["1"], "b": "2"}),
    "not-text:option": Refusing(CHOICE, ["a"]),
    "not-text:short-text": Refusing(TextKey(("worm",)), ["worm"]),
    "not-text:essay": Refusing(EssayKey(()), ["because"]),
    "not-text:name": Refusing(PAIRS, {"p": ["1"]}),
    "not-a-list:options": Refusing(SEVERAL, {"a": "b"}),
    "not-a-list:order": Refusing(ORDER, {"a": "b"}),
    "ambiguous-option": Refusing(CHOICE, "a"),
    "unknown-option": Refusing(CHOICE, "the summ"),
    "not-pairs:text": Refusing(PAIRS, "p 1; q 2"),
    "not-pairs:kind": Refusing(PAIRS, ["1", "2"]),
    "twice:pair": Refusing(PAIRS, "p=1; p=2"),
    "twice:number": Refusing(NUMBERS, "a=1; a=2"),
    "twice:order": Refusing(ORDER, "a; b; a"),
    "incomplete-order": Refusing(ORDER, "a; b"),
    "unknown-number": Refusing(NUMBERS, "a=1; c=2"),
    "not-numbers:kind": Refusing(NUMBERS, 5),
    "not-numbers:count": Refusing(NUMBERS, "1; 2; 3"),
    "not-parts": Refusing(OF_PARTS, "1.6"),
    "unknown-part": Refusing(OF_PARTS, {"J3": "1.6"}),
}  # fmt: skip
"""By the name of the sentence, as in `grading.wording` without ``refusal:``."""


def shown(refused: Refusing) -> str:
    """The answer as people can see it.

    >>> shown(REFUSED["not-a-list:order"])
    '{"a": "b"}'
    """
    return refused.seen or (refused.answer if isinstance(refused.answer, str) else json.dumps(refused.answer))


def item_of(key: object, language: str) -> ItemKey:
    """The item of this key, in a language."""
    if isinstance(key, ItemKey):
        return ItemKey(key.item, key.revision, key.code, key.parts, language=language)
    part = key if isinstance(key, PartKey) else PartKey("answer", key)  # type: ignore[arg-type]  # a key of some kind
    return ItemKey("q", "r", "Q-1", (part,), language=language)


def graded(refused: Refusing, language: str = "en") -> Grade:
    """The grade of the answer in a question in this language."""
    return grade(item_of(refused.key, language), refused.answer)


def refusal_of(refused: Refusing, language: str = "en") -> Refusal:
    """The refusal of the answer; raises AssertionError if it was read."""
    found = graded(refused, language).refusal
    assert found is not None, refused.answer
    return found


def refusal_of_text(text: str, language: Language) -> Refusal | None:
    """The refusal of a formula, None if it is read."""
    try:
        parse_expression(text, language)
    except Refused as refused:
        return refused.refusal
    return None
