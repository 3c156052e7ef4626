"""Moves through the tokens of one text and says what cannot stand where it stands."""

from __future__ import annotations

from fractions import Fraction

from grading.expressions import TWO, Expression, Number
from grading.parsing.conventions import MAX_DEPTH
from grading.parsing.language import Language
from grading.parsing.lexemes import Terms
from grading.parsing.refusals import Refused, refuse
from grading.parsing.tokens import Token

TEN = Number(Fraction(10))
LOGARITHMS: dict[str, Expression | None] = {"log": None, "ln": None, "lg": TEN, "lb": TWO, "ld": TWO}
"""The base of each logarithm; None for the natural one."""
CLOSING = {"(": ")", "[": "]", "{": "}"}
_CLOSED = frozenset(CLOSING.values())


class Cursor:
    """A place in a list of tokens. kind: of the token there. binding: values of the indices of the sums around it.

    copies: how often what stands there is written out because of these sums.
    """

    __slots__ = (
        "bars",
        "binding",
        "copies",
        "depth",
        "ends",
        "index",
        "kind",
        "language",
        "names",
        "nodes",
        "terms",
        "tokens",
    )

    def __init__(self, tokens: list[Token], language: Language, terms: Terms, ends: dict[int, int]) -> None:
        self.tokens, self.language = tokens, language
        self.terms, self.ends = terms, ends
        self.names = language.names
        self.index = 0
        self.kind = tokens[0].kind
        self.depth = self.bars = self.nodes = 0
        self.binding: dict[str, int] = {}
        self.copies = 1

    def advance(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        self.kind = self.tokens[self.index].kind
        return token

    def back_to(self, index: int) -> None:
        self.index = index
        self.kind = self.tokens[index].kind

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise refuse("too-deep:levels", self.tokens[self.index].start, most=MAX_DEPTH)

    def refused(self, sentence: str, token: Token, suggestion: str = "", /, **values: str | int) -> Refused:
        return refuse(sentence, token.start, token.end - token.start, suggestion, **values)

    def unexpected(self) -> Refused:
        token = self.tokens[self.index]
        match token.kind:
            case "end":
                return self.refused("unexpected-end", token)
            case ",":
                before, after = self.tokens[self.index - 1], self.tokens[self.index + 1]
                if before.kind == after.kind == "number":
                    return self.refused("ambiguous-comma:formula", token, _with_point(before, after))
                return self.refused("unexpected-comma:list", token)
            case "!":
                return self.refused("factorial", token)
            case "=" | "<" | ">":
                return self.refused("relation:formula", token)
            case ")" | "]" | "}":
                return self.refused("unopened", token)
            case "number":
                return self.refused("missing-operator:number", token, "*")
        return self.refused("unexpected", token)


def _with_point(whole: Token, decimals: Token) -> str:
    """The number that was written with a comma, with a point; "" if what stands around the comma makes no number."""
    before, after = (str(token.value.value) for token in (whole, decimals))
    places = decimals.end - decimals.start
    if (
        not decimals.tight
        or not (before + after).isdigit()
        or len(after) > places
        or len(before) > whole.end - whole.start
    ):
        return ""  # fractions and powers of ten
    return f"{before}.{after.zfill(places)}"


def holds_logarithm(tokens: list[Token], place: int) -> bool:
    """Whether brackets, or a fraction, that begin at this token hold a logarithm: nobody takes a log of a log."""
    token = tokens[place]
    groups = 1 if token.kind in CLOSING else 2 if token.kind == "frac" and token.value is None else 0
    depth = 0
    while groups and token.kind != "end":
        if token.kind in CLOSING:
            depth += 1
        elif token.kind in _CLOSED:
            depth -= 1
            groups -= depth <= 0
        elif token.kind == "function" and token.value[0] in LOGARITHMS:
            return True
        place += 1
        token = tokens[place]
    return False
