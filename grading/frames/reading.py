"""Reads a text by its frame: term by term the first time, and afterwards by looking up the whole of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from grading.expressions import Symbol
from grading.parsing.language import Language
from grading.parsing.tokens import Token, clean

from .cutting import GLUED, TERM, UNREAD, Cutting, Filling
from .moulds import LONGEST, Dialect, Part, Term, places_in
from .value import MOST_BITS, Leaf, Ratio, Unknown, Value, added, lowest, sorted_leaves
from .wholes import AROUND, Bracket, Place, Summand, Whole, assembled, fixed_in

MOST_FRAMES = 10_000
_NAME = Token("name", "p", 0, 0, False, Symbol("p"))
_TWO = (_NAME, Token("+", None, 0, 0, True), _NAME)
"""What stands for a sum in what is around it."""


class Read(NamedTuple):
    """text: how the text was read, as an echo. value: what it is worth."""

    text: str
    value: Value


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
        frame, pieces = cutting.frame(pieces)
        fillings = list(filter(None, map(cutting.filling_of, pieces)))
        known = self._frames.known
        found = known[frame] if frame in known else self._frames.whole(frame, pieces, cutting)
        if type(found) is _Fixed:
            key = frame, tuple([fillings[place].number for place in found.places])
            found = known[key] if key in known else self._frames.whole(key, pieces, cutting)
        if type(found) is not Whole:
            return None
        value = _value(found, fillings)
        if value is None:
            return None
        return Read(found.pattern % tuple([fillings[place].text for place in found.shown]), value)


class _Frames:
    """The frames that were met in one dialect, and those of terms. What is kept for a frame follows from it alone."""

    def __init__(self, dialect: Dialect) -> None:
        self.language = dialect.language()
        self.known: dict[_Key, Whole | _Fixed | None] = {}
        self._terms: dict[str, Summand] = {}
        self._around: dict[str, Term] = {}

    def whole(self, key: _Key, pieces: list[str], cutting: Cutting) -> Whole | _Fixed | None:
        """What is known of the frame that these pieces have, which is kept. key: with numbers where they matter."""
        found = self._found(key, pieces, cutting)
        if len(self.known) >= MOST_FRAMES:
            self.known.clear()
        self.known[key] = found
        return found

    def _found(self, key: _Key, pieces: list[str], cutting: Cutting) -> Whole | _Fixed | None:
        frame, numbers = (key, None) if isinstance(key, str) else key
        if len(frame) > LONGEST or not UNREAD.isdisjoint(frame) or GLUED.search(frame):
            return None
        terms = self._terms_of(frame, pieces, cutting)
        if not terms:
            return None
        if numbers is None and (places := fixed_in(terms)):
            return _Fixed(places)
        return assembled(terms, numbers or ())

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


def _value(whole: Whole, fillings: list[Filling]) -> Value | None:
    """What the sum is worth with these fillings; None where that is for the normal form to say."""
    total: dict[Leaf | Unknown, Ratio] = {
        fillings[place].leaf: coefficient  # type: ignore[misc]
        for place, coefficient in whole.logs
    }
    if total and len(total) == len(whole.logs):
        return frozenset(total.items())
    total.clear()  # one of them comes again
    for part in whole.parts:
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
