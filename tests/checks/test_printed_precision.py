"""Numbers that are printed too coarsely are found, whatever the template is about, and others are left alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from grading.marking import grade
from quizgen.bank import load_bank
from quizgen.checks import Subject, every_variant
from quizgen.checks.printed_inputs import answers_from_print
from quizgen.checks.printed_precision import complaints
from quizgen.generator import Generator
from quizgen.generator.trace import Trace
from tests.bank.templates import BANK, TEMPLATES

END = "hints: [Think.]\n"
TWO_LOSSES = """\
template: two-losses
kind: single-choice
draw: {p: [0.50, 0.51 .. 0.80]}
let: {one: -log(p), other: -log(p + 1/200)}
stem: Model A has the loss {{ one | value(PLACES) }}, model B the loss {{ other | value(PLACES) }}. Which one is better?
key: Model B
wrong: [Model A]
solution: Look at both.
"""
THRESHOLD = """\
template: threshold
kind: single-choice
draw: {p: [0.50, 0.51 .. 0.59]}
let: {loss: -log(p), most: 0.6}
stem: The loss is {{ loss | value(PLACES) }}. Is it at most {{ most }}?
key: It is one of these, but which
wrong: [Only somebody else can know it]
solution: Look at both.
"""
IN_THE_SOLUTION = """\
template: in-the-solution
kind: numeric
draw: {p: [0.50, 0.51 .. 0.80]}
let: {one: -log(p), other: -log(p + 1/200)}
stem: How much lower is the loss of a word with the probability {{ p }} than without any doubt?
key: one
solution: The loss is {{ one | value(PLACES) }}, and nearly {{ other | value(PLACES) }} with a little more.
"""
SOLUTION_OF_A_KEY = """\
template: solution-of-a-key
kind: numeric
draw: {p: [0.50, 0.51 .. 0.80]}
let: {loss: -log(p)}
stem: What is the loss of a word with the probability {{ p }}?
key: {value: loss, tolerance: 0.001}
solution: It is {{ loss | value(PLACES) }}.
"""
CREDIT_OF_A_WRONG_ANSWER = """\
template: credit-of-a-wrong-answer
kind: numeric
draw: {p: [0.50, 0.51 .. 0.80]}
let: {loss: -log(p) + 5}
stem: What is the loss of a word with the probability {{ p }}, plus 5?
key: {value: loss, tolerance: 0.2 %}
wrong: {hundredth: {value: loss/100, credit: 1/2}}
solution: It is {{ loss | value(PLACES) }}.
"""
FROM_A_LOSS = """\
template: from-a-loss
kind: numeric
draw: {p: [0.05, 0.10 .. 0.95]}
let: {loss: -log(p)}
stem: The mean loss is {{ loss | value(PLACES) }} nats. What is the perplexity?
key: {value: exp(loss), tolerance: 1 %}
solution: One through the probability.
"""
FROM_TWO_NUMBERS = """\
template: from-two-numbers
kind: numeric
draw: {p: {several: 3, from: [0.05, 0.10 .. 0.95]}, w: 2..5}
let: {total: -sum(log(p)), first: -log(p_1)}
stem: |
  Three losses add up to {{ total | value(PLACES) }} nats; the first is {{ first | value(PLACES) }}. What do the others
  come to, {{ w }} times?
key: {value: w*(total - first), tolerance: 0.001}
solution: The difference.
"""
ROUNDED_AFTERWARDS = """\
template: rounded-afterwards
kind: numeric
draw: {p: [0.050, 0.051 .. 0.950]}
let: {loss: -log(p)}
stem: The loss is {{ loss | value(PLACES) }} nats. What is three times as much?
key: {value: 3*loss, tolerance: 0.0055}
solution: It is {{ thrice | value(2) }}.
"""
A_PROBABILITY_OF_A_SENTENCE = """\
template: a-probability-of-a-sentence
kind: numeric
draw:
  sentence: any
  masks: {count: 2}
  p: {for: each mask, from: [0.05, 0.10 .. 0.95]}
stem: In {{ corrupted }} the mean loss is {{ mean_loss | value(PLACES) }} nats. What is the perplexity?
key: {value: perplexity, tolerance: 1 %}
solution: The power of $e$.
"""
A_DRAWN_NUMBER = """\
template: a-drawn-number
kind: numeric
draw: {a: [0.101, 0.102 .. 0.149]}
stem: A share is about {{ a | value(PLACES) }}. How large is twice the share?
key: {value: 2*a, tolerance: 0.0005}
solution: Twice as large.
"""
ALL = [
    (TWO_LOSSES, 2, 4, "two different numbers of the question are printed as"),
    (THRESHOLD, 1, 5, "two different numbers of the question are printed as 0.6"),
    (IN_THE_SOLUTION, 2, 4, "two different numbers of the solution are printed as"),
    (SOLUTION_OF_A_KEY, 1, 3, "the key of 'answer' is printed as"),
    (CREDIT_OF_A_WRONG_ANSWER, 2, 5, "the wrong answer 'hundredth' of 'answer' is printed as 0.05 and earns 0"),
    (FROM_A_LOSS, 1, 3, "the printed numbers give"),
    (FROM_TWO_NUMBERS, 2, 5, "the printed numbers give"),
    (A_DRAWN_NUMBER, 2, 3, "the printed numbers give"),
    (A_PROBABILITY_OF_A_SENTENCE, 1, 4, "the printed numbers give"),
]


def found(folder: Path, text: str, variants: int = 12) -> Iterator[str]:
    """What the rule says of the variants of a template, each complaint once."""
    (folder / "it.yaml").write_text(text + END, encoding="utf-8")
    bank = load_bank(folder)
    subject = Subject(bank, bank.templates[0])
    for number in range(variants):
        if subject.generator().exhausted(number):
            return
        yield from complaints(subject.generator(), *subject.traced(number))


@pytest.mark.parametrize(("text", "coarse", "fine", "words"), ALL, ids=[text.split()[1] for text, *_ in ALL])
def test_what_is_printed_too_coarsely_is_found_and_nothing_else(tmp_path, text, coarse, fine, words):
    said = list(found(tmp_path, text.replace("PLACES", str(coarse))))
    assert said
    assert any(words in complaint for complaint in said)
    assert list(found(tmp_path, text.replace("PLACES", str(fine)))) == []


def test_an_answer_from_print_has_to_be_right_after_it_was_rounded_too(tmp_path):
    text = ROUNDED_AFTERWARDS.replace("{loss: -log(p)}", "{loss: -log(p), thrice: 3*loss}")
    said = list(found(tmp_path, text.replace("PLACES", "3"), 300))
    assert said
    assert all(
        len(complaint.split(" for ")[0].split()[-1].partition(".")[2]) == 2 for complaint in said
    )  # rounded only
    assert list(found(tmp_path, text.replace("PLACES", "6"), 300)) == []


def test_the_answer_from_print_is_that_of_a_calculator(tmp_path):
    (tmp_path / "it.yaml").write_text(FROM_TWO_NUMBERS.replace("PLACES", "2") + END, encoding="utf-8")
    bank = load_bank(tmp_path)
    generator = Subject(bank, bank.templates[0]).generator()
    for number in range(8):
        trace = Trace()
        generator.item(number, trace)
        total, first = (shown.printed for shown in trace.rounded("question"))
        assert trace.scene is not None
        ((part, value),) = answers_from_print(generator, trace)
        assert part == "answer"
        assert abs(value - trace.scene.values["w"] * (total - first)) < Fraction(1, 10**12)


def test_perplexities_from_printed_losses_are_those_of_a_calculator():
    from quizgen.sampling.draws import Source

    for given, base in (("mean loss in nats", 2.718281828459045), ("mean loss in bits", 2.0)):
        radicals = {"masks.count": "3", "given": given}
        generator = Generator(TEMPLATES["perplexity-numeric"], BANK, Source(seed=5), radicals=radicals)
        for number in range(5):
            trace = Trace()
            generator.item(number, trace)
            (loss,) = trace.rounded("question")
            ((_, value),) = answers_from_print(generator, trace)
            assert abs(float(value) - base ** float(loss.printed)) < 1e-9


def test_what_the_print_leaves_open_is_not_judged(tmp_path):
    text = FROM_A_LOSS.replace("exp(loss)", "exp(loss) + q").replace("draw: {", "draw: {q: [0.1, 0.2 .. 0.9], ")
    assert list(found(tmp_path, text.replace("PLACES", "1"))) == []


def test_equal_options_in_two_spellings_are_found(tmp_path):
    text = "template: half\nkind: single-choice\nstem: How much?\nkey: '0.5'\nwrong: ['0.25', '0.250', '1.0']\n"
    said = set(found(tmp_path, text))
    assert said
    assert {" ".join(sorted(complaint.split()[2:5:2])) for complaint in said} == {"0.25 0.250"}
    assert list(found(tmp_path, text.replace("'0.250'", "'0.125'"))) == []


def test_every_variant_says_it(tmp_path):
    (tmp_path / "it.yaml").write_text(FROM_A_LOSS.replace("PLACES", "1") + END, encoding="utf-8")
    bank = load_bank(tmp_path)
    findings, _ = every_variant.examine(Subject(bank, bank.templates[0]), 20)
    assert {finding.code for finding in findings} == {"Q450"}


def test_what_is_said_of_a_wrong_answer_is_no_part_of_the_question(tmp_path):
    text = SOLUTION_OF_A_KEY.replace("PLACES", "4") + (
        "wrong:\n  a: {value: 2*loss, feedback: 'It is near {{ loss | value(1) }}, not {{ other | value(1) }}.'}\n"
    )
    text = text.replace("{loss: -log(p)}", "{loss: -log(p), other: -log(p + 1/100)}")
    assert list(found(tmp_path, text)) == []
    (tmp_path / "it.yaml").write_text(text + END, encoding="utf-8")
    bank = load_bank(tmp_path)
    _, trace = Subject(bank, bank.templates[0]).traced(0)
    assert len(trace.rounded("feedback")) == 2
    assert [number.places for number in trace.rounded("question", "solution")] == [4]


def test_a_grade_of_the_rounded_key_is_the_judges_own(tmp_path):
    (tmp_path / "it.yaml").write_text(SOLUTION_OF_A_KEY.replace("PLACES", "1") + END, encoding="utf-8")
    bank = load_bank(tmp_path)
    generated, trace = Subject(bank, bank.templates[0]).traced(0)
    (number,) = trace.rounded("solution")
    assert grade(generated.key.parts[0], number.text).score == 0
