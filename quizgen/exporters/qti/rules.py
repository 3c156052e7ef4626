"""Expressions and rules of QTI, each written once: the values of variables, conditions, what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from quizgen.exporters.accepted_numbers import AcceptedNumbers
from quizgen.exporters.qti.names import Version
from quizgen.exporters.rendering.decimals import DIGITS, magnitude_of, written

BOUND_DIGITS = DIGITS + 5
"""Of a bound, so that the middle of two has all digits of the key."""

_HERE = "\0"
"""The place of a bound."""


@lru_cache(maxsize=1024)
def variable(version: Version, name: str) -> str:
    """The value of a variable."""
    return version.element("variable", identifier=name)


@lru_cache(maxsize=1024)
def constant(version: Version, base: str, text: str) -> str:
    """A value of a base type; text: escaped."""
    return version.element("baseValue", text, baseType=base)


@lru_cache(maxsize=1024)
def mapped(version: Version, response: str) -> str:
    """What a response earns by its mapping."""
    return version.element("mapResponse", identifier=response)


@lru_cache(maxsize=1024)
def put_constant(version: Version, name: str, base: str, text: str) -> str:
    """The rule that gives a variable a value of a base type; text: escaped."""
    return put(version, name, constant(version, base, text))


@lru_cache(maxsize=1024)
def put(version: Version, name: str, expression: str) -> str:
    """The rule that gives a variable the value of an expression."""
    return version.element("setOutcomeValue", expression, identifier=name)


def counter(version: Version, name: str, start: int = 0) -> str:
    """The declaration of a variable that counts from a number."""
    first = version.element("defaultValue", version.element("value", str(start)))
    return version.element("outcomeDeclaration", first, identifier=name, cardinality="single", baseType="integer")


def when(version: Version, cases: Sequence[tuple[str, str]], otherwise: str = "") -> str:
    """The rule of the first case whose condition holds: (condition, rules)."""
    if not cases:
        return otherwise
    (before, behind), (opened, closed), (opened_next, closed_next), (opened_last, closed_last) = _branches(version)
    (first, rules), *rest = cases
    more = "".join([f"{opened_next}{condition}{rules}{closed_next}" for condition, rules in rest])
    last = f"{opened_last}{otherwise}{closed_last}" if otherwise else ""
    return f"{before}{opened}{first}{rules}{closed}{more}{last}{behind}"


@lru_cache(maxsize=2)
def _branches(version: Version) -> list[tuple[str, str]]:
    """What stands around a rule with conditions, and around its first branch, the others and the last."""
    return [version.around(name) for name in ("responseCondition", "responseIf", "responseElseIf", "responseElse")]


@lru_cache(maxsize=1024)
def is_there(version: Version, response: str) -> str:
    """The condition that there is a response."""
    return version.element("not", version.element("isNull", variable(version, response)))


def within(version: Version, response: str, entry: AcceptedNumbers) -> str:
    """The condition that a response is one of these numbers."""
    low, high = bounds_of(entry)
    before, between, behind = _between(version, response, entry.boundary or not entry.radius)
    return f"{before}{low}{between}{high}{behind}"


@lru_cache(maxsize=1024)
def _between(version: Version, response: str, boundary: bool) -> list[str]:
    """What stands around the two bounds of a response. boundary: the bounds are right too."""
    least, most = ("gte", "lte") if boundary else ("gt", "lt")
    bound = variable(version, response) + constant(version, "float", _HERE)
    return version.element("and", version.element(least, bound) + version.element(most, bound)).split(_HERE)


def bounds_of(entry: AcceptedNumbers) -> tuple[str, str]:
    """The least and the greatest of the numbers; rounded outwards where they are no short decimals.

    >>> from fractions import Fraction
    >>> bounds_of(AcceptedNumbers(Fraction(1, 3), Fraction(1, 3), Fraction(1)))
    ('0', '0.6666666666666666666666667')
    """
    (above, below), (reach, parts) = entry.middle.as_integer_ratio(), entry.radius.as_integer_ratio()
    middle, around, unit = above * parts, reach * below, below * parts
    return _rounded(middle - around, unit, -1), _rounded(middle + around, unit, 1)


def _rounded(above: int, below: int, direction: int) -> str:
    """A quotient to `BOUND_DIGITS` digits, rounded down or up."""
    if not above:
        return "0"
    places = max(0, BOUND_DIGITS - 1 - magnitude_of(above, below))
    scaled = above * 10**places
    return written(scaled // below if direction < 0 else -(-scaled // below), places)
