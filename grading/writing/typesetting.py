"""What LaTeX and MathML have in common: where brackets stand, and in which order things are written.

A notation says how each thing looks; this says what there is. Quotients and exponents are two-dimensional and need no
brackets of their own. A logarithm of a single leaf is written without brackets unless something follows in its product.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Literal

import msgspec

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
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
    walk,
)
from grading.text import number_text

SUM, NEGATION, PRODUCT, FUNCTION, POWER, LEAF = range(6)


class Setting(msgspec.Struct, frozen=True, cache_hash=True):
    """How formulas are set.

    log_base: what ``log`` without a base means where the formula is read. decimal_comma: write 0,5.
    euler: e is Euler's number, because the question declares no name e.
    """

    log_base: Literal[0, 2, 10] = 0
    decimal_comma: bool = False
    euler: bool = True


DEFAULT = Setting()


class Typesetter(ABC):
    """Writes trees in one notation."""

    plus: str
    minus: str
    negative: str
    times: str
    beside: str
    """Between a fraction and a bracket, where no sign is needed."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    # --- how things look

    @abstractmethod
    def symbol(self, name: str) -> str: ...

    @abstractmethod
    def number(self, literal: str) -> str: ...

    @abstractmethod
    def probability(self, atom: Probability) -> str: ...

    @abstractmethod
    def row(self, pieces: list[str]) -> str: ...

    @abstractmethod
    def bracketed(self, inner: str) -> str: ...

    @abstractmethod
    def barred(self, inner: str) -> str: ...

    @abstractmethod
    def fraction(self, above: str, below: str) -> str: ...

    @abstractmethod
    def power(self, base: str, exponent: str) -> str: ...

    @abstractmethod
    def root(self, inner: str) -> str: ...

    @abstractmethod
    def function(self, name: str, base: str = "") -> str:
        """The name of a function, perhaps with an index."""

    @abstractmethod
    def applied(self, function: str, argument: str, brackets: bool) -> str: ...

    @abstractmethod
    def listed(self, parts: list[str]) -> str: ...

    # --- what there is

    def write(self, node: Expression) -> str:
        return self.written(node)[0]

    def written(self, node: Expression) -> tuple[str, int]:
        """The text and how tightly it binds."""
        try:
            writer = _WRITERS[type(node)]
        except KeyError:
            raise TypeError(f"not an expression: {node!r}") from None
        return writer(self, node)

    def within(self, node: Expression, least: int) -> str:
        """The text of a part, in brackets if it binds less tightly than `least`."""
        text, binding = self.written(node)
        return self.bracketed(text) if binding < least else text

    def _symbol(self, node: Symbol) -> tuple[str, int]:
        return self.symbol(node.name), LEAF

    def _number(self, node: Number) -> tuple[str, int]:
        return self._value(node.value)

    def _value(self, value: Fraction) -> tuple[str, int]:
        if value < 0:
            return self.row([self.negative, self._value(-value)[0]]), NEGATION
        try:
            literal = number_text(value)
        except ValueError:
            return self.fraction(self.number(str(value.numerator)), self.number(str(value.denominator))), PRODUCT
        return self.number(literal.replace(".", ",") if self.setting.decimal_comma else literal), LEAF

    def _probability(self, node: Probability) -> tuple[str, int]:
        return self.probability(node), LEAF

    def _negation(self, node: Negation) -> tuple[str, int]:
        return self.row([self.negative, self.within(node.operand, PRODUCT)]), NEGATION

    def _sum(self, node: Sum) -> tuple[str, int]:
        pieces = [self.within(node.terms[0], NEGATION)]
        for term in node.terms[1:]:
            if isinstance(term, Negation):
                pieces += self.minus, self.within(term.operand, PRODUCT)
            else:
                pieces += self.plus, self.within(term, PRODUCT)
        return self.row(pieces), SUM

    def _product(self, node: Product) -> tuple[str, int]:
        pieces: list[str] = []
        before: Expression | None = None
        for factor, after in zip(node.factors, (*node.factors[1:], None), strict=True):
            if isinstance(factor, Logarithm):  # without brackets it would take what follows, unless that is another
                closed = after is not None and not isinstance(after, Logarithm)
                text, binding = self.logarithm(factor, closed), FUNCTION
            else:
                text, binding = self.written(factor)
            brackets = binding <= PRODUCT and not isinstance(factor, Quotient)
            if before is not None:
                pieces.append(self.beside if isinstance(before, Quotient) and brackets else self.times)
            pieces.append(self.bracketed(text) if brackets else text)
            before = factor
        return self.row(pieces), PRODUCT

    def _quotient(self, node: Quotient) -> tuple[str, int]:
        return self.fraction(self.write(node.numerator), self.write(node.denominator)), PRODUCT

    def _power(self, node: Power) -> tuple[str, int]:
        if node.exponent == HALF:
            return self.root(self.write(node.base)), LEAF
        least = LEAF + 1 if self.is_euler(node.base) else LEAF  # e with an exponent is the exponential
        return self.power(self.within(node.base, least), self.write(node.exponent)), POWER

    def is_euler(self, node: Expression) -> bool:
        return self.setting.euler and isinstance(node, Exponential) and node.argument == ONE

    def _logarithm(self, node: Logarithm) -> tuple[str, int]:
        return self.logarithm(node, closed=False), FUNCTION

    def logarithm(self, node: Logarithm, closed: bool) -> str:
        """A logarithm; closed: its argument in brackets even if it is a leaf."""
        if node.base is None:
            name = self.function("ln" if self.setting.log_base else "log")
        else:
            name = self.function("log", self.base(node.base))
        argument, binding = self.written(node.argument)
        leaf = binding == LEAF and (
            isinstance(node.argument, Number | Symbol | Probability) or self.is_euler(node.argument)
        )
        return self.applied(name, argument, brackets=closed or not leaf)

    def base(self, base: Expression) -> str:
        return self.write(base)

    def _exponential(self, node: Exponential) -> tuple[str, int]:
        if self.is_euler(node):
            return self.symbol("e"), LEAF
        return self.applied(self.function("exp"), self.write(node.argument), brackets=True), LEAF

    def _extremum(self, node: Extremum) -> tuple[str, int]:
        inner = self.listed([self.write(argument) for argument in node.arguments])
        return self.applied(self.function(node.which), inner, brackets=True), LEAF

    def _absolute_value(self, node: AbsoluteValue) -> tuple[str, int]:
        inner = self.write(node.argument)
        if node.argument == _SELECTED or any(isinstance(part, AbsoluteValue) for part in walk(node.argument)):
            return self.applied(self.function("abs"), inner, brackets=True), LEAF
        return self.barred(inner), LEAF


_SELECTED = Symbol("A")
"""Between bars it would be how many positions are selected."""

_WRITERS: dict[type, Callable[[Typesetter, Any], tuple[str, int]]] = {
    Number: Typesetter._number,
    Symbol: Typesetter._symbol,
    Probability: Typesetter._probability,
    Negation: Typesetter._negation,
    Sum: Typesetter._sum,
    Product: Typesetter._product,
    Quotient: Typesetter._quotient,
    Power: Typesetter._power,
    Logarithm: Typesetter._logarithm,
    Exponential: Typesetter._exponential,
    Extremum: Typesetter._extremum,
    AbsoluteValue: Typesetter._absolute_value,
}
