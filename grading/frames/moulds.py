"""What the frame of one term says of everything that may fill it: how it is written, and what it is worth.

Both are found by the ordinary ways, once: the grammar reads the frame with marks in it, the echo writes it, and the
normal form of it says which unknowns it is a sum of. Marks for probabilities are unknowns between 0 and 1, marks for
numbers are positive. A normal form without conditions is an identity on the whole domain, so it holds of all
probabilities and positive numbers, also if the same one stands at several marks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from grading.canonical import Builder
from grading.expressions import (
    Event,
    Expression,
    Logarithm,
    Negation,
    Number,
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
    children,
    walk,
    with_children,
)
from grading.forms import Form
from grading.keys import SymbolDeclaration
from grading.parsing.formulas import parse_tokens
from grading.parsing.language import Language
from grading.parsing.refusals import Refused
from grading.parsing.tokens import Token
from grading.polynomials import ONE, Fuel, Generator, Monomial, OutOfFuel, Polynomial, Rational, UndefinedEverywhere

from .cutting import FILLED, NAMES, NUMBERS
from .value import Ratio, What

MOST_MOULDS = 100
"""Of one term, for different numbers where those matter."""
LARGEST = 1_000
"""Of the product of all numbers that stay as they are: with larger exponents a term may have no value to be written."""
FUEL = 1_000
"""Steps of the normal form of a term; what takes more is left to those who have more."""
LONGEST = 80
"""Tokens of a formula that is read by its frame; fewer than any limit of the grammar is about."""
_PLACES, _AMOUNTS = 0xE000, 0xF000
_MARK = re.compile("Pr\\(([\ue000-\uf8ff])\\)|([\ue000-\uf8ff])")
_BESIDE = Symbol("\uf8ff")
_LINEAR = (Sum, Product, Quotient, Negation)

Context = Literal["alone", "first", "later"]


def places_in(frame: str) -> int:
    """How much fills a frame."""
    return sum([character in FILLED for character in frame])


class Dialect(NamedTuple):
    """What the reading of a frame depends on besides the frame. euler: whether e is Euler's number."""

    log_base: Literal[0, 2, 10]
    decimal_comma: bool
    euler: bool

    @staticmethod
    def of(language: Language) -> Dialect:
        return Dialect(language.log_base, language.decimal_comma, "e" not in language.names)

    def language(self) -> Language:
        """A language of this dialect in which the marks are known."""
        marks = tuple(SymbolDeclaration(chr(_AMOUNTS + k), "positive") for k in range(LONGEST))
        own = () if self.euler else (SymbolDeclaration("e"),)
        return Language((*marks, *own), None, self.log_base, self.decimal_comma, any_name=True)


class Part(NamedTuple):
    """above/below · ∏ number · ∏ 1/number · unknown. over, under: places of the numbers; leaves: of the probabilities.

    For a plain logarithm each of the leaves has this coefficient; for others all of them make one unknown.
    """

    above: int
    below: int
    over: tuple[int, ...]
    under: tuple[int, ...]
    what: What
    leaves: tuple[int, ...] = ()
    base: int = 0
    number: int = 0


class Mould:
    """What a term says of all that fills it. parts: what it is worth. shown: the places that its patterns hold."""

    def __init__(self, tree: Expression, parts: tuple[Part, ...], shown: tuple[int, ...], language: Language) -> None:
        self.parts, self.shown = parts, shown
        self._tree, self._language = tree, language
        self._patterns: dict[tuple[Context, str], str | None] = {}

    def pattern(self, context: Context, sign: str) -> str | None:
        """How the term is written where it stands, with ``%s`` for what fills it; None if that is in another order.

        context: whether it is all, or the first term of a sum or another one. sign: before it, maybe none.
        """
        place = context, sign
        if place not in self._patterns:
            self._patterns[place] = self._pattern(context, sign)
        return self._patterns[place]

    def _pattern(self, context: Context, sign: str) -> str | None:
        tree = Negation(self._tree) if sign == "-" else self._tree
        if context == "alone":
            text = self._language.written(tree)
        elif context == "first":
            text = self._language.written(Sum((tree, _BESIDE))).removesuffix(f" + {_BESIDE.name}")
        else:
            text = self._language.written(Sum((_BESIDE, tree))).removeprefix(_BESIDE.name)
        if tuple([ord(a or b) & 0xFFF for a, b in _MARK.findall(text)]) != self.shown:
            return None
        return _MARK.sub("%s", text.replace("%", "%%"))


class Term:
    """The frame of a term, as the grammar reads it.

    count: of what fills it. fixed: places of the numbers in exponents and functions, where it is their values that
    decide.

    >>> from grading.parsing.lexemes import quick_tokens
    >>> tokens, _ = quick_tokens("2/3 log((p*q)^2)", Language(any_name=True))
    >>> term = Term(tokens[:-1], "i/iL((N*N)^i)", Dialect(0, False, True).language())
    >>> found = term.mould(((2, 1),))
    >>> term.fixed, found.pattern("later", "-")
    ((4,), ' − %s/%s·log((%s·%s)²)')
    >>> found.parts
    (Part(above=2, below=1, over=(0,), under=(1,), what='log', leaves=(2, 3), base=0, number=0),)
    """

    def __init__(self, tokens: Sequence[Token], frame: str, language: Language) -> None:
        """tokens: of one text of this frame. language: one of `Dialect.language`."""
        self._language = language
        self._tree: Expression | None = None
        self._moulds: dict[tuple[Ratio, ...], Mould | None] = {}
        self.count = 0
        self.fixed: tuple[int, ...] = ()
        numbers: dict[int, int] = {}
        marked: list[Token] = []
        for token, character in zip(tokens, frame, strict=True):
            if character in FILLED:
                token = _marked(token, character, self.count)
                if character in NUMBERS:
                    numbers[id(token.leaf)] = self.count
                self.count += 1
            marked.append(token)
        try:
            tree = parse_tokens(marked, language)
        except Refused:
            return
        self._tree, free = _with_marks(tree, numbers, True) if numbers else (tree, frozenset())
        self.fixed = tuple([place for place in numbers.values() if place not in free])

    def mould(self, numbers: tuple[Ratio, ...]) -> Mould | None:
        """What can be said; None if the grammar has to read every such text. numbers: those at the fixed places."""
        if numbers not in self._moulds:
            if len(self._moulds) >= MOST_MOULDS:
                self._moulds.clear()
            self._moulds[numbers] = self._mould(dict(zip(self.fixed, numbers, strict=True)))
        return self._moulds[numbers]

    def _mould(self, numbers: dict[int, Ratio]) -> Mould | None:
        if self._tree is None:
            return None
        tree = _with_numbers(self._tree, numbers) if numbers else self._tree
        if math.prod([max(n.value.as_integer_ratio()) for n in walk(tree) if isinstance(n, Number)]) > LARGEST:
            return None
        shown = tuple([place for place in range(self.count) if place not in numbers])
        try:
            parts = _parts(Builder(self._language, fuel=Fuel(FUEL)).form(tree))
        except (OutOfFuel, UndefinedEverywhere):
            return None
        return None if parts is None else Mould(tree, parts, shown, self._language)


def _marked(token: Token, character: str, place: int) -> Token:
    """The token with a mark for what may stand in its place; a number stays, but as an object of its own."""
    mark = chr(_PLACES + place)
    if character in NUMBERS:
        number = Number(token.leaf.value)  # type: ignore[union-attr]
        return Token(token.kind, number, 0, 0, token.tight, number)
    leaf = Symbol(mark) if character in NAMES else Probability((Event(-1, mark),), None)
    return Token(token.kind, mark, 0, 0, token.tight, leaf)


def _with_marks(tree: Expression, numbers: dict[int, int], outside: bool) -> tuple[Expression, frozenset[int]]:
    """The tree with marks for numbers, and the places of those that stand outside of exponents and functions."""
    if id(tree) in numbers:
        place = numbers[id(tree)]
        return Symbol(chr(_AMOUNTS + place)), frozenset((place,) if outside else ())
    found = [_with_marks(child, numbers, outside and isinstance(tree, _LINEAR)) for child in children(tree)]
    return with_children(tree, tuple([part for part, _ in found])), frozenset().union(*(free for _, free in found))


def _with_numbers(tree: Expression, numbers: dict[int, Ratio]) -> Expression:
    """The tree with numbers for the marks at some places."""
    if isinstance(tree, Symbol) and (number := numbers.get(ord(tree.name[0]) - _AMOUNTS)) is not None:
        return Number(Fraction(*number))
    return with_children(tree, tuple([_with_numbers(child, numbers) for child in children(tree)]))


# --- what the normal form says


def _parts(form: Form) -> tuple[Part, ...] | None:
    """The normal form as a sum of unknowns that a value knows; None if it is none."""
    base = _base(form.denominator)
    if base is None or form.positive or form.nonzero:
        return None
    found: dict[Part, list[int]] = {}
    for monomial, coefficient in form.numerator.items():
        part = _part(monomial, Fraction(coefficient), base)
        if part is None:
            return None
        leaves = found.setdefault(part._replace(leaves=()) if part.what == "log" else part, [])
        leaves.extend(part.leaves if part.what == "log" else ())
    return tuple(part._replace(leaves=tuple(sorted(ks))) if ks else part for part, ks in found.items())


def _base(denominator: Polynomial) -> int | None:
    """The base of logarithms that are all divided by the same one; 0 for natural ones, None for something else."""
    if denominator == ONE:
        return 0
    return _BASES.get(tuple(denominator.items()))


def _logarithm_of(number: int) -> tuple[tuple[Monomial, Rational], ...]:
    return tuple(Builder(Language()).form(Logarithm(Number(Fraction(number)))).numerator.items())


_BASES = {_logarithm_of(number): number for number in (2, 3, 5, 7, 10)}


def _part(monomial: Monomial, coefficient: Fraction, base: int) -> Part | None:
    over: list[int] = []
    under: list[int] = []
    unknowns: list[Generator] = []
    for generator, exponent in monomial:
        if generator.kind == "atom" and generator.range == "positive":
            if not isinstance(exponent, int):
                return None
            (over if exponent > 0 else under).extend([ord(generator.content.name) - _AMOUNTS] * abs(exponent))
        elif exponent == 1:
            unknowns.append(generator)
        elif exponent == -1 and not base and (number := _prime([generator])):
            base = number  # 1/ln 2
        else:
            return None
    above, below = coefficient.as_integer_ratio()
    rest = above, below, tuple(over), tuple(under)
    if not unknowns:
        return None if base else Part(*rest, "one")
    inside = [_marks_in(generator) for generator in unknowns]
    if any(marks is None for marks in inside):
        number = _prime(unknowns)
        return None if base or not number else Part(*rest, "log-of-prime", (), 0, number)
    marks = tuple(mark for found in inside if found is not None for mark in found)
    return _unknown(rest, unknowns, marks, base)


def _unknown(
    rest: tuple[int, int, tuple[int, ...], tuple[int, ...]],
    unknowns: list[Generator],
    marks: tuple[int, ...],
    base: int,
) -> Part | None:
    """A coefficient in front of unknowns that hold these marks."""
    kinds = {generator.kind for generator in unknowns}
    what: What
    if kinds == {"log"} and len(unknowns) == 1:
        what = "log" if len(marks) == 1 else "log-of-sum"
        return Part(*rest, what, marks, base)
    if base or len(marks) > len(unknowns):
        return None
    if kinds == {"log"}:
        return Part(*rest, "logs", marks)
    if kinds == {"atom"}:
        what = "probability" if len(marks) == 1 else "product"
        return Part(*rest, what, marks)
    return None


def _marks_in(generator: Generator) -> tuple[int, ...] | None:
    """The places of the marks that an unknown, or the logarithm of a plain sum of unknowns, is about."""
    if generator.kind == "atom":
        leaf = generator.content
        name: str = leaf.name if isinstance(leaf, Symbol) else leaf.events[0].token
        return (ord(name) - _PLACES,) if len(name) == 1 and _PLACES <= ord(name) < _AMOUNTS else None
    if generator.kind != "log":
        return None
    found: list[int] = []
    for monomial, coefficient in generator.content.items():
        if coefficient != 1 or len(monomial) != 1 or monomial[0][1] != 1 or monomial[0][0].kind != "atom":
            return None
        marks = _marks_in(monomial[0][0])
        if marks is None:
            return None
        found += marks
    return tuple(found)


def _prime(unknowns: list[Generator]) -> int:
    """The number whose logarithm the only unknown is; 0 if it is none."""
    if len(unknowns) == 1 and unknowns[0].kind == "log" and set(unknowns[0].content) == {()}:
        number: Rational = unknowns[0].content[()]
        return number if isinstance(number, int) else 0
    return 0
