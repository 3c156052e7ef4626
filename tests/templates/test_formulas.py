"""Formulas and conditions of authors: the right values, exactly, and limits before arithmetic."""

from __future__ import annotations

import math
import struct
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.expressions import (
    HALF,
    AbsoluteValue,
    Event,
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
    children,
    rational,
    with_children,
)
from quizgen.findings import CODES, FindingsError
from quizgen.formulas import (
    ValueProblem,
    evaluate,
    exact_value,
    holds,
    names_in,
    pair_of,
    parse_condition,
    parse_formula,
)
from quizgen.formulas.evaluating import compiled
from quizgen.formulas.writing import writer_of

NAMES = ("a", "b", "c", "ps", "rate", "j_1")
VALUES = {
    "a": Fraction(2), "b": Fraction(9), "c": Fraction(-7, 2), "ps": (Fraction(1, 4), Fraction(1, 2)),
    "rate": Fraction(1, 3), "j_1": Logarithm(Number(Fraction(2))),
}  # fmt: skip


def value(text: str) -> Fraction | None:
    return exact_value(parse_formula(text, NAMES), VALUES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a*b", 18),
        ("2(a+b)", 22),
        ("a/b - 1/2", Fraction(-5, 18)),
        ("-a^3", -8),
        ("b^-1", Fraction(1, 9)),
        ("sqrt(b)", 3),
        ("sqrt(a)", None),
        ("abs(c)", Fraction(7, 2)),
        ("|c|", Fraction(7, 2)),
        ("min(a, b, c)", Fraction(-7, 2)),
        ("max(ps)", Fraction(1, 2)),
        ("min(ps) + sum(ps) + count(ps)", 3),
        ("floor(c)", -4),
        ("ceil(c)", -3),
        ("mod(b, 4)", 1),
        ("mod(c, a)", Fraction(1, 2)),
        ("ceil(mod(b, 4)/a)", 1),
        ("2floor(b/2)", 8),
        ("distance(a, b, c)", Fraction(11, 2)),
        ("2*distance(a + 1, floor(b/2))", 2),
        ("distance(log(a), a)", None),
        ("log2(8)", 3),
        ("log2(1/8)", -3),
        ("log(1)", 0),
        ("log(a)", None),
        ("exp(0)", 1),
        ("exp(a)", None),
        ("rate*3", 1),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("50%", Fraction(1, 2)),
    ],
)
def test_values_are_exact(text, expected):
    assert value(text) == expected


def test_what_is_not_rational_stays_an_expression():
    assert evaluate(parse_formula("j_1 + 1", NAMES), VALUES).terms[0] == VALUES["j_1"]
    assert evaluate(parse_formula("log(a/2)", NAMES), VALUES) == Number(Fraction(0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", True),
        ("a < b < 9", False),
        ("a = 2 and b != 9", False),
        ("not (a < b) or a = 2", True),
        ("(a*2 - 1)*(b) < 0", False),
        ("(a < b) and (b < 3 or a >= 2)", True),
        ("a ≤ 2 ≤ b", True),
        ("1/3 = rate", True),
        ("max(a, b) > 1.09*min(a, b)", True),
        ("mod(b, 2) = 1", True),
    ],
)
def test_conditions(text, expected):
    assert holds(parse_condition(text, NAMES), VALUES) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("log(a) < log(b)", True), ("log(a) + log(b) = log(18)", True), ("exp(1) < 2.718281828459045", False)],
)
def test_conditions_on_irrational_numbers_are_decided(text, expected):
    assert holds(parse_condition(text, NAMES), VALUES) is expected


def test_names_in_order():
    assert names_in(parse_condition("b < a and floor(rate) < max(ps)", NAMES)) == ("b", "a", "rate", "ps")
    assert parse_formula("floor(b/a) + rate", NAMES).names == ("rate", "a", "b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rat*2", 'x:1:1: Q301 nothing is named "rat"; did you mean "rate"?'),
        ("1 + ", "x:1:4: Q300 the formula is not understood: Something is missing at the end of the formula"),
        ("", "x:1:1: Q300 the formula is not understood: There is no formula here yet"),
        ("floor(a", "x:1:6: Q300 this bracket is not closed"),
        ("3 + floor(a + )", "x:1:14: Q300 the formula is not understood"),
        ("mod(a)", "x:1:1: Q300 mod has 2 arguments, not 1"),
        ("2^(10^9)", "x:1:1: Q302 a power of this formula has more than 20000 bits"),
        ("a + 9^9^9^9", "x:1:1: Q302 a power of this formula has more than 20000 bits"),
        ("1/0", "x:1:1: Q303 the formula divides by zero"),
        ("a/(1 - 1)", "x:1:1: Q303 the formula divides by zero"),
        ("log(0)", "x:1:1: Q303 the formula takes the logarithm of a number that is not positive"),
        ("(" * 100 + "a" + ")" * 100, "x:1:41: Q300"),
        ("floor(" * 100 + "a" + ")" * 100, "x:1:"),
        ("__import__('os')", "x:1:"),
    ],
)
def test_bad_formulas_are_one_finding(text, expected):
    with pytest.raises(FindingsError) as error:
        parse_formula(text, NAMES)
    (finding,) = error.value.findings
    assert str(finding).replace("<formula>", "x").startswith(expected)
    assert finding.code in CODES


@pytest.mark.parametrize(
    "text", ["a", "a <", "and a < b", "a < b and", "(a < b", "a => b", "", "not", "a < b or or b < a"]
)
def test_bad_conditions_are_one_finding(text):
    with pytest.raises(FindingsError) as error:
        parse_condition(text, NAMES)
    assert [finding.code for finding in error.value.findings] == ["Q300"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("a^(b^9)", "Q302"), ("1/(a - 2)", "Q303"), ("ps + 1", "Q303"), ("log(c)", "Q303"), ("sqrt(c)", "Q303"),
     ("mod(a, a - 2)", "Q303"), ("floor(log(a))", "Q303"), ("max(a)", "Q303")],
)  # fmt: skip
def test_a_draw_without_a_value(text, code):
    with pytest.raises(ValueProblem) as problem:
        value(text)
    assert problem.value.code == code


def test_huge_numbers_take_no_time():
    start = time.process_time()
    for text in ("(a^999)^999", "*".join(["(9^6000)"] * 300), "+".join(["1/(10^5999 + a)"] * 200)):
        with pytest.raises((ValueProblem, FindingsError)):
            value(text)
    assert time.process_time() - start < 20  # minutes, if numbers could grow


fractions = st.fractions(min_value=-20, max_value=20, max_denominator=30)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(fractions, fractions, fractions)
def test_arithmetic_agrees_with_fractions(a, b, c):
    bindings = {"a": a, "b": b, "c": c}

    def computed(text: str) -> Fraction | None:
        return exact_value(parse_formula(text, tuple(bindings)), bindings)

    assert computed("a + b*c - a*(b - c)") == a + b * c - a * (b - c)
    assert computed("(a^2 + 1/3)/(b^2 + 1)") == (a * a + Fraction(1, 3)) / (b * b + 1)
    assert computed("max(a, b, c) - min(a, b, c)") == max(a, b, c) - min(a, b, c)
    assert computed("floor(a) + ceil(b) + mod(c, 3)") == math.floor(a) + math.ceil(b) + c % 3
    assert computed("abs(a - b)") == abs(a - b)
    condition = parse_condition("a < b <= c or a = c", tuple(bindings))
    assert holds(condition, bindings) is ((a < b <= c) or a == c)


# ---------------------------------------------------------------- lists and floating point


def test_functions_of_a_list() -> None:
    assert value("at(ps, 2) - at(ps, a - 1)") == Fraction(1, 4)
    assert value("product(ps)*count(ps)") == Fraction(1, 4)


@pytest.mark.parametrize("text", ["at(ps, 3)", "at(ps, 0)", "at(ps, 1/2)", "at(ps, sqrt(a))"])
def test_there_is_no_such_place(text: str) -> None:
    with pytest.raises(ValueProblem, match="places"):
        value(text)


@pytest.mark.parametrize(("text", "code"), [("at(ps, 1, 2)", "Q300"), ("underflow(a)", "Q300")])
def test_functions_have_their_number_of_arguments(text: str, code: str) -> None:
    with pytest.raises(FindingsError) as caught:
        value(text)
    assert [finding.code for finding in caught.value.findings] == [code]


FORMATS = {"float16": (11, 24, "e"), "float32": (24, 149, "f"), "float64": (53, 1074, "d")}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("p", ["0.5", "0.3", "0.1", "0.07", "0.01"])
def test_underflow_is_what_the_machine_does(name: str, p: str) -> None:
    bits, least, code = FORMATS[name]

    def rounded(number: float) -> float:
        return float(struct.unpack(code, struct.pack(code, number))[0])

    factor, product, count = rounded(float(p)), 1.0, 0
    while product:  # a product of two of these is exact in float64, or, in float64 itself, rounded once
        product, count = rounded(product * factor), count + 1
    assert value(f"underflow({p}, {bits}, 2^(-{least}))") == count


@pytest.mark.parametrize(
    "text",
    ["underflow(0.9, 24, 2^(-149))", "underflow(1, 24, 2^(-149))", "underflow(1/2, 24, 1/3)", "underflow(1/2, 0, 1/4)"],
)
def test_what_never_underflows_has_no_value(text: str) -> None:
    with pytest.raises(ValueProblem):
        value(text)


# ---------------------------------------------------------------- closures against plain recursion

LEAVES = st.one_of(
    st.sampled_from([Symbol("a"), Symbol("b"), Symbol("j"), Symbol("free"), Probability((Event(1, "w"),), None)]),
    st.builds(Number, st.fractions(min_value=0, max_value=20, max_denominator=8)),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.builds(Negation, parts),
        st.builds(Sum, st.lists(parts, min_size=2, max_size=3).map(tuple)),
        st.builds(Product, st.lists(parts, min_size=2, max_size=3).map(tuple)),
        st.builds(Quotient, parts, parts),
        st.builds(Power, parts, st.sampled_from([Number(Fraction(2)), Number(Fraction(3)), HALF])),
        st.builds(Logarithm, parts, st.sampled_from([None, Number(Fraction(2)), Number(Fraction(10))])),
        st.builds(Exponential, parts),
        st.builds(AbsoluteValue, parts),
        st.builds(Extremum, st.sampled_from(["min", "max"]), st.lists(parts, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
BOUND = st.fixed_dictionaries(
    {
        "a": st.fractions(min_value=-4, max_value=64, max_denominator=12),
        "b": st.sampled_from([Fraction(1), Fraction(2), Fraction(8), Fraction(1, 4), Fraction(0)]),
        "j": st.just(Logarithm(Number(Fraction(2)))),
    }
)


def put_in(node: Expression, bindings: dict[str, Fraction | Expression]) -> Expression:
    """The values of names put into a tree, by plain recursion."""
    if isinstance(node, Symbol) and node.name in bindings:
        value = bindings[node.name]
        return rational(value) if isinstance(value, Fraction) else value
    return with_children(node, tuple(put_in(child, bindings) for child in children(node)))


def worked_out(node: Expression, bindings: dict[str, Fraction | Expression]) -> Fraction | None:
    """The value of a tree in fractions, by plain recursion; None where it is not seen to be rational.

    Raises ZeroDivisionError or ValueError where there is no value.
    """
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Symbol | Probability):
        value = bindings.get(node.name) if isinstance(node, Symbol) else None
        return value if isinstance(value, Fraction) else None
    parts = [worked_out(child, bindings) for child in children(node)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    match node:
        case Negation():
            return -known[0]
        case Sum():
            return sum(known, Fraction(0))
        case Product():
            return math.prod(known, start=Fraction(1))
        case Quotient():
            return known[0] / known[1]
        case AbsoluteValue():
            return abs(known[0])
        case Extremum(which):
            return min(known) if which == "min" else max(known)
        case Exponential():
            return Fraction(1) if known[0] == 0 else None
        case Power():
            return power_of(known[0], known[1])
    return logarithm_of(known[0], known[1] if len(known) > 1 else None)


def power_of(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator == 1:
        return Fraction(base**exponent)
    if base < 0:
        raise ValueError("a root of a negative number")
    root = Fraction(math.isqrt(base.numerator), math.isqrt(base.denominator))
    return root if root * root == base else None


def logarithm_of(argument: Fraction, base: Fraction | None) -> Fraction | None:
    if argument <= 0:
        raise ValueError("no logarithm")
    steps = [step for step in range(-80, 81) if base is not None and base**step == argument]
    return Fraction(0) if argument == 1 else Fraction(steps[0]) if steps else None


@given(TREES, BOUND)
def test_closures_put_values_in_as_plain_recursion_does(tree, bindings) -> None:
    assert writer_of(tree)(bindings) == put_in(tree, bindings)


@given(TREES, BOUND)
def test_closures_work_out_what_plain_recursion_works_out(tree, bindings) -> None:
    try:
        expected = worked_out(tree, bindings)
    except (ZeroDivisionError, ValueError):
        return  # which of several parts has no value is told in the order in which they are looked at
    try:
        pair = pair_of(compiled(tree), bindings)
    except ValueProblem:
        assert expected is None
        return
    assert (None if pair is None else Fraction(*pair)) == expected


@given(st.lists(st.sampled_from([Fraction(k, 6) for k in range(1, 13)]), min_size=2, max_size=5), st.integers(0, 30))
def test_the_smallest_of_many_distances_is_compared_as_the_distance_of_all_pairs(numbers, hundredths) -> None:
    names = [f"x_{place}" for place in range(len(numbers))]
    bindings = dict(zip(names, numbers, strict=True))
    logarithms = ", ".join(f"log({name})" for name in names)
    least = min(abs(math.log(one) - math.log(other)) for k, one in enumerate(numbers) for other in numbers[k + 1 :])
    if abs(least - hundredths / 100) > 1e-9:
        condition = parse_condition(f"distance({logarithms}) >= {hundredths}/100", names)
        assert holds(condition, bindings) is (least > hundredths / 100)
