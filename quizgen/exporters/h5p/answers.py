"""Which texts a blank of a fill-in question takes: H5P compares what was typed with a list, character by character."""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_uppercase

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, Key, NumericKey, TextKey
from quizgen.exporters.accepted_texts import accepted_texts
from quizgen.exporters.h5p.markup import SIGNS
from quizgen.exporters.listed_numbers import right_decimals
from quizgen.model import Option, Part


def solutions(part: Part, key: Key) -> tuple[str, ...]:
    """What is right in a blank, the preferred answer first; () if a blank cannot hold any of it."""
    match key:
        case ChoiceKey(correct):
            options: tuple[Option, ...] = getattr(part.interaction, "options", ())
            places = [option.id for option in options]
            if correct not in places or len(places) > len(ascii_uppercase):
                return ()
            letter = ascii_uppercase[places.index(correct)]
            return letter, letter.lower()
        case NumericKey():
            return right_decimals(key).texts
        case TextKey():
            return tuple(answer for answer in right_texts(key) if not set(answer) & set(SIGNS))
    return ()


def fits_blanks(parts: Iterable[Part], keys: Iterable[PartKey]) -> bool:
    """Whether every part has an answer that a blank can hold."""
    return all(solutions(part, part_key.key) for part, part_key in zip(parts, keys, strict=True))


def right_texts(key: TextKey) -> tuple[str, ...]:
    """The wordings that earn all points, each once."""
    return tuple(answer for answer, credit, _ in accepted_texts(key) if credit == 1)
