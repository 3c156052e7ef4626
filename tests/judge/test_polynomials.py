"""The arithmetic of the normal form: exact, paid for, and the same whatever came before."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading import Language, parse_expression
from grading.bernstein import box_sign
from grading.canonical import Builder
from grading.equivalence import World
from grading.integers import TRIAL_LIMIT, price, prime_factors
from grading.polynomials import (
    Fuel,
    Generator,
    OutOfFuel,
    Polynomial,
    Rational,
    add,
    content,
    divide,
    exponent,
    multiply,
    power,
    scale,
    sign,
    text,
)
from grading.residues import PRIME, differ, residue
from grading.unknowns import LONGEST_NAME

X, Y = (Generator(name, "atom", "positive") for name in "xy")
FOUR = Generator("4", "prime", "positive", {(): 4})
ROOT = Generator("root(9 + 16·x)", "root", "positive", {(): 9, ((X, 1),): 16})
VALUES: dict[Generator, Fraction] = {X: Fraction(4), Y: Fraction(9, 4), FOUR: Fraction(4), ROOT: Fraction(73)}
SQUARE = {X: Fraction(2), Y: Fraction(3, 2), FOUR: Fraction(2)}
"""The roots of the values, so that halves as exponents have rational values."""

numbers = st.one_of(st.integers(-20, 20), st.fractions(-5, 5, max_denominator=60)).filter(bool)
halves = st.fractions(-2, 3, max_denominator=2).filter(bool)


def exact(value: Fraction) -> Rational:
    return value.numerator if value.denominator == 1 else value


@st.composite
def polynomials(draw: st.DrawFn) -> Polynomial:
    """Terms in x, y to halves as powers, and √4."""
    found: Polynomial = {}
    for _ in range(draw(st.integers(1, 4))):
        powers: list[tuple[Generator, Rational]] = [
            (generator, exponent(exact(draw(halves)))) for generator in (X, Y) if draw(st.booleans())
        ]
        if draw(st.booleans()):
            powers.append((FOUR, exponent(Fraction(1, 2))))
        found[tuple(sorted(powers))] = exact(Fraction(draw(numbers)))
    return found


def value(polynomial: Polynomial) -> Fraction:
    total = Fraction(0)
    for monomial, coefficient in polynomial.items():
        term = Fraction(coefficient)
        for generator, e in monomial:
            term *= SQUARE[generator] ** int(2 * e)
        total += term
    return total


@settings(max_examples=300, deadline=None)
@given(polynomials(), polynomials(), st.integers(0, 4))
def test_arithmetic_is_that_of_the_values(left: Polynomial, right: Polynomial, whole: int) -> None:
    fuel = Fuel(10**9)
    made = multiply(left, right, fuel)
    assert value(made) == value(left) * value(right)
    assert made == multiply(right, left, fuel)
    assert value(add(left, right, fuel)) == value(left) + value(right)
    assert value(power(left, whole, fuel)) == value(left) ** whole
    assert all(c and (type(c) is int or c.denominator > 1) for c in made.values())
    assert all(0 < e < 1 for monomial in made for g, e in monomial if g is FOUR)
    factor, monomial, rest = content(made or {(): 1})
    assert multiply({monomial: factor}, rest, fuel) == (made or {(): 1})


@settings(max_examples=100, deadline=None)
@given(polynomials(), polynomials())
def test_a_product_is_divided_again(left: Polynomial, right: Polynomial) -> None:
    plain = [{m: c for m, c in p.items() if all(g in (X, Y) and e > 0 for g, e in m)} for p in (left, right)]
    assume(all(plain))
    fuel = Fuel(10**9)
    assert divide(multiply(plain[0], plain[1], fuel), plain[1], fuel) == plain[0]


def test_powers_of_roots_are_carried_out() -> None:
    fuel = Fuel()
    root: Polynomial = {((ROOT, exponent(Fraction(1, 2))),): 1, (): 1}
    assert multiply(root, root, fuel) == {(): 10, ((X, 1),): 16, ((ROOT, Fraction(1, 2)),): 2}
    assert power({((ROOT, Fraction(1, 2)),): 2}, 4, fuel) == {(): 16 * 81, ((X, 1),): 16 * 288, ((X, 2),): 16 * 256}
    with pytest.raises(OutOfFuel):
        power({((ROOT, Fraction(1, 2)),): 1}, -1, fuel)


def test_a_power_of_a_sum_with_a_root_is_paid_for() -> None:
    fuel = Fuel()
    base: Polynomial = {((ROOT, exponent(Fraction(1, 2))), (Y, 1)): 1, ((X, 1),): 3, ((Y, 2),): 1}
    with pytest.raises(OutOfFuel):
        power(base, 40, fuel)


@pytest.mark.parametrize("bits", [10, 600, 4_000])
def test_long_numbers_cost_more(bits: int) -> None:
    def cost(size: int) -> int:
        fuel = Fuel(10**9)
        long: Polynomial = {((X, k),): Fraction((1 << size) + 2 * k + 1, 3) for k in range(5)}
        try:
            multiply(long, {((Y, 1),): 1, (): Fraction(1, 7)}, fuel)
        except OutOfFuel:
            return 10**9
        return 10**9 - fuel.steps

    assert cost(bits) <= cost(bits * 4)
    assert cost(4_000) > 3 * cost(10)


def test_exponents_are_fractions() -> None:
    for pair in ((1, 2), (-7, 3), (10**50, 3)):
        plain, made = Fraction(*pair), exponent(Fraction(*pair))
        assert (made, hash(made)) == (plain, hash(plain))
        assert exponent(made) is made
        assert {((X, made),): 1} == {((X, plain),): 1}
    assert type(exponent(Fraction(4, 2))) is int


def test_long_names_are_short_and_their_own() -> None:
    names = ["x" * (LONGEST_NAME + 1) + end for end in ("a", "b")]
    first, second = (Generator(name, "root", "positive", {(): 1}) for name in names)
    assert first != second
    assert first == Generator(names[0], "root", "positive", {(): 1})
    assert max(len(first), len(second)) < 200
    assert len(Generator(names[0], "atom", "unit")) == len(names[0])
    assert str(first).startswith("x" * 80)


def test_unknowns_in_unknowns_have_short_texts() -> None:
    nested = "p"
    for _ in range(19):
        nested = f"abs({nested} - q)"
    language = Language(any_name=True)
    form = Builder(language, fuel=Fuel(1_000_000)).form(parse_expression(nested, language))  # texts, not the tank
    assert len(text(form.numerator)) < 10 * LONGEST_NAME


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 2)), st.integers(-9, 9), min_size=1, max_size=6))
def test_bernstein_coefficients(terms: dict[tuple[int, ...], int]) -> None:
    degrees = [max(place[k] for place in terms) for k in range(2)]
    coefficients = [
        sum(
            c
            * Fraction(math.comb(i, p), math.comb(degrees[0], p))
            * Fraction(math.comb(j, q), math.comb(degrees[1], q))
            for (p, q), c in terms.items()
        )
        for i, j in itertools.product(*(range(d + 1) for d in degrees))
    ]
    signs = {(c > 0) - (c < 0) for c in coefficients} - {0}
    assert box_sign(terms, degrees) == (signs.pop() if len(signs) == 1 else 0)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 2)), st.integers(-9, 9).filter(bool), min_size=1),
    st.lists(st.tuples(*[st.fractions(0, 1, max_denominator=20)] * 2), min_size=5, max_size=5),
)
def test_a_sign_is_that_of_values(terms: dict[tuple[int, int], int], points: list[Any]) -> None:
    p, q = (Generator(name, "atom", "unit") for name in "pq")
    polynomial: Polynomial = {
        tuple((g, e) for g, e in zip((p, q), place, strict=True) if e): c for place, c in terms.items()
    }
    found = sign(polynomial, Fuel())
    assert found == sign(polynomial)
    for a, b in points:
        total = sum(c * a**i * b**j for (i, j), c in terms.items())
        assert not found or total * found >= 0


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**30))
def test_prime_factors(number: int) -> None:
    found = prime_factors(number)
    assert math.prod(prime**k for prime, k in found) == number
    by_trial = sympy.factorint(number, limit=TRIAL_LIMIT, use_rho=False, use_pm1=False, use_ecm=False)
    small = {int(q): int(k) for q, k in by_trial.items() if q < TRIAL_LIMIT}
    assert {prime: k for prime, k in found if prime < TRIAL_LIMIT} == small
    assert sum(prime >= TRIAL_LIMIT for prime, _ in found) <= 1
    assert price(number) >= 1


LARGE = (19_997**2, 19_997 * 20_011, 20_011**2, 2**200 * 3**100, math.factorial(300))


@pytest.mark.parametrize("number", [1, 2, 4, 19_997, *LARGE])
def test_prime_factors_at_the_limit(number: int) -> None:
    found = prime_factors(number)
    assert math.prod(prime**k for prime, k in found) == number
    assert [prime for prime, _ in found] == sorted({prime for prime, _ in found})
    assert all(sympy.isprime(prime) for prime, _ in found if prime < TRIAL_LIMIT)
    rest = [prime for prime, _ in found if prime >= TRIAL_LIMIT]
    assert all(rest[0] % prime for prime in sympy.primerange(TRIAL_LIMIT) if rest)


@pytest.mark.parametrize(
    "typed",
    ["log(1-p^2) + log(p q)", "sqrt(p^2 + q)/log(12 p)", "abs(p - q) + log(p^3 - q^3)", "log(2 p) log(1 - p)^2"],
)
def test_the_fuel_that_a_form_takes_is_always_the_same(typed: str) -> None:
    language = Language(any_name=True)
    tree = parse_expression(typed, language)
    taken = []
    world = World(language)
    for known in ({}, {}, world._known, world._known):
        fuel = Fuel()
        form = Builder(language, fuel=fuel, known=known).form(tree)
        taken.append((fuel.steps, str(form)))
    assert len(set(taken)) == 1


def test_scaling_keeps_within_the_limit() -> None:
    with pytest.raises(OutOfFuel):
        scale({(): 1 << 4_000}, 1 << 200)


@settings(max_examples=200, deadline=None)
@given(polynomials(), polynomials(), polynomials())
def test_residues_are_values(left: Polynomial, right: Polynomial, third: Polynomial) -> None:
    left, right, third = (
        {m: c for m, c in p.items() if all(g is not FOUR for g, _ in m)} for p in (left, right, third)
    )
    assume(left and right and third)
    fuel = Fuel(10**9)
    a, b = residue(left), residue(right)
    assert a is not None
    assert b is not None
    assert residue(multiply(left, right, fuel)) == a * b % PRIME
    assert residue(add(left, right, fuel)) == (a + b) % PRIME
    assert not differ(left, right, multiply(left, third, fuel), multiply(right, third, fuel))
    if left != right:
        assert differ(left, {(): 1}, right, {(): 1})
    assert residue({((FOUR, Fraction(1, 2)),): 1}) is None
