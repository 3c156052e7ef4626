"""What a caveat can make of a mark: never less than the models of platforms give, and no mark that nothing leads to."""

from __future__ import annotations

import importlib
import pkgutil
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

import quizgen.exporters
from grading.answersheet import ItemKey, PartKey
from grading.keys import (
    Band,
    ChoiceKey,
    Digits,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    SymbolDeclaration,
    SymbolicKey,
    TextKey,
    Tolerance,
)
from grading.marking import canonical_responses, grade_item
from grading.verdicts import Grade, Verdict, scored
from quizgen.archive import write_archive
from quizgen.exporters.catalogue import FORMATS
from quizgen.exporters.contract import Caveat, Level, Options
from quizgen.exporters.moodle_xml import write
from quizgen.exporters.moodle_xml.fidelity import fidelity as moodle_fidelity
from quizgen.model import GeneratedItem
from quizgen.reconciling.caveats import KINDS, RULES, WHOLE, is_about_marks, marks_by
from quizgen.reconciling.possible import ANY, MOST, Marks, exactly, one_of
from tests.exporters import example_items as examples
from tests.exporters import moodle_model, test_canvas
from tests.exporters.test_marks_agree import given_in_moodle
from tests.exporters.whole_bank import whole_bank

NEAR = F(1, 10**5)
LEARNERS = {"anki", "h5p", "html_page", "packaged_page", "scorm", "xapi", "spreadsheet", "markdown"}
"""Formats whose marks are made on the learner's machine, by our own page or by nobody."""


def caveats_of_platforms() -> set[str]:
    """The codes of everything that the formats of platforms say and that can change a mark."""
    found = set()
    for module in pkgutil.walk_packages(quizgen.exporters.__path__, "quizgen.exporters."):
        if module.name.split(".")[2] not in LEARNERS:
            told = [one for one in vars(importlib.import_module(module.name)).values() if isinstance(one, Caveat)]
            found |= {one.code for one in told if one.level is not Level.NONE and is_about_marks(one.code)}
    return found


def test_every_caveat_about_marks_has_a_rule() -> None:
    codes = caveats_of_platforms()
    assert len(codes) > 40
    ruled = {code for code in codes if code in WHOLE or code in RULES or code.split(":")[1] in RULES}
    assert codes - ruled == set()
    assert {code.split(":")[0] for code in codes - set(WHOLE)} <= set(KINDS)
    assert {one.keys for one in FORMATS if one.id.replace("-", "_") in LEARNERS} <= {"learner", "file"}


def key_of(*parts: PartKey) -> ItemKey:
    return ItemKey("i", "", "", parts)


def judged(codes: list[str], key: Any, response: Any) -> tuple[F, Marks]:
    item = key_of(PartKey("answer", key))
    grade = grade_item(item, response)
    return grade.score or F(0), marks_by(codes, item, grade)


SEVERAL = ("a", "b"), ("a", "b", "c", "d", "e")
WORDS = TextKey(("BERT",), case_sensitive=True, rivals=(Rival("GPT", ("x",), F(1, 2)),), comparison="words")
WITHIN = NumericKey("8/5", Tolerance("absolute", F(1, 100)), (Band(F(1, 10), F(1, 2)),), rivals=(Rival("4", ("x",)),))
DIGITS = NumericKey("8/5", Tolerance("exact"), digits=Digits("decimals", 2, too_few=F(1, 2)))


@pytest.mark.parametrize(("code", "key", "response", "ours", "theirs"), [
    ("choice:partial-credit", ChoiceKey("a", (Rival("b", ("x",), F(1, 2)),)), "b", F(1, 2), {0}),
    ("choice:partial-credit", ChoiceKey("a", (Rival("b", ("x",), F(1, 2)),)), "a", 1, set()),
    ("choice:equal-texts", ChoiceKey("a", (Rival("b", ("x",), F(1, 2)),)), "a", 1, {0, F(1, 2)}),
    ("multiple-answer:per-option", MultipleAnswerKey(*SEVERAL, "per-option"), ["a", "c"], F(3, 5), {0}),
    ("multiple-answer:all-or-nothing", MultipleAnswerKey(*SEVERAL, "all-or-nothing"), ["a"], 0, {F(1, 2)}),
    ("multiple-answer:halves", MultipleAnswerKey(*SEVERAL), ["a", "b", "c"], F(1, 2), set()),
    ("multiple-answer:halves", MultipleAnswerKey(*SEVERAL), ["a", "c"], 0, {F(1, 4)}),
    ("multiple-answer:any-right", MultipleAnswerKey(*SEVERAL), ["a"], F(1, 2), {1}),
    ("multiple-answer:partial-credit", MultipleAnswerKey(*SEVERAL, "per-option"), ["a"], F(4, 5), {0, F(1, 2)}),
    ("ordering:all-or-nothing", OrderingKey(("a", "b", "c"), "all-or-nothing"), ["a", "c", "b"], 0, {F(1, 3)}),
    ("scoring:all-or-nothing", OrderingKey(("a", "b", "c"), "all-or-nothing"), ["a", "c", "b"], 0, {F(1, 3)}),
    ("scoring:all-or-nothing", OrderingKey(("a", "b", "c")), ["a", "c", "b"], F(1, 3), {0}),
    ("matching:equal-texts", MatchingKey((("p", "1"), ("q", "2")), ("1", "2")), {"p": "1"}, F(1, 2), {0, 1}),
    ("numeric:reading", WITHIN, "8/5", 1, {0}),
    ("numeric:reading", WITHIN, "4/2.5", 1, {0}),
    ("numeric:reading", WITHIN, "1.6+0.2", 0, {1}),
    ("numeric:reading", WITHIN, "1.9", 0, set()),
    ("numeric:partial-credit", WITHIN, "1.65", F(1, 2), {0}),
    ("numeric:digits", DIGITS, "1.6", F(1, 2), {1}),
    ("numeric:digits", DIGITS, "1.7", 0, set()),
    ("numeric:boundary", WITHIN, "1.61", 1, {F(1, 2)}),
    ("numeric:boundary", WITHIN, "1.605", 1, set()),
    ("numeric:percent", NumericKey("1/2"), "50 %", 1, set()),
    ("numeric:percent", NumericKey("50", unit="%"), "50 %", 1, {0}),
    ("numeric:zero", NumericKey("1/200", Tolerance("absolute", F(1, 100))), "none", 0, {1}),
    ("numeric:interval", DIGITS, "1.605", 0, {1}),
    ("numeric:quarter", WITHIN, "7", 0, {F(1, 4)}),
    ("numeric:listed", WITHIN, "1.6001", 1, {0}),
    ("short-answer:case", WORDS, "bert", 0, {1}),
    ("short-answer:case", WORDS, "gpt", 0, {F(1, 2)}),
    ("short-answer:case", WORDS, "Elmo", 0, set()),
    ("short-answer:reading", WORDS, "BERT", 1, {0}),
    ("points:speed", WORDS, "BERT", 1, {0, F(1, 7), 1}),
])  # fmt: skip
def test_which_other_marks_there_are(code: str, key: Any, response: Any, ours: F, theirs: set[F]) -> None:
    mine, marks = judged([code], key, response)
    assert mine == ours
    tried = {F(0), F(1), *(F(k, n) for n in (2, 3, 4, 5, 7) for k in range(1, n))}
    held = {share for share in tried if marks.holds(share, F(0))}
    assert held >= theirs | {mine}
    if code != "points:speed":
        assert held == theirs | {mine}


def test_other_caveats_say_nothing_of_this_kind() -> None:
    mine, marks = judged(["numeric:reading", "short-answer:case", "symbolic:form"], ChoiceKey("a"), "a")
    assert marks == exactly(mine) == exactly(F(1))


def test_a_formula_that_waits_there_has_nothing_yet() -> None:
    key = SymbolicKey("p_2", symbols=(SymbolDeclaration("p_2"),))
    mine, marks = judged(["symbolic:marked-on-return"], key, "p_2")
    assert (mine, marks) == (1, one_of([F(0), F(1)]))
    assert judged(["symbolic:marked-by-hand"], key, "p_2")[1].holds(F(1, 3), F(0))


def test_parts_may_each_be_marked_otherwise() -> None:
    half = Rival("b", ("x",), F(1, 2))
    parts = [PartKey(name, ChoiceKey("a", (half,)), weight) for name, weight in (("p", F(1, 4)), ("q", F(3, 4)))]
    key = key_of(*parts)
    grade = grade_item(key, {"p": "b", "q": "b"})
    assert marks_by(["choice:partial-credit"], key, grade) == one_of([F(1, 2), F(1, 8), F(3, 8), F(0)])
    grade = grade_item(key, {"p": "a", "q": "b"})
    assert marks_by(["parts:equal-weights"], key, grade) == one_of([F(5, 8), F(3, 4)])
    split = marks_by(["parts:separate-questions"], key, grade)
    assert split.holds(F(1, 2), F(0))
    assert split.holds(F(1), F(0))
    assert not split.holds(F(2, 5), F(0))


def test_sums_stay_small() -> None:
    marks = exactly(F(0))
    for k in range(40):
        marks = marks.plus(one_of([F(0), F(1, 3**k)]))
    assert len(marks.ranges) <= MOST
    assert marks.holds(F(1), F(0))
    assert not marks.holds(F(2), F(0))


def test_what_moodle_gives_is_among_them(tmp_path: Path) -> None:
    """The model of Moodle marks every canonical response of the bank: the mark is ours, or a caveat leads to it."""
    items = (*examples.everything(), *whole_bank(2).items())
    other = 0
    for place, made in enumerate(items):
        codes = [one.code for one in moodle_fidelity(made.item, made.key).caveats]
        if made.item.kind == "essay" or any("separate" in code or "single-choice" in code for code in codes):
            continue
        archive = write_archive(tmp_path / str(place), examples.quiz_of((made,)), (made,))
        (question,) = moodle_model.load(b"".join(chunk for _, chunk in write(archive, Options())))
        for expected in canonical_responses(made.key):
            given = given_in_moodle(made, expected.response, question)
            ours = grade_item(made.key, expected.response)
            theirs = None if given is None else question.grade(given)
            if theirs is not None and ours.verdict is not Verdict.UNDECIDED:
                assert marks_by(codes, made.key, ours).holds(theirs, NEAR), (made.item.id, expected.response, theirs)
                other += abs(theirs - (ours.score or 0)) > NEAR
    assert other > 3


def test_what_canvas_gives_is_among_them(tmp_path: Path) -> None:
    other = 0
    items = [made for made in (*examples.everything(), *whole_bank(2).items()) if len(made.item.parts) == 1]
    for place, made in enumerate(items):
        other += marked_by_canvas(tmp_path / str(place), made)
    assert other > 10


def marked_by_canvas(folder: Path, made: GeneratedItem) -> int:
    """How many canonical responses the model of Canvas marks otherwise; every mark is one that a caveat leads to."""
    codes = [one.code for one in test_canvas.fidelity(made.item, made.key).caveats]
    if made.item.kind == "essay" or any("single-choice" in code for code in codes):
        return 0
    (question,), other = test_canvas.exported(folder, made), 0
    for expected in canonical_responses(made.key):
        given = test_canvas.in_canvas(made.item.parts[0], made.key.parts[0], expected.response, question)
        ours = grade_item(made.key, expected.response)
        if given is not None and ours.verdict is not Verdict.UNDECIDED:
            for new_quizzes in (False, True):
                theirs = F(question.grade(given, new_quizzes)).limit_denominator(10**6)
                held = marks_by(codes, made.key, ours).holds(theirs, NEAR)
                assert held, (made.item.id, expected.response, new_quizzes, theirs, ours.score, codes)
                other += abs(theirs - (ours.score or 0)) > NEAR
    return other


def test_a_person_gives_any_mark() -> None:
    assert all(ANY.holds(F(k, 10), F(0)) for k in range(11))
    assert not ANY.holds(F(-1, 10), F(0))
    waiting = Grade(Verdict.UNDECIDED, None, "essay")
    assert marks_by([], key_of(PartKey("answer", ChoiceKey("a"))), waiting) == exactly(F(0))
    assert scored(F(1), "x").score == 1
