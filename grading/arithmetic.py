"""Arithmetic of normal forms: what their sums, products, powers and functions are, as normal forms again.

Nothing here knows of expressions; `grading.canonical` walks over these.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from grading.forms import (
    Divisor,
    Factors,
    Form,
    conditions,
    edge,
    linear,
    negated,
    positive_generator,
    positive_monomial,
    quotient_inside,
)
from grading.integers import price, prime_factors
from grading.polynomials import (
    MAX_EXPONENT_BITS,
    ONE,
    Fuel,
    Generator,
    OutOfFuel,
    Polynomial,
    Range,
    Rational,
    UndefinedEverywhere,
    add,
    constant,
    content,
    divide,
    exact,
    multiply,
    power,
    reciprocal,
    scale,
    text,
    variable,
)
from grading.polynomials import exponent as exact_exponent
from grading.positivity import atoms_of, plainly_positive, proven_sign, range_of_log


def log_of_atom(atom: Generator) -> Generator:
    """The unknown that the logarithm of an unknown is."""
    return _log_of_atom(atom, atom.range)


@lru_cache(maxsize=16384)
def _log_of_atom(atom: Generator, range_: Range) -> Generator:
    """The unknown that the logarithm of a generator of this range is; generators of one text may differ in it."""
    return Generator(f"ln {atom}", "log", "negative" if range_ == "unit" else "real", variable(atom))


@lru_cache(maxsize=16384)
def _log_of_prime(value: int) -> Generator:
    """The logarithm of a prime, or of a large number that was not taken apart."""
    return Generator(f"ln {value}", "log", "positive", {(): value})


class Arithmetic:
    """Computes with forms, with one tank of fuel.

    refinement: {atom: k}: factors are sought over the k-th root of the atom, so that 1 − p and (1 − √p)(1 + √p) factor
    alike. supposes: whether a sign is supposed where none is proven.
    """

    supposes = False

    def __init__(self, fuel: Fuel, refinement: Mapping[str, int]) -> None:
        self.fuel, self.refinement = fuel, refinement

    def add(self, left: Form, right: Form) -> Form:
        positive, nonzero = conditions((left, right))
        if left.denominator == right.denominator:
            return Form(add(left.numerator, right.numerator, self.fuel), left.denominator, positive, nonzero)
        above = add(
            multiply(left.numerator, right.denominator, self.fuel),
            multiply(right.numerator, left.denominator, self.fuel),
            self.fuel,
        )
        return Form(above, multiply(left.denominator, right.denominator, self.fuel), positive, nonzero)

    def multiply(self, left: Form, right: Form) -> Form:
        return Form(
            multiply(left.numerator, right.numerator, self.fuel),
            multiply(left.denominator, right.denominator, self.fuel),
            *conditions((left, right)),
        )

    def inverse(self, form: Form) -> Form:
        if not form.numerator:
            raise UndefinedEverywhere("a division by zero")
        if (single := positive_monomial(form)) is not None:
            ((powers, factor),) = single.items()
            return Form({tuple((g, -e) for g, e in powers): reciprocal(factor)})
        coefficient, monomial, rest = content(form.numerator, self.fuel)
        below = rest
        above = form.denominator
        for generator, exponent in monomial:  # 1/√f is √f/f
            if generator.kind == "root":
                above = multiply(above, variable(generator, exact(1 - exponent)), self.fuel)
                below = multiply(below, generator.content, self.fuel)
        simple = tuple((g, e) for g, e in monomial if g.kind != "root")
        above = multiply(above, power({simple: coefficient}, -1, self.fuel), self.fuel)
        nonzero = form.nonzero | self.divisors(form.numerator)
        return Form(above, below, form.positive | self.edge("≠", form.numerator), nonzero)

    def divisors(self, *polynomials: Polynomial) -> frozenset[Divisor]:
        """Those that may be zero somewhere."""
        doubtful = [polynomial for polynomial in polynomials if not plainly_positive(polynomial)]
        return frozenset(Divisor(p) for p in doubtful if atoms_of(p) or not self.sign(p))

    def edge(self, relation: str, *polynomials: Polynomial) -> frozenset[str]:
        return frozenset() if self.supposes else edge(relation, *polynomials)

    def sign(self, polynomial: Polynomial) -> int:
        """The sign that is proven almost everywhere, or that is supposed; 0 if there is none."""
        known = proven_sign(polynomial, self.fuel)
        return self.supposed(polynomial) if self.supposes and polynomial and not known else known

    def supposed(self, polynomial: Polynomial) -> int:
        """The sign of what has no proven one, where something is supposed of it; here nothing is."""
        return 0

    # --- factors

    def factors(self, polynomial: Polynomial) -> Factors:
        """The polynomial as a sign times powers of primes, generators and irreducible polynomials of positive sign."""
        coefficient, monomial, rest = content(polynomial, self.fuel)
        overall = 1 if coefficient > 0 else -1
        powers: list[tuple[Polynomial, Rational, bool]] = []
        for value, direction in ((abs(coefficient.numerator), 1), (coefficient.denominator, -1)):
            powers += ((constant(prime), direction * k, True) for prime, k in self.primes(value))
        for generator, exponent in monomial:
            known = self.sign(variable(generator))
            if known < 0:
                overall *= (-1) ** (int(exponent) % 2)
            powers.append((scale(variable(generator), known or 1), exponent, known != 0))
        turned, parts = self.irreducible(rest)
        overall *= turned
        for factor, k in parts:
            known = self.sign(factor)
            if known < 0:
                overall *= (-1) ** (int(k) % 2)
            powers.append((scale(factor, known or 1), k, known != 0))
        return Factors(overall, tuple(powers))

    def primes(self, value: int) -> tuple[tuple[int, int], ...]:
        self.fuel.spend(price(value))
        return prime_factors(value)

    def irreducible(self, primitive: Polynomial) -> tuple[int, list[tuple[Polynomial, Rational]]]:
        if primitive == ONE:
            return 1, []
        if not self.refinement and linear(primitive):
            return 1, [(primitive, 1)]
        from grading.slow import factor

        return factor(primitive, self.refinement, self.fuel)

    def all_factors(self, form: Form) -> Factors:
        if not form.numerator:
            raise UndefinedEverywhere("the logarithm of zero")
        above, below = self.factors(form.numerator), self.factors(form.denominator)
        collected: dict[str, tuple[Polynomial, Rational, bool]] = {}
        for polynomial, exponent, known in (*above.powers, *((p, -e, known) for p, e, known in below.powers)):
            name = text(polynomial, self.fuel)
            before = collected[name][1] if name in collected else 0
            collected[name] = (polynomial, exact(before + exponent), known)
        return Factors(above.sign * below.sign, tuple(entry for entry in collected.values() if entry[1]))

    def condition(self, factors: Factors) -> frozenset[str]:
        """What must be positive for the product of the factors to be positive; nothing if that is proven."""
        odd = sorted(
            text(p, self.fuel)
            for p, e, known in factors.powers
            if not known and (e.denominator != 1 or e.numerator % 2)
        )
        if odd:
            return frozenset((("" if factors.sign > 0 else "-") + "·".join(f"({t})" for t in odd),))
        if factors.sign < 0:
            raise UndefinedEverywhere("the logarithm or root of a negative number")
        return frozenset()

    # --- functions

    def log(self, form: Form) -> Form:
        if (split := self.log_of_monomial(form)) is not None:
            return split
        factors = self.all_factors(form)
        total: Polynomial = {}
        polynomials: list[Polynomial] = []
        quotients: list[Form] = []
        for polynomial, exponent, _ in factors.powers:
            if (inside := quotient_inside(polynomial)) is not None:
                above, below = inside
                quotients.append(self.multiply(Form(scale(above, exponent)), self.inverse(Form(below))))
                continue
            total = add(total, scale(self.log_of_factor(polynomial), exponent), self.fuel)
            polynomials.append(polynomial)
        conditions = self.condition(factors) | self.edge(">", *polynomials)
        result = Form(total, ONE, form.positive | conditions, form.nonzero | self.divisors(*polynomials))
        for quotient in quotients:
            result = self.add(result, quotient)
        return result

    def log_of_monomial(self, form: Form) -> Form | None:
        """The logarithm of a product of powers of positive atoms and a positive number, by the short way."""
        if (single := positive_monomial(form)) is None:
            return None
        ((monomial, coefficient),) = single.items()
        total: Polynomial = {}
        for generator, exponent in monomial:
            total[((_log_of_atom(generator, generator.range), 1),)] = exponent
        if coefficient != 1:
            for value, direction in ((coefficient.numerator, 1), (coefficient.denominator, -1)):
                for prime, exponent in self.primes(value):
                    total[((_log_of_prime(prime), 1),)] = direction * exponent
        return Form(total)

    def log_of_factor(self, factor: Polynomial) -> Polynomial:
        """ln |factor| as a polynomial: one unknown, or what the factor is the exponential or root of."""
        if len(factor) == 1:
            ((monomial, coefficient),) = factor.items()
            if monomial:
                ((generator, _),) = monomial
                if generator.kind == "exp":
                    return generator.content  # type: ignore[no-any-return]
                if generator.reduces:
                    return self.log(Form(generator.content)).numerator
                if coefficient == 1:
                    return variable(_log_of_atom(generator, generator.range))
            elif type(coefficient) is int:
                return variable(_log_of_prime(coefficient))
        name = text(factor, self.fuel)
        name = f"ln {name}" if len(factor) == 1 else f"ln({name})"
        return variable(Generator(name, "log", range_of_log(factor, self.fuel), factor))

    def power(self, base: Form, exponent: Form) -> Form:
        if exponent.denominator == ONE and (not exponent.numerator or set(exponent.numerator) == {()}):
            value = exponent.numerator.get((), 0)
            return self.rational_power(base, value)
        known = self.sign(exponent.numerator) * self.sign(exponent.denominator)
        if not base.numerator:
            return self.power_of_zero(known, base, exponent)
        result = self.exp(self.multiply(exponent, self.log(base)))
        if known > 0:  # a power of zero has a value where the logarithm of zero has none
            result = result._replace(nonzero=base.nonzero | exponent.nonzero)
        edges = self.edge("^", base.numerator, base.denominator, exponent.numerator, exponent.denominator)
        return result._replace(positive=result.positive | edges)

    def power_of_zero(self, known: int, base: Form, exponent: Form) -> Form:
        """known: the sign of the exponent."""
        if known < 0:
            raise UndefinedEverywhere("a division by zero")
        if not known:
            raise OutOfFuel("zero has a power whose sign is not known")
        return Form({}, ONE, *conditions((base, exponent)))

    def rational_power(self, base: Form, exponent: Rational) -> Form:
        if (single := positive_monomial(base)) is not None and exponent.numerator.bit_length() < MAX_EXPONENT_BITS:
            ((monomial, coefficient),) = single.items()
            if exponent and coefficient == 1 and all(type(e) is int and -99 < e < 99 for _, e in monomial):
                return Form({tuple((g, exact_exponent(e * exponent)) for g, e in monomial): 1})
        if exponent.denominator == 1:
            whole = exponent.numerator
            if whole.bit_length() > MAX_EXPONENT_BITS:
                raise OutOfFuel("an exponent grows too large")
            if whole < 0:
                base = self.inverse(base)
            above = power(base.numerator, abs(whole), self.fuel)
            return base._replace(numerator=above, denominator=power(base.denominator, abs(whole), self.fuel))
        if not base.numerator:
            if exponent < 0:
                raise UndefinedEverywhere("a division by zero")
            return base
        self.fuel.spend(20)
        factors = self.all_factors(base)
        edges = self.edge("≥" if exponent > 0 else ">", *(polynomial for polynomial, _, _ in factors.powers))
        result = Form(ONE, ONE, base.positive | self.condition(factors) | edges, base.nonzero)
        for polynomial, k, known in factors.powers:
            result = self.multiply(result, self.factor_power(polynomial, exact(k * exponent), known))
        return result

    def factor_power(self, factor: Polynomial, exponent: Rational, known: bool) -> Form:
        """|factor| to a rational power."""
        if not known:
            if exponent.denominator == 1 and exponent.numerator % 2 == 0:
                return self.rational_power(Form(factor), exponent)
            factor, exponent = power(factor, 2, self.fuel), exact(Fraction(exponent) / 2)
        if exponent.numerator.bit_length() > MAX_EXPONENT_BITS:
            raise OutOfFuel("an exponent grows too large")
        if len(factor) == 1 and (generator := positive_generator(factor)):
            if not generator.reduces:
                divisors = self.divisors(factor) if exponent < 0 else frozenset()
                return Form(variable(generator, exponent), ONE, frozenset(), divisors)
            return self.rational_power(Form(generator.content), exponent)
        whole = math.floor(exponent)
        result = self.rational_power(Form(factor), whole)
        if exponent == whole:
            return result
        name = text(factor, self.fuel)
        kind = "prime" if set(factor) == {()} else "root"
        root = Generator(name if kind == "prime" else f"root({name})", kind, "positive", factor)
        return self.multiply(result, Form(variable(root, exact(exponent - whole))))

    def exp(self, form: Form) -> Form:
        result = Form(ONE, ONE, form.positive, form.nonzero)
        whole = divide(form.numerator, form.denominator, self.fuel) if form.denominator is not ONE else None
        if whole is not None:
            form = form._replace(numerator=whole, denominator=ONE)
        for monomial, coefficient in form.numerator.items():
            if coefficient.numerator.bit_length() > MAX_EXPONENT_BITS:
                raise OutOfFuel("an exponent grows too large")
            if form.denominator == ONE and len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0].kind == "log":
                argument: Polynomial = monomial[0][0].content
                result = self.multiply(result, self.factor_power(argument, coefficient, self.sign(argument) > 0))
                continue
            name = text({monomial: 1}, self.fuel)
            if form.denominator != ONE:
                name = f"{name} / ({text(form.denominator, self.fuel)})"
                generator = Generator(f"exp({name})", "quotient-exp", "positive", ({monomial: 1}, form.denominator))
            else:
                generator = Generator(f"exp({name})", "exp", "positive", {monomial: 1})
            result = self.multiply(result, Form(variable(generator, coefficient)))
        return result

    def absolute(self, form: Form) -> Form:
        known = self.sign(form.numerator) * self.sign(form.denominator)
        if known or not form.numerator:
            return form._replace(numerator=scale(form.numerator, known or 1))
        result = Form(ONE, ONE, form.positive, form.nonzero)
        for polynomial, k, proven in self.all_factors(form).powers:
            result = self.multiply(result, self.factor_power(polynomial, k, proven))
        return result

    def extremum(self, which: str, forms: list[Form]) -> Form:
        """min and max by order where it is proven; of two by (a + b ∓ |a − b|)/2; else an unknown of its own."""
        flip = 1 if which == "min" else -1
        positive, nonzero = conditions(forms)
        kept: list[Form] = []
        for form in forms:
            orders = [self.order(form, other) for other in kept]
            if any(order is not None and flip * order >= 0 for order in orders):
                continue
            kept = [other for other, order in zip(kept, orders, strict=True) if order is None] + [form]
        if len(kept) == 2:
            difference = self.absolute(self.add(kept[0], negated(kept[1])))
            total = self.add(self.add(kept[0], kept[1]), difference if flip < 0 else negated(difference))
            result = total._replace(numerator=scale(total.numerator, Fraction(1, 2)))
        elif len(kept) == 1:
            result = kept[0]
        else:
            inner = sorted(str(form if flip > 0 else negated(form)) for form in kept)
            result = Form(scale(variable(Generator(f"min({', '.join(inner)})", "min", "real")), flip))
        return result._replace(positive=positive | result.positive, nonzero=nonzero | result.nonzero)

    def order(self, left: Form, right: Form) -> int | None:
        """The proven sign of left − right; None if it is not proven."""
        difference = self.add(left, negated(right))
        if not difference.numerator:
            return 0
        return (self.sign(difference.numerator) * self.sign(difference.denominator)) or None
