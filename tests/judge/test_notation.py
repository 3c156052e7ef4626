"""The table of what may be written and the reader say the same."""

from __future__ import annotations

import itertools
import re
import string
import unicodedata

import pytest

from grading.equivalence import Equal, compare
from grading.keys import Sentence, SymbolDeclaration
from grading.letters import FROM_SUBSCRIPTS, FROM_SUPERSCRIPTS, GREEK
from grading.parsing import Language, Refused, parse_expression, parse_number
from grading.parsing.conventions import CONVENTIONS, NOT_READ
from grading.parsing.notation import NOTATIONS, Notation
from grading.parsing.tokens import tokenize
from grading.wording import LANGUAGES

SENTENCE = Sentence(
    ("[CLS]", "the", "early", "bird", "catches", "the", "worm"),
    ("[CLS]", "the", "[MASK]", "bird", "catches", "the", "[MASK]"),
    (2, 6),
)
PLAIN = Language(sentence=SENTENCE)
NAMES = tuple(SymbolDeclaration(name, "positive") for name in GREEK.values())
SPELLINGS = " ".join(spelling for row in NOTATIONS for spelling in (*row.spellings, row.example))


def language_of(row: Notation) -> Language:
    return Language(NAMES if row.needs == "names" else (), SENTENCE, decimal_comma=row.needs == "comma")


def is_read(text: str, language: Language = PLAIN) -> bool:
    try:
        parse_expression(text, language)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("row", NOTATIONS, ids=lambda row: f"{row.group}-{row.what}")
def test_every_spelling_means_what_the_table_says(row: Notation) -> None:
    language = language_of(row)
    examples = list(row.examples())
    assert examples
    for example in examples:
        if row.needs == "number":
            found, meant = parse_number(example).expression, parse_number(row.read_as).expression
        else:
            found, meant = parse_expression(example, language), parse_expression(row.read_as, language)
        assert isinstance(compare(found, meant, language), Equal), example


def test_what_needs_a_sentence_names_or_a_comma_is_refused_without() -> None:
    for row in NOTATIONS:
        if row.needs in ("names", "comma", "number"):
            examples = [example for example in row.examples() if not example.isascii() or "'" not in example]
            assert not any(is_read(example, Language()) for example in examples), row
    without = {row.what for row in NOTATIONS if row.needs == "sentence" and is_read(next(row.examples()), Language())}
    assert without <= {
        "event",
        "sign",
        "given",
        "xbar",
        "x",
        "before",
        "without",
        "at",
        "guess",
        "filled",
        "joint",
        "up-to",
        "some",
    }


def commands() -> set[str]:
    """Names of commands of LaTeX from elsewhere."""
    from latex2mathml import commands as known
    from latex2mathml.symbols_parser import parse_symbols

    found = {name for name in vars(known).values() if isinstance(name, str)} | set(parse_symbols())
    return {name for name in found if re.fullmatch(r"\\[A-Za-z]{1,8}", name)}


OUTSIDE = (
    *("{}{{p_2}}", "2 {} p_2", "p_2 {} p_6", "{}{{\\frac12}}{{3}}", "{}(p_2)", "{}(early | xbar)", "{}", "{}( p_2 )"),
    *("{}_{{i\\in A}} p_i", "{} = p_2", "log {}"),
)
WITHIN = (
    *("Pr(x_2=early {} xbar)", "Pr(x_2={}{{early}} | xbar)", "Pr(x_2=early | {}{{x}})", "Pr{}(early | xbar)"),
    *("Pr(x_2=early | x_{{{} 2}})", "Pr(x_2=early {} x_6=worm)", "sum{}_{{i \\in A}} p_i"),
)


def is_command_read(name: str) -> bool:
    try:
        parse_expression(OUTSIDE[0].format(name), PLAIN)
        return True
    except Refused as refused:
        frames = WITHIN if refused.refusal.code == "unknown-command" else (*OUTSIDE[1:], *WITHIN)
    return any(is_read(frame.format(name)) for frame in frames)


def test_no_command_is_read_that_is_not_in_the_table() -> None:
    listed = set(re.findall(r"\\[A-Za-z]+", SPELLINGS))
    every = commands() | listed
    assert len(every) > 1000
    read = set(filter(is_command_read, every))
    assert read - listed == set()


def test_no_function_is_read_that_is_not_in_the_table() -> None:
    import sympy

    words = {"".join(word) for n in (1, 2, 3) for word in itertools.product(string.ascii_lowercase, repeat=n)}
    words |= {name for name in dir(sympy.functions) if name.isalpha() and name.isascii()} | {"sum", "prod", "root"}
    functions = {word for word in words if tokenize(f"{word} 2")[0].kind in ("function", "sqrt", "frac")}
    listed = {name for row in NOTATIONS if row.group == "functions" for name in row.plain}
    assert functions <= listed
    assert {name for name in listed if name.isalpha() and name.islower()} <= functions


def test_no_sign_is_read_that_is_not_in_the_table() -> None:
    digits = {chr(code) for table in (FROM_SUBSCRIPTS, FROM_SUPERSCRIPTS) for code in table}
    frames = ("p_2 {} p_6", "{} p_2", "p_2 {}", "{}p_2{}", "p_2{}p_6", "p_2{}")
    for code in range(0x20, 0x10000):
        sign = chr(code)
        category = unicodedata.category(sign)
        if category[0] in "LCNZ" and sign not in digits and category != "No":
            continue
        if any(is_read(frame.replace("{}", sign)) for frame in frames):
            plain = unicodedata.normalize("NFKC", sign)
            known = plain in SPELLINGS or sign in digits or "\u2044" in plain  # ½ stands for all fractions of one sign
            assert known, (sign, unicodedata.name(sign))


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.written)
def test_conventions_hold(convention) -> None:
    names = tuple(SymbolDeclaration(name) for name in ("x", "y", "x_2", "x_12"))
    language = Language(names, log_base=convention.log_base, decimal_comma=convention.decimal_comma)
    assert bool(convention.read_as) != bool(convention.instead)
    if convention.read_as:
        assert parse_expression(convention.written, language) == parse_expression(convention.read_as, language)
        return
    with pytest.raises(Refused):
        parse_expression(convention.written, language)
    meant = [parse_expression(text, language) for text in convention.instead]
    for left, right in itertools.combinations(meant, 2):
        assert not isinstance(compare(left, right, language), Equal)


@pytest.mark.parametrize("row", NOT_READ, ids=lambda row: row.why)
def test_what_is_not_read_is_refused_for_that_reason(row) -> None:
    with pytest.raises(Refused) as caught:
        parse_expression(row.typed, Language(tuple(SymbolDeclaration(name) for name in "xyp")))
    assert caught.value.refusal.code == row.code


def test_every_row_has_words_in_every_language() -> None:
    needed = {f"notation:{row.what}" for row in NOTATIONS if row.group != "greek"} | {"notation:greek"}
    needed |= {f"group:{row.group}" for row in NOTATIONS if row.group != "greek"}
    needed |= {f"rule:{row.rule}" for row in CONVENTIONS} | {f"refused:{row.why}" for row in NOT_READ}
    for words in LANGUAGES.values():
        assert needed <= set(words)
        assert set(words) == set(LANGUAGES["en"])
        for name, sentence in words.items():
            assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", LANGUAGES["en"][name]))
    unused = {
        name for name in LANGUAGES["en"] if name.split(":")[0] in ("notation", "group", "rule", "refused")
    } - needed
    assert unused == set()


@pytest.mark.parametrize("base", ["2n", "8e300", "3p"])
def test_a_base_that_begins_with_a_digit_is_no_name(base: str) -> None:
    language = Language(any_name=True)
    with pytest.raises(Refused) as caught:
        parse_expression(f"log_{{{base}}} p", language)
    assert caught.value.refusal.code == "ambiguous-argument"
    assert parse_expression(f"{caught.value.refusal.suggestion} p", language) == parse_expression(
        f"log_{{({base})}} p", language
    )
