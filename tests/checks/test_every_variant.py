"""Many variants are graded, in several processes, and what does not grade as it declares is found."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from grading.keys import NumericKey
from quizgen.bank import load_bank
from quizgen.checks import Subject, Tally, check_bank, check_variants, every_variant
from quizgen.cli.program import run
from quizgen.generator import Generator
from quizgen.model import GeneratedItem
from quizgen.processes import in_processes
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


def _with_key(monkeypatch: pytest.MonkeyPatch, change) -> None:
    """Every item of the generator has a numeric key that was changed after it was proven."""
    drawn = Generator.item

    def item(self, variant: int) -> GeneratedItem:
        found = drawn(self, variant)
        part = found.key.parts[0]
        assert isinstance(part.key, NumericKey)
        part = msgspec.structs.replace(part, key=change(part.key))
        return msgspec.structs.replace(found, key=msgspec.structs.replace(found.key, parts=(part,)))

    monkeypatch.setattr(Generator, "item", item)


def test_a_credit_that_is_not_given_is_found(area, monkeypatch):
    def change(key: NumericKey) -> NumericKey:
        first = msgspec.structs.replace(key.rivals[0], value=key.value, credit=Fraction(1, 2))
        return msgspec.structs.replace(key, rivals=(first, *key.rivals[1:]))

    _with_key(monkeypatch, change)
    bank = load_bank(area)
    findings, _ = every_variant.examine(Subject(bank, bank.template("area")), 3)
    assert {finding.code for finding in findings} == {"Q449"}
    assert "in variant 0 (en)" in findings[0].message
    assert "earns 1, not 1/2" in findings[0].message


def test_the_number_of_processes_changes_nothing(tmp_path):
    (tmp_path / "a.yaml").write_text(AREA.replace("[How many squares fit?]", "[It is 12.]"), encoding="utf-8")
    for number in range(4):
        text = f"template: t{number}\nkind: single-choice\nstem: Which {number}?\nkey: A longer answer\nwrong: [B, C]\n"
        (tmp_path / f"t{number}.yaml").write_text(text, encoding="utf-8")
    alone = check_bank(tmp_path)
    assert alone
    assert check_bank(tmp_path, jobs=3) == alone
    assert check_variants(tmp_path, 3, jobs=1) == check_variants(tmp_path, 3, jobs=2)
    assert list(in_processes(str, 5, 2)) == ["0", "1", "2", "3", "4"]


def test_an_error_in_a_process_is_an_error_here():
    with pytest.raises(ZeroDivisionError):
        list(in_processes(lambda number: 1 // number, 2, 2))


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
    assert every_variant.examine(Subject(BANK, TEMPLATES[name]), 4)[0] == []
