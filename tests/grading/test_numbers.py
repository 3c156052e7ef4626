"""Numbers: exact at every boundary, known wrong values, units."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.keys import Band, Digits, KeyUnusable, NumericKey, Rival, Tolerance
from grading.marking import grade
from grading.parsing import parse_expression
from grading.reals import decimals_of, is_rounding, places_of_figures, real
from grading.verdicts import Verdict

HALF = Fraction(1, 2)
NEAR = Tolerance("absolute", Fraction(1, 200))
BAND = (Band(Fraction(1, 50), Fraction(3, 4)),)

# loss-numeric-nats with p = (0.62, 0.35)
LOSS = NumericKey(
    "-log(0.62) - log(0.35)",
    NEAR,
    BAND,
    "nats",
    (
        Rival("log(0.62) + log(0.35)", ("flip-sign",)),
        Rival("-log(0.62)/log(2) - log(0.35)/log(2)", ("wrong-log-base",), HALF),
        Rival("0.62 + 0.35", ("sum-of-probs",)),
        Rival("log(0.62)*log(0.35)", ("product-of-logs",)),
        Rival("-(log(0.62) + log(0.35))/2", ("mean-over-masks",)),
    ),
)


@pytest.mark.parametrize(
    ("response", "score", "note", "believed"),
    [
        ("1.527858", 1, "numeric:within-tolerance", ()),
        ("1.53", 1, "numeric:within-tolerance", ()),
        ("1.528 nats", 1, "numeric:within-tolerance", ()),
        ("-log(0.217)", 1, "numeric:within-tolerance", ()),
        ("-ln(0.62) - ln(0.35)", 1, "numeric:within-tolerance", ()),
        ("1.54", Fraction(3, 4), "numeric:rounded-too-early", ()),
        ("1.51", Fraction(3, 4), "numeric:rounded-too-early", ()),
        ("2.204", HALF, "numeric:right-value-wrong-base", ("wrong-log-base",)),
        ("2.204 bits", HALF, "numeric:other-unit", ("wrong-log-base",)),
        ("1.528 bits", 0, "numeric:wrong-unit", ()),
        ("0.97", 0, "numeric:wrong-value", ("sum-of-probs",)),
        ("0.5019", 0, "numeric:wrong-value", ("product-of-logs",)),
        ("0.764", 0, "numeric:wrong-value", ("mean-over-masks",)),
        ("-1.528", 0, "numeric:wrong-value", ("flip-sign",)),
        ("7", 0, "numeric:wrong", ()),
        ("", 0, "blank", ()),
        ("one", None, None, ()),
        ("log(0)", None, None, ()),
        ("1/0", None, None, ()),
        ("1,528", None, None, ()),
        (["1.528"], None, "invalid:not-text", ()),
        (1.528, None, "invalid:not-text", ()),
    ],
)
def test_the_loss_of_two_masks(response, score, note, believed):
    found = grade(LOSS, response)
    assert found.score == score
    assert note is None or found.note == note
    assert tuple(name for d in found.diagnoses for name in d.misconceptions) == believed
    if score is None:
        assert found.verdict is Verdict.INVALID
        assert found.refusal.message


@pytest.mark.parametrize(
    ("response", "key_unit", "note"),
    [("2.885 bits", "bits", "numeric:within-tolerance"), ("2", "bits", "numeric:right-value-wrong-base")],
)
def test_bits(response, key_unit, note):
    assert grade(NumericKey("2/log(2)", NEAR, unit=key_unit), response).note == note


def test_a_unit_nobody_asked_for_is_refused():
    assert grade(NumericKey("2", NEAR), "2 bits").note == "invalid:unexpected-unit"


def test_exactly_on_the_boundary_is_inside():
    key = NumericKey("0.3", NEAR)
    assert [grade(key, text).score for text in ("0.305", "0.295", "61/200", "0.3050000001", "0.2949999999")] == [
        1,
        1,
        1,
        0,
        0,
    ]


def test_all_1202_answers_on_the_boundary_are_inside():
    wrong = []
    for hundredths in range(601):
        key = NumericKey(f"{hundredths / 100:.2f}", Tolerance("absolute", Fraction(1, 100)))
        for answer in (hundredths - 1, hundredths + 1):
            text = f"{answer / 100:.2f}"
            if grade(key, text).score != 1:
                wrong.append((hundredths, text))
    assert wrong == []


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4), st.integers(1, 12), st.sampled_from([1, -1]))
@settings(derandomize=True, max_examples=100)
def test_the_boundary_of_any_tolerance(value, amount, places, sign):
    unit = Fraction(1, 10**places)
    key = NumericKey(_decimal(value * unit), Tolerance("absolute", amount * unit), (Band(2 * amount * unit, HALF),))
    edge = (value + sign * amount) * unit
    beyond = edge + sign * unit / 10**6
    assert grade(key, _decimal(edge)).score == 1
    assert grade(key, _decimal(beyond)).score == HALF
    assert grade(key, _decimal(edge + sign * amount * unit)).score == HALF
    assert grade(key, _decimal(beyond + sign * amount * unit)).score == 0


@given(st.integers(-(10**4), 10**4).filter(bool), st.sampled_from([1, -1]))
@settings(derandomize=True, max_examples=50)
def test_the_boundary_of_a_relative_tolerance(value, sign):
    key = NumericKey(str(value), Tolerance("relative", Fraction(1, 100)))
    edge = value + sign * abs(Fraction(value, 100))
    assert grade(key, _decimal(edge)).score == 1
    assert grade(key, _decimal(edge + sign * Fraction(1, 10**9))).score == 0


def _decimal(value):
    places = decimals_of(Fraction(value))
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    point = len(digits) - places
    return ("-" if value < 0 else "") + (f"{digits[:point]}.{digits[point:]}" if places else digits)


@pytest.mark.parametrize(
    ("tolerance", "right", "wrong"),
    [
        (
            Tolerance("significant", Fraction(3)),
            ["1.61", "1.610", "1.609", "1.6094", "-log(0.2)"],
            ["1.6", "1.614", "1.60"],
        ),
        (Tolerance("decimals", Fraction(2)), ["1.61", "161/100", "1.609"], ["1.6", "1.611", "2"]),
        (Tolerance(), ["-log(0.2)", "log(5)", "ln 5"], ["1.609", "1.6094379124341003"]),
    ],
)
def test_roundings_of_a_logarithm(tolerance, right, wrong):
    key = NumericKey("-log(0.2)", tolerance)
    assert [text for text in right if grade(key, text).score != 1] == []
    assert [text for text in wrong if grade(key, text).score != 0] == []


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("2.675", "2.68"), ("-1/8", "-0.13")]
)
def test_half_goes_away_from_zero(value, rounded):
    key = NumericKey(value, Tolerance("decimals", Fraction(2)))
    down = rounded[:-1] + str(int(rounded[-1]) - 1)
    assert (grade(key, rounded).score, grade(key, down).score) == (1, 0)


@given(st.fractions(max_denominator=10**6).filter(bool), st.integers(1, 6))
@settings(derandomize=True, max_examples=100)
def test_significant_figures_against_scientific_notation(value, figures):
    places = places_of_figures(real(value), figures)
    assert 10 ** (figures - 1) <= abs(value) * Fraction(10) ** places < 10**figures


@given(st.fractions(min_value=-100, max_value=100, max_denominator=10**5), st.integers(0, 4))
@settings(derandomize=True, max_examples=100)
def test_exactly_one_decimal_of_a_length_is_the_rounding(value, places):
    unit = Fraction(1, 10**places)
    around = [(value // unit + k) * unit for k in (-1, 0, 1, 2)]
    fitting = {near for near in around if is_rounding(near, real(value), places)}
    nearest = min(around, key=lambda near: (abs(near - value), -abs(near)))
    assert fitting == {nearest}


def test_the_key_wins_over_a_band_and_a_band_over_a_wrong_value():
    key = NumericKey("1", NEAR, BAND, rivals=(Rival("1.004", ("a",)), Rival("1.015", ("b",), HALF)))
    assert [grade(key, text).score for text in ("1.004", "1.015")] == [1, Fraction(3, 4)]


def test_two_different_wrong_values_in_reach_diagnose_nothing_and_guess_no_credit():
    rivals = (Rival("2.000", ("a",), HALF), Rival("2.004", ("b",)))
    found = grade(NumericKey("1", NEAR, rivals=rivals), "2.002")
    assert (found.score, found.diagnoses, found.note) == (0, (), "numeric:several-wrong-values")
    same = tuple(Rival(rival.value, rival.misconceptions, HALF) for rival in rivals)
    assert grade(NumericKey("1", NEAR, rivals=same), "2.002").score == HALF


def test_equal_wrong_values_are_reported_together_fewest_steps_first():
    rivals = (Rival("2", ("a", "b")), Rival("4/2", ("c",)), Rival("log(exp(2))", ("d",)))
    found = grade(NumericKey("1", NEAR, rivals=rivals), "2.001")
    assert [d.misconceptions for d in found.diagnoses] == [("c",), ("d",)]


def test_an_exact_key_still_recognises_a_rounded_wrong_value():
    key = NumericKey("4", unit="bits", rivals=(Rival("4*log(2)", ("wrong-log-base",)),))
    assert [grade(key, text).note for text in ("4", "2.773", "2.7", "4.0001")] == [
        "numeric:equal",
        "numeric:right-value-wrong-base",
        "numeric:wrong",
        "numeric:wrong",
    ]


def test_decimal_comma_and_percent():
    german = NumericKey("1.5", NEAR, decimal_comma=True)
    assert [grade(german, text).score for text in ("1,5", "1.5", "150 %", "3/2")] == [1, 1, 1, 1]


def test_a_broken_key_is_said_to_be_broken():
    with pytest.raises(KeyUnusable, match="log"):
        grade(NumericKey("log(0)"), "1")
    with pytest.raises(KeyUnusable, match="xyz"):
        grade(NumericKey("xyz"), "1")


def test_a_number_too_large_for_exact_bounds_goes_to_a_person():
    found = grade(NumericKey("1", NEAR), "exp(exp(exp(exp(9))))")
    assert (found.verdict, found.note) == (Verdict.UNDECIDED, "numeric:undecided")


@pytest.mark.parametrize(
    "response",
    [
        "exp(log(3)) + exp(log(1e300)) - exp(log(1e300))",
        "e^{\\ln 3} + e^{\\ln 10^{300}} - 1e300",
        "log(exp(3)) + log(exp(1e300)) - log(exp(1e300))",
    ],
)
@pytest.mark.parametrize("digits", [None, Digits("figures", 3), Digits("decimals", 2)])
def test_an_exponential_of_a_logarithm_is_what_it_is_of(response: str, digits: Digits | None) -> None:
    """No bounds take part, so that numbers that are far larger than the digits of a bound cancel."""
    right = NumericKey("3", Tolerance("decimals", Fraction(2)), digits=digits)
    wrong = NumericKey("3.01", Tolerance("decimals", Fraction(2)), digits=digits)
    assert grade(right, response).verdict is Verdict.CORRECT
    assert (grade(wrong, response).verdict, grade(wrong, response).score) == (Verdict.INCORRECT, 0)
    assert real(parse_expression(response)).exact == 3


@pytest.mark.parametrize("response", ["exp(log(0))", "exp(log(-3))", "exp(log(1 - 1))^0", "log(exp(log(0)))"])
def test_an_exponential_of_a_logarithm_that_has_no_value_has_none(response: str) -> None:
    assert grade(NumericKey("0"), response).note == "invalid:no-value"
