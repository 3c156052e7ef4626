"""The file with the rules of a course: all that is wrong with it at once, with its place."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest

from grading.policy import Late, Policy, Rounding
from quizgen.course_rules import read_policy
from quizgen.findings import FindingsError

PAGE = Path(__file__).parents[2] / "docs" / "quizzes.md"
RULES = PAGE.read_text(encoding="utf-8").split("## The rules of a course")[1].split("```yaml\n")[1].split("```")[0]


def rules(tmp_path, text):
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_that_can_be_said(tmp_path):
    due = datetime(2026, 11, 20, 23, 59, tzinfo=timezone(timedelta(hours=1)))
    closed = datetime(2026, 12, 1, tzinfo=UTC)
    late = Late(due, 15, Fraction(1, 10), Fraction(1, 2), closed)
    rounding = Rounding(Fraction(1, 2), "nearest", "total")
    assert read_policy(rules(tmp_path, RULES)) == Policy("best", late, Fraction(1, 3), "review", rounding)
    other = (
        RULES.replace("review", "zero").replace("nearest, of: total", "up, of: question").replace("1/2, d", "0.5, d")
    )
    rounding = Rounding(Fraction(1, 2), "up", "question")
    assert read_policy(rules(tmp_path, other)) == Policy("best", late, Fraction(1, 3), "zero", rounding)
    assert read_policy(rules(tmp_path, "attempts: average\n")) == Policy("average")


WRONG = {
    "attempts: bst": (1, "bst"),
    "late: {each_day: 10 %}": (1, "due"),
    "late: {due: tomorrow}": (1, "due"),
    "late: {due: 2026-11-20T10:00, each_day: 1/10}": (1, "due"),
    "late: {due: 2026-11-20T10:00Z}": (1, "costs nothing"),
    "late: {due: 2026-11-20T10:00Z, closed: 2026-11-20T10:00Z}": (1, "not after"),
    "late: {due: 2026-11-20T10:00Z, each_day: 110 %}": (1, "each_day"),
    "late: {due: 2026-11-20T10:00Z, each_day: 10 %, grace: 1.5}": (1, "grace"),
    "late: soon": (1, "mapping"),
    "penalty: 1e999": (1, "penalty"),
    "penalty: 1/0": (1, "penalty"),
    "penalty: -1": (1, "penalty"),
    "invalid: wrong": (1, "wrong"),
    "rounding: {to: 0}": (1, "to"),
    "rounding: {direction: up}": (1, "to"),
    "rounding: {to: 1, direction: sideways}": (1, "sideways"),
    "roundin: {to: 1}": (1, "roundin"),
    "- attempts": (1, "mapping"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong(tmp_path, text):
    line, word = WRONG[text]
    with pytest.raises(FindingsError) as caught:
        read_policy(rules(tmp_path, text + "\n"))
    finding = caught.value.findings[0]
    assert (finding.code, finding.place.line) == ("Q730", line)
    assert word in finding.message
    assert finding.remedy


def test_all_at_once(tmp_path):
    with pytest.raises(FindingsError) as caught:
        read_policy(rules(tmp_path, "attempts: none\npenalty: 2\ninvalid: maybe\nlate: {}\n"))
    assert [finding.place.line for finding in caught.value.findings] == [4, 1, 2, 3]
