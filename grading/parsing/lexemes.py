"""Cuts a text into tokens quickly: every piece that was met before is looked up, with what it means in the language.

`grading.parsing.tokens` is the rule; this is the same for the texts in which nothing depends on what stands around a
piece. Such a text is cut by one search in C. Tokens made here know no places: where a text turns out to be refused, it
is read once more by the rule, which does.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from grading.expressions import Expression, Number, Probability
from grading.parsing.conventions import MAX_DIGITS, MAX_TOKENS
from grading.parsing.extents import extent
from grading.parsing.language import Language
from grading.parsing.names import named
from grading.parsing.probabilities import read_probability
from grading.parsing.refusals import Refused
from grading.parsing.tokens import PIECES, SPACE, TOKEN, Token, is_probability, lexeme_token, own_name

LONGEST = 120
"""Characters of a piece that is kept."""
MOST = 10_000
"""Pieces that are kept for one language."""

_ENDS = r"(?=\s*+(?:[-+*/)}]|\\[cr]|$))"
_OFTEN = rf"""[pP](?:_?\d+|_\{{\d+\}}|[₀-₉ᵢ]+|_i){_ENDS}|[+\-/^(){{}}\[\],;=!<>%_√']|\*\*?
        |l(?:og|n)(?=[(\\]|\s++[^\s_])|[0-9]++(?:\.[0-9]++)?(?=[\ )*/+\-}}(pl]|\\[cl]|$)
        |\\(?:l(?:og|n)(?=[(\\]|\s++[^\s_])|(?:left|right|bigl|bigr)[()]|(?:cdot|times)(?=\ ?[(\\]|\ [pPl])
          |frac(?:[0-9][0-9]|(?=\{{))|sqrt(?=\{{)|log_(?:[0-9]+|\{{[0-9]+\}})(?=\ ?[(\\]|\ [pP]))
        |(?:\\?Pr|[pP])\([^()"]*+\)|log(?:_?[0-9]+|[₀-₉]+)(?=\ ?[(\\]|\ [pP])|exp(?=\()|sqrt(?=\()|e(?=[\^)])"""
"""What most texts are made of. It is cut as the rest; trying it first only saves trying everything else."""
_WITHOUT_NAMES = re.sub(r"\(\?P<\w+>", "(?:", PIECES)
_BLANK = rf"(?:[\s~]|{SPACE})"
_REST = rf"{_BLANK}*+(?:{_WITHOUT_NAMES}|(?s:.))|{_BLANK}++"
_CUT = re.compile(rf"[\ ]*+(?:{_OFTEN})|{_REST}", re.VERBOSE)
_BEFORE = re.compile(rf"{_BLANK}*+", re.VERBOSE)

END = Token("end", None, 0, 0, False)
UNSURE = Token("unsure", None, 0, 0, False)


_LOOKED_AT = frozenset(("number", "name", "function", "probability", "series", "frac", "sqrt", "(", "[", "{", "|"))
"""Of these it makes a difference whether there is white space before them."""


def cut(text: str, start: int, end: int) -> list[str]:
    """The pieces of a cleaned text between two places, each with the white space before it.

    >>> cut("J = log  p_2", 4, 12)
    ['log', '  p_2']
    """
    return _CUT.findall(text, start, end)


Terms = dict[tuple[Token, ...], tuple[Expression, int]]
"""What terms that were met before mean, by their tokens, each with its number of nodes."""


def quick_tokens(text: str, language: Language) -> tuple[list[Token], Known]:
    """The tokens of a cleaned text without their places, and what is known of the language.

    Where only the rule can tell what a piece is, there is a token of the kind ``unsure``, which no formula may hold.

    >>> [token.kind for token in quick_tokens("log 2x", Language(any_name=True))[0]]
    ['function', 'number', 'name', 'end']
    """
    known = known_pieces(language)
    if language.decimal_comma and "," in text:
        return [UNSURE, END], known
    tokens = list(map(known.__getitem__, cut(text, *extent(text, language.own_names))))
    if len(tokens) > MAX_TOKENS:
        return [UNSURE, END], known
    tokens.append(END)
    return tokens, known


def ends_of_terms(tokens: list[Token]) -> dict[int, int]:
    """Where each term of a sum begins and ends, at every depth; nothing where bars make that unclear.

    >>> tokens, _ = quick_tokens("log(a + b) - a", Language(any_name=True))
    >>> sorted(ends_of_terms(tokens).items())
    [(0, 6), (2, 3), (4, 5), (7, 8)]
    """
    ends: dict[int, int] = {}
    around: list[int] = []
    start, awaiting = 0, True
    for index, token in enumerate(tokens):
        role = _ROLES.get(token.kind)
        if role is None:
            awaiting = False
        elif role == _AWAITS:
            awaiting = True
        elif role == _BETWEEN:
            if not awaiting:
                ends[start] = index
            start, awaiting = index + 1, True
        elif role == _OPENS:
            around.append(start)
            start, awaiting = index + 1, True
        elif role == _CLOSES:
            ends[start] = index
            if not around:
                break
            start, awaiting = around.pop(), False
        else:
            return {}
    return ends


_OPENS, _CLOSES, _BETWEEN, _AWAITS, _BAR = range(5)
_ROLES = {
    **dict.fromkeys(("(", "[", "{"), _OPENS),
    **dict.fromkeys((")", "]", "}", "end"), _CLOSES),
    **dict.fromkeys(("+", "-", ",", ";"), _BETWEEN),
    **dict.fromkeys(("*", "/", "^", "function", "series", "frac", "sqrt"), _AWAITS),
    "|": _BAR,
}
"""What kinds of tokens are to the terms of sums. A sign behind one that awaits something does not end a term."""


@lru_cache(maxsize=256)
def known_pieces(language: Language) -> Known:
    """The look-up of the pieces of one language."""
    return Known(language)


class Known(dict[str, Token]):
    """The token that each piece of text is in one language; terms and formulas that were met before, by tokens."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self._one: dict[object, Token] = {}
        self.terms: Terms = {}
        self.formulas: dict[tuple[Token, ...], Expression] = {}

    def __missing__(self, piece: str) -> Token:
        literal = piece.lstrip(" ")
        whole, _, part = literal.partition(".")
        digits = whole + part
        if digits.isdecimal() and digits.isascii() and len(digits) < MAX_DIGITS:
            number = Number(Fraction(int(digits), 10 ** len(part)))
            token = Token("number", number, 0, 0, literal is piece, number)
        else:
            token = _read(piece, self._language)
        if len(piece) > LONGEST:
            return token
        if len(self) >= MOST:
            for kept in (self, self._one, self.terms, self.formulas):
                kept.clear()  # of no use without the tokens in them, which will not come again
        token = self[piece] = self.one(token)
        return token

    def one(self, token: Token) -> Token:
        """The one token for all pieces that nothing tells apart: ``p_2``, ``p₂``, ``p_{2}`` are the same to a reader.

        Contexts that are written differently are told apart, because the echo shows them as they were written.
        """
        leaf = token.leaf
        tight = token.tight or token.kind not in _LOOKED_AT
        if isinstance(leaf, Probability):
            return self._one.setdefault((leaf, None if leaf.given is None else leaf.given.notation, tight), token)
        return self._one.setdefault((token.kind, token.value, leaf, tight), token)


def _read(piece: str, language: Language) -> Token:
    before = _BEFORE.match(piece)
    assert before is not None
    found = TOKEN.match(piece, before.end())
    if found is None or found.end() < len(piece):
        return UNSURE
    kind = found.lastgroup
    assert kind is not None
    if kind == "space":
        return UNSURE
    if kind == "probability" and not is_probability(found, language.own_names):
        return UNSURE
    if kind == "word" and found["stem"] in ("sum", "prod"):
        return UNSURE  # a name, or a sum without a set
    try:
        name, value = own_name(*lexeme_token(kind, piece[before.end() :]), language.own_names)
    except Refused:
        return UNSURE
    tight = not before.end()
    return Token(name, value, 0, 0, tight, _leaf(Token(name, value, 0, 0, tight), language))


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
