"""Several numbers that are judged together: right is every tuple that fulfils all conditions of the key.

The notes are stable: ``numeric-tuple:all-hold``; ``numeric-tuple:fails-2-3``, by the numbers of the conditions from 1;
``numeric-tuple:known`` for a known wrong tuple that earns something; ``numeric-tuple:incomplete`` where a number is
missing; ``numeric-tuple:undecided`` where an irrational number could not be compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

import msgspec

from grading.answersheet import PartKey
from grading.diagnosis import agreed_credit, diagnose
from grading.given import BLANK, OptionNames, Unreadable, invalid, is_blank, refuse, stray_name, text_of
from grading.graders import choice
from grading.graders.numeric.scale import value_of
from grading.joint import as_choice, is_about_one, outcome
from grading.keys import KeyUnusable, NumericTupleKey, Rival
from grading.parsing import NumberReadings, ParsedNumber, Refused, number_readings
from grading.parsing.language import normalise
from grading.reals import Real, order, real
from grading.text import to_unicode
from grading.verdicts import Diagnosis, ExpectedResponse, Grade, Refusal, Verdict, expected, malformed, scored
from grading.witness import Undecided, Undefined

_PIECE = re.compile(r"[^;]+")


def grade(part: PartKey, response: object) -> Grade:
    """Grade numbers ``{name: text}``, the text ``name=number; name=number``, or an option of the choice for it.

    A number that is missing makes the answer wrong; one that cannot be read makes it INVALID, and `Grade.parts` holds
    the refusal of each such field.

    >>> from grading.keys import JointCondition as Condition
    >>> key = NumericTupleKey(("a", "b"), (Condition("a + b > 1"), Condition("a*b < 1/4")), ("0.9", "0.2"))
    >>> part = PartKey("answer", key)
    >>> [grade(part, {"a": a, "b": "20 %"}).note for a in ("9/10", "0.8", "1.25")]
    ['numeric-tuple:all-hold', 'numeric-tuple:fails-1', 'numeric-tuple:fails-2']
    >>> grade(part, {"a": "x", "b": "1"}).refusal.field
    'a'
    """
    key = part.key
    assert isinstance(key, NumericTupleKey)
    if is_blank(response):
        return BLANK
    if isinstance(response, str) and key.choice and _options(part).knows(response):
        return choice.grade(as_choice(part), response)
    try:
        texts = _texts(key, response)
    except Unreadable as unreadable:
        return invalid(unreadable.refusal, response)
    fields = {name: _read(name, text, key.decimal_comma) for name, text in texts.items()}
    refused = tuple((name, field) for name, field in fields.items() if isinstance(field, Grade))
    if refused:
        return Grade(Verdict.INVALID, None, refused[0][1].note, refusal=refused[0][1].refusal, parts=refused)
    read = {name: field for name, field in fields.items() if isinstance(field, _Field)}
    if len(read) < len(key.names):
        return scored(Fraction(0), "numeric-tuple:incomplete", _shown(key, {n: f.numbers[0] for n, f in read.items()}))
    return _agreed(key, read)


class _Field(msgspec.Struct, frozen=True):
    """A number as it was read: the numbers that the text may mean, and the refusal if they must not be two."""

    numbers: tuple[ParsedNumber, ...]
    values: tuple[Real | None, ...]
    doubt: Refusal | None


def _options(part: PartKey) -> OptionNames:
    assert isinstance(part.key, NumericTupleKey)
    return OptionNames((option for option, _ in part.key.choice), part.options)


def _texts(key: NumericTupleKey, response: object) -> dict[str, str]:
    """The text of each number that was given. Raises Unreadable for what is no such answer."""
    found: dict[str, str] = {}
    for name, text in _entries(key, response):
        if name not in key.names:
            raise refuse("unknown-number", name=str(name)[:40], names=", ".join(key.names))
        if name in found:
            raise refuse("twice:number", name=str(name))
        if not is_blank(text):
            found[name] = text_of(text, "numbers")
    return {name: found[name] for name in key.names if name in found}


def _entries(key: NumericTupleKey, response: object) -> Iterator[tuple[object, object]]:
    if isinstance(response, Mapping):
        yield from response.items()
        return
    if isinstance(response, list | tuple):
        pieces = list(response)
    elif isinstance(response, str):
        pieces = _PIECE.findall(response)
        if any("=" in piece for piece in pieces):
            spelled = {normalise(name): name for name in key.names}
            for piece in pieces:
                name, _, text = piece.partition("=")
                yield spelled.get(normalise(name.strip()), name.strip()), text
            return
    else:
        raise refuse("not-numbers:kind")
    if len(pieces) != len(key.names):
        raise refuse("not-numbers:count", wanted=len(key.names), names=", ".join(key.names), given=len(pieces))
    yield from zip(key.names, pieces, strict=True)


def _read(name: str, text: str, decimal_comma: bool) -> _Field | Grade:
    """A number, or the grade of one that cannot be read."""
    try:
        readings: NumberReadings = number_readings(text, decimal_comma=decimal_comma)
        if any(parsed.unit for parsed in readings.numbers):
            raise refuse("unexpected-unit:numbers", 0, len(text))
        return _Field(readings.numbers, tuple(map(_value, readings.numbers)), readings.doubt)
    except Refused as refused:
        refusal = refused.refusal
    except Undefined as nothing:
        refusal = Refusal.of(f"no-value:{nothing.why}", 0, len(text))
    except Unreadable as unreadable:
        refusal = unreadable.refusal
    return invalid(msgspec.structs.replace(refusal, field=name), text)


def _value(parsed: ParsedNumber) -> Real | None:
    try:
        return real(parsed.expression)
    except Undecided:
        return None


def _agreed(key: NumericTupleKey, read: Mapping[str, _Field]) -> Grade:
    """The grade that all readings of the texts earn, else the refusal to choose one of them."""
    grades = []
    for places in product(*(range(len(field.numbers)) for field in read.values())):
        parsed = {name: field.numbers[k] for (name, field), k in zip(read.items(), places, strict=True)}
        values = {name: field.values[k] for (name, field), k in zip(read.items(), places, strict=True)}
        grades.append(grade_numbers(key, values, _shown(key, parsed)))
    first = grades[0]
    if any((each.verdict, each.score) != (first.verdict, first.score) for each in grades):
        doubtful = ((name, field.doubt) for name, field in read.items() if field.doubt is not None)
        refused = tuple((name, invalid(msgspec.structs.replace(doubt, field=name))) for name, doubt in doubtful)
        return Grade(Verdict.INVALID, None, refused[0][1].note, refusal=refused[0][1].refusal, parts=refused)
    if all((each.note, each.diagnoses) == (first.note, first.diagnoses) for each in grades):
        return first
    return scored(first.score or Fraction(0), "numeric-tuple:wrong", first.reading)


def _shown(key: NumericTupleKey, parsed: Mapping[str, ParsedNumber]) -> str:
    """How the texts were understood."""
    given = ((name, parsed[name]) for name in key.names if name in parsed)
    return "; ".join(f"{name} = {number.shown or to_unicode(number.expression)}" for name, number in given)


def grade_numbers(key: NumericTupleKey, numbers: Mapping[str, Real | None], reading: str = "") -> Grade:
    """Grade a value for each name. numbers: None for one that could not be computed. Raises KeyUnusable."""
    known = {name: number for name, number in numbers.items() if number is not None}
    if len(known) < len(key.names):
        return Grade(Verdict.UNDECIDED, None, "numeric-tuple:undecided", reading)
    failed, undecided = _failed(key, known)
    if not failed:
        if undecided:
            return Grade(Verdict.UNDECIDED, None, "numeric-tuple:undecided", reading)
        return scored(Fraction(1), "numeric-tuple:all-hold", reading)
    note = "numeric-tuple:fails-" + "-".join(str(place + 1) for place in failed)
    said = _said(key, failed)
    for values, rivals in _known_tuples(key):
        credit = agreed_credit(rivals)
        orders = {order(known[name], value) for name, value in zip(key.names, values, strict=True)}
        if credit and None in orders and orders <= {0, None}:
            return Grade(Verdict.UNDECIDED, None, "numeric-tuple:undecided", reading)
        if orders == {0}:
            own = diagnose(rivals)
            return scored(credit, "numeric-tuple:known" if credit else note, reading, own or said)
    return scored(Fraction(0), note, reading, said)


def _failed(key: NumericTupleKey, numbers: Mapping[str, Real]) -> tuple[dict[int, bool], bool]:
    """The places of the conditions that fail, each with whether its sides are equal; whether one is undecided.

    Those about one number come first; where one of them fails, the others are not looked at.
    """
    undecided = False
    for alone in (True, False):
        failed: dict[int, bool] = {}
        for place, condition in enumerate(key.conditions):
            if is_about_one(condition, key.names) == alone:
                found = outcome(condition, key.names, numbers)
                undecided = undecided or found.holds is None
                if found.holds is False:
                    failed[place] = found.equal
        if failed:
            return failed, undecided
    return {}, undecided


def _said(key: NumericTupleKey, failed: Mapping[int, bool]) -> tuple[Diagnosis, ...]:
    """What is said of the conditions that fail; a belief is named only where one alone fails, and not by equality."""
    found = []
    for place, equal in failed.items():
        condition = key.conditions[place]
        words = condition.equal if equal and condition.equal else condition.feedback
        if len(failed) == 1 and not equal:
            found.append(Diagnosis(condition.misconceptions, condition.title, condition.hint, words))
        else:
            found.append(Diagnosis((), feedback=words))
    return tuple(dict.fromkeys(each for each in found if each != Diagnosis(())))


def _known_tuples(key: NumericTupleKey) -> Iterator[tuple[tuple[Real, ...], list[Rival]]]:
    """The known wrong tuples, each with all rivals of this text."""
    by_value: dict[str, list[Rival]] = {}
    for rival in key.rivals:
        by_value.setdefault(rival.value, []).append(rival)
    for value, rivals in by_value.items():
        yield tuple_of(key, value), rivals


def tuple_of(key: NumericTupleKey, value: str) -> tuple[Real, ...]:
    """The numbers of a tuple of the key: ``0.9; 0.2``. Raises KeyUnusable."""
    texts = value.split(";")
    if len(texts) != len(key.names):
        raise KeyUnusable(f"the key's tuple {value!r} has not {len(key.names)} numbers")
    return tuple(value_of(text.strip()) for text in texts)


def response_of(key: NumericTupleKey, value: str) -> dict[str, str]:
    """A tuple of the key as a response, written with the decimal mark of the key.

    >>> response_of(NumericTupleKey(("a", "b"), (), ("0.9", "1/5"), decimal_comma=True), "0.9; 1/5")
    {'a': '0,9', 'b': '1/5'}
    """
    texts = (text.strip() for text in value.split(";"))
    return {
        name: text.replace(".", ",") if key.decimal_comma else text for name, text in zip(key.names, texts, strict=True)
    }


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """The sample, every known wrong tuple, one with its last number left out, nothing, a number that is none, one that
    was not asked for; and every option of the choice that stands for it.
    """
    key = part.key
    assert isinstance(key, NumericTupleKey)
    sample = response_of(key, "; ".join(key.sample))
    credits: dict[str, set[Fraction]] = {}
    for rival in key.rivals:
        credits.setdefault(rival.value, set()).add(rival.credit)
    last = key.names[-1]
    found = [expected(sample, 1)]
    found += [expected(response_of(key, v), c.pop() if len(c) == 1 else 0) for v, c in credits.items()]
    if len(key.names) > 1:
        found.append(expected({name: text for name, text in sample.items() if name != last}, 0))
    found += [expected({}, 0), malformed({**sample, last: "abc"}), malformed({**sample, stray_name(key.names): "1"})]
    options = choice.canonical_responses(as_choice(part))[:-2] if key.choice else ()
    return (*found, *options)
