"""`form` and `accept` of typed formulas: read in all their short forms, and worded in the language of the quiz."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grading.keys import Relation, Requirement, SymbolicKey
from grading.marking import grade
from quizgen.bank import open_bank
from quizgen.exporters.moodle_xml.questions import grader_info
from quizgen.exporters.rendering.wording import wording
from quizgen.generator import Generator
from quizgen.sampling.draws import Source
from quizgen.source import read_text
from quizgen.template import Symbolic, Template, read_template

HALF = Fraction(1, 2)


def template(asked: str) -> Template:
    head = "template: t\nkind: symbolic\nsymbols: [a, b]\nstem: Write it.\n"
    return read_template(read_text(head + asked).documents[0])


def key(asked: str, language: str = "en") -> SymbolicKey:
    found = Generator(template(asked), open_bank(), Source(seed="t"), language=language).item(0).key.parts[0].key
    assert isinstance(found, SymbolicKey)
    return found


@pytest.mark.parametrize(
    ("asked", "forms", "accept"),
    [
        ("key: a*b", (), ()),
        ("key: {value: a*b}", (), ()),
        ("key: {value: a*b, form: expanded}", (Requirement("expanded", HALF),), ()),
        ("key: a*b\nform: {single-log: 1/4}", (Requirement("single-log", Fraction(1, 4)),), ()),
        ("key: a*b\nform: [expanded, written-out]", (Requirement("expanded"), Requirement("written-out")), ()),
        ("key: {value: a*b, accept: opposite-sign}", (), (Relation("opposite-sign", Fraction(1)),)),
        ("key: a*b\naccept: [opposite-sign]", (), (Relation("opposite-sign", Fraction(1)),)),
        ("key: a*b\naccept: {same-optimum: 0.5}", (), (Relation("same-optimum", HALF),)),
        (
            "key: {value: a*b, accept: {opposite-sign: {credit: 0, misconception: flip-sign}}}",
            (),
            (Relation("opposite-sign", Fraction(0), ("flip-sign",)),),
        ),
    ],
)
def test_short_forms(asked: str, forms: tuple[Requirement, ...], accept: tuple[Relation, ...]) -> None:
    answer = template(asked).parts[0].answer
    assert isinstance(answer, Symbolic)
    assert (answer.key.text, answer.forms, answer.accept) == ("a*b", forms, accept)


def test_a_key_without_them_is_what_it_was() -> None:
    assert (key("key: a*b").forms, key("key: a*b").accept) == ((), ())


def test_the_words_are_in_the_language_of_the_quiz() -> None:
    accept = "{same-optimum: 1/2, opposite-sign: {credit: 0, misconception: flip-sign}}"
    asked = f"key: log(a) + log(b)\nform: expanded\naccept: {accept}"
    english, german = key(asked), key(asked, "de")
    assert [relation.title for relation in english.accept] == ["The same optimum", "Turns the sign around"]
    assert [relation.title for relation in german.accept] == ["Dasselbe Optimum", "Kehrt das Vorzeichen um"]
    assert "as a sum of logarithms" in grade(english, "log(a*b)").diagnoses[0].feedback
    assert "als Summe von Logarithmen" in grade(german, "log(a*b)").diagnoses[0].feedback
    assert [diagnosis.misconceptions for diagnosis in grade(english, "-log(a*b)").diagnoses] == [("flip-sign",)]
    assert grade(english, "a*b").score == HALF
    assert key("key: a*b\naccept: opposite-sign").accept == (Relation("opposite-sign", Fraction(1)),)


def test_a_person_who_marks_elsewhere_is_told() -> None:
    info = grader_info(key("key: log(a) + log(b)\nform: {expanded: 1/4}\naccept: {same-optimum: 1/2}"), wording("en"))
    assert "Asked for as a sum of logarithms of single probabilities (in another form: 25 %)" in info
    assert "Another formula with the same optimum: 50 %" in info
