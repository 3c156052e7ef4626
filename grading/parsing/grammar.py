"""The grammar: one recursive descent over the tokens of plain text, Unicode and LaTeX.

    sum      = term {("+" | "-") term}
    term     = "-" term | product
    product  = factor {("*" | "/" | nothing) factor}      from left to right
    factor   = primary ["^" exponent]
    primary  = number | name | Pr(…) | function | \\frac | root | sum_{…} | (sum) | |sum|

`grading.parsing.conventions` says how doubtful writings are read or refused.
"""

from __future__ import annotations

from fractions import Fraction

from grading.expressions import (
    HALF,
    ONE,
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
    multiply,
)
from grading.parsing.checks import Checks, natural, too_long
from grading.parsing.conventions import MAX_DEPTH, MAX_NODES
from grading.parsing.cursor import LOGARITHMS, holds_logarithm
from grading.parsing.names import named
from grading.parsing.probabilities import read_probability
from grading.parsing.refusals import Refused
from grading.parsing.sets import members
from grading.parsing.tokens import Series, Token

HUNDRED = Number(Fraction(100))
MAX_KEPT = 24
"""Tokens of a term that is kept."""
MOST_TERMS = 10_000
_FACTOR = frozenset(
    ("number", "name", "function", "probability", "series", "frac", "sqrt", "(", "[", "{")
)  # what may follow without a sign of multiplication
_ENDS = frozenset(("+", "-", ")", "]", "}", "end", ","))
_FUNCTION = frozenset(("function", "series"))


class Parser(Checks):
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
            if name == "log" and self.kind == "_":
                self.advance()
                base = natural(self.braced())
            else:
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
                raise too_long(token)  # every member, here and in the sums around it, is as long as the first
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
