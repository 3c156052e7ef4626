"""Values of formulas: exact fractions where they are rational, else expressions with the values put in."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Literal

from grading.closed import compare_numbers, quick_bounds
from grading.expressions import AbsoluteValue, Expression, Extremum, Negation, Sum, add, multiply
from quizgen.formulas.evaluating import (
    Bindings,
    Irrational,
    Pair,
    ValueProblem,
    added,
    multiplied,
    pair_of,
    place_of_extreme,
)
from quizgen.formulas.trees import AuthorFormula, Call, Condition, Junction, WordTest
from quizgen.formulas.writing import literal, reduced_literal


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
    return _written(_value(formula, bindings))


def value_in(formula: AuthorFormula, bindings: Bindings) -> Fraction | Expression:
    """The value as it is bound to a name: a fraction where it is rational. Errors as in `exact_value`."""
    value = _value(formula, bindings)
    return _fraction(*value) if type(value) is tuple else value  # type: ignore[return-value]  # else an expression


@lru_cache(maxsize=4096)
def _fraction(above: int, below: int) -> Fraction:
    """The same few numbers come again and again: positions, lengths, counts."""
    return Fraction(above, below)


def holds(condition: Condition, bindings: Bindings) -> bool:
    """Whether the condition is true, decided exactly.

    Raises ValueProblem: Q303 where a value does not exist or two numbers cannot be told apart.
    """
    return decider_of(condition)(bindings)


Decider = Callable[[Bindings], bool]
"""A condition made ready for many scenes; it raises as `holds` does."""


def decider_of(condition: Condition) -> Decider:
    """The closure that decides a condition."""
    if isinstance(condition, WordTest):
        name, word, same = condition.name, condition.word, condition.same
        return lambda bindings: (bindings.get(name) == word) is same
    if isinstance(condition, Junction):
        return _junction(condition.word, [decider_of(part) for part in condition.conditions])
    links = list(zip(map(_SIGNS.__getitem__, condition.operators), condition.formulas[1:], strict=True))
    first = condition.formulas[0]

    def decide(bindings: Bindings) -> bool:
        left = _value(first, bindings, compared=True)
        for fits, formula in links:
            right = _value(formula, bindings, compared=True)
            if type(left) is tuple and type(right) is tuple:
                difference = left[0] * right[1] - right[0] * left[1]
            else:
                difference = _order(_written(left), _written(right))
            if not fits(difference, 0):
                return False
            left = right
        return True

    return decide


def _junction(word: Literal["and", "or", "not"], tests: Sequence[Decider]) -> Decider:
    if word == "not":
        only = tests[0]
        return lambda bindings: not only(bindings)
    decided = word == "or"  # the answer of one test that settles it

    def decide(bindings: Bindings) -> bool:
        for part in tests:
            if part(bindings) is decided:
                return decided
        return not decided

    return decide


_SIGNS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


def _order(left: Expression, right: Expression) -> int:
    order: int | None = compare_numbers(left, right)
    if order is None:
        raise ValueProblem("Q303", "two numbers of this condition have no value or cannot be told apart")
    return order


def _value(formula: AuthorFormula, bindings: Bindings, compared: bool = False) -> Pair | Expression:
    """The value as a pair where it is rational, else as an expression.

    compared: it is only compared, so that any expression of this value will do.
    """
    if formula.calls:
        bindings = _with_calls(formula, bindings, compared)
    try:
        return formula.evaluator(bindings)
    except Irrational:
        return formula.writer(bindings)


def _written(value: Pair | Expression) -> Expression:
    return reduced_literal(*value) if type(value) is tuple else value  # type: ignore[return-value]  # else an expression


def _expression(value: Fraction | Expression) -> Expression:
    # The type itself is asked for: `isinstance` takes long for what is no Fraction.
    return literal(value) if type(value) is Fraction else value  # type: ignore[return-value]  # else an expression


def _pair(formula: AuthorFormula, bindings: Bindings) -> Pair | None:
    return pair_of(formula.evaluator, _with_calls(formula, bindings))


# ---------------------------------------------------------------- functions that the tree does not have


def _with_calls(formula: AuthorFormula, bindings: Bindings, compared: bool = False) -> Bindings:
    if not formula.calls:
        return bindings
    return {**bindings, **{call.symbol: _called(call, bindings, compared) for call in formula.calls}}


def _called(call: Call, bindings: Bindings, compared: bool) -> Fraction | Expression:
    if call.each is not None:
        return _of_members(call, call.each, bindings)
    if call.list_name:
        return _of_list(call, bindings)
    if call.function == "underflow":
        return Fraction(_underflow(call, bindings))
    if call.function == "distance":
        return _smallest_distance([value_in(argument, bindings) for argument in call.arguments], compared)
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


def _smallest_distance(values: list[Fraction | Expression], compared: bool) -> Fraction | Expression:
    """Of any two of the numbers. compared: of neighbours, if their order is known: it is the same number."""
    numbers = [value for value in values if type(value) is Fraction]
    if len(numbers) == len(values):
        ratios = [value.as_integer_ratio() for value in numbers]
        unit = math.lcm(*(below for _, below in ratios))  # whole numbers are compared much faster than fractions
        line = sorted([above * (unit // below) for above, below in ratios])
        return Fraction(min(after - before for before, after in pairwise(line)), unit)
    written = [_expression(value) for value in values]
    in_order = _in_order(written) if compared else None
    pairs = combinations(written, 2) if in_order is None else pairwise(in_order)
    apart = tuple(AbsoluteValue(Sum((one, Negation(other)))) for one, other in pairs)
    return apart[0] if len(apart) == 1 else Extremum("min", apart)


def _in_order(values: list[Expression]) -> list[Expression] | None:
    """The numbers in ascending order, None where quick bounds do not prove it."""
    try:
        placed = [(quick_bounds(value), value) for value in values]
    except KeyError:  # a symbol has no value
        return None
    line = sorted([(bounds, value) for bounds, value in placed if bounds is not None], key=lambda entry: entry[0])
    apart = len(line) == len(values) and all(below[0][1] < above[0][0] for below, above in pairwise(line))
    return [value for _, value in line] if apart else None


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
            return members[place_of_extreme(members, -1)]
        case "max":
            return members[place_of_extreme(members, 1)]
        case "product":
            return Fraction(*multiplied(members))
    return Fraction(*added(members))


def _of_members(call: Call, each: AuthorFormula, bindings: Bindings) -> Fraction | Expression:
    """The sum or the product of a formula over all members of its lists, which are equally long."""
    lists = {name: value for name in each.names if isinstance(value := bindings.get(name), tuple)}
    sizes = {len(members) for members in lists.values()}
    if len(sizes) != 1:
        problem = "needs a list" if not sizes else "needs lists of one length"
        raise ValueProblem("Q303", f"{call.function}({each.text}) {problem}")
    scenes = [{**bindings, **{name: members[place] for name, members in lists.items()}} for place in range(sizes.pop())]
    values = [value_in(each, scene) for scene in scenes]
    numbers = [value for value in values if type(value) is Fraction]
    if len(numbers) == len(values):
        return Fraction(*(multiplied if call.function == "product" else added)(numbers))
    written = [_expression(value) for value in values]
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
