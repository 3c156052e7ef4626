"""The rules of a course: every share is what the words say, and the quick way counts like the plain one."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading import Amendment, ChoiceKey, EssayKey, ItemKey, NumericKey, PartKey, ResponseRow, Rival, grade_all
from grading.policy import ATTEMPTS, CLOSED, DIRECTIONS, Late, Policy, Rounding, moment_of
from grading.tally import ABSENT, PENDING, SETTLED, VOID, Question, count_points
from grading.verdicts import Verdict, scored

THIRD, HALF = Fraction(1, 3), Fraction(1, 2)
DUE = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OPTIONS = (("a", "A"), ("b", "B"), ("c", "C"))
CHOICE = ChoiceKey("a", (Rival("b", ("flip-sign",), THIRD),))
SHEET = [
    ItemKey("q1", "r", "Q-1", (PartKey("answer", CHOICE, options=OPTIONS),), slot="s1"),
    ItemKey("q2", "r", "Q-2", (PartKey("answer", NumericKey("2/7")),), slot="s1"),
    ItemKey("q3", "r", "Q-3", (PartKey("x", CHOICE, HALF, OPTIONS), PartKey("y", EssayKey(()), HALF)), slot="s2"),
    ItemKey("q4", "r", "Q-4", (PartKey("answer", CHOICE, options=OPTIONS),), slot="s3"),
]
QUESTIONS = [
    Question("s1", Fraction(2), ("q1", "q2")), Question("s2", Fraction(3, 2), ("q3",)), Question("s3", HALF, ("q4",)),
]  # fmt: skip


def test_days_late():
    late = Late(DUE, grace=30, each_day=Fraction(1, 10), closed=DUE + timedelta(days=3))
    seconds = {0: 0, 1800: 0, 1801: 1, 1800 + 86_400: 1, 1801 + 86_400: 2, 3 * 86_400 - 1: 3, 3 * 86_400: CLOSED}
    for after, days in seconds.items():
        assert late.days(DUE + timedelta(seconds=after)) == days, after
    assert late.days(DUE - timedelta(days=9)) == 0


def test_a_moment_without_an_offset_is_read_where_the_deadline_is():
    late = Late(DUE.astimezone(timezone(timedelta(hours=5))), each_day=HALF)
    assert late.days(datetime(2026, 11, 20, 17, 0)) == 0
    assert late.days(datetime(2026, 11, 20, 17, 1)) == 1


def test_what_is_earned():
    late = Policy(late=Late(DUE, each_day=Fraction(1, 4), at_most=HALF))
    right = scored(Fraction(1), "")
    assert [late.earned(right, days) for days in (0, 1, 2, 3, CLOSED)] == [1, Fraction(3, 4), HALF, HALF, 0]
    assert [Policy(penalty=THIRD).earned(right, earlier=n) for n in range(5)] == [1, 2 * THIRD, THIRD, 0, 0]
    unreadable = grade_all([ResponseRow("ana", "q1", "?")], SHEET).grades[0]
    assert unreadable.verdict is Verdict.INVALID
    assert (Policy().earned(unreadable), Policy(invalid="zero").earned(unreadable)) == (None, 0)
    assert Policy(invalid="zero").earned(grade_all([ResponseRow("ana", "q3", {"x": "a"})], SHEET).grades[0]) == HALF


@pytest.mark.parametrize("text", ["2026-02-30T10:00Z", "20.11.2026", "2026-11-20", "2026-11-20T10:00+99:99", "", "now"])
def test_what_is_no_moment(text):
    assert moment_of(text) is None


@given(st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=-3, minutes=-30))])))
def test_moments_that_are_written_by_us_are_read(moment):
    moment = moment.replace(year=max(moment.year, 1000))
    for written in (moment.isoformat(), moment.isoformat(" ")):
        read = moment_of(written)
        assert read == moment
        assert read is not None
        assert read.utcoffset() == moment.utcoffset()


# ------------------------------------------------------------ the whole class

RESPONSES = {
    "q1": ["a", "b", "c", "?", None],
    "q2": ["2/7", "0.3", "x", "-2/7"],
    "q3": [{"x": "a", "y": "text"}, {"x": "b"}, "?"],
    "q4": ["a", "b", "c"],
}
moments = st.sampled_from(["", "soon", *((DUE + timedelta(hours=h)).isoformat() for h in (-1, 1, 30, 90))])
row = st.sampled_from(sorted(RESPONSES)).flatmap(
    lambda item: st.builds(
        ResponseRow, st.sampled_from("abc"), st.just(item), st.sampled_from(RESPONSES[item]), st.integers(1, 4), moments
    )
)
lateness = st.builds(
    Late,
    st.just(DUE),
    st.sampled_from([0, 60]),
    st.sampled_from([Fraction(0), Fraction(1, 10)]),
    st.sampled_from([Fraction(1), Fraction(1, 8)]),
    st.sampled_from([None, DUE + timedelta(days=2)]),
)
rounding = st.builds(
    Rounding,
    st.sampled_from([HALF, Fraction(1, 4), Fraction(2, 3), Fraction(1)]),
    st.sampled_from(DIRECTIONS),
    st.sampled_from(["question", "total"]),
)
policies = st.builds(
    Policy,
    st.sampled_from(ATTEMPTS),
    st.none() | lateness,
    st.sampled_from([Fraction(0), THIRD]),
    st.sampled_from(["review", "zero"]),
    st.none() | rounding,
)


def plainly(results, policy):
    """{learner: (points, of, {question: (state, points)})} by loops over fractions, and the untimed responses."""
    question_of = {item: question for question in QUESTIONS for item in question.items}
    tries = defaultdict(list)
    untimed = 0
    for one in results.rows():
        untimed += policy.late is not None and moment_of(one.submitted_at) is None
        tries[one.learner, question_of[one.item].id].append(one)
    found = {learner: {} for learner, _ in tries}
    for (learner, name), rows in tries.items():
        rows.sort(key=lambda one: one.attempt)
        earlier, known = 0, []
        for one in rows:
            moment = moment_of(one.submitted_at)
            days = 0 if policy.late is None or moment is None else policy.late.days(moment)
            share = policy.earned(one.grade, days, earlier)
            earlier += one.grade.verdict is not Verdict.INVALID
            waits = share is None or one.grade.verdict is Verdict.PARTIALLY_GRADED
            state = VOID if one.grade.note == "void" else PENDING if waits else SETTLED
            known.append((state, Fraction(0) if share is None or state == VOID else share))
        if policy.attempts in ("best", "average"):
            known = [one for one in known if one[0] != VOID] or known
        match policy.attempts:
            case "last":
                known = known[-1:]
            case "first":
                known = known[:1]
            case "best":
                known = [max(known, key=lambda one: -1 if one[0] == PENDING and not one[1] else one[1])]
        points = next(q.points for q in QUESTIONS if q.id == name) * sum(share for _, share in known) / len(known)
        if policy.rounding and policy.rounding.of == "question":
            points = policy.rounding.rounded(points)
        found[learner][name] = (max(state for state, _ in known), points)
    marks = {}
    for learner, mine in found.items():
        total = sum((points for _, points in mine.values()), Fraction(0))
        if policy.rounding and policy.rounding.of == "total":
            total = policy.rounding.rounded(total)
        of = sum(q.points for q in QUESTIONS if mine.get(q.id, (ABSENT, 0))[0] != VOID)
        marks[learner] = (total, of, mine)
    return marks, untimed


@settings(max_examples=200, deadline=None)
@given(st.lists(row, max_size=24), policies, st.booleans())
def test_the_quick_way_counts_like_the_plain_one(rows, policy, amended):
    unique = list({(one.learner, one.item, one.attempt): one for one in rows}.values())
    results = grade_all(unique, SHEET, [Amendment("q1", "void", "r", "2026-11-21")] if amended else [])
    counted = count_points(results, QUESTIONS, policy)
    expected, untimed = plainly(results, policy)
    assert counted.untimed == untimed
    assert list(counted.learners) == sorted(expected)
    for place, learner in enumerate(counted.learners):
        total, of, mine = expected[learner]
        assert Fraction(int(counted.totals[place]), counted.denominator) == total
        assert Fraction(int(counted.of[place]), counted.denominator) == of
        for number, question in enumerate(QUESTIONS):
            state, points = mine.get(question.id, (ABSENT, Fraction(0)))
            assert (counted.states[place, number], counted.points(place, number)) == (state, points)


def test_points_that_no_machine_integer_holds_are_exact_too():
    prime = 2**61 - 1
    questions = [Question("s1", Fraction(1, prime), ("q1",)), Question("s3", Fraction(1, prime - 2), ("q4",))]
    rows = [ResponseRow("ana", "q1", "b"), ResponseRow("ana", "q4", "a"), ResponseRow("ben", "q4", "c")]
    counted = count_points(grade_all(rows, SHEET), questions, Policy("average"))
    total = Fraction(int(counted.totals[0]), counted.denominator)
    assert total == Fraction(1, 3 * prime) + Fraction(1, prime - 2)
    assert counted.numerators.dtype == object


def test_an_item_in_two_questions_is_refused():
    with pytest.raises(ValueError, match="q1"):
        count_points(grade_all([], SHEET), [Question("a", HALF, ("q1",)), Question("b", HALF, ("q1",))])
