"""Two ordinary questions without a masked sentence: templates are for more than one subject."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from grading import Verdict, grade
from grading.keys import NumericKey
from quizgen.bank import load_bank
from quizgen.content import Paragraph, text_of
from quizgen.generator import Generator, generate
from quizgen.sampling.draws import Source

PLAIN = load_bank(Path(__file__).parents[1] / "fixtures" / "banks" / "plain")
SOURCE = Source(seed=1)


def test_the_plain_bank_has_two_templates_of_a_few_lines() -> None:
    assert [template.id for template in PLAIN.templates] == ["area", "capital"]
    assert all(len(template.document.source.text.splitlines()) <= 7 for template in PLAIN.templates)


def test_a_static_question_keeps_its_options() -> None:
    item = generate("capital", bank=PLAIN, source=SOURCE)
    part = item.key.parts[0]
    assert sorted(text for _, text in part.options) == ["Canberra", "Melbourne", "Perth", "Sydney"]
    right = next(id for id, text in part.options if text == "Canberra")
    assert grade(part, right).verdict is Verdict.CORRECT


def test_an_area_is_the_product_and_its_mistakes_are_other_numbers_or_left_out() -> None:
    generator = Generator(PLAIN.template("area"), PLAIN, SOURCE)
    seen = set()
    for number in range(28):
        item = generator.item(number)
        stem = item.item.stem[0]
        assert isinstance(stem, Paragraph)
        a, b = (int(word) for word in text_of(stem.content).split() if word.isdigit())
        assert 2 <= a < b <= 9
        seen.add((a, b))
        part = item.key.parts[0]
        assert grade(part, str(a * b)).verdict is Verdict.CORRECT
        assert isinstance(part.key, NumericKey)
        assert [rival.misconceptions for rival in part.key.rivals if rival.misconceptions != ("half",)] == (
            [] if a * b == 2 * (a + b) else [("perimeter",)]
        )
        for rival in part.key.rivals:
            graded = grade(part, rival.value)
            assert (graded.score, graded.diagnoses[0].misconceptions) == (0, rival.misconceptions)
    assert len(seen) == 28


def test_the_key_is_exact() -> None:
    part = generate("area", bank=PLAIN, source=SOURCE).key.parts[0]
    assert isinstance(part.key, NumericKey)
    assert grade(part, f"{part.key.value}.001").score == Fraction(0)
