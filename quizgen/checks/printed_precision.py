"""Printed numbers that are rounded are precise enough for what is asked of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from grading.answersheet import PartKey
from grading.closed import compare_numbers, decimal_value, quick_bounds
from grading.expressions import Expression, rational
from grading.graders.numeric.scale import value_of
from grading.keys import NumericKey
from grading.marking import grade
from grading.reals import decimals_of, places_of_figures, real
from grading.verdicts import Verdict
from quizgen.checks.check import Check, Subject
from quizgen.checks.printed_inputs import RESULT, answers_from_print
from quizgen.findings import Finding
from quizgen.generator import Generator
from quizgen.generator.trace import Rounded, Trace
from quizgen.model import GeneratedItem

REMEDY = "print more decimals, widen the tolerance, or draw such numbers no more"

_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")


def run(subject: Subject) -> Iterator[Finding]:
    """Rounding takes nothing away that the question needs. Two different numbers of a question, or of its solution, are
    not printed alike. What the solution prints of a key is graded right, and a known wrong answer that is rounded as
    the key is still earns its own credit. Whoever computes with the numbers as they are printed gets a right answer,
    before and after rounding it.
    """
    for language in subject.languages:
        for number in range(len(subject.sample(language))):
            generated, trace = subject.traced(number, language)
            complaint = next(complaints(subject.generator(language), generated, trace), None)
            if complaint is not None:
                message = f"in variant {number} ({language}) {complaint}"
                yield subject.template.document.finding("Q450", message, REMEDY, ("template",))
                return
            subject.printed_well.add((language, number))


def complaints(generator: Generator, generated: GeneratedItem, trace: Trace) -> Iterator[str]:
    """What is wrong with the printed numbers of one variant. trace: of the same item."""
    parts = generated.key.parts
    if trace.rounded("question", "solution"):
        yield from _alike(trace)
        for part in parts:
            yield from _typed_as_printed(part, trace)
        yield from _computed_from_print(generator, parts, trace)
    for part in parts:
        yield from _equal_options(part)


# ---------------------------------------------------------------- told apart


def _alike(trace: Trace) -> Iterator[str]:
    """Numbers of the question, or of the solution, that differ and are printed alike."""
    for place in ("question", "solution"):
        first: dict[Fraction, Expression] = {}
        if place == "question":
            shown = (entry.number for entry in trace.shown if entry.place == place and entry.number is not None)
            first = {number: rational(number) for number in map(_rational, shown) if number is not None}
        for number in trace.rounded(place):
            other = first.setdefault(number.printed, number.value)
            if not _same(other, number.value):
                yield f"two different numbers of the {place} are printed as {number.text}"


def _same(one: Expression, other: Expression) -> bool:
    """Whether two numbers cannot be told apart by bounds that are far narrower than anything that is printed."""
    if one == other:
        return True
    a, b = quick_bounds(one), quick_bounds(other)
    if a is None or b is None:
        return compare_numbers(one, other) == 0
    return a[0] <= b[1] and b[0] <= a[1]


def _rational(number: Expression) -> Fraction | None:
    return real(number).exact


def _equal_options(part: PartKey) -> Iterator[str]:
    """Options that are numbers only, and the same one: 0.5 and 0.50."""
    texts = [text.strip() for _, text in part.options]
    if len(texts) < 2 or not all(map(_NUMBER.fullmatch, texts)):
        return
    seen: dict[Fraction, str] = {}
    for text in texts:
        earlier = seen.setdefault(Fraction(text.replace("−", "-").replace(",", ".")), text)
        if earlier != text:
            yield f"the options {earlier} and {text} of '{part.id}' are the same number"


# ---------------------------------------------------------------- typed as it is printed


def _typed_as_printed(part: PartKey, trace: Trace) -> Iterator[str]:
    """Keys that are wrong, and wrong answers that are right or earn something else, once they are rounded so."""
    key = part.key
    if not isinstance(key, NumericKey):
        return
    for number in _prints_of(key, trace.rounded("solution")):
        found = grade(part, number.text)
        if found.verdict is not Verdict.CORRECT:
            yield f"the key of '{part.id}' is printed as {number.text}, which is {found.verdict.value} ({found.note})"
        for rival in key.rivals:
            text = _comma(decimal_value(value_of(rival.value).expression, number.places), key)
            graded = grade(part, text)
            if graded.score != rival.credit:
                name = "+".join(rival.misconceptions) or rival.value
                yield f"the wrong answer '{name}' of '{part.id}' is printed as {text} and earns {graded.score}"


def _prints_of(key: NumericKey, numbers: Iterable[Rounded]) -> Iterator[Rounded]:
    """The numbers that are the key and were really rounded, each text once."""
    centre = value_of(key.value)
    seen: set[str] = set()
    for number in numbers:
        near = abs(number.printed - centre.low) <= Fraction(1, 10**number.places) and number.text not in seen
        if near and _same(number.value, centre.expression) and not _same(number.value, rational(number.printed)):
            seen.add(number.text)
            yield number


# ---------------------------------------------------------------- computed from what is printed


def _computed_from_print(generator: Generator, parts: tuple[PartKey, ...], trace: Trace) -> Iterator[str]:
    numeric = {part.id: part for part in parts if isinstance(part.key, NumericKey)}
    if not numeric:
        return
    for id, value in answers_from_print(generator, trace):
        part = numeric[id]
        assert isinstance(part.key, NumericKey)
        for places in _places(part.key, value, trace):
            text = _comma(decimal_value(rational(value), places), part.key)
            found = grade(part, text)
            if found.verdict is not Verdict.CORRECT:
                yield f"the printed numbers give {text} for '{part.id}', which is {found.verdict.value}"
                break


def _places(key: NumericKey, value: Fraction, trace: Trace) -> list[int]:
    """With how many decimal places the value may be typed: as asked for, as in the solution, or with all of them."""
    exact = value_of(key.value).exact
    if key.digits is not None:
        figures = places_of_figures(real(value), key.digits.count)
        return [key.digits.count if key.digits.kind == "decimals" else max(0, figures or 0)]
    if exact is not None and (places := decimals_of(exact)) is not None and key.tolerance.kind == "exact":
        return [places]
    return [RESULT, *(number.places for number in _prints_of(key, trace.rounded("solution")))]


def _comma(text: str, key: NumericKey) -> str:
    return text.replace(".", ",") if key.decimal_comma else text


CHECK = Check(("Q450",), "printed numbers are precise enough", run, on_sound_only=True)
