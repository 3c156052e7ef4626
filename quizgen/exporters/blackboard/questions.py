"""One part of an item as one line of Blackboard's upload file, kind by kind."""

from __future__ import annotations

from fractions import Fraction

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    SymbolicKey,
    TextKey,
)
from quizgen.exporters.accepted_numbers import AcceptedNumbers, full_mark_numbers, narrowed, printed
from quizgen.exporters.accepted_texts import accepted_texts
from quizgen.exporters.blackboard import text as field
from quizgen.model import MatchingInteraction, Option, OrderingInteraction, TrueFalseInteraction, WorkedKey


def part_row(question: str, interaction: object, part_key: PartKey, key: WorkedKey) -> bytes:
    """The line of a part. question: its text as HTML. key: of the item, for its worked solution."""
    return field.row(_fields(question, interaction, part_key, key))


def _fields(question: str, interaction: object, part_key: PartKey, key: WorkedKey) -> list[str]:
    match part_key.key:
        case ChoiceKey(correct) if isinstance(interaction, TrueFalseInteraction):
            return ["TF", question, correct]
        case ChoiceKey(correct):
            return ["MC", question, *_marked(interaction, (correct,))]
        case MultipleAnswerKey(correct):
            return ["MA", question, *_marked(interaction, correct)]
        case NumericKey() as number:
            return ["NUM", question, *printed(right_numbers(number))]
        case TextKey() as wording:
            return ["FIB", question, *right_texts(wording)]
        case MatchingKey(pairs):
            assert isinstance(interaction, MatchingInteraction)
            texts = {one.id: field.inline(one.content) for one in interaction.right}
            lefts = {one.id: field.inline(one.content) for one in interaction.left}
            return ["MAT", question, *(side for left, right in pairs for side in (lefts[left], texts[right]))]
        case OrderingKey(order):
            assert isinstance(interaction, OrderingInteraction)
            texts = {one.id: field.inline(one.content) for one in interaction.entries}
            return ["ORD", question, *(texts[id_] for id_ in order)]
        case SymbolicKey(value):
            return ["SR", question, field.text(field.typed(value))]
        case EssayKey():
            return ["ESS", question, *([field.blocks(key.solution)] if key.solution else [])]
    raise TypeError(f"not a key: {part_key.key!r}")


def _marked(interaction: object, correct: tuple[str, ...]) -> list[str]:
    options: tuple[Option, ...] = getattr(interaction, "options", ())
    return [
        said
        for option in options
        for said in (field.inline(option.content), "correct" if option.id in correct else "incorrect")
    ]


def all_right(key: NumericKey) -> list[AcceptedNumbers]:
    """What earns all points."""
    return [narrowed(entry) for entry in full_mark_numbers(key)]


def right_numbers(key: NumericKey) -> AcceptedNumbers:
    """The interval from the least to the greatest number that earns all points.

    >>> from grading.keys import Tolerance
    >>> found = right_numbers(NumericKey("2", Tolerance("absolute", Fraction(1, 10))))
    >>> printed(found)
    ('2', '0.1')
    """
    entries = all_right(key)
    low = min(entry.middle - entry.radius for entry in entries)
    high = max(entry.middle + entry.radius for entry in entries)
    return AcceptedNumbers((low + high) / 2, (high - low) / 2, Fraction(1))


def right_texts(key: TextKey) -> list[str]:
    """The wordings that earn all points, each once."""
    return list(dict.fromkeys(field.typed(text) for text, credit, _ in accepted_texts(key) if credit == 1))
