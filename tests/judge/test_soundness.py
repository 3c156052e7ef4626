"""The judge is sound both ways: rewriting never makes Different, a changed value never makes Equal."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading.canonical import Builder
from grading.equivalence import Different, Equal, Unknown, compare
from grading.expressions import (
    HALF,
    TWO,
    AbsoluteValue,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    walk,
)
from grading.parsing import Language, parse_expression
from grading.polynomials import Generator, OutOfFuel, Polynomial, UndefinedEverywhere
from grading.witness import Undecided, Undefined, enclose

P, Q, R = Symbol("p"), Symbol("q"), Symbol("r")
TWO_THIRDS, ONE_AND_A_HALF = (Quotient(Number(Fraction(a)), Number(Fraction(b))) for a, b in ((2, 3), (3, 2)))
POINTS = (
    {P: Fraction(3, 7), Q: Fraction(5, 11), R: Fraction(2, 13)},
    {P: Fraction(12, 13), Q: Fraction(1, 17), R: Fraction(9, 19)},
)
COUNTS: dict[str, int] = {}


def positive() -> st.SearchStrategy[Expression]:
    """Expressions that are positive on (0, 1)³, so that every identity of logarithms applies."""
    base = st.sampled_from([P, Q, R, P, Q, TWO, Number(Fraction(3)), Number(Fraction(6)), Number(Fraction(1, 4))])
    minus = st.sampled_from([P, Q, R]).map(lambda x: Sum((Number(Fraction(1)), Negation(x))))

    def extend(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        pairs = st.tuples(parts, parts)
        return st.one_of(
            pairs.map(Product),
            pairs.map(Product),
            pairs.map(Sum),
            st.builds(Quotient, parts, parts),
            st.builds(Power, parts, st.sampled_from((TWO, HALF, Negation(TWO), TWO_THIRDS, ONE_AND_A_HALF))),
        )

    return st.recursive(st.one_of(base, base, minus), extend, max_leaves=5)


def formulas() -> st.SearchStrategy[Expression]:
    logs = st.builds(Logarithm, positive(), st.sampled_from((None, None, TWO, Number(Fraction(10)))))

    def extend(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        pairs = st.tuples(parts, parts)
        return st.one_of(
            pairs.map(Sum),
            pairs.map(Sum),
            pairs.map(Product),
            st.builds(Negation, parts),
            st.builds(Quotient, parts, positive()),
            st.builds(AbsoluteValue, parts),
            st.builds(Extremum, st.sampled_from(("min", "max")), pairs),
        )

    return st.recursive(st.one_of(logs, logs, positive()), extend, max_leaves=4)


def rewritten(tree: Expression, draw: st.DrawFn) -> Expression:
    """An expression of the same value: identities applied from the leaves to the root, chosen at random."""
    match tree:
        case Sum((a, b)):
            tree = Sum((rewritten(b, draw), rewritten(a, draw)))
        case Product((a, b)):
            a, b = rewritten(a, draw), rewritten(b, draw)
            tree = Product((b, a))
            if isinstance(a, Sum):
                tree = Sum(tuple(Product((term, b)) for term in a.terms))
        case Quotient(a, b):
            tree = Product((rewritten(a, draw), Power(rewritten(b, draw), Negation(Number(Fraction(1))))))
        case Logarithm(Product(factors), base):
            tree = Sum(tuple(rewritten(Logarithm(factor, base), draw) for factor in factors))
        case Logarithm(Quotient(a, b), base):
            tree = Sum((Logarithm(a, base), Negation(rewritten(Logarithm(b, base), draw))))
        case Logarithm(Power(a, k), base):
            tree = Product((k, rewritten(Logarithm(a, base), draw)))
        case Logarithm(a, base) if base is not None:
            tree = Quotient(Logarithm(rewritten(a, draw)), Logarithm(base))
        case Negation(a):
            tree = Product((Number(Fraction(-1)), rewritten(a, draw))) if draw(st.booleans()) else Negation(a)
        case Symbol():
            choices = (
                tree,
                Exponential(Logarithm(tree)),
                Power(Power(tree, TWO), HALF),
                Quotient(Power(tree, TWO), tree),
            )
            tree = draw(st.sampled_from(choices))
    match draw(st.integers(0, 9)):
        case 0:
            return Sum((tree, P, Negation(P)))
        case 1:
            return Quotient(Product((tree, Q)), Q)
        case 2:
            return Negation(Negation(tree))
        case 3:
            return Sum((Product((HALF, tree)), Quotient(tree, TWO)))
    return tree


@st.composite
def rewritten_pairs(draw: st.DrawFn) -> tuple[Expression, Expression]:
    tree = draw(formulas())
    return tree, rewritten(tree, draw)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(rewritten_pairs())
def test_identities_are_never_different(pair: tuple[Expression, Expression]) -> None:
    verdict = compare(*pair)
    if isinstance(verdict, Different):
        assert verdict.undefined_at, verdict
        assert any(not _defined(side, dict(verdict.witness.values)) for side in pair)
    COUNTS[type(verdict).__name__] = COUNTS.get(type(verdict).__name__, 0) + 1


def test_identities_are_nearly_always_decided() -> None:
    """Runs after the property above: nearly every rewriting in this class is proven."""
    assert COUNTS.get("Unknown", 0) <= 0.05 * sum(COUNTS.values()), COUNTS


def _defined(tree: Expression, values: dict[object, Fraction]) -> bool:
    try:
        enclose(tree, values, 60)  # type: ignore[arg-type]
    except (Undefined, Undecided):
        return False
    return True


def _value(tree: Expression, values: dict[object, Fraction]) -> mpmath.mpf:
    """A second opinion with mpmath."""
    match tree:
        case Number(value):
            return mpmath.mpf(value.numerator) / value.denominator
        case Symbol():
            return mpmath.mpf(values[tree].numerator) / values[tree].denominator
        case Negation(a):
            return -_value(a, values)
        case Sum(terms):
            return mpmath.fsum(_value(term, values) for term in terms)
        case Product(factors):
            return mpmath.fprod(_value(factor, values) for factor in factors)
        case Quotient(a, b):
            return _value(a, values) / _value(b, values)
        case Power(a, b):
            return mpmath.power(_value(a, values), _value(b, values))
        case Logarithm(a, base):
            return mpmath.log(_value(a, values)) / (1 if base is None else mpmath.log(_value(base, values)))
        case Exponential(a):
            return mpmath.exp(_value(a, values))
        case AbsoluteValue(a):
            return abs(_value(a, values))
        case Extremum(which, arguments):
            return (min if which == "min" else max)(_value(argument, values) for argument in arguments)
    raise TypeError(tree)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(formulas(), formulas())
def test_verdicts_agree_with_values_computed_otherwise(left: Expression, right: Expression) -> None:
    verdict, backwards = compare(left, right), compare(right, left)
    assert type(verdict) is type(backwards)
    with mpmath.workdps(60):
        if isinstance(verdict, Different) and not verdict.undefined_at:
            values = dict(verdict.witness.values)
            assert abs(_value(left, values) - _value(right, values)) > mpmath.mpf(10) ** -40
        elif isinstance(verdict, Equal):
            for point in POINTS:
                try:
                    assert abs(_value(left, point) - _value(right, point)) < mpmath.mpf(10) ** -40
                except ZeroDivisionError:
                    continue


def _value_of_form(polynomial: Polynomial, values: dict[str, Fraction]) -> mpmath.mpf:
    """The value of one half of a normal form, from what its unknowns stand for."""
    return mpmath.fsum(
        mpmath.fprod(
            [_number(coefficient), *(mpmath.power(_unknown(g, values), _number(e)) for g, e in monomial)],
        )
        for monomial, coefficient in polynomial.items()
    )


def _unknown(generator: Generator, values: dict[str, Fraction]) -> mpmath.mpf:
    match generator.kind:
        case "atom":
            return _number(values[generator])
        case "log":
            return mpmath.log(abs(_value_of_form(generator.content, values)))
        case "exp":
            return mpmath.exp(_value_of_form(generator.content, values))
        case "root" | "prime":
            return _value_of_form(generator.content, values)
    raise AssertionError(f"no value is known of a {generator.kind}")


def _number(value: int | Fraction) -> mpmath.mpf:
    return mpmath.mpf(value.numerator) / value.denominator


def _check_form(tree: Expression) -> None:
    try:
        form = Builder(Language(any_name=True)).form(tree)
    except (OutOfFuel, UndefinedEverywhere):
        return
    with mpmath.workdps(80):
        for point in POINTS:
            named = {atom.name: value for atom, value in point.items()}
            below = _value_of_form(form.denominator, named)
            if abs(below) > mpmath.mpf(10) ** -20:
                value = _value(tree, point)
                found = _value_of_form(form.numerator, named) / below
                assert abs(found - value) < (1 + abs(value)) * mpmath.mpf(10) ** -30, form.shown()


@settings(max_examples=300, derandomize=True, deadline=None)
@given(formulas().filter(lambda tree: not any(isinstance(node, Extremum) for node in walk(tree))))
def test_a_normal_form_has_the_value_of_its_formula(tree: Expression) -> None:
    """Bounds would catch a wrong form before it makes a wrong verdict, and hide that it is wrong."""
    _check_form(tree)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("log((p + q)^(3/2))", "3/2 log(p + q)"),
        ("log((p + q)/sqrt(p + q))", "1/2 log(p + q)"),
        ("log((1 - p)^(5/3))", "5/3 log(1 - p)"),
        ("ln((3 + p)*0.5^(4/3))", "log(3 + p) - 4/3 log 2"),
        ("log(sqrt(2) p + sqrt(6))", "log(2)/2 + log(p + sqrt(3))"),
        ("sqrt((p + q) sqrt(p + q))", "(p + q)^(3/4)"),
        ("log(p (p + q)^(1/3) + (p + q)^(2/3))", "1/3 log(p + q) + log(p + (p + q)^(1/3))"),
        ("p + exp(-10^9) log((p + q)^(3/2))", "p + 3/2 exp(-10^9) log(p + q)"),
    ],
)
def test_a_root_that_divides_a_sum_counts_as_a_root(left: str, right: str) -> None:
    first, second = (parse_expression(text, Language(any_name=True)) for text in (left, right))
    _check_form(first)
    assert isinstance(compare(first, second), Equal)


def test_what_no_bounds_tell_apart_is_not_equal_by_its_form() -> None:
    texts = "p + exp(-10^9) log((p + q)^(3/2))", "p + 2 exp(-10^9) log(p + q)"
    first, second = (parse_expression(text, Language(any_name=True)) for text in texts)
    assert not isinstance(compare(first, second), Equal)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(formulas(), st.sampled_from((-30, -12, -6, 0)), st.sampled_from(("add", "scale", "power")))
def test_a_changed_value_is_never_equal(tree: Expression, size: int, how: str) -> None:
    epsilon = Number(Fraction(10) ** size)
    changed: Expression = Sum((tree, epsilon))
    if how == "scale":
        changed = Product((tree, Sum((Number(Fraction(1)), epsilon))))
        try:
            low, high = enclose(tree, POINTS[0])
        except (Undefined, Undecided):
            assume(False)
        assume(low > 0 or high < 0)
    elif how == "power":
        changed = Sum((tree, Product((epsilon, P))))
    verdict = compare(tree, changed)
    assert not isinstance(verdict, Equal)
    if size > -20:
        assert isinstance(verdict, Different | Unknown)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Logarithm(Product((P, Q))), Sum((Logarithm(P), Logarithm(Q), Number(Fraction(1, 10**40))))),
        (P, Quotient(Product((P, P)), Q)),
        (Extremum("min", (P, Q, R)), Extremum("max", (P, Q, R))),
        (Extremum("min", (Logarithm(P), Logarithm(Q))), Sum((Logarithm(P), Logarithm(Q)))),
        (Power(P, P), Power(P, TWO)),
    ],
)
def test_small_and_odd_differences_have_a_witness(left: Expression, right: Expression) -> None:
    verdict = compare(left, right)
    assert isinstance(verdict, Different)
    low, high = (enclose(side, dict(verdict.witness.values), 60) for side in (left, right))
    assert low[1] < high[0] or high[1] < low[0]


def test_extrema_of_three_are_compared_as_sets() -> None:
    first = Extremum("min", (P, Q, R))
    assert isinstance(compare(first, Extremum("min", (R, P, Q, P))), Equal)
    turned = Negation(Extremum("max", (Negation(P), Negation(R), Negation(Q))))
    assert isinstance(compare(first, turned), Equal)


def test_the_witness_checker_and_the_first_answer_need_no_sympy() -> None:
    """In a fresh interpreter: the evaluator never loads sympy, nor does the judge for sums of logarithms."""
    program = (
        "import sys\n"
        "import grading.witness\n"
        "assert 'sympy' not in sys.modules and 'grading.canonical' not in sys.modules\n"
        "from grading.judge import judge\n"
        "assert judge('log p2 + log p6', 'log(p2 p6)').outcome == 'equal'\n"
        "assert judge('log p2 + log p6', 'log(p2 + p6)').diagnosis == ('log-of-sum',)\n"
        "assert 'sympy' not in sys.modules\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'quizgen']\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
