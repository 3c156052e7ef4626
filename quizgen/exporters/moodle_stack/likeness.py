"""Which formulas of a key are the same formula: a glance at one point first, and the judge where that finds nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from zlib import crc32

from grading.equivalence import Equal, compare
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
)
from grading.parsing import Language
from quizgen.exporters.moodle_stack.maxima import maxima_name

CLOSE = 1e-9


def at_a_point(tree: Expression, names: Mapping[Expression, str]) -> float:
    """The value where every name has a number between 0 and 1 of its own; not a number if there is none.

    >>> from grading.parsing import Language, parse_expression
    >>> one, two = (parse_expression(text, Language(any_name=True)) for text in ("log(p) + log(q)", "log(q*p)"))
    >>> math.isclose(at_a_point(one, {}), at_a_point(two, {}))
    True
    """
    try:
        return _value(tree, names)
    except (ValueError, ZeroDivisionError, OverflowError):
        return math.nan


def are_equal(one: Expression, other: Expression, points: tuple[float, float], language: Language) -> bool:
    """Whether two formulas are proven equal. points: their values at one point."""
    a, b = points
    if not math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE) and not math.isnan(a) and not math.isnan(b):
        return False
    return isinstance(compare(one, other, language), Equal)


@lru_cache(maxsize=4096)
def _of_name(name: str) -> float:
    return 0.1 + 0.8 * crc32(name.encode()) / 2**32


def _value(node: Expression, names: Mapping[Expression, str]) -> float:
    match node:
        case Number(value):
            return float(value)
        case Symbol(name):
            return _of_name(maxima_name(name))
        case Probability():
            return _of_name(names[node])
        case Negation(operand):
            return -_value(operand, names)
        case Sum(terms):
            return math.fsum(_value(term, names) for term in terms)
        case Product(factors):
            return math.prod(_value(factor, names) for factor in factors)
        case Quotient(above, below):
            return _value(above, names) / _value(below, names)
        case Power(base, exponent):
            return math.pow(_value(base, names), _value(exponent, names))
    return _of_function(node, names)


def _of_function(node: Expression, names: Mapping[Expression, str]) -> float:
    match node:
        case Logarithm(argument, None):
            return math.log(_value(argument, names))
        case Logarithm(argument, base):
            assert base is not None
            return math.log(_value(argument, names)) / math.log(_value(base, names))
        case Exponential(argument):
            return math.exp(_value(argument, names))
        case AbsoluteValue(argument):
            return abs(_value(argument, names))
        case Extremum(which, arguments):
            return (min if which == "min" else max)(_value(argument, names) for argument in arguments)
    raise TypeError(f"not an expression: {node!r}")
