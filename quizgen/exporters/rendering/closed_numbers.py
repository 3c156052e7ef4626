"""Closed expressions by what they have in common: a mould is read by the grammar once, then computed with any numbers.

``-log(0.5) - log(0.4)`` and ``-log(0.2) - log(0.9)`` have one mould. Numbers that belong to a name, a base or an
exponent are part of it; whatever is written in another way than keys are is left to the grammar. No tree is built for
a text: a mould computes with the texts of its numbers, by the same arithmetic as the judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

import msgspec

from grading.enclosures import Bounds, NoBounds
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
)
from quizgen.exporters.rendering.closed_bounds import MARK, Bounding, NotPlainError, Texts, bounding, place_of

_PLACE = re.compile(r"([0-9](?<![\w.^].)(?<!0(?=[0-9]))[0-9]{0,29}(?:\.[0-9]{1,30})?(?![\w.^]))")
"""A number that stands by itself, without zeros before it; what begins with a digit is searched for quickly."""

_PLAIN = re.compile(r"[a-z0-9_.^+\-*/() #]{1,2000}")
_MOST_POWER, _MOST_LOGARITHM = 64, 8
"""What is multiplied out, and which logarithms are looked for."""

Ratio = tuple[int, int]
"""Above and below the line, not reduced; below is more than 0."""

Rational = Callable[[Texts], Ratio]


class NotRationalError(ArithmeticError):
    """A value that is not rational by the rules of arithmetic."""


class Mould(msgspec.Struct, frozen=True):
    """What computes the expressions of one form.

    ratio: None if none of them is seen to be rational; raises NotRationalError for one that is not.
    bounds: as `grading.enclosures` has them, in units of 2^-SCALE; raises `NoBounds`.
    logarithmic: sums of rational multiples of natural logarithms of rational numbers. They are logarithms of algebraic
    numbers, which are 0 or transcendental (Lindemann).
    """

    ratio: Rational | None
    bounds: Bounding
    logarithmic: bool


def mould_of(text: str) -> tuple[Mould, Texts] | None:
    """The mould of a closed expression, and the numbers in it; None if only the grammar can read it.

    >>> mould, numbers = mould_of("-log(0.5) - log(0.4)")
    >>> mould is mould_of("-log(0.2) - log(0.9)")[0], numbers
    (True, ['0.5', '0.4'])
    """
    pieces = _PLACE.split(text)
    if "#" in text or (mould := _mould("#".join(pieces[::2]))) is None:
        return None
    return mould, pieces[1::2]


def rational_value(mould: Mould, numbers: Texts) -> Fraction | None:
    """The value that is rational by the rules of arithmetic; None of any other.

    >>> rational_value(*mould_of("-(0.5 + 1)/4*2")), rational_value(*mould_of("log(2)"))
    (Fraction(-3, 4), None)
    >>> rational_value(*mould_of("exp(-log(0.5) - log(0.4))")), rational_value(*mould_of("log_2(0.125)"))
    (Fraction(5, 1), Fraction(-3, 1))
    """
    if mould.ratio is None:
        return None
    try:
        return Fraction(*mould.ratio(numbers))
    except (NotRationalError, ZeroDivisionError):
        return None


def quick_bounds(mould: Mould, numbers: Texts) -> Bounds | None:
    """Bounds in units of 2^-SCALE; None where the quick arithmetic has none."""
    try:
        return mould.bounds(numbers)
    except NoBounds:
        return None


def bounds_of_all(texts: Sequence[str]) -> list[Bounds] | None:
    """`quick_bounds` of several expressions that are read together; None if one of them has none.

    >>> bounds = bounds_of_all(["-log(0.5)", "1/2"])
    >>> bounds[0][0] < 0.7 * 2**96, bounds[1][0] == 2**95, bounds_of_all(["-log(0.5)", "log(-1)"])
    (True, True, None)
    """
    together = "\n".join(texts)
    pieces = _PLACE.split(together)
    moulds = _moulds("#".join(pieces[::2]))
    if moulds is None or len(moulds) != len(texts) or "#" in together:
        return None
    numbers = pieces[1::2]
    try:
        return [bounds(numbers[start:end]) for bounds, start, end in moulds]
    except NoBounds:
        return None


@lru_cache(maxsize=1024)
def _moulds(shapes: str) -> list[tuple[Bounding, int, int]] | None:
    """Of the mould of each line what computes bounds, and where its numbers begin and end; None if one has no mould."""
    lines = shapes.split("\n")
    moulds = [mould for mould in map(_mould, lines) if mould is not None]
    if len(moulds) < len(lines):
        return None
    ends = [0, *accumulate([line.count("#") for line in lines])]
    return [(mould.bounds, start, end) for mould, (start, end) in zip(moulds, pairwise(ends), strict=True)]


@lru_cache(maxsize=1024)
def _mould(shape: str) -> Mould | None:
    """What computes a text in which ``#`` stands for each number; None if the grammar must read it."""
    if not _PLAIN.fullmatch(shape):
        return None
    from grading.parsing import Refused, parse_expression

    pieces = shape.split("#")
    marks = [MARK + place for place in range(len(pieces) - 1)]
    text = pieces[0] + "".join(f"{mark}{piece}" for mark, piece in zip(marks, pieces[1:], strict=True))
    try:
        tree = parse_expression(text)
        if sorted(_places_in(tree)) != list(range(len(marks))):
            return None
        return Mould(_ratio_or_none(tree), bounding(tree), _is_logarithmic(tree))
    except (Refused, ArithmeticError, NotPlainError):
        return None


def _places_in(tree: Expression) -> list[int]:
    found, left = [], [tree]
    while left:
        node = left.pop()
        if type(node) is not Number:
            left += children(node)
        elif (place := place_of(node)) is not None:
            found.append(place)
    return found


def _is_logarithmic(tree: Expression) -> bool:
    match tree:
        case Logarithm(argument, None):
            return _is_arithmetic(argument)
        case Negation(inner):
            return _is_logarithmic(inner)
        case Sum(terms):
            return all(map(_is_logarithmic, terms))
        case Product((share, inner)):
            return _is_arithmetic(share) and _is_logarithmic(inner)
    return False


def _is_arithmetic(tree: Expression) -> bool:
    """Whether all values are rational."""
    return isinstance(tree, Number | Negation | Sum | Product | Quotient) and all(map(_is_arithmetic, children(tree)))


@lru_cache(maxsize=4096)
def _number_ratio(text: str) -> Ratio:
    return Fraction(text).as_integer_ratio()


def _ratio_or_none(tree: Expression) -> Rational | None:
    try:
        return _ratio(tree)
    except NotRationalError:
        return None


def _ratio(tree: Expression) -> Rational:
    """Raises NotRationalError where no numbers make the value rational."""
    if (make := _RATIOS.get(type(tree))) is None:
        raise NotRationalError
    return make(tree)


def _ratio_of_number(node: Number) -> Rational:
    place, ratio = place_of(node), node.value.as_integer_ratio()
    return (lambda numbers: ratio) if place is None else (lambda numbers: _number_ratio(numbers[place]))


def _ratio_of_negation(node: Negation) -> Rational:
    inner = _ratio(node.operand)

    def ratio(numbers: Texts) -> Ratio:
        above, below = inner(numbers)
        return -above, below

    return ratio


def _ratio_of_sum(node: Sum) -> Rational:
    parts = [_ratio(term) for term in node.terms]

    def ratio(numbers: Texts) -> Ratio:
        above, below = 0, 1
        for part in parts:
            a, b = part(numbers)
            above, below = (above + a, below) if b == below else (above * b + a * below, below * b)
        return above, below

    return ratio


def _ratio_of_product(node: Product) -> Rational:
    parts = [_ratio(factor) for factor in node.factors]

    def ratio(numbers: Texts) -> Ratio:
        above = below = 1
        for part in parts:
            a, b = part(numbers)
            above, below = above * a, below * b
        return above, below

    return ratio


def _ratio_of_quotient(node: Quotient) -> Rational:
    over, under = _ratio(node.numerator), _ratio(node.denominator)

    def ratio(numbers: Texts) -> Ratio:
        above, below = over(numbers)
        return _over((above, below), under(numbers))

    return ratio


def _over(one: Ratio, other: Ratio) -> Ratio:
    (a, b), (c, d) = one, other
    if not c:
        raise ZeroDivisionError
    return (a * d, b * c) if c > 0 else (-a * d, -b * c)


def _ratio_of_power(node: Power) -> Rational:
    base, power = _ratio(node.base), _ratio(node.exponent)

    def ratio(numbers: Texts) -> Ratio:
        exponent = Fraction(*power(numbers))
        if exponent.denominator != 1 or abs(exponent) > _MOST_POWER:
            raise NotRationalError
        times = exponent.numerator
        above, below = base(numbers)
        raised = above ** abs(times), below ** abs(times)
        return raised if times >= 0 else _over((1, 1), raised)

    return ratio


def _ratio_of_logarithm(node: Logarithm) -> Rational:
    """Of a power of the base."""
    if node.base is None:
        raise NotRationalError
    bottom, inner = _ratio(node.base), _ratio(node.argument)

    def ratio(numbers: Texts) -> Ratio:
        base, argument = Fraction(*bottom(numbers)), Fraction(*inner(numbers))
        if 1 not in (argument.numerator, argument.denominator) or base.denominator != 1 or base < 2:
            raise NotRationalError
        for exponent in range(-_MOST_LOGARITHM, _MOST_LOGARITHM + 1):
            if base**exponent == argument:
                return exponent, 1
        raise NotRationalError

    return ratio


def _ratio_of_exponential(node: Exponential) -> Rational:
    return _product_of(node.argument)


def _product_of(exponents: Expression) -> Rational:
    """e to the power of a sum of natural logarithms."""
    match exponents:
        case Negation(operand):
            turned = _product_of(operand)
            return lambda numbers: _over((1, 1), turned(numbers))
        case Sum(terms):
            parts = [_product_of(term) for term in terms]

            def ratio(numbers: Texts) -> Ratio:
                above = below = 1
                for part in parts:
                    a, b = part(numbers)
                    above, below = above * a, below * b
                return above, below

            return ratio
        case Logarithm(argument, None):
            return _positive(_ratio(argument))
    raise NotRationalError


def _positive(inner: Rational) -> Rational:
    def ratio(numbers: Texts) -> Ratio:
        found = inner(numbers)
        if found[0] <= 0:
            raise NotRationalError
        return found

    return ratio


_RATIOS: dict[type, Callable[[Any], Rational]] = {
    Number: _ratio_of_number,
    Negation: _ratio_of_negation,
    Sum: _ratio_of_sum,
    Product: _ratio_of_product,
    Quotient: _ratio_of_quotient,
    Power: _ratio_of_power,
    Logarithm: _ratio_of_logarithm,
    Exponential: _ratio_of_exponential,
}
