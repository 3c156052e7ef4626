"""What is said of a number that is not right, whatever it is typed like; and that saying it changes no score."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keys_at_random import numeric_parts

from grading.answersheet import ItemKey
from grading.bulk import grade_all
from grading.graders.numeric import edges
from grading.graders.numeric.scale import scale_of, value_of
from grading.graders.numeric.zones import ZoneIndex, zone_of
from grading.keys import LEAST_FIGURES, Band, NumericKey, Rival, Tolerance
from grading.marking import grade
from grading.reals import real
from grading.responses import ResponseRow
from grading.verdicts import Verdict

HALF = Fraction(1, 2)
NEAR = Tolerance("absolute", Fraction(1, 200))
PROPERTY = settings(derandomize=True, max_examples=150, deadline=None)
DEAR = settings(derandomize=True, max_examples=50, deadline=None)
LOSS = NumericKey("-log(0.5) - log(0.4)", NEAR, unit="nats")  # 1.609…
SHARE = NumericKey("0.5", NEAR)
PER_CENT = NumericKey("50", NEAR, unit="%")
GERMAN = NumericKey("-log(0.2)", NEAR, decimal_comma=True)


@pytest.mark.parametrize(
    ("key", "response", "note"),
    [
        (LOSS, "2.322", "right-value-wrong-base"),
        (LOSS, "0.699", "right-value-wrong-base"),
        (LOSS, "2.322 bits", "other-unit"),
        (LOSS, "0.699 hartleys", "other-unit"),
        (LOSS, "1.609 bits", "wrong-unit"),
        (LOSS, "-1.609", "wrong-sign"),
        (LOSS, "log 0.2", "wrong-sign"),
        (LOSS, "1.6", "rounded-too-early"),
        (LOSS, "1.60", "wrong"),
        (LOSS, "2", "wrong"),
        (LOSS, "16.09", "power-of-ten"),
        (LOSS, "1609", "power-of-ten"),
        (LOSS, "0.001609", "power-of-ten"),
        (LOSS, "7", "wrong"),
        (NumericKey("-log(0.2)/log(2)", NEAR, unit="bits"), "1.609", "right-value-wrong-base"),
        (NumericKey("-log(0.2)", NEAR), "2.322", "right-value-wrong-base"),
        (NumericKey("3", NEAR), "2.079", "wrong"),
        (SHARE, "50 %", "within-tolerance"),
        (SHARE, "50\\%", "within-tolerance"),
        (SHARE, "50", "percent-instead-of-fraction"),
        (SHARE, "5", "power-of-ten"),
        (SHARE, "-0.5", "wrong-sign"),
        (PER_CENT, "50", "within-tolerance"),
        (PER_CENT, "50 %", "within-tolerance"),
        (PER_CENT, "100/2 \\%", "within-tolerance"),
        (PER_CENT, "0.5", "fraction-instead-of-percent"),
        (PER_CENT, "0.5 %", "fraction-instead-of-percent"),
        (PER_CENT, "5000 %", "power-of-ten"),
        (NumericKey("1/3"), "0.33", "rounded-too-early"),
        (NumericKey("1/3"), "0.34", "wrong"),
        (NumericKey("0"), "-0", "equal"),
        (NumericKey("0"), "-0.0", "equal"),
        (NumericKey("0", NEAR), "1", "wrong"),
        (NumericKey("0.003", NEAR), "0.3", "wrong"),  # wider than the value: a slip could be chance
    ],
)
def test_slips_have_names_and_no_credit(key, response, note):
    found = grade(key, response)
    assert found.note == f"numeric:{note}"
    assert found.score == (1 if note in ("within-tolerance", "equal") else 0)


def test_a_known_wrong_value_wins_over_a_slip():
    key = NumericKey("-log(0.2)", NEAR, rivals=(Rival("log(0.2)", ("flip-sign",)), Rival("16.09", ("x",), HALF)))
    assert [(grade(key, text).note, grade(key, text).score) for text in ("-1.609", "16.09", "160.9")] == [
        ("numeric:wrong-value", 0),
        ("numeric:wrong-value", HALF),
        ("numeric:power-of-ten", 0),
    ]


@pytest.mark.parametrize(
    ("response", "code"),
    [
        ("inf", "infinite"),
        ("-∞", "infinite"),
        (r"-\infty", "infinite"),
        ("nan", "not-a-number"),
        ("1/0", "no-value"),
        ("log 0", "no-value"),
        ("log(-1)", "no-value"),
        ("0/0", "no-value"),
        ("(-1)^0.5", "no-value"),
        ("1e999999999", "too-large"),
        ("2.3 or 2.4", "unknown-name"),
        ("2.3 2.4", "missing-operator"),
        ("1.2.3", "several-points"),
        ("2.3 ± 0.1", "interval"),
        ("1/2004!", "factorial"),
        ("12 km", "unknown-name"),
        ("E~", "unknown-name"),
    ],
)
def test_what_is_no_finite_number_is_refused_kindly(response, code):
    found = grade(LOSS, response)
    assert (found.verdict, found.note) == (Verdict.INVALID, f"invalid:{code}")
    assert found.refusal.message.endswith(".")
    found.refusal.caret(response)


def test_the_reason_why_there_is_no_value_is_said():
    assert "a division by zero" in grade(LOSS, "1/0").refusal.message
    assert "logarithm" in grade(LOSS, "log 0").refusal.message


@pytest.mark.parametrize(
    ("key", "response", "verdict", "note"),
    [
        (LOSS, "1,609", Verdict.INVALID, "invalid:ambiguous-comma"),
        (NumericKey("1609"), "1,609", Verdict.INVALID, "invalid:ambiguous-comma"),
        (NumericKey("7"), "1,609", Verdict.INCORRECT, "numeric:wrong"),
        (LOSS, "1,234.5", Verdict.INCORRECT, "numeric:wrong"),
        (NumericKey("1609.5"), "1,609.5", Verdict.CORRECT, "numeric:equal"),
        (LOSS, "1,61", Verdict.INVALID, "invalid:ambiguous-comma"),
        (GERMAN, "1,609", Verdict.CORRECT, "numeric:within-tolerance"),
        (GERMAN, "1.61", Verdict.CORRECT, "numeric:within-tolerance"),
        (GERMAN, "1.609", Verdict.INVALID, "invalid:ambiguous-point"),
        (GERMAN, "7.123", Verdict.INCORRECT, "numeric:wrong"),
        (NumericKey("1609", decimal_comma=True), "1.609", Verdict.INVALID, "invalid:ambiguous-point"),
        (NumericKey("1609", decimal_comma=True), "1 609", Verdict.CORRECT, "numeric:equal"),
    ],
)
def test_two_readings_are_refused_only_where_the_grade_depends_on_them(key, response, verdict, note):
    found = grade(key, response)
    assert (found.verdict, found.note) == (verdict, note)


def test_a_percent_sign_that_may_belong_to_the_question_is_refused():
    key = NumericKey("50", NEAR)
    assert grade(key, "50 %").note == "invalid:percent-sign"
    assert [grade(key, text).score for text in ("50", "5000 %", "40 %")] == [1, 1, 0]


def test_a_unit_of_the_question_may_be_typed():
    key = NumericKey("12", unit="tokens/s")
    assert [grade(key, text).score for text in ("12", "12 tokens/s", "12tokens/s", "13 tokens/s")] == [1, 1, 1, 0]
    assert grade(key, "12 bits").note == "invalid:unexpected-unit"
    assert grade(key, "12 km/h").verdict is Verdict.INVALID


@pytest.mark.parametrize(
    ("response", "reading"),
    [
        ("1 609.5", "1609.5"),
        ("L ≈ 1.609 nats", "1.609 nats"),
        ("50 %", "50 %"),
        ("1.6×10^{-3}", "1.6e-3"),
        ("-ln 0.2", "−log(0.2)"),
        ("١٢", "12"),
    ],
)
def test_the_reading_says_how_a_number_was_understood(response, reading):
    assert grade(LOSS, response).reading == reading


# --- boundaries


@pytest.mark.parametrize(("kind", "amount"), [("absolute", Fraction(1, 200)), ("relative", Fraction(1, 60))])
def test_a_boundary_may_be_outside(kind, amount):
    inside = NumericKey("0.3", Tolerance(kind, amount))
    outside = NumericKey("0.3", Tolerance(kind, amount, "outside"))
    edge, within = ("0.305", "0.295", "61/200"), ("0.3049999999", "0.2950000001", "0.3")
    assert [grade(inside, text).score for text in (*edge, *within)] == [1] * 6
    assert [grade(outside, text).score for text in (*edge, *within)] == [0] * 3 + [1] * 3


def test_the_key_itself_is_right_even_where_nothing_else_is():
    for value in ("0", "-log(0.2)"):
        for kind in ("absolute", "relative"):
            assert grade(NumericKey(value, Tolerance(kind, Fraction(0), "outside")), value).score == 1


def test_a_band_holds_the_boundary_that_the_tolerance_leaves_out():
    key = NumericKey("0.3", Tolerance("absolute", Fraction(1, 200), "outside"), (Band(Fraction(1, 200), HALF),))
    assert [grade(key, text).score for text in ("0.305", "0.3049", "0.30500001")] == [HALF, 1, 0]


# --- properties

spellings = st.sampled_from(
    [
        "{plain}", "+{plain}", " {plain} ", "= {plain}", "≈ {plain}", "~{plain}", "L = {plain}", "${plain}$",
        r"\({plain}\)", "{plain} nats", "{plain}nats", r"{plain}\,\text{{nats}}", "{unicode}", "{fraction}",
        r"\frac{{{top}}}{{{bottom}}}", "({top})/({bottom})",
        "{mantissa}e{exponent}", "{mantissa}E{exponent}", "{mantissa}×10^{{{exponent}}}",
        r"{mantissa}\cdot 10^{{{exponent}}}", "{mantissa}·10{superscript}", "{mantissa}*10^({exponent})",
        "{mantissa} x 10^{exponent}", "{percent} %", r"{percent}\%", "{fullwidth}", "{arabic}", "{plain}000",
        "({plain})",
        "{plain} + 0", "2*({plain})/2", "exp(log({size}))*{sign}", "{sign}*sqrt(({plain})^2)", "max({plain}, {plain})",
    ]
)  # fmt: skip
decimals = st.tuples(st.integers(-99_999, 99_999).filter(bool), st.integers(0, 4))


def _plain(value: Fraction, places: int) -> str:
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


def spelt(spelling: str, steps: int, places: int) -> str:
    value = Fraction(steps, 10**places)
    plain = _plain(value, places)
    digits = str(abs(steps))
    exponent = len(digits) - 1 - places
    sign = "-" if steps < 0 else ""
    if spelling == "{plain}000" and not places:
        plain += "."
    if spelling == "+{plain}" and steps < 0:
        spelling = "{plain}"
    return spelling.format(
        plain=plain, unicode=plain.replace("-", "−"), fraction=f"{steps}/{10**places}", top=steps, bottom=10**places,
        mantissa=f"{sign}{digits[0]}.{digits[1:]}", exponent=exponent, percent=_plain(value * 100, max(0, places - 2)),
        superscript=str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")), size=plain.lstrip("-"),
        sign=f"({sign}1)", fullwidth=plain.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        arabic=plain.translate(str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")),
    )  # fmt: skip


@given(decimals, spellings)
@PROPERTY
def test_the_key_is_right_in_every_spelling(decimal, spelling):
    steps, places = decimal
    key = NumericKey(f"({steps})/{10**places}", unit="nats")
    found = grade(key, spelt(spelling, steps, places))
    assert (found.verdict, found.note) == (Verdict.CORRECT, "numeric:equal"), spelt(spelling, steps, places)


@given(decimals, spellings)
@PROPERTY
def test_and_beside_commas_with_one(decimal, spelling):
    steps, places = decimal
    text = spelt(spelling, steps, places)
    assert grade(NumericKey(f"({steps})/{10**places}", unit="nats", decimal_comma=True), text).score in (1, None), text
    if "max" in spelling:
        text = text.replace(", ", "; ")
    key = NumericKey(f"({steps})/{10**places}", unit="nats", decimal_comma=True)
    assert grade(key, text.replace(".", ",")).verdict is Verdict.CORRECT, text


@given(numeric_parts())
@PROPERTY
def test_the_negation_of_a_key_is_never_right(part):
    key = part.key
    value = value_of(key.value)
    narrow = Tolerance("relative", Fraction(1, 100), key.tolerance.boundary)
    key = NumericKey(key.value, narrow, (), key.unit, key.rivals, False, key.digits)
    if value.low > 0 or value.high < 0:
        assert grade(key, f"-({key.value})").verdict is not Verdict.CORRECT


@given(
    st.sampled_from(["0.3", "-log(0.2)", "-7/3", "12", "exp(2)"]),
    st.sampled_from([NEAR, Tolerance("relative", Fraction(1, 50)), Tolerance("absolute", Fraction(1, 10), "outside")]),
    st.lists(st.integers(-3000, 3000), min_size=2, max_size=12),
)
@PROPERTY
def test_further_away_on_the_same_side_never_earns_more(value, tolerance, thousandths):
    key = NumericKey(value, tolerance, (Band(Fraction(1, 2), HALF), Band(Fraction(1), Fraction(1, 4))))
    centre = (value_of(value).low + value_of(value).high) / 2
    base = Fraction(round(centre * 1000), 1000)
    for side in (1, -1):
        distances = sorted(abs(step) for step in thousandths)
        scores = [grade(key, _plain(base + Fraction(side * step, 1000), 3)).score for step in distances]
        assert scores == sorted(scores, reverse=True)


def _by_looking_at_all(key: NumericKey, number):
    """The rivals that hold a number, each looked at."""
    zones = [(zone_of(value_of(rival.value), key.tolerance, LEAST_FIGURES), rival) for rival in key.rivals]
    held = [(zone, rival, zone.holds(number)) for zone, rival in zones]
    if any(answer is None and rival.credit for _, rival, answer in held):
        return None
    return [(zone, rival) for zone, rival, answer in held if answer]


rival_values = st.one_of(
    st.integers(-400, 400).map(lambda k: f"({k})/100"),
    st.integers(1, 60).map(lambda k: f"log({k})/log(7)"),
    st.sampled_from(["0", "1/3", "2/6", "exp(1)", "1e-9", "1e12", "-1e12", "0.999999999", "1"]),
)
tolerances = st.sampled_from(
    [
        Tolerance(), NEAR, Tolerance("absolute", Fraction(2)), Tolerance("absolute", Fraction(1, 50), "outside"),
        Tolerance("relative", Fraction(1, 10)), Tolerance("significant", Fraction(2)),
        Tolerance("decimals", Fraction(1)),
    ]
)  # fmt: skip


@given(st.lists(rival_values, max_size=40), tolerances, st.data())
@DEAR
def test_bisection_finds_what_looking_at_every_wrong_value_finds(values, tolerance, data):
    credits = [Fraction(k % 3, 2) if k % 3 < 2 else Fraction(0) for k in range(len(values))]
    rivals = tuple(Rival(value, (f"m{k}",), credits[k]) for k, value in enumerate(values))
    key = NumericKey("1000", tolerance, rivals=rivals)
    scale = scale_of(key)
    ends = [end for zone in scale.index.zones for end in (zone.low, zone.high, zone.centre)]
    numbers = [
        *ends[:12],
        *(real(Fraction(k, 1000)) for k in data.draw(st.lists(st.integers(-5000, 5000), max_size=10))),
    ]
    for number in numbers:
        assert scale.matched(number) == _by_looking_at_all(key, number)


def test_of_ten_thousand_wrong_values_few_are_looked_at():
    zones = tuple(zone_of(real(Fraction(k, 10)), NEAR) for k in range(10_000))
    index = ZoneIndex(zones)
    looked_at = [len(index.near(real(Fraction(k, 30)))) for k in range(0, 30_000, 7)]
    assert max(looked_at) == 1


@given(numeric_parts(), st.lists(st.integers(-3000, 3000), min_size=1, max_size=12))
@PROPERTY
def test_a_note_changes_no_score(part, hundredths):
    """The score is what tolerance, bands, digits and wrong values give; slips only name it."""
    key = part.key
    for step in hundredths:
        found = grade(key, str(step) + "e-2" if key.decimal_comma else _plain(Fraction(step, 100), 2))
        if found.note.removeprefix("numeric:") in (
            "wrong-sign",
            "power-of-ten",
            "percent-instead-of-fraction",
            "wrong",
        ):
            assert found.score == 0
            assert not scale_of(key).matched(real(Fraction(step, 100)))


@given(numeric_parts(), st.data())
@DEAR
def test_bulk_grading_says_the_same_of_every_decimal_near_an_edge(part, data):
    key = part.key
    found = [bound for pair in edges(key) for bound in pair]
    places = data.draw(st.integers(0, 6))
    unit = Fraction(1, 10**places)
    texts = []
    for bound in found[:60]:
        if abs(bound) < 10**6:
            near = bound // unit
            texts += [_plain((near + k) * unit, places) for k in (-1, 0, 1)]
    rows = [ResponseRow(str(k), "q", text) for k, text in enumerate(texts)]
    graded = grade_all(rows, [ItemKey("q", "r", "Q", (part,))]).rows()
    for row, together in zip(rows, graded, strict=True):
        assert together.grade == grade(part, row.response)
