"""Refusals in every language: each sentence was said once, to a real answer, and says the same in all of them."""

from __future__ import annotations

import ast
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grading
from grading.answersheet import PartKey, from_json, to_json
from grading.judge import judge
from grading.marking import canonical_responses, grade
from grading.parsing import Refused, parse_number
from grading.parsing.refusals import kind_of_invisible
from grading.parsing.tokens import _FORBIDDEN
from grading.verdicts import Refusal, Verdict
from grading.wording import LANGUAGES
from tests.fuzzing.oracle import KEYS
from tests.judge.refused_answers import ABOUT_SENTENCE, OF_NAMES, OF_PARTS, REFUSED, graded, item_of, refusal_of
from tests.judge.test_judging import PIECES

PREFIX = "refusal:"
SENTENCES = {
    language: {name.removeprefix(PREFIX): words for name, words in table.items() if name.startswith(PREFIX)}
    for language, table in LANGUAGES.items()
}
OTHERS = [language for language in LANGUAGES if language != "en"]


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


# --- the tables


def test_every_language_has_every_sentence_with_the_same_values() -> None:
    for language, sentences in SENTENCES.items():
        assert set(sentences) == set(REFUSED), language
        for name, sentence in sentences.items():
            assert fields(sentence) == fields(SENTENCES["en"][name]), (language, name)
            assert sentence.endswith((".", "?")), (language, name)
    for other in OTHERS:
        assert [name for name, words in SENTENCES[other].items() if words == SENTENCES["en"][name]] == []


RAISING = {"refuse": 0, "refused": 0, "Refusal.of": 0, "_refuse": 1}
"""What refuses, and which of its arguments is the sentence."""


def raised() -> Iterator[tuple[str, str]]:
    """(place, sentence) of every call that refuses; one that is put together up to there, with ``*``."""
    folder = Path(grading.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (name := _name(node.func)) in RAISING:
                place = f"{path.relative_to(folder)}:{node.lineno}"
                yield from ((place, text) for text in _texts(node.args[RAISING[name]]))


def _name(function: ast.expr) -> str:
    name = ast.unparse(function)
    return name if name == "Refusal.of" else name.rpartition(".")[2]


def _texts(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from (*_texts(body), *_texts(other))
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            yield f"{text}*"
        case ast.Name(id="sentence" | "path" | "file"):  # handed on; of a file, to teachers
            return
        case _:
            raise AssertionError(f"which sentence is it? {ast.unparse(argument)}")


def test_every_code_that_can_be_raised_has_words() -> None:
    found = list(raised())
    assert len(found) > 80
    for place, text in found:
        known = any(name.startswith(text[:-1]) for name in REFUSED) if text.endswith("*") else text in REFUSED
        assert known, f"{place}: {text}"
    whole = {text for _, text in found if not text.endswith("*")}
    begun = tuple(text[:-1] for _, text in found if text.endswith("*"))
    assert [name for name in REFUSED if name not in whole and not name.startswith(begun)] == []


def test_a_sentence_without_words_or_values_is_a_mistake_at_once() -> None:
    for sentence, values in (("no-such-code", {}), ("too-many-digits", {}), ("too-many-digits", {"least": 3})):
        with pytest.raises(KeyError):
            Refusal.of(sentence, **values)


UNDECIDED = {"OutOfFuel", "UndefinedEverywhere", "Unknown"}


def test_every_reason_why_nothing_is_decided_has_words() -> None:
    """What `judge` shows of a formula without a normal form."""
    folder = Path(grading.__file__).parent
    found = {"the formula is nested too deeply"}
    for path in sorted(folder.rglob("*.py")):
        if path.stem == "relations" or path.parent.name == "frames":  # their reasons are shown to nobody
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            ast.unparse(node.targets[0]): node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in UNDECIDED and len(node.args) == 1:
                (reason,) = node.args
                said = reason.value if isinstance(reason, ast.Constant) else constants.get(ast.unparse(reason))
                assert said is not None or path.stem == "equivalence", ast.unparse(node)  # hands on what others said
                found |= {said} if said is not None else set()
    for language, words in LANGUAGES.items():
        assert {name.removeprefix("reason:") for name in words if name.startswith("reason:")} == found, language
    assert all(words == LANGUAGES["en"][name] for name, words in LANGUAGES["en"].items() if name.startswith("reason:"))


@pytest.mark.parametrize(
    ("answer", "english", "german"),
    [
        ("log(x - x)", "nowhere defined: the logarithm of zero", "nirgends definiert: der Logarithmus von null"),
        ("1/(x - x)", "nowhere defined: a division by zero", "nirgends definiert: eine Division durch null"),
        ("(x + y + 1)^999999", "a power has too many terms when multiplied out",
         "eine Potenz hat ausmultipliziert zu viele Terme"),
    ],
)  # fmt: skip
def test_a_reason_is_told_in_the_language(answer: str, english: str, german: str) -> None:
    for language, words in (("en", english), ("de", german)):
        assert judge("x + y", answer, lang=language, full=True).normal_forms[1] == words


# --- what is said


@pytest.mark.parametrize("sentence", REFUSED)
def test_every_sentence_is_said_to_an_answer_in_every_language(sentence: str) -> None:
    refused = REFUSED[sentence]
    found = graded(refused)
    english = refusal_of(refused)
    assert (found.verdict, found.score, found.note) == (Verdict.INVALID, None, f"invalid:{english.code}")
    assert (english.sentence, english.code) == (sentence, sentence.partition(":")[0])
    assert set(dict(english.values)) == fields(SENTENCES["en"][sentence])
    assert english.message == SENTENCES["en"][sentence].format(**dict(english.values))
    assert "{" not in english.message.replace("{i in A}", "")
    for language in OTHERS:
        other = refusal_of(refused, language)
        assert other.message == SENTENCES[language][sentence].format(**dict(english.values))
        assert other.told_in("en") == english
        assert graded(refused, language).told_in("en") == found


def test_what_stands_in_a_sentence_is_told_as_it_was_typed() -> None:
    for text, shown in (("log {q}", None), ("log qqqq", "qqqq"), ("x ¿ y", "¿")):
        refusal = judge(OF_NAMES, text, lang="de").refusal
        assert refusal is None or shown is None or f"„{shown}“" in refusal.message
    braces = grade(item_of(REFUSED["unknown-option"].key, "de"), "{name} {0}").refusal
    assert braces is not None
    assert braces.message.startswith("„{name} {0}“")


def test_a_key_and_an_item_say_which_language_it_is() -> None:
    german = "Der Name „q“ kommt in dieser Aufgabe nicht vor (bekannt: x, y)."
    key = type(OF_NAMES)("x + y", OF_NAMES.symbols, lang="de")
    for found in (
        grade(key, "log q"),
        grade(item_of(OF_NAMES, "de"), "log q"),
        grade(item_of(OF_NAMES, "de-AT"), "log q"),
    ):
        assert found.refusal is not None
        assert found.refusal.message == german
    told = judge(OF_NAMES, "log q", lang="de").refusal
    assert told is not None
    assert told.message == german
    unread = judge("log(", "x", lang="de")
    assert unread.note == "invalid-key:unexpected-end"
    assert unread.refusal is not None
    assert unread.refusal.message == "Am Ende der Formel fehlt etwas."
    unknown = grade(item_of(OF_NAMES, "tlh"), "log q").refusal
    assert unknown is not None
    assert unknown.message.startswith("The name “q”")


def test_each_part_and_each_field_is_told_in_the_language() -> None:
    whole = grade(item_of(OF_PARTS, "de"), {"J1": "1.609", "J2": "1,5"})
    assert whole.verdict is Verdict.PARTIALLY_GRADED
    refusal = dict(whole.parts)["J2"].refusal
    assert refusal is not None
    assert refusal.message == "Dezimalzahlen haben hier einen Punkt; schreibe bitte 1.5, wenn du das meinst."
    tuple_ = grade(item_of(REFUSED["not-numbers:kind"].key, "de"), {"a": "1,5", "b": "x"})
    told = [(name, field.refusal.field, field.refusal.message[:5]) for name, field in tuple_.parts if field.refusal]
    assert told == [("a", "a", "Dezim"), ("b", "b", "Der N")]


def test_a_refusal_is_kept_with_all_that_it_can_be_told_by() -> None:
    for refused in REFUSED.values():
        kept = from_json(to_json(graded(refused, "de").refusal), Refusal)
        assert kept == refusal_of(refused, "de")
        assert kept.told_in("en") == refusal_of(refused)
    assert from_json(b'{"code": "empty", "message": "Nothing."}', Refusal).told_in("de").message == "Nothing."


def test_every_character_that_cannot_be_seen_has_a_sentence() -> None:
    hidden = [chr(code) for code in range(0x11000) if _FORBIDDEN.match(chr(code))]
    assert len(hidden) > 2000  # half characters among them
    assert {f"invisible-character:{kind_of_invisible(character)}" for character in hidden} == {
        sentence for sentence in REFUSED if sentence.startswith("invisible-character")
    }


def test_canonical_malformed_responses_are_refused_in_the_language() -> None:
    keys = dict.fromkeys(refused.key for refused in REFUSED.values())
    for key in keys:
        item = item_of(key, "de")
        malformed = [one.response for one in canonical_responses(item) if one.verdict is Verdict.INVALID]
        assert malformed
        for response in malformed:
            refusals = [one.refusal for one in (grade(item, response), *dict(grade(item, response).parts).values())]
            for refusal in filter(None, refusals):
                assert refusal.message == refusal.told_in("de").message != refusal.told_in("en").message


# --- any broken text


NUMBER_PIECES = ["1", "0", "609", ".", ",", " ", "'", "-", "–", "±", "%", "e", "E5", "/", "=", ";", "nats", "bits",
                 "٦", "log", "(", ")", "min(", "∞", "NaN", "x", "10^", "·", "\u200b", "$", "{", "}", "p_2"]  # fmt: skip


@settings(max_examples=400, derandomize=True, deadline=None)
@given(
    st.sampled_from(sorted(KEYS)),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
    | st.lists(st.sampled_from(NUMBER_PIECES), max_size=9).map("".join),
)
def test_any_text_is_refused_alike_in_all_languages(name: str, text: str) -> None:
    english, german = (grade(item_of(KEYS[name], language), text) for language in ("en", "de"))
    assert (english.verdict, english.score, english.note) == (german.verdict, german.score, german.note)
    if english.refusal is None:
        assert german.refusal is None
        return
    assert german.refusal == english.refusal.told_in("de")  # code, place, suggestion and all
    assert german.refusal.message != english.refusal.told_in("en").message
    assert german.refusal.caret(text) == english.refusal.caret(text)


def _suggested(name: str, text: str) -> tuple[str, str]:
    """(what stands at the place of the refusal, what to type instead of it)."""
    refusal = grade(item_of(KEYS[name], "en"), text).refusal
    if refusal is None or refusal.code == "unclosed":  # there it is what is missing somewhere behind
        return "", ""
    return text[refusal.offset : refusal.offset + refusal.length], refusal.suggestion


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.sampled_from(sorted(KEYS)), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_to_type_instead_is_something_else(name: str, text: str) -> None:
    typed, suggestion = _suggested(name, text)
    assert not suggestion or suggestion != typed


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        (r"\log p_2 + \text", ""),
        (r"\log \Pr x_2", ""),
        (r"\log \bar x", ""),
        ("sum log p_2", "sum_{i in {2,6}} …"),
        ("prod p_2", "prod_{i in {2,6}} …"),
        ("l\u043eg p_2", "log"),
        ("log \u0440r(x_2=early|x̄)", "pr"),
        ("log Pr(\u0445_2=early|x̄)", "x_2=early"),
        ("log Pr(x_2=early|\u0445̄)", "xbar"),
    ],
)
def test_commands_sums_and_look_alikes_are_told_what_to_type(text: str, suggestion: str) -> None:
    refusal = grade(item_of(ABOUT_SENTENCE, "en"), text).refusal
    assert refusal is not None
    assert refusal.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("log Pr(x_2=early | x̄ + log p_6", 6),
        (r"\log \Pr\left(x_2=early \mid \bar{x}", 13),
        ("log p_θ(x_2=early | x̄", 7),
        ("log p((x_2=early | x̄) + log p_6", 5),
        ('log Pr(x_2="a)" | x̄ + log p_6', 6),
    ],
)
def test_a_probability_that_is_never_closed_is_shown_its_bracket(text: str, offset: int) -> None:
    refusal = grade(item_of(ABOUT_SENTENCE, "en"), text).refusal
    assert refusal is not None
    assert (refusal.code, refusal.offset, refusal.suggestion) == ("unclosed", offset, ")")


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("J = log 5 = 1.609", "1.609"), ("1.609 = J", "1.609"), ("-1.609 = -J", "-1.609"), ("x = y", "")],
)
def test_of_an_equation_the_side_with_the_number_is_suggested(text: str, suggestion: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_number(text)
    assert refused.value.refusal.suggestion == suggestion


def test_a_part_alone_is_told_in_the_language_of_its_formula() -> None:
    key = type(OF_NAMES)("x + y", OF_NAMES.symbols, lang="de")
    refusal = grade(PartKey("answer", key), ["x"]).refusal
    assert refusal is not None
    assert refusal.message == "Gefragt ist eine Formel, als Text."


def test_an_answer_that_is_read_needs_no_words() -> None:
    program = (
        "import sys\n"
        "from grading.keys import NumericKey, SymbolDeclaration, SymbolicKey\n"
        "from grading.marking import grade\n"
        "formula = SymbolicKey('log(p_2)', (SymbolDeclaration('p_2'),))\n"
        "print(grade(formula, 'ln p_2').note, grade(NumericKey('1'), '1.0').note, 'grading.wording' in sys.modules)\n"
        "print(grade(formula, 'ln p_2 +').note, 'grading.wording' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "symbolic:equal numeric:equal False",
        "invalid:unexpected-end True",
    ]
