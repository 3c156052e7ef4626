"""Texts that depend on what is drawn, and options that are there under a condition: read, refused, translated."""

from __future__ import annotations

from fractions import Fraction

import pytest

from quizgen.findings import CODES
from quizgen.source import read_text
from quizgen.template import (
    Matching,
    MultipleAnswer,
    Ordering,
    Template,
    TextChoice,
    examine_template,
    read_template,
)

ESSAY = """template: t
kind: essay
stem: Say what {{ part }} is.
rubric: [{points: 1, text: Says it.}]
draw: {form: [inner, outer], n: 2..3}
"""
PAIRS = """template: t
kind: matching
stem: What is it?
draw: {n: 2..9}
key:
  a: one
  b: two
  c: {text: three, when: n > 4}
"""


def read(text: str) -> Template:
    return read_template(read_text(text, "t.yaml").documents[0])


def found(text: str) -> list[str]:
    _, findings = examine_template(read_text(text, "t").documents[0])
    assert all(finding.code in CODES for finding in findings)
    return [f"{finding.code} {finding.message}" for finding in findings]


def test_texts_by_a_word_and_by_a_number():
    template = read(ESSAY + "texts:\n  part: {by: form, inner: in, outer: out}\n  size: {by: n, 2: two, 3: three}")
    part, size = template.texts
    assert (part.name, part.by, str(part.chosen("inner")), part.chosen("other")) == ("part", "form", "in", None)
    assert [(value, text.text) for value, text in size.texts] == [(Fraction(2), "two"), (Fraction(3), "three")]


def test_one_text_for_all_other_values():
    text = read(ESSAY + "texts: {part: {by: n, 2: two, otherwise: more}}").texts[0]
    assert [str(text.chosen(Fraction(n))) for n in (2, 3)] == ["two", "more"]


def test_texts_by_a_computed_number_need_not_be_complete():
    template = read(ESSAY + "let: {k: 2*n}\ntexts: {part: {by: k, 4: four}}")
    assert str(template.texts[0].chosen(Fraction(4))) == "four"


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("{part: {inner: in, outer: out}}", "Q102 the texts need `by`, which is missing"),
        ("{part: {by: shape, inner: in}}", 'Q301 no single number or word is named "shape"'),
        ("{part: {by: form, inner: in}}", 'Q114 there is no text for "outer"'),
        ("{part: {by: form, inner: in, outer: out, third: x}}", 'Q114 "third" is never drawn'),
        ("{part: {by: n, 2: two, three: x}}", 'Q114 "three" is not a number'),
        ("{form: {by: n, 2: two, 3: three}}", 'Q110 the name "form" is drawn or computed already'),
        ("{log: {by: n, 2: two, 3: three}}", 'Q110 the name "log" has a meaning of its own'),
    ],
)
def test_texts_that_do_not_fit_are_findings(texts, message):
    assert message in found(ESSAY + f"texts: {texts}")


def test_texts_are_translated_by_value():
    template = read(
        ESSAY
        + "texts: {part: {by: form, inner: in, outer: out}}\n"
        + "translations: {de: {texts: {part: {inner: innen, outer: aussen}}}}"
    )
    german = template.in_language("de").texts[0]
    assert (german.by, str(german.chosen("inner")), str(template.texts[0].chosen("inner"))) == ("form", "innen", "in")
    assert german.chosen("inner").path == ("translations", "de", "texts", "part", "inner")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("{part: {third: x}}", 'Q111 there is no text for "third" in the template'),
        ("{part: {by: n}}", 'Q111 there is no text for "by" in the template'),
        ("{whole: {inner: x}}", 'Q111 no text is named "whole"'),
        ("{part: innen}", "Q111 the texts are a mapping from values"),
    ],
)
def test_translated_texts_have_the_shape_of_the_template(words, message):
    template = ESSAY + "texts: {part: {by: form, inner: in, outer: out}}\n"
    assert message in found(template + f"translations: {{de: {{texts: {words}}}}}")


def test_pairs_under_a_condition_and_known_mistakes_between_pairs():
    answer = read(PAIRS + "confused: {static-dynamic-swap: [a, b], flip-sign: {c: a}}").answer
    assert isinstance(answer, Matching)
    assert [(number, str(when)) for number, when in answer.conditions] == [(2, "n > 4")]
    assert [(known.misconception, known.left, known.other) for known in answer.confused] == [
        ("static-dynamic-swap", 0, 1),
        ("static-dynamic-swap", 1, 0),
        ("flip-sign", 2, 0),
    ]


def test_left_sides_that_are_translated_keep_their_conditions_and_mistakes():
    template = read(
        PAIRS + "confused: {flip-sign: {c: a}}\n" + "translations: {de: {key: {A: eins, B: zwei, C: drei}}}"
    )
    german = template.in_language("de").answer
    assert isinstance(german, Matching)
    assert [tuple(map(str, pair)) for pair in german.pairs] == [("A", "eins"), ("B", "zwei"), ("C", "drei")]
    assert [(number, str(when)) for number, when in german.conditions] == [(2, "n > 4")]
    assert [(known.left, known.other) for known in german.confused] == [(2, 0)]


ORDER = "template: t\nkind: ordering\nstem: Order.\nkey: [a, b, c]\n"


def test_known_wrong_orders_keep_their_meaning_in_translation():
    yaml = ORDER + "confused: {flip-sign: [c, a, b]}\ntranslations: {de: {key: [x, y, z]}}\n"
    for template in (read(yaml), read(yaml).in_language("de")):
        answer = template.answer
        assert isinstance(answer, Ordering)
        assert [(known.misconception, known.order) for known in answer.confused] == [("flip-sign", (2, 0, 1))]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("confused: {flip-sign: [a, d, b]}", 'Q106 no entry is "d"'),
        ("confused: {flip-sign: [b, a]}", "Q105 a wrong order names every entry once"),
        ("confused: {flip-sign: [a, b, c]}", "Q106 this is the right order"),
        ("wrong: [flip-sign]", "Q101 the wrong orders of entries stand in `confused`"),
    ],
)
def test_wrong_orders_that_do_not_fit_are_findings(more, message):
    assert message in found(ORDER + more)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("confused: {flip-sign: [a, d]}", 'Q106 no left side is "d"'),
        ("confused: {flip-sign: [a, a]}", 'Q106 "a" is confused with itself'),
        ("confused: {flip-sign: [a, b, c]}", "Q105 two left sides are confused"),
        ("left_over: 1", "Q105 no 1 of 3 pairs are left over"),
        ("choose: 2\nleft_over: 2", "Q105 no 2 of 3 pairs are left over"),
    ],
)
def test_matchings_that_do_not_fit_are_findings(more, message):
    assert message in found(PAIRS + more)


def test_a_pair_with_an_unknown_key_is_a_finding():
    assert 'Q101 there is no key "whn" here' in found(PAIRS.replace("when:", "whn:"))


def test_wrong_options_have_conditions_and_groups():
    answer = read(
        "template: t\nkind: multiple-answer\nstem: Which?\ndraw: {n: 2..9}\nkey: [a]\n"
        "wrong:\n  - {text: b, group: g}\n  - flip-sign: {text: c, group: g, when: n > 2}\n  - d"
    ).answer
    assert isinstance(answer, MultipleAnswer)
    assert [(entry.group, str(entry.when or "")) for entry in answer.wrong] == [("g", ""), ("g", "n > 2"), ("", "")]
    assert answer.wrong[1].misconceptions == ("flip-sign",)


def test_wrong_options_in_the_long_form_are_translated_by_their_text():
    answer = (
        read(
            "template: t\nkind: single-choice\nstem: Which?\nkey: a\n"
            "wrong: [flip-sign: {text: b, group: g}, {text: c, misconception: all-tokens, group: g}]\n"
            "translations: {de: {wrong: [B, C]}}"
        )
        .in_language("de")
        .answer
    )
    assert isinstance(answer, TextChoice)
    assert [(entry.text.text, entry.misconceptions, entry.group) for entry in answer.wrong] == [
        ("B", ("flip-sign",), "g"),
        ("C", ("all-tokens",), "g"),
    ]
