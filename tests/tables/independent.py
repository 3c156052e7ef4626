"""An evaluator of expressions that shares nothing with the judge: interval arithmetic of mpmath over exact fractions.

It decides by itself which leaves are the same thing (`unknown`), what a name of the sentence stands for, and where an
expression has no value, so that a witness which the judge gives can be checked by somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import Any

from mpmath.ctx_iv import MPIntervalContext

from grading.expressions import (
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
from grading.keys import SymbolicKey

BITS = (80, 300, 1200)
LARGEST = 2_000  # bits of a fraction that is kept exact


class NoValue(ArithmeticError):
    """Certainly undefined."""


class Undecidable(ArithmeticError):
    """With so many bits it cannot be said whether there is a value."""


Meant = Hashable
Of = Callable[[Meant], Fraction]


def unknowns(leaf: Symbol | Probability, key: SymbolicKey) -> tuple[Meant, ...] | Fraction:
    """What a leaf stands for: a number, or unknowns of which it is the product.

    An unknown of a sentence is (position, word, what is visible): given one input, masked words are independent.
    """
    sentence = key.sentence
    declared = {symbol.name: symbol.assumption for symbol in key.symbols}
    if isinstance(leaf, Symbol):
        stem, _, index = leaf.name.partition("_")
        if sentence is None or (leaf.name in declared and stem != "p"):
            return (leaf.name,)
        if leaf.name == "n":
            return Fraction(len(sentence.selected))
        if leaf.name == "m":
            return Fraction(len(sentence.tokens) - 1)
        if stem != "p" or not index.isdigit() or int(index) >= len(sentence.tokens):
            return (leaf.name,)
        return ((int(index), sentence.tokens[int(index)].casefold(), _visible(sentence.corrupted)),)
    events = sorted({(event.position, event.token.casefold()) for event in leaf.events})
    seen = None if leaf.given is None else _visible(leaf.given.tokens)
    if seen is None or leaf.reverse or len({position for position, _ in events}) < len(events):
        return (("joint", tuple(events), seen, leaf.reverse),)
    return tuple((position, word, seen) for position, word in events)


def _visible(tokens: Sequence[str]) -> frozenset[tuple[int, str]]:
    return frozenset((place, token.casefold()) for place, token in enumerate(tokens) if token.casefold() != "[mask]")


def values_of(witness: Sequence[tuple[Symbol | Probability, Fraction]], key: SymbolicKey) -> dict[Meant, Fraction]:
    """The values of a witness, by what its leaves stand for."""
    found: dict[Meant, Fraction] = {}
    for leaf, value in witness:
        meant = unknowns(leaf, key)
        assert isinstance(meant, tuple)
        assert len(meant) == 1, leaf
        assert meant[0] not in found, f"{leaf} has two values"
        found[meant[0]] = value
    return found


def meanings(expression: Expression, key: SymbolicKey) -> list[Meant]:
    """The unknowns of an expression, in order of appearance."""
    found: dict[Meant, None] = {}
    for node in walk(expression):
        if isinstance(node, Symbol | Probability) and isinstance(meant := unknowns(node, key), tuple):
            found.update(dict.fromkeys(meant))
    return list(found)


def evaluate(expression: Expression, key: SymbolicKey, of: Of) -> Any:
    """An exact fraction or an interval of mpmath. of: the value of an unknown.

    Raises NoValue, or Undecidable if the last of `BITS` does not settle whether there is a value.
    """
    for bits in BITS:
        try:
            return _Evaluator(key, of, bits).value(expression)
        except Undecidable:
            if bits == BITS[-1]:
                raise
    raise AssertionError("there are bits to try")


def apart(one: Expression, other: Expression, key: SymbolicKey, of: Of) -> bool:
    """Whether the values of two expressions certainly differ."""
    for bits in BITS:
        evaluator = _Evaluator(key, of, bits)
        try:
            left, right = evaluator.value(one), evaluator.value(other)
        except Undecidable:
            continue
        difference = evaluator.add(left, evaluator.negated(right))
        if evaluator.sign(difference):
            return True
    return False


class _Evaluator:
    def __init__(self, key: SymbolicKey, of: Of, bits: int) -> None:
        self.key, self.of = key, of
        self.iv = MPIntervalContext()
        self.iv.prec = bits

    def value(self, node: Expression) -> Any:
        match node:
            case Number(value):
                return value
            case Symbol() | Probability():
                return self.leaf(node)
            case Negation(operand):
                return self.negated(self.value(operand))
            case Sum(terms):
                return self.fold(self.add, terms)
            case Product(factors):
                return self.fold(self.times, factors)
            case Quotient(numerator, denominator):
                return self.times(self.value(numerator), self.inverse(self.value(denominator)))
            case Power(base, exponent):
                return self.power(self.value(base), self.value(exponent))
            case Logarithm(argument, base):
                above = self.log(self.value(argument))
                return above if base is None else self.times(above, self.inverse(self.log(self.value(base))))
            case Exponential(argument):
                return self.exp(self.value(argument))
            case AbsoluteValue(argument):
                return self.absolute(self.value(argument))
            case Extremum(which, arguments):
                return self.extremum(which, [self.value(argument) for argument in arguments])
        raise TypeError(f"not an expression: {node!r}")

    def leaf(self, node: Symbol | Probability) -> Any:
        meant = unknowns(node, self.key)
        if isinstance(meant, Fraction):
            return meant
        result = Fraction(1)
        for one in meant:
            result *= self.of(one)
        return result

    def fold(self, step: Callable[[Any, Any], Any], nodes: Sequence[Expression]) -> Any:
        result = self.value(nodes[0])
        for node in nodes[1:]:
            result = step(result, self.value(node))
        return result

    def wide(self, value: Any) -> Any:
        if isinstance(value, Fraction):
            return self.iv.mpf(value.numerator) / self.iv.mpf(value.denominator)
        return value

    def kept(self, value: Fraction) -> Any:
        size = max(value.numerator.bit_length(), value.denominator.bit_length())
        return value if size <= LARGEST else self.wide(value)

    def add(self, a: Any, b: Any) -> Any:
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return self.kept(a + b)
        return self.wide(a) + self.wide(b)

    def times(self, a: Any, b: Any) -> Any:
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return self.kept(a * b)
        return Fraction(0) if 0 in (a, b) else self.wide(a) * self.wide(b)

    def negated(self, a: Any) -> Any:
        return -a

    def sign(self, a: Any) -> int:
        """1 or −1 if that is certain, 0 if the value is or may be zero."""
        if isinstance(a, Fraction):
            return (a > 0) - (a < 0)
        return 1 if a.a > 0 else -1 if a.b < 0 else 0

    def inverse(self, a: Any) -> Any:
        if a == 0 and isinstance(a, Fraction):
            raise NoValue("a division by zero")
        if isinstance(a, Fraction):
            return 1 / a
        if not self.sign(a):
            raise Undecidable("a divisor near zero")
        return 1 / a

    def log(self, a: Any) -> Any:
        if self.sign(a) < 0 or (isinstance(a, Fraction) and a <= 0):
            raise NoValue("a logarithm of what is not positive")
        if not self.sign(a):
            raise Undecidable("a logarithm near zero")
        return Fraction(0) if a == 1 and isinstance(a, Fraction) else self.iv.log(self.wide(a))

    def exp(self, a: Any) -> Any:
        if a == 0 and isinstance(a, Fraction):
            return Fraction(1)
        wide = self.wide(a)
        if wide.b > 10**6 or wide.a < -(10**6):
            raise Undecidable("a number is too large or too small")
        return self.iv.exp(wide)

    def power(self, base: Any, exponent: Any) -> Any:
        if isinstance(exponent, Fraction) and exponent.denominator == 1:
            return self.whole_power(base, exponent.numerator)
        if isinstance(base, Fraction) and base == 0:
            if self.sign(exponent) > 0:
                return Fraction(0)
            raise NoValue("a power of zero")
        if self.sign(base) < 0:
            raise NoValue("a root of a negative number")
        return self.exp(self.times(exponent, self.log(base)))

    def whole_power(self, base: Any, exponent: int) -> Any:
        if exponent < 0:
            return self.inverse(self.whole_power(base, -exponent))
        if isinstance(base, Fraction):
            size = max(base.numerator.bit_length(), base.denominator.bit_length())
            if size * exponent <= LARGEST or base in (0, 1, -1):
                return Fraction(base**exponent)
        if exponent.bit_length() > 40:
            raise Undecidable("a number is too large or too small")
        return self.wide(base) ** exponent

    def absolute(self, a: Any) -> Any:
        return abs(a)

    def extremum(self, which: str, values: list[Any]) -> Any:
        if all(isinstance(value, Fraction) for value in values):
            return min(values) if which == "min" else max(values)
        wide = [self.wide(value) for value in values]
        pick = min if which == "min" else max
        return self.iv.mpf([pick(v.a.mid for v in wide), pick(v.b.mid for v in wide)])
