"""Cuts a text into tokens quickly: every piece that was met before is looked up, with what it means in the language.

`grading.parsing.tokens` is the rule; this is the same for the texts in which nothing depends on what stands around a
piece. Such a text is cut by one search in C. Tokens made here know no places: where a text turns out to be refused, it
is read once more by the rule, which does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from grading.expressions import Expression, Number
from grading.parsing.conventions import MAX_DIGITS, MAX_TOKENS
from grading.parsing.language import Language
from grading.parsing.names import named
from grading.parsing.probabilities import read_probability
from grading.parsing.refusals import Refused
from grading.parsing.tokens import PIECES, SPACE, Token, extent, is_probability, lexeme_token

LONGEST = 120
"""Characters of a piece that is kept."""
MOST = 5_000
"""Pieces that are kept for one language."""

_WITHOUT_NAMES = re.sub(r"\(\?P<\w+>", "(?:", PIECES)
_CUT = re.compile(rf"(?:[\s~]|{SPACE})*+(?:{_WITHOUT_NAMES})|(?s:.)", re.VERBOSE)
_PIECE = re.compile(rf"(?P<before>(?:[\s~]|{SPACE})*+)(?:{PIECES})", re.VERBOSE)

END = Token("end", None, 0, 0, False)
UNSURE = Token("unsure", None, 0, 0, False)


def quick_tokens(text: str, language: Language) -> list[Token]:
    """The tokens of a cleaned text without their places.

    Where only the rule can tell what a piece is, there is a token of the kind ``unsure``, which no formula may hold.

    >>> [token.kind for token in quick_tokens("log 2x", Language(any_name=True))]
    ['function', 'number', 'name', 'end']
    """
    if language.decimal_comma and "," in text:
        return [UNSURE, END]
    start, end = extent(text, language.single_letters)
    tokens = list(map(_known(language), _CUT.findall(text, start, end)))
    if len(tokens) > MAX_TOKENS:
        return [UNSURE, END]
    tokens.append(END)
    return tokens


@lru_cache(maxsize=256)
def _known(language: Language) -> Callable[[str], Token]:
    """The look-up of the pieces of one language."""
    return _Pieces(language).__getitem__


class _Pieces(dict[str, Token]):
    """The token that each piece of text is in one language."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, piece: str) -> Token:
        digits = piece.lstrip(" ")
        if digits.isdecimal() and digits.isascii() and len(digits) <= MAX_DIGITS:
            number = Number(Fraction(int(digits)))
            token = Token("number", number, 0, 0, digits is piece, number)
        else:
            token = _read(piece, self._language)
        if len(piece) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[piece] = token
        return token


def _read(piece: str, language: Language) -> Token:
    found = _PIECE.match(piece)
    if found is None or found.end() < len(piece):
        return UNSURE
    kind = found.lastgroup
    assert kind is not None
    if kind == "probability" and not is_probability(found, language.single_letters):
        return UNSURE
    if kind == "word" and found["stem"] in ("sum", "prod"):
        return UNSURE  # a name, or a sum without a set
    before = found["before"]
    try:
        name, value = lexeme_token(kind, piece[len(before) :])
    except Refused:
        return UNSURE
    token = Token(name, value, 0, 0, not before)
    return Token(name, value, 0, 0, not before, _leaf(token, language))


def _leaf(token: Token, language: Language) -> Expression | None:
    """What the token means where no sum gives its index a value; None if it has no meaning then."""
    try:
        if token.kind == "name" and (token.value != "e" or "e" in language.names):
            return named(token, language, {})
        if token.kind == "probability":
            return read_probability(*token.value, language)
    except Refused:
        return None
    return token.value if token.kind == "number" else None
