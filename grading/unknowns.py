"""What polynomials are made of: independent unknowns, exact numbers, and the fuel that pays for every operation.

What is decided depends on this fuel alone, never on how busy a machine is.
"""

from __future__ import annotations

from fractions import Fraction
from hashlib import blake2b
from typing import Any, Literal

Range = Literal["unit", "positive", "negative", "real"]
Rational = int | Fraction

MAX_STEPS = 12_000
MAX_TERMS = 600
MAX_BITS = 4_096
MAX_EXPONENT_BITS = 256
LONGEST_NAME = 1_000


class OutOfFuel(Exception):
    """A limit was reached; what was asked stays undecided. The message says which."""


class UndefinedEverywhere(Exception):
    """The expression has no value at any point, such as the logarithm of a negative number."""


class Fuel:
    """The steps that one decision may take. A step is about what it costs to add two terms: a microsecond or less."""

    __slots__ = ("steps",)

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps = steps

    def spend(self, steps: int) -> None:
        """Pays for so many steps; raises OutOfFuel."""
        self.steps -= steps
        if self.steps < 0:
            raise OutOfFuel("the formulas are too large when multiplied out")


class Share(Fuel):
    """So many steps of another tank."""

    def __init__(self, whole: Fuel, steps: int) -> None:
        self.whole, self.steps = whole, steps

    def spend(self, steps: int) -> None:
        """Pays from both; raises OutOfFuel."""
        self.whole.spend(steps)
        self.steps -= steps
        if self.steps < 0:
            raise OutOfFuel("a sign takes too long to prove")


class Generator(str):
    """An independent unknown. Its text is its identity.

    range: where its values lie: ``unit`` is (0, 1). content: what it is made of: the factor inside a logarithm or root,
    the exponent inside an exponential. reduces: whether exponents of 1 and more are carried out (roots). bent: kept by
    whoever looks for kinks in it; None until then.

    A text that is too long, as those of unknowns in unknowns become, is named by its first part and a digest of it all.
    """

    __slots__ = ("bent", "content", "kind", "range", "reduces")
    kind: str
    range: Range
    content: Any
    reduces: bool
    bent: bool | None

    def __new__(cls, text: str, kind: str, range_: Range, content: Any = None) -> Generator:
        whole = len(text) <= LONGEST_NAME or kind == "atom" or (kind == "log" and len(content) == 1)
        self = super().__new__(cls, text if whole else _short(text))
        self.kind, self.range, self.content = kind, range_, content
        self.reduces = kind in ("root", "prime")
        self.bent = None
        return self


def _short(text: str) -> str:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
    return f"{text[:80]}…#{digest}"


Monomial = tuple[tuple[Generator, Rational], ...]
Polynomial = dict[Monomial, Rational]

ONE: Polynomial = {(): 1}


class Exponent(Fraction):
    """A fraction that knows its hash: monomials are looked up all the time, and the hash of a fraction is slow."""

    __slots__ = ("_hash",)
    _hash: int

    def __new__(cls, numerator: Any = 0, denominator: Any = None) -> Exponent:
        self = super().__new__(cls, numerator, denominator)
        self._hash = Fraction.__hash__(self)
        return self

    def __hash__(self) -> int:  # type: ignore[override]
        return self._hash


_EXPONENTS: dict[tuple[int, int], Exponent] = {}
_MOST_EXPONENTS = 4_096


def exponent(value: Rational) -> Rational:
    """The same number as an exponent: an integer where it is one, else one object for all that are equal."""
    if type(value) is int or type(value) is Exponent:
        return value
    pair = value.as_integer_ratio()
    if pair[1] == 1:
        return pair[0]
    if (met := _EXPONENTS.get(pair)) is not None:
        return met
    made = Exponent(*pair)
    if len(_EXPONENTS) < _MOST_EXPONENTS:
        _EXPONENTS[pair] = made
    return made


def exact(value: Rational) -> Rational:
    """An integer where it is one: integers are much faster than fractions."""
    return value if type(value) is int or value.denominator != 1 else value.numerator


def checked(value: Rational) -> Rational:
    """The coefficient, if its size is within the limit."""
    if value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
        raise OutOfFuel("a number in the formula grows too large")
    return exact(value)


def work_of(value: Rational) -> int:
    """The steps that arithmetic with a coefficient of this size takes."""
    if type(value) is int:
        bits = value.bit_length()
        return 1 if bits < 512 else 1 + (bits * bits >> 19)
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    return 4 + (bits * bits >> 17)


def reciprocal(value: Rational) -> Rational:
    """1 divided by the value."""
    if type(value) is int:
        return value if value == 1 else Fraction(1, value)
    return exact(Fraction(value.denominator, value.numerator))
