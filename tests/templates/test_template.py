"""Templates: short forms, long forms, and what is wrong with a bad one."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
import yaml

from grading.keys import Band, Digits, SymbolDeclaration, Tolerance
from quizgen.bank import open_bank, shipped_folder
from quizgen.findings import CODES
from quizgen.model import KINDS
from quizgen.scaffold import new_template
from quizgen.source import read_text
from quizgen.template import (
    Different,
    FormulaChoice,
    IntegerRange,
    MaskDraw,
    ModelComparison,
    ModelDistributions,
    OneOf,
    ProbabilityDraw,
    SentenceDraw,
    Template,
    examine_template,
    read_template,
    template_schema,
)

HEAD = "template: t\nkind: {}\nstem: What?\n"


def read(text: str) -> Template:
    return read_template(read_text(text, "t.yaml").documents[0])


def found(text: str) -> list[str]:
    _, findings = examine_template(read_text(text, "t").documents[0])
    assert all(finding.code in CODES for finding in findings)
    return [str(finding).splitlines()[0] for finding in findings]


def numeric(more: str) -> Template:
    return read(HEAD.format("numeric") + more)


# ---------------------------------------------------------------- short forms


def test_three_lines_are_a_question():
    template = read("template: is-it-so\nkind: true-false\nstem: It is so.\nkey: true")
    assert (template.title, template.parts[0].id, template.answer.statements[0].truth) == ("Is it so", "answer", True)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("a: 2..9", IntegerRange(2, 9)),
        ("a: -3 .. 3", IntegerRange(-3, 3)),
        ("a: [1, 3 .. 9]", OneOf(tuple(map(Fraction, (1, 3, 5, 7, 9))))),
        ("a: [9, 7 .. 3]", OneOf(tuple(map(Fraction, (9, 7, 5, 3))))),
        ("a: [0.10, 0.15 .. 0.25]", OneOf(tuple(Fraction(n, 20) for n in (2, 3, 4, 5)), 2)),
        ("a: [no, on, 1:30]", OneOf(("no", "on", "1:30"))),
        ("a: [1/3, 2/3]", OneOf((Fraction(1, 3), Fraction(2, 3)))),
        ("a: {different: 2, from: 1..3}", Different(2, tuple(map(Fraction, (1, 2, 3))))),
        ("p: {for: each mask, from: [0.5, 0.75]}", ProbabilityDraw((Fraction(1, 2), Fraction(3, 4)), 2)),
        ("sentence: any", SentenceDraw()),
        ("sentence: cat-mat", SentenceDraw(("cat-mat",))),
        ("sentence: [cat-mat, quick-fox]", SentenceDraw(("cat-mat", "quick-fox"))),
        ("sentence: {words: 6..9}", SentenceDraw((), "", (6, 9))),
        ("sentence: {topic: proverb}", SentenceDraw((), "proverb")),
        ("masks: [8, 2]", MaskDraw(2, positions=(2, 8))),
        ("masks: {count: 3, among: all words, right_context: true}", MaskDraw(3, "all words", True)),
        ("models: {distributions: 2}", ModelDistributions(2)),
        ("models: {comparison: 4, against: [sum-of-probs]}", ModelComparison(4, ("sum-of-probs",))),
    ],
)
def test_draws(spec, expected):
    assert numeric(f"key: 1\ndraw: {{{spec}}}").draws[0][1] == expected


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("[a]", [("a", None, 0)]),
        ("a", [("a", None, 0)]),
        ("[a, b: 1/2]", [("a", None, 0), ("b", None, Fraction(1, 2))]),
        ("{a: 2*x}", [("a", "2*x", 0)]),
        ("{a: {value: 2*x, credit: 0.25}}", [("a", "2*x", Fraction(1, 4))]),
        ("[a: {value: 2*x}]", [("a", "2*x", 0)]),
    ],
)
def test_forms_of_wrong_numbers(wrong, expected):
    answer = numeric(f"key: 1\nwrong: {wrong}").answer
    assert [(w.id, w.value and w.value.text, w.credit) for w in answer.wrong] == expected


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("[one, two]", [("one", (), 0), ("two", (), 0)]),
        ("[a: one, two]", [("one", ("a",), 0), ("two", (), 0)]),
        ("{a: one}", [("one", ("a",), 0)]),
        ("[{text: one, misconception: [a, b], credit: 1/3}]", [("one", ("a", "b"), Fraction(1, 3))]),
        ("[a: {text: one, credit: 1/3}]", [("one", ("a",), Fraction(1, 3))]),
    ],
)
def test_forms_of_wrong_texts(wrong, expected):
    answer = read(HEAD.format("single-choice") + f"key: right\nwrong: {wrong}").answer
    assert [(w.text.text, w.misconceptions, w.credit) for w in answer.wrong] == expected


def test_a_quantity_as_key_asks_for_formulas():
    answer = read(
        HEAD.format("single-choice") + "key: loss\nwrong: {count: 3, design: balanced, from: [a, b: 1/2]}"
    ).answer
    assert isinstance(answer, FormulaChoice)
    assert (answer.count, answer.design, [c.id for c in answer.candidates]) == (3, "balanced", ["a", "b"])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0.005", Tolerance("absolute", Fraction(1, 200))),
        ("1 %", Tolerance("relative", Fraction(1, 100))),
        ("exact", Tolerance()),
        ("< 0.005", Tolerance("absolute", Fraction(1, 200), "outside")),
        ("<1%", Tolerance("relative", Fraction(1, 100), "outside")),
        ("{significant: 3}", Tolerance("significant", Fraction(3))),
        ("{decimals: 2}", Tolerance("decimals", Fraction(2))),
    ],
)
def test_tolerances_inside_and_outside_of_the_key(written, expected):
    inside = numeric(f"key: {{value: 1, tolerance: {written}, unit: nats, within: {{0.02: 3/4}}}}").answer
    outside = numeric(f"key: 1\ntolerance: {written}\nunit: nats\nwithin: {{0.02: 3/4}}").answer
    assert inside.tolerance == outside.tolerance == expected
    assert inside.bands == outside.bands == (Band(Fraction(1, 50), Fraction(3, 4)),)
    assert inside.unit == outside.unit == "nats"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{figures: 3}", Digits("figures", 3)),
        ("{decimals: 0}", Digits("decimals", 0)),
        (
            "{decimals: 2, too_few: 1/2, too_many: 3/4, last_digit: 0.25}",
            Digits("decimals", 2, Fraction(1, 2), Fraction(3, 4), Fraction(1, 4)),
        ),
    ],
)
def test_digits_inside_and_outside_of_the_key(written, expected):
    assert numeric(f"key: {{value: 1, digits: {written}}}").answer.digits == expected
    assert numeric(f"key: 1\ndigits: {written}").answer.digits == expected
    assert numeric("key: 1").answer.digits is None


@pytest.mark.parametrize(
    "written", ["3", "{}", "{figures: 0}", "{figures: 3, decimals: 2}", "{figures: 3, too_few: 2}", "{digits: 3}"]
)
def test_digits_that_make_no_sense_are_findings(written):
    assert found(HEAD.format("numeric") + f"key: 1\ndigits: {written}")
    assert found(HEAD.format("numeric") + f"key: {{value: 1, digits: {written}}}")


def test_symbols():
    answer = read(HEAD.format("symbolic") + "key: x\nsymbols: {x: positive, y: {assume: real, aliases: [z]}}").answer
    assert answer.symbols == (SymbolDeclaration("x", "positive"), SymbolDeclaration("y", "real", ("z",)))


def test_weights_are_filled_up():
    parts = "parts: {a: {kind: numeric, key: 1, weight: 1/2}, b: {kind: numeric, key: 1}, c: {kind: numeric, key: 1}}"
    template = read(HEAD.format("parts") + parts)
    assert [part.weight for part in template.parts] == [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)]


def test_fixed_draws_keep_words_and_positions():
    template = numeric(
        "key: 1\ndraw: {w: [on, no], a: 1..3, sentence: any, masks: {count: 2}}\n"
        "fixed: {F: {w: no, a: 2, masks: [8, 2]}}"
    )
    assert template.fixed[0].values == (("w", "no"), ("a", Fraction(2)), ("masks", (2, 8)))


MATCHING = """
template: t
kind: matching
stem: What?
key: {one: eins, two: zwei, three: drei}
wrong:
  - vier
  - {text: fünf, misconception: a, instead_of: two}
  - b: {text: sechs, instead_of: [one, three]}
"""


def test_an_unused_right_side_names_the_left_sides_that_it_is_mistaken_for():
    answer = read(MATCHING).answer
    assert [(w.text.text, w.misconceptions, w.instead_of) for w in answer.unused] == [
        ("vier", (), ()),
        ("fünf", ("a",), (1,)),
        ("sechs", ("b",), (0, 2)),
    ]


def test_left_sides_that_are_translated_keep_their_known_mistakes():
    words = "{key: {uno: 1, due: 2, tre: 3}, wrong: [quattro, cinque, b: {text: sei}]}"
    answer = read(f"{MATCHING}translations:\n  it: {words}\n").in_language("it").answer
    assert [(w.text.text, w.instead_of) for w in answer.unused] == [("quattro", ()), ("cinque", (1,)), ("sei", (0, 2))]


def test_a_left_side_that_is_not_there_is_a_finding():
    (finding,) = found(MATCHING.replace("instead_of: two", "instead_of: tow"))
    assert 'Q106 no left side is "tow"; did you mean "two"?' in finding


def test_only_matching_knows_left_sides():
    (finding,) = found(HEAD.format("single-choice") + "key: This.\nwrong: [{text: That., instead_of: x}]")
    assert 'Q101 there is no key "instead_of" here' in finding


def test_settings_of_formulas_beside_a_key_in_words_are_a_finding():
    first, second = found(HEAD.format("single-choice") + "key: This.\nwrong: {count: 3, from: [a, b, c]}")
    assert first.startswith("t:5:16: Q101 `count` chooses among formulas, but the key is a text; list the wrong texts")
    assert second.startswith("t:5:25: Q101 `from` chooses among formulas")
    assert 'did you mean "objective"?' in found(HEAD.format("single-choice") + "key: objectiv\nwrong: {count: 3}")[0]


# ---------------------------------------------------------------- translations


def test_a_translation_changes_words_and_nothing_else():
    template = read("""
template: t
kind: single-choice
stem: Which?
key: This.
wrong:
  - a: That.
  - {text: Those., credit: 1/2}
hints: [Think.]
translations:
  de: {title: Frage, stem: Welches?, key: Dieses., wrong: [Jenes., Jene.], hints: [Denk nach., Noch mehr.]}
""")
    german = template.in_language("de")
    assert (german.title, german.stem.text, german.answer.key.text) == ("Frage", "Welches?", "Dieses.")
    assert [(w.text.text, w.misconceptions, w.credit) for w in german.answer.wrong] == [
        ("Jenes.", ("a",), 0),
        ("Jene.", (), Fraction(1, 2)),
    ]
    assert len(german.hints) == 2
    assert str(german.place(german.answer.wrong[0].text)) == "t.yaml:11:60"
    assert template.in_language("fr") is template


def test_translated_words_by_id_and_in_parts():
    template = read("""
template: t
kind: parts
stem: Which?
parts:
  p: {kind: single-choice, prompt: One?, key: This., wrong: [a: That., Those.]}
  q: {kind: matching, key: {one: eins, two: zwei}}
translations:
  de: {parts: {p: {prompt: Eins?, wrong: {a: Jenes.}}, q: {key: {uno: ein, due: zwo}}}}
""")
    p, q = template.in_language("de").parts
    assert (p.prompt.text, [w.text.text for w in p.answer.wrong]) == ("Eins?", ["Jenes.", "Those."])
    assert [(left.text, right.text) for left, right in q.answer.pairs] == [("uno", "ein"), ("due", "zwo")]


@pytest.mark.parametrize(
    ("translation", "message"),
    [
        ("{stem: [x]}", 'the template has "Which?" here, this is a list'),
        ("{wrong: [a]}", "the template has 2 entries here, this has 1"),
        ("{wrong: {b: x}}", 'no entry is named "b"'),
        ("{draw: {a: 1..2}}", 'the template has no words named "draw"'),
        ("{solution: x}", 'the template has no words named "solution"'),
        ("{key: {a: b}}", 'the template has "This." here, this is a mapping'),
    ],
)
def test_a_translation_has_the_shape_of_the_template(translation, message):
    text = "template: t\nkind: single-choice\nstem: Which?\nkey: This.\nwrong: [a: x, y]\n"
    (finding,) = found(f"{text}translations: {{de: {translation}}}")
    assert f"Q111 {message}" in finding


# ---------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a", ["t:1:1: Q100 a template is a mapping, this is a list; begin it with `template: name`"]),
        ("a: b", ["t:1:1: Q100 this is not a template; begin it with `template: name`"]),
        (
            "template: t\nkind: numerical",
            ['t:2:7: Q104 "numerical" is not a kind of question; did you mean "numeric"?'],
        ),
        (
            "template: t\nkind: numeric\nkey: 1",
            ["t:1:1: Q102 a numeric question needs `stem`, which is missing; add `stem: …`"],
        ),
        (
            HEAD.format("numeric") + "key: 1\nrubric: x",
            ["t:5:1: Q101 `rubric` does not belong to a numeric question; it belongs to essay; delete it"],
        ),
        (
            HEAD.format("numeric") + "kye: 1",
            [
                "t:1:1: Q102 a numeric question needs `key`, which is missing; add `key: …`",
                't:4:1: Q101 there is no key "kye" here; did you mean "key"?',
            ],
        ),
        (
            HEAD.format("numeric") + "key: 1\npoints: many\nbloom: applying\nhints: {a: b}\nconcepts: [A b]",
            [
                't:5:9: Q105 "many" is not a number; write a number such as 3, 0.05 or 3/4',
                't:6:8: Q106 "applying" has no meaning here; did you mean "apply"?',
                "t:7:8: Q103 `hints` is a list, this is a mapping; write [one, two]",
                't:8:12: Q110 "A b" is not a name; use small letters, digits and hyphens, such as "a-b"',
            ],
        ),
        (
            HEAD.format("numeric") + "key: 1\ndraw: {a: 2.9, b: 9..2, log: 1..2, masks: {cuont: 2}, d: [1, 3 .. 6]}",
            [
                't:5:11: Q107 "2.9" is not something that can be drawn; write a range such as 2..9, or a list such as '
                "[0.1, 0.2 .. 0.9] or [red, green]",
                "t:5:19: Q107 the range 9..2 is empty; write 2..9",
                't:5:44: Q101 there is no key "cuont" here; did you mean "count"?',
                "t:5:62: Q108 steps of 2 from 3 never reach 6; write two numbers and where the steps end, such as "
                "[0.05, 0.10 .. 0.95]",
            ],
        ),
        (
            HEAD.format("numeric") + "key: 1\ndraw: {a: [1, 2 .. 2000, 7, 3000], b: [x, y, x], c: [1.5, 2, 4/2]}",
            [
                "t:5:26: Q108 the value 7 stands twice in the list; write each value once",
                "t:5:46: Q108 the value x stands twice in the list; write each value once",
                "t:5:62: Q108 the value 2 stands twice in the list; write each value once",
            ],
        ),
        (
            HEAD.format("numeric") + "key: 1\ndraw: {log: 1..2, sentence: any, n: 1..3}",
            [
                't:5:8: Q110 the name "log" has a meaning of its own; choose another name',
                't:5:34: Q110 the name "n" has a meaning of its own; choose another name',
            ],
        ),
        (
            HEAD.format("cloze") + "parts: {a: {kind: essay}, b: {kind: numeric}, c: {key: 1}}",
            [
                't:4:19: Q104 "essay" is not a kind that can stand here; '
                "use one of: single-choice, numeric, short-answer",
                't:4:27: Q102 the part "b" needs `key`, which is missing; add `key: …`',
                "t:4:47: Q102 the part says no `kind`; write one of: single-choice, numeric, short-answer",
            ],
        ),
        (
            HEAD.format("single-choice") + "key: y\nwrong: [A text: with colon, {text: x, misconcption: y}, [x]]",
            [
                't:5:9: Q110 "A text" is not a name; use small letters, digits and hyphens, such as "a-text"; '
                "put the text into quotes if its colon is part of it",
                't:5:39: Q101 there is no key "misconcption" here; did you mean "misconception"?',
                "t:5:57: Q103 a text is needed here, not a list; write a text; quote it if it has { or [",
            ],
        ),
        (
            HEAD.format("numeric") + "key: 1\nwithin: {x: 2}\nwrong: [a, a]\nfixed: {F: {z: 1}}",
            ['t:5:13: Q105 "2" is not between 0 and 1; write a share such as 1/2'],
        ),
        (
            HEAD.format("parts") + "parts: {p: {kind: numeric, key: 1, weight: 1/2}}",
            [
                "t:4:1: Q109 the weights of the parts add up to 1/2, not to 1; "
                "mend them, or leave them out for equal shares"
            ],
        ),
        (
            HEAD.format("numeric") + "key: 1\ndraw: {a: 1..3}\nfixed: {F: {a: 7, b: 1}}",
            [
                't:6:16: Q113 "7" is never drawn; choose one of the values of the draw',
                't:6:19: Q113 nothing named "b" is drawn; use one of: a',
            ],
        ),
    ],
)
def test_findings(text, expected):
    assert found(text) == expected


def test_no_word_of_a_programmer_reaches_an_author():
    bad = (
        HEAD.format("numeric")
        + "key: [1]\nlet: [x]\nwithin: x\npoints: {}\ndraw: x\nexamples: x\nfixed: [1]\nradicals: y"
    )
    for line in found(bad):
        assert not re.search(r"_type|NoneType|dict|str\b|pydantic|Input|validation|valid ", line), line


# ---------------------------------------------------------------- the schema for editors


EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.mark.parametrize(
    "folder", [shipped_folder(), EXAMPLES / "bank", EXAMPLES / "german"], ids=lambda path: path.name
)
def test_the_schema_accepts_every_template_as_an_editor_reads_it(folder):
    schema = template_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    sources = open_bank(folder).sources
    assert sources
    for source in sources:
        for data in yaml.load_all(source.text, Loader=yaml.CSafeLoader):
            errors = [
                f"{source.path}: {error.json_path}: {error.message}" for error in validator.iter_errors(json_like(data))
            ]
            assert errors == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_accepts_a_new_template_and_refuses_a_misspelt_one(kind):
    validator = jsonschema.Draft202012Validator(template_schema())
    data = json_like(yaml.safe_load(new_template("t", kind)))
    assert validator.is_valid(data)
    assert not validator.is_valid({**data, "stme": "x"})
    assert not validator.is_valid({**data, "kind": "numerical"})


def json_like(data: object) -> object:
    """YAML as an editor validates it: JSON, where keys are text."""
    return json.loads(json.dumps(data, default=str))
