"""Values of formulas: exact fractions where they are rational, expressions with the values put in where they are not.

A formula is made of closures once. They compute with pairs of integers that are not reduced, which is several times
faster than `Fraction` and as exact; conditions are tried thousands of times.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import combinations, pairwise

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
    add,
    children,
    multiply,
    rational,
)
from quizgen.formulas.trees import AuthorFormula, Call, Condition, Junction, WordTest

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


class _Irrational(Exception):
    """The value is not rational, or not seen to be."""


def exact_value(formula: AuthorFormula, bindings: Bindings) -> Fraction | None:
    """The value as a fraction, None if it is not rational (or not seen to be).

    bindings: a value for each name. Raises ValueProblem: Q303 a division by zero, Q302 too large.
    """
    pair = _pair(formula, bindings)
    return None if pair is None else Fraction(*pair)


def evaluate(formula: AuthorFormula, bindings: Bindings) -> Expression:
    """The formula with its values put in: one number where it is rational. Errors as in `exact_value`.

    >>> from quizgen.formulas import parse_formula
    >>> evaluate(parse_formula("log(a)", ["a"]), {"a": Fraction(2)})
    Logarithm(argument=Number(value=Fraction(2, 1)), base=None)
    """
    value = value_in(formula, bindings)
    return rational(value) if isinstance(value, Fraction) else value


def value_in(formula: AuthorFormula, bindings: Bindings) -> Fraction | Expression:
    """The value as it is bound to a name: a fraction where it is rational. Errors as in `exact_value`."""
    bindings = _with_calls(formula, bindings)
    pair = pair_of(formula.evaluator, bindings)
    return Fraction(*pair) if pair is not None else _substituted(formula.expression, bindings)


def settled(value: Expression) -> Fraction | Expression:
    """A closed expression as it is bound to a name: a fraction where it is rational.

    >>> from grading.expressions import HALF, TWO
    >>> settled(HALF), settled(Logarithm(TWO))
    (Fraction(1, 2), Logarithm(argument=Number(value=Fraction(2, 1)), base=None))
    """
    pair = pair_of(compiled(value), {})
    return value if pair is None else Fraction(*pair)


def holds(condition: Condition, bindings: Bindings) -> bool:
    """Whether the condition is true, decided exactly.

    Raises ValueProblem: Q303 where a value does not exist or two numbers cannot be told apart.
    """
    if isinstance(condition, Junction):
        if condition.word == "not":
            return not holds(condition.conditions[0], bindings)
        test = all if condition.word == "and" else any
        return test(holds(part, bindings) for part in condition.conditions)
    if isinstance(condition, WordTest):
        return (bindings.get(condition.name) == condition.word) is condition.same
    formulas = condition.formulas
    left = _pair(formulas[0], bindings)
    for index, operator in enumerate(condition.operators):
        right = _pair(formulas[index + 1], bindings)
        if left is not None and right is not None:
            difference = left[0] * right[1] - right[0] * left[1]
        else:
            difference = _order(evaluate(formulas[index], bindings), evaluate(formulas[index + 1], bindings))
        if not _TESTS[operator](difference):
            return False
        left = right
    return True


_TESTS: dict[str, Callable[[int], bool]] = {
    "<": lambda difference: difference < 0,
    "<=": lambda difference: difference <= 0,
    ">": lambda difference: difference > 0,
    ">=": lambda difference: difference >= 0,
    "=": lambda difference: difference == 0,
    "!=": lambda difference: difference != 0,
}


def _order(left: Expression, right: Expression) -> int:
    from grading.closed import compare_numbers

    order: int | None = compare_numbers(left, right)
    if order is None:
        raise ValueProblem("Q303", "two numbers of this condition have no value or cannot be told apart")
    return order


def _pair(formula: AuthorFormula, bindings: Bindings) -> Pair | None:
    return pair_of(formula.evaluator, _with_calls(formula, bindings))


def pair_of(evaluator: Evaluator, bindings: Bindings) -> Pair | None:
    """The value of a compiled expression, None where it is not rational. Errors as in `exact_value`."""
    try:
        return evaluator(bindings)
    except _Irrational:
        return None


# ---------------------------------------------------------------- functions that the tree does not have


def _with_calls(formula: AuthorFormula, bindings: Bindings) -> Bindings:
    if not formula.calls:
        return bindings
    return {**bindings, **{call.symbol: _called(call, bindings) for call in formula.calls}}


def _called(call: Call, bindings: Bindings) -> Fraction | Expression:
    if call.each is not None:
        return _of_members(call, call.each, bindings)
    if call.list_name:
        return _of_list(call, bindings)
    if call.function == "underflow":
        return Fraction(_underflow(call, bindings))
    if call.function == "distance":
        return _smallest_distance([value_in(argument, bindings) for argument in call.arguments])
    values = [exact_value(argument, bindings) for argument in call.arguments]
    first = values[0]
    if first is None or values[-1] is None:
        raise ValueProblem("Q303", f"{call.function} needs a rational number")
    if call.function == "floor":
        return Fraction(math.floor(first))
    if call.function == "ceil":
        return Fraction(math.ceil(first))
    if not values[-1]:
        raise ValueProblem("Q303", "mod divides by zero")
    return Fraction(first % values[-1])


def _smallest_distance(values: list[Fraction | Expression]) -> Fraction | Expression:
    """Of any two of the numbers."""
    numbers = sorted(value for value in values if isinstance(value, Fraction))
    if len(numbers) == len(values):
        return min(above - below for below, above in pairwise(numbers))
    written = [rational(value) if isinstance(value, Fraction) else value for value in values]
    apart = tuple(AbsoluteValue(Sum((one, Negation(other)))) for one, other in combinations(written, 2))
    return apart[0] if len(apart) == 1 else Extremum("min", apart)


def _of_list(call: Call, bindings: Bindings) -> Fraction:
    members = bindings.get(call.list_name)
    if not isinstance(members, tuple) or not members:
        raise ValueProblem("Q303", f"{call.function}({call.list_name}) needs a list")
    match call.function:
        case "at":
            place = exact_value(call.arguments[0], bindings)
            if place is None or place.denominator != 1 or not 1 <= place <= len(members):
                raise ValueProblem("Q303", f"at({call.list_name}, {place}): the places are 1 to {len(members)}")
            return members[int(place) - 1]
        case "count":
            return Fraction(len(members))
        case "min":
            return min(members)
        case "max":
            return max(members)
        case "product":
            return math.prod(members, start=Fraction(1))
    return sum(members, Fraction(0))


def _of_members(call: Call, each: AuthorFormula, bindings: Bindings) -> Fraction | Expression:
    """The sum or the product of a formula over all members of its lists, which are equally long."""
    lists = {name: value for name in each.names if isinstance(value := bindings.get(name), tuple)}
    sizes = {len(members) for members in lists.values()}
    if len(sizes) != 1:
        problem = "needs a list" if not sizes else "needs lists of one length"
        raise ValueProblem("Q303", f"{call.function}({each.text}) {problem}")
    scenes = [{**bindings, **{name: members[place] for name, members in lists.items()}} for place in range(sizes.pop())]
    exact = [exact_value(each, scene) for scene in scenes]
    numbers = [value for value in exact if value is not None]
    if len(numbers) == len(exact):
        return math.prod(numbers, start=Fraction(1)) if call.function == "product" else sum(numbers, Fraction(0))
    written = [evaluate(each, scene) for scene in scenes]
    return multiply(*written) if call.function == "product" else add(*written)


def _underflow(call: Call, bindings: Bindings) -> int:
    from quizgen.formulas.floats import factors_until_zero

    p, bits, smallest = (exact_value(argument, bindings) for argument in call.arguments)
    if p is None or bits is None or smallest is None:
        raise ValueProblem("Q303", "underflow needs rational numbers")
    try:
        return factors_until_zero(p, bits, smallest)
    except ValueError as problem:
        raise ValueProblem("Q303", str(problem)) from problem


# ---------------------------------------------------------------- evaluation


def compiled(expression: Expression) -> Evaluator:
    """The closure that computes the expression. It raises ValueProblem, and a signal where it is irrational."""
    match expression:
        case Number(value):
            pair = (value.numerator, value.denominator)
            return lambda bindings: pair
        case Symbol(name):
            return lambda bindings: _bound(name, bindings)
        case Probability():
            return _irrational
    parts = [compiled(child) for child in children(expression)]
    first = parts[0]
    match expression:
        case Negation():
            return lambda bindings: _negated(first(bindings))
        case Sum():
            return lambda bindings: _sum([part(bindings) for part in parts])
        case Product():
            return lambda bindings: _product([part(bindings) for part in parts])
        case Quotient():
            second = parts[1]
            return lambda bindings: _quotient(first(bindings), second(bindings))
        case AbsoluteValue():
            return lambda bindings: _absolute(first(bindings))
        case Extremum(which, _):
            return lambda bindings: _extreme([part(bindings) for part in parts], 1 if which == "max" else -1)
        case Power():
            second = parts[1]
            return lambda bindings: _reduced(_power(Fraction(*first(bindings)), Fraction(*second(bindings))))
        case Logarithm():
            base = parts[1] if len(parts) > 1 else None
            return lambda bindings: _reduced(
                _logarithm(Fraction(*first(bindings)), Fraction(*base(bindings)) if base else None)
            )
        case Exponential():
            return lambda bindings: (1, 1) if first(bindings)[0] == 0 else _irrational(bindings)
    raise TypeError(f"not an expression: {expression!r}")


def _irrational(bindings: Bindings) -> Pair:
    raise _Irrational


def _bound(name: str, bindings: Bindings) -> Pair:
    value = bindings.get(name)
    if isinstance(value, Fraction):
        return value.numerator, value.denominator
    if isinstance(value, tuple):
        raise ValueProblem("Q303", f'"{name}" is a list; use {name}_1, {name}_2 or max({name})')
    if isinstance(value, str):
        raise ValueProblem("Q303", f'"{name}" is a word, not a number; compare it in a condition: {name} = {value}')
    raise _Irrational  # unknown, or an expression: a rational one is bound as a fraction, see `settled`


def _small(numerator: int, denominator: int) -> Pair:
    if numerator.bit_length() > MOST_BITS or denominator.bit_length() > MOST_BITS:
        raise ValueProblem("Q302", f"a number of this formula has more than {MOST_BITS} bits")
    return numerator, denominator


def _reduced(value: Fraction | None) -> Pair:
    if value is None:
        raise _Irrational
    return value.numerator, value.denominator


def _negated(pair: Pair) -> Pair:
    return -pair[0], pair[1]


def _absolute(pair: Pair) -> Pair:
    return abs(pair[0]), pair[1]


def _sum(pairs: list[Pair]) -> Pair:
    numerator, denominator = pairs[0]
    for above, below in pairs[1:]:
        if below == denominator:
            numerator += above
        else:
            numerator, denominator = _small(numerator * below + above * denominator, denominator * below)
    return numerator, denominator


def _product(pairs: list[Pair]) -> Pair:
    numerator, denominator = pairs[0]
    for above, below in pairs[1:]:
        numerator, denominator = _small(numerator * above, denominator * below)
    return numerator, denominator


def _extreme(pairs: list[Pair], sign: int) -> Pair:
    best = pairs[0]
    for pair in pairs[1:]:
        if (pair[0] * best[1] - best[0] * pair[1]) * sign > 0:
            best = pair
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


def _logarithm(argument: Fraction, base: Fraction | None) -> Fraction | None:
    """Rational where the argument is a power of the base; base None is natural."""
    if argument <= 0:
        raise ValueProblem("Q303", "the formula takes the logarithm of a number that is not positive")
    if argument == 1:
        return Fraction(0)
    if base is None or base.denominator != 1 or base < 2:
        return None
    whole = argument if argument > 1 else 1 / argument
    if whole.denominator != 1:
        return None
    steps, rest = 0, whole.numerator
    while rest % int(base) == 0:
        rest //= int(base)
        steps += 1
    return Fraction(steps if argument > 1 else -steps) if rest == 1 else None


# ---------------------------------------------------------------- substitution


def _substituted(expression: Expression, bindings: Bindings) -> Expression:
    match expression:
        case Symbol(name):
            value = bindings.get(name)
            if isinstance(value, tuple):
                raise ValueProblem("Q303", f'"{name}" is a list; use {name}_1, {name}_2 or max({name})')
            if isinstance(value, str):
                return expression  # refused where its value is asked for
            return expression if value is None else rational(value) if isinstance(value, Fraction) else value
        case Number() | Probability():
            return expression
        case Sum(terms):
            return Sum(tuple(_substituted(term, bindings) for term in terms))
        case Product(factors):
            return Product(tuple(_substituted(factor, bindings) for factor in factors))
        case Extremum(which, arguments):
            return Extremum(which, tuple(_substituted(argument, bindings) for argument in arguments))
        case Logarithm(argument, base):
            return Logarithm(_substituted(argument, bindings), None if base is None else _substituted(base, bindings))
    parts = [_substituted(child, bindings) for child in children(expression)]
    return type(expression)(*parts)
