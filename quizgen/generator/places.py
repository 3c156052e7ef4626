"""Which places of a sentence a draw is about, and what a named draw shows there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from quizgen.objective.masked import MaskedSentence, masked_sentence

if TYPE_CHECKING:
    from quizgen.sampling.masks import Positions
    from quizgen.sampling.sentences import CorpusSentence


def behind_prefixes(words: int, lengths: tuple[int, int]) -> tuple[Positions, ...]:
    """The positions behind each prefix of so many words, from the least to the most, that leaves a word.

    >>> behind_prefixes(4, (0, 2))
    ((1, 2, 3, 4), (2, 3, 4), (3, 4))
    """
    return tuple(tuple(range(k + 1, words + 1)) for k in range(lengths[0], min(lengths[1], words - 1) + 1))


def shown_instead(sentence: CorpusSentence, positions: Positions, shown: Iterable[Any]) -> MaskedSentence:
    """The sentence that a generator made: what a named draw shows at each of the positions.

    Raises ValueError where it speaks of other positions.
    """
    words = {int(position): str(word) for position, word in shown}
    if tuple(sorted(words)) != positions:
        raise ValueError("`corruption` says what stands at each of the masks, and at no other place")
    return masked_sentence(sentence.tokens, words, decides=True)
