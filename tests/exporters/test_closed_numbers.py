"""Values of keys that are read by their mould: what the grammar reads, and what the judge proves."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import pytest

from grading import closed
from grading.fixedpoint import UNIT
from grading.keys import NumericKey
from grading.parsing import parse_number
from grading.reals import as_fraction, real
from quizgen.exporters.rendering.closed_numbers import mould_of, quick_bounds, rational_value
from quizgen.exporters.rendering.decimals import _may_be_simple, decimal, decimal_of, value_of
from tests.exporters.whole_bank import whole_bank

AWKWARD = (
    "7000003", "log(7000003)", "log(7000004) + 7000003", "1e5", "2^3^2", "2^(3)", "log_2(8)", "log_3(9)", "log2(8)",
    "log_(2)(8)", "-0", "0.10", "1/3 + log(2) - log(2)", "exp(30) - exp(29)*2", "22/7 + log(1)", "exp(1/2*log(4))",
    "(1/3)^2", "2^0.5", "2^(-3)", "sqrt(2)", "123456789012345678901234567890123", "1/123456789", "3 / 4",
    "log_2(0.125)", "log_2(0.9) + log_2(0.4)", "exp(-log(0.5) - log(0.4))", "exp(-(-log(3/25)))", "1 - 1", "0*log(2)",
    "(-log_2(0.125))*(-log_2(0.125))", "log(4)/log(2)", "max(0.5, 2/3)", "|3 - 5|",
    "log(log_2(8))", "1/2*log(4) - log(2)", "2*log(3/2) + log(4/9)", "-(log(9)/2 - log(3))", "log(2/3)*log(3/2)",
)  # fmt: skip
MANY = tuple(
    form.format(*numbers)
    for form in (
        "-log({0}) - log({1})", "{0}/{1}/log({2})", "-{0}/{1}*(log_2({0}) + {2}*log(1 - {1}))", "1/{2}^2*{0} - {1}^3",
        "2^(-(-log({0}) - log({1})))/({2})", "exp(-{0}*(log({1}) - {2}))", "exp(-log({0}) + log({1}))/{2}",
        "({0} - {1})*({1} - {2})*log({0})", "log_3(9)*{0} - {1}/(-{2})", "-(-{0})^2*{1}^0/{2}", "{0}*{1} - {2}/{0}",
    )
    for numbers in (("0.5", "0.4", "3"), ("1", "9", "0.125"), ("0.05", "0.05", "25"), ("30", "0", "1"), ("7", "1", "2"))
)  # fmt: skip
"""Each form with several numbers, some of which have no value in it."""
NO_NUMBERS = ("1/0", "log(0)", "x", "log(-1)", "", "-", "1,5", "1..2", "3#4", "1/(1 - 1)", "2^^3")


def values() -> Iterator[str]:
    """The values of all keys of the bank, right and wrong."""
    for made in whole_bank().items():
        for part in made.key.parts:
            if isinstance(part.key, NumericKey):
                yield part.key.value
                yield from (rival.value for rival in part.key.rivals)


def proven(text: str) -> tuple[Fraction, Fraction]:
    """Bounds of the value by the judge's own way."""
    number = as_fraction(real(parse_number(text, decimal_comma=False, unit="").expression))
    return number.low, number.high


def check(text: str) -> bool:
    """Compares the value; True if the text was read by its mould."""
    low, high = proven(text)
    assert abs(value_of(text) - (low + high) / 2) <= (high - low) + abs(low) / 10**24
    if low == high and low.denominator <= 10**6:
        assert value_of(text) == low
    if (found := mould_of(text)) is None:
        return False
    tree = parse_number(text, decimal_comma=False, unit="").expression
    assert quick_bounds(*found) == closed.quick_bounds(tree)
    if (ratio := rational_value(*found)) is not None:
        assert low <= ratio <= high
    return True


def test_every_value_of_the_bank() -> None:
    texts = list(dict.fromkeys(values()))
    assert len(texts) > 90
    assert sum(map(check, texts)) > 0.9 * len(texts)


@pytest.mark.parametrize("text", AWKWARD)
def test_what_is_written_in_another_way(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", MANY)
def test_a_mould_computes_as_the_judge_does(text: str) -> None:
    found = mould_of(text)
    assert found is not None
    tree = parse_number(text, decimal_comma=False, unit="").expression
    bounds = closed.quick_bounds(tree)
    assert quick_bounds(*found) == bounds
    if bounds is not None and rational_value(*found) is not None:
        low, high = (Fraction(bound, UNIT) for bound in bounds)
        assert low <= rational_value(*found) <= high
    if bounds is None:
        with pytest.raises(ValueError, match="has no value"):
            value_of(text)
    else:
        check(text)


@pytest.mark.parametrize(("numerator", "denominator", "further", "simple"), [
    (22, 7, 0, True), (22, 7, 1, False), (-22, 7, 0, True), (3, 1, 0, True), (999_999, 10**6, 0, True),
    (999_999, 1_000_001, 0, False), (1, 2, 3, False), (0, 1, 0, True), (-1, 3, 2, False),
])  # fmt: skip
def test_bounds_that_may_hold_a_simple_fraction(numerator: int, denominator: int, further: int, simple: bool) -> None:
    low = UNIT * numerator // denominator + further
    assert _may_be_simple(low, low + 1) is simple


TIES = ("1.234565 + log(1)", "1.234575 + log(1)", "-2469135/2000000*1", "exp(log(1.234565))", "log(2) - log(2)")
"""Values in the middle between two decimals of six digits, and none: their bounds round otherwise than they do."""


@pytest.mark.parametrize("text", [*TIES, *AWKWARD, *MANY])
def test_a_short_decimal_is_that_of_the_value(text: str) -> None:
    try:
        value = value_of(text)
    except ValueError:
        with pytest.raises(ValueError, match="has no value"):
            decimal_of(text, 6)
    else:
        assert decimal_of(text, 6) == decimal(value, 6)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_has_no_value(text: str) -> None:
    for ask in (value_of, partial(decimal_of, digits=6)):
        with pytest.raises(ValueError, match=r"is not a number|has no value"):
            ask(text)


@pytest.mark.parametrize("exponent", [-30, -5, -1, 0, 1, 5, 19, 20, 30])
@pytest.mark.parametrize("sign", [1, -1])
def test_decimals_beside_powers_of_ten(exponent: int, sign: int) -> None:
    for steps, nudge in (
        (1, Fraction(1)),
        (9, 1 - Fraction(1, 10**22)),
        (9, 1 - Fraction(1, 10**18)),
        (3, Fraction(1, 3)),
    ):
        value = sign * steps * nudge * Fraction(10) ** exponent
        assert abs(Fraction(decimal(value)) - value) <= abs(value) / 10**19 / 2
        assert len(decimal(value).strip("-").replace(".", "").lstrip("0").rstrip("0")) <= max(20, exponent + 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10^60*log(2) - 10^60*log(4)/2 + exp(-1)", "0.36787944117144232159552377"),
        ("10^60*log(2) - 10^60*log(4)/2 + 1/3", "0.33333333333333333333333333"),
        ("10^60*log(2) - 10^60*log(4)/2", "0"),
        ("log_10(0.1) + sqrt(0.999999999999999999)", "-5.00000000000000000125e-19"),
        ("10^40*exp(1) - 10^40*exp(1) + 9^(-40)*log(2)", "4.68948427036707407743e-39"),
    ],
)
def test_a_number_in_which_much_larger_ones_cancel_is_right(text: str, value: str) -> None:
    assert abs(value_of(text) - Fraction(value)) <= abs(Fraction(value)) / 10**20
