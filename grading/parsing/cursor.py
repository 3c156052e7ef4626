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
            raise refuse("too-deep", f"A formula may be nested {MAX_DEPTH} deep.", self.tokens[self.index].start)

    def refused(self, code: str, message: str, token: Token, suggestion: str = "") -> Refused:
        return refuse(code, message, token.start, token.end - token.start, suggestion)

    def unexpected(self) -> Refused:
        token = self.tokens[self.index]
        match token.kind:
            case "end":
                return self.refused("unexpected-end", "Something is missing at the end of the formula.", token)
            case ",":
                before, after = self.tokens[self.index - 1], self.tokens[self.index + 1]
                if before.kind == after.kind == "number":
                    return self.refused(
                        "ambiguous-comma", "Is the comma a decimal mark? Please write a decimal point.", token, "1.609"
                    )
                return self.refused("unexpected-comma", "One formula is asked for, not a list.", token)
            case "!":
                return self.refused("factorial", "Factorials cannot be used here.", token)
            case "=" | "<" | ">":
                return self.refused("relation", "One formula is asked for, without = or <.", token)
            case ")" | "]" | "}":
                return self.refused("unopened", "This bracket was never opened.", token)
            case "number":
                return self.refused("missing-operator", "A sign such as * is missing before this number.", token, "*")
        return self.refused("unexpected", "This cannot stand here.", token)


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
