"""Values put into formulas, by closures that are made once: for what is not rational."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any

from grading.expressions import (
    Expression,
    Extremum,
    Negation,
    Product,
    Sum,
    Symbol,
    children,
    rational,
    walk,
)
from quizgen.formulas.evaluating import Bindings, ValueProblem

Writer = Callable[[Bindings], Expression]


def literal(value: Fraction) -> Expression:
    """A number as `rational` writes it, the same node each time: what is known of a tree is remembered by its nodes."""
    return _literal(*value.as_integer_ratio())


def reduced_literal(above: int, below: int) -> Expression:
    """The number above/below as `literal` writes it. below: positive.

    >>> reduced_literal(2, 4) is literal(Fraction(1, 2))
    True
    """
    common = gcd(above, below)
    return _literal(above // common, below // common)


@lru_cache(maxsize=4096)
def _literal(above: int, below: int) -> Expression:
    return rational(Fraction(above, below))


def writer_of(expression: Expression) -> Writer:
    """The closure that puts values into an expression; what has no value stays as it is.

    >>> from grading.expressions import TWO
    >>> writer_of(Product((TWO, Symbol("a"))))({"a": Symbol("b")})
    Product(factors=(Number(value=Fraction(2, 1)), Symbol(name='b')))
    """
    if isinstance(expression, Symbol):
        return lambda bindings: _substituted(expression, bindings)
    if not any(isinstance(node, Symbol) for node in walk(expression)):
        return lambda bindings: expression
    parts = [writer_of(child) for child in children(expression)]
    make: Any = type(expression)
    match expression:
        case Sum() | Product():
            return lambda bindings: make(tuple([part(bindings) for part in parts]))
        case Extremum(which, _):
            return lambda bindings: make(which, tuple([part(bindings) for part in parts]))
    if len(parts) == 1:
        only = parts[0]
        if isinstance(next(iter(children(expression))), Symbol) and make is not Negation:
            return lambda bindings: _of_literal(make, only(bindings))
        return lambda bindings: make(only(bindings))
    first, second = parts
    return lambda bindings: make(first(bindings), second(bindings))


@lru_cache(maxsize=4096)
def _of_literal(make: Callable[[Expression], Expression], argument: Expression) -> Expression:
    """A logarithm or a power of e; of a number the same node each time, as `literal` has it."""
    return make(argument)


def _substituted(symbol: Symbol, bindings: Bindings) -> Expression:
    name = symbol.name
    value = bindings.get(name)
    if type(value) is Fraction:
        return literal(value)
    if isinstance(value, tuple):
        raise ValueProblem("Q303", f'"{name}" is a list; use {name}_1, {name}_2 or max({name})')
    if value is None or isinstance(value, str):
        return symbol  # a word is refused where its value is asked for
    return value  # type: ignore[return-value]  # what is left is an expression
