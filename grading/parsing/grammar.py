"""The grammar: one recursive descent over the tokens of plain text, Unicode and LaTeX.

    sum      = term {("+" | "-") term}
    term     = "-" term | product
    product  = factor {("*" | "/" | nothing) factor}      from left to right
    factor   = primary ["^" exponent]
    primary  = number | name | Pr(…) | function | \\frac | root | sum_{…} | (sum) | |sum|

`grading.parsing.conventions` says how doubtful writings are read or refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from grading.expressions import (
    HALF,
    ONE,
    TWO,
    AbsoluteValue,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    add,
    children,
    multiply,
)
from grading.parsing.conventions import MAX_DEPTH, MAX_HEIGHT, MAX_NODES
from grading.parsing.cursor import CLOSING, LOGARITHMS, TEN, Cursor, holds_logarithm
from grading.parsing.language import Language
from grading.parsing.lexemes import END, ends_of_terms, quick_tokens
from grading.parsing.names import named, run_together
from grading.parsing.probabilities import read_probability
from grading.parsing.refusals import Refused, refuse
from grading.parsing.sets import members
from grading.parsing.tokens import Series, Token, clean, tokenize
from grading.text import to_text

HUNDRED = Number(Fraction(100))
MAX_KEPT = 24
"""Tokens of a term that is kept."""
MOST_TERMS = 10_000
LONGEST_FORMULA = 80
"""Tokens of a formula that is kept."""
MOST_FORMULAS = 10_000
_FACTOR = frozenset(
    ("number", "name", "function", "probability", "series", "frac", "sqrt", "(", "[", "{")
)  # what may follow without a sign of multiplication
_ENDS = frozenset(("+", "-", ")", "]", "}", "end", ","))
_FUNCTION = frozenset(("function", "series"))


def parse_expression(text: str, language: Language | None = None) -> Expression:
    """The tree of a typed formula; the whole text is read or refused.

    Raises Refused with a `Refusal`: code, place, one kind sentence and, where possible, what to type instead.

    >>> from grading.keys import SymbolDeclaration
    >>> from grading.text import to_unicode
    >>> language = Language(symbols=(SymbolDeclaration("p_2"), SymbolDeclaration("p_6")))
    >>> to_unicode(parse_expression("log p₂·p_{6} − 1/2", language))
    'log(p₂·p₆) − 1/2'
    """
    language = _EMPTY if language is None else language
    cleaned = clean(text)
    try:
        tokens, known = quick_tokens(cleaned, language)
        whole = tuple(tokens)
        if (tree := known.formulas.get(whole)) is None:
            tree = _tree(_Parser(tokens, language, known.terms, ends_of_terms(tokens)))
            if len(tokens) <= LONGEST_FORMULA and len(known.formulas) < MOST_FORMULAS:
                known.formulas[whole] = tree
        return tree
    except Refused:  # once more, by the rule, which knows the places of its tokens
        tokens = tokenize(cleaned, language.decimal_comma, language.own_names)
        return _tree(_Parser(tokens, language, {}, {}))


def parse_tokens(tokens: Sequence[Token], language: Language) -> Expression:
    """The tree of tokens whose places in a text are not known; raises Refused."""
    return _tree(_Parser([*tokens, END], language, {}, {}))


def _tree(parser: _Parser) -> Expression:
    """The tree of all the tokens."""
    if len(parser.tokens) == 1:
        raise refuse("empty:formula")
    try:
        tree = parser.sum()
        if parser.kind != "end":
            raise parser.unexpected()
    except RecursionError:  # a guard behind the limit of depth
        raise refuse("too-deep:levels", most=MAX_DEPTH) from None
    if len(parser.tokens) > MAX_HEIGHT and _too_high(tree):  # fewer tokens cannot make so high a tree
        raise refuse("too-deep:steps", most=MAX_HEIGHT)
    return tree


def _too_long(token: Token) -> Refused:
    return refuse("too-long:written-out", token.start)


def _too_high(tree: Expression) -> bool:
    """Whether the tree has more levels than everything that walks through it by recursion can take."""
    level: tuple[Expression, ...] = (tree,)
    for _ in range(MAX_HEIGHT):
        level = tuple(child for node in level for child in children(node))
        if not level:
            return False
    return True


_EMPTY = Language()


class _Parser(Cursor):
    """One pass over the tokens of one text."""

    __slots__ = ()

    def sum(self) -> Expression:
        self.deeper()
        first = self.term()
        kind = self.kind
        if kind != "+" and kind != "-":
            self.depth -= 1
            return first
        terms = [first]
        while kind == "+" or kind == "-":
            self.advance()
            term = self.term()
            terms.append(term if kind == "+" else Negation(term))
            kind = self.kind
        self.depth -= 1
        return Sum(tuple(terms))

    def term(self) -> Expression:
        start = self.index
        end = self.ends.get(start, 0)
        if not end or end > start + MAX_KEPT or self.depth + end - start > MAX_DEPTH or self.binding:
            return self.new_term()
        tokens = tuple(self.tokens[start:end])
        found = self.terms.get(tokens)
        if found is not None:
            self.back_to(end)
            self.count(found[1])
            return found[0]
        before = self.nodes
        term = self.new_term()
        if self.index == end and len(self.terms) < MOST_TERMS:
            self.terms[tokens] = term, self.nodes - before
        return term

    def new_term(self) -> Expression:
        kind = self.kind
        if kind != "-" and kind != "+":
            return self.product()
        self.deeper()
        self.advance()
        operand = self.term()
        self.depth -= 1
        return Negation(operand) if kind == "-" else operand

    def product(self) -> Expression:
        factor = self.factor()
        kind = self.kind
        if kind in _ENDS:
            return factor
        factors = [factor]
        while True:
            if kind == "*":
                self.advance()
                factors.append(self.signed_factor())
            elif kind == "/":
                self.advance()
                self.check_letters(below=True)
                below = self.signed_factor()
                factors = [Quotient(multiply(*factors), below)]
                self.check_division()
            elif kind in _FACTOR or (kind == "|" and not self.bars):
                self.check_juxtaposition()
                factors.append(self.factor())
            else:
                return factors[0] if len(factors) == 1 else Product(tuple(factors))
            kind = self.kind

    def check_division(self) -> None:
        """``1/2x`` without a space could be 1/(2x)."""
        token = self.tokens[self.index]
        if token.tight and token.kind in ("name", "probability") and self.tokens[self.index - 1].kind not in (")", "}"):
            raise self.refused("ambiguous-division", token, "(1/2)*x")

    def check_juxtaposition(self) -> None:
        """Two numbers side by side are never a product."""
        before, token = self.tokens[self.index - 1], self.tokens[self.index]
        if token.kind == "number":
            if before.kind == "name" and not token.tight:
                raise self.refused("missing-operator:subscript", token, f"_{token.value.value}")
            raise self.unexpected()
        if token.kind == "frac" and before.kind == "number" and self.is_numeric_fraction():
            raise self.refused("mixed-number", token, "*")

    def check_letters(self, below: bool = False) -> None:
        """Letters run together where only one factor is expected: ``1/xy``, ``e^xy``, ``√xy``, ``\\frac xy``."""
        place = self.index
        while self.tokens[place].kind in ("-", "+"):
            place += 1
        token = self.tokens[place]
        if token.kind == "name" and run_together(token, self.language, self.binding):
            together = f"({'*'.join(token.value)})"
            if below:
                raise self.refused("ambiguous-division", token, together)
            raise self.refused("ambiguous-argument:letters", token, together)

    def is_numeric_fraction(self) -> bool:
        """Whether the fraction that begins here is one of two numbers, as ``\\frac12`` and ``½`` are."""
        if self.tokens[self.index].value is not None:
            return True
        kinds = [token.kind for token in self.tokens[self.index + 1 : self.index + 7] if token.kind not in ("{", "}")]
        return kinds[:2] == ["number", "number"]

    def signed_factor(self) -> Expression:
        if self.kind in ("-", "+"):
            self.deeper()
            sign = self.advance().kind
            operand = self.signed_factor()
            self.depth -= 1
            return Negation(operand) if sign == "-" else operand
        return self.factor()

    def factor(self) -> Expression:
        token = self.tokens[self.index]
        base = token.leaf
        if base is not None and not self.binding:
            self.nodes += 1
            self.index += 1
            self.kind = kind = self.tokens[self.index].kind
            if kind == "%" and token.kind == "number":
                self.advance()
                base = Quotient(base, HUNDRED)
        elif token.kind == "name" and token.value == "e" and not self.known("e"):
            self.advance()
            if self.kind in ("^", "superscript"):
                return Exponential(self.exponent())
            return Exponential(ONE)
        else:
            base = self.primary()
        if self.kind != "^" and self.kind != "superscript":
            return base
        before: tuple[Expression, ...] = ()
        if token.kind == "name" and isinstance(base, Product):  # letters run together: only the last one is raised
            before, base = base.factors[:-1], base.factors[-1]
        while self.kind == "^" or self.kind == "superscript":
            base = Power(base, self.exponent())
        return multiply(*before, base)

    def known(self, name: str) -> bool:
        return name in self.names or name in self.binding

    def exponent(self) -> Expression:
        """What follows ``^``; powers are read from right to left."""
        token = self.advance()
        if token.kind == "superscript":
            value, negative = token.value
            return Negation(value) if negative else value
        self.check_letters()
        self.deeper()
        inner = self.signed_factor()
        self.depth -= 1
        return inner

    def count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise _too_long(self.tokens[self.index])

    def primary(self) -> Expression:
        self.count(1)
        token = self.tokens[self.index]
        match token.kind:
            case "number":
                self.advance()
                if self.kind == "%":
                    self.advance()
                    return Quotient(token.value, HUNDRED)
                return token.value  # type: ignore[no-any-return]
            case "name":
                self.advance()
                return named(token, self.language, self.binding)
            case "probability":
                self.advance()
                return self.probability(token)
            case "function":
                return self.function()
            case "(" | "[" | "{":
                return self.group()
            case "frac":
                return self.fraction()
            case "sqrt":
                return self.root()
            case "series":
                return self.series()
            case "|":
                return self.absolute_value()
        raise self.unexpected()

    def group(self) -> Expression:
        opening = self.advance()
        bars, self.bars = self.bars, 0
        inner = self.sum()
        self.bars = bars
        self.close(opening)
        return inner

    def close(self, opening: Token) -> None:
        if self.kind != CLOSING[opening.kind]:
            if self.kind == "end":
                raise self.refused("unclosed:bracket", opening, CLOSING[opening.kind])
            raise self.unexpected()
        self.advance()

    def absolute_value(self) -> Expression:
        opening = self.advance()
        self.bars += 1
        inner = self.sum()
        self.bars -= 1
        if self.kind != "|":
            raise self.refused("unclosed:bar", opening, "|")
        self.advance()
        return AbsoluteValue(inner)

    def fraction(self) -> Expression:
        token = self.advance()
        if token.value is not None:
            top, bottom = token.value
            return Quotient(Number(Fraction(top)), Number(Fraction(bottom)))
        top = self.braced()
        return Quotient(top, self.braced())

    def braced(self) -> Expression:
        """The argument of a LaTeX command: a group in braces or one primary."""
        return self.group() if self.kind == "{" else self.single()

    def single(self) -> Expression:
        """One primary, which may be the root of a root of a root."""
        self.check_letters()
        self.deeper()
        inner = self.primary()
        self.depth -= 1
        return inner

    def root(self) -> Expression:
        self.advance()
        if self.kind == "[":
            degree = self.group()
            inner = self.braced()
            if isinstance(inner, Negation) and isinstance(degree, Number) and degree.value % 2 == 1:
                return Negation(Power(inner.operand, Quotient(ONE, degree)))  # an odd root keeps the sign
            return Power(inner, Quotient(ONE, degree))
        return Power(self.single(), HALF)

    # --- functions

    def function(self) -> Expression:
        token = self.advance()
        name, index = token.value
        base: Expression | None = None
        if name in LOGARITHMS:
            base = self.log_base(token, name, index)
        elif index:
            raise self.refused("unknown-name:subscript", token, name, name=name)
        power = self.exponent() if self.kind in ("^", "superscript") else None
        result: Expression
        if name in ("min", "max", "abs"):
            result = self.several(token, name)
        else:
            argument = self.group() if self.kind in ("(", "[") else self.bare_argument(token)
            result = Exponential(argument) if name == "exp" else Logarithm(argument, base)
        return result if power is None else Power(result, power)

    def log_base(self, token: Token, name: str, index: str) -> Expression | None:
        if name != "log":
            if index:
                raise self.refused("unknown-name:base", token, f"log_{index}", name=name, base=index)
            return LOGARITHMS[name]
        if self.kind == "_":
            self.advance()
            return self.natural(self.braced())
        if not index:
            return {0: None, 2: TWO, 10: TEN}[self.language.log_base]
        if index.isascii() and index.isdigit():
            self.check_decimals(token, index)
            if len(index) > 9:
                raise self.refused("too-large:base", token)
            return Number(Fraction(int(index)))
        if index[0].isascii() and index[0].isdigit():  # 2n, 1e9: no name begins so
            raise self.refused("ambiguous-argument:base", token, f"log_{{({index})}}", base=index)
        return (
            None
            if index == "e" and not self.known("e")
            else named(msgspec.structs.replace(token, kind="name", value=index), self.language, self.binding)
        )

    def check_decimals(self, token: Token, index: str) -> None:
        """``log2.5`` is log(2.5), or the logarithm of .5 to base 2."""
        following = self.tokens[self.index]
        if following.kind == "number" and following.tight:
            decimal = to_text(following.value)
            rest = decimal.removeprefix("0") if "." in decimal else decimal
            raise self.refused(
                "ambiguous-argument:digits",
                following,
                base=f"log_{index}({decimal})",
                number=f"log({index}{rest})",
            )

    def natural(self, base: Expression) -> Expression | None:
        return None if base == Exponential(ONE) else base

    def several(self, token: Token, name: str) -> Expression:
        if self.kind not in ("(", "[", "{"):
            raise self.refused("missing-parentheses", token, "abs(a)" if name == "abs" else f"{name}(a, b)", name=name)
        opening = self.advance()
        bars, self.bars = self.bars, 0
        arguments = [self.sum()]
        while self.kind in (",", ";"):
            self.advance()
            arguments.append(self.sum())
        self.bars = bars
        self.close(opening)
        if name == "abs":
            if len(arguments) > 1:
                raise self.refused("unexpected-comma:abs", token)
            return AbsoluteValue(arguments[0])
        if len(arguments) < 2:
            raise self.refused("too-few-arguments", token, f"{name}(a, b)", name=name)
        return Extremum("min" if name == "min" else "max", tuple(arguments))

    def bare_argument(self, function: Token) -> Expression:
        """What a function without parentheses applies to: the product after it (see the table of conventions)."""
        if self.kind == "-":
            self.deeper()
            self.advance()
            operand = self.bare_argument(function)
            self.depth -= 1
            return Negation(operand)
        self.deeper()
        glued = self.kind == "number" and self.tokens[self.index].tight
        factors = [self.factor()]
        if self.whole_fraction(factors[0]):
            self.advance()
            factors = [Quotient(factors[0], self.factor())]
        while self.kind in _FACTOR or self.kind in ("*", "/") or (self.kind == "|" and not self.bars):
            place = self.index + 1 if self.kind in ("*", "/") else self.index
            following = self.tokens[place]
            if following.kind in _FUNCTION or holds_logarithm(self.tokens, place):
                break
            if self.is_doubtful(following, factors[-1]) or (glued and not following.tight):
                raise self.refused("ambiguous-argument:function", self.tokens[self.index])
            if self.kind == "*":
                self.advance()
            else:
                self.check_juxtaposition()
            factors.append(self.factor())
        self.depth -= 1
        return multiply(*factors)

    def is_doubtful(self, following: Token, before: Expression) -> bool:
        """Whether nobody could say if what follows still belongs to the function. before: the factor before it."""
        if self.kind == "/":
            return True
        if self.kind == "*":
            return following.kind in ("number", "frac", "-", "+") or isinstance(before, Number)
        return self.kind in ("(", "[") and isinstance(before, Number)

    def whole_fraction(self, top: Expression) -> bool:
        after = self.tokens[self.index + 1] if self.kind == "/" else None
        return (
            after is not None
            and isinstance(top, Number)
            and after.kind == "number"
            and top.value.denominator == after.value.value.denominator == 1
        )

    # --- sums and products over sets

    def series(self) -> Expression:
        token = self.advance()
        head: Series = token.value
        values = members(token, head, self.language)
        start, end = self.index, self.index
        outer = self.binding
        terms: list[Expression] = []
        before = self.nodes
        self.copies *= len(values)
        for value in values:
            self.back_to(start)
            self.binding = {**outer, head.variable: value}
            terms.append(self.bare_argument(token) if head.product else self.term())
            end = self.index
            if (self.nodes - before) * self.copies > MAX_NODES * len(terms):
                raise _too_long(token)  # every member, here and in the sums around it, is as long as the first
        self.copies //= len(values)
        self.binding = outer
        self.back_to(end)
        return multiply(*terms) if head.product else add(*terms)

    def probability(self, token: Token) -> Expression:
        at, inside = token.value
        try:
            return read_probability(at, inside, self.language, tuple(sorted(self.binding.items())))
        except Refused as problem:
            raise problem.placed(token.start, token.end - token.start) from None
