"""Many variants are graded, in several processes, and what does not grade as it declares is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading.answersheet import PartKey
from grading.keys import MatchingKey, Rival
from quizgen.bank import load_bank
from quizgen.checks import Subject, Tally, check_bank, check_variants, every_variant
from quizgen.cli.program import run
from quizgen.generator import Generator
from quizgen.generator.trace import Trace
from quizgen.model import GeneratedItem
from tests.bank.templates import BANK, TEMPLATES

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "bank"
AREA = """\
template: area
kind: numeric
draw: {a: 2..9, b: 2..9}
where: a < b
stem: A rectangle is {{ a }} cm by {{ b }} cm. What is its area?
key: a*b
wrong: {perimeter: 2*(a + b), half: {value: a*b/2, credit: 1/4}}
hints: [How many squares fit?]
solution: It is {{ a }} times {{ b }}.
"""


@pytest.fixture
def area(tmp_path) -> Path:
    (tmp_path / "area.yaml").write_text(AREA, encoding="utf-8")
    return tmp_path


def test_variants_are_counted(area):
    findings, tallies = check_variants(area, 12)
    assert findings == ()
    (tally,) = tallies
    assert (tally.template, tally.language, tally.drawn) == ("area", "en", 12)
    assert 2 <= tally.distinct <= 12
    # There are 28 pairs a < b among the 64 that are counted without looking at `where`.
    assert check_variants(area, 64)[1] == (Tally("area", "en", 64, 28, 64, False),)


def test_every_language_is_drawn():
    _, tallies = check_variants(EXAMPLES, 2)
    assert {tally.language for tally in tallies if tally.template == "rectangle-area"} == {"en", "de"}


Change = Callable[[GeneratedItem], GeneratedItem]


def plant(monkeypatch: pytest.MonkeyPatch, change: Change, only: int | None = None, language: str = "en") -> None:
    """The generator makes items with a fault that came in after they were proven. only: in this variant, not in all."""
    drawn = Generator.item

    def item(self: Generator, variant: int, trace: Trace | None = None) -> GeneratedItem:
        found = drawn(self, variant, trace)
        return change(found) if only in (None, variant) and self.language == language else found

    monkeypatch.setattr(Generator, "item", item)


def in_part(generated: GeneratedItem, change: Callable[[PartKey], PartKey], number: int = 0) -> GeneratedItem:
    """The item with one of its part keys changed."""
    parts = list(generated.key.parts)
    parts[number] = change(parts[number])
    return msgspec.structs.replace(generated, key=msgspec.structs.replace(generated.key, parts=tuple(parts)))


def in_key(**changes: Any) -> Change:
    """Fields of the first part's key are replaced; a value may be a function of the key."""

    def change(part: PartKey) -> PartKey:
        new = {name: value(part.key) if callable(value) else value for name, value in changes.items()}
        return msgspec.structs.replace(part, key=msgspec.structs.replace(part.key, **new))

    return lambda generated: in_part(generated, change)


def in_rival(number: int, **changes: Any) -> Change:
    """Fields of a known wrong answer of the first part are replaced; a value may be a function of the key."""

    def rivals(key: Any) -> tuple[Rival, ...]:
        new = {name: value(key) if callable(value) else value for name, value in changes.items()}
        return tuple(
            msgspec.structs.replace(rival, **new) if place == number else rival
            for place, rival in enumerate(key.rivals)
        )

    return in_key(rivals=rivals)


def complaints(folder: Path, text: str = AREA, variants: int = 3) -> list[str]:
    """What is found in a bank of one template, without where it stands in the file."""
    (folder / "it.yaml").write_text(text, encoding="utf-8")
    bank = load_bank(folder)
    (template,) = bank.templates
    findings, _ = every_variant.examine(Subject(bank, template), variants)
    assert {finding.code for finding in findings} <= {"Q449", "Q450"}
    return [finding.message for finding in findings]


CHOICE = """\
template: objective
kind: single-choice
draw: {a: 2..9}
stem: Take {{ a }} words. What is maximised?
key: The sum of the logarithms
wrong: [flip-sign: The negative sum of them, product-of-logs: Their product, The number of words]
"""
SYMBOLIC = """\
template: written
kind: symbolic
draw: {sentence: any, masks: {count: 2}}
stem: Write the objective for {{ corrupted }} in p_k.
key: objective
in_symbols: true
wrong: [sum-of-probs, flip-sign: 1/4]
"""
MATCHING = """\
template: symbols
kind: matching
draw: {a: 2..9}
stem: What does each symbol stand for in a batch of {{ a }}?
key: {x: the original sequence, y: the corrupted sequence, z: the selected positions}
wrong: [the vocabulary]
confused: {condition-on-original: [x, y]}
"""
MULTIPLE = """\
template: which-raise
kind: multiple-answer
draw: {a: 2..9}
stem: Which of these raise the loss of {{ a }} words?
key: [An unlikely true word, More masks]
wrong: [flip-sign: A likely true word, A longer title]
"""
ORDER = """\
template: in-order
kind: ordering
draw: {sentence: any, masks: {count: 2}, models: {ranking: 4}}
stem: |
  Order the models for {{ corrupted }} from the lowest to the highest loss.

  {{ models | table }}
key: ranked_models
wrong: [sum-of-probs, worst-token-only, lowest-prob-lowest-loss]
"""
TEXT = """\
template: typed-word
kind: short-answer
draw: {a: 2..9}
stem: How are the {{ a }} words called?
key: masked
accept: [selected]
wrong: {unmasked-only: visible}
"""


def other(key: Any) -> str:
    """An option that is not the key."""
    return next(rival.value for rival in key.rivals)


def exchanged(key: MatchingKey) -> tuple[tuple[str, str], ...]:
    """The pairs with the first two right sides exchanged."""
    (a, first), (b, second), *rest = key.pairs
    return ((a, second), (b, first), *rest)


FAULTS: list[tuple[str, str, Change, str]] = [
    # a wrong credit
    ("a credit that is not given", AREA, in_rival(1, credit=Fraction(1)), "earns 1, not 1"),
    ("credit of a formula", SYMBOLIC, in_rival(0, value=lambda key: key.rivals[1].value), "earns"),
    # a wrong diagnosis
    ("two beliefs, one number", AREA, in_rival(0, value=lambda key: key.rivals[1].value), "as perimeter, half"),
    ("another credit", AREA, in_rival(0, credit=Fraction(1, 8)), "has the credit 1/8, not 0"),
    ("another credit of an order", ORDER, in_rival(0, credit=Fraction(1, 8)), "has the credit 1/8, not 0"),
    ("a belief of nobody", AREA, in_rival(0, misconceptions=("flip-sign",)), "which the template does not name"),
    ("another belief at an option", CHOICE, in_rival(0, value=lambda key: key.rivals[1].value), "is diagnosed as"),
    ("two beliefs, one formula", SYMBOLIC, in_rival(1, value=lambda key: key.rivals[0].value), "is diagnosed as"),
    ("a belief at another text", TEXT, in_rival(0, value="selected"), "earns 1, not 0"),
    ("a rival that no pair is", MATCHING, in_rival(0, value="nothing=nowhere"), "is diagnosed as"),
    # a key that is not right
    ("a key that is no number", AREA, in_key(value="1/0"), "the key of 'answer' cannot grade"),
    ("a key with another unit", AREA, in_key(value="3 nats"), "the key of 'answer' is"),
    ("a key that cannot be read", SYMBOLIC, in_key(value="log(p_"), "the key of 'answer' cannot grade"),
    ("a key that is no option", CHOICE, in_key(correct="o9"), "names 'o9', which is no option"),
    ("a key with an option too many", MULTIPLE, in_key(correct=("o1", "o9")), "names 'o9'"),
    ("an order of nothing", ORDER, in_key(order=("a", "b")), "names 'b', which is no option"),
    ("a pair with nothing", MATCHING, in_key(pairs=lambda key: (("x", "nowhere"), *key.pairs[1:])), "names 'nowhere'"),
    # a rival that is the key
    ("a number that is the key", AREA, in_rival(0, value=lambda key: key.value), "earns 1, not 0"),
    ("a formula that is the key", SYMBOLIC, in_rival(0, value=lambda key: f"0 + {key.value}"), "earns 1, not 0"),
    ("an option that is the key", CHOICE, in_key(correct=other), "earns 1, not 0"),
    ("a text that is the key", TEXT, in_rival(0, value="Masked"), "earns 1, not 0"),
    ("an order that is the key", ORDER, in_rival(0, value=lambda key: " ".join(key.order)), "earns 1, not 0"),
    ("a pair that is right", MATCHING, in_rival(0, value=lambda key: "=".join(key.pairs[0])), "earns 1, not 0"),
    ("a number within the tolerance", AREA, in_rival(0, value=lambda key: f"{key.value}+0"), "earns 1, not 0"),
]


@pytest.mark.parametrize(("text", "change", "words"), [pytest.param(*rest, id=name) for name, *rest in FAULTS])
def test_a_planted_fault_is_found(tmp_path, monkeypatch, text, change, words):
    assert complaints(tmp_path, text) == []
    plant(monkeypatch, change)
    said = complaints(tmp_path, text)
    assert said
    assert any(words in complaint for complaint in said), said
    assert all(complaint.startswith("in variant ") for complaint in said)


def test_a_fault_in_a_single_variant_of_one_language_is_found(tmp_path, monkeypatch):
    translated = AREA + "translations: {de: {stem: 'Ein Rechteck: {{ a }} cm mal {{ b }} cm. Welche Fläche hat es?'}}\n"
    (tmp_path / "bank.yaml").write_text(
        "bank: own\ntitle: Own\nlang: en\ntranslations: {de: {title: Eigene}}\n", encoding="utf-8"
    )
    plant(monkeypatch, in_rival(1, credit=Fraction(1, 3)), only=17, language="de")
    assert complaints(tmp_path, translated, 17) == []
    (said,) = {complaint.split(" the ")[0] for complaint in complaints(tmp_path, translated, 18)} or {""}
    assert said == "in variant 17 (de)"


def test_a_fault_under_other_radicals_is_found(tmp_path):
    """Rules that look at a sample see the first choice of the radicals only, and that is sound."""
    text = """\
template: of-a-loss
kind: numeric
draw: {p: [0.50, 0.51 .. 0.80], way: [loss, half]}
let: {loss: -log(p), half: -log(p)/2, asked: {by: way, loss: loss, half: half}}
texts: {shown: {by: way, loss: '{{ loss | value(3) }}', half: '{{ half | value(1) }}'}}
radicals: {way: [loss, half]}
stem: The true word has the probability {{ p }}. What is the {{ way }}?
key: {value: asked, tolerance: 0.002}
solution: It is {{ shown }}.
"""
    said = complaints(tmp_path, text, 30)
    assert said
    assert all("(en; way: half) the key of 'answer' is printed as" in complaint for complaint in said)
    assert complaints(tmp_path, text.replace("value(1)", "value(3)"), 30) == []


def test_no_more_is_said_than_anybody_reads(tmp_path, monkeypatch):
    plant(monkeypatch, in_rival(0, value=lambda key: key.value))
    assert 1 <= len(complaints(tmp_path, AREA, 40)) <= every_variant.MOST_FINDINGS + 3


def test_the_number_of_processes_changes_nothing(tmp_path):
    (tmp_path / "a.yaml").write_text(AREA.replace("[How many squares fit?]", "[It is 12.]"), encoding="utf-8")
    for number in range(4):
        text = f"template: t{number}\nkind: single-choice\nstem: Which {number}?\nkey: A longer answer\nwrong: [B, C]\n"
        (tmp_path / f"t{number}.yaml").write_text(text, encoding="utf-8")
    alone = check_bank(tmp_path)
    assert alone
    assert check_bank(tmp_path, jobs=3) == alone
    assert check_variants(tmp_path, 3, jobs=1) == check_variants(tmp_path, 3, jobs=2)


def test_the_command_shows_a_table(area, capfd):
    assert run(["check", "--bank", str(area), "--strict", "--variants", "30", "--jobs", "2"]) == 0
    out, err = capfd.readouterr()
    assert [line.split() for line in out.splitlines()] == [
        ["template", "language", "drawn", "different", "of"],
        ["area", "en", "30", "28", "≤", "64"],
    ]
    assert "nothing to mend" in err
    assert run(["check", "--bank", str(area), "--variants", "5", "--json", "-q"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["findings"], found["variants"][0]["drawn"]) == ([], 5)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_few_variants_of_every_question_of_the_bank_grade_as_they_declare(name):
    findings, tallies = every_variant.examine(Subject(BANK, TEMPLATES[name]), 4)
    assert findings == []
    assert all(1 <= tally.distinct <= tally.counted for tally in tallies)


@pytest.mark.parametrize("name", ["span-target", "plm-conditioning", "rtd-labels", "prefix-expression"])
def test_no_more_variants_differ_than_are_counted(name):
    """Of templates whose scenes are not listed, in the language with fewer sentences."""
    generator = Subject(BANK, TEMPLATES[name]).generator("de")
    numbers = [number for number in range(250) if not generator.exhausted(number)]
    distinct = {Generator.signature(generator.item(number)) for number in numbers}
    assert len(distinct) <= generator.count().number
