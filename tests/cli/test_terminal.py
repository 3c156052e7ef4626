"""Questions in a terminal: broken at words, tables aligned, no markup left over."""

from __future__ import annotations

import re

import pytest

from quizgen import Source, generate, load_bank
from quizgen.cli.output import display_width
from quizgen.cli.terminal import question_text, wrapped

TEMPLATES = [row.template for row in load_bank().listing()]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_question_fits_eighty_columns(template: str, language: str) -> None:
    bank = load_bank()
    generated = generate(bank.template(template), 1, bank=bank, source=Source(seed=1), language=language)
    text = re.sub("\x1b\\[[0-9;]*m", "", question_text(generated, width=80))
    assert [line for line in text.split("\n") if display_width(line) > 80] == []
    assert [line for line in text.split("\n") if re.search(r"\*\*|\$|\\\\[a-z]", line)] == []


def test_what_follows_a_break_stands_below_the_text() -> None:
    assert wrapped("  ✓ 2. one two three", 14) == "  ✓ 2. one two\n       three"
    assert wrapped("12. one two", 8) == "12. one\n    two"
    assert wrapped("a-word-too-long-to-break b", 5) == "a-word-too-long-to-break\nb"


def test_an_exact_decimal_is_not_called_about() -> None:
    bank = load_bank()
    generated = generate(bank.template("bayes-visible-token"), bank=bank, source=Source(seed=1), fixed="worked")
    text = re.sub("\x1b\\[[0-9;]*m", "", question_text(generated, width=80))
    assert "✗ 3/20 = 0.15" in text
    assert "✓ 3/173 ≈ 0.0173 ± 0.0005" in text


def test_numbers_of_the_key_are_read_in_the_language_of_the_question() -> None:
    bank = load_bank()

    def shown(template: str, fixed: str) -> str:
        generated = generate(bank.template(template), bank=bank, source=Source(seed=1), language="de", fixed=fixed)
        return re.sub("\x1b\\[[0-9;]*m", "", question_text(generated, width=100))

    loss = shown("loss-numeric-nats", bank.template("loss-numeric-nats").fixed[0].name)
    right, *wrong = [line for line in loss.split("\n") if line.strip().startswith(("✓", "✗"))]
    assert right.endswith("± 0,005 Nats   (± 0,02: 3/4)")
    assert any("−log₂(0," in line for line in wrong)
    assert not [line for line in (right, *wrong) if re.search(r"\d\.\d| -|-\d", line)]
