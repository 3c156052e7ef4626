"""From a typed number to its grade."""

from __future__ import annotations

from fractions import Fraction

from grading.answersheet import PartKey
from grading.diagnosis import agreed_credit, diagnose, fewest_steps
from grading.given import BLANK, Unreadable, invalid, is_blank, refuse, text_of
from grading.graders.numeric.asked import Finding, check
from grading.graders.numeric.scale import Scale, converted, early_roundings, scale_of, slip
from grading.keys import NumericKey
from grading.parsing import NumberReadings, ParsedNumber, Refused, number_readings
from grading.parsing.decimals import Written
from grading.reals import Real, order, real, scaled
from grading.text import to_unicode
from grading.verdicts import Grade, Verdict, scored
from grading.witness import Undecided, Undefined

INFORMATION = ("nats", "bits")
"""Units between which numbers are converted."""

_RIGHT_NOTES = {"exact": "numeric:equal", "significant": "numeric:rounded-right", "decimals": "numeric:rounded-right"}
_NO_CREDIT = Fraction(0)


def grade(part: PartKey, response: object) -> Grade:
    """Grade a number that was given as text.

    A text with two readings is graded if both earn the same; otherwise it is refused and both are named.

    >>> from grading.keys import Band, Tolerance
    >>> key = NumericKey("0.3", Tolerance("absolute", Fraction("0.005")), (Band(Fraction("0.02"), Fraction(3, 4)),))
    >>> [grade(PartKey("answer", key), text).note for text in ("0.305", "0.3050000001", "61/200", "1/3")]
    ['numeric:within-tolerance', 'numeric:rounded-too-early', 'numeric:within-tolerance', 'numeric:wrong']
    """
    key = part.key
    assert isinstance(key, NumericKey)
    if is_blank(response):
        return BLANK
    try:
        text = text_of(response, "number")
        readings = _read(text, key)
        grades = [_graded(key, parsed, text) for parsed in readings.numbers]
    except Unreadable as unreadable:
        return invalid(unreadable.refusal, response)
    if len(grades) == 1:
        return grades[0]
    return _agreed(grades, readings, text)


def _read(text: str, key: NumericKey) -> NumberReadings:
    try:
        return number_readings(text, decimal_comma=key.decimal_comma, unit=key.unit)
    except Refused as refused:
        raise Unreadable(refused.refusal) from None


def _agreed(grades: list[Grade], readings: NumberReadings, text: str) -> Grade:
    """The grade that all readings of a text earn, else the refusal to choose one of them."""
    first = grades[0]
    if any((grade.verdict, grade.score) != (first.verdict, first.score) for grade in grades):
        assert readings.doubt is not None
        return invalid(readings.doubt, text)
    if all((grade.note, grade.diagnoses) == (first.note, first.diagnoses) for grade in grades):
        return first
    return Grade(first.verdict, first.score, "numeric:wrong", first.reading)


def _graded(key: NumericKey, parsed: ParsedNumber, text: str) -> Grade:
    """The grade of one reading. Raises Unreadable for what has no value or a unit that was not asked for."""
    reading = _shown(parsed)
    try:
        number = real(parsed.expression)
        if parsed.unit and parsed.unit != key.unit:
            if key.unit not in INFORMATION:
                raise refuse("unexpected-unit:number", 0, len(text))
            return _in_other_unit(key, number, parsed.unit, reading)
        if parsed.percent and key.unit != "%" and _right_without_percent(key, number):
            raise refuse("percent-sign", max(0, text.find("%")))
        return grade_number(key, number, reading, parsed.written)
    except Undefined as nothing:
        raise refuse(f"no-value:{nothing.why}", 0, len(text)) from None
    except Undecided:
        return _undecided(reading)


def _shown(parsed: ParsedNumber) -> str:
    """How the text was understood."""
    number = parsed.shown or to_unicode(parsed.expression)
    return f"{number} {parsed.unit}" if parsed.unit else number


def _right_without_percent(key: NumericKey, number: Real) -> bool:
    """Whether the number would be right without its %, and is not right with it."""
    right = scale_of(key).right
    return right.holds(number) is False and right.holds(scaled(number, Fraction(100))) is True


def grade_number(key: NumericKey, number: Real, reading: str, written: Written | None = None) -> Grade:
    """Grade a number in the unit that was asked for. written: its digits, None for a fraction or formula.

    Raises Undecided where the digits that were asked for cannot be checked.
    """
    scale = scale_of(key)
    held = scale.right.holds(number)
    if held is None:
        return _undecided(reading)
    digits = check(key.digits, scale.right.centre, number, written, held) if key.digits else None
    if digits is None and held:
        return scored(Fraction(1), _RIGHT_NOTES.get(key.tolerance.kind, "numeric:within-tolerance"), reading)
    if digits is not None and digits.credit == 1:
        return scored(Fraction(1), digits.note, reading)
    near = _nearly(scale, number, digits)
    if near is None:
        return _undecided(reading)
    credit, note = near
    if credit or (digits is not None and digits.right):
        return scored(credit, note, reading)
    return _wrong(key, number, reading, written, note)


def _nearly(scale: Scale, number: Real, digits: Finding | None) -> tuple[Fraction, str] | None:
    """(credit, note) of the first band that holds the number or of its digits, whichever is more; None if undecided."""
    best = (digits.credit, digits.note) if digits is not None else (_NO_CREDIT, "")
    for zone, credit, note in scale.bands:
        held = zone.holds(number)
        if held is None:
            return None
        if held:
            return (credit, f"numeric:{note}") if credit > best[0] or not best[1] else best
    return best


def _wrong(key: NumericKey, number: Real, reading: str, written: Written | None, note: str) -> Grade:
    """The grade of a number that is not near the key. note: what is known of it already."""
    matched = scale_of(key).matched(number)
    if matched is None:
        return _undecided(reading)
    if not matched:
        return scored(_NO_CREDIT, note or _slip(key, number, written), reading)
    rivals = tuple(rival for zone, rival in matched)
    if not _one_value([zone.centre for zone, _ in matched]):
        return scored(agreed_credit(rivals), "numeric:several-wrong-values", reading)
    rivals = fewest_steps(rivals)
    wrong_base = any(rival.misconceptions == ("wrong-log-base",) for rival in rivals)
    note = "numeric:right-value-wrong-base" if wrong_base else "numeric:wrong-value"
    return scored(agreed_credit(rivals), note, reading, diagnose(rivals))


def _slip(key: NumericKey, number: Real, written: Written | None) -> str:
    """The note of a number that nothing in the key explains."""
    if written is not None and (written.places, number.exact) in early_roundings(key):
        return "numeric:rounded-too-early"
    return slip(key, number) or "numeric:wrong"


def _one_value(values: list[Real]) -> bool:
    return all(order(values[0], value) == 0 for value in values[1:])


def _undecided(reading: str) -> Grade:
    return Grade(Verdict.UNDECIDED, None, "numeric:undecided", reading)


def _in_other_unit(key: NumericKey, number: Real, unit: str, reading: str) -> Grade:
    in_asked = converted(number, unit, key.unit)
    scale = scale_of(key)
    held = scale.right.holds(in_asked) if in_asked else None
    if held is None:
        return _undecided(reading)
    if not held:
        return scored(_NO_CREDIT, "numeric:wrong-unit", reading)
    matched = scale.matched(number)
    if matched is None:
        return _undecided(reading)
    rivals = fewest_steps(rival for _, rival in matched) if _one_value([z.centre for z, _ in matched]) else ()
    return scored(agreed_credit(rivals), "numeric:other-unit", reading, diagnose(rivals))
