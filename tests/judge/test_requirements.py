"""Forms: an equal formula may be in another one than the item asks for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grading.equivalence import Equal, compare
from grading.keys import FORMS, Requirement, Sentence
from grading.parsing import Language, parse_expression
from grading.requirements import credit_of, in_other_form, missing

SENTENCE = Sentence(
    ("[CLS]", "the", "early", "bird", "catches", "the", "worm"),
    ("[CLS]", "the", "[MASK]", "bird", "catches", "the", "[MASK]"),
    (2, 6),
)
LANGUAGE = Language(sentence=SENTENCE)


def unmet(form: str, text: str) -> list[str]:
    asked = (Requirement(form),)  # type: ignore[arg-type]
    return [words for _, words in missing(asked, parse_expression(text, LANGUAGE), text, LANGUAGE)]


@pytest.mark.parametrize(
    "text",
    [
        "log p_2 + log p_6",
        "ln Pr(early|xbar) + ln Pr(worm|xbar)",
        "-(-log p_2 - log p_6)",
        "(log p_2 + log p_6)/n",
        r"\frac12 (\log p_2 + \log p_6)",
        "1/2*log p_2 + log(6) - p_2*p_6",
        "log_2 p_2 / log_2(10)",
        "sum_{i in A} log p_i",
        "log(p_2)*log(p_6)",
        "exp(log p_2 + log p_6)",
    ],
)
def test_expanded(text: str) -> None:
    assert unmet("expanded", text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("log(p_2*p_6)", "the logarithm of the product as a sum"),
        ("log prod_{i in A} p_i", "the logarithm of the product as a sum"),
        ("log(p_2) - log(1/p_6)", "the logarithm of the quotient as a difference"),
        ("2*log(sqrt(p_2)) + log p_6", "the logarithm of the power as a multiple"),
        ("log(p_2^1) + log p_6", "the logarithm of the power as a multiple"),
        ("log(exp(log p_2 + log p_6))", "only logarithms of single probabilities"),
        ("log Pr(x_2=early, x_6=worm | xbar)", "write the joint probability as a product"),
        ("p_2*(log p_2 + log p_6)", "multiply the sum out"),
        ("(log p_2 + log p_6)^2", "multiply the sum out"),
        ("(log p_2 + log p_6)/p_2", "divide every term"),
    ],
)
def test_not_expanded(text: str, wanted: str) -> None:
    (words,) = unmet("expanded", text)
    assert wanted in words


@pytest.mark.parametrize(
    ("text", "meets"),
    [
        ("log(p_2*p_6)", True),
        ("-log(1/(p_2*p_6))", True),
        ("log(p_2*p_6)/log(2)", True),
        ("log p_2 + log p_6", False),
        ("sum_{i in A} log p_i", False),
        ("p_2*p_6", False),
    ],
)
def test_single_log(text: str, meets: bool) -> None:
    assert (unmet("single-log", text) == []) is meets


@pytest.mark.parametrize(
    ("text", "meets"),
    [
        ("log p_2 + log p_6", True),
        ("Σ_{i∈A} log p_i", False),
        ("sum_{i in {2,6}} log p_i", False),
        (r"-\sum_{i \in \{2,6\}} \log p_i", False),
        (r"\log \prod_{i \in A} p_i", False),
        ("log ∏_{i∈A} p_i", False),
        ('log Pr(x_2="sum_{i in A}" | xbar)', True),
    ],
)
def test_written_out(text: str, meets: bool) -> None:
    assert (unmet("written-out", text) == []) is meets


def test_the_least_credit_counts_and_the_keys_own_words() -> None:
    asked = (Requirement("expanded", Fraction(3, 4), "Bitte ausmultiplizieren."), Requirement("written-out"))
    text = "log prod_{i in A} p_i"
    found = missing(asked, parse_expression(text, LANGUAGE), text, LANGUAGE)
    assert [words for _, words in found] == [
        "Bitte ausmultiplizieren.",
        "The value is right; please write out every term instead of the sign for a sum or a product.",
    ]
    assert credit_of(found) == Fraction(1, 2)
    assert credit_of(()) == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", ["log p_2 + log p_6", "log(p_2*p_6)", "log Pr(x_2=early | xbar) - p_6"])
def test_another_form_of_every_key(form: str, key: str) -> None:
    text = in_other_form(form, key)  # type: ignore[arg-type]
    assert unmet(form, text)
    tree = parse_expression(text, LANGUAGE)
    assert isinstance(compare(parse_expression(key, LANGUAGE), tree, LANGUAGE), Equal)
