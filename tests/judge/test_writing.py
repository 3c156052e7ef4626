"""What is printed reads back to the same tree: ASCII, Unicode, LaTeX and MathML."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.expressions import (
    HALF,
    ONE,
    AbsoluteValue,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
    walk,
)
from grading.keys import SymbolDeclaration
from grading.parsing import Language, Refused, parse_expression
from grading.text import to_text, to_unicode
from grading.writing import Setting, to_latex, to_mathml
from tests.judge.mathml_reader import read_mathml
from tests.judge.trees import LANGUAGE, expressions

LOG_BASES = st.sampled_from((0, 2, 10))


def notations(tree: Expression) -> list[str]:
    return [node.given.notation for node in walk(tree) if isinstance(node, Probability) and node.given is not None]


def assert_same(again: Expression, tree: Expression) -> None:
    assert again == tree
    assert notations(again) == notations(tree)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(expressions(), LOG_BASES, st.booleans(), st.booleans())
def test_what_is_written_reads_back(tree: Expression, base: Literal[0, 2, 10], comma: bool, euler: bool) -> None:
    language = Language(sentence=LANGUAGE.sentence, log_base=base, decimal_comma=comma)
    texts = (
        to_text(tree, base, comma),
        to_unicode(tree, base, comma, euler),
        to_latex(tree, Setting(base, comma, euler)),
    )
    for text in texts:
        assert_same(parse_expression(text, language), tree)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(expressions(), LOG_BASES, st.booleans(), st.booleans())
def test_mathml_holds_the_whole_tree(tree: Expression, base: Literal[0, 2, 10], comma: bool, euler: bool) -> None:
    mathml = to_mathml(tree, Setting(base, comma, euler))
    for flat in (False, True):
        assert_same(read_mathml(mathml, LANGUAGE, flat), tree)


NAMES = ("A", "e", "theta_1", "omicron", "loss", "n_total", "x1", "größe", "p", "q_i", "lambda")
E = Exponential(Number(Fraction(1)))
TWO, TEN_DIGITS, TINY = Number(Fraction(2)), Number(Fraction(10**9)), Number(Fraction(1, 10**40))
CASES = (
    *map(Symbol, NAMES),
    *(Logarithm(Symbol(name)) for name in NAMES),
    AbsoluteValue(Symbol("A")),
    AbsoluteValue(Product((TWO, AbsoluteValue(Symbol("q_i"))))),
    Power(E, TWO),
    Power(E, Symbol("loss")),
    Product((E, Logarithm(E), Symbol("p"))),
    Logarithm(Symbol("p"), Symbol("theta_1")),
    Logarithm(Symbol("p"), Symbol("loss")),
    Logarithm(Symbol("p"), TEN_DIGITS),
    Logarithm(Symbol("p"), TINY),
    Product((TINY, Power(TINY, TWO))),
    Power(Symbol("p"), Number(Fraction(10**300))),
    Number(Fraction(10**359)),
    Number(Fraction(12345 * 10**355)),
    Number(Fraction(1, 10**358)),
    Number(Fraction(int("1" * 59) * 10**30)),
    Number(Fraction(int("1" * 60), 10**20)),
    Logarithm(Symbol("p"), Number(Fraction(10**300))),
    Power(Power(Symbol("p"), TWO), TWO),
    Power(Power(Symbol("p"), HALF), TWO),
    Product((Quotient(ONE, TWO), Sum((Symbol("p"), ONE)), Quotient(ONE, TWO))),
    Product((Logarithm(TWO), Logarithm(Symbol("p")), Logarithm(TWO))),
    Extremum("min", (Number(Fraction(1, 2)), TWO, Negation(Symbol("p")))),
)


@pytest.mark.parametrize("tree", CASES, ids=to_text)
@pytest.mark.parametrize("comma", [False, True])
def test_every_kind_of_name_and_number_reads_back(tree: Expression, comma: bool) -> None:
    declares_e = Symbol("e") in walk(tree)
    names = tuple(SymbolDeclaration(name) for name in NAMES if declares_e or name != "e")
    language = Language(names, decimal_comma=comma)
    setting = Setting(decimal_comma=comma, euler=not declares_e)
    assert parse_expression(to_text(tree, 0, comma), language) == tree
    assert parse_expression(to_unicode(tree, 0, comma, not declares_e), language) == tree
    assert parse_expression(to_latex(tree, setting), language) == tree
    if not declares_e:  # the letter e is Euler's number to the reader of these tests
        for flat in (False, True):
            assert to_text(read_mathml(to_mathml(tree, setting), language, flat)) == to_text(tree).replace("x1", "x_1")


def test_looks() -> None:
    tree = parse_expression("√p₂·log₂ Pr(x₂ = the | x̄_{<2}) − |p₁₀| + 1/2·e·log p_3", LANGUAGE)
    assert to_text(tree) == "sqrt(p_2)*log_2(Pr(x_2=the | xbar_{<2})) - abs(p_10) + 1/2*exp(1)*log(p_3)"
    assert to_unicode(tree) == "√(p₂)·log₂(Pr(x₂ = the | x̄_{<2})) − |p₁₀| + 1/2·exp(1)·log(p₃)"
    assert to_latex(tree) == (
        r"\sqrt{p_{2}} \cdot \log_{2} \Pr(x_{2}=\text{the}\mid\bar{\mathbf{x}}_{<2}) - \left|p_{10}\right|"
        r" + \frac{1}{2} \cdot e \cdot \log p_{3}"
    )


# --- words and signs as people paste them


def test_words_are_read_as_latex_writes_them() -> None:
    for word, typed in (
        ("AT&T", r"\text{AT\&T}"),
        ("50%", r"\text{50\%}"),
        ("a_b", r"\text{a\_b}"),
        ("a^b", r"\text{a\textasciicircum{}b}"),
        ("a\\b", r'\text{"a\textbackslash{}b"}'),
        ('a "b', r'\text{"a \textquotedbl{}b"}'),
        ("{x}", r"\text{\{x\}}"),
    ):  # fmt: skip
        atom = parse_expression(rf"\Pr(x_{{5}}={typed}\mid\bar{{x}})", LANGUAGE)
        assert isinstance(atom, Probability)
        assert [event.token for event in atom.events] == [word]


def test_a_sign_that_the_sentence_has_is_found_though_it_looks_like_another() -> None:
    dash = parse_expression("Pr(x_12=– | x̄)", LANGUAGE)
    assert parse_expression("Pr(– | x̄)", LANGUAGE) == dash
    assert parse_expression("Pr(x_12=- | x̄)", LANGUAGE) == dash
    assert to_unicode(dash) == 'Pr(x₁₂ = "–" | x̄)'


def test_a_word_that_is_filled_in_needs_a_place() -> None:
    with pytest.raises(Refused) as caught:
        parse_expression("Pr(x_2 | x̄, lion)", LANGUAGE)
    assert caught.value.refusal.code == "missing-position"
    assert parse_expression("Pr(x_2 | x̄, well-known)", LANGUAGE) == parse_expression(
        "Pr(x_2 | x̄, x_3=well-known)", LANGUAGE
    )


@pytest.mark.parametrize(
    ("signs", "plain"), [("−–—‐‑﹣－", "-"), ("·×⋅∙•∗✕", "*"), ("÷∕⁄／", "/"), ("∣｜", "|"), ("＋", "+")]
)
def test_signs_that_people_paste(signs: str, plain: str) -> None:
    frame = "{0}p_2{0} + p_6" if plain == "|" else "p_2 {0} p_6"
    for sign in signs:
        assert parse_expression(frame.format(sign), LANGUAGE) == parse_expression(frame.format(plain), LANGUAGE)


@pytest.mark.parametrize("command", [r"\cdot", r"\times", r"\ast"])
def test_commands_for_times(command: str) -> None:
    assert parse_expression(f"p_2 {command} p_6", LANGUAGE) == parse_expression("p_2*p_6", LANGUAGE)


def test_numbers_as_latex_writes_them() -> None:
    comma = Language(decimal_comma=True)
    assert parse_expression("0{,}05", comma) == parse_expression("0,05", comma) == Number(Fraction(1, 20))
    assert parse_expression(r"1\mathrm{e}{-3}") == Number(Fraction(1, 1000))
    assert parse_expression("min(1, 2)", comma) == parse_expression("min(1; 2)", comma)
    with pytest.raises(Refused):
        parse_expression("min(1,2)", comma)
