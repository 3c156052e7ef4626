"""Numbers: the key as an exact expression, and the numbers that known mistakes lead to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache, partial
from typing import Literal

import msgspec

from grading.answersheet import PartKey
from grading.closed import quick_bounds
from grading.expressions import Exponential, Expression, Logarithm, Number, Power, walk
from grading.fixedpoint import SCALE
from grading.keys import Band, Digits, NumericKey, Tolerance
from grading.text import to_text
from quizgen.distractors import TooFewError, WorkedNumbers, guard_numbers, known_number, worked_numbers
from quizgen.generator.draft import Built, Draft, Redraw
from quizgen.generator.named import QUANTITY_RECORDS
from quizgen.generator.scene import Impossible
from quizgen.generator.wording import wording
from quizgen.misconceptions.catalogue import misconception
from quizgen.model import NumericInteraction
from quizgen.objective.values import Values
from quizgen.template import Numeric, PartTemplate, Written

USUAL_TOLERANCE = Tolerance("absolute", Fraction(1, 200))
"""Of a key that is no rational number: four logarithms rounded to three decimals err by 0.002 at most."""


EXACT = Tolerance()
_ROUNDED = frozenset((Logarithm, Exponential, Power))
"""Nodes that make a number one that is given rounded."""


def build_number(draft: Draft, part: PartTemplate, answer: Numeric) -> Built:
    """A number to type; attempts in which a wrong number comes too close to the key are drawn again."""
    values = _values(draft, answer.key.text)
    worked = _worked(values)
    written = to_text if worked is None else worked.text
    key = _key(draft, answer, worked)
    _require_value(answer.key.text, key)
    tolerance = answer.tolerance or (USUAL_TOLERANCE if not answer.digits and _is_rounded(key) else EXACT)
    reach = _reach(tolerance, answer.digits, key)
    outer = max([band.within for band in answer.bands], default=None) or reach
    distance = _sum(*outer.as_integer_ratio(), *reach.as_integer_ratio())
    known = {wrong.id: wrong for wrong in answer.wrong}
    credits = {wrong.id: wrong.credit for wrong in answer.wrong}
    try:
        known_wrong = _rivals(draft, answer, values, worked)
        rivals = guard_numbers(key, known_wrong, distance, partial(_absolute, tolerance), credits)
    except TooFewError as error:
        raise Redraw(str(error)) from error
    shown_unit, unit = _unit(draft, answer.unit)
    numeric = NumericKey(
        value=written(key),
        tolerance=tolerance,
        bands=tuple([_named_band(band, tolerance, key) for band in answer.bands]),
        unit=unit,
        rivals=tuple([draft.rival(written(value), (name,), known[name].credit, known[name]) for name, value in rivals]),
        decimal_comma=draft.decimal_comma,
        digits=answer.digits,
    )
    return NumericInteraction(unit=shown_unit), PartKey(part.id, numeric)


def _is_rounded(key: Expression) -> bool:
    return not _ROUNDED.isdisjoint(map(type, walk(key)))


@lru_cache(maxsize=256)
def _sum(above: int, below: int, numerator: int, denominator: int) -> Fraction:
    """Of two fractions, most often the same ones in all variants."""
    return Fraction(above, below) + Fraction(numerator, denominator)


def _named_band(band: Band, tolerance: Tolerance, key: Expression) -> Band:
    """A band with its note: near a number that is asked for exactly nothing was rounded too early."""
    if tolerance.kind != "exact":
        return band
    counted = isinstance(key, Number) and key.value.denominator == 1
    return msgspec.structs.replace(band, note="off-by-one" if counted and band.within == 1 else "near")


def right_number(draft: Draft, answer: Numeric) -> Expression:
    """The number that is asked for, whether an item can be made with it or not."""
    return _key(draft, answer, _worked(_values(draft, answer.key.text)))


def _worked(values: Values | None) -> WorkedNumbers | None:
    return None if values is None or values.masked is None else worked_numbers(values.masked, values.p)


def _key(draft: Draft, answer: Numeric, worked: WorkedNumbers | None) -> Expression:
    return draft.number(answer.key) if worked is None else worked.right(*QUANTITY_RECORDS[answer.key.text])


def _unit(draft: Draft, written: str) -> tuple[str, str]:
    """(the unit as it is shown, as it is typed): nats and bits are the judge's words in every language."""
    unit = draft.line(Written(written, ("key", "unit"))) if "{{" in written else written
    if not unit:
        return "", ""
    units = wording(draft.language).units
    unit = next((name for name, shown in units.items() if shown == unit), unit)
    shown = units.get(unit, unit)
    return shown, unit if unit in ("nats", "bits") else shown


def _values(draft: Draft, key: str) -> Values | None:
    """What is known in numbers, where the key is a quantity of the training step."""
    masked = draft.scene.masked
    if key not in QUANTITY_RECORDS or masked is None or not draft.scene.p:
        return None
    base = QUANTITY_RECORDS[key][1]
    worked = worked_numbers(masked, draft.scene.p)
    return Values(p=draft.scene.p, m=masked.m, masked=masked, base=base, worked=worked)


def _rivals(
    draft: Draft, answer: Numeric, values: Values | None, worked: WorkedNumbers | None
) -> Iterator[tuple[str, Expression]]:
    for wrong in answer.wrong:
        if not draft.offered(wrong.when):
            continue
        if wrong.value is not None:
            written = draft.number_if_known(wrong.value)
            if written is not None:
                _require_value(wrong.value.text, written)
                yield wrong.id, written
        elif values is not None:
            value = known_number(misconception(wrong.id), QUANTITY_RECORDS[answer.key.text][0], values, worked)
            if value is not None:
                yield wrong.id, value
        else:
            raise Impossible(f"'{wrong.id}' has no number here of its own; write one: {wrong.id}: formula")


def _require_value(formula: str, value: Expression) -> None:
    """Raise Impossible if a number does not exist, or is too large or too small to be graded."""
    if quick_bounds(value) is not None:
        return
    from grading.witness import Undecided, Undefined, enclose

    try:
        enclose(value, {}, 12)
    except (Undecided, Undefined) as error:
        raise Impossible(f"'{formula}' cannot be graded as a number: {error}") from error


def _reach(tolerance: Tolerance, digits: Digits | None, key: Expression) -> Fraction:
    """How far from the key a number may earn something by the tolerance or by its last digit."""
    if digits is None:
        return _absolute(tolerance, key)
    kind: Literal["significant", "decimals"] = "significant" if digits.kind == "figures" else "decimals"
    return max(_absolute(tolerance, key), _absolute(Tolerance(kind, Fraction(digits.count)), key))


def _absolute(tolerance: Tolerance, key: Expression) -> Fraction:
    """An upper bound of the distance from the key that is still right."""
    if tolerance.kind in ("exact", "absolute"):
        return tolerance.amount
    size = _size(key)
    if tolerance.kind == "relative":
        return tolerance.amount * size
    places = int(tolerance.amount)
    if tolerance.kind == "significant":
        digits = len(str(int(size))) if size >= 1 else -len(str(int(1 / size))) + 1 if size else 0
        places -= digits
    return Fraction(1, 10**places) if places >= 0 else Fraction(10**-places)


def _size(value: Expression) -> Fraction:
    """An upper bound of the absolute value, close to it."""
    bounds = quick_bounds(value)
    if bounds is not None:
        return Fraction(max(map(abs, bounds)), 1 << SCALE)
    from grading.witness import enclose

    return max(map(abs, enclose(value, {}, 12)))
