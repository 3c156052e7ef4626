"""Several numbers that are judged together, against fractions computed here."""

import math
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading import (
    ItemKey,
    JointCondition,
    KeyUnusable,
    NumericTupleKey,
    PartKey,
    ResponseRow,
    Rival,
    Verdict,
    canonical_responses,
    grade,
    grade_all,
)
from grading.amending import AmendmentUnusable
from grading.answersheet import Amendment, from_json, to_json
from grading.joint import as_choice, links_of, tree_of
from grading.reals import real
from grading.text import to_text

NAMES = ("b_1", "b_2")
PROBABILITIES = tuple(JointCondition(f"0 < {name} <= 1", f"{name} is no probability") for name in NAMES)


def counterexample(a_1=F(1, 2), a_2=F(1, 2), **more):
    """A pair with a larger sum than that of (a_1, a_2) and a smaller product."""
    return NumericTupleKey(
        NAMES,
        (
            *PROBABILITIES,
            JointCondition(
                f"b_1 + b_2 > {a_1 + a_2}", "the sum is smaller", "the sums are equal", ("linear-loss",), "L"
            ),
            JointCondition(f"b_1*b_2 < {a_1 * a_2}", "the loss is smaller", "", ("sum-of-probs",), "S", "add?"),
        ),
        more.pop("sample", ("0.9", "0.2")),
        **more,
    )


PART = PartKey("answer", counterexample())


def said(graded):
    return [(each.misconceptions, each.feedback) for each in graded.diagnoses]


@pytest.mark.parametrize(
    ("b_1", "b_2", "note", "diagnoses"),
    [
        ("0.9", "0.2", "all-hold", []),
        ("0.2", "0.9", "all-hold", []),
        ("9/10", "20 %", "all-hold", []),
        ("1", "0.0001", "all-hold", []),
        ("0.8", "0.6", "fails-4", [(("sum-of-probs",), "the loss is smaller")]),
        ("0.3", "0.4", "fails-3", [(("linear-loss",), "the sum is smaller")]),
        ("0.8", "0.2", "fails-3", [((), "the sums are equal")]),
        ("0.5", "0.5", "fails-3-4", [((), "the sums are equal"), ((), "the loss is smaller")]),
        ("1.5", "0.01", "fails-1", [((), "b_1 is no probability")]),
        ("90", "20", "fails-1-2", [((), "b_1 is no probability"), ((), "b_2 is no probability")]),
        ("0", "1", "fails-1", [((), "b_1 is no probability")]),
        ("-0.5", "0.9", "fails-1", [((), "b_1 is no probability")]),
        ("sqrt(2)/2", "0.3", "all-hold", []),
        ("sqrt(2)/2", "1 - sqrt(2)/2", "fails-3", [((), "the sums are equal")]),
        ("exp(-0.1)", "log(3/2)", "fails-4", [(("sum-of-probs",), "the loss is smaller")]),
    ],
)
def test_it_says_which_condition_fails(b_1, b_2, note, diagnoses):
    found = grade(PART, {"b_1": b_1, "b_2": b_2})
    assert (found.note, said(found)) == (f"numeric-tuple:{note}", diagnoses)
    assert found.score == (note == "all-hold")


def test_the_boundary_is_exact_where_floats_are_not():
    assert 0.7 + 0.1 != 0.8  # a sum of floats would call this a smaller sum, and 0.1 + 0.2 > 0.3 a larger one
    for a_1, a_2, b_1, b_2 in (("0.7", "0.1", "0.75", "0.05"), ("0.1", "0.2", "0.25", "0.05")):
        part = PartKey("answer", counterexample(F(a_1), F(a_2)))
        assert grade(part, {"b_1": b_1, "b_2": b_2}).note == "numeric-tuple:fails-3"
        assert grade(part, {"b_1": b_1 + "0" * 30 + "1", "b_2": b_2}).note == "numeric-tuple:all-hold"


hundredths = st.integers(-20, 120).map(lambda k: F(k, 100))
probabilities = st.integers(1, 99).map(lambda k: F(k, 100))


def written(value, style):
    """A number in one of the ways in which people write it."""
    match style:
        case "fraction":
            return f"{value.numerator}/{value.denominator}"
        case "percent":
            return f"{value * 100} %"
        case "power":
            return f"{int(value * 100)}e-2"
    digits = f"{'-' if value < 0 else ''}{abs(value.numerator) * 100 // value.denominator // 100}"
    return f"{digits}.{int(abs(value) * 100) % 100:02d}"


styles = st.sampled_from(["decimal", "fraction", "percent", "power"])


@given(probabilities, probabilities, hundredths, hundredths, styles, styles)
def test_the_grade_is_that_of_fractions(a_1, a_2, b_1, b_2, first, second):
    part = PartKey("answer", counterexample(a_1, a_2))
    found = grade(part, {"b_1": written(b_1, first), "b_2": written(b_2, second)})
    outside = [place for place, b in ((1, b_1), (2, b_2)) if not 0 < b <= 1]
    failing = outside or [
        place for place, holds in ((3, b_1 + b_2 > a_1 + a_2), (4, b_1 * b_2 < a_1 * a_2)) if not holds
    ]
    note = "fails-" + "-".join(map(str, failing)) if failing else "all-hold"
    assert (found.note, found.score) == (f"numeric-tuple:{note}", F(not failing))
    if failing == [3]:
        assert said(found)[0][1] == ("the sums are equal" if b_1 + b_2 == a_1 + a_2 else "the sum is smaller")


coefficients = st.fractions(min_value=-5, max_value=5, max_denominator=12).filter(bool)
monomials = st.tuples(st.integers(0, 3), st.integers(0, 3))


@given(
    st.dictionaries(monomials, coefficients, min_size=1, max_size=5),
    st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
    hundredths,
    hundredths,
    st.booleans(),
)
def test_any_polynomial_condition(polynomial, sign, x, y, on_the_boundary):
    """Printed, read again and decided, as fractions say; on the boundary too."""
    value = sum(c * x**i * y**j for (i, j), c in polynomial.items())
    bound = value if on_the_boundary else F(1, 3)
    names = ("x", "y")
    condition = JointCondition(f"{to_text(tree_of(polynomial, names))} {sign} {bound}")
    key = NumericTupleKey(names, (condition,), ("0", "0"))
    holds = {
        "<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound, "=": value == bound,
        "!=": value != bound,
    }[sign]  # fmt: skip
    assert grade(key, {"x": f"{x.numerator}/{x.denominator}", "y": written(y, "percent")}).score == F(holds)


@given(st.fractions(min_value=0, max_value=3, max_denominator=50), st.integers(2, 60))
def test_irrational_numbers_are_compared_too(square, bound):
    """x = √(p/q) and y = √(p/q): their product is rational, their sum most often is not."""
    root = f"sqrt({square.numerator}/{square.denominator})"
    key = NumericTupleKey(("x", "y"), (JointCondition(f"x*y < {bound}/20"), JointCondition("x + y <= 2")), ("0", "0"))
    found = grade(key, {"x": root, "y": root})
    failing = [p for p, holds in ((1, square < F(bound, 20)), (2, square <= 1)) if not holds]
    assert found.note == ("numeric-tuple:fails-" + "-".join(map(str, failing)) if failing else "numeric-tuple:all-hold")


# ---------------------------------------------------------------- what was given


def test_each_number_that_cannot_be_read_has_its_own_refusal():
    found = grade(PART, {"b_1": "0.9x", "b_2": "1..2"})
    assert (found.verdict, found.score) == (Verdict.INVALID, None)
    assert [name for name, _ in found.parts] == ["b_1", "b_2"]
    assert found.refusal == found.parts[0][1].refusal
    assert [field.refusal.field for _, field in found.parts] == ["b_1", "b_2"]
    assert [field.refusal.offset for _, field in found.parts] == [3, 0]
    assert dict(grade(PART, {"b_1": "0.9", "b_2": "1/0"}).parts)["b_2"].note == "invalid:no-value"
    assert dict(grade(PART, {"b_1": "0.9", "b_2": "0.2 nats"}).parts)["b_2"].note == "invalid:unexpected-unit"


@pytest.mark.parametrize(
    ("response", "verdict", "note"),
    [
        (None, Verdict.INCORRECT, "blank"),
        ({"b_1": " ", "b_2": None}, Verdict.INCORRECT, "blank"),
        ({"b_1": "0.9"}, Verdict.INCORRECT, "numeric-tuple:incomplete"),
        ({"b_1": "", "b_2": "0.2"}, Verdict.INCORRECT, "numeric-tuple:incomplete"),
        ({"b_1": "?", "b_2": ""}, Verdict.INVALID, "invalid:unknown-character"),
        ({"b_1": "0.9", "b_3": "0.2"}, Verdict.INVALID, "invalid:unknown-number"),
        ({"b_1": 0.9, "b_2": "0.2"}, Verdict.INVALID, "invalid:not-text"),
        (0.9, Verdict.INVALID, "invalid:not-numbers"),
        (["0.9"], Verdict.INVALID, "invalid:not-numbers"),
        ("0.9", Verdict.INVALID, "invalid:not-numbers"),
        ("b_1=0.9; b_1=0.2", Verdict.INVALID, "invalid:twice"),
        (["0.9", "0.2"], Verdict.CORRECT, "numeric-tuple:all-hold"),
        ("0.9; 0.2", Verdict.CORRECT, "numeric-tuple:all-hold"),
        ("b2 = 0.2; b₁ = 0.9", Verdict.CORRECT, "numeric-tuple:all-hold"),
    ],
)
def test_the_forms_of_an_answer(response, verdict, note):
    found = grade(PART, response)
    assert found.verdict is verdict
    assert found.note == note or note.startswith("invalid:unknown-character")


def test_the_reading_echoes_what_was_understood():
    assert grade(PART, {"b_2": "20%", "b_1": "9/10"}).reading == "b_1 = 9/10; b_2 = 20 %"


def test_a_text_with_two_readings_is_refused_where_they_differ():
    key = NumericTupleKey(("x", "y"), (JointCondition("x + y > 100"), JointCondition("y > 0")), ("200", "1"))
    found = grade(key, {"x": "1,609", "y": "1"})
    assert (found.verdict, found.refusal.field) == (Verdict.INVALID, "x")
    assert grade(key, {"x": "1,609", "y": "-1"}).note == "numeric-tuple:fails-2"  # wrong, whatever was meant
    assert grade(key, {"x": "1,609", "y": "200"}).score == 1  # right, whatever was meant
    comma = PartKey("answer", counterexample(decimal_comma=True))
    assert grade(comma, {"b_1": "0,9", "b_2": "0,2"}).score == 1


# ---------------------------------------------------------------- known tuples, and the choice


CHOICE = counterexample(
    rivals=(Rival("0.8; 0.6", ("accuracy-as-loss",), F(1, 4), "T", "", "own"), Rival("0.3; 0.4"), Rival("1/2; 1/2")),
    choice=(("o1", "0.3; 0.4"), ("o2", "0.9; 0.2"), ("o3", "0.8; 0.6"), ("o4", "1/2; 1/2")),
)
WITH_CHOICE = PartKey("answer", CHOICE, options=(("o1", "A"), ("o2", "B"), ("o3", "C"), ("o4", "D")))


def test_a_known_tuple_earns_its_credit_however_it_is_typed():
    found = grade(WITH_CHOICE, {"b_1": "80 %", "b_2": "3/5"})
    assert (found.score, found.note, said(found)) == (F(1, 4), "numeric-tuple:known", [(("accuracy-as-loss",), "own")])
    plain = grade(WITH_CHOICE, {"b_1": "0.30", "b_2": "0.4"})
    assert (plain.score, said(plain)) == (0, [(("linear-loss",), "the sum is smaller")])


def test_an_option_of_the_choice_is_a_response_too():
    assert [grade(WITH_CHOICE, option).score for option in ("o1", "B", "o3", "o4")] == [0, 1, F(1, 4), 0]
    assert as_choice(WITH_CHOICE).key.correct == "o2"
    assert grade(PART, "o2").verdict is Verdict.INVALID


def test_a_choice_without_the_right_tuple_cannot_stand_for_the_question():
    for choice in ((("o1", "0.3; 0.4"),), (("o1", "0.9; 0.2"), ("o2", "0.1; 0.1"))):
        with pytest.raises(KeyUnusable, match="no single choice"):
            as_choice(PartKey("answer", counterexample(rivals=(Rival("0.3; 0.4"),), choice=choice)))


@pytest.mark.parametrize("part", [PART, WITH_CHOICE], ids=["plain", "with-choice"])
def test_canonical_responses_are_graded_as_foretold(part):
    responses = canonical_responses(part)
    assert {each.verdict for each in responses} >= {Verdict.CORRECT, Verdict.INCORRECT, Verdict.INVALID}
    for each in responses:
        found = grade(part, each.response)
        assert (found.verdict, found.score) == (each.verdict, each.score), each.response


def test_the_key_survives_its_json():
    assert from_json(to_json(WITH_CHOICE), PartKey) == WITH_CHOICE


def test_in_bulk_from_a_file(tmp_path):
    (tmp_path / "r.csv").write_text(
        'learner,item,response\nana,q,"{""b_1"": 0.9, ""b_2"": ""1/5""}"\nben,q,b1=0.8; b2=0.6\ncem,q,o2\n', "utf-8"
    )
    sheet = [ItemKey("q", "r", "Q-1", (WITH_CHOICE,))]
    assert [row.grade.score for row in grade_all(tmp_path / "r.csv", sheet).rows()] == [1, F(1, 4), 1]
    rows = [ResponseRow("ana", "q", {"b_1": "0.9", "b_2": "x"})]
    assert [row.grade.verdict for row in grade_all(rows, sheet).rows()] == [Verdict.INVALID]


def test_another_tuple_is_accepted_by_an_amendment():
    item = ItemKey("q", "r", "Q-1", (WITH_CHOICE,))
    accept = Amendment("q", "accept", "as good", "2025-01-31", responses=({"b_1": "0.80", "b_2": "20 %"}, "o1"))
    assert grade(item, {"b_1": "4/5", "b_2": "0.2"}).score == 0
    assert grade(item, {"b_1": "4/5", "b_2": "0.2"}, [accept]).note == "amended:accepted"
    assert grade(item, "o1", [accept]).score == 1
    assert grade(item, {"b_1": "0.81", "b_2": "0.19"}, [accept]).score == 0
    for response in ({"b_1": "0.9"}, {"b_1": "sqrt(2)", "b_2": "1"}, {"b_1": "?", "b_2": "1"}):
        with pytest.raises(AmendmentUnusable):
            grade(item, None, [Amendment("q", "accept", "?", "2025-01-31", responses=(response,))])


@pytest.mark.parametrize(
    ("holds", "message"),
    [
        ("b_1 + b_2", "no relation"),
        ("b_1 < c", "cannot be read"),
        ("b_1 <", "cannot be read"),
        ("log(b_1) < 1", "polynomials"),
        ("1/b_1 < 1", "polynomials"),
        ("b_1^(1/2) < 1", "polynomials"),
        ("b_1^b_2 < 1", "polynomials"),
        ("b_1^13 < 1", "polynomials"),
        ("(b_1 + b_2)^12*b_1 < 1", "too large"),
    ],
)
def test_a_condition_that_is_none_is_the_fault_of_the_key(holds, message):
    with pytest.raises(KeyUnusable, match=message):
        links_of(holds, NAMES)
    with pytest.raises(KeyUnusable):
        grade(NumericTupleKey(NAMES, (JointCondition(holds),), ("1", "1")), {"b_1": "1", "b_2": "1"})


def test_numbers_of_any_size_are_taken():
    key = NumericTupleKey(("x", "y"), (JointCondition("x^12 > y^12"), JointCondition("x*y >= 1")), ("2", "1"))
    assert grade(key, {"x": "1e300", "y": "1e-300"}).score == 1
    assert grade(key, {"x": "1e300", "y": "1e-299"}).score == 1
    assert grade(key, {"x": "1e299", "y": "1e-300"}).note == "numeric-tuple:fails-2"
    assert grade(key, {"x": f"{10**50 + 1}", "y": f"{10**50}"}).score == 1
    assert math.isinf(float("1e300") * 1e300)  # a float could not
    assert grade(key, {"x": "2^(10^9)", "y": "1"}).note == "numeric-tuple:undecided"  # too large to be written out


def test_credit_is_not_lost_where_a_comparison_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether an answer is the known wrong one that earns something goes to a person; without credit it is wrong."""
    condition = JointCondition("a + b > 1")
    for credit, verdict in ((F(1, 4), Verdict.UNDECIDED), (F(0), Verdict.INCORRECT)):
        key = NumericTupleKey(("a", "b"), (condition,), ("1", "1"), (Rival("0.5; 0.25", credit=credit),))
        with monkeypatch.context() as patched:
            patched.setattr("grading.graders.numeric_tuple.order", lambda one, other: None)
            assert grade(key, {"a": "0.5", "b": "0.25"}).verdict is verdict
        assert grade(key, {"a": "0.5", "b": "0.25"}).score == credit


RATIONAL = st.fractions(-3, 3, max_denominator=12)


@given(RATIONAL, RATIONAL, st.fractions(-5, 5, max_denominator=60))
def test_the_order_of_two_sides_is_that_of_fractions(x, y, c):
    for number in (c, x**3 * y - F(2, 3) * y**2 + F(1, 4) * x):  # the second makes both sides equal
        (link,) = links_of(f"x^3*y - 2/3*y^2 + 0.25*x > ({number.numerator})/{number.denominator}", ("x", "y"))
        difference = x**3 * y - F(2, 3) * y**2 + F(1, 4) * x - number
        assert link.order({"x": real(x), "y": real(y)}) == (difference > 0) - (difference < 0)
