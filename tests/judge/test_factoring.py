"""Factors by exact arithmetic are those of sympy, and what is common needs no sympy."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import factoring, slow, univariate
from grading.factoring import Whole, factors_of
from grading.polynomials import Fuel, Generator, OutOfFuel, Polynomial, multiply, power, scale
from grading.univariate import Undecided

P, Q, R = (Generator(name, "atom", "unit") for name in "pqr")


def by_sympy(polynomial: Whole) -> list[tuple[Any, int]]:
    names = sympy.symbols(f"g0:{len(next(iter(polynomial)))}")
    _, found = sympy.Poly.from_dict(polynomial, *names, domain="ZZ").factor_list()
    return normal([({tuple(map(int, e)): int(c) for e, c in f.terms()}, int(k)) for f, k in found])


def normal(factors: list[tuple[Whole, int]]) -> list[tuple[Any, int]]:
    return sorted((sorted(factoring._primitive(factor).items()), k) for factor, k in factors)


def product(factors: list[Whole]) -> Whole:
    result = {(0,) * len(next(iter(factors[0]))): 1}
    for factor in factors:
        result = factoring._times(result, factor, Fuel(10**9))
    return result


@st.composite
def factors_to_find(draw: st.DrawFn) -> Whole:
    """A product of a few short polynomials, some to a power."""
    count = draw(st.integers(1, 4))
    place = st.tuples(*[st.sampled_from((0, 0, 1, 2, 3))] * count)
    short = st.dictionaries(place, st.integers(-9, 9).filter(bool), min_size=2, max_size=4)
    parts = draw(st.lists(st.tuples(short, st.integers(1, 3)), min_size=1, max_size=3))
    return product([part for part, times in parts for _ in range(times)])


@settings(max_examples=300, deadline=None)
@given(factors_to_find())
def test_factors_are_those_of_sympy(polynomial: Whole) -> None:
    found, steps = factors_of(polynomial)
    assert 0 < steps <= factoring.STEPS
    if found is not None:
        assert normal(found) == by_sympy(polynomial)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(-9, 9), min_size=2, max_size=5).filter(lambda p: p[-1] != 0 and p[0] != 0),
        min_size=1,
        max_size=4,
    )
)
def test_factors_in_one_unknown_are_those_of_sympy(parts: list[list[int]]) -> None:
    polynomial = product([{(k,): c for k, c in enumerate(part) if c} for part in parts])
    line = [polynomial.get((k,), 0) for k in range(max(polynomial)[0] + 1)]
    try:
        found = univariate.factors(line, Fuel())
    except Undecided:
        return
    assert normal([({(k,): c for k, c in enumerate(f) if c}, times) for f, times in found]) == by_sympy(polynomial)


@pytest.mark.parametrize(
    "terms",
    [
        {(0,): 1, (2,): -1},  # 1 - p²
        {(0,): 1, (1,): -2, (2,): 1},  # (1 - p)²
        {(2, 0): 1, (0, 2): -1},  # p² - q²
        {(2, 0): 1, (1, 1): 2, (0, 2): 1},  # (p + q)²
        {(3, 0): 1, (0, 3): -1},  # p³ - q³
        {(0, 0): 1, (1, 0): -1, (0, 1): -1, (1, 1): 1},  # (1 - p)(1 - q)
        {(0, 0): 1, (2, 2): -1},  # 1 - p²q²
        {(0, 0): 1, (2, 0): 1, (0, 2): 1},  # 1 + p² + q²
        {(2, 0, 0): 1, (0, 2, 0): 1, (0, 0, 2): 1},
        {(0,): 1, (4,): 1},  # irreducible over the rationals, reducible modulo every prime
        {(0,): 4, (4,): 1},  # (p² + 2p + 2)(p² - 2p + 2)
        {(0,): 1, (1,): 1, (2,): 1, (3,): 1, (4,): 1},
        {(0,): 2, (5,): 1},
        {(1, 0): 1, (3, 2): -4},
        {(0, 0): -1, (6, 6): 1},
        {(7, 1): -1, (1, 7): 1},
        {(0, 1): 1, (8, 5): -1},
    ],
)
def test_of_common_shapes(terms: Whole) -> None:
    found, _ = factors_of(terms)
    assert found is None or normal(found) == by_sympy(terms)
    shape = tuple(sorted(terms.items()))
    factors = slow.factors_of_shape(shape).factors
    assert factors is not None
    assert normal([(dict(factor), k) for factor, k in factors]) == by_sympy(terms)


@settings(max_examples=100, deadline=None)
@given(factors_to_find(), st.sampled_from([2, 3]))
def test_roots_of_polynomials(base: Whole, exponent: int) -> None:
    fuel = Fuel(10**9)
    if base[max(base)] < 0:
        base = factoring._scaled(base, -1)
    raised = factoring._power(base, exponent, fuel)
    if len(base) <= factoring.MAX_TERMS:
        assert factoring.root_of(raised, exponent, fuel) == base
    assert factoring.root_of({**raised, max(raised): raised[max(raised)] + 1}, exponent, fuel) is None or len(base) == 1


def test_whole_roots() -> None:
    for value in range(2, 200):
        for exponent in (2, 3, 5):
            assert factoring._whole_root(value**exponent, exponent) == value
            assert factoring._whole_root(value**exponent + 1, exponent) is None
    assert factoring._whole_root(-4, 2) is None


@settings(max_examples=100, deadline=None)
@given(factors_to_find(), st.booleans())
def test_sign_and_factors_make_the_polynomial(polynomial: Whole, turned: bool) -> None:
    generators = (P, Q, R, Generator("s", "atom", "real"))
    whole: Polynomial = {
        tuple((g, e) for g, e in zip(generators, place, strict=False) if e): -c if turned else c
        for place, c in polynomial.items()
    }
    whole = {m: c // math.gcd(*polynomial.values()) for m, c in whole.items()}
    try:
        sign, factors = slow.factor(whole, {})
    except OutOfFuel:
        return
    fuel = Fuel(10**9)
    made: Polynomial = {(): 1}
    for factor, times in factors:
        made = multiply(made, power(factor, times, fuel), fuel)
    assert scale(made, sign) == whole


def test_with_roots_of_unknowns() -> None:
    sign, factors = slow.factor({(): 1, ((P, 1),): -1}, {P: 2})  # 1 - p = (1 - √p)(1 + √p)
    assert sign == 1
    assert len(factors) == 2
    assert slow.factor({(): 1, ((P, 1),): -1}, {}) == (1, [({(): 1, ((P, 1),): -1}, 1)])


def test_what_is_too_large_is_out_of_fuel() -> None:
    with pytest.raises(OutOfFuel):
        slow.factor({(): 1, ((P, 13),): 1, ((Q, 11),): 1, ((P, 1), (Q, 1)): 1}, {})
    with pytest.raises(OutOfFuel):
        slow.factor({(): 1, ((P, 5),): 1, ((Q, 4),): 1, ((P, 1), (Q, 1)): 1}, {}, Fuel(slow.PRICE))


_COMMON = """
import sys
from grading import Sentence, SymbolDeclaration, SymbolicKey, grade
from grading.worker import WORKER
key = SymbolicKey("log(1-p) + log(1+p)", (SymbolDeclaration("p"), SymbolDeclaration("q")))
for text in ("log(1-p^2)", "log((1-p)^2)/2 + log(1+p)", "log((p^2 - 2p + 1)(1+p)^2)/2", "log(1-p^4) - log(1+p^2)",
             "log(1 - p^2 - q^2 + p^2 q^2) - log(1 - q^2)", "log(q^2 - p^2 q^2) - 2 log q", "log(p-p^3) - log p"):
    assert grade(key, text).verdict.value == "correct", text
assert "sympy" not in sys.modules
assert WORKER.pid is None
"""


def test_common_factors_need_no_sympy() -> None:
    done = subprocess.run([sys.executable, "-c", _COMMON], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]


def test_an_enormous_degree_is_not_laid_out() -> None:
    """A coefficient for every power below it would fill the memory."""
    assert factoring.on_a_line({(0, 0): 1, (40, 40): -1}) is not None
    assert factoring.on_a_line({(0, 0): 1, (10**12, 10**12): -1}) is None
    assert slow.factors_of_shape((((0, 0), 1), ((10**12, 10**12), -1))).factors is None
