"""Which positions of a sentence are selected, A(x): a fixed number, each by chance, or whole spans.

A rule together with a sentence gives a space of position sets. It is enumerated where it is small, which it is for
any sentence that fits into a question; then each admissible set has exactly its probability under the rule, given
the constraints, and a rule that no set can meet says which constraint excludes how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache, lru_cache, partial
from itertools import combinations, pairwise, product
from math import comb, lcm, prod
from typing import Literal

import msgspec

from quizgen.sampling.draws import Stream
from quizgen.sampling.sentences import CorpusSentence
from quizgen.sampling.spaces import Constraint, Space, try_to_draw

Positions = tuple[int, ...]
Among = Literal["content", "function", "all"]
"""Content words are the maskable ones of the corpus, function words the others; all words are 1..m. [CLS] is never
selected."""

ENUMERABLE = 5000
"""Sets. Above it a rule is drawn from directly, and constraints are met by bounded attempts."""


MOST_SPANS, LONGEST_SPAN = 4, 12
"""So that all combinations of lengths can be listed."""


class MaskConstraint(msgspec.Struct, frozen=True):
    """A named condition on the selected positions (ascending) of a sentence."""

    name: str
    holds: Callable[[CorpusSentence, Positions], bool]


def _no_visible_duplicate(sentence: CorpusSentence, positions: Positions) -> bool:
    chosen = set(positions)
    return all(not chosen.intersection(places) or chosen.issuperset(places) for places in sentence.duplicates.values())


def _words(sentence: CorpusSentence, positions: Positions) -> set[str]:
    return {sentence.tokens[position].casefold() for position in positions}


NO_VISIBLE_DUPLICATE = MaskConstraint("no-visible-duplicate", _no_visible_duplicate)
"""No selected word stands elsewhere in plain sight, where it would give the answer away."""

DIFFERENT_WORDS = MaskConstraint("different-words", lambda s, a: len(_words(s, a)) == len(a))
EQUAL_WORDS = MaskConstraint("equal-words", lambda s, a: len(_words(s, a)) == 1)
NOT_ADJACENT = MaskConstraint("not-adjacent", lambda s, a: all(j - i > 1 for i, j in pairwise(a)))
VISIBLE_TO_THE_RIGHT = MaskConstraint("visible-to-the-right", lambda s, a: not a or a[-1] < len(s.words))
"""Every selected word has a visible one to its right, so that left context is not all there is."""
VISIBLE_TO_THE_LEFT = MaskConstraint("visible-to-the-left", lambda s, a: not a or a[0] > 1)
THE_LAST_WORD = MaskConstraint("the-last-word", lambda s, a: bool(a) and a[-1] == len(s.words))


def _one_copy_before(sentence: CorpusSentence, positions: Positions) -> bool:
    touched = [places for places in sentence.duplicates.values() if set(places).intersection(positions)]
    return len(touched) == 1 and len(touched[0]) == 2 and touched[0][1] in positions and touched[0][0] not in positions


ONE_COPY_BEFORE = MaskConstraint("one-copy-before", _one_copy_before)
"""One of the selected words is the second of two equal ones, of which the first is visible; no other stands twice."""
NOT_THE_FIRST_WORDS = MaskConstraint("not-the-first-words", lambda s, a: a != tuple(range(1, len(a) + 1)))
"""Not 1..n, where the numbers of the masks are their positions."""
NOT_FROM_THE_SECOND_WORD = MaskConstraint("not-from-the-second-word", lambda s, a: a != tuple(range(2, len(a) + 2)))
"""Not 2..n+1, where numbering the masks is the same mistake as counting from 0."""
ROOM_TO_SHIFT_LEFT = MaskConstraint("room-to-shift-left", lambda s, a: 1 not in a)
"""Counting from 0 names words, not [CLS]."""
NOT_ALL = MaskConstraint("not-all", lambda s, a: len(a) < len(s.words))

CONSTRAINTS = {
    constraint.name: constraint
    for constraint in (
        NO_VISIBLE_DUPLICATE,
        DIFFERENT_WORDS,
        EQUAL_WORDS,
        NOT_ADJACENT,
        VISIBLE_TO_THE_RIGHT,
        VISIBLE_TO_THE_LEFT,
        THE_LAST_WORD,
        ONE_COPY_BEFORE,
        NOT_THE_FIRST_WORDS,
        NOT_FROM_THE_SECOND_WORD,
        ROOM_TO_SHIFT_LEFT,
        NOT_ALL,
    )
}
"""By the names that templates use."""

_SOMETHING_SELECTED = MaskConstraint("something-selected", lambda s, a: bool(a))


class Count(msgspec.Struct, frozen=True):
    """Exactly `count` positions, every admissible set equally likely."""

    count: int
    among: Among = "content"
    constraints: tuple[MaskConstraint, ...] = (NO_VISIBLE_DUPLICATE,)

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"cannot select {self.count} words; the count must be at least 1")


class Bernoulli(msgspec.Struct, frozen=True):
    """Every word by itself with probability `rate` (0.15 in BERT's collators).

    none: whether no word at all may be selected (``allow``), or such a draw is made again (``redraw``).
    """

    rate: Fraction
    none: Literal["allow", "redraw"]
    among: Among = "all"
    constraints: tuple[MaskConstraint, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise ValueError(f"the selection rate {self.rate} is not between 0 and 1")


def geometric_lengths(p: Fraction = Fraction(1, 5), longest: int = 10) -> tuple[int, ...]:
    """Whole-number weights of the lengths 1..longest: geometric with success probability p, cut off and rescaled.

    The default is SpanBERT's; its mean is 3.797.

    >>> geometric_lengths(Fraction(1, 2), 3)
    (4, 2, 1)
    """
    if not 0 < p <= 1 or longest < 1:
        raise ValueError(f"span lengths need 0 < p ≤ 1 and longest ≥ 1, not p = {p} and longest = {longest}")
    fail, whole = p.denominator - p.numerator, p.denominator
    return tuple(fail ** (length - 1) * whole ** (longest - length) for length in range(1, longest + 1))


class Spans(msgspec.Struct, frozen=True):
    """`count` spans of neighbouring words, at least one visible word between two and one in the whole sentence.

    lengths: weights of the lengths 1, 2, …. The lengths are drawn independently, given that they fit; then every
    way to place them is equally likely.
    """

    count: int = 1
    lengths: tuple[int, ...] = geometric_lengths()
    constraints: tuple[MaskConstraint, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_SPANS:
            raise ValueError(f"cannot draw {self.count} spans; the count must lie between 1 and {MOST_SPANS}")
        if min(self.lengths, default=0) < 0 or not any(self.lengths) or len(self.lengths) > LONGEST_SPAN:
            raise ValueError(f"the lengths of spans need 1 to {LONGEST_SPAN} weights, none negative and not all 0")


MaskRule = Count | Bernoulli | Spans


def draw_masks(sentence: CorpusSentence, rule: MaskRule, stream: Stream) -> Positions:
    """The selected positions, ascending. `CannotDraw` if no set meets the rule and its constraints.

    >>> from quizgen.sampling.draws import Source
    >>> cat = CorpusSentence("cat-mat", ("The", "cat", "sat", "on", "the", "mat"))
    >>> draw_masks(cat, Count(2, among="all", constraints=(NOT_ADJACENT,)), Source(2).stream("t", 0, 0, "masks"))
    (1, 6)
    """
    space = mask_space(sentence, rule)
    if space is not None:
        return space.draw(stream)
    return try_to_draw(_what(sentence, rule), partial(_propose, sentence, rule, stream), _bound(sentence, rule))


@lru_cache(maxsize=4096)
def mask_space(sentence: CorpusSentence, rule: MaskRule) -> Space[Positions] | None:
    """All sets that the rule can draw from this sentence; None if they are too many to list."""
    if _size(sentence, rule) > ENUMERABLE:
        return None
    return Space(_what(sentence, rule), _weighted(sentence, rule), _bound(sentence, rule))


def admits(sentence: CorpusSentence, rule: MaskRule) -> bool:
    """Whether at least one set of positions meets the rule; a space too large to list counts as yes."""
    space = mask_space(sentence, rule)
    return space is None or len(space) > 0


def count_mask_sets(sentences: Iterable[CorpusSentence], rule: MaskRule) -> int:
    """How many pairs of a sentence and a set of positions the rule admits; an upper bound where sets are too many."""
    spaces = ((sentence, mask_space(sentence, rule)) for sentence in sentences)
    return sum(_size(sentence, rule) if space is None else len(space) for sentence, space in spaces)


def runs(positions: Positions) -> tuple[tuple[int, int], ...]:
    """The spans that positions form: (first, last) of each stretch of neighbours.

    >>> runs((2, 3, 4, 7))
    ((2, 4), (7, 7))
    """
    spans: list[tuple[int, int]] = []
    for position in positions:
        if spans and spans[-1][1] == position - 1:
            spans[-1] = (spans[-1][0], position)
        else:
            spans.append((position, position))
    return tuple(spans)


def _candidates(sentence: CorpusSentence, among: Among) -> Positions:
    if among == "content":
        return sentence.content_positions
    content = sentence.content_positions if among == "function" else ()
    return tuple(position for position in range(1, len(sentence.words) + 1) if position not in content)


def _bound(sentence: CorpusSentence, rule: MaskRule) -> tuple[Constraint[Positions], ...]:
    """The constraints of the rule on this sentence, the one of Bernoulli's `none` included."""
    named = rule.constraints
    if isinstance(rule, Bernoulli) and rule.none == "redraw":
        named = (*named, _SOMETHING_SELECTED)
    return tuple(Constraint(constraint.name, partial(constraint.holds, sentence)) for constraint in named)


def _what(sentence: CorpusSentence, rule: MaskRule) -> str:
    match rule:
        case Count(count, among):
            return f"cannot draw {count} masks among {among} words of {sentence.id!r}"
        case Bernoulli(rate):
            return f"cannot draw masks at rate {rate} in {sentence.id!r}"
        case Spans(count):
            return f"cannot draw {count} masked spans in {sentence.id!r}"


def _size(sentence: CorpusSentence, rule: MaskRule) -> int:
    match rule:
        case Count(count, among):
            return comb(len(_candidates(sentence, among)), count)
        case Bernoulli(_, _, among):
            return int(2 ** len(_candidates(sentence, among)))
        case Spans(count, lengths):
            m = len(sentence.words)
            return sum(comb(m - sum(vector) + 1, count) for vector, _ in _length_vectors(m, count, lengths))


def _weighted(sentence: CorpusSentence, rule: MaskRule) -> Iterator[tuple[Positions, int]]:
    """Every set of positions with its weight under the rule, before constraints."""
    match rule:
        case Count(count, among):
            yield from ((positions, 1) for positions in combinations(_candidates(sentence, among), count))
        case Bernoulli(rate, _, among):
            words = _candidates(sentence, among)
            hit, miss = rate.numerator, rate.denominator - rate.numerator
            for n in range(len(words) + 1):
                yield from ((positions, hit**n * miss ** (len(words) - n)) for positions in combinations(words, n))
        case Spans(count, lengths):
            m = len(sentence.words)
            vectors = _length_vectors(m, count, lengths)
            common = lcm(*(comb(m - sum(vector) + 1, count) for vector, _ in vectors))
            for vector, weight in vectors:
                slots = m - sum(vector) + 1
                share = weight * common // comb(slots, count)
                yield from ((_placed(vector, gaps), share) for gaps in combinations(range(slots), count))


def _propose(sentence: CorpusSentence, rule: MaskRule, stream: Stream) -> Positions:
    """One set of positions as the rule draws it, before constraints."""
    match rule:
        case Count(count, among):
            return tuple(sorted(stream.sample(_candidates(sentence, among), count)))
        case Bernoulli(rate, _, among):
            return tuple(position for position in _candidates(sentence, among) if stream.chance(rate))
        case Spans(count, lengths):
            m = len(sentence.words)
            vectors = _length_vectors(m, count, lengths)
            vector = vectors[stream.weighted([weight for _, weight in vectors])][0]
            return _placed(vector, tuple(sorted(stream.sample(range(m - sum(vector) + 1), count))))


@cache
def _length_vectors(m: int, count: int, lengths: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], int], ...]:
    """The lengths of `count` spans that fit into m words, with the weight of each combination."""
    room = m - max(1, count - 1)
    choices = [length for length in range(1, min(len(lengths), room) + 1) if lengths[length - 1]]
    vectors = (vector for vector in product(choices, repeat=count) if sum(vector) <= room)
    return tuple((vector, prod(lengths[length - 1] for length in vector)) for vector in vectors)


def _placed(lengths: tuple[int, ...], gaps: tuple[int, ...]) -> Positions:
    """Spans of these lengths; gaps: how many visible words stand before each, ascending and all different."""
    positions: list[int] = []
    for length, gap in zip(lengths, gaps, strict=True):
        start = gap + len(positions) + 1
        positions += range(start, start + length)
    return tuple(positions)
