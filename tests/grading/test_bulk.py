"""Whole files: the fast way gives what the careful way gives, and the counts add up."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keys_at_random import numeric_parts

from grading import (
    ChoiceKey,
    ItemKey,
    PartKey,
    Policy,
    Question,
    ResponseRow,
    Rival,
    count_points,
    csvblocks,
    grade,
    grade_all,
    read_responses,
    summarise,
)
from grading.amending import AmendmentUnusable
from grading.answersheet import Amendment
from grading.keys import MultipleAnswerKey, NumericKey, OrderingKey, TextKey, Tolerance
from grading.marking import canonical_responses
from grading.responses import UnreadableResponses
from grading.verdicts import Verdict

HALF = Fraction(1, 2)
LETTERS = ChoiceKey("a", (Rival("b", ("flip-sign",)), Rival("c", ("sum-of-probs",), HALF)))
LOSS = NumericKey(
    "-log(0.6) - log(0.5)",
    Tolerance("absolute", Fraction(1, 200)),
    rivals=(Rival("log(0.6) + log(0.5)", ("flip-sign",)),),
)
SHEET = [
    ItemKey("q1", "r", "Q-7K3F", (PartKey("answer", LETTERS, options=(("a", "Option A"),)),)),
    ItemKey("q2", "r", "Q-2222", (PartKey("answer", TextKey(("early", "worm"))),)),
    ItemKey("q3", "r", "Q-3333", (PartKey("answer", MultipleAnswerKey(("a", "b", "d"), ("a", "b", "c", "d"))),)),
    ItemKey("q4", "r", "Q-4444", (PartKey("answer", OrderingKey(("x", "1", "2.50"))),)),
    ItemKey("q5", "r", "Q-5555", (PartKey("answer", LOSS),)),
]  # fmt: skip


def both_ways(path):
    """The results of the file by the fast way and row by row."""
    problems = []
    fast = grade_all(path, SHEET)
    slow = grade_all(read_responses(path, problems.append), SHEET)
    return fast, slow, problems


def plain(results):
    return [(r.learner, r.item, r.attempt, r.submitted_at, r.line, r.grade) for r in results.rows()]


texts = ["a", "b", "c", "Option A", " a ", "x;1;2.50", "a;b", "q1", "", " ", "nobody", "x", "é", "{}", '["x"', "2.50]"]
numbers = ["0.5", "2", "01", "1.2039728", "1.2", "1.21", "-1.204", "0.9"]
cells = st.sampled_from(texts + numbers)
learners = st.sampled_from(["ana", "ben", " cem ", "", "\u00a0", "dia"])
items = st.sampled_from(["q1", "q2", "q3", "q4", "q5", "q5", "Q-7K3F", "q-2222", " q1", "q9", ""])
attempts = st.sampled_from(["", "1", "2", "007", " 3", "0", "x", "-1", "9999999"])
records = st.one_of(
    st.tuples(learners, items, cells, attempts),
    st.tuples(learners, items, cells),
    st.tuples(learners, items),
    st.tuples(learners, items, cells, attempts, cells),
    st.just(("", "", "", "")),
    st.just(()),
)


def bare(cell):
    return cell


def quoted(cell):
    return f'"{cell}"'


def quoted_if_short(cell):
    return f'"{cell}"' if len(cell) < 2 else cell


@given(
    st.lists(records, max_size=30),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from([1, 40, 8_000_000]),
    st.sampled_from([bare, bare, quoted, quoted_if_short]),
)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_the_fast_way_and_the_careful_way_agree(tmp_path_factory, rows, newline, ends, block, quote):
    path = tmp_path_factory.mktemp("bulk") / "a.csv"
    lines = [",".join(quote(cell) for cell in row) for row in rows]
    text = newline.join(["learner,item,response,attempt", *lines])
    path.write_bytes((text + (newline if ends else "")).encode())
    before, csvblocks.BLOCK = csvblocks.BLOCK, block
    try:
        fast, slow, problems = both_ways(path)
    finally:
        csvblocks.BLOCK = before
    assert plain(fast) == plain(slow)
    assert sorted(map(str, fast.problems)) == sorted(map(str, [*problems, *slow.problems]))
    assert fast.read == sum(any(row) for row in rows)
    assert fast.table().equals(slow.table())


@pytest.mark.parametrize(
    "body",
    [
        b'ana,q1,a\nben,q1,"two\nlines"\ncem,q1,b\n',
        b'ana,q1,a\r\nben,q2,"two\r\nlines"\r\ncem,q1,b',
        b'ana,q1,a\nben,q2,"many\n\n\n\n\n\nlines"\ncem,q1,b',
        b'ana,q1,a\nben,q2,"never closed\ncem,q1,b\n',
        b'ana,q1,a\nben,q2,"closed"early\ncem,q1,b\n',
        b"ana,q1,a\nben,q1,\xff\ncem,q1,b\n",
        b"ana,q1,a\nben,q1,\x00\ncem,q1,b\n",
        b"ana,q1,a\x1f\n\x1fben,q1,a\n",
        b"ana,q1,a\rben,q1,b\ncem,q1,b\n",
        b"ana,q1," + b"x" * 300_000 + b"\ncem,q1,b\n",
        b'ana,q3,"[""a"", ""b""]"\nben,q3,a;b\n',
        b'ana,q4,"[""x"", 1, 2.50]"\nben,q4,"[""x"", 2.50, 1]"\n',
    ],
)
def test_a_block_that_is_not_plain_is_read_with_care(tmp_path, body):
    path = tmp_path / "a.csv"
    path.write_bytes(b"learner,item,response\n" + body)
    fast, slow, problems = both_ways(path)
    assert plain(fast) == plain(slow)
    assert [str(p) for p in fast.problems] == [str(p) for p in [*problems, *slow.problems]]
    assert fast.frame.height


def test_the_same_attempt_twice_is_graded_once_and_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("learner,item,response,attempt\nana,q1,a,1\nana,Q-7K3F,b,1\nana,q1,b,2\n")
    results = grade_all(path, SHEET)
    assert [row.grade.note for row in results.rows()] == ["choice:key", "choice:rival"]
    assert str(results.problems[0]).startswith(
        f"{path}:3: ana answers q1 again in attempt 1; line 2 was graded; remove"
    )
    assert results.read == 3


def test_scores_are_exact_over_one_denominator(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("learner,item,response\na,q1,c\na,q3,a;b\na,q4,x;2.50;1\nb,q1,zzz\n")
    table = grade_all(path, SHEET).table()
    assert table["denominator"].to_list() == [6, 6, 6, 6]
    assert table["numerator"].to_list() == [3, 4, 2, None]
    assert table["verdict"].to_list() == ["partial", "partial", "partial", "invalid"]
    assert table["misconceptions"].to_list() == ["sum-of-probs", "", "", ""]


@given(numeric_parts(), st.lists(st.decimals(-30, 30, places=3), min_size=1, max_size=20))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_every_cell_of_the_number_line_has_one_grade(part, numbers):
    key = ItemKey("q", "r", "Q", (part,))
    canonical = [str(claim.response) for claim in canonical_responses(part)]
    rows = [ResponseRow(str(k), "q", text) for k, text in enumerate([*canonical, *map(str, numbers)])]
    for row, graded in zip(rows, grade_all(rows, [key]).rows(), strict=True):
        assert graded.grade == grade(part, row.response)


def test_rows_may_hold_anything():
    deep = []
    for _ in range(5000):
        deep = [deep]
    odd = ["\ud800", {"a": "\ud800"}, deep, 10**5000, {1: 2}, object(), float("nan")]
    results = grade_all([ResponseRow(str(k), "q2", response) for k, response in enumerate(odd)], SHEET)
    assert results.table()["verdict"].to_list() == ["incorrect", *["invalid"] * 6]


def test_a_code_of_two_items_is_not_guessed():
    sheet = [SHEET[0], ItemKey("other", "r", "Q-7K3F", SHEET[0].parts)]
    results = grade_all([ResponseRow("ana", "Q-7K3F", "a"), ResponseRow("ana", "q1", "a")], sheet)
    assert results.problems[0].message == "the code “Q-7K3F” belongs to 2 items"
    assert results.frame.height == 1


def test_amendments_reach_every_response_and_unknown_ones_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("learner,item,response\na,q1,b\nb,q1,b\n")
    accept = Amendment("q1", "accept", "reason", "2025-01-31", responses=("b",))
    assert grade_all(path, SHEET, [accept]).table()["verdict"].to_list() == ["correct"] * 2
    with pytest.raises(AmendmentUnusable, match="q9"):
        grade_all(path, SHEET, [Amendment("q9", "void", "reason", "2025-01-31")])


def test_progress_is_told_and_an_unreadable_file_raises(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("learner,item,response\na,q1,b\nb,q1,b\n")
    told = []
    grade_all(path, SHEET, on_progress=told.append)
    assert told == [2]
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableResponses, match="learner"):
        grade_all(path, SHEET)


EACH = [Question(key.item, Fraction(1), (key.item,)) for key in SHEET]


def class_result(results, attempts="last"):
    return summarise(results, count_points(results, EACH, Policy(attempts)))


def test_the_class_result():
    rows = [
        ResponseRow("ana", "q1", "b", 1),
        ResponseRow("ana", "q1", "a", 2),
        ResponseRow("ben", "q1", "c", 1),
        ResponseRow("ben", "q1", "b", 2),
        ResponseRow("cem", "q1", "b", 1),
        ResponseRow("cem", "q1", "?", 2),
        ResponseRow("cem", "q2", "early", 1),
    ]
    random.Random(1).shuffle(rows)
    graded = grade_all(rows, SHEET)
    last = class_result(graded)
    assert (last.learners, last.responses) == (3, 7)
    q1, q2 = last.items
    assert (q1.attempts, q1.learners, q1.scored, q1.facility) == (6, 3, 2, HALF)
    assert q1.verdicts == ((Verdict.CORRECT, 1), (Verdict.INCORRECT, 1), (Verdict.INVALID, 1))
    assert last.misconceptions == (("flip-sign", 1),)
    assert q2.facility == 1
    best = class_result(graded, "best").items[0]
    assert (best.facility, best.misconceptions) == (HALF, (("flip-sign", 1), ("sum-of-probs", 1)))
    first = class_result(graded, "first")
    assert first.items[0].facility == Fraction(1, 6)
    assert first.misconceptions == (("flip-sign", 2), ("sum-of-probs", 1))
    every = class_result(graded, "average").items[0]
    assert (every.attempts, every.learners, every.scored, every.facility) == (6, 3, 5, Fraction(3, 10))


def test_a_void_item_counts_for_nobody():
    void = Amendment("q1", "void", "reason", "2025-01-31")
    result = class_result(grade_all([ResponseRow("ana", "q1", "b"), ResponseRow("ana", "q2", "early")], SHEET, [void]))
    assert [(item.item, item.void, item.facility) for item in result.items] == [("q1", True, None), ("q2", False, 1)]
    assert (result.misconceptions, result.verdicts) == ((), ((Verdict.CORRECT, 1),))
