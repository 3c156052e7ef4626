"""Reads a text by its frame: term by term the first time, and afterwards by looking up the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter

import msgspec

from grading.expressions import Symbol
from grading.parsing.language import Language
from grading.parsing.tokens import Token, clean

from .cutting import CLOSED, GLUED, MARKED, TERM, Cutting, tight
from .moulds import LONGEST, Dialect, Part, Term, places_in
from .series import PRODUCT, SUM
from .value import MOST_BITS, Leaf, Ratio, Unknown, Value, added, lowest, unknown_of
from .wholes import AROUND, Bracket, Place, Summand, Whole, assembled, fixed_in

MOST_FRAMES = 10_000
MOST_NUMBERS = 30
"""With which the coefficients of one frame are kept."""
_NAME = Token("name", "p", 0, 0, False, Symbol("p"))
_TWO = (_NAME, Token("+", None, 0, 0, True), _NAME)
"""What stands for a sum in what is around it."""


class Read(msgspec.Struct, frozen=True, gc=False):
    """text: how the text was read, as an echo. value: what it is worth."""

    text: str
    value: Value


Pick = Callable[[list[str]], Sequence[str]]
"""Takes some of the pieces of a text."""


class _Ready:
    """A sum as it is filled in from the pieces of a text; places are numbers of pieces.

    pattern: of the echo. shown: what is filled in there. leaves: of its natural logarithms. others: its other parts.
    numbers: what its coefficients hold. coefficients: of the logarithms and then of the others, by the numbers that
    were met. always: these, if they hold none.
    """

    __slots__ = ("_logs", "_places", "always", "coefficients", "leaves", "numbers", "others", "pattern", "shown")

    def __init__(self, whole: Whole) -> None:
        self.pattern, self.shown = whole.pattern, _picking(whole.shown)
        self._logs = [part for part in whole.parts if part.what == "log" and not part.base]
        self.others = [part for part in whole.parts if part.what != "log" or part.base]
        self._places = sorted({place for part in whole.parts for place in (*part.over, *part.under)})
        self.leaves, self.numbers = _picking([k for part in self._logs for k in part.leaves]), _picking(self._places)
        self.coefficients: dict[tuple[Ratio, ...], tuple[Ratio, ...]] = {}
        self.always = None if self._places else self.with_numbers(())

    def with_numbers(self, numbers: tuple[Ratio, ...]) -> tuple[Ratio, ...]:
        """The coefficients with these numbers in them."""
        given = dict(zip(self._places, numbers, strict=True))
        found: list[Ratio] = []
        for part in self._logs:
            found += [_coefficient(part, given)] * len(part.leaves)
        coefficients = (*found, *[_coefficient(part, given) for part in self.others])
        if len(self.coefficients) < MOST_NUMBERS:
            self.coefficients[numbers] = coefficients
        return coefficients


def _coefficient(part: Part, given: dict[int, Ratio]) -> Ratio:
    """What stands in front of a part. given: the numbers, which are positive, by their places."""
    above, below = part.above, part.below
    if not part.over and not part.under:
        return above, below
    for place in part.over:
        n, d = given[place]
        above *= n
        below *= d
    for place in part.under:
        n, d = given[place]
        above *= d
        below *= n
    return lowest(above, below)


def _picking(places: Sequence[int]) -> Pick:
    if not places:
        return _none
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


def _none(_: list[str]) -> Sequence[str]:
    return ()


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
        self._known, self._character_of = self._frames.known, self._cutting.character_of

    def read(self, text: str) -> Read | None:
        """What the text says; None where only the grammar can tell. Raises Refused for what can be in no text."""
        cutting, known = self._cutting, self._known
        pieces = cutting.pieces(clean(text))
        frame = "".join(map(self._character_of, pieces))
        found = known[frame] if frame in known else self._frames.found(frame, pieces, cutting)
        if type(found) is _Series:
            pieces = cutting.spelled_out(frame, pieces)
            frame = "".join(map(self._character_of, pieces))
            found = known[frame] if frame in known else self._frames.found(frame, pieces, cutting)
        if type(found) is _Fixed:
            key = found, tuple(map(cutting.number_of, found.numbers(pieces)))
            found = known[key] if key in known else self._frames.filled(key)
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
        where = [found.start() for found in MARKED.finditer(frame)]
        if fixed := fixed_in(terms):
            return _Fixed(_picking([where[place] for place in fixed]), terms, where)
        return _ready(assembled(terms, (), where))

    def _terms_of(self, frame: str, pieces: list[str], cutting: Cutting) -> list[Place]:
        """The terms of a sum; none if it is not one of terms that can be read alone."""
        cut: list[tuple[str, str]] = TERM.findall(frame)
        if sum([len(sign) + len(part) for sign, part in cut]) < len(frame) or not all(sign for sign, _ in cut[1:]):
            return []
        at = start = 0
        terms: list[Place] = []
        for sign, part in cut:
            at += len(sign)
            term = self._terms.get(part) or self._term(part, pieces[at : at + len(part)], cutting)
            terms.append(Place(sign, term, start))
            at += len(part)
            start += term.count
        return terms

    def _term(self, frame: str, pieces: list[str], cutting: Cutting) -> Summand:
        """What is known of the frame of a term that was not met before, which is kept."""
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


def _ready(whole: Whole | None) -> _Ready | None:
    return None if whole is None else _Ready(whole)


def _value(ready: _Ready, pieces: list[str], cutting: Cutting) -> Value | None:
    """What the sum is worth with these pieces; None where that is for the normal form to say."""
    coefficients = ready.always
    if coefficients is None:
        numbers = tuple(map(cutting.number_of, ready.numbers(pieces)))
        coefficients = ready.coefficients.get(numbers) or ready.with_numbers(numbers)
    leaves = ready.leaves(pieces)
    logs = zip(map(cutting.leaf_of, leaves), coefficients)  # noqa: B905 - those of other parts come after them
    total: dict[Leaf | Unknown, Ratio] = dict(logs)
    if len(total) < len(leaves):  # one of them comes again
        total.clear()
        for leaf, coefficient in zip(map(cutting.leaf_of, leaves), coefficients, strict=False):
            if not _add(total, leaf, coefficient):
                return None
    if not ready.others:
        return frozenset(total.items())
    for part, coefficient in zip(ready.others, coefficients[len(leaves) :], strict=True):
        what = part.what
        found = tuple([cutting.leaves[pieces[place]] for place in part.leaves])
        if what == "log-of-sum" and len(set(found)) < len(found):
            return None  # 2p is no plain sum
        for them in [(leaf,) for leaf in found] if what == "log" else (found,):
            if not _add(total, unknown_of(what, them, part.base, part.number), coefficient):
                return None
    return frozenset(total.items())


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
