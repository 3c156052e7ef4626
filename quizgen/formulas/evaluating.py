"""Formulas made of closures once, which compute with pairs of integers that are not reduced.

That is several times faster than `Fraction` and as exact; conditions are tried thousands of times.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce

from grading.expressions import (
    AbsoluteValue,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
    children,
)

Value = Fraction | Expression | tuple[Fraction, ...] | str
Bindings = Mapping[str, Value]
Pair = tuple[int, int]
"""Numerator and denominator; the denominator is positive."""

Evaluator = Callable[[Bindings], Pair]

MOST_BITS = 20_000
"""Of a numerator or denominator; a larger number is a finding, never a hang."""


class ValueProblem(Exception):
    """A formula has no value for this draw. code: of the finding; the message is in the author's terms."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Irrational(Exception):
    """The value is not rational, or not seen to be."""


def pair_of(evaluator: Evaluator, bindings: Bindings) -> Pair | None:
    """The value of a compiled expression, None where it is not rational. Errors as in `exact_value`."""
    try:
        return evaluator(bindings)
    except Irrational:
        return None


def compiled(expression: Expression) -> Evaluator:
    """The closure that computes the expression. It raises ValueProblem, and a signal where it is irrational."""
    match expression:
        case Number(value):
            pair = (value.numerator, value.denominator)
            return lambda bindings: pair
        case Symbol(name):
            return _name(name)
        case Probability():
            return _irrational
    parts = [compiled(child) for child in children(expression)]
    first = parts[0]
    match expression:
        case Negation():
            return lambda bindings: _negated(first(bindings))
        case Sum():
            return _of_two(_added, *parts) if len(parts) == 2 else lambda bindings: _sum([p(bindings) for p in parts])
        case Product():
            if len(parts) == 2:
                return _of_two(_multiplied, *parts)
            return lambda bindings: _product([part(bindings) for part in parts])
        case Quotient():
            return _of_two(_quotient, *parts)
        case AbsoluteValue():
            return lambda bindings: _absolute(first(bindings))
        case Extremum(which, _):
            return lambda bindings: _extreme([part(bindings) for part in parts], 1 if which == "max" else -1)
        case Power():
            second = parts[1]
            return lambda bindings: _reduced(_power(Fraction(*first(bindings)), Fraction(*second(bindings))))
        case Logarithm():
            base = parts[1] if len(parts) > 1 else None
            return lambda bindings: _logarithm(first(bindings), base(bindings) if base else None)
        case Exponential():
            return lambda bindings: (1, 1) if first(bindings)[0] == 0 else _irrational(bindings)
    raise TypeError(f"not an expression: {expression!r}")


_EVALUATORS: dict[int, tuple[Expression, Evaluator]] = {}
MOST_EVALUATORS = 1024


def evaluator_of(expression: Expression) -> Evaluator:
    """The closure of an expression that is evaluated for many values of its symbols; it is kept with the node."""
    found = _EVALUATORS.get(id(expression))
    if found is None:
        if len(_EVALUATORS) >= MOST_EVALUATORS:
            _EVALUATORS.clear()
        found = _EVALUATORS[id(expression)] = expression, compiled(expression)
    return found[1]


def _irrational(bindings: Bindings) -> Pair:
    raise Irrational


def _name(name: str) -> Evaluator:
    def bound(bindings: Bindings) -> Pair:
        value = bindings.get(name)
        if type(value) is Fraction:  # much faster than `isinstance` for what is none
            return value.as_integer_ratio()
        if isinstance(value, tuple):
            raise ValueProblem("Q303", f'"{name}" is a list; use {name}_1, {name}_2 or max({name})')
        if isinstance(value, str):
            raise ValueProblem("Q303", f'"{name}" is a word, not a number; compare it in a condition: {name} = {value}')
        raise Irrational  # unknown, or an expression: a rational one is bound as a fraction

    return bound


def _of_two(combined: Callable[[Pair, Pair], Pair], first: Evaluator, second: Evaluator) -> Evaluator:
    return lambda bindings: combined(first(bindings), second(bindings))


def _small(numerator: int, denominator: int) -> Pair:
    if numerator.bit_length() > MOST_BITS or denominator.bit_length() > MOST_BITS:
        raise ValueProblem("Q302", f"a number of this formula has more than {MOST_BITS} bits")
    return numerator, denominator


def _reduced(value: Fraction | None) -> Pair:
    if value is None:
        raise Irrational
    return value.numerator, value.denominator


def _negated(pair: Pair) -> Pair:
    return -pair[0], pair[1]


def _absolute(pair: Pair) -> Pair:
    return abs(pair[0]), pair[1]


def _added(one: Pair, other: Pair) -> Pair:
    (numerator, denominator), (above, below) = one, other
    if below == denominator:
        return numerator + above, denominator
    return _small(numerator * below + above * denominator, denominator * below)


def _multiplied(one: Pair, other: Pair) -> Pair:
    return _small(one[0] * other[0], one[1] * other[1])


def _sum(pairs: list[Pair]) -> Pair:
    return reduce(_added, pairs)


def _product(pairs: list[Pair]) -> Pair:
    return reduce(_multiplied, pairs)


def _extreme(pairs: list[Pair], sign: int) -> Pair:
    best = pairs[0]
    for pair in pairs[1:]:
        if (pair[0] * best[1] - best[0] * pair[1]) * sign > 0:
            best = pair
    return best


def added(numbers: Sequence[Fraction]) -> Pair:
    """The sum of numbers, as numerator and denominator, of any size.

    >>> added([Fraction(1, 2), Fraction(1, 3)])
    (5, 6)
    """
    ratios = [number.as_integer_ratio() for number in numbers]
    unit = math.lcm(*(below for _, below in ratios))
    return sum([above * (unit // below) for above, below in ratios]), unit


def multiplied(numbers: Sequence[Fraction]) -> Pair:
    """The product of numbers, as numerator and denominator, of any size.

    >>> multiplied([Fraction(1, 2), Fraction(1, 3)])
    (1, 6)
    """
    numerator = denominator = 1
    for number in numbers:
        above, below = number.as_integer_ratio()
        numerator, denominator = numerator * above, denominator * below
    return numerator, denominator


def place_of_extreme(numbers: Sequence[Fraction], sign: int) -> int:
    """Where the largest of some numbers stands first, or, with the sign −1, the smallest.

    >>> place_of_extreme([Fraction(1, 2), Fraction(2, 3), Fraction(2, 3)], 1)
    1
    """
    best, (above, below) = 0, numbers[0].as_integer_ratio()
    for place, number in enumerate(numbers):
        numerator, denominator = number.as_integer_ratio()
        if (numerator * below - above * denominator) * sign > 0:
            best, above, below = place, numerator, denominator
    return best


def _quotient(above: Pair, below: Pair) -> Pair:
    numerator, denominator = above[0] * below[1], above[1] * below[0]
    if not denominator:
        raise ValueProblem("Q303", "the formula divides by zero")
    return _small(numerator, denominator) if denominator > 0 else _small(-numerator, -denominator)


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if base == 0 and exponent < 0:
        raise ValueProblem("Q303", "the formula divides by zero")
    if exponent.denominator != 1:
        return _root(base, exponent)
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    if base not in (0, 1, -1) and size * abs(exponent) > MOST_BITS:
        raise ValueProblem("Q302", f"a power of this formula has more than {MOST_BITS} bits")
    return Fraction(base ** int(exponent))


def _root(base: Fraction, exponent: Fraction) -> Fraction | None:
    """A square root that is rational; other roots stay as they are written."""
    if base < 0:
        raise ValueProblem("Q303", "the formula takes a root of a negative number")
    above, below = math.isqrt(base.numerator), math.isqrt(base.denominator)
    if exponent.denominator != 2 or above * above != base.numerator or below * below != base.denominator:
        return None
    return _power(Fraction(above, below), Fraction(exponent.numerator))


def _logarithm(argument: Pair, base: Pair | None) -> Pair:
    """Rational where the argument is a power of the base; base None is natural."""
    above, below = argument
    if above <= 0:
        raise ValueProblem("Q303", "the formula takes the logarithm of a number that is not positive")
    if above == below:
        return 0, 1
    if base is None:
        raise Irrational
    whole, rest = divmod(base[0], base[1])
    power, fraction = divmod(max(above, below), min(above, below))
    if rest or whole < 2 or fraction:
        raise Irrational
    steps = 0
    while power % whole == 0:
        power, steps = power // whole, steps + 1
    if power != 1:
        raise Irrational
    return steps if above > below else -steps, 1
