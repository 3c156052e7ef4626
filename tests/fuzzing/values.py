"""Whether what the judge says of formulas contradicts their values, by the interval arithmetic of mpmath.

It shares nothing with the judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

import mpmath
from mpmath import iv

from grading.atoms import resolved
from grading.enclosures import assumed
from grading.equivalence import Comparison, Different, Equal
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
    atoms,
)
from grading.keys import Assumption
from grading.parsing import Language
from grading.text import to_unicode


class Finding(AssertionError):
    """Something that must hold does not. Its text begins with a short kind, by which findings are told apart."""


class NoValue(ArithmeticError):
    """Interval arithmetic cannot say what the value is."""


_SHARES = (Fraction(3, 7), Fraction(5, 11), Fraction(2, 13), Fraction(12, 17), Fraction(8, 19), Fraction(1, 23))


def values_agree(
    left: Expression, right: Expression, language: Language, said: Comparison, assumption: Assumption = "probability"
) -> None:
    """Whether interval arithmetic contradicts a comparison at some points, or at its witness.

    assumption: of names that the language does not declare.
    """
    first, second = resolved(left, language), resolved(right, language)
    if isinstance(said, Different):
        if said.undefined_at:
            return
        _apart(first, second, dict(said.witness.values))
    elif isinstance(said, Equal):
        for point in _points(language, assumption, first, second):
            _together(first, second, point)


def values_related(relation: str, key: Expression, answer: Expression, language: Language) -> None:
    """Whether interval arithmetic contradicts what the answer is said to be to the key."""
    first, second = resolved(key, language), resolved(answer, language)
    if relation == "opposite-sign":
        for point in _points(language, "probability", first, second):
            _together(Negation(first), second, point)
        return
    known = []
    iv.prec = 300
    for point in _points(language, "probability", first, second):
        try:
            known.append((value(first, point), value(second, point)))
        except NoValue:
            continue
    for (k, a), (other_k, other_a) in combinations(known, 2):
        if relation == "added-constant":
            wrong = _are_apart(a - k, other_a - other_k)
        elif relation == "positive-factor":  # the key of these tests is negative everywhere
            wrong = _are_apart(a * other_k, other_a * k) or a.a > 0
        else:
            wrong = (_are_apart(k, other_k) and _are_apart(a, other_a)) and (k.b < other_k.a) != (a.b < other_a.a)
        if wrong:
            raise Finding(f"not {relation}: {_digits(k)}, {_digits(a)} against {_digits(other_k)}, {_digits(other_a)}")


def _points(language: Language, assumption: Assumption, *trees: Expression) -> list[dict[Any, Fraction]]:
    leaves = tuple(dict.fromkeys(leaf for tree in trees for leaf in atoms(tree)))
    points = []
    for turn in range(0, 6, 2):
        point = {}
        for k, leaf in enumerate(leaves):
            share, known = _SHARES[(k + turn) % 6] / (1 + k // 6), assumed(leaf, language, assumption)
            times = 1 if known == "probability" else (1, 9, 30)[(k + turn // 2) % 3]
            point[leaf] = share * times * (-1 if known == "real" and (k + turn // 2) % 2 else 1)
        points.append(point)
    return points


def _are_apart(a: Any, b: Any) -> bool:
    return bool(a.b < b.a or b.b < a.a)


def _digits(number: Any) -> str:
    return str(mpmath.nstr(number.mid, 20))


def _together(left: Expression, right: Expression, point: Mapping[Any, Fraction]) -> None:
    with mpmath.workprec(53):
        iv.prec = 300
        try:
            a, b = value(left, point), value(right, point)
        except NoValue:
            return
        if _are_apart(a, b):
            raise Finding(f"equal, but {_digits(a)} against {_digits(b)} at {_shown(point)}")


def _apart(left: Expression, right: Expression, point: Mapping[Any, Fraction]) -> None:
    try:
        for precision in (200, 800, 2_000):
            iv.prec = precision
            a, b = value(left, point), value(right, point)
            if _are_apart(a, b):
                return
    except NoValue:
        return
    raise Finding(f"different, but not at its witness {_shown(point)}")


def _shown(point: Mapping[Any, Fraction]) -> str:
    return ", ".join(f"{to_unicode(leaf)} = {value}" for leaf, value in point.items())


def value(tree: Expression, point: Mapping[Any, Fraction]) -> Any:
    """An interval that holds the value; raises NoValue where there is none or it cannot be told."""
    match tree:
        case Number(exact):
            return _exact(exact)
        case Symbol() | Probability():
            return _exact(point[tree])
        case Negation(operand):
            return -value(operand, point)
        case Sum(terms):
            total = iv.mpf(0)
            for term in terms:
                total += value(term, point)
            return total
        case Product(factors):
            total = iv.mpf(1)
            for factor in factors:
                total *= value(factor, point)
            return total
        case Quotient(above, below):
            divisor = value(below, point)
            if divisor.a <= 0 <= divisor.b:
                raise NoValue
            return value(above, point) / divisor
        case Power(base, exponent):
            return _power(base, exponent, point)
        case Logarithm(argument, None):
            return _log(value(argument, point))
        case Logarithm(argument, base) if base is not None:
            below = _log(value(base, point))
            if below.a <= 0 <= below.b:
                raise NoValue
            return _log(value(argument, point)) / below
        case Exponential(argument):
            return _exp(value(argument, point))
        case AbsoluteValue(argument):
            return abs(value(argument, point))
        case Extremum(which, arguments):
            found = [value(argument, point) for argument in arguments]
            pick = min if which == "min" else max
            return iv.mpf([pick(v.a for v in found), pick(v.b for v in found)])
    raise TypeError(tree)


def _exact(number: Fraction) -> Any:
    return iv.mpf(number.numerator) / iv.mpf(number.denominator)


def _log(argument: Any) -> Any:
    if argument.a <= 0:
        raise NoValue
    return iv.log(argument)


def _exp(argument: Any) -> Any:
    if abs(argument).b > 10_000:
        raise NoValue
    return iv.exp(argument)


def _power(base: Expression, exponent: Expression, point: Mapping[Any, Fraction]) -> Any:
    below, above = value(base, point), value(exponent, point)
    if below.a > 0:
        return _exp(above * iv.log(below))
    whole = exact_whole(exponent)
    if whole is None or not -64 <= whole <= 64 or (whole < 0 and below.a <= 0 <= below.b):
        raise NoValue
    result = iv.mpf(1)
    for _ in range(abs(whole)):
        result *= below
    return result if whole >= 0 else 1 / result


def exact_whole(tree: Expression) -> int | None:
    """The whole number that an exponent plainly is, else None."""
    if isinstance(tree, Negation):
        inner = exact_whole(tree.operand)
        return None if inner is None else -inner
    return tree.value.numerator if isinstance(tree, Number) and tree.value.denominator == 1 else None
