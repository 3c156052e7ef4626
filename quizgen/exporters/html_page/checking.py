"""What the script of a practice page needs to check answers: data, no markup.

Feedback stands in the page as hidden elements; the data only name them by ``when``, the answer that they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from quizgen.exporters.accepted_numbers import AcceptedNumbers, accepted_numbers, printed
from quizgen.exporters.accepted_texts import known_texts
from quizgen.exporters.html_page.joint_checking import explained_tuples, joint_checking
from quizgen.exporters.rendering.decimals import DIGITS, written


def is_checked(key: Key) -> bool:
    """Whether the page marks a part; it does not with formulas, essays, and numbers whose digits count."""
    if isinstance(key, NumericKey):
        return key.digits is None
    return not isinstance(key, SymbolicKey | EssayKey)


def checking_data(part_key: PartKey) -> dict[str, Any] | None:
    """How the page marks one part; None if it cannot."""
    key = part_key.key
    if not is_checked(key):
        return None
    weight = _share(part_key.weight)
    match key:
        case ChoiceKey():
            credits = {key.correct: 1.0} | {rival.value: _share(rival.credit) for rival in key.rivals}
            return {"weight": weight, "credits": credits}
        case MultipleAnswerKey():
            correct, options = list(key.correct), list(key.options)
            return {"weight": weight, "correct": correct, "options": options, "scoring": key.scoring}
        case NumericKey():
            numbers = [_number(index, entry) for index, entry in enumerate(accepted_numbers(key))]
            return {"weight": weight, "numbers": numbers, "comma": key.decimal_comma, "unit": key.unit}
        case NumericTupleKey():
            return {"weight": weight, "comma": key.decimal_comma, **joint_checking(key)}
        case TextKey():
            answers = [{"text": text, "credit": 1.0, "when": ""} for text in key.accepted]
            answers += [
                {"text": rival.value, "credit": _share(credit), "when": rival.value}
                for rival, credit in known_texts(key)
            ]
            tokens = key.comparison == "tokens"
            return {"weight": weight, "texts": answers, "tokens": tokens, "case": key.case_sensitive}
        case MatchingKey():
            return {"weight": weight, "pairs": dict(key.pairs)}
        case OrderingKey():
            return {"weight": weight, "order": list(key.order), "scoring": key.scoring}
    raise TypeError(f"not a key: {key!r}")


def explained_answers(part_key: PartKey) -> Iterator[tuple[str, tuple[Rival, ...], str]]:
    """(when, known wrong answers, note of a band) for each answer of a part that has feedback.

    when: an option id, ``left=right``, ids joined by a space, a wording, the number of an interval, or of several
    numbers a known tuple, ``fails 2`` or ``equal 2`` for the second condition.
    """
    key = part_key.key
    if isinstance(key, NumericKey):
        if key.digits is not None:
            return
        for index, entry in enumerate(accepted_numbers(key)):
            if entry.rivals or entry.band:
                yield str(index), entry.rivals, entry.band
    elif isinstance(key, NumericTupleKey):
        yield from explained_tuples(key)
    elif not isinstance(key, EssayKey | SymbolicKey):
        for rival in key.rivals:
            yield rival.value, (rival,), ""


def _number(index: int, entry: AcceptedNumbers) -> dict[str, Any]:
    middle, radius = printed(entry)
    found = {"middle": middle, "radius": radius, "credit": _share(entry.credit), "when": str(index)}
    return found if entry.boundary else {**found, "radius": _within(entry, middle, radius), "open": True}


def _within(entry: AcceptedNumbers, middle: str, radius: str) -> str:
    """The radius of an interval without its ends, where the middle was rounded: no end is inside.

    >>> third = AcceptedNumbers(Fraction(1, 3), Fraction(1, 300), Fraction(1), boundary=False)
    >>> printed(third)[1], _within(third, *printed(third))
    ('0.0033333333333333333367', '0.00333333333333333333')
    """
    places = max(DIGITS, len(radius.partition(".")[2]))
    reach = (entry.radius - abs(Fraction(middle) - entry.middle)) * 10**places
    return written(max(0, reach.numerator // reach.denominator), places)


def _share(credit: Fraction) -> float:
    """A share for showing; ten places are the same on every machine."""
    return _quotient(*credit.as_integer_ratio())


@lru_cache(maxsize=1024)
def _quotient(above: int, below: int) -> float:
    return round(above / below, 10)
