"""Proven signs of expressions on their whole domain, and what follows: definedness everywhere, kinks that never occur.

The domain is the open box of the declared symbols: probabilities lie in (0, 1), positive symbols above 0. What is said
here holds at *every* point of it, while `grading.polynomials.sign` may leave out single points: a function that jumps
over a gap is not monotone, however its pieces run.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from grading.canonical import Builder
from grading.derivative import with_children
from grading.expressions import (
    ONE,
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
    children,
    walk,
)
from grading.forms import Form
from grading.keys import Assumption
from grading.parsing.language import Language
from grading.polynomials import Fuel, OutOfFuel, UndefinedEverywhere, sign
from grading.positivity import strict
from grading.witness import Undecided, Undefined, enclose

DIGITS = (20, 60)
STEPS = 10_000  # of the normal form of which a sign is sought


class Domain(msgspec.Struct, frozen=True, cache_hash=True):
    """Where the atoms lie. language: declares symbols. assumption: of those that it does not declare."""

    language: Language
    assumption: Assumption = "probability"

    def of(self, atom: Symbol | Probability) -> Assumption:
        """What is known of an atom."""
        if isinstance(atom, Probability):
            return "probability"
        return self.language.assumptions.get(atom.name, self.assumption)


@lru_cache(maxsize=4096)
def form_of(tree: Expression, domain: Domain) -> Form | None:
    """The normal form, or None where there is none within the fuel."""
    try:
        return Builder(domain.language, domain.assumption, Fuel(STEPS)).form(tree)
    except (OutOfFuel, UndefinedEverywhere, RecursionError):
        return None


def sign_of(tree: Expression, domain: Domain) -> int:
    """1 or -1 if the expression is proven to have that sign at every point where it is defined; else 0.

    >>> from fractions import Fraction
    >>> p, q = Symbol("p"), Symbol("q")
    >>> square = Power(Sum((Logarithm(p), Logarithm(q))), Number(Fraction(2)))
    >>> sign_of(Sum((Negation(ONE), Negation(square))), Domain(Language()))
    -1
    >>> sign_of(Sum((p, q, Negation(ONE))), Domain(Language()))
    0
    """
    return _by_structure(tree, domain) or _by_form(tree, domain)


@lru_cache(maxsize=8192)
def _by_structure(tree: Expression, domain: Domain) -> int:
    match tree:
        case Number(value):
            return (value > 0) - (value < 0)
        case Symbol() | Probability():
            return 0 if domain.of(tree) == "real" else 1
        case Negation(operand):
            return -sign_of(operand, domain)
        case Product(factors):
            return _product(sign_of(factor, domain) for factor in factors)
        case Quotient(numerator, denominator):
            return sign_of(numerator, domain) * sign_of(denominator, domain)
        case Sum(parts) | Extremum(_, parts):
            signs = {sign_of(part, domain) for part in parts}
            return signs.pop() if len(signs) == 1 else 0
        case Exponential():
            return 1
        case AbsoluteValue(argument):
            return abs(sign_of(argument, domain))
        case Power(base, exponent):
            return _of_power(base, exponent, domain)
        case Logarithm(argument, None):
            return sign_of(Sum((argument, Negation(ONE))), domain) if sign_of(argument, domain) > 0 else 0
        case Logarithm(argument, base) if base is not None:
            return sign_of(Logarithm(argument), domain) * sign_of(Logarithm(base), domain)
    return 0


def _product(signs: Iterable[int]) -> int:
    result = 1
    for found in signs:
        result *= found
        if not result:
            break
    return result


def _of_power(base: Expression, exponent: Expression, domain: Domain) -> int:
    below = sign_of(base, domain)
    if below > 0:
        return 1
    whole = whole_number(exponent)
    return 0 if whole is None else below**whole if whole >= 0 else below ** (-whole)


def whole_number(tree: Expression) -> int | None:
    """The value of an integer literal, with a sign or without."""
    if isinstance(tree, Negation):
        value = whole_number(tree.operand)
        return None if value is None else -value
    return tree.value.numerator if isinstance(tree, Number) and tree.value.denominator == 1 else None


def _by_form(tree: Expression, domain: Domain) -> int:
    if not atoms(tree):
        return _of_constant(tree)
    form = form_of(tree, domain)
    if form is None or not (strict(form.numerator) and strict(form.denominator)):
        return 0
    return sign(form.numerator) * sign(form.denominator)


@lru_cache(maxsize=4096)
def _of_constant(tree: Expression) -> int:
    """The sign of a closed expression, by bounds."""
    for digits in DIGITS:
        try:
            low, high = enclose(tree, {}, digits)
        except Undefined:
            return 0
        except (Undecided, RecursionError):
            continue
        if low > 0 or high < 0:
            return 1 if low > 0 else -1
    return 0


def mostly(tree: Expression, domain: Domain) -> int:
    """The sign that the expression is proven to have almost everywhere; single points may be zeros."""
    exact = sign_of(tree, domain)
    if exact:
        return exact
    form = form_of(tree, domain)
    return 0 if form is None else sign(form.numerator) * sign(form.denominator)


def defined_everywhere(tree: Expression, domain: Domain) -> bool:
    """Whether the expression is proven to have a value at every point of the domain, and to be smooth around it.

    >>> p = Symbol("p")
    >>> defined_everywhere(Logarithm(Sum((ONE, Negation(p)))), Domain(Language()))
    True
    >>> defined_everywhere(Quotient(ONE, Sum((ONE, Logarithm(p)))), Domain(Language()))  # no value at p = 1/e
    False
    """
    match tree:
        case AbsoluteValue() | Extremum():
            return False
        case Quotient(_, denominator) if not sign_of(denominator, domain):
            return False
        case Logarithm(argument, base):
            if sign_of(argument, domain) <= 0:
                return False
            if base is not None and not (sign_of(base, domain) > 0 and sign_of(Logarithm(base), domain)):
                return False
        case Power(base, exponent):
            whole, below = whole_number(exponent), sign_of(base, domain)
            if below <= 0 and (whole is None or (whole < 0 and not below)):
                return False
    return all(defined_everywhere(child, domain) for child in children(tree))


def smooth(tree: Expression, domain: Domain) -> Expression:
    """The same function without absolute values, minima and maxima whose order is proven; others stay.

    >>> p = Symbol("p")
    >>> smooth(AbsoluteValue(Logarithm(p)), Domain(Language())) == Negation(Logarithm(p))
    True
    """
    if not any(isinstance(child, AbsoluteValue | Extremum) for child in walk(tree)):
        return tree
    inner = with_children(tree, lambda child: smooth(child, domain))
    if isinstance(inner, AbsoluteValue):
        known = mostly(inner.argument, domain)
        return inner if not known else inner.argument if known > 0 else Negation(inner.argument)
    if isinstance(inner, Extremum):
        return _extreme(inner, domain)
    return inner


def _extreme(tree: Extremum, domain: Domain) -> Expression:
    """The argument that is proven to be the least or largest everywhere, if there is one."""
    wanted = 1 if tree.which == "max" else -1
    for index, candidate in enumerate(tree.arguments):
        others = (*tree.arguments[:index], *tree.arguments[index + 1 :])
        if all(other == candidate or mostly(Sum((candidate, Negation(other))), domain) == wanted for other in others):
            return candidate
    return tree
