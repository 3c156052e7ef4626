"""Conditions that several numbers have to fulfil, decided exactly.

A condition is a chain of relations between polynomials in the names of the numbers, with rational coefficients. For
numbers that are rational it is a matter of fractions; for others (``sqrt(2)/2``) the exact order of real numbers
decides, or says that it cannot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Literal

import msgspec

from grading.answersheet import PartKey
from grading.expressions import (
    Expression,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    add,
    atoms,
    children,
    multiply,
    rational,
    with_children,
)
from grading.keys import ChoiceKey, JointCondition, KeyUnusable, NumericTupleKey, SymbolDeclaration
from grading.parsing import Language, Refused, parse_expression
from grading.reals import Real, order, real
from grading.witness import Undecided

RelationSign = Literal["<", "<=", ">", ">=", "=", "!="]
SIGNS = re.compile(r"<=|>=|!=|≤|≥|≠|<|>|=")
_SAME: Mapping[str, RelationSign] = {"≤": "<=", "≥": ">=", "≠": "!="}
ORDERS: Mapping[RelationSign, frozenset[int]] = {
    "<": frozenset([-1]),
    "<=": frozenset([-1, 0]),
    ">": frozenset([1]),
    ">=": frozenset([0, 1]),
    "=": frozenset([0]),
    "!=": frozenset([-1, 1]),
}
"""The orders of the two sides for which a relation holds."""

MOST_NUMBERS = 8
MOST_DEGREE = 12
MOST_TERMS = 200

Monomial = tuple[int, ...]
"""The exponents of the numbers, in the order of their names."""


class Link(msgspec.Struct, frozen=True, dict=True):
    """One relation of a condition. difference: left side minus right side, coefficient by monomial."""

    left: Expression
    sign: RelationSign
    right: Expression
    difference: tuple[tuple[Monomial, Fraction], ...]
    names: tuple[str, ...]

    def order(self, numbers: Mapping[str, Real]) -> int | None:
        """-1, 0 or 1 as the left side is less than, equal to or greater than the right one; None if undecided."""
        pairs = [exact.as_integer_ratio() for name in self.names if (exact := numbers[name].exact) is not None]
        if len(pairs) == len(self.names):
            total = 0
            for monomial, value in self._whole:
                for (above, below), exponent, degree in zip(pairs, monomial, self._degrees, strict=True):
                    value *= above**exponent * below ** (degree - exponent)
                total += value
            return (total > 0) - (total < 0)
        try:
            return order(*(real(_put_in(side, numbers)) for side in (self.left, self.right)))
        except Undecided:
            return None

    @cached_property
    def _whole(self) -> tuple[tuple[Monomial, int], ...]:
        """A positive multiple of the difference, with whole coefficients."""
        common = lcm(*(value.denominator for _, value in self.difference))
        return tuple((monomial, int(value * common)) for monomial, value in self.difference)

    @cached_property
    def _degrees(self) -> tuple[int, ...]:
        """The largest exponent of each number: times its denominator to this power the difference is whole."""
        return tuple(
            max((monomial[place] for monomial, _ in self.difference), default=0) for place in range(len(self.names))
        )

    def holds_for(self, order: int) -> bool:
        """Whether the relation holds for this order of its sides."""
        return order in ORDERS[self.sign]


class Outcome(msgspec.Struct, frozen=True):
    """What became of a condition: whether it holds, None if undecided; equal: a link fails because its sides are."""

    holds: bool | None
    equal: bool = False


def _put_in(tree: Expression, numbers: Mapping[str, Real]) -> Expression:
    if isinstance(tree, Symbol):
        return numbers[tree.name].expression
    return with_children(tree, tuple(_put_in(child, numbers) for child in children(tree)))


@lru_cache(maxsize=4096)
def links_of(text: str, names: tuple[str, ...]) -> tuple[Link, ...]:
    """The relations of a condition. Raises KeyUnusable for what is no condition on these numbers.

    >>> [link.sign for link in links_of("0 < b_1 <= 1", ("b_1", "b_2"))]
    ['<', '<=']
    >>> links_of("b_1*b_2 < 1/4", ("b_1", "b_2"))[0].difference
    (((1, 1), Fraction(1, 1)), ((0, 0), Fraction(-1, 4)))
    """
    if not 1 <= len(names) <= MOST_NUMBERS:
        raise KeyUnusable(f"a key of several numbers asks for 1 to {MOST_NUMBERS} of them, not {len(names)}")
    signs = [_SAME.get(sign, sign) for sign in SIGNS.findall(text)]
    if not signs:
        raise KeyUnusable(f"the condition {text!r} has no relation such as < in it")
    language = Language(symbols=tuple(SymbolDeclaration(name, "real") for name in names))
    try:
        sides = [parse_expression(side, language) for side in SIGNS.split(text)]
    except Refused as refused:
        raise KeyUnusable(f"the condition {text!r} cannot be read: {refused.refusal.message}") from None
    polynomials = [_polynomial(side, names, text) for side in sides]
    return tuple(
        Link(sides[k], sign, sides[k + 1], tuple(_plus(polynomials[k], polynomials[k + 1], -1).items()), names)
        for k, sign in enumerate(signs)
    )


def outcome(condition: JointCondition, names: tuple[str, ...], numbers: Mapping[str, Real]) -> Outcome:
    """Whether numbers fulfil a condition. Raises KeyUnusable.

    >>> condition, names = JointCondition("b_1 + b_2 > 11/10"), ("b_1", "b_2")
    >>> [outcome(condition, names, {"b_1": real(Fraction(b, 10)), "b_2": real(Fraction(2, 10))}) for b in (10, 9, 8)]
    [Outcome(holds=True, equal=False), Outcome(holds=False, equal=True), Outcome(holds=False, equal=False)]
    """
    decided = True
    for link in links_of(condition.holds, names):
        found = link.order(numbers)
        if found is None:
            decided = False
        elif not link.holds_for(found):
            return Outcome(False, found == 0)
    return Outcome(True if decided else None)


def is_about_one(condition: JointCondition, names: tuple[str, ...]) -> bool:
    """Whether a condition is about one of the numbers only.

    >>> [is_about_one(JointCondition(text), ("a", "b")) for text in ("0 < a <= 1", "0 < a < b")]
    [True, False]
    """
    return _is_about_one(condition.holds, names)


@lru_cache(maxsize=4096)
def _is_about_one(text: str, names: tuple[str, ...]) -> bool:
    sides = (side for link in links_of(text, names) for side in (link.left, link.right))
    return len({atom for side in sides for atom in atoms(side)}) <= 1


# --- polynomials

Polynomial = dict[Monomial, Fraction]


def _polynomial(tree: Expression, names: tuple[str, ...], text: str) -> Polynomial:
    """The polynomial of an expression. Raises KeyUnusable for anything else."""
    inner = [_polynomial(child, names, text) for child in children(tree)]
    one = (0,) * len(names)
    found: Polynomial | None = None
    match tree:
        case Number(value):
            found = {one: value}
        case Symbol(name):
            found = {tuple(int(name == other) for other in names): Fraction(1)}
        case Negation():
            found = _plus({}, inner[0], -1)
        case Sum():
            found = {}
            for term in inner:
                found = _plus(found, term)
        case Product():
            found = {one: Fraction(1)}
            for factor in inner:
                found = _times(found, factor, text)
        case Quotient() if set(inner[1]) == {one}:
            found = {monomial: value / inner[1][one] for monomial, value in inner[0].items()}
        case Power() if set(inner[1]) <= {one} and _is_degree(exponent := inner[1].get(one, Fraction(0))):
            found = {one: Fraction(1)}
            for _ in range(int(exponent)):
                found = _times(found, inner[0], text)
    if found is None:
        raise KeyUnusable(f"the condition {text!r} is none between polynomials with rational numbers")
    return {monomial: value for monomial, value in found.items() if value}


def _is_degree(exponent: Fraction) -> bool:
    return exponent.denominator == 1 and 0 <= exponent <= MOST_DEGREE


def _plus(first: Polynomial, second: Polynomial, times: int = 1) -> Polynomial:
    total = dict(first)
    for monomial, value in second.items():
        total[monomial] = total.get(monomial, Fraction(0)) + times * value
    return {monomial: value for monomial, value in total.items() if value}


def _times(first: Polynomial, second: Polynomial, text: str) -> Polynomial:
    product: Polynomial = {}
    for one, value in first.items():
        for other, factor in second.items():
            monomial = tuple(a + b for a, b in zip(one, other, strict=True))
            product[monomial] = product.get(monomial, Fraction(0)) + value * factor
    if len(product) > MOST_TERMS or any(sum(monomial) > MOST_DEGREE for monomial in product):
        raise KeyUnusable(f"the condition {text!r} is too large: at most degree {MOST_DEGREE}, {MOST_TERMS} terms")
    return product


def tree_of(polynomial: Mapping[Monomial, Fraction], names: tuple[str, ...]) -> Expression:
    """A polynomial as an expression.

    >>> from grading.text import to_text
    >>> to_text(tree_of({(2, 1): Fraction(3), (0, 0): Fraction(-1, 2)}, ("a", "b")))
    '3*a^2*b - 1/2'
    """
    terms = []
    for monomial, value in polynomial.items():
        powers: list[Expression] = [
            Symbol(name) if exponent == 1 else Power(Symbol(name), rational(exponent))
            for name, exponent in zip(names, monomial, strict=True)
            if exponent
        ]
        size = [rational(abs(value))] if abs(value) != 1 or not powers else []
        term = multiply(*size, *powers)
        terms.append(term if value > 0 else Negation(term))
    return add(*terms)


# --- the single choice that stands for it


def as_choice(part: PartKey) -> PartKey:
    """The part as the single choice that stands for it where a format cannot check conditions.

    Raises KeyUnusable where the key has none, or one without the right tuple.

    >>> from grading.keys import Rival
    >>> larger, options = JointCondition("a > 1"), (("x", "0"), ("y", "2"))
    >>> key = NumericTupleKey(("a",), (larger,), ("2",), (Rival("0"),), choice=options)
    >>> chosen = as_choice(PartKey("answer", key)).key
    >>> chosen.correct, [rival.value for rival in chosen.rivals]
    ('y', ['x'])
    """
    key = part.key
    assert isinstance(key, NumericTupleKey)
    right, known = "; ".join(key.sample), {rival.value: rival for rival in key.rivals}
    correct = [option for option, value in key.choice if value == right]
    rivals = [(option, known[value]) for option, value in key.choice if value in known]
    if len(correct) != 1 or len(rivals) + 1 != len(key.choice):
        raise KeyUnusable("this key of several numbers has no single choice that could stand for it")
    found = tuple(msgspec.structs.replace(rival, value=option) for option, rival in rivals)
    return msgspec.structs.replace(part, key=ChoiceKey(correct[0], found))
