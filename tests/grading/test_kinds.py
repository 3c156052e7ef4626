"""Each kind of question by example."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.answersheet import PartKey
from grading.graders.multiple_answer import mark
from grading.keys import ChoiceKey, EssayKey, MatchingKey, MultipleAnswerKey, OrderingKey, Rival, TextKey
from grading.marking import grade
from grading.verdicts import Verdict

HALF = Fraction(1, 2)
CHOICE = PartKey(
    "answer",
    ChoiceKey(
        "sum", (Rival("product", ("product-of-logs",), title="Multiplies"), Rival("mean", ("mean-over-masks",), HALF))
    ),
    options=(("sum", "log a + log b"), ("product", "log a · log b"), ("mean", "the mean"), ("plain", "nothing known")),
)
SET = PartKey(
    "answer",
    MultipleAnswerKey(
        ("a", "b", "c"), ("a", "b", "c", "d", "e"), rivals=(Rival("d", ("all-tokens",)), Rival("a", ("x",)))
    ),
    options=(("a", "Text; with a semicolon"), ("d", "Text of d")),
)


@pytest.mark.parametrize(
    ("response", "verdict", "score", "note"),
    [
        ("sum", Verdict.CORRECT, 1, "choice:key"),
        ("  log a\n+ log b ", Verdict.CORRECT, 1, "choice:key"),
        ("product", Verdict.INCORRECT, 0, "choice:rival"),
        ("mean", Verdict.PARTIAL, HALF, "choice:rival"),
        ("plain", Verdict.INCORRECT, 0, "choice:other"),
        ("Sum", Verdict.INVALID, None, "invalid:unknown-option"),
        (None, Verdict.INCORRECT, 0, "blank"),
        (["sum"], Verdict.INVALID, None, "invalid:not-text"),
        (0, Verdict.INVALID, None, "invalid:not-text"),
    ],
)
def test_a_choice_by_id_or_text(response, verdict, score, note):
    found = grade(CHOICE, response)
    assert (found.verdict, found.score, found.note) == (verdict, score, note)


def test_a_choice_is_diagnosed_and_a_typing_error_gets_a_suggestion():
    assert grade(CHOICE, "product").diagnoses[0].title == "Multiplies"
    refusal = grade(CHOICE, "produkt").refusal
    assert refusal.suggestion == "product"
    assert refusal.caret("produkt").endswith("^" * 7)


def test_a_name_that_means_two_options_is_not_guessed():
    part = PartKey("answer", ChoiceKey("1"), options=(("1", "2"), ("2", "1")))
    assert grade(part, "1").note == "invalid:ambiguous-option"


@pytest.mark.parametrize("written", ["true", "TRUE", "True", "Wahr"])
def test_true_as_spreadsheets_write_it(written):
    part = PartKey("answer", ChoiceKey("true"), options=(("true", "Wahr"), ("false", "Falsch")))
    assert grade(part, written).verdict is Verdict.CORRECT


@pytest.mark.parametrize(
    ("response", "score"),
    [
        (["a", "b", "c"], 1),
        ("c;b; a", 1),
        (["a", "a", "b", "c"], 1),
        (["a", "b"], Fraction(2, 3)),
        (["a", "b", "d"], Fraction(1, 3)),
        (["a", "b", "c", "d", "e"], Fraction(1, 3)),
        (["d", "e"], 0),
        ([], 0),
        ("Text; with a semicolon", Fraction(1, 3)),
    ],
)
def test_plus_minus(response, score):
    assert grade(SET, response).score == score


def test_a_set_explains_false_alarms_before_omissions():
    found = grade(SET, ["b", "c", "d"])
    assert found.note == "multiple-answer:2-of-3-1-wrong"
    assert [d.misconceptions for d in found.diagnoses] == [("all-tokens",), ("x",)]


@given(st.integers(1, 5), st.integers(0, 5), st.data())
@settings(derandomize=True, max_examples=60)
def test_plus_minus_is_bounded_and_ticking_everything_earns_nothing_when_options_are_balanced(right, wrong, data):
    ids = tuple(f"o{k}" for k in range(right + wrong))
    chosen = frozenset(option for option in ids if data.draw(st.booleans()))
    key = MultipleAnswerKey(ids[:right], ids)
    score = mark(key, chosen)
    assert 0 <= score <= 1
    assert (score == 1) == (chosen == set(ids[:right]))
    if right <= wrong:
        assert mark(key, frozenset(ids)) == 0
    assert mark(key, frozenset()) == 0


def test_the_other_rules_for_sets():
    whole = MultipleAnswerKey(("a",), ("a", "b"), "all-or-nothing")
    each = MultipleAnswerKey(("a",), ("a", "b"), "per-option")
    assert [grade(whole, r).score for r in (["a"], ["a", "b"], ["b"])] == [1, 0, 0]
    assert [grade(each, r).score for r in (["a"], ["a", "b"], ["b"], [])] == [1, HALF, 0, 0]


def test_no_option_right_is_said_by_an_empty_list():
    key = MultipleAnswerKey((), ("a", "b"))
    assert grade(key, []).score == 1
    assert grade(key, None).note == "blank"
    assert grade(key, ["a"]).score == 0


MATCHING = PartKey(
    "answer",
    MatchingKey((("early", "2"), ("worm", "6")), ("1", "2", "5", "6"), (Rival("worm=5", ("off-by-one-positions",)),)),
    options=(("early", "the word early"), ("2", "position 2")),
)


@pytest.mark.parametrize(
    ("response", "score"),
    [
        ({"early": "2", "worm": "6"}, 1),
        ({"the word early": "position 2", "worm": "6"}, 1),
        ("early=2; worm=6", 1),
        ({"early": "2"}, HALF),
        ({"early": "2", "worm": None}, HALF),
        ({"early": "6", "worm": "2"}, 0),
        ({"early": "7", "worm": "6"}, None),
        ({"bird": "2"}, None),
        (["early", "2"], None),
        ("early", None),
        ({"early": ["2"], "worm": "6"}, None),
    ],
)
def test_matching_counts_each_pair(response, score):
    assert grade(MATCHING, response).score == score


def test_matching_diagnoses_a_pair():
    assert grade(MATCHING, {"early": "2", "worm": "5"}).diagnoses[0].misconceptions == ("off-by-one-positions",)


ORDER = PartKey("answer", OrderingKey(("a", "b", "c", "d"), rivals=(Rival("d c b a", ("lowest-prob-lowest-loss",)),)))


@pytest.mark.parametrize(
    ("response", "score", "note"),
    [
        (["a", "b", "c", "d"], 1, "ordering:4-of-4"),
        (["b", "a", "c", "d"], HALF, "ordering:2-of-4"),
        ("d;c;b;a", 0, "ordering:0-of-4"),
        (["a", "b", "c"], None, "invalid:incomplete-order"),
        (["a", "b", "c", "c"], None, "invalid:twice"),
        (["a", "b", "c", "x"], None, "invalid:unknown-option"),
        ({"a": "b"}, None, "invalid:not-a-list"),
    ],
)
def test_ordering_counts_places(response, score, note):
    found = grade(ORDER, response)
    assert (found.score, found.note) == (score, note)


def test_an_order_is_diagnosed_as_a_whole():
    assert grade(ORDER, "d;c;b;a").diagnoses[0].misconceptions == ("lowest-prob-lowest-loss",)


TOKENS = PartKey(
    "answer",
    TextKey(
        ("[CLS] the [MASK] bird catches the [MASK]",),
        "tokens",
        rivals=(Rival("the early [MASK] catches the [MASK]", ("off-by-one-positions",)),),
    ),
)


@pytest.mark.parametrize(
    ("response", "note"),
    [
        ("[CLS] the [MASK] bird catches the [MASK]", "text:accepted"),
        ("The <mask>  bird catches the [M]", "text:accepted"),
        ("[cls] the [mask] bird catches the [mask]", "text:accepted"),
        ("the early [MASK] catches the [MASK]", "text:rival"),
        ("the [MASK] bird catches the worm", "text:differs-at-6"),
        ("the [MASK] bird", "text:differs-at-4"),
        (["the"], "invalid:not-text"),
        ("x" * 20_000, "invalid:too-long"),
    ],
)
def test_token_sequences(response, note):
    assert grade(TOKENS, response).note == note


def test_case_matters_only_where_it_is_said():
    assert grade(TextKey(("ELECTRA",)), " electra ").score == 1
    assert grade(TextKey(("ELECTRA",), case_sensitive=True), "electra").score == 0


def test_an_essay_waits_for_a_person():
    key = EssayKey((), (3, 5))
    notes = [grade(key, text).note for text in ("one two three", "one", "a b c d e f", "", 7)]
    assert notes == ["essay:needs-a-person", "essay:too-short", "essay:too-long", "blank", "invalid:not-text"]
    assert grade(key, "one two three").verdict is Verdict.UNDECIDED
