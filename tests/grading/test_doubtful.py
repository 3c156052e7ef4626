"""Numbers and words at the edges of what can be read: rounded whole numbers, other units, typographic signs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grading import grade
from grading.answersheet import ItemKey, PartKey
from grading.bulk import grade_all
from grading.graders.numeric import canonical_responses
from grading.keys import Band, ChoiceKey, NumericKey, Rival, TextKey, Tolerance
from grading.responses import ResponseRow
from grading.verdicts import Verdict


@pytest.mark.parametrize(
    ("value", "figures", "right", "wrong"),
    [
        ("12345", 3, ("12300", "12345", "12350", "12345.0", "1.23e4"), ("12400", "12340", "12000", "12301")),
        ("12345", 2, ("12000", "12300"), ("13000", "10000", "0")),
        ("-12345", 4, ("-12350",), ("-12340", "12350", "-12400")),
        ("99950", 3, ("100000", "99950"), ("99900", "90000")),
        ("12.34", 3, ("12.3", "12.34"), ("12.4", "12.30001", "12")),
    ],
)
def test_significant_figures(value: str, figures: int, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    key = NumericKey(value, Tolerance("significant", Fraction(figures)))
    assert [grade(key, text).verdict for text in right] == [Verdict.CORRECT] * len(right)
    assert [grade(key, text).verdict for text in wrong] == [Verdict.INCORRECT] * len(wrong)


@pytest.mark.parametrize("value", ["12.34", "12345", "-12345", "0.0012345", "log(5)", "-1000*log(7)"])
@pytest.mark.parametrize(("kind", "amount"), [("significant", 3), ("significant", 2), ("decimals", 1), ("decimals", 2)])
@pytest.mark.parametrize("within", ["1/50", "1/2", "60", "200", "3000"])
def test_canonical_responses_with_a_band_get_what_they_say(value: str, kind: str, amount: int, within: str) -> None:
    key = NumericKey(value, Tolerance(kind, Fraction(amount)), (Band(Fraction(within), Fraction(3, 4)),))
    for case in canonical_responses(PartKey("answer", key)):
        found = grade(key, case.response)
        assert (found.verdict, found.score) == (case.verdict, case.score), case.response


@pytest.mark.parametrize("unit", ["nats", "bits"])
@pytest.mark.parametrize("size", ["9*10^5000", "10^5001", "10^-5000", "-9*10^5000", "2^(10^9)", "7*10^-5000"])
def test_numbers_too_large_to_be_converted(unit: str, size: str) -> None:
    key = NumericKey("1.5", Tolerance("absolute", Fraction(1, 100)), unit=unit)
    for text in (size, f"{size} bits", f"{size} nats"):
        assert grade(key, text).verdict in (Verdict.INCORRECT, Verdict.UNDECIDED)


@pytest.mark.parametrize("text", ["log_2 512", "log2 512", "9 000/1 000", "９", "900 %", "0009", "9e0", "3²"])
def test_writings_of_nine(text: str) -> None:
    assert grade(NumericKey("9"), text).verdict is Verdict.CORRECT


def test_signs_that_nobody_typed_make_no_wording_wrong() -> None:
    key = TextKey(("don't stop the early bird",), rivals=(Rival("stop it", credit=Fraction(1, 2)),))
    for text in ("don’t stop the early bird", "\ufeffDon't stop the\u200b early bird", "Don`t  stop the early\xa0bird"):
        assert grade(key, text).verdict is Verdict.CORRECT
    for text in ("don't stop the earlybird", "dont stop the early bird", "don't stop the early bird²"):
        assert grade(key, text).verdict is Verdict.INCORRECT


def test_a_row_is_not_mistaken_for_another_with_the_same_json() -> None:
    key = ItemKey("q", "r", "Q", (PartKey("answer", ChoiceKey("a")),))
    rows = [ResponseRow("ana", "q", None), ResponseRow("ben", "q", float("nan")), ResponseRow("eva", "q", [])]
    assert [row.grade for row in grade_all(rows, [key]).rows()] == [grade(key, row.response) for row in rows]
