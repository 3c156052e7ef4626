"""The quick way of reading and the rule: one tree or one refusal, whatever was read before."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.expressions import Expression, Probability, walk
from grading.keys import SymbolDeclaration, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.parsing.formulas import tree_of
from grading.parsing.grammar import Parser
from grading.parsing.lexemes import ends_of_terms, known_pieces, quick_tokens
from grading.parsing.tokens import clean, tokenize
from grading.text import to_text, to_unicode
from tests.judge.sentences import SENTENCE
from tests.judge.test_judging import PIECES
from tests.tables.reading import tables

PLAIN = Language(sentence=SENTENCE)
LANGUAGES = (
    PLAIN,
    Language((SymbolDeclaration("p"), SymbolDeclaration("l"), SymbolDeclaration("d", "real"))),
    Language((SymbolDeclaration("x"), SymbolDeclaration("J", aliases=("lb",))), SENTENCE, 2, decimal_comma=True),
)
WRITTEN = sorted(
    {
        (
            Language.of(row.key) if isinstance(row.key, SymbolicKey) else Language(decimal_comma=row.key.decimal_comma),
            text,
        )
        for table in tables()
        for row in table.rows
        if row.key is not None and hasattr(row.key, "decimal_comma")
        for text in (row.answer, row.key.value)
    },
    key=repr,
)
MORE = [
    "ln2", "ld ", "½", "1½", "log2.5", "lb", "p(", "p_θ(", "“early”", "'", "J := ",
    "\\\\", "~", "∑i∈A", "\\mleft(", "\u2062",
]  # fmt: skip


def by_the_rule(text: str, language: Language) -> Expression:
    tokens = tokenize(clean(text), language.decimal_comma, language.own_names)
    return tree_of(Parser(tokens, language, {}, {}))


def quickly(text: str, language: Language) -> Expression:
    tokens, terms = quick_tokens(clean(text), language)
    return tree_of(Parser(tokens, language, terms, ends_of_terms(tokens)))


def forget() -> None:
    """Nothing was read before."""
    known_pieces.cache_clear()


def outcome(read, text: str, language: Language) -> object:
    """The tree with all that an echo shows of it, or what is refused and where."""
    try:
        tree = read(text, language)
    except Refused as refused:
        return refused.refusal
    return tree, [node.given.notation for node in walk(tree) if isinstance(node, Probability) and node.given]


def agree(text: str, language: Language) -> None:
    rule = outcome(by_the_rule, text, language)
    for _ in range(2):  # the second time its terms are known
        assert outcome(parse_expression, text, language) == rule
        try:
            tree = quickly(text, language)
        except Refused:
            continue  # which is never the last word
        assert not hasattr(rule, "code"), "read quickly what the rule refuses"
        assert tree == rule[0]  # type: ignore[index]


@settings(max_examples=1_500, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(PIECES + MORE), max_size=16).map("".join), st.sampled_from(LANGUAGES))
def test_random_texts(text: str, language: Language) -> None:
    agree(text, language)


def test_what_is_written_in_the_tables() -> None:
    assert len(WRITTEN) > 2_000
    forget()
    cold = [outcome(parse_expression, text, language) for language, text in WRITTEN]
    for (language, text), first in zip(WRITTEN, cold, strict=True):
        agree(text, language)
        assert outcome(parse_expression, text, language) == first


def test_pieces_of_the_tables_put_together() -> None:
    draw = random.Random(7)
    texts = [text for language, text in WRITTEN if language.sentence is not None and len(text) < 80]
    for _ in range(1_500):
        one, other = draw.choice(texts), draw.choice(texts)
        cut, start = draw.randrange(len(one) + 1), draw.randrange(len(other) + 1)
        agree(one[:cut] + draw.choice(("", " ", "+", "(")) + other[start:], PLAIN)


@pytest.mark.parametrize("depth", [0, 1, 20, 36, 37, 38, 39, 40, 41])
@pytest.mark.parametrize("term", ["log p_2", "-log(p_2 + -p_6)", "√(p_2 + (p_6))", "2^-p_2", "(((p_2)))"])
def test_a_term_that_was_met_less_deep(term: str, depth: int) -> None:
    forget()
    agree(f"{term} + {term}", PLAIN)
    agree("(" * depth + f"{term} + {term}" + ")" * depth, PLAIN)
    agree(f"sum_{{i in A}} ({term} + p_i)", PLAIN)
    agree("(" * depth + f"1 - {term}" + ")" * depth, PLAIN)


def test_a_term_that_was_met_where_its_bars_mean_something_else() -> None:
    forget()
    agree("p_6 |p_2|", PLAIN)
    agree("p_1 + p_6 |p_2| + p_3", PLAIN)
    agree("|p_1 + p_6 |p_2| + p_3|", PLAIN)


def test_terms_that_were_met_count_as_many_nodes() -> None:
    many = "sum_{i in {" + ",".join(map(str, range(1, 7))) + "}} sum_{k in A} (" + " + ".join(["log p_i"] * 150) + ")"
    forget()
    agree(many, PLAIN)
    agree(" + ".join(["log(p_2 p_6)"] * 300), PLAIN)


def test_a_clear_name_of_the_question_goes_before_a_function() -> None:
    letters, alias = LANGUAGES[1], LANGUAGES[2]
    assert parse_expression("ld p", letters) == parse_expression("(l d) p", letters)
    assert parse_expression("lb x", alias) == parse_expression("J*x", alias)
    assert parse_expression("ld p", Language((SymbolDeclaration("p"),))) != parse_expression("ld p", letters)


@settings(max_examples=600, derandomize=True, deadline=None)
@given(
    st.one_of(
        st.sampled_from(
            ["and", "theta", "x", "X_2", "x_i", "xbar", "xhat_2", "W", "w", "2", "AT&T", "don’t", "[MASK]", "ln"]
        ),
        st.text("abxiW²½ₐᵢéß.'’‘“”\"&-*/\\|{}[]()_^~`<>=;,:!?01𝐱θ–×\u0304漢 ", min_size=1, max_size=5),
    ),
    st.sampled_from((PLAIN, Language(any_name=True))),
)
def test_any_word_in_quotation_marks_is_read_and_printed_so_that_it_reads_back(word: str, language: Language) -> None:
    quoted = '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
    for text in (
        f"Pr(x_2={quoted} | xbar)",
        f"Pr(xbar | x_2={quoted})",
        f"Pr(early, x_2={quoted} | xbar, x_6={quoted})",
    ):
        try:
            tree = parse_expression(text, language)
        except Refused:
            continue
        assert parse_expression(to_text(tree), language) == tree
        assert parse_expression(to_unicode(tree), language) == tree


def test_a_greek_letter_declared_by_its_sign_runs_together_with_others() -> None:
    declared = SymbolicKey("α*x", symbols=(SymbolDeclaration("α", "positive"), SymbolDeclaration("x", "positive")))
    language = Language.of(declared)
    assert parse_expression("αx", language) == parse_expression("α x", language)
    assert parse_expression("xα^2", language) == parse_expression("x α^2", language)
