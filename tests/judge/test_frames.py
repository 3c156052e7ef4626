"""What is read by its frame is read as the grammar reads it: the same echo, value, and grade, whatever came before."""

from __future__ import annotations

import random
import re
import sys
from fractions import Fraction

import pytest

from benchmarks.twenty_forms import plain_answers
from benchmarks.typed_answers import answers
from grading import Grade, SymbolicKey, grade
from grading.equivalence import World
from grading.expressions import Logarithm, Number, Symbol
from grading.forms import agree
from grading.frames import form_of, reader, tree_of
from grading.frames.moulds import Dialect
from grading.frames.value import Unknown, Value
from grading.given import invalid, is_blank
from grading.graders.symbolic import grade_tree
from grading.keys import SymbolDeclaration
from grading.parsing import Language, Refused, parse_expression
from grading.parsing.lexemes import _REST, cut
from grading.parsing.tokens import _FORBIDDEN
from grading.text import to_unicode
from tests.fuzzing import oracle
from tests.fuzzing.mutations import mutate
from tests.fuzzing.texts import kept
from tests.judge.sentences import SENTENCE
from tests.tables.reading import tables

Case = tuple[SymbolicKey, str]

P = tuple(SymbolDeclaration(f"p_{k}") for k in range(1, 10))
KEY = SymbolicKey("log p_2 + log p_6", P)


def typed(count: int) -> list[Case]:
    """Answers as learners type them, in all notations."""
    sets = (plain_answers(count, seed=41), answers(count, seed=42), answers(count // 3, seed=43, decimals=True))
    return [(answer.key, answer.text) for found in sets for answer in found]


def collected() -> list[Case]:
    """The texts of the tables, and those that fuzzing found to reach something."""
    rows = [row for table in tables() for row in table.rows]
    found = [(row.key, row.answer) for row in rows if isinstance(row.key, SymbolicKey)]
    for name, text in kept():
        key = oracle.KEYS[name]
        if isinstance(key, SymbolicKey):
            found.append((key, text))
    return found


def by_grammar(key: SymbolicKey, text: str) -> Grade:
    try:
        return grade_tree(key, parse_expression(text, Language.of(key)), text)
    except Refused as refused:
        return invalid(refused.refusal.told_in(key.lang), text)


def examine(key: SymbolicKey, text: str) -> bool:
    """Whether the text is read by its frame; raises AssertionError if it is read otherwise than by the grammar."""
    language = Language.of(key)
    try:
        read = reader(language).read(text)
    except Refused:
        read = None
    assert grade(key, text) == by_grammar(key, text), text
    if read is None:
        return False
    tree, world = parse_expression(text, language), World.of(language)
    assert read.text == language.written(tree), text
    meant, found = world.form(tree), world.form(tree_of(read.value))
    assert not isinstance(meant, str), text
    assert not isinstance(found, str), text
    assert agree(meant, found), text
    assert (meant.positive, meant.nonzero) == (frozenset(), frozenset()), text
    return True


def test_typed_answers_are_graded_as_by_the_grammar() -> None:
    cases = typed(300)
    assert sum(examine(key, text) for key, text in cases) > 0.75 * len(cases)


@pytest.mark.parametrize("part", range(8))
def test_collected_texts_are_graded_as_by_the_grammar(part: int) -> None:
    cases = [(key, text) for key, text in collected()[part::8] if not is_blank(text)]
    assert sum(examine(key, text) for key, text in cases) > 10


def test_changed_texts_are_graded_as_by_the_grammar() -> None:
    """Slips of the hand in what is otherwise read by its frame; most leave nothing that can be read."""
    draw = random.Random(7)
    cases = typed(300)
    found = 0
    for key, text in cases:
        changed = mutate(draw, text, draw.choice(cases)[1], careful=True)
        if not is_blank(changed):
            found += examine(key, changed)
    assert found > 40


LANGUAGES = (
    Language(P),
    Language(P, log_base=2),
    Language(P, log_base=10),
    Language(P, decimal_comma=True),
    Language((*P, SymbolDeclaration("e"), SymbolDeclaration("r", "real"), SymbolDeclaration("s", "positive"))),
    Language((), SENTENCE),
)
PIECES = ("log", "ln", r"\log_2", "lg", "exp", "p_2", " p_6", "p2", "e", "r", "s", "n", "Pr(early | xbar)", "2", "0",
          "0.5", "1/2", r"\frac12", r"\frac{1}{3}", "(", ")", r"\left(", "{", "}", "+", "-", " - ", "*", "/", "^", "²",
          "%", "sqrt", " ", "|", ",", "=", "log(p_2)", "(p_2 p_6)", "log p_2", "3 log p_6", "J = ")  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_anything_put_together_is_read_as_by_the_grammar(language: Language) -> None:
    draw = random.Random(5)
    key = SymbolicKey(
        "log p_2", language.symbols, language.sentence, language.log_base, decimal_comma=language.decimal_comma
    )
    found = 0
    for _ in range(2_500):
        text = "".join(draw.choice(PIECES) for _ in range(draw.randrange(1, 9)))
        if not is_blank(text):
            found += examine(key, text)
    assert found > 100


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        ("ln2 p_2", None),  # refused: white space decides
        ("1/2p_2", None),  # refused: below the line or not
        ("1/2 p_2", "1/2·p₂"),
        ("50 % log p_2", "50/100·log(p₂)"),
        ("-(p_2 p_6)^2", None),  # a square of a probability is no unknown of a value
        ("-log((p_2 p_6)²)", "−log((p₂·p₆)²)"),
        ("2 - -log p_2", None),  # two signs
        ("log(p_2 + p_2)", None),  # no plain sum
        ("log(p_2 + p_6)/7", "log(p₂ + p₆)/7"),
        ("log(p_2)/(p_2 - p_6)", None),  # not defined everywhere
        ("0 log p_2", "0·log(p₂)"),
        ("log(1/2)", "log(1/2)"),
        ("log 1/2", None),  # white space again
        ("1e-60", None),  # large numbers are for the normal form
        ("p_7", "p₇"),
        ("1/4 (log p_2 - 2/3*(log p_6 + 1))/5", "1/4·(log p₂ − 2/3·(log p₆ + 1))/5"),
        ("-(log p_2 + log(p_6^2)/2)", "−(log p₂ + log(p₆²)/2)"),
        ("1/(log p_2 + log p_6)", None),  # a sum below a line
        ("2^(log p_2 + log p_6)", None),
        ("*".join(f"(p_{k} + p_{k + 1})" for k in range(1, 8)), None),  # too many terms when multiplied out
    ],
)
def test_which_texts_are_read_by_their_frame(text: str, echo: str | None) -> None:
    read = reader(Language.of(KEY)).read(text)
    assert (None if read is None else read.text) == echo


def test_what_was_read_before_changes_nothing() -> None:
    """One frame, first with numbers that leave a sum of logarithms and then with others, in both orders."""
    texts = ["log(p_2^2)/2", "log(p_2^3)/7", "p_2^1*log 8", "p_2^0*log 8", "p_2^2*log 6", "log 7*p_2^1"]
    there = [reader(Language.of(KEY)).read(text) for text in texts]
    other = SymbolicKey("log p_2 + log p_6", (*P, SymbolDeclaration("q")))
    back = [reader(Language.of(other)).read(text) for text in reversed(texts)]
    assert there == back[::-1]


def test_the_same_value_however_it_is_written() -> None:
    ways = ("log p_2 - 2/3 log p_6 + 1", "1 - ln(p_6^2)/3 - ln(1/p_2)", r"\log_2(p_2)/\log_2(e) + 1 - \frac23\ln p_6")
    values = {read.value for read in map(reader(Language.of(KEY)).read, ways) if read is not None}
    assert values == {frozenset({(Symbol("p_2"), (1, 1)), (Symbol("p_6"), (-2, 3)), (Unknown("one"), (1, 1))})}


@pytest.mark.parametrize(
    ("unknown", "written"),
    [
        (Symbol("p_2"), "−3/2·log(p₂)"),
        (Unknown("log", (Symbol("p_2"),), 10), "−3/2·log₁₀(p₂)"),
        (Unknown("log-of-sum", (Symbol("p_2"), Symbol("p_6"))), "−3/2·log(p₂ + p₆)"),
        (Unknown("logs", (Symbol("p_2"), Symbol("p_2"))), "−3/2·(log(p₂)·log(p₂))"),
        (Unknown("probability", (Symbol("p_2"),)), "−3/2·p₂"),
        (Unknown("product", (Symbol("p_2"), Symbol("p_6"))), "−3/2·(p₂·p₆)"),
        (Unknown("log-of-prime", number=7), "−3/2·log(7)"),
        (Unknown("one"), "−3/2"),
    ],
)
def test_every_unknown_has_a_tree(unknown: Symbol | Unknown, written: str) -> None:
    value: Value = frozenset({(unknown, (-3, 2))})
    assert to_unicode(tree_of(value)) == written


def test_the_form_of_a_value_is_that_of_its_tree() -> None:
    world = World.of(Language(P))
    value: Value = frozenset({(Symbol("p_6"), (1, 3)), (Symbol("p_2"), (-1, 1)), (Unknown("one"), (5, 1))})
    assert form_of(value) == world.form(tree_of(value))
    assert form_of(frozenset({(Unknown("log", (Symbol("p_2"),), 2), (1, 1))})) is None
    assert world.form(tree_of(frozenset())) == form_of(frozenset())


def test_dialects_tell_apart_what_changes_a_reading() -> None:
    assert len({Dialect.of(language) for language in LANGUAGES}) == 5
    assert Logarithm(Symbol("p_2"), Number(Fraction(2))) == parse_expression("log p_2", LANGUAGES[1])


def test_nothing_that_is_refused_as_invisible_is_printable() -> None:
    """So that a printable text need not be searched for it."""
    assert not [c for c in map(chr, range(sys.maxunicode + 1)) if c.isprintable() and _FORBIDDEN.match(c)]


TO_CUT = (*PIECES, "p_{2}", "p₂", "pᵢ", "p_i", "P(", "p(", "Pr(", r"\Pr(", "Prob(", "x_2=a", r"\log", r"\ln", "log2",
          "log₂", r"\log_{2}", r"\log2", "e^", r"\sqrt", r"\frac", "12", ".5", "5.", "1e3", "½", "₃", "i", "_", "[",
          "]", "  ", r"\,", "~", r"\cdot", r"\times", r"\cdots", r"\right)", r"\bigl(", r"\left", r"\lefty(",
          "**", "\\", r"\mathrm{e}{3}", '"', r"\text{a}", r"\mid", "sum_{i in A}", "x̄", "√", "'", "\n", "é", "α", "٣",
          "th", "og", "c", "r")  # fmt: skip


def test_what_is_cut_first_is_cut_as_by_the_whole_pattern() -> None:
    """What most texts are made of is tried first; it only saves trying everything else."""
    draw = random.Random(11)
    whole = re.compile(_REST, re.VERBOSE)
    texts = [text for _, text in (*typed(200), *collected())]
    texts += ["".join(draw.choices(TO_CUT, k=draw.randrange(1, 10))) for _ in range(20_000)]
    for text in texts:
        assert cut(text, 0, len(text)) == whole.findall(text), text


@pytest.mark.parametrize(
    "text", ["0.50", "007", "1.0", "12.340", "0.000000000000001", "999999999999999", "3.", "0", "1e3"]
)
@pytest.mark.parametrize("comma", [False, True])
def test_plain_numbers_are_shown_and_valued_as_the_grammar_reads_them(text: str, comma: bool) -> None:
    language = Language(P, decimal_comma=comma)
    read = reader(language).read(f"{text} log p_2")
    assert read is None or read.text == language.written(parse_expression(f"{text} log p_2", language))
    number = parse_expression(text, language)
    assert isinstance(number, Number)
    if read is not None and number.value:
        assert read.value == frozenset({(Symbol("p_2"), number.value.as_integer_ratio())})


SERIES = (
    (r"\log(\prod_{i\in\{2,6\}} p_i)", True),
    (r"\sum_{i\in\{2,6\}} \ln p_i + 0 \times \ln\bigl(p_6)", True),
    ("-sum_{i in A} log p_i", True),
    ("Σ_{i∈A} log(p_i) - log p_3", True),
    ("log(∏_{j∈A} pⱼ)", True),
    ("log(∏_{j∈{2}} p_j)", True),
    ("(sum_{i in {2}} log p_i)", True),
    ("log(prod_{i in A} p_{i})", True),
    ("sum_{i=2}^4 log p_i", True),
    ("Σ_{i∈A} log_2(p_i)", True),
    (r"\frac{\prod_{i\in A} p_i}{2}", True),
    ("p_2-sum_{i in {6,2}} log p_i - log p_2", True),
    ("log(∏_{j∈A} p_j)^2", False),
    ("1/2 sum_{i in A} log p_i", False),
    ("log sum_{i in A} log p_i", False),
    ("log(prod_{i in {2,99}} p_{i})", False),
    ("log(prod_{i in {}} p_{i})", False),
    ("sum_{i in A} log p_k", False),
    ("sum_{i in A} log i", False),
    ("log(prod_{i in A} q_i)", False),
)


@pytest.mark.parametrize(("text", "by_frame"), SERIES)
def test_sums_and_products_over_sets_are_spelled_out_as_the_grammar_reads_them(text: str, by_frame: bool) -> None:
    keys = (SymbolicKey("log p_2 + log p_6", P, SENTENCE), SymbolicKey("log p_2 + log p_6", P))
    declared = SymbolicKey("log p_i", (*P, SymbolDeclaration("p_i"), SymbolDeclaration("p_j")))
    assert examine(keys[0], text) is by_frame
    for key in (keys[1], declared):
        examine(key, text)
