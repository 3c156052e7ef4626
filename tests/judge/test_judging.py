"""The judge as a program uses it, refusals with their place, and hostile texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.equivalence import Different, Equal, compare, compare_texts
from grading.expressions import MASK, Context, Event, Logarithm, Probability, Sum, Symbol
from grading.judge import judge
from grading.keys import Rival, Sentence, SymbolDeclaration, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.text import to_text
from tests.judge.sentences import SENTENCE

KEY = SymbolicKey("log p_2 + log p_6", sentence=SENTENCE)


@pytest.mark.parametrize(
    ("answer", "beliefs"),
    [
        ("p2 + p6", ("sum-of-probs",)),
        ("p2 p6", ("product-of-probs",)),
        ("log p2 log p6", ("product-of-logs",)),
        ("log(p2 + p6)", ("log-of-sum",)),
        ("log((p2 + p6)/2)", ("log-of-mean",)),
        ("log p2 - log p6", ("log-ratio",)),
        ("log(p2/p6)", ("log-ratio",)),
        ("-log(p2 p6)", ("flip-sign",)),
        ("log sqrt(p2 p6)", ("mean-over-masks",)),
        ("log2(p2 p6)", ("wrong-log-base",)),
        ("lg p2 + lg p6", ("wrong-log-base",)),
        ("log p2", ("only-first-mask",)),
        ("log p6", ("only-last-mask",)),
        ("min(log p6, log p2)", ("worst-token-only",)),
        ("p2 + p6 - 2", ("linear-loss",)),
        ("-(1-p2)^2 - (1-p6)^2", ("squared-error",)),
        ("log p1 + log p6", ()),
        ("17", ()),
    ],
)
def test_one_change_explains(answer: str, beliefs: tuple[str, ...]) -> None:
    found = judge(KEY, answer)
    assert (found.outcome, found.score) == ("different", "0")
    assert found.diagnosis == beliefs


def test_changes_that_change_nothing_explain_nothing() -> None:
    assert judge("log p", "p").diagnosis == ("sum-of-probs", "product-of-probs")
    assert judge("log p", "log(p)*1").outcome == "equal"
    assert judge("log p", "-log p").diagnosis == ("flip-sign",)


def test_a_loss_and_a_mean_are_explained_too() -> None:
    mean = "-(log a + log b + log c)/3"
    assert judge(mean, "-(log a + log b + log c)").diagnosis == ("sum-when-mean-asked",)
    assert judge(mean, "(log a + log b + log c)/3").diagnosis == ("flip-sign",)
    assert judge(mean, "-(log a + log c)/3").differences == ("The term for b is missing.",)
    assert judge("-log a - log b", "log(a) log(b)").diagnosis == ("product-of-logs",)


def test_the_rivals_of_a_key_come_first() -> None:
    rivals = (Rival("log p_1 + log p_5", ("off-by-one-positions",)), Rival("p_2 + p_6", ("two", "steps")))
    key = SymbolicKey(KEY.value, sentence=SENTENCE, rivals=rivals)
    assert judge(key, "log p5 p1").diagnosis == ("off-by-one-positions",)
    assert judge(key, "p2 + p6").diagnosis == ("two+steps",)


def test_outcomes_carry_what_they_promise() -> None:
    equal = judge(KEY, r"\ln(p_2 p_6)")
    assert (equal.outcome, equal.score, equal.note) == ("equal", "1", "symbolic:equal")
    assert equal.reading == "log(p₂·p₆)"
    assert equal.witness == "ln Pr(x₂ = early | x̄) + ln Pr(x₆ = worm | x̄)"
    gap = judge("p", "(p^2 - p)/(p - 1)")
    assert (gap.outcome, gap.note) == ("equal", "symbolic:equal-removable")
    undefined = judge("log(a^2)", "2 log a", "real")
    assert (undefined.outcome, undefined.note) == ("different", "symbolic:undefined")
    assert "undefined" in undefined.witness
    refused = judge(KEY, "log q_2")
    assert (refused.outcome, refused.score, refused.note) == ("invalid", None, "invalid:unknown-name")
    assert refused.refusal is not None
    assert refused.refusal.suggestion.startswith("p_")
    assert judge("log((", "1").note.startswith("invalid-key:")
    assert judge(KEY, "9^9^9^9").outcome == "unknown"


def test_without_a_sentence_contexts_count_as_written() -> None:
    key = "log Pr(x_2=early|xbar) + log Pr(x_6=worm|xbar)"
    assert judge(key, "log Pr(x_6=worm | x̄) Pr(x_2=early | x̄)").outcome == "equal"
    assert judge(key, "log Pr(x_2=early|x) + log Pr(x_6=worm|x)").outcome == "different"
    assert judge(key, "log Pr(early|xbar) + log Pr(x_6=worm|xbar)").note == "symbolic:position-missing"


def test_what_an_author_assumes_decides() -> None:
    assert judge("|log a|", "-log a", "probability").outcome == "equal"
    assert judge("|log a|", "-log a", "positive").outcome == "different"
    assert judge("sqrt(a^2)", "a", "positive").outcome == "equal"
    assert judge("sqrt(a^2)", "a", "real").outcome == "different"


# --- atoms


def _sum_of_logs(context: Context, tokens: tuple[str, str]) -> Sum:
    return Sum(tuple(Logarithm(Probability((Event(k, t),), context)) for k, t in zip((1, 2), tokens, strict=True)))


def test_contexts_are_what_they_resolve_to() -> None:
    kept = ("[CLS]", "Time", "flies")
    first = _sum_of_logs(Context("xbar", kept), ("Time", "flies"))
    assert isinstance(compare(first, _sum_of_logs(Context("x", kept), ("time", "FLIES"))), Equal)
    masked = _sum_of_logs(Context("xbar", ("[CLS]", MASK, "flies")), ("Time", "flies"))
    assert isinstance(compare(first, masked), Different)


def test_a_prefix_before_the_last_mask_is_the_whole_context() -> None:
    whole = Context("xbar", ("[CLS]", "the", "cat", MASK))
    prefix = Context("xbar_{<3}", ("[CLS]", "the", "cat"))
    left, right = (Probability((Event(3, "mat"),), context) for context in (whole, prefix))
    assert isinstance(compare(left, right), Equal)


def test_swapped_equal_words_are_the_key() -> None:
    sentence = Sentence(
        ("[CLS]", "A", "friend", "in", "need", "is", "a", "friend", "indeed"),
        ("[CLS]", "A", MASK, "in", "need", "is", "a", MASK, "indeed"),
        (2, 7),
    )
    key = SymbolicKey("log p_2 + log p_7", sentence=sentence)
    assert isinstance(compare_texts(key, "log Pr(x_2=friend|xbar) + log Pr(x_7=friend|xbar)"), Equal)
    with pytest.raises(Refused) as refused:
        compare_texts(key, "log Pr(friend | xbar)")
    assert refused.value.refusal.suggestion == "x_2=friend"


def test_a_joint_probability_of_one_position_twice_is_not_a_product() -> None:
    language = Language(sentence=SENTENCE)
    twice = parse_expression("Pr(x_2=early, x_2=lion | xbar)", language)
    product = parse_expression("Pr(x_2=early | xbar) Pr(x_2=lion | xbar)", language)
    assert not isinstance(compare(twice, product, language), Equal)
    same = parse_expression("Pr(x_2=early, x_2=early | xbar)", language)
    assert isinstance(compare(same, Symbol("p_2"), language), Equal)


def test_aliases_are_other_spellings() -> None:
    key = SymbolicKey("log(p)", (SymbolDeclaration("p", aliases=("prob", "pi")),))
    assert isinstance(compare_texts(key, "log prob"), Equal)
    assert isinstance(compare_texts(key, r"\log \pi"), Equal)
    assert isinstance(compare_texts(key, "ln π"), Equal)


# --- refusals


@pytest.mark.parametrize(
    ("answer", "caret"),
    [
        ("log p2 + log q6", "             ^^"),
        ("log p2 + log(p6", "            ^"),
        ("log p2 + Pr(x_99=worm | xbar)", "         ^^^^^^^^^^^^^^^^^^^^"),
        ("p2 + 1e9999", "     ^^^^^^"),
        ("log p2 +", "        ^"),
    ],
)
def test_refusals_point_at_the_place(answer: str, caret: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_expression(answer, Language.of(KEY))
    assert refused.value.refusal.caret(answer) == f"{answer}\n{caret}"
    assert refused.value.refusal.message.endswith((".", "?"))


# --- hostile texts

PIECES = [
    "log ", "ln", "p2", "p_6", "p_{2}", "p₂", "Pr(", "x_2=", "early", " | ", "xbar", "x̄", ")", "(", "+", "-", "*", "/",
    "^", "²", "⁻¹", "2", "0.5", "1e3", "\\frac", "{", "}", "\\sqrt", "√", "|", "abs(", "min(", ",", "exp(", "e^", "p_i",
    "sum_{i in A}", "\\sum_{i\\in\\{2,6\\}}", "_", "n", "=", "J =", "$", "\\(", "\\left(", "\\cdot", "·", "−", "%", "!",
    "[", "]", '"', "999999937", "^64", "9^", "log2 ", "\x00", "\u202e", "\ud800", "\\", "é", "\n", "😀",
]  # fmt: skip


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = judge(KEY, text)
    if found.refusal is not None:
        assert 0 <= found.refusal.offset <= len(text)
        assert found.outcome == "invalid"
        return
    tree = parse_expression(text, Language.of(KEY))
    assert parse_expression(to_text(tree), Language.of(KEY)) == tree
    assert parse_expression(found.reading, Language.of(KEY)) == tree
    assert found.outcome in ("equal", "different", "unknown")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000_000,
        "(" * 3_999,
        "-" * 3_999 + "1",
        "log " * 999,
        "2^" * 1_999 + "2",
        "|" * 3_999,
        "\\frac" * 700,
        "sum_{i in A} " * 300 + "p_i",
        "+".join(["p2"] * 1_000),
        "*".join(["(p2+p6+1)"] * 300),
        "Pr(" + "x_2=early," * 300 + "x_2=early|xbar)",
        "{" * 2_000 + "}" * 2_000,
        '"' * 3_000,
        "\\" * 3_000,
        "p_" + "9" * 3_000,
        "1e" + "9" * 3_000,
        "_" * 3_999,
        "Pr" + "(" * 3_000,
        "sum_{" + "{" * 3_000,
        "p2 = " * 700,
        "9^9^9^9^9^9",
        "((((((9^64)^64)^64)^64)^64)^64)",
        "exp(exp(exp(exp(exp(exp(p2))))))",
        "(p2+p6+p1+p3+p4+p5+1)^60",
        "log((p2^12+p6^11+1)^9 - p1^7)",
    ],
    ids=lambda text: text[:20],
)
def test_hostile_texts_are_answered_within_the_fuel(text: str) -> None:
    start = time.process_time()
    assert judge(KEY, text).outcome in ("invalid", "different", "unknown")
    assert time.process_time() - start < 5, "a guard far above what it takes: nothing may hang"


def test_no_answer_changes_how_later_ones_are_read() -> None:
    before = [judge(KEY, text) for text in ("log p2 p6", "ln q", "p2^2", "L(x) = log p2")]
    for text in ("p = 3", "log_2 := 5", "e = 1", "\\def\\log{}", "J = p2 = 4"):
        judge(KEY, text)
    assert [judge(KEY, text) for text in ("log p2 p6", "ln q", "p2^2", "L(x) = log p2")] == before
