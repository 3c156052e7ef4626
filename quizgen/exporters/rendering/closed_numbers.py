"""Closed expressions by what they have in common: a mould is read by the grammar once, then filled with other numbers.

``-log(0.5) - log(0.4)`` and ``-log(0.2) - log(0.9)`` have one mould. Numbers that belong to a name, a base or an
exponent are part of it; whatever is written in another way than keys are is left to the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any

from grading.expressions import (
    Exponential,
    Expression,
    Logarithm,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    children,
    with_children,
)

_PLACE = re.compile(r"(?<![\w.^])((?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,30})?)(?![\w.^])")
_PLAIN = re.compile(r"[a-z0-9_.^+\-*/() #]{1,2000}")
_MARK = 7_000_003
"""The first of the numbers that stand for others while a mould is read; none of them is left in it."""


_MOST_POWER, _MOST_LOGARITHM = 64, 8
"""What is multiplied out, and which logarithms are looked for."""


Filler = Callable[[Sequence[str]], Expression]
"""Gives the tree of a mould for the texts of its numbers."""


@lru_cache(maxsize=1024)
def _mould_of(shape: str) -> Filler | None:
    """What fills a text in which ``#`` stands for each number; None if the grammar must read it."""
    if not _PLAIN.fullmatch(shape):
        return None
    from grading.parsing import Refused, parse_number

    pieces = shape.split("#")
    marks = [_MARK + place for place in range(len(pieces) - 1)]
    text = pieces[0] + "".join(f"{mark}{piece}" for mark, piece in zip(marks, pieces[1:], strict=True))
    try:
        tree = parse_number(text, decimal_comma=False, unit="").expression
    except (Refused, ArithmeticError):
        return None
    places: list[int] = []
    fill = _filler(tree, len(marks), places)
    return fill if sorted(places) == list(range(len(marks))) else None


def _filler(tree: Expression, marks: int, found: list[int]) -> Filler:
    """marks: how many there are. found: gets the places of those in the tree."""
    if isinstance(tree, Number):
        above, below = tree.value.as_integer_ratio()
        place = above - _MARK
        if below != 1 or not 0 <= place < marks:
            return lambda numbers: tree
        found.append(place)
        return lambda numbers: _number(numbers[place])
    parts = [_filler(child, marks, found) for child in children(tree)]
    make: Callable[..., Expression] = type(tree)
    if isinstance(tree, Sum | Product):
        return lambda numbers: make(tuple([part(numbers) for part in parts]))
    if isinstance(tree, Negation | Exponential | Quotient | Power | Logarithm):
        return lambda numbers: make(*[part(numbers) for part in parts])
    return lambda numbers: with_children(tree, tuple([part(numbers) for part in parts]))


def filled_mould(text: str) -> Expression | None:
    """The tree of a closed expression, as the grammar reads it; None if only the grammar can say.

    >>> from grading.parsing import parse_number
    >>> text = "-1/3*(log(0.15) + log_2(0.95))"
    >>> filled_mould(text) == parse_number(text, decimal_comma=False, unit="").expression
    True
    """
    pieces = _PLACE.split(text)
    if "#" in text or (fill := _mould_of("#".join(pieces[::2]))) is None:
        return None
    return fill(pieces[1::2])


@lru_cache(maxsize=1024)
def _number(text: str) -> Number:
    return Number(Fraction(text))


def rational_value(tree: Expression) -> Fraction | None:
    """The value of a tree that is rational by the rules of arithmetic; None of any other.

    >>> rational_value(filled_mould("-(0.5 + 1)/4*2")), rational_value(filled_mould("log(2)"))
    (Fraction(-3, 4), None)
    >>> rational_value(filled_mould("exp(-log(0.5) - log(0.4))")), rational_value(filled_mould("log_2(0.125)"))
    (Fraction(5, 1), Fraction(-3, 1))
    """
    try:
        return _value(tree)
    except (KeyError, ZeroDivisionError):
        return None


def _value(tree: Expression) -> Fraction:
    return _RATIONAL[type(tree)](tree)


def _power(node: Power) -> Fraction:
    exponent = _value(node.exponent)
    if exponent.denominator != 1 or abs(exponent) > _MOST_POWER:
        raise KeyError(node)
    return _value(node.base) ** int(exponent)


def _logarithm(node: Logarithm) -> Fraction:
    """Of a power of the base."""
    if node.base is None:
        raise KeyError(node)
    base, argument = _value(node.base), _value(node.argument)
    if 1 not in (argument.numerator, argument.denominator) or base.denominator != 1 or base < 2:
        raise KeyError(node)
    for exponent in range(-_MOST_LOGARITHM, _MOST_LOGARITHM + 1):
        if base**exponent == argument:
            return Fraction(exponent)
    raise KeyError(node)


def _product_of(exponents: Expression) -> Fraction:
    """e to the power of a sum of natural logarithms."""
    match exponents:
        case Negation(operand):
            return 1 / _product_of(operand)
        case Sum(terms):
            return prod(map(_product_of, terms), start=Fraction(1))
        case Logarithm(argument, None) if (value := _value(argument)) > 0:
            return value
    raise KeyError(exponents)


_RATIONAL: dict[type, Callable[[Any], Fraction]] = {
    Number: lambda node: node.value,
    Negation: lambda node: -_value(node.operand),
    Sum: lambda node: sum(map(_value, node.terms), Fraction(0)),
    Product: lambda node: prod(map(_value, node.factors), start=Fraction(1)),
    Quotient: lambda node: _value(node.numerator) / _value(node.denominator),
    Power: _power,
    Logarithm: _logarithm,
    Exponential: lambda node: _product_of(node.argument),
}
