"""Digits that were asked for: significant figures and decimal places, as they were written."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.keys import Band, Digits, NumericKey, Rival, Tolerance
from grading.marking import grade

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
PROPERTY = settings(derandomize=True, max_examples=150, deadline=None)
THREE = Digits("figures", 3)
TWO_PLACES = Digits("decimals", 2)
STRICT = Digits("figures", 3, too_few=QUARTER, too_many=HALF, last_digit=Fraction(1, 8))


@pytest.mark.parametrize(
    ("value", "asked", "response", "score", "note"),
    [
        ("-log(0.2)", THREE, "1.61", 1, "rounded-right"),
        ("-log(0.2)", THREE, "1.61 ", 1, "rounded-right"),
        ("-log(0.2)", THREE, "161e-2", 1, "rounded-right"),
        ("-log(0.2)", THREE, "0.161×10^{1}", 1, "rounded-right"),
        ("-log(0.2)", THREE, "161 %", 1, "rounded-right"),
        ("-log(0.2)", THREE, "1.6", 0, "too-few-figures"),
        ("-log(0.2)", THREE, "2", 0, "wrong"),
        ("-log(0.2)", THREE, "1.609", 1, "too-many-figures"),
        ("-log(0.2)", THREE, "1.6094379", 1, "too-many-figures"),
        ("-log(0.2)", THREE, "1.6093", 1, "too-many-figures"),
        ("-log(0.2)", THREE, "1.610", 1, "too-many-figures"),
        ("-log(0.2)", THREE, "1.6149", 0, "wrong"),
        ("-log(0.2)", THREE, "1.604", 0, "wrong"),
        ("-log(0.2)", THREE, "1.60", 0, "wrong-last-digit"),
        ("-log(0.2)", THREE, "1.62", 0, "wrong-last-digit"),
        ("-log(0.2)", THREE, "1.63", 0, "wrong"),
        ("-log(0.2)", THREE, "-1.61", 0, "wrong-sign"),
        ("-log(0.2)", THREE, "ln 5", 1, "no-figures"),
        ("-log(0.2)", THREE, "161/100", 1, "no-figures"),
        ("-log(0.2)", STRICT, "1.61", 1, "rounded-right"),
        ("-log(0.2)", STRICT, "1.6", QUARTER, "too-few-figures"),
        ("-log(0.2)", STRICT, "1.609", HALF, "too-many-figures"),
        ("-log(0.2)", STRICT, "-ln(0.2)", HALF, "no-figures"),
        ("-log(0.2)", STRICT, "1.60", Fraction(1, 8), "wrong-last-digit"),
        ("8/5", THREE, "1.60", 1, "rounded-right"),
        ("8/5", THREE, "1.6", 0, "too-few-figures"),
        ("8/5", THREE, "1.600", 1, "too-many-figures"),
        ("8/5", STRICT, "1.6", QUARTER, "too-few-figures"),
        ("8/5", STRICT, "8/5", HALF, "no-figures"),
        ("8/5", TWO_PLACES, "1.60", 1, "rounded-right"),
        ("8/5", TWO_PLACES, "1.6", 0, "too-few-figures"),
        ("8/5", TWO_PLACES, "1.6e0", 0, "too-few-figures"),
        ("8/5", TWO_PLACES, "1.60e0", 1, "rounded-right"),
        ("8/5", TWO_PLACES, "16.0e-1", 1, "rounded-right"),
        ("8/5", TWO_PLACES, "1.600", 1, "too-many-figures"),
        ("1600", Digits("figures", 2), "1600", 1, "rounded-right"),
        ("1600", THREE, "1600", 1, "rounded-right"),
        ("1600", Digits("figures", 4), "1600", 1, "rounded-right"),
        ("1600", Digits("figures", 5), "1600", 0, "too-few-figures"),
        ("1600", Digits("figures", 2), "1600.", 1, "too-many-figures"),
        ("1600", THREE, "1.60e3", 1, "rounded-right"),
        ("1600", THREE, "1.6e3", 0, "too-few-figures"),
        ("1609.4", THREE, "1610", 1, "rounded-right"),
        ("1609.4", THREE, "1600", 0, "too-few-figures"),
        ("1609.4", THREE, "1620", 0, "wrong-last-digit"),
        ("9.996", THREE, "10.0", 1, "rounded-right"),
        ("9.996", THREE, "10.00", 1, "rounded-right"),
        ("9.996", THREE, "10", 0, "too-few-figures"),
        ("0.000521", Digits("figures", 2), "0.00052", 1, "rounded-right"),
        ("0.000521", Digits("figures", 2), "5.2×10⁻⁴", 1, "rounded-right"),
        ("0.000521", Digits("figures", 2), "5×10⁻⁴", 0, "too-few-figures"),
        ("0", THREE, "0", 1, "rounded-right"),
        ("0", TWO_PLACES, "0.00", 1, "rounded-right"),
        ("0.3", Digits("decimals", 1, too_few=HALF), "0", 0, "wrong"),
        ("46", Digits("decimals", 0), "46", 1, "rounded-right"),
        ("46", Digits("decimals", 0), "46.0", 1, "too-many-figures"),
        ("0.125", TWO_PLACES, "0.13", 1, "rounded-right"),
        ("0.125", TWO_PLACES, "0.12", 0, "wrong-last-digit"),
    ],
)
def test_what_is_said_of_digits(value, asked, response, score, note):
    found = grade(NumericKey(value, digits=asked), response)
    assert (found.score, found.note) == (score, f"numeric:{note}")


def test_a_tolerance_widens_what_is_right_and_digits_still_count():
    key = NumericKey("-log(0.2)", Tolerance("absolute", Fraction(1, 50)), digits=STRICT)
    notes = {text: (grade(key, text).score, grade(key, text).note) for text in ("1.60", "1.62", "1.6", "1.615", "1.65")}
    assert notes == {
        "1.60": (1, "numeric:rounded-right"),
        "1.62": (1, "numeric:rounded-right"),
        "1.6": (QUARTER, "numeric:too-few-figures"),
        "1.615": (HALF, "numeric:too-many-figures"),
        "1.65": (0, "numeric:wrong"),
    }


def test_the_most_that_is_declared_counts():
    bands = (Band(Fraction(1, 50), Fraction(3, 4)),)
    key = NumericKey("-log(0.2)", Tolerance("significant", Fraction(3)), bands, digits=STRICT)
    assert [(grade(key, text).score, grade(key, text).note) for text in ("1.6", "1.60", "1.63", "1.609")] == [
        (Fraction(3, 4), "numeric:rounded-too-early"),
        (Fraction(3, 4), "numeric:rounded-too-early"),
        (0, "numeric:wrong"),
        (Fraction(3, 4), "numeric:rounded-too-early"),
    ]
    generous = NumericKey("-log(0.2)", Tolerance("significant", Fraction(3)), bands, digits=THREE)
    assert grade(generous, "1.609").note == "numeric:too-many-figures"


def test_digits_without_credit_hide_no_known_wrong_value():
    key = NumericKey("-log(0.2)", digits=THREE, rivals=(Rival("1.6", ("a",), HALF), Rival("3.2", ("b",))))
    assert [(grade(key, text).score, grade(key, text).note) for text in ("1.6", "3.20", "1.62")] == [
        (HALF, "numeric:wrong-value"),
        (0, "numeric:wrong-value"),
        (0, "numeric:wrong-last-digit"),
    ]


def _written(value, places):
    unit = Fraction(1, 10**places)
    digits = str(int(abs(value) / unit)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


@given(st.fractions(-1000, 1000, max_denominator=10**4).filter(bool), st.integers(1, 4), st.integers(0, 6))
@PROPERTY
def test_roundings_to_any_places(value, asked, places):
    """The key rounded to as many places as asked is right, to more too, to fewer never."""
    key = NumericKey(f"({value.numerator})/{value.denominator}", digits=Digits("decimals", asked))
    unit = Fraction(1, 10**places)
    steps = (2 * abs(value) + unit) // (2 * unit)
    text = _written(steps * unit * (1 if value > 0 else -1), places)
    found = grade(key, text)
    if places == asked:
        assert (found.score, found.note) == (1, "numeric:rounded-right")
    elif places < asked:
        assert (found.score, found.note in ("numeric:too-few-figures", "numeric:wrong")) == (0, True)
    elif found.score == 1:
        assert found.note == "numeric:too-many-figures"
    else:  # rounded twice it would be another number
        assert abs(steps * unit - abs(value)) > 0


@given(st.integers(-9999, 9999).filter(bool), st.integers(-6, 6), st.integers(1, 4))
@PROPERTY
def test_scientific_notation_counts_the_mantissa(mantissa, exponent, figures):
    text = str(abs(mantissa))
    shown = f"{'-' if mantissa < 0 else ''}{text[0]}.{text[1:]}e{exponent}"
    value = Fraction(mantissa) * Fraction(10) ** (exponent - len(text) + 1)
    key = NumericKey(f"({value.numerator})/{value.denominator}", digits=Digits("figures", figures))
    found = grade(key, shown)
    if len(text) == figures:
        assert (found.score, found.note) == (1, "numeric:rounded-right")
    else:
        few = len(text) < figures
        assert found.note == f"numeric:too-{'few' if few else 'many'}-figures" or (not few and found.score == 0)
