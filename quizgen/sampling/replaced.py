"""What a generator puts in the place of masked words: mostly other words that fit there, sometimes the same ones."""

from __future__ import annotations

from collections.abc import Sequence

from quizgen.objective.masked import Branch, MaskedSentence
from quizgen.sampling.draws import Stream
from quizgen.sampling.sentences import CorpusSentence


def replaced_tokens(
    sentence: CorpusSentence, positions: Sequence[int], stream: Stream, restored: int = 1
) -> MaskedSentence:
    """The sentence with a filler of the corpus at the selected content words (ascending), which is to be judged.

    restored: at so many of them, which are drawn, the generator found the original word.
    Raises ValueError for more than there are, and where the corpus has no filler.

    >>> from quizgen.sampling.draws import Source
    >>> from quizgen.sampling.sentences import Maskable
    >>> words = (Maskable(2, "cat", "NOUN", ("owl",)), Maskable(5, "dog", "NOUN", ("cow",)))
    >>> cat = CorpusSentence("cat-dog", ("The", "cat", "saw", "the", "dog"), maskable=words)
    >>> replaced_tokens(cat, (2, 5), Source(2).stream("t", 0, 0, "generator")).corrupted
    ('[CLS]', 'The', 'cat', 'saw', 'the', 'cow')
    """
    if restored > len(positions):
        raise ValueError(f"{restored} words cannot be restored, only {len(positions)} are masked")
    kept = set(stream.sample(tuple(positions), restored))
    shown = list(sentence.tokens)
    for position in positions:
        if position not in kept:
            shown[position] = stream.choice(sentence.at(position).fillers)
    branches: list[Branch] = ["keep" if position in kept else "random" for position in positions]
    return MaskedSentence(sentence.tokens, tuple(shown), tuple(positions), tuple(branches), decides=True)
