"""Numbers for STACK whose values are plainly apart: known by bounds as they are known by their exact values."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grading.fixedpoint import UNIT
from grading.keys import Band, NumericKey, Rival, Tolerance
from quizgen.exporters.moodle_stack import numbers
from quizgen.exporters.moodle_stack.known import Known
from quizgen.exporters.moodle_stack.numbers import known_numbers
from quizgen.exporters.rendering.decimals import decimal_between, to_digits, written
from quizgen.exporters.rendering.wording import wording
from tests.exporters.whole_bank import whole_bank

WORDS = wording("en")
NUMBERS = (
    "-log(0.5) - log(0.4)", "log(5)", "log(0.5) + log(0.4)", "-log_2(0.5) - log_2(0.4)", "0.5 + 0.4", "9/10", "0.9",
    "exp(-log(0.5) - log(0.4))", "5", "5.0000001", "-1/2*(log(0.5) + log(0.4))", "1.615", "1.60", "log(1)", "1/3", "0",
    "0.3333333333333333333333", "1e-3", "10^-20", "1/10", "log(exp(-3) + exp(-2)) + 2", "600*log(2)", "1/0.001", "1",
    "exp(20)", "10^12", "log_2(8)", "exp(log(3))", "(0.5 - 0.4)/0.1", "2.9999999999999", "sqrt(2)", "min(1, 2)",
    "-0.25",
)  # fmt: skip
TOLERANCES = (
    *[Tolerance("absolute", amount) for amount in (Fraction(1, 200), Fraction(1, 10), Fraction(1, 10**12))],
    Tolerance("absolute", Fraction(1, 100), "outside"), Tolerance("relative", Fraction(1, 100)),
    Tolerance("relative", Fraction(1, 10**9), "outside"), Tolerance("decimals", Fraction(2)),
    Tolerance("significant", Fraction(3)), Tolerance("exact"), Tolerance("absolute", Fraction(0)),
)  # fmt: skip
BANDS = (
    Band(Fraction(1, 50), Fraction(3, 4), "rounded-too-early"), Band(Fraction(1, 20), Fraction(1, 2)),
    Band(Fraction(1, 4), Fraction(1)), Band(Fraction(1, 10**13), Fraction(1, 4), "no such note"),
)  # fmt: skip


def keys_of_the_bank() -> Iterator[NumericKey]:
    for made in whole_bank(variants=3).items():
        yield from (part.key for part in made.key.parts if isinstance(part.key, NumericKey))


def written_of(known: Known) -> Any:
    """All that is written of what is known."""
    answers = [
        (answer.name, answer.feedback, answer.sample, [(zone.text, zone.reach.text) for zone in answer.zones])
        for answer in known.answers
    ]
    return answers, known.shown, known.wrong


def check(key: NumericKey) -> bool:
    """Compares what is known of a key with what exact values say; whether it was known by bounds."""
    known = written_of(known_numbers(key, WORDS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "_entries_apart", lambda key, words: None)
        assert written_of(known_numbers(key, WORDS)) == known
    return numbers._entries_apart(key, WORDS) is not None


def test_numbers_of_the_bank() -> None:
    found = list(map(check, keys_of_the_bank()))
    assert 2 * sum(found) > len(found) > 60


@given(
    st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=6),
    st.sampled_from(TOLERANCES),
    st.lists(st.sampled_from(BANDS), max_size=2).map(tuple),
    st.lists(st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1)]), min_size=5, max_size=5),
)
@example(["log(5)", "-log(0.5) - log(0.4)"], TOLERANCES[0], (), [Fraction(0)] * 5)
@example(["1", "1.615", "log(5)"], TOLERANCES[0], (), [Fraction(0)] * 5)
@example(["log(5)", "1.615"], TOLERANCES[0], BANDS[:1], [Fraction(0)] * 5)
@example(["9/10", "exp(20)", "10^12"], TOLERANCES[0], (), [Fraction(0)] * 5)
def test_numbers_that_may_be_close(texts: list[str], tolerance: Tolerance, bands: Any, credits: list[Fraction]) -> None:
    value, *wrong = texts
    rivals = [
        Rival(text, (f"m{n // 2}",), credit) for n, (text, credit) in enumerate(zip(wrong, credits, strict=False))
    ]
    check(NumericKey(value, tolerance, bands, rivals=tuple(rivals)))


def test_keys_that_are_known_by_bounds_and_such_that_are_not() -> None:
    wide = Tolerance("absolute", Fraction(1, 200))
    assert check(NumericKey("-log(0.5) - log(0.4)", wide, BANDS[:1], rivals=(Rival("0.5 + 0.4"), Rival("log(2)"))))
    assert not check(NumericKey("-log(0.5) - log(0.4)", wide, BANDS[:1], rivals=(Rival("1.615"),)))
    assert not check(NumericKey("5", wide, rivals=(Rival("1"), Rival("1.01"))))
    assert not check(NumericKey("10^12", Tolerance("absolute", Fraction(1, 200)), rivals=(Rival("1"),)))


@given(st.integers(-(10**40), 10**40), st.integers(0, 2000), st.sampled_from([3, 12, 20]))
@example(UNIT // 10 - 1, 1, 20)
@example(UNIT >> 30, 0, 20)
@example(UNIT - 1, 1, 3)
def test_a_decimal_between_bounds_is_that_of_each(low: int, width: int, digits: int) -> None:
    ends = {written(*to_digits(number, UNIT, digits)) for number in (low, low + width)}
    if (text := decimal_between(low, low + width, digits)) is not None and abs(low) > UNIT // 10**19:
        assert ends == {text}
