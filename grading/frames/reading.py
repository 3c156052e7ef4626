"""Reads a text by its frame: term by term the first time, and afterwards by looking up the whole of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from grading.parsing.language import Language
from grading.parsing.tokens import clean

from .cutting import CLOSED, GLUED, TERM, Cutting, Filling
from .moulds import LONGEST, Context, Dialect, Part, Term
from .value import MOST_BITS, Leaf, Ratio, Unknown, Value, added, lowest, sorted_leaves

MOST_FRAMES = 10_000


class Read(NamedTuple):
    """text: how the text was read, as an echo. value: what it is worth."""

    text: str
    value: Value


class _Whole(NamedTuple):
    """What is known of the frame of a whole text.

    pattern: of its echo. shown: places of what is filled in there. parts: of its value.
    """

    pattern: str
    shown: tuple[int, ...]
    parts: tuple[Part, ...]


class _Fixed(NamedTuple):
    """What is known of a frame depends on the numbers at these places."""

    places: tuple[int, ...]


_Key = str | tuple[str, tuple[Ratio, ...]]
"""A frame, with the numbers in it where they matter."""


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
        cutting = self._cutting
        pieces = cutting.pieces(clean(text))
        frame = cutting.frame(pieces)
        fillings = list(filter(None, map(cutting.filling_of, pieces)))
        known = self._frames.known
        found = known[frame] if frame in known else self._frames.whole(frame, pieces, cutting)
        if type(found) is _Fixed:
            key = frame, tuple([fillings[place].number for place in found.places])
            found = known[key] if key in known else self._frames.whole(key, pieces, cutting)
        if type(found) is not _Whole:
            return None
        value = _value(found.parts, fillings)
        if value is None:
            return None
        return Read(found.pattern % tuple([fillings[place].text for place in found.shown]), value)


class _Frames:
    """The frames that were met in one dialect, and those of terms. What is kept for a frame follows from it alone."""

    def __init__(self, dialect: Dialect) -> None:
        self.language = dialect.language()
        self.known: dict[_Key, _Whole | _Fixed | None] = {}
        self._terms: dict[str, Term] = {}

    def whole(self, key: _Key, pieces: list[str], cutting: Cutting) -> _Whole | _Fixed | None:
        """What is known of the frame that these pieces have, which is kept. key: with numbers where they matter."""
        found = self._found(key, pieces, cutting)
        if len(self.known) >= MOST_FRAMES:
            self.known.clear()
        self.known[key] = found
        return found

    def _found(self, key: _Key, pieces: list[str], cutting: Cutting) -> _Whole | _Fixed | None:
        frame, numbers = (key, None) if isinstance(key, str) else key
        if len(frame) > LONGEST or CLOSED in frame or GLUED.search(frame):
            return None
        cut: list[tuple[str, str]] = TERM.findall(frame)
        if sum([len(sign) + len(term) for sign, term in cut]) < len(frame) or not all(sign for sign, _ in cut[1:]):
            return None
        at = start = 0
        terms: list[tuple[str, Term, int]] = []
        for sign, part in cut:
            at += len(sign)
            term = self._term(part, pieces[at : at + len(part)], cutting)
            terms.append((sign, term, start))
            at += len(part)
            start += term.count
        if numbers is None:
            places = tuple([start + place for _, term, start in terms for place in term.fixed])
            if places:
                return _Fixed(places)
        return _assembled(terms, numbers or ())

    def _term(self, frame: str, pieces: list[str], cutting: Cutting) -> Term:
        if frame not in self._terms:
            if len(self._terms) >= MOST_FRAMES:
                self._terms.clear()
            self._terms[frame] = Term(cutting.tokens(pieces), frame, self.language)
        return self._terms[frame]


def _assembled(terms: list[tuple[str, Term, int]], numbers: tuple[Ratio, ...]) -> _Whole | None:
    """A whole of its terms, each with its sign and where what fills it begins; None if the grammar has to read it.

    numbers: where they matter.
    """
    patterns: list[str] = []
    shown: list[int] = []
    parts: list[Part] = []
    for sign, term, start in terms:
        found = term.mould(numbers[: len(term.fixed)])
        if found is None:
            return None
        numbers = numbers[len(term.fixed) :]
        context: Context = "alone" if len(terms) == 1 else "later" if patterns else "first"
        pattern = found.pattern(context, sign)
        if pattern is None:
            return None
        patterns.append(pattern)
        shown += [start + place for place in found.shown]
        parts += [_moved(part, start, sign) for part in found.parts]
    return _Whole("".join(patterns), tuple(shown), tuple(parts)) if terms else None


def _moved(part: Part, by: int, sign: str) -> Part:
    """The part with its places so much further on, and negated for a minus."""
    above, below, over, under, what, leaves, base, number = part
    if sign == "-":
        above = -above
    if by:
        over, under, leaves = (tuple([place + by for place in places]) for places in (over, under, leaves))
    return Part(above, below, over, under, what, leaves, base, number)


def _value(parts: tuple[Part, ...], fillings: list[Filling]) -> Value | None:
    """What the parts are worth with these fillings; None where that is for the normal form to say."""
    total: dict[Leaf | Unknown, Ratio] = {}
    for part in parts:
        above, below, over, under, what, leaves, base, _ = part
        if over or under:
            for place in over:
                n, d = fillings[place].number
                above *= n
                below *= d
            for place in under:
                n, d = fillings[place].number
                above *= d
                below *= n
            coefficient = lowest(above, below)
        else:
            coefficient = above, below
        unknowns: Iterable[Leaf | Unknown]
        if what == "log" and not base:
            unknowns = [fillings[place].leaf for place in leaves]  # type: ignore[misc]
        elif (others := _others(part, fillings)) is not None:
            unknowns = others
        else:
            return None
        for unknown in unknowns:
            if unknown not in total:
                total[unknown] = coefficient
                continue
            summed = added(total[unknown], coefficient)
            if summed[1].bit_length() > MOST_BITS:
                return None
            if summed[0]:
                total[unknown] = summed
            else:
                del total[unknown]
    return frozenset(total.items())


def _others(part: Part, fillings: list[Filling]) -> list[Unknown] | None:
    """The unknowns of a part other than natural logarithms of single probabilities; None where it is none."""
    leaves = sorted_leaves([fillings[place].leaf for place in part.leaves])  # type: ignore[misc]
    if part.what == "log":
        return [Unknown("log", (leaf,), part.base) for leaf in leaves]
    if part.what == "log-of-sum" and len(set(leaves)) < len(leaves):
        return None  # 2p is no plain sum
    return [Unknown(part.what, leaves, part.base, part.number)]
