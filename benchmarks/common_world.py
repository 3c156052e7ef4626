"""The masked sentences and keys that typed answers are measured with: sums of logs of up to six probabilities.

Every key knows about a dozen wrong answers, each with what is believed by those who give it, some of them of two steps.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from grading.expressions import (
    TWO,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    add,
    multiply,
    rational,
)
from grading.keys import Rival, Sentence, SymbolicKey
from grading.text import to_text

Asked = Literal["objective", "loss", "mean-loss"]

_BIRD = ("[CLS]", "the", "early", "bird", "catches", "the", "worm")
_FOX = ("[CLS]", "the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog")


class World(NamedTuple):
    """A sentence, what is asked of it, the key, and the terms of the answers that the key knows.

    scale: of every logarithm in the right answer. believed: (misconceptions, expression) for each wrong answer that is
    not a scaled sum of logarithms of single probabilities. scaled: (misconceptions, coefficients by position, base).
    """

    sentence: Sentence
    masks: tuple[int, ...]
    scale: Fraction
    key: SymbolicKey
    believed: tuple[tuple[tuple[str, ...], Expression], ...]
    scaled: tuple[tuple[tuple[str, ...], tuple[tuple[int, Fraction], ...], Expression | None], ...]


def p(position: int) -> Symbol:
    return Symbol(f"p_{position}")


def times(scale: Fraction, tree: Expression) -> Expression:
    """The tree with a factor in front, as people write it.

    >>> to_text(times(Fraction(-1, 2), p(2))), to_text(times(Fraction(1), p(2)))
    ('-1/2*p_2', 'p_2')
    """
    if scale < 0:
        return Negation(times(-scale, tree))
    return tree if scale == 1 else Product((rational(scale), tree))


def scaled_logs(coefficients: tuple[tuple[int, Fraction], ...], base: Expression | None = None) -> Expression:
    """c₁·log p₁ + c₂·log p₂ + …"""
    return add(*(times(c, Logarithm(p(k), base)) for k, c in coefficients))


def world(tokens: tuple[str, ...], masks: tuple[int, ...], asked: Asked) -> World:
    """The key and its rivals for one masked sentence."""
    sentence = Sentence(tokens, tuple("[MASK]" if k in masks else word for k, word in enumerate(tokens)), masks)
    n = len(masks)
    scale = {"objective": Fraction(1), "loss": Fraction(-1), "mean-loss": Fraction(-1, n)}[asked]
    sign = Fraction(1 if scale > 0 else -1)
    mean = ("mean-over-masks", scale / n) if abs(scale) == 1 else ("sum-when-mean-asked", sign)

    def every(c: Fraction) -> tuple[tuple[int, Fraction], ...]:
        return tuple((k, c) for k in masks)

    scaled = (
        (("flip-sign",), every(-scale), None),
        (("wrong-log-base",), every(scale), TWO),
        ((mean[0],), every(mean[1]), None),
        (("mean-over-length",), every(sign / (len(tokens) - 1)), None),
        (("log-ratio",), ((masks[0], scale), *((k, -scale) for k in masks[1:])), None),
        (("only-first-mask",), ((masks[0], scale),), None),
        (("unmasked-only",), tuple((k, scale) for k in range(1, len(tokens)) if k not in masks), None),
        (("flip-sign", mean[0]), every(-mean[1]), None),
        ((mean[0], "wrong-log-base"), every(mean[1]), TWO),
    )
    names = tuple(map(p, masks))
    logs = tuple(map(Logarithm, names))
    squares = add(*(Power(Sum((Number(Fraction(1)), Negation(name))), TWO) for name in names))
    believed = (
        (("sum-of-probs",), times(scale, add(*names))),
        (("product-of-probs",), times(scale, multiply(*names))),
        (("log-of-sum",), times(scale, Logarithm(add(*names)))),
        (("product-of-logs",), times(scale, multiply(*logs))),
        (("squared-error",), times(-scale, squares)),
        (("worst-token-only",), times(scale, Extremum("min", logs))),
        (("log-of-mean",), times(scale, Logarithm(Quotient(add(*names), rational(n))))),
    )
    rivals = (
        *(Rival(to_text(scaled_logs(terms, base)), ids, _credit(ids)) for ids, terms, base in scaled),
        *(Rival(to_text(tree), ids) for ids, tree in believed),
    )
    key = SymbolicKey(to_text(scaled_logs(every(scale))), sentence=sentence, rivals=rivals)
    return World(sentence, masks, scale, key, believed, scaled)


def _credit(misconceptions: tuple[str, ...]) -> Fraction:
    return Fraction(1, 2) if misconceptions in (("flip-sign",), ("wrong-log-base",)) else Fraction(0)


WORLDS = (
    world(_BIRD, (2, 6), "objective"),
    world(_BIRD, (2, 4, 6), "objective"),
    world(_FOX, (2, 4, 8), "loss"),
    world(_FOX, (2, 3, 4, 5, 8, 9), "objective"),
    world(_FOX, (2, 4, 5, 9), "mean-loss"),
    world(_FOX, (3, 8), "loss"),
)
