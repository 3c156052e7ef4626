"""What a sum of logarithms and probabilities is worth, however it was written: exact coefficients by unknown.

Two texts of the same value are the same function: a value holds nothing of how it was written. So whatever is decided
of its tree, in which unknowns stand in the order of their names, is decided of all of these texts.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Literal, NamedTuple

import msgspec

from grading.arithmetic import log_of_atom
from grading.atoms import name_of
from grading.canonical import atom_generator
from grading.expressions import (
    Expression,
    Logarithm,
    Negation,
    Number,
    Probability,
    Product,
    Symbol,
    add,
    multiply,
    rational,
)
from grading.forms import Form
from grading.polynomials import Monomial, Polynomial, Rational, exact

Leaf = Symbol | Probability

What = Literal["log", "log-of-sum", "logs", "probability", "product", "log-of-prime", "one"]
"""A logarithm of one probability, or of a plain sum; a product of logarithms; a probability, or a product of some; the
logarithm of a prime; a constant."""

_ORDER: tuple[What, ...] = What.__args__  # type: ignore[attr-defined]

Ratio = tuple[int, int]
"""A rational number in lowest terms, the denominator positive."""

MOST_BITS = 512
"""Of a coefficient; larger ones are left to the normal form, which counts what they cost."""


class Unknown(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """What stands behind a coefficient. leaves: identified, by name. base: of logarithms, 0 for natural ones.

    number: the prime of ``log-of-prime``.
    """

    what: What
    leaves: tuple[Leaf, ...] = ()
    base: int = 0
    number: int = 0


Value = frozenset[tuple[Leaf | Unknown, Ratio]]
"""Coefficients by unknown, none of them zero; a leaf stands for its natural logarithm, the most frequent unknown."""


def lowest(above: int, below: int) -> Ratio:
    """The fraction in lowest terms.

    >>> lowest(6, -4)
    (-3, 2)
    """
    shared = math.gcd(above, below)
    if below < 0:
        shared = -shared
    return above // shared, below // shared


def added(first: Ratio, second: Ratio) -> Ratio:
    """The sum of two rational numbers.

    >>> added((1, 3), (1, 6))
    (1, 2)
    """
    if first[1] == second[1] == 1:
        return first[0] + second[0], 1
    return lowest(first[0] * second[1] + second[0] * first[1], first[1] * second[1])


@lru_cache(maxsize=16384)
def unknown_of(what: What, leaves: tuple[Leaf, ...], base: int, number: int) -> Unknown:
    """The unknown with these leaves, in whatever order they stand.

    >>> found = unknown_of("product", (Symbol("p_6"), Symbol("p_2")), 0, 0)
    >>> [leaf.name for leaf in found.leaves]
    ['p_2', 'p_6']
    """
    return Unknown(what, tuple(sorted(leaves, key=name_of)), base, number)


def tree_of(value: Value) -> Expression:
    """The tree that stands for all texts of a value.

    >>> from grading.text import to_text
    >>> to_text(tree_of(frozenset({(Symbol("p_6"), (-1, 2)), (Symbol("p_2"), (1, 1)), (Unknown("one"), (1, 3))})))
    'log p_2 - 1/2*log(p_6) + 1/3'
    """
    return add(*[term.tree for term in sorted([_term(*entry) for entry in value], key=_place)])


def form_of(value: Value) -> Form | None:
    """The normal form of the tree of a value that is a sum of natural logarithms, without looking at the tree.

    None for other values. Of probabilities only, as all values are.

    >>> str(form_of(frozenset({(Symbol("p_6"), (-1, 2)), (Symbol("p_2"), (1, 1))})))
    'ln p_2 + -1/2·ln p_6'
    """
    numerator: Polynomial = {}
    for term in sorted([_term(*entry) for entry in value], key=_place):
        if term.monomial is None:
            return None
        numerator[term.monomial] = term.coefficient
    return Form(numerator)


class _Term(NamedTuple):
    """One term of a value. place: in the tree. monomial, coefficient: in the normal form, if that is so simple."""

    place: tuple[int, int, int, tuple[str, ...]]
    tree: Expression
    monomial: Monomial | None
    coefficient: Rational


_place = attrgetter("place")


@lru_cache(maxsize=8192)
def _term(found: Leaf | Unknown, ratio: Ratio) -> _Term:
    unknown = found if isinstance(found, Unknown) else Unknown("log", (found,))
    monomial: Monomial | None = None
    if unknown.what == "one":
        monomial = ()
    elif unknown.what == "log" and not unknown.base:
        monomial = ((log_of_atom(atom_generator(unknown.leaves[0], "probability")), 1),)
    place = _ORDER.index(unknown.what), unknown.base, unknown.number, tuple(map(name_of, unknown.leaves))
    return _Term(place, _scaled(Fraction(*ratio), unknown), monomial, exact(Fraction(*ratio)))


def _scaled(factor: Fraction, unknown: Unknown) -> Expression:
    if factor < 0:
        return Negation(_scaled(-factor, unknown))
    if unknown.what == "one":
        return rational(factor)
    tree = _tree(unknown)
    return tree if factor == 1 else Product((rational(factor), tree))


def _tree(unknown: Unknown) -> Expression:
    leaves = unknown.leaves
    below = Number(Fraction(unknown.base)) if unknown.base else None
    match unknown.what:
        case "log":
            return Logarithm(leaves[0], below)
        case "log-of-sum":
            return Logarithm(add(*leaves), below)
        case "logs":
            return multiply(*(Logarithm(leaf) for leaf in leaves))
        case "log-of-prime":
            return Logarithm(Number(Fraction(unknown.number)))
    return multiply(*leaves)
