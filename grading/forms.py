"""Normal forms: quotients of polynomials over independent unknowns, and when they have a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from grading.polynomials import (
    ONE,
    Fuel,
    Generator,
    OutOfFuel,
    Polynomial,
    Rational,
    add,
    multiply,
    scale,
    shown,
    sign,
    text,
)
from grading.residues import differ


class Divisor(str):
    """What an expression divides by. Its text is its identity."""

    __slots__ = ("polynomial",)
    polynomial: Polynomial

    def __new__(cls, polynomial: Polynomial) -> Divisor:
        self = super().__new__(cls, text(polynomial))
        self.polynomial = polynomial
        return self


class Form(NamedTuple):
    """numerator / denominator. positive: texts of polynomials that must be positive for the expression to be defined;
    nonzero: what it divides by, or takes the logarithm of, and may be zero somewhere."""

    numerator: Polynomial
    denominator: Polynomial = ONE
    positive: frozenset[str] = frozenset()
    nonzero: frozenset[Divisor] = frozenset()

    def number(self) -> Rational | None:
        """The value if the form is a rational number and nothing else."""
        if self.denominator is not ONE or self.positive or self.nonzero:
            return None
        if len(self.numerator) == 1:
            return self.numerator.get(())
        return None if self.numerator else 0

    def shown(self) -> str:
        """The form for people."""
        above = shown(self.numerator)
        return above if self.denominator == ONE else f"({above}) / ({shown(self.denominator)})"

    def __str__(self) -> str:
        above = text(self.numerator)
        return above if self.denominator == ONE else f"({above}) / ({text(self.denominator)})"


def agree(first: Form, second: Form) -> bool:
    """Whether two forms are one: the same conditions, and the same quotient when multiplied across."""
    if first.positive != second.positive:
        return False
    if first.denominator == second.denominator:
        return first.numerator == second.numerator
    if differ(first.numerator, first.denominator, second.numerator, second.denominator):
        return False
    fuel = Fuel()
    try:
        left = multiply(first.numerator, second.denominator, fuel)
        right = multiply(second.numerator, first.denominator, fuel)
        return not add(left, scale(right, -1), fuel)
    except OutOfFuel:
        return False


class Factors(NamedTuple):
    """sign · ∏ factor^exponent of a polynomial.

    powers: (factor, exponent, whether the factor is proven to be positive); primes and generators are factors too.
    """

    sign: int
    powers: tuple[tuple[Polynomial, Rational, bool], ...]


# --- questions that a builder of forms asks


def conditions(forms: Sequence[Form]) -> tuple[frozenset[str], frozenset[Divisor]]:
    """The conditions of all forms together."""
    positive, nonzero = forms[0].positive, forms[0].nonzero
    for form in forms[1:]:
        positive = positive | form.positive if form.positive else positive
        nonzero = nonzero | form.nonzero if form.nonzero else nonzero
    return positive, nonzero


def edge(relation: str, *polynomials: Polynomial) -> frozenset[str]:
    """A condition on polynomials with kinks, such as min(0, x), which can be zero on whole regions.

    There a root has a value and a logarithm has none; of other polynomials the zeros are single points or lines, and
    single gaps make no difference. relation: what the expression asks of them.
    """
    return frozenset(f"{relation} {text(p)}" for p in polynomials if has_kinks(p, alone=len(p) == 1))


def has_kinks(polynomial: Polynomial, alone: bool = False) -> bool:
    """Whether a minimum or an absolute value takes part. alone: |x| by itself is zero where x is."""
    for generator in {g for monomial in polynomial for g, _ in monomial}:
        if generator.kind in ("min", "quotient-exp"):
            return True
        if isinstance(generator.content, dict):
            inner: Polynomial = generator.content
            if generator.bent is None:
                generator.bent = has_kinks(inner)
            if generator.bent or (generator.kind == "root" and not alone and (_of_real(inner) or sign(inner) == 0)):
                return True
    return False


def _of_real(polynomial: Polynomial) -> bool:
    return any(generator.range == "real" for monomial in polynomial for generator, _ in monomial)


def positive_monomial(form: Form) -> Polynomial | None:
    """The single term that a form is, if it is a product of powers of positive atoms and a positive number."""
    if form.denominator is not ONE or len(form.numerator) != 1 or form.positive or form.nonzero:
        return None
    ((monomial, coefficient),) = form.numerator.items()
    if coefficient > 0 and all(g.kind == "atom" and g.range in ("unit", "positive") for g, _ in monomial):
        return form.numerator
    return None


def negated(form: Form) -> Form:
    return Form({m: -c for m, c in form.numerator.items()}, form.denominator, form.positive, form.nonzero)


def positive_generator(factor: Polynomial) -> Generator | None:
    ((monomial, coefficient),) = factor.items()
    if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0].range in ("unit", "positive"):
        return monomial[0][0]
    return None


def quotient_inside(factor: Polynomial) -> tuple[Polynomial, Polynomial] | None:
    """The numerator and denominator of which the factor is the exponential, if it is one."""
    ((monomial, coefficient),) = factor.items() if len(factor) == 1 else (((), 1),)
    if coefficient != 1 or len(monomial) != 1 or monomial[0][1] != 1 or monomial[0][0].kind != "quotient-exp":
        return None
    inside: tuple[Polynomial, Polynomial] = monomial[0][0].content
    return inside


def linear(polynomial: Polynomial) -> bool:
    """Whether some generator stands in one term only, alone and to the first power: then nothing factors."""
    seen: dict[Generator, int] = {}
    for monomial in polynomial:
        for generator, _ in monomial:
            seen[generator] = seen.get(generator, 0) + 1
    return any(
        len(monomial) == 1 and monomial[0][1] == 1 and seen[monomial[0][0]] == 1 and not monomial[0][0].reduces
        for monomial in polynomial
    )
