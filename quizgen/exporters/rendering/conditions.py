"""Several numbers that are judged together, as people read them: tuples, conditions, what is said where they fail."""

from __future__ import annotations

from collections.abc import Iterator

from grading.expressions import Symbol
from grading.graders.numeric_tuple import response_of
from grading.joint import links_of
from grading.keys import JointCondition, NumericTupleKey, Rival
from grading.text import to_unicode
from quizgen.exporters.rendering.wording import Wording

_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}


def condition_text(condition: JointCondition, key: NumericTupleKey) -> str:
    """A condition in Unicode.

    >>> key = NumericTupleKey(("b_1", "b_2"), (), ("0.9", "0.2"), decimal_comma=True)
    >>> condition_text(JointCondition("0 < b_1*b_2 <= 0.25"), key)
    '0 < b₁·b₂ ≤ 0,25'
    """
    links = links_of(condition.holds, key.names)
    sides = (links[0].left, *(link.right for link in links))
    first, *others = (to_unicode(side, decimal_comma=key.decimal_comma) for side in sides)
    signs = (_SIGNS.get(link.sign, link.sign) for link in links)
    return first + "".join(f" {sign} {side}" for sign, side in zip(signs, others, strict=True))


def tuple_text(value: str, key: NumericTupleKey) -> str:
    """A tuple of a key with the names of its numbers.

    >>> tuple_text("0.9; -1/5", NumericTupleKey(("b_1", "b_2"), (), ("0.9", "0.2")))
    'b₁ = 0.9; b₂ = −1/5'
    """
    shown = response_of(key, value).items()
    return "; ".join(f"{name_text(name)} = {number.replace('-', '−')}" for name, number in shown)


def name_text(name: str) -> str:
    """The name of a number in Unicode."""
    return to_unicode(Symbol(name))


def tuple_key(key: NumericTupleKey, words: Wording) -> str:
    """What is right, and one right tuple for example."""
    conditions = ", ".join(condition_text(condition, key) for condition in key.conditions)
    return words("tuple-right", conditions=conditions, sample=tuple_text("; ".join(key.sample), key))


def conditions_told(key: NumericTupleKey) -> Iterator[tuple[str, Rival]]:
    """(``fails 2`` or ``equal 2`` for the second condition, what is believed and said) where something is said."""
    for place, condition in enumerate(key.conditions, 1):
        if condition.feedback:
            ids, title, hint = condition.misconceptions, condition.title, condition.hint
            yield f"fails {place}", Rival("", ids, title=title, hint=hint, feedback=condition.feedback)
        if condition.equal:
            yield f"equal {place}", Rival("", feedback=condition.equal)


def named_tuple(when: str, key: NumericTupleKey, words: Wording) -> str:
    """A known tuple, or the condition that fails, as a teacher reads it."""
    how, _, place = when.partition(" ")
    if how in ("fails", "equal"):
        return words(f"tuple-{how}", condition=condition_text(key.conditions[int(place) - 1], key))
    return tuple_text(when, key)
