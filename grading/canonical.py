"""The normal form of an expression: a quotient of two polynomials over independent unknowns.

Every logarithm is split over the factors of its argument; what remains are logarithms of atoms, of primes and of
irreducible polynomials, which are independent of one another, so that two expressions of this class are equal exactly
if their forms are. A logarithm is split only where the sign of the factors is proven; where it is not, the form carries
the condition under which it is defined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from typing import Any, Protocol

from grading.arithmetic import Arithmetic, log_of_atom
from grading.atoms import identify, name_of
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
    comes_again,
    is_small,
)
from grading.forms import (
    Form,
    conditions,
    negated,
)
from grading.keys import Assumption
from grading.parsing.language import Language
from grading.polynomials import (
    ONE,
    Fuel,
    Generator,
    Polynomial,
    Range,
    Rational,
    UndefinedEverywhere,
    add_all,
    checked,
    constant,
    exact,
    reciprocal,
    scale,
    variable,
)

MOST_KNOWN = 10_000  # nodes whose form is kept for one language


_RANGES: dict[Assumption, Range] = {"probability": "unit", "positive": "positive", "real": "real"}


@lru_cache(maxsize=16384)
def atom_generator(leaf: Symbol | Probability, assumption: Assumption) -> Generator:
    """The unknown that an identified leaf is."""
    return Generator(name_of(leaf), "atom", _RANGES[assumption] if isinstance(leaf, Symbol) else "unit", leaf)


class Case(Protocol):
    """Suppositions about signs that cannot be proven."""

    def sign(self, polynomial: Polynomial, builder: Builder) -> int:
        """1 or -1: the supposed sign."""


class Builder(Arithmetic):
    """Builds forms under one set of assumptions, with one tank of fuel.

    assumption: of symbols that the language does not declare. refinement: {atom: k}: factors are sought over the k-th
    root of the atom, so that 1 − p and (1 − √p)(1 + √p) factor alike. known: forms of logarithms that were met before
    in the same language, each with the fuel that it took: it is paid for again, so that what was judged earlier has no
    influence. case: the sign of what has no proven sign; None: it has none.
    """

    def __init__(
        self,
        language: Language,
        assumption: Assumption = "probability",
        fuel: Fuel | None = None,
        refinement: Mapping[str, int] | None = None,
        known: dict[Expression, tuple[Form, int]] | None = None,
        case: Case | None = None,
    ) -> None:
        super().__init__(fuel or Fuel(), dict(refinement or {}))
        self.language, self.assumption = language, assumption
        self.known = {} if known is None else known
        self.case, self.supposes = case, case is not None

    def supposed(self, polynomial: Polynomial) -> int:
        """The sign that the case supposes."""
        return 0 if self.case is None else self.case.sign(polynomial, self)

    def form(self, node: Expression) -> Form:
        """The form of a tree; raises OutOfFuel or UndefinedEverywhere."""
        return self.once(node) if type(node) is Logarithm else _RULES[type(node)](self, node)

    def of_sum(self, node: Sum) -> Form:
        forms, signs = [], []
        plain = True
        for term in node.terms:
            sign_ = 1
            while isinstance(term, Negation):
                term, sign_ = term.operand, -sign_
            kind = type(term)
            again = kind is Logarithm or comes_again(term)
            form = self.once(term) if again else _RULES[kind](self, term)
            plain = plain and form.denominator is ONE
            forms.append(form)
            signs.append(sign_)
        if not plain:
            return reduce(self.add, [f if s > 0 else negated(f) for f, s in zip(forms, signs, strict=True)])
        return Form(add_all([form.numerator for form in forms], signs, self.fuel), ONE, *conditions(forms))

    def once(self, node: Expression) -> Form:
        """The form of a node that is worth keeping, at the price that it had the first time."""
        if (met := self.known.get(node)) is not None:
            self.fuel.spend(met[1])
            return met[0]
        before = self.fuel.steps
        form = _RULES[type(node)](self, node)
        if len(self.known) < MOST_KNOWN and is_small(node):
            self.known[node] = form, before - self.fuel.steps
        return form

    def of_product(self, node: Product) -> Form:
        factor: Rational = 1
        result: Form | None = None
        for part in node.factors:
            form = self.form(part)
            value = form.number()
            if value is None:
                result = form if result is None else self.multiply(result, form)
            else:
                factor = value if type(factor) is int and factor == 1 else factor * value
        return Form(constant(checked(factor))) if result is None else self.scaled(result, exact(factor))

    def scaled(self, form: Form, factor: Rational) -> Form:
        if type(factor) is int and factor == 1:
            return form
        checked(factor)
        return Form(scale(form.numerator, factor), form.denominator, form.positive, form.nonzero)

    def of_negation(self, node: Negation) -> Form:
        return negated(self.form(node.operand))

    def of_quotient(self, node: Quotient) -> Form:
        above, below = self.form(node.numerator), self.form(node.denominator)
        value = below.number()
        return self.multiply(above, self.inverse(below)) if not value else self.scaled(above, reciprocal(value))

    def of_power(self, node: Power) -> Form:
        exponent = self.form(node.exponent)
        if isinstance(node.base, Power) and (plain := self.root_of_power(node.base, exponent)) is not None:
            return plain
        return self.power(self.form(node.base), exponent)

    def root_of_power(self, inner: Power, exponent: Form) -> Form | None:
        """(x^k)^r as |x|^(k·r) where k is even and the sign of x is known: x^k need not be multiplied out."""
        outer, whole = exponent.number(), self.form(inner.exponent).number()
        if outer is None or whole is None or outer <= 0 or outer.denominator == 1 or whole <= 0 or whole % 2:
            return None
        base = self.form(inner.base)
        if not base.numerator or not self.sign(base.numerator) * self.sign(base.denominator):
            return None
        return self.rational_power(self.absolute(base), exact(outer * whole))

    def of_logarithm(self, node: Logarithm) -> Form:
        form = self.leaf_log(node.argument) or self.log(self.form(node.argument))
        if node.base is not None:
            form = self.multiply(form, self.inverse(self.log_of_base(node.base)))
        return form

    def of_exponential(self, node: Exponential) -> Form:
        return self.exp(self.form(node.argument))

    def of_absolute_value(self, node: AbsoluteValue) -> Form:
        return self.absolute(self.form(node.argument))

    def of_extremum(self, node: Extremum) -> Form:
        return self.extremum(node.which, [self.form(argument) for argument in node.arguments])

    def of_number(self, node: Number) -> Form:
        return _number(node)

    # --- leaves

    def leaf(self, node: Symbol | Probability) -> Form:
        meant = identify(node, self.language)
        if not isinstance(meant, Symbol | Probability):
            return self.form(meant)
        return Form(variable(self.generator(meant)))

    def generator(self, leaf: Symbol | Probability) -> Generator:
        declared = (
            self.language.assumptions.get(leaf.name, self.assumption) if isinstance(leaf, Symbol) else "probability"
        )
        return atom_generator(leaf, declared)

    def leaf_log(self, argument: Expression) -> Form | None:
        """The logarithm of a single probability, by the short way."""
        if not isinstance(argument, Symbol | Probability):
            return None
        meant = identify(argument, self.language)
        if not isinstance(meant, Symbol | Probability):
            return None
        atom = self.generator(meant)
        return Form(variable(log_of_atom(atom))) if atom.range == "unit" else None

    def log_of_base(self, base: Expression) -> Form:
        form = self.log(self.form(base))
        if not form.numerator:
            raise UndefinedEverywhere("a logarithm to base 1")
        return form


_RULES: dict[type, Callable[[Builder, Any], Form]] = {
    Sum: Builder.of_sum,
    Product: Builder.of_product,
    Negation: Builder.of_negation,
    Quotient: Builder.of_quotient,
    Power: Builder.of_power,
    Logarithm: Builder.of_logarithm,
    Exponential: Builder.of_exponential,
    AbsoluteValue: Builder.of_absolute_value,
    Extremum: Builder.of_extremum,
    Number: Builder.of_number,
    Symbol: Builder.leaf,
    Probability: Builder.leaf,
}


@lru_cache(maxsize=4096)
def _number(node: Number) -> Form:
    return Form(constant(exact(node.value)))
