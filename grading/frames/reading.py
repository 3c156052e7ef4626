"""Reads a text by its frame: term by term the first time, and afterwards by looking up the whole of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from grading.expressions import Symbol
from grading.parsing.language import Language
from grading.parsing.tokens import Token, clean

from .cutting import CLOSED, FILLED, GLUED, TERM, Cutting, tight
from .moulds import LONGEST, Dialect, Part, Term, places_in
from .series import PRODUCT, SUM
from .value import MOST_BITS, Leaf, Ratio, Unknown, Value, added, unknown_of
from .wholes import AROUND, Bracket, Place, Summand, Whole, assembled, fixed_in

MOST_FRAMES = 10_000
_NAME = Token("name", "p", 0, 0, False, Symbol("p"))
_TWO = (_NAME, Token("+", None, 0, 0, True), _NAME)
"""What stands for a sum in what is around it."""


class Read(NamedTuple):
    """text: how the text was read, as an echo. value: what it is worth."""

    text: str
    value: Value


Pick = Callable[[list[str]], Sequence[str]]
"""Takes some of the pieces of a text."""


class _Ready(NamedTuple):
    """A sum as it is filled in from the pieces of a text. pattern: of the echo; shown: what is filled in there.

    leaves, coefficients: of the natural logarithms whose coefficients hold no mark. parts: all others, with the numbers
    of the pieces as their places.
    """

    pattern: str
    shown: Pick
    leaves: Pick
    coefficients: tuple[Ratio, ...]
    parts: tuple[Part, ...]


class _Fixed:
    """What is known of a frame depends on some numbers in it. numbers: these. where: each place among the pieces."""

    __slots__ = ("numbers", "terms", "where")

    def __init__(self, numbers: Pick, terms: list[Place], where: list[int]) -> None:
        self.numbers, self.terms, self.where = numbers, terms, where


class _Series:
    """There are sums or products over sets, to be spelled out first."""


_SERIES = _Series()

_Known = _Ready | _Fixed | _Series | None
"""What is known of a frame; None: it is read by the grammar."""


@lru_cache(maxsize=64)
def _frames(dialect: Dialect) -> _Frames:
    return _Frames(dialect)


@lru_cache(maxsize=256)
def reader(language: Language) -> Reader:
    """The reader of texts in a language."""
    return Reader(language)


class Reader:
    """Reads texts of one language by their frames.

    >>> from grading.keys import SymbolDeclaration
    >>> language = Language((SymbolDeclaration("p_2"), SymbolDeclaration("p_6")))
    >>> found = reader(language).read("-ln(p2/p₆) + 0.5")
    >>> found.text, sorted(found.value, key=str)[1]
    ('−log(p₂/p₆) + 0.5', (Symbol(name='p_6'), (1, 1)))
    >>> reader(language).read("exp(p_2)") is None
    True
    """

    def __init__(self, language: Language) -> None:
        self._cutting = Cutting(language)
        self._frames = _frames(Dialect.of(language))

    def read(self, text: str) -> Read | None:
        """What the text says; None where only the grammar can tell. Raises Refused for what can be in no text."""
        cutting, frames = self._cutting, self._frames
        known = frames.known
        pieces = cutting.pieces(clean(text))
        frame = cutting.frame(pieces)
        found = known[frame] if frame in known else frames.found(frame, pieces, cutting)
        if type(found) is _Series:
            pieces = cutting.spelled_out(frame, pieces)
            frame = cutting.frame(pieces)
            found = known[frame] if frame in known else frames.found(frame, pieces, cutting)
        if type(found) is _Fixed:
            key = found, tuple(map(cutting.number_of, found.numbers(pieces)))
            found = known[key] if key in known else frames.filled(key)
        if type(found) is not _Ready:
            return None
        value = _value(found, pieces, cutting)
        if value is None:
            return None
        return Read(found.pattern % tuple(map(cutting.text_of, found.shown(pieces))), value)


class _Frames:
    """The frames that were met in one dialect, and those of terms. What is kept for a frame follows from it alone."""

    def __init__(self, dialect: Dialect) -> None:
        self.language = dialect.language()
        self.known: dict[str | tuple[_Fixed, tuple[Ratio, ...]], _Known] = {}
        self._terms: dict[str, Summand] = {}
        self._around: dict[str, Term] = {}

    def found(self, frame: str, pieces: list[str], cutting: Cutting) -> _Known:
        """What is known of the frame that these pieces have, which is kept."""
        plain = tight(frame)
        known = self.known
        found = known[plain] if plain in known else self._found(plain, pieces, cutting)
        if len(known) >= MOST_FRAMES:
            known.clear()
        known[frame] = known[plain] = found
        return found

    def filled(self, key: tuple[_Fixed, tuple[Ratio, ...]]) -> _Known:
        """What is known of a frame with these numbers in it, which is kept."""
        fixed, numbers = key
        found = _ready(assembled(fixed.terms, numbers, fixed.where))
        if len(self.known) >= MOST_FRAMES:
            self.known.clear()
        self.known[key] = found
        return found

    def _found(self, frame: str, pieces: list[str], cutting: Cutting) -> _Known:
        if SUM in frame or PRODUCT in frame:
            return _SERIES
        if len(frame) > LONGEST or CLOSED in frame or GLUED.search(frame):
            return None
        terms = self._terms_of(frame, pieces, cutting)
        if not terms:
            return None
        where = [place for place, character in enumerate(frame) if character in FILLED]
        if fixed := fixed_in(terms):
            return _Fixed(_picking([where[place] for place in fixed]), terms, where)
        return _ready(assembled(terms, (), where))

    def _terms_of(self, frame: str, pieces: list[str], cutting: Cutting) -> list[Place]:
        """The terms of a sum; none if it is not one of terms that can be read alone."""
        cut: list[tuple[str, str]] = TERM.findall(frame)
        if sum([len(sign) + len(term) for sign, term in cut]) < len(frame) or not all(sign for sign, _ in cut[1:]):
            return []
        at = start = 0
        terms: list[Place] = []
        for sign, part in cut:
            at += len(sign)
            term = self._term(part, pieces[at : at + len(part)], cutting)
            terms.append(Place(sign, term, start))
            at += len(part)
            start += term.count
        return terms

    def _term(self, frame: str, pieces: list[str], cutting: Cutting) -> Summand:
        found = self._terms.get(frame)
        if found is None:
            found = self._bracket(frame, pieces, cutting) or Term(cutting.tokens(pieces), frame, self.language)
            if len(self._terms) >= MOST_FRAMES:
                self._terms.clear()
            self._terms[frame] = found
        return found

    def _bracket(self, frame: str, pieces: list[str], cutting: Cutting) -> Bracket | None:
        """The term as a sum in brackets with numbers around it, if it is one."""
        if (found := AROUND.fullmatch(frame)) is None:
            return None
        before, inside, after = found.groups()
        start, end = len(before) + 1, len(before) + 1 + len(inside)
        terms = self._terms_of(inside, pieces[start:end], cutting)
        if len(terms) < 2:
            return None
        two = f"{before}(N+N){after}"
        if two not in self._around:
            if len(self._around) >= MOST_FRAMES:
                self._around.clear()
            tokens = [*cutting.tokens(pieces[:start]), *_TWO, *cutting.tokens(pieces[end:])]
            self._around[two] = Term(tokens, two, self.language)
        around = self._around[two]
        return None if around.fixed else Bracket(around, places_in(before), terms, places_in(after))


def _picking(places: list[int]) -> Pick:
    if not places:
        return _none
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


def _none(_: list[str]) -> Sequence[str]:
    return ()


def _ready(whole: Whole | None) -> _Ready | None:
    """The sum as it is filled in. whole: with the numbers of pieces as its places."""
    if whole is None:
        return None
    leaves: list[int] = []
    coefficients: list[Ratio] = []
    others: list[Part] = []
    for part in whole.parts:
        if part.what == "log" and not (part.over or part.under or part.base):
            leaves += part.leaves
            coefficients += [(part.above, part.below)] * len(part.leaves)
        else:
            others.append(part)
    shown = _picking(list(whole.shown))
    return _Ready(whole.pattern, shown, _picking(leaves), tuple(coefficients), tuple(others))


def _value(ready: _Ready, pieces: list[str], cutting: Cutting) -> Value | None:
    """What the sum is worth with these pieces; None where that is for the normal form to say."""
    leaves = list(map(cutting.leaf_of, ready.leaves(pieces)))
    total: dict[Leaf | Unknown, Ratio] = dict(zip(leaves, ready.coefficients))  # noqa: B905
    if len(total) < len(leaves):  # one of them comes again
        total.clear()
        for leaf, coefficient in zip(leaves, ready.coefficients, strict=True):
            if not _add(total, leaf, coefficient):
                return None
    for above, below, over, under, what, places, base, number in ready.parts:
        if over or under:
            above, below = _filled(above, below, over, under, pieces, cutting)
        found = [cutting.leaves[pieces[place]] for place in places]
        if what != "log":
            if what == "log-of-sum" and len(set(found)) < len(found):
                return None  # 2p is no plain sum
            if not _add(total, unknown_of(what, tuple(found), base, number), (above, below)):
                return None
            continue
        for leaf in found:
            if not _add(total, unknown_of(what, (leaf,), base, 0) if base else leaf, (above, below)):
                return None
    return frozenset(total.items())


def _filled(
    above: int, below: int, over: tuple[int, ...], under: tuple[int, ...], pieces: list[str], cutting: Cutting
) -> Ratio:
    """The coefficient of a part in which these pieces are numbers, which are positive."""
    for place in over:
        n, d = cutting.numbers[pieces[place]]
        above *= n
        below *= d
    for place in under:
        n, d = cutting.numbers[pieces[place]]
        above *= d
        below *= n
    shared = math.gcd(above, below)
    return (above, below) if shared == 1 else (above // shared, below // shared)


def _add(total: dict[Leaf | Unknown, Ratio], unknown: Leaf | Unknown, coefficient: Ratio) -> bool:
    """Adds to what stands in front of an unknown; says whether the sum is small enough to be kept."""
    before = total.get(unknown)
    if before is None:
        total[unknown] = coefficient
        return True
    summed = added(before, coefficient)
    if summed[0]:
        total[unknown] = summed
    else:
        del total[unknown]
    return summed[1].bit_length() <= MOST_BITS
