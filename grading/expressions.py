"""The expression tree: the one language in which keys, distractors and learners' answers meet.

The objective of a training step produces it, the parser of typed answers produces it, keys are
stored as its text, and the judge compares it. Nodes are frozen and hashable; they say what was
written (``a - b`` stays a sum with a negated term, ``1/2`` stays a quotient), because an echo must
show learners their own formula. What two trees *mean* is decided by `grading.equivalence`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Any, Literal

import msgspec

MASK = "[MASK]"
CLS = "[CLS]"


class Context(msgspec.Struct, frozen=True, gc=False, eq=False):
    """The sequence that is visible while a token is predicted.

    Two contexts are the same when they *resolve* to the same tokens: ``x`` and ``x̄`` are one
    context if nothing was corrupted. The notation is only how it is written.

    notation: one of the spellings of `CONTEXT_NOTATIONS`, filled in, such as ``xbar``, ``x``, ``xbar_{<6}``,
        ``x_{\\2}``, ``x_{0,4}`` or ``xbar, x_2=early``.
    tokens: the resolved sequence, index = position ([CLS] at 0). A prefix is a shorter tuple; where the model's
        own guess is filled in at position i the token is ``xhat_i``. Words of a target follow the whole input that
        they are predicted from. Without a sentence: the notation alone.
    """

    notation: str
    tokens: tuple[str, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Context) and self.tokens == other.tokens

    def __ne__(self, other: object) -> bool:
        return not self.__eq__(other)  # the record's own ``!=`` would compare identities

    def __hash__(self) -> int:
        return hash(self.tokens)

    def visible_words(self) -> frozenset[tuple[int, str]]:
        """The (position, token) pairs that carry information: everything that is not ``[MASK]``."""
        return frozenset((k, t) for k, t in enumerate(self.tokens) if t != MASK)


CONTEXT_NOTATIONS = (
    "xbar",  # the corrupted input
    "x",  # the original sequence
    "xbar_{<i}",  # the corrupted input to the left of position i
    "x_{<i}",  # the original sequence to the left of position i
    r"x_{\i}",  # the original sequence with position i masked (pseudo-log-likelihood)
    "xbar, x_i=w",  # the corrupted input with the true word filled in at one or more positions
    "xbar, xhat_i",  # the corrupted input with the model's own guess filled in
    "x_{<=i}",  # the original sequence up to position i, which is among it
    "x_{i,j}",  # the tokens of the original sequence at these positions and no others; one position is enough
    "xc",  # the sequence in which some words were replaced by others
    "hcls",  # the vector of [CLS], which has seen both sentences
    "xbar, y_{<i}",  # the corrupted input, and the target to the left of its position i
)

Variable = Literal["x", "y", "d", "c"]
"""What an event is about: a token ``x`` of the sequence, a token ``y`` of a target that is a sequence of its own, the
decision ``d`` whether the token at a position is the original one, or the one class ``c`` of a whole input."""


class Event(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """``x_position = token``. Position is 1-based for words; 0 is ``[CLS]``; -1: a word that stands nowhere in the
    sentence and was written without a position (``Pr(lion | xbar)``), or a class ``c``, which has none."""

    position: int
    token: str
    of: Variable = "x"

    @property
    def name(self) -> str:
        """What has the value, such as ``x_2``; "" for a word without its position.

        >>> Event(3, "original", "d").name, Event(-1, "IsNext", "c").name, Event(-1, "lion").name
        ('d_3', 'c', '')
        """
        if self.position >= 0:
            return f"{self.of}_{self.position}"
        return "" if self.of == "x" else self.of


class Number(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """An exact decimal literal such as 2, 0.05 or 1e-3 (denominator of 2s and 5s only).

    Other rationals are written as a `Quotient`; see `rational`.
    """

    value: Fraction


class Symbol(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """A declared name: ``p_2`` for a probability, ``n``, ``a`` …"""

    name: str


class Probability(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """The atom ``Pr(x_2 = early | x̄)``.

    events: one event, or several for a joint probability.
    given: what is conditioned on; None for an unconditional probability.
    reverse: True for the wrong way round, ``Pr(x̄ | x_2 = early)``.
    """

    events: tuple[Event, ...]
    given: Context | None
    reverse: bool = False


class Negation(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    operand: Expression


class Sum(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """Two or more terms; a subtracted term is a `Negation`."""

    terms: tuple[Expression, ...]


class Product(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """Two or more factors."""

    factors: tuple[Expression, ...]


class Quotient(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    numerator: Expression
    denominator: Expression


class Power(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """``base ** exponent``; a square root is ``Power(x, 1/2)``."""

    base: Expression
    exponent: Expression


class Logarithm(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """``log`` of the argument; base None is the natural logarithm."""

    argument: Expression
    base: Expression | None = None


class Exponential(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """``e`` to the argument; Euler's number itself is ``Exponential(1)``."""

    argument: Expression


class Extremum(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """``min(…)`` or ``max(…)`` of two or more arguments."""

    which: Literal["min", "max"]
    arguments: tuple[Expression, ...]


class AbsoluteValue(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    argument: Expression


Expression = (
    Number
    | Symbol
    | Probability
    | Negation
    | Sum
    | Product
    | Quotient
    | Power
    | Logarithm
    | Exponential
    | Extremum
    | AbsoluteValue
)

ONE = Number(Fraction(1))
TWO = Number(Fraction(2))
HALF = Quotient(ONE, TWO)


def rational(value: Fraction | int) -> Expression:
    """The tree of an exact rational number.

    >>> rational(Fraction(-1, 3))
    Negation(operand=Quotient(numerator=Number(value=Fraction(1, 1)), denominator=Number(value=Fraction(3, 1))))
    """
    above, below = value.as_integer_ratio()
    if above < 0:
        return Negation(rational(-value))
    if below == 1:
        return Number(value if isinstance(value, Fraction) else Fraction(value))
    return Quotient(Number(Fraction(above)), Number(Fraction(below)))


def add(*terms: Expression) -> Expression:
    """The sum of the terms as it is written: no term gives 0, one term gives itself."""
    if not terms:
        return Number(Fraction(0))
    return terms[0] if len(terms) == 1 else Sum(terms)


def multiply(*factors: Expression) -> Expression:
    """The product of the factors as it is written: no factor gives 1, one factor gives itself."""
    if not factors:
        return ONE
    return factors[0] if len(factors) == 1 else Product(factors)


def _none(node: Expression) -> tuple[Expression, ...]:
    return ()


def _of_logarithm(node: Logarithm) -> tuple[Expression, ...]:
    return (node.argument,) if node.base is None else (node.argument, node.base)


_CHILDREN: dict[type, Callable[[Any], tuple[Expression, ...]]] = {
    Number: _none,
    Symbol: _none,
    Probability: _none,
    Negation: lambda node: (node.operand,),
    Sum: attrgetter("terms"),
    Product: attrgetter("factors"),
    Quotient: attrgetter("numerator", "denominator"),
    Power: attrgetter("base", "exponent"),
    Logarithm: _of_logarithm,
    Exponential: lambda node: (node.argument,),
    AbsoluteValue: lambda node: (node.argument,),
    Extremum: attrgetter("arguments"),
}


def children(expression: Expression) -> tuple[Expression, ...]:
    """The direct subexpressions, left to right."""
    try:
        return _CHILDREN[type(expression)](expression)
    except KeyError:
        raise TypeError(f"not an expression: {expression!r}") from None


def with_children(expression: Expression, parts: tuple[Expression, ...]) -> Expression:
    """The same kind of node over other subexpressions, as many as it has.

    >>> with_children(Quotient(Symbol("a"), Symbol("b")), (ONE, TWO)) == HALF
    True
    """
    make = MAKERS.get(type(expression))
    if make is None:
        raise TypeError(f"not an expression: {expression!r}")
    return make(expression, parts)


def _itself(node: Expression, parts: tuple[Expression, ...]) -> Expression:
    return node


MAKERS: dict[type, Callable[[Any, tuple[Expression, ...]], Expression]] = {
    Number: _itself,
    Symbol: _itself,
    Probability: _itself,
    Negation: lambda node, parts: Negation(parts[0]),
    Sum: lambda node, parts: Sum(parts),
    Product: lambda node, parts: Product(parts),
    Quotient: lambda node, parts: Quotient(parts[0], parts[1]),
    Power: lambda node, parts: Power(parts[0], parts[1]),
    Logarithm: lambda node, parts: Logarithm(parts[0], parts[1] if len(parts) > 1 else None),
    Exponential: lambda node, parts: Exponential(parts[0]),
    AbsoluteValue: lambda node, parts: AbsoluteValue(parts[0]),
    Extremum: lambda node, parts: Extremum(node.which, parts),
}
"""What makes a node of the same kind over other parts."""


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all its subexpressions, parents first, left to right."""
    stack = [expression]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def is_small(expression: Expression, most: int = 12) -> bool:
    """Whether a tree has at most so many nodes.

    >>> is_small(Logarithm(Symbol("p_2"))), is_small(Logarithm(Symbol("p_2")), most=1)
    (True, False)
    """
    level: Sequence[Expression] = (expression,)
    while level:
        most -= len(level)
        if most < 0:
            return False
        level = [child for node in level for child in _CHILDREN[type(node)](node)]
    return True


ROUND = 100
"""Numbers up to here, and fractions down to one of so many parts, are written by more than one learner."""


def comes_again(term: Expression) -> bool:
    """Whether a product or quotient is likely to be met again: whether its numbers are round.

    >>> [comes_again(Product((Number(Fraction(text)), Symbol("p")))) for text in ("0.25", "0.8359")]
    [True, False]
    """
    if isinstance(term, Product):
        parts = term.factors
    elif isinstance(term, Quotient):
        parts = (term.numerator, term.denominator)
    else:
        return False
    for part in parts:
        if type(part) is Number:
            above, below = part.value.as_integer_ratio()
            if above > ROUND or below > ROUND:
                return False
    return True


def closed_parts(expression: Expression) -> tuple[Expression, ...]:
    """The largest parts in which there are no symbols and no probabilities, left to right.

    >>> closed_parts(Sum((Symbol("p"), Logarithm(TWO), Product((ONE, Symbol("q"))))))
    (Logarithm(argument=Number(value=Fraction(2, 1)), base=None), Number(value=Fraction(1, 1)))
    """
    nodes = list(walk(expression))
    closed: set[int] = set()
    for node in reversed(nodes):  # what is below comes first
        if not isinstance(node, Symbol | Probability) and all(id(child) in closed for child in children(node)):
            closed.add(id(node))
    if id(expression) in closed:
        return (expression,)
    return tuple(child for node in nodes if id(node) not in closed for child in children(node) if id(child) in closed)


def atoms(expression: Expression) -> tuple[Symbol | Probability, ...]:
    """The distinct symbols and probabilities, in order of first appearance."""
    found = dict.fromkeys(node for node in walk(expression) if isinstance(node, Symbol | Probability))
    return tuple(found)
