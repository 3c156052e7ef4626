"""The echo: how a formula was read, with its names and the conventions that decided."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import msgspec
import pytest
from hypothesis import given, settings
from lxml import etree

from grading.echo import EchoRecord, echo
from grading.expressions import Expression
from grading.help import help_markdown, help_page, help_sections
from grading.keys import Sentence, SymbolDeclaration, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.parsing.conventions import CONVENTIONS
from grading.parsing.doubtful import _Walk, conventions_met
from grading.parsing.notation import NOTATIONS
from grading.parsing.tokens import clean, tokenize
from grading.text import to_text, to_unicode
from grading.wording import LANGUAGES
from grading.writing import to_latex
from tests.judge.mathml_reader import read_mathml
from tests.judge.test_notation import PLAIN, language_of
from tests.judge.trees import LANGUAGE, expressions
from tests.tables.reading import tables

NAMES = tuple(SymbolDeclaration(name) for name in ("x", "y", "x_2", "x_12"))


def rules(text: str, language: Language = PLAIN) -> tuple[str, ...]:
    return tuple(remark.rule for remark in echo(text, language).conventions)


# --- what it shows


def test_an_echo_shows_the_formula_in_three_notations() -> None:
    found = echo("ln P(early|x̄) + 1/2 log_2 p6", PLAIN)
    assert found.text == "log Pr(x₂ = early | x̄) + 1/2·log₂(p₆)"
    assert found.latex == r"\log \Pr(x_{2}=\text{early}\mid\bar{\mathbf{x}}) + \frac{1}{2} \cdot \log_{2} p_{6}"
    assert etree.fromstring(found.mathml).get("alttext") == found.text
    assert (found.typed, found.tree) == ("ln P(early|x̄) + 1/2 log_2 p6", parse_expression(found.typed, PLAIN))


def test_the_decimal_mark_is_that_of_the_question() -> None:
    language = Language(NAMES, decimal_comma=True)
    found = echo("min(0,5 x, 1.25)", language)
    assert found.text == "min(0,5·x; 1,25)"
    assert found.latex == r"\min\left(0{,}5 \cdot x;\, 1{,}25\right)"
    assert "<mn>0,5</mn>" in found.mathml
    assert "decimal-comma" in {remark.rule for remark in found.conventions}
    for text in (found.text, found.latex):
        assert parse_expression(text, language) == found.tree


def test_what_log_means_is_shown() -> None:
    found = echo("log x + ln x", Language(NAMES, log_base=2))
    assert found.text == "log₂ x + ln x"
    assert [remark.rule for remark in found.conventions] == ["ln", "log-2"]


def test_e_is_eulers_number_unless_it_is_declared() -> None:
    assert echo("log(e x)", Language(NAMES)).text == "log(e·x)"
    declared = Language((*NAMES, SymbolDeclaration("e", "real")))
    assert echo("exp(1) e", declared).text == "exp(1)·e"
    assert [name.meaning for name in echo("e", declared).names] == ["a number"]
    assert echo("e", Language(NAMES)).names[0].meaning.startswith("Euler")


def test_names_say_what_they_are() -> None:
    found = echo("log p_2 + 1/n log Pr(x_6=lion | xbar_{<6}, x_2=early)", PLAIN)
    assert [(name.text, name.meaning) for name in found.names] == [
        ("p₂", "the probability that x₂ is “early”, given x̄"),
        ("n", "the number of selected positions, 2"),
        (
            "Pr(x₆ = lion | x̄_{<6}, x₂ = early)",
            "the probability that x₆ is “lion”, given x̄ before position 6 and x₂ = “early”",
        ),
        ("x₂", "the word at position 2; in the sentence it is “early”"),
        ("x₆", "the word at position 6; in the sentence it is “worm”"),
        ("x̄", "the corrupted input"),
    ]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Pr(x | worm)", "the probability of x, given that x₆ is “worm”"),
        ("Pr(lion | x_{\\2})", "the probability that the word is “lion”, which stands nowhere in the sentence, "
         "given x without position 2"),
        ("Pr(x_2, x_6 | xbar, xhat_3)", "the probability that x₂ is “early” and x₆ is “worm”, given x̄ and "
         "the model’s own guess at position 3"),
        ("Pr(early)", "the probability that x₂ is “early”"),
        ("m", "the number of words, 6"),
    ],
)  # fmt: skip
def test_every_kind_of_probability_has_a_sentence(text: str, meaning: str) -> None:
    assert echo(text, PLAIN).names[0].meaning == meaning


def test_declared_names_say_what_is_assumed_of_them() -> None:
    language = Language(
        (SymbolDeclaration("a"), SymbolDeclaration("b", "positive"), SymbolDeclaration("theta", "real")), any_name=True
    )
    found = echo("a b theta z", language)
    assert [(name.text, name.latex, name.meaning) for name in found.names] == [
        ("a", "a", "a probability, more than 0 and at most 1"),
        ("b", "b", "a positive number"),
        ("θ", r"\theta", "a number"),
        ("z", "z", "a name of your own"),
    ]


def test_german() -> None:
    found = echo("log 2 p_2", PLAIN, "de-AT")
    assert found.names[0].meaning == "die Wahrscheinlichkeit, dass x₂ „early“ ist, gegeben x̄"
    assert found.conventions[0].sentence.startswith("Ohne Klammern")
    assert echo("log 2 p_2", PLAIN, "fi").conventions[0].sentence.startswith("Without")


def test_a_record_is_plain_data() -> None:
    record = echo("log p_2 p_6", PLAIN).record()
    assert msgspec.json.decode(msgspec.json.encode(record), type=EchoRecord) == record
    assert record.conventions[0].rule == "function-product"


def test_a_tree_has_an_echo_too_and_a_broken_text_none() -> None:
    tree = parse_expression("log p_2 p_6", PLAIN)
    assert echo(tree, PLAIN).conventions == ()
    assert echo(tree, PLAIN, typed="log p_2 p_6").record() == echo("log p_2 p_6", PLAIN).record()
    with pytest.raises(Refused):
        echo("log(", PLAIN)


def test_echoes_do_not_depend_on_what_was_echoed_before() -> None:
    """x and x̄ are one context where nothing was corrupted; each is shown as it was written."""
    tokens = ("[CLS]", "a", "b")
    same = Language(sentence=Sentence(tokens, tokens, (1,)))
    for order in (("x̄", "x"), ("x", "x̄")):
        assert [echo(f"log Pr(x_1=a | {given})", same).text for given in order] == [
            f"log Pr(x₁ = a | {given})" for given in order
        ]
    assert echo("Pr(a|x)", same).latex != echo("Pr(a|x̄)", same).latex
    assert echo("Pr(a|x)", same).mathml != echo("Pr(a|x̄)", same).mathml


def test_an_echo_loads_no_algebra() -> None:
    program = """
import sys
from grading.echo import echo
from grading.parsing import Language
record = echo("1/2 log(2 x) + exp(x)", Language(any_name=True)).record()
assert record.latex and record.names
sys.exit("sympy" in sys.modules or "lxml" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False, env=os.environ).returncode == 0


@pytest.mark.parametrize("step", ["log(2 ({}) p_2)", "(2 - ({}))", "abs(({}) p_2)", "exp({})^2", "({})/2", "√({})"])
def test_deep_formulas_are_echoed_as_long_as_they_are(step: str) -> None:
    text = "p_6"
    for _ in range(18):
        text = step.format(text)
    record = echo(text, PLAIN).record()
    assert max(len(record.text), len(record.latex)) < 40 * len(text)
    assert record.mathml.count("<mi>p</mi>") == text.count("p_")


def test_long_logarithms_of_logarithms_are_written_once() -> None:
    tree = parse_expression("log(" * 36 + "+".join(["p_2"] * 60) + ")" * 36, PLAIN)
    started = time.process_time()
    assert to_unicode(tree).count("p₂") == 60
    assert time.process_time() - started < 2


# --- the conventions that decided


@pytest.mark.parametrize("row", [row for row in CONVENTIONS if row.read_as], ids=lambda row: row.written)
def test_a_doubtful_writing_names_its_convention_and_a_clear_one_none(row) -> None:
    language = Language(NAMES, log_base=2 if row.rule == "ln" else row.log_base, decimal_comma=row.decimal_comma)
    assert conventions_met(row.written, language) == (row.rule,)
    assert conventions_met(row.read_as, language) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("log p_2 + log p_6", ()),
        ("-(log p_2 + log p_6)/n", ()),
        (r"\frac{1}{2}\log\left(p_2\,p_6\right)", ()),
        ("log p_2 + 1", ("function-sum",)),
        ("log p_2 + 2 log p_6", ()),
        ("log p_2 - (p_6 - log p_3)", ()),
        ("log(p_2) log(p_6)", ()),
        ("(log p_2) p_6", ()),
        ("log(p_2)*p_6 + 1", ()),
        ("log p_2² p_6", ("function-product", "power-first")),
        ("-p_2^2 + (-p_6)^2", ("power-sign",)),
        ("e^(2 p_2)", ("euler",)),
        ("|log p_2 p_6|", ("function-product",)),
        ("sum_{i in A} log p_i", ()),
        ("sum_{i in A} log p_i + 1", ("function-sum", "sum-product")),
        ("sum_{i in A} 2 log(p_i) / n", ("function-parentheses",)),
        ("50 % p_2", ("percent",)),
    ],
)
def test_only_what_could_be_read_otherwise_is_named(text: str, expected: tuple[str, ...]) -> None:
    assert rules(text) == expected


def walked_to_the_end(text: str, language: Language) -> bool:
    cleaned = clean(text)
    walk = _Walk(cleaned, tokenize(cleaned, language.decimal_comma, language.own_names), language)
    walk.sum()
    return walk.index == len(walk.tokens) - 1


@pytest.mark.parametrize("row", NOTATIONS, ids=lambda row: f"{row.group}-{row.what}")
def test_the_walk_follows_the_grammar_through_the_table(row) -> None:
    if row.needs != "number":
        assert all(walked_to_the_end(example, language_of(row)) for example in row.examples())


FORMULAS = [row for table in tables() for row in table.rows if isinstance(row.key, SymbolicKey)]
READ = [row for row in FORMULAS if row.outcome in ("equal", "different", "unknown")]


def test_every_formula_of_the_tables_is_echoed_so_that_it_reads_back() -> None:
    assert len(READ) > 400
    for row in READ:
        language = Language.of(row.key)
        found = echo(row.answer, language)
        for text in (found.text, found.latex):
            assert parse_expression(text, language) == found.tree, row.place
        assert walked_to_the_end(row.answer, language), row.place
        assert etree.fromstring(found.mathml).get("alttext") == found.text
        assert all(name.meaning for name in found.names)
        if language.sentence is not None and "e" not in language.names:
            for flat in (False, True):
                assert read_mathml(found.mathml, language, flat) == found.tree, row.place


@settings(max_examples=200, derandomize=True, deadline=None)
@given(expressions())
def test_the_walk_follows_the_grammar_through_what_is_written(tree: Expression) -> None:
    for text in (to_text(tree), to_unicode(tree), to_latex(tree)):
        assert walked_to_the_end(text, LANGUAGE)


# --- the help page


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize("comma", [False, True])
@pytest.mark.parametrize("base", [0, 2, 10])
def test_the_help_page_is_well_formed_and_fits_the_question(words: str, comma: bool, base) -> None:
    page = help_page(words, comma, base)
    root = etree.fromstring(page)
    assert root.get("lang") == words
    assert len(root.findall("table")) == len([s for s in help_sections(words, comma, base) if s.rows])
    codes = {"".join(code.itertext()) for code in root.iter("code")}
    assert ("0,5" in codes) == comma
    assert ("1,5" in codes) != comma
    assert codes >= {"log₂", "log x y"}
    assert all(len(row) == len(section.header) for section in help_sections(words, comma, base) for row in section.rows)


@pytest.mark.parametrize("words", LANGUAGES)
def test_everything_that_the_help_page_shows_in_code_as_an_example_is_read(words: str) -> None:
    shown = [cell for section in help_sections(words) for row in section.rows for cell in row[-1:] if cell[:1] != ""]
    examples = {cell[0] for cell in shown if isinstance(cell, tuple)}
    known = {next(row.examples()) for row in NOTATIONS}
    assert examples
    assert examples <= known


def test_markdown_keeps_bars_out_of_its_tables() -> None:
    for line in help_markdown().splitlines():
        if line.startswith("|") and "---" not in line:
            assert line.replace("\\|", "").count("|") in (3, 4, 6), line
