"""Every kind by example, for one to four masks, in several notations; and what is not explained."""

from __future__ import annotations

import pytest

from grading.parsing import Language, parse_expression
from grading.structure import KINDS, Difference, differences
from tests.structure.rebuilding import sentence

BIRD = Language(sentence=sentence(2, 6))
NAMES = Language(any_name=True)


def found(key: str, answer: str, language: Language = BIRD) -> list[str]:
    """The differences as short texts: kind, places, value, word."""
    trees = [parse_expression(text, language) for text in (key, answer)]
    return [_short(difference) for difference in differences(trees[0], trees[1], language)]


def _short(difference: Difference) -> str:
    details = (*difference.places, difference.value, difference.word, difference.given)
    return " ".join((difference.kind, *(str(detail) for detail in details if detail != "")))


J = "log p_2 + log p_6"
TWO_MASKS = [
    ("log p_2", ["missing-term 6"]),
    ("log Pr(x_6=wurm | x̄)", ["missing-term 2"]),
    ("log(p_2 p_5)", ["missing-term 6", "unmasked-position 5"]),
    (r"\log p_{2} + \log p_{5}", ["missing-term 6", "unmasked-position 5"]),
    ("ln p₂ + ln p₅ + ln p₆", ["unmasked-position 5"]),
    ("log p_1 + log p_2 + log p_3 + log p_4 + log p_6", ["unmasked-position 1 3 4"]),
    ("log p_0 + log(p_2*p_6)", ["special-token 0 [CLS]"]),
    ("log Pr(lion | x̄) + log p_2 + log p_6", ["word-not-in-sentence lion"]),
    ("log p_2 + log p_2 + log p_6", ["repeated-term 2 2"]),
    ("log(p_2 p_6^3)", ["repeated-term 6 3"]),
    ("2 log p_2", ["missing-term 6", "repeated-term 2 2"]),
    ("log p_2 - log p_6", ["wrong-sign-of-term 6"]),
    (r"\log\frac{p_6}{p_2}", ["wrong-sign-of-term 2"]),
    ("(1/3) log p_2 + log p_6", ["wrong-coefficient 2 1/3"]),
    ("-log p_2 - log p_6", ["flipped-sign"]),
    ("-log p_2", ["flipped-sign", "missing-term 6"]),
    ("(log p_2 + log p_6)/2", ["extra-factor 1/2"]),
    ("log(p_2 p_6)*2", ["extra-factor 2"]),
    ("sqrt(2) (log p_2 + log p_6)", ["extra-factor √2"]),
    ("-(log p_2 + log p_6)/8", ["flipped-sign", "extra-factor 1/8"]),
    ("log_2 p_2 + log_2 p_6", ["other-base 2"]),
    ("log_10(p_2 p_6)", ["other-base 10"]),
    ("-log_6(p_2 p_6)", ["flipped-sign", "other-base 6"]),
    ("log_10 p_2 + ln p_6", ["other-base 2 10"]),
    ("log p_2 * log p_6", ["multiplied-instead-of-added"]),
    ("-log p_2 * log p_6", ["multiplied-instead-of-added", "flipped-sign"]),
    ("p_2 + p_6", ["probability-instead-of-log"]),
    ("log p_2 + p_6", ["probability-instead-of-log 6"]),
    ("p_2 p_6", ["missing-log"]),
    ("log(p_2 + p_6)", ["log-of-sum"]),
    ("log((p_2 + p_6)/2)", ["log-of-mean"]),
    ("log(p_2 + p_6 + p_5)", ["log-of-sum", "unmasked-position 5"]),
    ("log(p_2 + p_5)", ["missing-term 6", "unmasked-position 5"]),
    ("p_2 log p_2 + p_6 log p_6", ["weighted-by-probability"]),
    ("p_2 log p_2 + log p_6", ["weighted-by-probability 2"]),
    ("log p_2 + log p_6 + 10^-12", ["extra-constant 1/1000000000000"]),
    ("log(2 p_2 p_6)", ["extra-constant ln 2"]),
    ("log p_1 + log p_5", ["shifted-positions -1"]),
    ("log p_3 + log p_7", ["shifted-positions +1"]),
    ("log Pr(x_2=Wurm|xbar) + log Pr(x_6=early|xbar)", ["swapped-targets 2 6"]),
    ("log Pr(x_2=lion|xbar) + log p_6", ["wrong-target-word 2 lion"]),
    ("log Pr(x_2=early|xbar) + log Pr(x_6=MAY|xbar)", ["wrong-target-word 6 MAY"]),
    ("log Pr(x_2=[MASK]|xbar) + log Pr(x_6=[MASK]|xbar)", ["wrong-target-word 2 6 [MASK]"]),
    ("log Pr(x_3=early|xbar) + log p_6", ["wrong-position 3 early"]),
    ("log Pr(x_2=early|x) + log p_6", ["conditioned-on-original 2"]),
    ("log(Pr(early|x) Pr(wurm|x))", ["conditioned-on-original 2 6"]),
    ("log Pr(x_2=early|xbar_{<2}) + log Pr(x_6=wurm|xbar_{<6})", ["conditioned-on-left-context 2 6"]),
    ("log Pr(x_2=early|x_{<2}) + log Pr(x_6=wurm|x_{<6})", ["conditioned-on-left-original 2 6"]),
    (r"log Pr(x_2=early|x_{\2}) + log Pr(x_6=wurm|x_{\6})", ["conditioned-on-single-mask 2 6"]),
    ("log p_2 + log Pr(x_6=wurm|xbar, x_2=early)", ["conditioned-on-true-words 6"]),
    ("log p_2 + log Pr(x_6=wurm|xbar, xhat_2)", ["conditioned-on-own-predictions 6"]),
    ("log p_2 + log Pr(x_6=wurm|xbar_{<4})", ["conditioned-otherwise 6 xbar_{<4}"]),
    ("log Pr(x_2=early) + log Pr(x_6=wurm)", ["unconditional 2 6"]),
    ("log Pr(x_2=early, x_6=wurm)", ["unconditional 2 6"]),
    ("log Pr(xbar|x_2=early) + log p_6", ["reversed 2"]),
    ("log Pr(x_2=lion|x) + log p_6", ["wrong-target-word 2 lion", "conditioned-on-original 2"]),
]


@pytest.mark.parametrize(("answer", "expected"), TWO_MASKS)
def test_two_masks(answer: str, expected: list[str]) -> None:
    assert found(J, answer) == expected


MEAN_LOSS = "-(log p_2 + log p_6)/2"
PERPLEXITY = f"exp({MEAN_LOSS})"
OTHER_KEYS = [
    (MEAN_LOSS, "-log p_2 - log p_6", ["missing-factor 1/2"]),
    (MEAN_LOSS, "log(p_2 p_6)", ["flipped-sign", "missing-factor 1/2"]),
    (MEAN_LOSS, "-log(p_2 p_6)/8", ["wrong-factor 1/8"]),
    (MEAN_LOSS, "-log_2(p_2 p_6)/2", ["other-base 2"]),
    (MEAN_LOSS, "-log p_2", ["missing-factor 1/2", "missing-term 6"]),
    (MEAN_LOSS, PERPLEXITY, ["missing-log"]),
    (MEAN_LOSS, "(log p_2 * log p_6)/4", ["multiplied-instead-of-added"]),
    ("-log_2 p_2 - log_2 p_6", "-ln(p_2 p_6)", ["other-base e"]),
    ("-log_2 p_2 - log_2 p_6", "-log_2 p_2 - ln p_6", ["other-base 6 e"]),
    (PERPLEXITY, MEAN_LOSS, ["extra-log"]),
    (PERPLEXITY, "exp(-(log p_2 + log p_6))", ["wrong-power 2"]),
    (PERPLEXITY, "sqrt(p_2 p_6)", ["inverted"]),
    (PERPLEXITY, "1/sqrt(p_2)", ["missing-term 6"]),
    (PERPLEXITY, "3/sqrt(p_2 p_6)", ["extra-factor 3"]),
    (PERPLEXITY, "1/sqrt(p_2) + 1/sqrt(p_6)", ["added-instead-of-multiplied"]),
    (PERPLEXITY, "sqrt(p_6/p_2)", ["wrong-sign-of-term 6"]),
    ("p_2 p_6", "p_2 + p_6", ["added-instead-of-multiplied"]),
    ("p_2 p_6", "(p_2 + p_6)/2", ["added-instead-of-multiplied", "extra-factor 1/2"]),
    ("p_2 p_6", "p_2 p_5 p_6", ["unmasked-position 5"]),
    ("p_2 p_6", "log p_2 + log p_6", ["extra-log"]),
    ("p_2 p_6", "log_2(p_2 p_6)", ["extra-log", "other-base 2"]),
    ("p_2 p_6", "-log(p_2 p_6)", ["extra-log", "flipped-sign"]),
    ("p_2 p_6", "(log_10 p_2 + log_10 p_6)/2", ["extra-log", "extra-factor 1/2", "other-base 10"]),
    (PERPLEXITY, "(log p_2 + log p_6)/2", ["extra-log", "flipped-sign"]),
    (PERPLEXITY, "log(p_2 p_6)", ["extra-log", "flipped-sign", "extra-factor 2"]),
    ("p_2 + p_6", "p_2 p_6", ["multiplied-instead-of-added"]),
    ("p_2 + p_6", "p_2 + log p_6", ["extra-log 6"]),
    ("log p_2 + log p_6 + 1", "log p_2 + log p_6", ["missing-constant 1"]),
    ("log p_2 + log p_6 + 1", "log p_2 + log p_6 + 2", ["wrong-constant 2"]),
    ("log Pr(x_2=early|x) + log p_6", "log p_2 + log p_6", ["conditioned-on-corrupted 2"]),
]


@pytest.mark.parametrize(("key", "answer", "expected"), OTHER_KEYS)
def test_other_keys(key: str, answer: str, expected: list[str]) -> None:
    assert found(key, answer) == expected


MORE_MASKS = [
    ((2,), "log p_2", "log p_5", ["missing-term 2", "unmasked-position 5"]),
    ((2,), "log p_2", "p_2", ["missing-log"]),
    ((2,), "log p_2", "-log p_2", ["flipped-sign"]),
    ((2,), "log p_2", "log p_2 + log p_6", ["unmasked-position 6"]),
    ((5,), "log p_5", "log p_1", ["wrong-position 1 the"]),
    ((2, 3), "log p_2 + log p_3", "log p_3 + log p_4", ["shifted-positions +1"]),
    ((2, 6, 8), "log p_2 + log p_6 + log p_8", "log p_6", ["missing-term 2 8"]),
    ((2, 6, 8), "log p_2 + log p_6 + log p_8", "log(p_2 + p_6) + log p_8", ["log-of-sum 2 6"]),
    ((2, 6, 8), "log p_2 + log p_6 + log p_8", "log p_2 log p_6 + log p_8", ["multiplied-instead-of-added 2 6"]),
    ((2, 6, 8), "log p_2 + log p_6 + log p_8", "log p_2 + p_6 p_8", ["missing-log 6 8"]),
    (
        (2, 6, 8),
        "-log p_2 - log p_6 - log p_8",
        "log p_2 log p_6 log p_8",
        ["multiplied-instead-of-added", "flipped-sign"],
    ),
    ((2, 3, 6, 8), "log(p_2 p_3 p_6 p_8)", "log(p_2 p_3 p_6)", ["missing-term 8"]),
    ((2, 3, 6, 8), "log(p_2 p_3 p_6 p_8)", "log(p_2 p_3)/4", ["extra-factor 1/4", "missing-term 6 8"]),
    ((2, 3, 6, 8), "log(p_2 p_3 p_6 p_8)", "log(p_2 p_6 p_8/p_3) + 1", ["wrong-sign-of-term 3", "extra-constant 1"]),
]


@pytest.mark.parametrize(("selected", "key", "answer", "expected"), MORE_MASKS)
def test_one_to_four_masks(selected: tuple[int, ...], key: str, answer: str, expected: list[str]) -> None:
    assert found(key, answer, Language(sentence=sentence(*selected))) == expected


SYMBOLS = [
    ("log p2 + log p6", "log(p2 p5)", ["missing-term 6", "unmasked-position 5"]),
    ("log p2", "log p2 + log p5", ["extra-term 5"]),
    ("log q + log s", "log q", ["missing-term s"]),
    ("log q + log s", "log(q r)", ["missing-term s", "extra-term r"]),
    ("log q + log s", "log q log s", ["multiplied-instead-of-added"]),
    (
        "log Pr(x_2=early|xbar) + log Pr(x_6=worm|xbar)",
        "log Pr(x_2=early|x) + log Pr(x_6=worm|xbar)",
        ["conditioned-on-original 2"],
    ),
    ("log Pr(early|xbar) + log Pr(worm|xbar)", "log Pr(early|xbar)", ["missing-term worm"]),
]


@pytest.mark.parametrize(("key", "answer", "expected"), SYMBOLS)
def test_without_a_sentence_places_are_the_names(key: str, answer: str, expected: list[str]) -> None:
    assert found(key, answer, NAMES) == expected


@pytest.mark.parametrize(
    "answer",
    [
        "log(p_6 p_2)",
        "ln p₆ + ln p₂",
        "0",
        "7",
        "log p_3 + log p_4 + log p_8",
        "log(1 - p_2) + log(1 - p_6)",
        "(1 - p_2)^2 + (1 - p_6)^2",
        "min(log p_2, log p_6)",
        "log p_2/(p_2 + p_6)",
        "(log p_2)^2",
        "p_2^p_6",
        "2 log p_2 + 3 log p_6 + 4 log p_5 + log(p_1 + p_2) + 8",
        "-log(p_5) log(p_4)",
        "(log p_2 + log p_6) * 3^200",
    ],
)
def test_nothing_is_invented(answer: str) -> None:
    assert found(J, answer.replace("log p_2/", "(log p_2)/")) == []


def test_a_selected_position_that_shows_no_mask_is_not_called_masked() -> None:
    from grading.keys import Sentence

    kept = Language(sentence=Sentence(("[CLS]", "a", "b", "c"), ("[CLS]", "a", "[MASK]", "c"), (1, 2)))
    trees = [parse_expression(text, kept) for text in ("log p_1 + log p_2", "log p_1 + log p_2 + log p_3")]
    assert differences(trees[0], trees[1], kept)[0].remark == "selected"


def test_what_was_read_before_makes_no_difference() -> None:
    """Two contexts that show the same have one identity but two names; the answer's own name counts."""
    last = Language(sentence=sentence(2, 8))
    key = "log p_2 + log p_8"
    asked = ["log p_2 + log Pr(x_8=May|xbar, x_2=early)", "log p_2 + log Pr(x_8=May|x_{<8})"] * 2
    kinds = [found(key, answer, last)[0] for answer in asked]
    assert kinds == ["conditioned-on-true-words 8", "conditioned-on-left-original 8"] * 2


def test_every_kind_has_an_example() -> None:
    rows = [
        *(e for _, e in TWO_MASKS),
        *(e for *_, e in OTHER_KEYS),
        *(e for *_, e in MORE_MASKS),
        *(e for *_, e in SYMBOLS),
    ]
    assert {line.split()[0] for lines in rows for line in lines} == set(KINDS)
