"""The derivative of an expression with respect to one atom, as an expression.

Trees are taken as `grading.atoms.resolved` gives them: two leaves are the same atom if and only if they are equal.
Terms that are zero and factors that are one are left out; nothing else is simplified. The derivative holds wherever the
expression itself is defined and smooth; absolute values, minima and maxima have kinks and are refused, see
`grading.signs.smooth`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

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
    add,
    atoms,
    children,
    multiply,
    rational,
)
from grading.polynomials import Fuel

ZERO = Number(Fraction(0))
STEPS = 5_000  # nodes that may be written for one derivative
Atom = Symbol | Probability


class NotSmooth(ArithmeticError):
    """The expression has a kink: an absolute value, a minimum or a maximum."""


def derivative(expression: Expression, atom: Atom, fuel: Fuel | None = None) -> Expression:
    """∂ expression / ∂ atom.

    fuel: pays for every node that is written; `STEPS` nodes if None. Raises NotSmooth, OutOfFuel.

    >>> from grading.text import to_text
    >>> p, q = Symbol("p"), Symbol("q")
    >>> to_text(derivative(Sum((Logarithm(Product((p, q))), Power(p, Number(Fraction(2))))), p))
    'q/(p*q) + 2*p'
    >>> derivative(Logarithm(q), p) == ZERO
    True
    """
    return _Derivation(atom, Fuel(STEPS) if fuel is None else fuel).of(expression)


class _Derivation:
    """One pass; `met` remembers which subtrees contain the atom, so that constants cost nothing twice."""

    def __init__(self, atom: Atom, fuel: Fuel) -> None:
        self.atom, self.fuel = atom, fuel
        self.met: dict[Expression, bool] = {}

    def depends(self, node: Expression) -> bool:
        known = self.met.get(node)
        if known is None:
            known = node == self.atom or any(self.depends(child) for child in children(node))
            self.met[node] = known
        return known

    def of(self, node: Expression) -> Expression:
        self.fuel.spend(1)
        if not self.depends(node):
            return ZERO
        match node:
            case Symbol() | Probability():
                return ONE
            case Negation(operand):
                return Negation(self.of(operand))
            case Sum(terms):
                return add(*(self.of(term) for term in terms if self.depends(term)))
            case Product(factors):
                return self.product(factors)
            case Quotient(numerator, denominator):
                return self.quotient(numerator, denominator)
            case Power(base, exponent):
                return self.power(node, base, exponent)
            case Logarithm(argument, None):
                return Quotient(self.of(argument), argument)
            case Logarithm(argument, base) if base is not None:
                if self.depends(base):
                    return self.quotient(Logarithm(argument), Logarithm(base))
                return Quotient(self.of(argument), Product((argument, Logarithm(base))))
            case Exponential(argument):
                return _times(self.of(argument), node)
        raise NotSmooth(f"{type(node).__name__} has a kink")

    def product(self, factors: tuple[Expression, ...]) -> Expression:
        terms = []
        for index, factor in enumerate(factors):
            if self.depends(factor):
                self.fuel.spend(len(factors))
                terms.append(_times(*factors[:index], self.of(factor), *factors[index + 1 :]))
        return add(*terms)

    def quotient(self, above: Expression, below: Expression) -> Expression:
        """(f/g)′ = f′/g − f·g′/g²."""
        terms: list[Expression] = []
        if self.depends(above):
            terms.append(Quotient(self.of(above), below))
        if self.depends(below):
            terms.append(Negation(Quotient(_times(above, self.of(below)), Product((below, below)))))
        return add(*terms)

    def power(self, node: Power, base: Expression, exponent: Expression) -> Expression:
        """(f^c)′ = c·f^(c−1)·f′, and (f^g)′ = f^g·(g′·ln f + g·f′/f)."""
        if not self.depends(exponent):
            if exponent == ZERO:
                return ZERO
            lowered = self.lowered(base, exponent)
            return _times(exponent, lowered, self.of(base))
        inner: list[Expression] = [_times(self.of(exponent), Logarithm(base))]
        if self.depends(base):
            inner.append(Quotient(_times(exponent, self.of(base)), base))
        return _times(node, add(*inner))

    def lowered(self, base: Expression, exponent: Expression) -> Expression:
        if isinstance(exponent, Number) and exponent.value == 2:
            return base
        if isinstance(exponent, Number) and exponent.value >= 1:
            return Power(base, Number(exponent.value - 1))
        return Power(base, Sum((exponent, Negation(ONE))))


def _times(*factors: Expression) -> Expression:
    return multiply(*(factor for factor in factors if factor != ONE))


def at(expression: Expression, values: Mapping[Atom, Fraction]) -> Expression:
    """The expression with exact numbers in place of some atoms.

    >>> from grading.text import to_text
    >>> to_text(at(Logarithm(Product((Symbol("p"), Symbol("q")))), {Symbol("p"): Fraction(1, 2)}))
    'log(1/2*q)'
    """

    def put(node: Expression) -> Expression:
        if isinstance(node, Symbol | Probability):
            return rational(values[node]) if node in values else node
        return with_children(node, put)

    return put(expression) if any(atom in values for atom in atoms(expression)) else expression


def with_children(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The node over changed direct subexpressions; a leaf is itself."""
    match node:
        case Number() | Symbol() | Probability():
            return node
        case Negation(operand):
            return Negation(change(operand))
        case Sum(terms):
            return Sum(tuple(map(change, terms)))
        case Product(factors):
            return Product(tuple(map(change, factors)))
        case Quotient(numerator, denominator):
            return Quotient(change(numerator), change(denominator))
        case Power(base, exponent):
            return Power(change(base), change(exponent))
        case Logarithm(argument, base):
            return Logarithm(change(argument), None if base is None else change(base))
        case Exponential(argument):
            return Exponential(change(argument))
        case AbsoluteValue(argument):
            return AbsoluteValue(change(argument))
        case Extremum(which, arguments):
            return Extremum(which, tuple(map(change, arguments)))
    raise TypeError(f"not an expression: {node!r}")
