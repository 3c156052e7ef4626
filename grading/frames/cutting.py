"""Cuts a text into its frame, one character for every token, and what fills it: names, probabilities and numbers.

Characters are the same in all languages. A token that a frame cannot stand for becomes `CLOSED`: whoever finds it in a
frame leaves the text to the grammar. Those are tokens that mean something else in other places (indices of sums, names
that are refused), or whose meaning is not a single probability.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from grading.atoms import identify
from grading.expressions import Number, Probability, Symbol
from grading.parsing.cursor import LOGARITHMS
from grading.parsing.extents import extent
from grading.parsing.language import Language
from grading.parsing.lexemes import Known, cut, known_pieces
from grading.parsing.tokens import Token
from grading.text import number_text

from .series import PRODUCT, SUM, pattern, spelled_out
from .value import Leaf, Ratio, lowest

CLOSED = "\0"
NAMES, PROBABILITIES, NUMBERS = "nN", "pP", "id"
FILLED = NAMES + PROBABILITIES + NUMBERS
"""What is filled in: names and probabilities, ``n`` and ``p`` without white space before them where that matters; whole
numbers and others."""
MOST_KEPT = 10_000
"""Pieces of one language."""
MOST_CHARACTERS = 8_000
MOST_PLAIN = 15
"""Digits of a number that is shown as it is written, but for zeros that say nothing."""
MOST_BITS = 64
"""Of the numerator and denominator of a number that is filled in."""
_SIGNS = frozenset(("+", "-", "*", "/", "^", "%", "(", ")", "[", "]", "{", "}"))
_FUNCTIONS = frozenset((*LOGARITHMS, "exp"))
_NATURAL = ("ln", "")
_FIRST_FUNCTION, _FIRST_OTHER = 0x0400, 0x4E00
_CHARACTERS: dict[tuple[str, object, bool], str] = {}
_FUNCTION = f"[{chr(_FIRST_FUNCTION)}-{chr(_FIRST_FUNCTION + MOST_CHARACTERS)}]"
GLUED = re.compile(f"{_FUNCTION}[id]")
"""``ln2``: what belongs to such a number is decided by white space, of which a frame knows nothing."""
MARKED = re.compile(f"[{FILLED}]")
_BEFORE_NAMES = re.compile(f"[^-+*/({{\\[{_FUNCTION[1:-1]}][np]")
"""``1/2p``: a name that follows something directly, which may be a divisor."""
_SERIES = pattern(_FUNCTION)


class Filling(NamedTuple):
    """What stands in one place of a frame. text: as an echo shows it.

    meant: the identified probability that it means, or the value of the number that it is.
    """

    text: str
    meant: Leaf | Ratio


def _nested(depth: int) -> str:
    inside = "[^-+()[\\]{}]" if depth == 0 else "[^()[\\]{}]"
    if depth == _DEEPEST:
        return f"{inside}*+"
    return f"(?:{inside}|[([{{]{_nested(depth + 1)}[)\\]}}])" + ("++" if depth == 0 else "*+")


_DEEPEST = 6
TERM = re.compile(f"([-+]?)({_nested(0)})")
"""A term of a frame with its sign. Whether the brackets in it fit is for the grammar to say."""


class Cutting:
    """Cuts texts of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._comma, self._own_names = language.decimal_comma, language.own_names
        self.known: Known = known_pieces(language)
        self.texts: dict[str, str] = {}
        self.leaves: dict[str, Leaf] = {}
        self.numbers: dict[str, Ratio] = {}
        self.text_of, self.leaf_of = self.texts.__getitem__, self.leaves.__getitem__
        self.number_of = self.numbers.__getitem__
        self.characters = _Characters(self)
        self.character_of = self.characters.__getitem__

    def pieces(self, text: str) -> list[str]:
        """The pieces of a cleaned text; none where that is not for a frame to say."""
        if self._comma and "," in text:
            return []
        if len(self.characters) >= MOST_KEPT:
            for kept in (self.characters, self.texts, self.leaves, self.numbers):
                kept.clear()
        return cut(text, *extent(text, self._own_names))

    def spelled_out(self, frame: str, pieces: list[str]) -> list[str]:
        """The pieces, which have this frame, sums over sets among them spelled out where that is simple."""
        return spelled_out(pieces, [found.span() for found in _SERIES.finditer(frame)], self.known, self.language)

    def tokens(self, pieces: list[str]) -> list[Token]:
        return [self.known[piece] for piece in pieces]


def tight(frame: str) -> str:
    """The frame without the difference in white space where that says nothing.

    >>> tight("n+p"), tight("i/in")
    ('N+P', 'i/in')
    """
    if "/" in frame and _BEFORE_NAMES.search(frame):
        return frame
    return frame.replace("n", "N").replace("p", "P")


class _Characters(dict[str, str]):
    """The character of every piece of text in one language."""

    def __init__(self, cutting: Cutting) -> None:
        super().__init__()
        self._cutting = cutting

    def __missing__(self, piece: str) -> str:
        cutting = self._cutting
        language = cutting.language
        found = _number(piece, language) or _filled(cutting.known[piece], language)
        if found is None:
            character = self[piece] = _character(cutting.known[piece], language)
            return character
        self[piece], (cutting.texts[piece], meant) = found
        if isinstance(meant, tuple):
            cutting.numbers[piece] = meant
        else:
            cutting.leaves[piece] = meant
        return found[0]


def _number(piece: str, language: Language) -> tuple[str, Filling] | None:
    """The character and filling of a plain number, for which no token is needed; None for all else.

    >>> _number(" 0.50", Language())
    ('d', Filling(text='0.5', meant=(1, 2)))
    """
    whole, point, part = piece.lstrip(" ").partition(".")
    digits = whole + part
    if len(digits) > MOST_PLAIN or not (digits.isdecimal() and digits.isascii()):
        return None
    above, below = int(digits), 10 ** len(part)
    if not above:
        return None
    text = whole.lstrip("0") or "0"
    if point and (part := part.rstrip("0")):
        text = f"{text}{',' if language.decimal_comma else '.'}{part}"
    meant = lowest(above, below) if point else (above, 1)
    return NUMBERS[meant[1] != 1], Filling(text, meant)


def _filled(token: Token, language: Language) -> tuple[str, Filling] | None:
    """The character and filling of a token that only fills a frame; None for another one."""
    leaf, loose = token.leaf, not token.tight
    if token.kind == "number" and isinstance(leaf, Number):
        above, below = leaf.value.as_integer_ratio()
        if not above or max(above, below).bit_length() > MOST_BITS:
            return None
        text = number_text(leaf.value)
        text = text.replace(".", ",") if language.decimal_comma else text
        return NUMBERS[below != 1], Filling(text, (above, below))
    if not isinstance(leaf, Symbol | Probability):
        return None
    meant = identify(leaf, language)
    if not isinstance(meant, Symbol | Probability):
        return None
    if isinstance(meant, Symbol) and language.assumptions.get(meant.name, "probability") != "probability":
        return None
    if token.kind == "name" and isinstance(leaf, Symbol):
        return NAMES[loose], Filling(language.written(leaf), meant)
    if token.kind == "probability" and isinstance(leaf, Probability):
        return PROBABILITIES[loose], Filling(language.written(leaf), meant)
    return None


def _character(token: Token, language: Language) -> str:
    """The character of a token that belongs to the frame, by all that the grammar can see of it."""
    kind, value = token.kind, token.value
    if kind in _SIGNS:
        return kind
    if kind == "function":
        name, index = value
        if name not in _FUNCTIONS or (index and not (index.isascii() and index.isdigit())):
            return CLOSED
        if value == _NATURAL and not language.log_base:
            value = ("log", "")
    elif kind == "name":
        if value != "e" or token.leaf is not None:
            return CLOSED
    elif kind == "number":
        if not isinstance(token.leaf, Number) or token.leaf.value:
            return CLOSED
    elif kind == "series":
        return PRODUCT if value.product else SUM
    elif kind not in ("frac", "sqrt", "superscript"):
        return CLOSED
    place = kind, value, token.tight and kind == "name"
    if place not in _CHARACTERS:
        if len(_CHARACTERS) >= MOST_CHARACTERS:
            return CLOSED
        _CHARACTERS[place] = chr((_FIRST_FUNCTION if kind == "function" else _FIRST_OTHER) + len(_CHARACTERS))
    return _CHARACTERS[place]
