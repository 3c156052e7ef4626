"""Questions of several numbers: what an author may write, what is refused, and the item that comes of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grading.keys import NumericTupleKey
from grading.marking import grade
from quizgen.bank import load_bank
from quizgen.checks.check import Subject
from quizgen.checks.formulas import run as formulas
from quizgen.findings import FindingsError
from quizgen.generator import generate
from quizgen.model import NumericTupleInteraction
from quizgen.sampling.draws import Source
from quizgen.source import read_text
from quizgen.template import NumericTuple, examine_template, read_template

BEGIN = "template: t\nkind: numeric-tuple\nstem: Two numbers?\n"
PAIR = """draw: {s: [1, 2, 3]}
let: {third: s/3}
key:
  numbers: {x: s, y: third}
  such_that:
    x + y > s:
      feedback: Your sum is not larger than {{ s }}.
      equal: The sums are equal.
      misconception: sum-of-probs
      hint: Add them.
    y <= x*third: $y$ is too large.
    0 < x: {}
wrong:
  - {x: third, y: third, credit: 1/4, feedback: Both are small.}
  - {x: 0, y: 2*s}
  - {x: s - 1, y: 1, when: s > 1}
"""
BANK = load_bank()


def item_of(text, **more):
    template = read_template(read_text(BEGIN + text).documents[0])
    return generate(template, bank=BANK, source=Source(seed=more.pop("seed", 1)), **more)


def key_of(text, **more):
    key = item_of(text, **more).key.parts[0].key
    assert isinstance(key, NumericTupleKey)
    return key


def test_the_key_holds_the_numbers_of_the_scene():
    for variant in range(3):
        item = item_of(PAIR, variant=variant)
        key = item.key.parts[0].key
        s = Fraction(key.sample[0])
        assert key.names == ("x", "y")
        assert Fraction(key.sample[1]) == s / 3
        assert key.conditions[0].holds == f"x + y > {s}"
        assert key.conditions[0].feedback == f"Your sum is not larger than {s}."
        assert (key.conditions[0].equal, key.conditions[0].hint) == ("The sums are equal.", "Add them.")
        assert key.conditions[0].misconceptions == ("sum-of-probs",)
        assert key.conditions[0].title == "Adds probabilities instead of their logarithms"
        assert len(key.rivals) == (3 if s > 1 else 2)
        assert [rival.credit for rival in key.rivals[:2]] == [Fraction(1, 4), 0]
        assert key.rivals[0].feedback == "Both are small."
        (part,) = item.item.parts
        assert isinstance(part.interaction, NumericTupleInteraction)
        assert [field.id for field in part.interaction.numbers] == ["x", "y"]
        assert {option.id for option in part.interaction.choice} == {id_ for id_, _ in key.choice}
        assert dict(item.key.parts[0].options).keys() == dict(key.choice).keys()
        assert {value for _, value in key.choice} == {"; ".join(key.sample), *(rival.value for rival in key.rivals)}


def test_a_condition_without_words_says_itself_and_a_wrong_answer_what_it_fails():
    key = key_of(
        "key:\n  numbers: {x: 0.5, y: 0.25}\n  such_that: [0 < x <= 1, x*y >= 1/8]\n"
        "wrong: [{x: 2, y: 1}, {x: 0.1, y: 1}]\n"
    )
    assert [condition.feedback for condition in key.conditions] == [
        r"This condition is not fulfilled: $0 < x \le 1$.",
        r"This condition is not fulfilled: $x \cdot y \ge 0.125$.",
    ]
    assert [rival.feedback for rival in key.rivals] == [condition.feedback for condition in key.conditions]
    options = sorted(
        text
        for _, text in item_of("key:\n  numbers: {x: 0.5, y: 0.25}\n  such_that: [x > y]\nwrong: [{x: 0, y: 1/3}]\n")
        .key.parts[0]
        .options
    )
    assert options == ["x = 0.00; y = 1/3", "x = 0.50; y = 0.25"]


def test_without_wrong_answers_there_is_no_choice():
    item = item_of("key:\n  numbers: {x: 1}\n  such_that: [x = 1]\n")
    assert (item.item.parts[0].interaction.choice, item.key.parts[0].options) == ((), ())
    assert grade(item.key.parts[0], {"x": "1.0"}).score == 1


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("{numbers: {x: 1, y: 1}, such_that: [x + y > 2]}", "`key` do not fulfil the condition x . y > 2"),
        ("{numbers: {x: 3, y: 1}, such_that: [x + y > 2]}\nwrong: [{x: 2, y: 1}]", "fulfil all conditions"),
        ("{numbers: {x: log(2)}, such_that: [x > 0]}", "no rational number"),
        ("{numbers: {x: 1}, such_that: [log(x) < 1]}", "polynomials"),
        ("{numbers: {x: 1}, such_that: [x < log(4)]}", "polynomials"),
        ("{numbers: {x: 3, y: 1}, such_that: [x > 2]}\nwrong: [{x: 1, y: 1}, {x: 1, y: 1}]", "read alike"),
    ],
)  # fmt: skip
def test_what_gives_no_sound_question_is_said_with_the_reason(key, message):
    with pytest.raises(FindingsError, match=message):
        item_of(f"key: {key}\n")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("key: {numbers: {x: 1}}\n", "Q102", "such_that"),
        ("key: {such_that: [x > 1]}\n", "Q102", "numbers"),
        ("key: x > 1\n", "Q103", "mapping"),
        ("key: {numbers: {}, such_that: [1 > 0]}\n", "Q103", "at least 1"),
        ("key: {numbers: {x: 1}, such_that: []}\n", "Q103", "at least 1"),
        ("key: {numbers: {x: 1}, such_thta: [x > 0], such_that: [x > 0]}\n", "Q101", "such_thta"),
        ("key: {numbers: {x: 1}, such_that: {x > 0: {feedbck: a}}}\n", "Q101", "feedbck"),
        ("draw: {x: 1..3}\nkey: {numbers: {x: 1}, such_that: [x > 0]}\n", "Q110", "drawn or computed"),
        ("let: {x: 2}\nkey: {numbers: {x: 1}, such_that: [x > 0]}\n", "Q110", "drawn or computed"),
        ("key: {numbers: {log: 1}, such_that: [log > 0]}\n", "Q110", "meaning of its own"),
        ("key: {numbers: {when: 1}, such_that: [when > 0]}\n", "Q110", "meaning of its own"),
        ("key: {numbers: {sum_x: 1}, such_that: [sum_x > 0]}\n", "Q110", "such as total_x"),
        ("key: {numbers: {x: 1, y: 1}, such_that: [x > 0]}\nwrong: [{x: 0}]\n", "Q102", "number for `y`"),
        ("key: {numbers: {x: 1}, such_that: [x > 0]}\nwrong: [{x: 0, z: 1}]\n", "Q101", '"z"'),
        ("key: {numbers: {x: 1}, such_that: [x > 0]}\nwrong: [{x: 0, credit: 2}]\n", "Q105", ""),
        ("key: {numbers: {x: 1}, such_that: [x > 0]}\nwrong: {x: 0}\n", "Q103", "list"),
    ],
)
def test_findings_about_the_shape(text, code, message):
    _, findings = examine_template(read_text(BEGIN + text).documents[0])
    assert code in {finding.code for finding in findings}, findings
    assert message in " ".join(str(finding) for finding in findings)


@pytest.mark.parametrize(
    ("condition", "code"),
    [("x > 0 and x < 1", "Q300"), ("not x > 0", "Q300"), ("x + 1", "Q300"), ("x > z", "Q301"), ("x >", "Q300")],
)
def test_findings_about_conditions(condition, code):
    text = f"{BEGIN}key: {{numbers: {{x: 1}}, such_that: ['{condition}']}}\n"
    subject = Subject(BANK, read_template(read_text(text).documents[0]))
    assert [finding.code for finding in formulas(subject)] == [code]
    with pytest.raises(FindingsError):
        generate(subject.template, bank=BANK, source=Source(seed=1))


def test_a_translation_has_the_words_and_not_the_conditions():
    text = (
        PAIR + "translations:\n  de:\n    stem: Zwei Zahlen?\n    key:\n      such_that:\n"
        "        x + y > s: {feedback: 'Zu klein: {{ s }}.', equal: Gleich.}\n"
        "        y <= x*third: 'Zu groß.'\n"
    )
    template = read_template(read_text(BEGIN + text).documents[0])
    answer, german = template.answer, template.in_language("de").answer
    assert isinstance(answer, NumericTuple)
    assert isinstance(german, NumericTuple)
    assert [c.condition.text for c in german.conditions] == [c.condition.text for c in answer.conditions]
    assert [c.feedback and c.feedback.text for c in german.conditions] == ["Zu klein: {{ s }}.", "Zu groß.", None]
    item = generate(template, bank=BANK, source=Source(seed=1), language="de")
    key = item.key.parts[0].key
    assert key.decimal_comma
    assert key.conditions[2].feedback == "Diese Bedingung ist nicht erfüllt: $0 < x$."
    assert grade(item.key.parts[0], {"x": "3,5", "y": "0,5"}).score == 1
    for words in ("{numbers: {x: 5}}", "{such_that: {x > 7: a}}", "{such_that: [x > 7]}"):
        _, findings = examine_template(read_text(f"{BEGIN}{PAIR}translations:\n  de:\n    key: {words}\n").documents[0])
        assert [finding.code for finding in findings] == ["Q111"], words


def test_it_may_be_one_part_of_several():
    text = """template: t
kind: parts
draw: {s: [1, 2]}
stem: Two.
parts:
  pair: {kind: numeric-tuple, prompt: Which?, key: {numbers: {x: s, y: 1}, such_that: [x + y > s]}}
  one: {kind: numeric, prompt: One?, key: s}
"""
    item = generate(read_template(read_text(text).documents[0]), bank=BANK, source=Source(seed=1))
    found = grade(item.key, {"pair": {"x": "100", "y": "0"}, "one": "7"})
    assert found.score == Fraction(1, 2)
    assert [graded.note for _, graded in found.parts] == ["numeric-tuple:all-hold", "numeric:wrong"]
