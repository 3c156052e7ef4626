"""Derivatives and signs against independent evaluators."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading.derivative import ZERO, NotSmooth, derivative
from grading.expressions import AbsoluteValue, Expression, Symbol, rational
from grading.parsing import Language, parse_expression
from grading.polynomials import OutOfFuel
from grading.signs import Domain, defined_everywhere, sign_of, smooth
from grading.witness import Undecided, Undefined, enclose

ANY = Language(any_name=True)
DOMAIN = Domain(ANY)
P, Q = Symbol("p"), Symbol("q")


def read(text: str) -> Expression:
    return parse_expression(text, ANY)


def formulas() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["p", "q", "2", "1/3", "(1 - p)", "log(p)", "log(q)"])

    def extend(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pairs = st.tuples(parts, parts)
        return st.one_of(
            pairs.map(lambda two: f"({two[0]} + {two[1]})"),
            pairs.map(lambda two: f"({two[0]})*({two[1]})"),
            pairs.map(lambda two: f"({two[0]})/({two[1]})"),
            parts.map(lambda one: f"-({one})"),
            parts.map(lambda one: f"exp({one})"),
            parts.map(lambda one: f"({one})^2"),
            parts.map(lambda one: f"(({one})^2 + 1)^(1/3)"),
            parts.map(lambda one: f"log(({one})^2 + 2)"),
            pairs.map(lambda two: f"(({two[0]})^2 + 1)^({two[1]})"),
            pairs.map(lambda two: f"log_{{2 + ({two[0]})^2}}(({two[1]})^2 + 1)"),
        )

    return st.recursive(leaves, extend, max_leaves=5)


def value(tree: Expression, p: Fraction, q: Fraction) -> mpmath.mpf:
    low, high = enclose(tree, {P: p, Q: q}, 60)
    return mpmath.mpf(((low + high) / 2).numerator) / ((low + high) / 2).denominator


@settings(max_examples=150, deadline=None)
@given(formulas(), st.sampled_from([Fraction(3, 7), Fraction(1, 5)]), st.sampled_from([Fraction(2, 3), Fraction(1, 9)]))
def test_a_derivative_is_the_limit_of_the_differences(text: str, p: Fraction, q: Fraction) -> None:
    tree, step = read(text), Fraction(1, 10**18)
    with mpmath.workdps(60):
        try:
            slope = derivative(tree, P)
            expected = (value(tree, p + step, q) - value(tree, p - step, q)) / mpmath.mpf("2e-18")
            found = value(slope, p, q)
        except (Undefined, Undecided, OutOfFuel):
            assume(False)
        assert abs(found - expected) <= mpmath.mpf("1e-12") * (1 + abs(expected))


@settings(max_examples=150, deadline=None)
@given(formulas(), st.fractions(Fraction(1, 99), Fraction(98, 99), max_denominator=200))
def test_a_proven_sign_holds_at_every_point(text: str, p: Fraction) -> None:
    tree = read(text)
    try:
        low, high = enclose(tree, {P: p, Q: Fraction(1, 3)}, 40)
    except Undefined:
        assert not defined_everywhere(tree, DOMAIN)
        return
    except Undecided:
        assume(False)
    found = sign_of(tree, DOMAIN)
    assert found == 0 or (high > 0 if found > 0 else low < 0)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("log p + log q", -1),
        ("log((p + q)/2)", -1),
        ("1 - p*q", 1),
        ("1 - 2*p*q + (p*q)^2", 1),
        ("(log(p + q))^2", 0),  # zero where p + q = 1
        ("1 + (log(p + q))^2", 1),
        ("(p - q)^2", 0),
        ("log_{2/3} p", 1),
        ("ln 2 - ln 3", -1),
        ("ln 2 - ln 2", 0),
        ("p - q", 0),
        ("-exp(p - q)", -1),
        ("(p - 2)^3", -1),
        ("(p - 2)^(-2)", 1),
        ("|log p|", 1),
        ("min(p, q, 1)", 1),
    ],
)
def test_signs(text: str, sign: int) -> None:
    assert sign_of(read(text), DOMAIN) == sign


@pytest.mark.parametrize(
    ("text", "everywhere"),
    [
        ("log(1 - p)", True),
        ("1/(1 - p*q)", True),
        ("1/(p - q)", False),
        ("log(p - q)", False),
        ("sqrt(p - q)", False),
        ("(p - q)^2", True),
        ("(p - q)^(-2)", False),
        ("log_p(q)", True),
        ("log_{p+q}(q)", False),
        ("|p - q|", False),
    ],
)
def test_defined_everywhere(text: str, everywhere: bool) -> None:
    assert defined_everywhere(read(text), DOMAIN) is everywhere


def test_kinks_are_refused_or_resolved() -> None:
    with pytest.raises(NotSmooth):
        derivative(AbsoluteValue(P), P)
    assert derivative(AbsoluteValue(Q), P) == ZERO
    assert smooth(read("min(log p, 1, p)"), DOMAIN) == read("log p")
    assert smooth(read("max(p, p/2, p*q)"), DOMAIN) == P
    assert smooth(read("2*|log p|"), DOMAIN) == read("2*(-log p)")
    assert smooth(read("|p - q|"), DOMAIN) == read("|p - q|")


def test_a_derivative_is_paid_for() -> None:
    many = read("*".join(["(1 + p)"] * 240))
    with pytest.raises(OutOfFuel):
        derivative(many, P)
    assert derivative(rational(3), P) == ZERO
