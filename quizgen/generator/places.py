"""Which places of a sentence a draw is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizgen.sampling.masks import Positions


def behind_prefixes(words: int, lengths: tuple[int, int]) -> tuple[Positions, ...]:
    """The positions behind each prefix of so many words, from the least to the most, that leaves a word.

    >>> behind_prefixes(4, (0, 2))
    ((1, 2, 3, 4), (2, 3, 4), (3, 4))
    """
    return tuple(tuple(range(k + 1, words + 1)) for k in range(lengths[0], min(lengths[1], words - 1) + 1))
