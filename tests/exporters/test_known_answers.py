"""How known wrong answers are named where a format has one text for all of them."""

from __future__ import annotations

import re

import pytest

from grading.answersheet import PartKey
from grading.keys import NumericKey, Rival, SymbolicKey
from quizgen.exporters.rendering.fields import named_answer
from quizgen.exporters.rendering.wording import wording
from tests.exporters.whole_bank import whole_bank


@pytest.mark.parametrize(
    ("value", "comma", "said"),
    [
        ("-log(0.5) - log(0.4)", False, "1.60944"),
        ("log(9/10/(1/20))/2", True, "1,44519"),
        ("-log_2(0.25)", False, "2"),
        ("2.32192809488736234787", False, "2.32193"),
        ("log(0.5)", False, "−0.693147"),
        ("120", False, "120"),
    ],
)
def test_a_number_is_named_as_a_learner_would_have_typed_it(value: str, comma: bool, said: str) -> None:
    key = NumericKey("7", decimal_comma=comma, rivals=(Rival(value, feedback="No."),))
    assert named_answer(key.rivals[0], PartKey("answer", key), wording("en")) == f"If you answered “{said}”:"


def test_a_formula_is_named_as_it_stands() -> None:
    key = SymbolicKey("log(p_2)", rivals=(Rival("log_2(p_2)"),))
    assert "“log_2(p_2)”" in named_answer(key.rivals[0], PartKey("answer", key), wording("en"))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_known_wrong_number_of_the_bank_is_read_as_a_decimal(language: str) -> None:
    named = 0
    for made in whole_bank(language=language).items():
        for part in made.key.parts:
            if not isinstance(part.key, NumericKey):
                continue
            for rival in part.key.rivals:
                (said,) = re.findall("[“„](.*)[”“]", named_answer(rival, part, wording(language)))
                assert re.fullmatch(r"−?\d+(,\d+)?" if part.key.decimal_comma else r"−?\d+(\.\d+)?", said), said
                named += 1
    assert named > 50
