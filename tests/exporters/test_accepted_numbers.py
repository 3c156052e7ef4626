"""The list of accepted numbers gives the marks of the judge, however many digits a number is written with."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.answersheet import PartKey
from grading.graders.numeric import grade
from grading.keys import NumericKey, Rival, Tolerance
from quizgen.exporters.accepted_numbers import accepted_numbers
from quizgen.exporters.rendering.decimals import rounded, value_of, written

TOLERANCES = (Tolerance("decimals", Fraction(2)), Tolerance("significant", Fraction(3)), Tolerance("exact"))


def listed_credit(key: NumericKey, number: Fraction) -> Fraction:
    """What a platform gives that takes the first entry of the list that fits."""
    for entry in accepted_numbers(key):
        if number == entry.middle or abs(number - entry.middle) < entry.radius + Fraction(entry.boundary, 10**40):
            return entry.credit
    return Fraction(0)


@given(
    st.sampled_from(TOLERANCES),
    st.sampled_from(["-log(0.2)", "log(0.3)/log(2)", "2/3", "0.125", "-7/4", "123456/7"]),
    st.booleans(),
    st.integers(0, 24),
    st.integers(-2, 2),
)
def test_each_number_of_any_length_earns_what_the_judge_gives(
    tolerance: Tolerance, value: str, is_wrong: bool, places: int, off: int
) -> None:
    other = Rival(f"3 + {value}", ("m",), Fraction(1, 2))
    key = NumericKey(value, tolerance, rivals=(other,))
    unit = Fraction(1, 10**places)
    number = rounded(value_of(other.value if is_wrong else value), places) + off * unit
    text = written(int(number * 10**places), places)
    judged = grade(PartKey("answer", key), text)
    assert judged.score == listed_credit(key, number), (text, judged)


@pytest.mark.parametrize("tolerance", TOLERANCES[:2])
@pytest.mark.parametrize("probability", [k / 100 for k in range(1, 100)])
def test_what_a_program_prints_is_right(tolerance: Tolerance, probability: float) -> None:
    """The last digits of a float are off."""
    key = NumericKey(f"-log({probability})", tolerance)
    assert grade(PartKey("answer", key), repr(-math.log(probability))).score == 1
