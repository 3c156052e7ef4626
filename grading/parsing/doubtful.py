"""Which rows of the table of conventions decided how a text was read.

This walks once more over the tokens of a text that has been read, along the grammar, and notes where another person
could have read it otherwise. It is asked only where an echo is shown, so that reading pays nothing for it.
"""

from __future__ import annotations

import re

from grading.expressions import Number
from grading.parsing.conventions import CONVENTIONS
from grading.parsing.cursor import holds_logarithm
from grading.parsing.language import Language, normalise
from grading.parsing.tokens import Token, clean, tokenize

_OPENING = frozenset(("(", "[", "{"))
_FACTOR = frozenset(("number", "name", "function", "probability", "series", "frac", "sqrt")) | _OPENING
_FUNCTION = frozenset(("function", "series"))
_POWER = frozenset(("^", "superscript"))
_RULES = tuple(dict.fromkeys(convention.rule for convention in CONVENTIONS))
_LONG_INDEX = re.compile(r"_\d\d")


def conventions_met(text: str, language: Language) -> tuple[str, ...]:
    """The rules that were applied in reading this text, in the order of the table; () for what is beyond doubt.

    text: one that `grading.parsing.parse_expression` has read in this language; raises Refused for another.

    >>> conventions_met("log 2x + 1", Language(any_name=True)), conventions_met("log(2*x) + 1", Language(any_name=True))
    (('function-product', 'function-sum'), ())
    """
    cleaned = clean(text)
    walk = _Walk(cleaned, tokenize(cleaned, language.decimal_comma, language.own_names), language)
    walk.sum()
    return tuple(rule for rule in _RULES if rule in walk.met)


class _Walk:
    """A place in the tokens of a text. met: the rules so far. The methods are named after the parts of the grammar."""

    def __init__(self, text: str, tokens: list[Token], language: Language) -> None:
        self.text, self.tokens, self.language = text, tokens, language
        self.index = self.bars = 0
        self.met: set[str] = set()

    @property
    def kind(self) -> str:
        return self.tokens[self.index].kind

    def note(self, rule: str, applies: bool = True) -> None:
        if applies:
            self.met.add(rule)

    def advance(self) -> Token:
        token = self.tokens[self.index]
        self.index = min(self.index + 1, len(self.tokens) - 1)
        return token

    def begins_factor(self) -> bool:
        return self.kind in _FACTOR or (self.kind == "|" and not self.bars)

    def sum(self) -> None:
        self.term()
        while self.kind in ("+", "-"):
            self.advance()
            self.term()

    def term(self) -> None:
        if self.kind not in ("-", "+"):
            self.product()
            return
        minus = self.advance().kind == "-"
        if self.kind in ("-", "+"):
            self.term()
        else:
            self.note("power-sign", self.product() and minus)

    def product(self) -> bool:
        """Whether the first factor has an exponent."""
        raised = self.factor()
        divided = False
        while self.kind in ("*", "/") or self.begins_factor():
            self.note("left-to-right", divided)
            if self.kind in ("*", "/"):
                divided = self.advance().kind == "/" or divided
                self.signed_factor()
            else:
                self.factor()
        return raised

    def signed_factor(self) -> bool:
        while self.kind in ("-", "+"):
            self.advance()
        return self.factor()

    def factor(self) -> bool:
        """Whether it has an exponent."""
        token = self.tokens[self.index]
        if token.kind == "name" and token.value == "e" and "e" not in self.language.names:
            self.note("euler")
            self.advance()
            if self.kind in _POWER:
                self.exponent()
            return False
        self.primary()
        raised = False
        while self.kind in _POWER:
            self.exponent()
            raised = True
        return raised

    def exponent(self) -> None:
        if self.advance().kind == "^":
            self.note("power-right", self.signed_factor())

    def primary(self) -> None:
        token = self.advance()
        match token.kind:
            case "number":
                self.note("decimal-comma", "," in self.text[token.start : token.end])
                if self.kind == "%":
                    self.advance()
                    self.note("percent")
            case "name":
                self.name(token)
            case "function":
                self.function(token)
            case "(" | "[" | "{":
                self.group()
            case "frac" if token.value is None:
                self.braced()
                self.braced()
            case "sqrt":
                self.root()
            case "series":
                self.series(token)
            case "|":
                self.bars += 1
                self.sum()
                self.bars -= 1
                self.advance()

    def name(self, token: Token) -> None:
        name = normalise(token.value)
        self.note("subscript-digits", _LONG_INDEX.search(self.text, token.start, token.end) is not None)
        single = {declaration.name for declaration in self.language.symbols if len(declaration.name) == 1}
        self.note("letters-product", len(name) > 1 and name not in self.language.names and single.issuperset(name))

    def group(self) -> None:
        """What stands after an opening bracket, with the bracket that closes it."""
        bars, self.bars = self.bars, 0
        self.sum()
        while self.kind in (",", ";"):
            self.advance()
            self.sum()
        self.bars = bars
        self.advance()

    def braced(self) -> None:
        if self.kind == "{":
            self.advance()
            self.group()
        else:
            self.primary()

    def root(self) -> None:
        if self.kind == "[":
            self.advance()
            self.group()
            self.braced()
            return
        bare = self.kind not in _OPENING
        self.primary()
        self.note("root-factor", bare and (self.kind in _POWER or self.begins_factor()))

    def function(self, token: Token) -> None:
        name, index = token.value
        if self.kind == "_":
            self.advance()
            self.braced()
        elif name in ("lg", "ln"):
            self.note(name, name == "lg" or self.language.log_base != 0)
        elif name == "log" and not index:
            self.note(f"log-{self.language.log_base}")
        if self.kind in _POWER:
            self.exponent()
            self.note("function-exponent")
        if self.kind not in ("(", "[") and name not in ("min", "max", "abs"):
            self.bare_argument()
            return
        self.advance()
        self.group()
        following = self.kind in ("/", *_POWER) or (self.begins_factor() and self.kind not in _FUNCTION)
        self.note("function-parentheses", following)

    def bare_argument(self) -> None:
        """The argument of a function without parentheses."""
        while self.kind == "-":
            self.advance()
        self.note("power-first", self.factor())
        self.whole_fraction()
        while self.kind == "*" or self.kind == "/" or self.begins_factor():
            place = self.index + 1 if self.kind in ("*", "/") else self.index
            if self.tokens[place].kind in _FUNCTION or holds_logarithm(self.tokens, place):
                self.note("function-function")
                break
            if self.kind == "*":
                self.advance()
            self.factor()
            self.note("function-product")
        self.note("function-sum", self.kind in ("+", "-") and not self.function_in_next_term())

    def whole_fraction(self) -> None:
        nearby = self.tokens[self.index - 1 : self.index + 2]
        if len(nearby) < 3 or self.kind != "/":
            return
        whole = (isinstance(t.value, Number) and t.value.value.denominator == 1 for t in (nearby[0], nearby[2]))
        if all(whole):
            self.advance()
            self.factor()
            self.note("function-fraction")

    def function_in_next_term(self) -> bool:
        """Whether the term after this sign holds a function, so that nobody takes it for a part of the argument."""
        depth = 0
        for token in self.tokens[self.index + 1 :]:
            if token.kind in _FUNCTION:
                return True
            depth += (token.kind in _OPENING) - (token.kind in (")", "]", "}"))
            if depth < 0 or (depth == 0 and token.kind in ("+", "-")):
                return False
        return False

    def series(self, token: Token) -> None:
        start = self.index
        if token.value.product:
            self.bare_argument()
        else:
            self.term()
        several = self.tokens[start + 1 : self.index] and self.kind in ("+", "-")
        self.note("sum-product", bool(several))
