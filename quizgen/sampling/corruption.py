"""What the model gets to see at selected positions: [MASK], a random word, or the word itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm

import msgspec

from grading.expressions import MASK
from quizgen.objective.masked import Branch, MaskedSentence
from quizgen.sampling.draws import Stream
from quizgen.sampling.probabilities import HUNDREDTHS
from quizgen.sampling.sentences import CorpusSentence

BRANCHES: tuple[Branch, Branch, Branch] = ("mask", "random", "keep")


class Scheme(msgspec.Struct, frozen=True, dict=True):
    """Probabilities of the three branches of a selected token; they add up to 1.

    >>> BERT.weights
    (8, 1, 1)
    """

    mask: Fraction
    random: Fraction
    keep: Fraction

    def __post_init__(self) -> None:
        shares = (self.mask, self.random, self.keep)
        if min(shares) < 0 or sum(shares) != 1:
            raise ValueError(f"the branches {', '.join(map(str, shares))} are not probabilities that add up to 1")

    @cached_property
    def weights(self) -> tuple[int, int, int]:
        """The same as whole numbers."""
        common = lcm(self.mask.denominator, self.random.denominator, self.keep.denominator)
        return int(self.mask * common), int(self.random * common), int(self.keep * common)

    @cached_property
    def cuts(self) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Where the branches begin and end in [0, 1)."""
        return Fraction(0), self.mask, self.mask + self.random, Fraction(1)

    @cached_property
    def upper_cuts(self) -> tuple[tuple[Branch, tuple[int, int]], ...]:
        """Where the first two branches end, as numerator and denominator."""
        _, random, keep, _ = self.cuts
        return ("mask", random.as_integer_ratio()), ("random", keep.as_integer_ratio())

    @cached_property
    def tempting(self) -> tuple[Branch, ...]:
        """What an unselected word may seem to become, so far as the scheme has it."""
        shares: tuple[tuple[Branch, Fraction], ...] = (("mask", self.mask), ("keep", self.keep))
        return tuple(branch for branch, share in shares if share)

    @cached_property
    def hundredths(self) -> Mapping[Branch, range]:
        """The numbers of two decimals that stand for each branch, in hundredths, none of them at a boundary."""
        return {branch: _between(*self.cuts[index : index + 2]) for index, branch in enumerate(BRANCHES)}


class UnitDraw(msgspec.Struct, frozen=True, gc=False):
    """The two numbers in [0, 1) that a corruption draws for a word: selected if u is below the rate; v: the branch."""

    u: Fraction
    v: Fraction


BERT = Scheme(Fraction(8, 10), Fraction(1, 10), Fraction(1, 10))
ALL_MASKED = Scheme(Fraction(1), Fraction(0), Fraction(0))


def vocabulary(sentences: Iterable[CorpusSentence]) -> tuple[str, ...]:
    """The words that a random replacement is drawn from: all words and fillers of sentences of one language, each once.

    Words at the beginning of a sentence are left out: their capital would give a replacement away.
    """
    words: dict[str, None] = {}
    for sentence in sentences:
        words.update(dict.fromkeys(sentence.words[1:]))
        for entry in sentence.maskable:
            if entry.position > 1:
                words.update(dict.fromkeys(entry.fillers))
    return tuple(words)


def corrupt(
    sentence: CorpusSentence,
    positions: Sequence[int],
    stream: Stream,
    scheme: Scheme = ALL_MASKED,
    vocabulary: Sequence[str] = (),
) -> MaskedSentence:
    """The sentence with the selected positions (ascending) corrupted, a branch drawn for each.

    vocabulary: what random words are drawn from, uniformly; one may hit the original, as in training.

    >>> from quizgen.sampling.draws import Source
    >>> cat = CorpusSentence("cat-mat", ("The", "cat", "sat", "on", "the", "mat"))
    >>> " ".join(corrupt(cat, (2, 6), Source(1).stream("t", 0, 0, "corruption")).corrupted)
    '[CLS] The [MASK] sat on the [MASK]'
    """
    if scheme.mask == 1:
        return all_masked(sentence, positions)
    weights = scheme.weights
    branches = {position: BRANCHES[stream.weighted(weights)] for position in positions}
    return corrupt_as(sentence, branches, stream, vocabulary)


def all_masked(sentence: CorpusSentence, positions: Sequence[int]) -> MaskedSentence:
    """The sentence with [MASK] at every selected position (ascending); nothing is drawn."""
    return _all_masked(sentence.tokens, tuple(positions))


@lru_cache(maxsize=4096)
def _all_masked(tokens: tuple[str, ...], positions: tuple[int, ...]) -> MaskedSentence:
    """One object for all questions about the same words: what is derived from it is kept with it."""
    shown = list(tokens)
    for position in positions:
        shown[position] = MASK
    branches: list[Branch] = ["mask"] * len(positions)
    return MaskedSentence(tokens, tuple(shown), positions, tuple(branches))


def corrupt_as(
    sentence: CorpusSentence,
    branches: Mapping[int, Branch],
    stream: Stream,
    vocabulary: Sequence[str] = (),
    *,
    may_hit_original: bool = True,
) -> MaskedSentence:
    """The sentence with a given branch at each selected position; only random words are drawn.

    may_hit_original: whether a random word may be the one that stood there; if not, it differs visibly.
    Raises ValueError if a random word is needed and the vocabulary has none.
    """
    selected = tuple(sorted(branches))
    shown = list(sentence.tokens)
    for position in selected:
        if branches[position] == "mask":
            shown[position] = MASK
        elif branches[position] == "random":
            words = vocabulary if may_hit_original else _others(vocabulary, shown[position])
            if not words:
                raise ValueError("a random replacement needs a vocabulary with another word; give one")
            shown[position] = stream.choice(words)
    return MaskedSentence(sentence.tokens, tuple(shown), selected, tuple(branches[position] for position in selected))


def corrupt_mixed(
    sentence: CorpusSentence,
    positions: Sequence[int],
    mixture: tuple[int, int, int],
    stream: Stream,
    vocabulary: Sequence[str] = (),
) -> MaskedSentence:
    """The sentence with so many of the positions masked, random and kept; which of them is drawn.

    A random word is visibly another one. Raises ValueError if the mixture has not as many as there are positions.
    """
    if sum(mixture) != len(positions):
        raise ValueError(f"the corruption is for {sum(mixture)} selected words, but {len(positions)} are selected")
    branches = [branch for branch, count in zip(BRANCHES, mixture, strict=True) for _ in range(count)]
    drawn: dict[int, Branch] = dict(zip(positions, stream.shuffle(branches), strict=True))
    return corrupt_as(sentence, drawn, stream, _others_of(vocabulary, sentence))


def _others_of(vocabulary: Sequence[str], sentence: CorpusSentence) -> tuple[str, ...]:
    """Without the words of the sentence, which would look like one of them."""
    place = id(vocabulary), id(sentence)
    kept = _OTHERS.get(place)
    if kept is not None and kept[0] is vocabulary and kept[1] is sentence:
        return kept[2]
    there = {word.casefold() for word in sentence.words}
    others = tuple(word for word, folded in _folded(tuple(vocabulary)) if folded not in there)
    if isinstance(vocabulary, tuple):  # a list may have other words the next time
        if len(_OTHERS) >= MOST_OTHERS:
            _OTHERS.clear()
        _OTHERS[place] = vocabulary, sentence, others
    return others


MOST_OTHERS = 256
_OTHERS: dict[tuple[int, int], tuple[Sequence[str], CorpusSentence, tuple[str, ...]]] = {}
"""What is left of a vocabulary, kept by it and the sentence themselves: to hash a thousand words takes longer."""


@lru_cache(maxsize=64)
def _folded(vocabulary: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each word with what it is compared by."""
    return tuple((word, word.casefold()) for word in vocabulary)


def branch_of(draw: UnitDraw, scheme: Scheme = BERT) -> Branch:
    """The branch that v stands for.

    >>> branch_of(UnitDraw(Fraction(1, 10), Fraction(85, 100)))
    'random'
    """
    above, below = draw.v.as_integer_ratio()
    for branch, (cut, of) in scheme.upper_cuts:
        if above * of < cut * below:
            return branch
    return "keep"


def _others(vocabulary: Sequence[str], word: str) -> tuple[str, ...]:
    here = word.casefold()
    return tuple(other for other, folded in _folded(tuple(vocabulary)) if folded != here)


def unit_draws(
    masked: MaskedSentence, stream: Stream, rate: Fraction = Fraction(15, 100), scheme: Scheme = BERT
) -> tuple[UnitDraw, ...]:
    """Numbers u and v for each word 1..m that lead to just this corruption; two decimals, none at a boundary.

    Two unselected words (if there are so many) show v as if one became [MASK] and one were kept, so that v alone
    does not tell which words are selected. Raises ValueError where two decimals leave no room for a branch.
    """
    branches: dict[int, Branch] = dict(zip(masked.selected, masked.branches, strict=True))
    of_selected, of_others = _sides(*rate.as_integer_ratio())
    bait = dict(zip(stream.shuffle(masked.unselected), scheme.tempting, strict=False))
    draws: list[UnitDraw] = []
    for position in range(1, masked.m + 1):
        u = _hundredth(stream, of_selected if position in branches else of_others)
        branch = branches.get(position) or bait.get(position) or BRANCHES[stream.weighted(scheme.weights)]
        draws.append(UnitDraw(u, _hundredth(stream, scheme.hundredths[branch])))
    return tuple(draws)


@lru_cache(maxsize=16)
def _sides(above: int, below: int) -> tuple[range, range]:
    """The hundredths on both sides of a number from 0 to 1, without the number itself."""
    return _between(Fraction(0), Fraction(above, below)), _between(Fraction(above, below), Fraction(1))


def _between(low: Fraction, high: Fraction) -> range:
    """The hundredths strictly between the bounds, which lie from 0 to 1."""
    return range(100 * low.numerator // low.denominator + 1, -(-100 * high.numerator // high.denominator))


def _hundredth(stream: Stream, among: range) -> Fraction:
    if not among:
        raise ValueError(f"there is no number of two decimals between {among.start - 1} and {among.stop} hundredths")
    return HUNDREDTHS[among[stream.below(len(among))]]
