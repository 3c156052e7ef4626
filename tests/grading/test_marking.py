"""Items of several parts, and amendments."""

from fractions import Fraction

import pytest

from grading import ChoiceKey, EssayKey, ItemKey, NumericKey, PartKey, Rival, Tolerance, Verdict, grade, grade_item
from grading.amending import AmendmentUnusable
from grading.answersheet import Amendment
from grading.keys import MatchingKey, MultipleAnswerKey, OrderingKey, TextKey

HALF = Fraction(1, 2)
NEAR = Tolerance("absolute", Fraction(1, 200))


def step(p, q):
    return NumericKey(
        f"log({p}) + log({q})",
        NEAR,
        rivals=(
            Rival(f"-log({p}) - log({q})", ("flip-sign",)),
            Rival(f"(log({p}) + log({q}))/log(2)", ("wrong-log-base",), HALF),
            Rival(f"{p} + {q}", ("sum-of-probs",)),
            Rival(f"log({p})*log({q})", ("product-of-logs",)),
        ),
    )


# case-two-steps of the bank
CASE = ItemKey(
    "case-two-steps/1",
    "r1",
    "Q-7K3F",
    (
        PartKey("J1", step("0.6", "0.5"), Fraction(2, 5)),
        PartKey("J2", step("0.9", "0.3"), Fraction(2, 5)),
        PartKey("better", ChoiceKey("step1", (Rival("step2", ("sum-of-probs",)),)), Fraction(1, 10)),
        PartKey("reason", EssayKey(()), Fraction(1, 10)),
    ),
    "slot-3",
)
RIGHT = {"J1": "-1.204", "J2": "-1.309", "better": "step1"}


def test_an_essay_keeps_the_case_open_with_the_score_so_far():
    found = grade(CASE, {**RIGHT, "reason": "Closer to zero is better."})
    assert (found.verdict, found.score, found.note) == (
        Verdict.PARTIALLY_GRADED,
        Fraction(9, 10),
        "parts:3-of-4-graded",
    )
    assert dict(found.parts)["reason"].verdict is Verdict.UNDECIDED


def test_the_credits_and_diagnoses_of_the_parts():
    found = grade(CASE, {"J1": "-1.737", "J2": "0.1269", "better": "step2", "reason": ""})
    assert found.verdict is Verdict.PARTIAL  # the reason was left blank: nobody has to read it
    assert found.score == HALF * Fraction(2, 5) + 0
    believed = [name for d in found.diagnoses for name in d.misconceptions]
    assert believed == ["wrong-log-base", "product-of-logs", "sum-of-probs"]


def test_a_part_that_cannot_be_read_goes_to_a_person_and_costs_nothing_yet():
    found = grade(CASE, {**RIGHT, "J1": "minus one"})
    assert (found.verdict, found.score) == (Verdict.PARTIALLY_GRADED, HALF)
    assert dict(found.parts)["J1"].refusal


@pytest.mark.parametrize(
    ("response", "verdict", "score"),
    [
        (None, Verdict.INCORRECT, 0),
        ({}, Verdict.INCORRECT, 0),
        ("-1.204", Verdict.INVALID, None),
        ({**RIGHT, "J3": "1"}, Verdict.INVALID, None),
        ({"J1": [], "J2": {"a": "b"}, "better": "?", "reason": 1}, Verdict.PARTIALLY_GRADED, 0),
        ({"J1": ["x"], "J2": {"a": "b"}, "better": "?", "reason": 1}, Verdict.INVALID, None),
        ({"J1": ["x"], "J2": {"a": "b"}, "better": "?", "reason": "Because."}, Verdict.UNDECIDED, None),
    ],
)
def test_the_ends_of_the_scale(response, verdict, score):
    found = grade(CASE, response)
    assert (found.verdict, found.score) == (verdict, score)


def item(key, options=()):
    return ItemKey("q1", "r", "Q-1", (PartKey("answer", key, options=options),), "s1")


def amend(action, **more):
    return Amendment(more.pop("item", "q1"), action, "found later", "2025-01-31", **more)


@pytest.mark.parametrize(
    ("key", "accepted", "response", "other"),
    [
        (ChoiceKey("a", (Rival("b"), Rival("c"))), "b", "b", "c"),
        (MultipleAnswerKey(("a",), ("a", "b", "c")), ["a", "b"], "b;a", ["b"]),
        (NumericKey("2", NEAR), "3", "3.004", "3.006"),
        (MatchingKey((("p", "1"),), ("1", "2", "3")), {"p": "2"}, {"p": "2"}, {"p": "3"}),
        (OrderingKey(("a", "b", "c")), ["c", "a", "b"], ["c", "a", "b"], ["b", "c", "a"]),
        (TextKey(("loss",)), "cost", " COST ", "price"),
    ],
)
def test_a_second_answer_is_accepted_as_if_it_were_the_key(key, accepted, response, other):
    amendments = [amend("accept", responses=(accepted,))]
    before = grade_item(item(key), response)
    assert before.score < 1
    after = grade_item(item(key), response, amendments)
    assert (after.score, after.note) == (1, "amended:accepted")
    assert grade_item(item(key), other, amendments) == grade_item(item(key), other)


def test_a_formula_is_accepted_too():
    from keys_at_random import symbolic_part

    amendments = [amend("accept", responses=("p_2*p_6",))]
    assert grade_item(item(symbolic_part.key), "p_6 p_2", amendments).note == "amended:accepted"
    assert grade_item(item(symbolic_part.key), "p_2 + p_6", amendments).score == 0


def test_void_counts_for_nobody_and_still_shows_what_was_answered():
    found = grade_item(item(ChoiceKey("a", (Rival("b", ("x",)),))), "b", [amend("void")])
    assert (found.verdict, found.score, found.note) == (Verdict.INCORRECT, None, "void")
    assert found.diagnoses


def test_full_marks_also_for_a_blank_and_for_what_could_not_be_read():
    for response in ("b", None, ["?"]):
        found = grade_item(item(ChoiceKey("a", (Rival("b"),))), response, [amend("full-marks")])
        assert (found.verdict, found.score, found.note) == (Verdict.CORRECT, 1, "amended:full-marks")


def test_amendments_apply_in_order_and_by_slot():
    key = item(NumericKey("2", NEAR))
    wide = amend("tolerance", tolerance=Tolerance("absolute", Fraction(1)), item="*", slot="s1")
    assert [grade_item(key, "2.5").score, grade_item(key, "2.5", [wide]).score] == [0, 1]
    narrow = amend("tolerance", tolerance=NEAR)
    assert grade_item(key, "2.5", [wide, narrow]).score == 0
    assert grade_item(key, "3", [amend("void"), amend("full-marks")]).score == 1
    assert grade_item(key, "3", [amend("full-marks"), amend("void")]).score is None
    assert grade_item(key, "2.5", [amend("full-marks", item="*", slot="s2"), amend("void", item="q2")]).score == 0


@pytest.mark.parametrize(
    ("amendment", "message"),
    [
        (amend("void", item="*"), "names no slot"),
        (amend("accept", part="J1", responses=("a",)), "it has “answer”"),
        (amend("accept", responses=("z",)), "not one of the options"),
        (amend("accept", responses=(["a"],)), "no response to this question"),
        (amend("tolerance", tolerance=NEAR), "asks for a number"),
    ],
)
def test_an_amendment_that_cannot_be_applied_says_so(amendment, message):
    with pytest.raises(AmendmentUnusable, match=message):
        grade_item(item(ChoiceKey("a", (Rival("b"),))), "a", [amendment])
