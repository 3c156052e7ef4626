"""Ordering: the share of entries that stand at their right place, or all or nothing."""

from __future__ import annotations

from fractions import Fraction

from grading.answersheet import PartKey
from grading.diagnosis import diagnose
from grading.given import BLANK, OptionNames, Unreadable, invalid, is_blank, names_in, refuse, stray_name
from grading.keys import OrderingKey
from grading.verdicts import ExpectedResponse, Grade, expected, malformed, scored


def grade(part: PartKey, response: object) -> Grade:
    """Grade an order of all entries by id or printed text; a text lists them with ``;``.

    An order that leaves an entry out, names one twice or one that does not exist is INVALID: nobody can know
    where the others were meant to stand. Rivals (ids joined by a space) name diagnoses only.

    >>> part = PartKey("answer", OrderingKey(("a", "b", "c")))
    >>> grade(part, ["a", "c", "b"]).note, grade(part, ["a", "b"]).note
    ('ordering:1-of-3', 'invalid:incomplete-order')
    """
    key = part.key
    assert isinstance(key, OrderingKey)
    if is_blank(response):
        return BLANK
    names = OptionNames(key.order, part.options)
    try:
        order = [names.find(name) for name in names_in(response, "order")]
        if len(set(order)) < len(order):
            twice = next(entry for place, entry in enumerate(order) if entry in order[:place])
            raise refuse("twice:order", name=names.text(twice))
        if len(order) < len(key.order):
            missing = next(entry for entry in key.order if entry not in order)
            raise refuse("incomplete-order", name=names.text(missing))
    except Unreadable as unreadable:
        return invalid(unreadable.refusal, response)
    hits = sum(given == right for given, right in zip(order, key.order, strict=True))
    whole = key.scoring == "all-or-nothing"
    score = Fraction(int(hits == len(order))) if whole else Fraction(hits, len(order))
    rivals = [rival for rival in key.rivals if rival.value.split() == order and hits < len(order)]
    reading = "; ".join(names.text(entry) for entry in order)
    return scored(score, f"ordering:{hits}-of-{len(order)}", reading, diagnose(rivals))


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """The right order, the last two swapped, every entry moved on by one, nothing, one missing, one that is none."""
    key = part.key
    assert isinstance(key, OrderingKey)
    order, total = list(key.order), len(key.order)
    found = [expected(order, 1)]
    if total > 1:
        partial = Fraction(total - 2, total) if key.scoring == "per-position" else Fraction(0)
        found.append(expected([*order[:-2], order[-1], order[-2]], partial))
        found.append(expected([*order[1:], order[0]], 0))
        found.append(malformed(order[1:]))
    return (*found, expected([], 0), malformed([*order[:-1], stray_name([*order, *dict(part.options).values()])]))
