"""Bounds of closed expressions of one form, computed from the texts of their numbers by the judge's arithmetic.

Where the rules of `grading.enclosures` walk through a tree, here the walk is made once for a form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from grading import enclosures
from grading.enclosures import MAX_POWER, ONE, Bounds, bounds_of, divided, multiplied, raised, scaled
from grading.expressions import (
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)

MARK = 7_000_003
"""The first of the numbers that stand for others while a form is read; none of them is left in it."""

Texts = Sequence[str]
"""The numbers of a text, in the order in which they stand in it."""

Bounding = Callable[[Texts], Bounds]

_ONES = ONE, ONE


class NotPlainError(Exception):
    """A form that this arithmetic does not know."""


def place_of(number: Number) -> int | None:
    """Which number of the text stands there; None for one that belongs to the form."""
    above, below = number.value.as_integer_ratio()
    return above - MARK if below == 1 and above >= MARK else None


def bounding(tree: Expression) -> Bounding:
    """What computes the bounds, in units of 2^-SCALE; it raises `NoBounds` where there are no plain ones.

    Raises NotPlainError.
    """
    if (make := _BOUNDS.get(type(tree))) is None:
        raise NotPlainError
    return make(tree)


@lru_cache(maxsize=4096)
def _number(text: str) -> Fraction:
    return Fraction(text)


@lru_cache(maxsize=4096)
def _number_bounds(text: str) -> Bounds:
    return bounds_of(Fraction(text))


_logarithm_of = lru_cache(maxsize=4096)(enclosures.logarithm_of)
_exponential_of = lru_cache(maxsize=4096)(enclosures.exponential_of)
"""The same logarithms and exponentials stand in the key and in what is taken for it."""


@lru_cache(maxsize=4096)
def _quotient(above: str, below: str) -> Bounds:
    return divided(_number_bounds(above), _number_bounds(below))


@lru_cache(maxsize=4096)
def _natural_logarithm(text: str) -> Bounds:
    return enclosures.logarithm_of(_number_bounds(text))


@lru_cache(maxsize=4096)
def _logarithm_to(base: Bounds, text: str) -> Bounds:
    return divided(_natural_logarithm(text), _logarithm_of(base))


def _of_one_number(node: Expression) -> tuple[Callable[[str], Bounds], int] | None:
    """For a number of the text, or its logarithm to a base of the form: what computes it, and its place."""
    match node:
        case Number() if (place := place_of(node)) is not None:
            return _number_bounds, place
        case Logarithm(Number() as number, None) if (place := place_of(number)) is not None:
            return _natural_logarithm, place
        case Logarithm(Number() as number, Number() as base) if place_of(base) is None:
            if (place := place_of(number)) is not None:
                return partial(_logarithm_to, bounds_of(base.value)), place
    return None


def _of_number(node: Number) -> Bounding:
    place, value = place_of(node), node.value
    return (lambda numbers: bounds_of(value)) if place is None else (lambda numbers: _number_bounds(numbers[place]))


def _of_negation(node: Negation) -> Bounding:
    inner = bounding(node.operand)

    def bounds(numbers: Texts) -> Bounds:
        low, high = inner(numbers)
        return -high, -low

    return bounds


def _of_sum(node: Sum) -> Bounding:
    """Most terms are logarithms of probabilities: what is known of one number needs no walk."""
    added, subtracted, others = [], [], []
    for term in node.terms:
        if found := _of_one_number(term):
            added.append(found)
        elif isinstance(term, Negation) and (found := _of_one_number(term.operand)):
            subtracted.append(found)
        else:
            others.append(bounding(term))

    def bounds(numbers: Texts) -> Bounds:
        low = high = 0
        for of_text, place in added:
            a, b = of_text(numbers[place])
            low += a
            high += b
        for of_text, place in subtracted:
            a, b = of_text(numbers[place])
            low -= b
            high -= a
        for other in others:
            a, b = other(numbers)
            low += a
            high += b
        return low, high

    return bounds


def _of_product(node: Product) -> Bounding:
    first, parts = bounding(node.factors[0]), [_factor(factor) for factor in node.factors[1:]]

    def bounds(numbers: Texts) -> Bounds:
        result = first(numbers)
        for part in parts:
            result = part(result, numbers)
        return result

    return bounds


def _factor(node: Expression) -> Callable[[Bounds, Texts], Bounds]:
    """What multiplies bounds by a factor: by a rational number more tightly than by bounds."""
    if isinstance(node, Number):
        place, value = place_of(node), node.value
        if place is None:
            return lambda result, numbers: scaled(result, value)
        return lambda result, numbers: scaled(result, _number(numbers[place]))
    factor = bounding(node)
    return lambda result, numbers: factor(numbers) if result == _ONES else multiplied(result, factor(numbers))


def _of_quotient(node: Quotient) -> Bounding:
    match node:
        case Quotient(Number() as one, Number() as other):
            place, below = place_of(one), place_of(other)
            if place is not None and below is not None:
                return lambda numbers: _quotient(numbers[place], numbers[below])
    over, under = bounding(node.numerator), bounding(node.denominator)
    return lambda numbers: divided(over(numbers), under(numbers))


def _of_power(node: Power) -> Bounding:
    exponent = node.exponent
    negative = isinstance(exponent, Negation)
    plain = exponent.operand if isinstance(exponent, Negation) else exponent
    base = bounding(node.base)
    if not isinstance(plain, Number):
        power = bounding(exponent)
        return lambda numbers: _exponential_of(multiplied(power(numbers), _logarithm_of(base(numbers))))
    if place_of(plain) is not None or plain.value.denominator != 1 or not 0 <= plain.value <= MAX_POWER:
        raise NotPlainError
    times = plain.value.numerator
    return lambda numbers: raised(base(numbers), times, negative)


def _of_logarithm(node: Logarithm) -> Bounding:
    if found := _of_one_number(node):
        of_text, place = found
        return lambda numbers: of_text(numbers[place])
    inner = bounding(node.argument)
    if node.base is None:
        return lambda numbers: _logarithm_of(inner(numbers))
    base = bounding(node.base)
    return lambda numbers: divided(_logarithm_of(inner(numbers)), _logarithm_of(base(numbers)))


def _of_exponential(node: Exponential) -> Bounding:
    inner = bounding(node.argument)
    return lambda numbers: _exponential_of(inner(numbers))


def _of_extremum(node: Extremum) -> Bounding:
    pick = min if node.which == "min" else max
    parts = [bounding(argument) for argument in node.arguments]

    def bounds(numbers: Texts) -> Bounds:
        found = [part(numbers) for part in parts]
        return pick([low for low, _ in found]), pick([high for _, high in found])

    return bounds


_BOUNDS: dict[type, Callable[[Any], Bounding]] = {
    Number: _of_number,
    Negation: _of_negation,
    Sum: _of_sum,
    Product: _of_product,
    Quotient: _of_quotient,
    Power: _of_power,
    Logarithm: _of_logarithm,
    Exponential: _of_exponential,
    Extremum: _of_extremum,
}
