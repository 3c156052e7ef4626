"""Answers that are made to deceive: nested without brackets, zero over zero, exponents where none is looked for."""

from __future__ import annotations

import time

import msgspec
import pytest

from grading import grade
from grading.judge import judge
from grading.keys import Sentence, SymbolDeclaration, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.text import to_unicode
from grading.verdicts import Verdict

SENTENCE = Sentence(
    ("[CLS]", "the", "early", "bird", "catches", "the", "worm"),
    ("[CLS]", "the", "[MASK]", "bird", "catches", "the", "[MASK]"),
    (2, 6),
)
KEY = SymbolicKey("log p_2 + log p_6", (SymbolDeclaration("p_2"), SymbolDeclaration("p_6")), SENTENCE)


def verdict(answer: str) -> Verdict:
    return grade(KEY, answer).verdict


@pytest.mark.parametrize("count", [30, 90, 150, 400, 700, 1400])
@pytest.mark.parametrize(
    ("start", "step"), [("", "√"), ("", "sqrt "), ("p_2", "/2"), ("p_2", "² "), ("", r"\frac 1"), ("", "-")]
)
def test_nesting_without_brackets_ends_in_a_verdict(start: str, step: str, count: int) -> None:
    answer = start + step * count + ("" if start else "p_2")
    assert verdict(answer) in (Verdict.INCORRECT, Verdict.INVALID, Verdict.UNDECIDED)


def test_a_tower_of_powers_is_written_out_once() -> None:
    started = time.process_time()
    tree = parse_expression("^".join(["p_2"] * 39), Language.of(KEY))
    assert to_unicode(tree).count("p₂") == 39
    assert time.process_time() - started < 2


@pytest.mark.parametrize("floor", ["(8 + .6)", "(log 3 + .5)", "(p_2 + .6)", "(1 - p_2)"])
def test_a_tower_of_sums_is_walked_through_once(floor: str) -> None:
    """Each floor stands twice in the normal form of the next one, so that the walk doubled with every floor."""
    started = time.process_time()
    for outer in ("log p_2 + log p_6", "(log p_2 + log p_6)/2"):
        assert grade(msgspec.structs.replace(KEY, value=outer), "^".join([floor] * 31)).verdict is not Verdict.CORRECT
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "zero",
    [
        "ln(400640231) - ln(20011) - ln(20021)",
        "log(1 - p_2) - log(1 - sqrt(p_2)) - log(1 + sqrt(p_2))",
        "sqrt(400440121) - 20011",
    ],
)
def test_zero_over_zero_is_not_one(zero: str) -> None:
    assert verdict(f"log(p_2) + log(p_6)*(({zero})/({zero}))") is not Verdict.CORRECT
    assert verdict(f"log(p_2) + log(p_6) + ({zero})") is not Verdict.INCORRECT


@pytest.mark.parametrize("power", ["2", "-1", r"\frac12", "k"])
def test_an_exponent_of_the_sign_of_probability_is_not_dropped(power: str) -> None:
    for sign in ("P", r"\Pr", r"\mathbb{P}"):
        assert verdict(rf"\log {sign}^{{{power}}}(early|\bar{{x}}) + \log P(worm|\bar x)") is Verdict.INVALID


@pytest.mark.parametrize("above", [r"\theta", r"\mathbf{W},\theta", r"\mathbf W, \hat{\theta}", "W,θ", r"\hat\theta"])
def test_parameters_may_stand_there(above: str) -> None:
    assert verdict(rf"\log \Pr^{{{above}}}(early|\bar{{x}}) + \log P(worm|\bar x)") is Verdict.CORRECT


@pytest.mark.parametrize(
    "answer",
    [
        "-sum_{i in A} log(p_i^-1)",
        "sum_{i in {2,2,6}} log p_i",
        "sum_{m in {2,6}} log p_m",
        "sum_{n in A} (log p_n + n - n)",
        "sum_{m in A} (log(p_m) + m) - 8",
        "sum_{e in A} (log(p_e) + e) - 8",
    ],
)
def test_the_index_of_a_sum(answer: str) -> None:
    assert verdict(answer) is Verdict.CORRECT


def test_only_what_is_behind_the_bar_may_name_the_parameters() -> None:
    with_w = parse_expression('Pr(early, "W")', Language.of(KEY))
    assert with_w != parse_expression("Pr(early)", Language.of(KEY))
    assert verdict("log Pr(early | xbar, W) + log Pr(worm | xbar; θ)") is Verdict.CORRECT


def test_the_order_in_which_words_are_filled_in() -> None:
    assert judge("log Pr(w | xbar, x_2=a, x_6=b)", "log Pr(w | xbar, x_6=b, x_2=a)").outcome == "equal"
    assert judge("log Pr(w | xbar, x_2=a, x_6=b)", "log Pr(w | xbar, x_2=b, x_6=a)").outcome == "different"


@pytest.mark.parametrize(("off", "shown"), [(12, 12), (30, 30), (200, 200)])
def test_a_small_difference_can_be_seen(off: int, shown: int) -> None:
    left, right = judge("p", f"p + 10^-{off}").witness.split(": ")[1].split(" against ")
    assert left == "0.64"
    assert len(right) >= shown
    assert right.rstrip("…").rstrip("0") != "0.64"


def test_too_deep_is_refused_with_a_reason() -> None:
    with pytest.raises(Refused, match="nested"):
        parse_expression("1" + "/2" * 300)


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("sqrt(min(0, b))", "exp(log(min(0, b))/2)"),
        ("abs(min(0, b))", "exp(log(abs(min(0, b))))"),
        ("sqrt(abs(min(0, b)))", "exp(log(abs(min(0, b)))/2)"),
        ("min(0, b)", "(min(0, b)*min(0, b))/min(0, b)"),
        ("log(10b)^max(exp(a), 2)", "exp(max(exp(a), 2)*log(log(10b)))"),
        ("max(min(c, 2, 0), 10/a)^max(a, 2)", "1/max(min(c, 2, 0), 10/a)^(-max(a, 2))"),
    ],
)
def test_what_is_zero_on_a_whole_region_is_no_single_gap(key: str, answer: str) -> None:
    assert judge(key, answer, "real").outcome != "equal"
    assert judge(answer, key, "real").outcome != "equal"


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("log(abs(x))", "log(x^2)/2"),
        ("abs(x)", "x^2/abs(x)"),
        ("log(max(x, y))", "log((x + y + abs(x - y))/2)"),
        ("abs(x - y)", "sqrt((x - y)^2)"),
    ],
)
def test_kinks_do_not_hide_what_is_equal(key: str, answer: str) -> None:
    assert judge(key, answer, "real").outcome == "equal"
