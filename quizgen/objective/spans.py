"""Span corruption: the source with a sentinel for each dropped span, and the target that lists what was dropped."""

from __future__ import annotations

from typing import Literal

from .masked import MaskedSentence

Sequence = Literal["corrupted", "source", "target"]
"""A token sequence that a sentence is turned into: x̄ with [MASK], or the input and the output of span corruption."""

Span = tuple[int, int]
"""First and last position."""

SENTINELS = tuple(f"[{letter}]" for letter in "XYZUVWABCDEFGHIJKLMNOPQRST")


def spans_of(positions: tuple[int, ...]) -> tuple[Span, ...]:
    """The stretches of neighbours that ascending positions form.

    >>> spans_of((2, 3, 4, 7))
    ((2, 4), (7, 7))
    """
    spans: list[Span] = []
    for position in positions:
        if spans and spans[-1][1] == position - 1:
            spans[-1] = (spans[-1][0], position)
        else:
            spans.append((position, position))
    return tuple(spans)


def sequence_of(masked: MaskedSentence, sequence: Sequence, spans: tuple[Span, ...] | None = None) -> tuple[str, ...]:
    """The tokens of a sequence. spans: what is dropped together; None: neighbouring selected words.

    Raises ValueError for more spans than there are sentinels.

    >>> from .masked import masked_sentence
    >>> words = ("[CLS]", "the", "sky", "is", "blue")
    >>> dropped = masked_sentence(words, dict.fromkeys((1, 2, 4), "[MASK]"))
    >>> " ".join(sequence_of(dropped, "source")), " ".join(sequence_of(dropped, "target"))
    ('[X] is [Y]', '[X] the sky [Y] blue [Z]')
    """
    if sequence == "corrupted":
        return masked.corrupted
    dropped = spans_of(masked.selected) if spans is None else spans
    if len(dropped) >= len(SENTINELS):
        raise ValueError(f"{len(dropped)} spans need {len(dropped) + 1} sentinels; there are {len(SENTINELS)}")
    words = masked.tokens
    if sequence == "target":
        parts = [(SENTINELS[number], *words[first : last + 1]) for number, (first, last) in enumerate(dropped)]
        return (*(token for part in parts for token in part), SENTINELS[len(dropped)])
    shown: list[str] = []
    behind = 1
    for number, (first, last) in enumerate(dropped):
        shown += [*words[behind:first], SENTINELS[number]]
        behind = last + 1
    return (*shown, *words[behind:])
