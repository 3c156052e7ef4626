"""Typed formulas as Open edX grades them: by their value at a point.

Every name has a range of one number, so that all learners are graded at the same point and other spellings of a name
have its value. The point is searched for until every known wrong formula is proven, with exact bounds, to differ there
from the key by far more than the tolerance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.atoms import identify
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
    children,
    walk,
    with_children,
)
from grading.keys import Rival, SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.witness import enclose
from quizgen.exporters.rendering.decimals import decimal

TRIALS = 24
PLACES = 5
SHARE = Fraction(1, 10**9)
"""The tolerance, as a share of the value of the key at the point; a computer is right to a millionth of that."""

MARGIN = 10**4
"""How many tolerances a wrong formula is away from the key at least."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_INDEXED = re.compile(r"([A-Za-z]+)_([A-Za-z0-9]+)")
_GOLDEN = Fraction("0.6180339887")
_LOGARITHMS = {Number(Fraction(2)): "log2", Number(Fraction(10)): "log10"}


class Unwritable(ValueError):
    """A formula that cannot be said in the language of Open edX."""


class KnownFormula(msgspec.Struct, frozen=True):
    """A known wrong formula as it is typed in Open edX, and what is known of it."""

    typed: str
    rival: Rival


class Sampled(msgspec.Struct, frozen=True):
    """What is written of a symbolic key.

    typed: the key. names: (name, value) of everything that may be typed, values as decimals. tolerance: as a decimal.
    case: capital letters tell names apart. known: the wrong formulas that can be typed. apart: all of them are proven
    to differ from the key at the point.
    """

    typed: str
    names: tuple[tuple[str, str], ...]
    tolerance: str
    case: bool
    known: tuple[KnownFormula, ...]
    apart: bool

    @property
    def samples(self) -> str:
        """The names, their ranges and the number of samples, as Open edX wants them."""
        low = ",".join(value for _, value in self.names)
        return f"{','.join(name for name, _ in self.names)}@{low}:{low}#1"


@lru_cache(maxsize=1024)
def sampled(key: SymbolicKey) -> Sampled | None:
    """The key as Open edX can grade it; None if it cannot be said there, such as one with ``min``.

    >>> from grading.keys import SymbolDeclaration
    >>> key = SymbolicKey("log(p_2)", (SymbolDeclaration("p_2"),), rivals=(Rival("p_2"),))
    >>> sampled(key).typed, sampled(key).samples, sampled(key).apart
    ('ln(p_2)', 'p_2,p2,p_{2}@0.57082,0.57082,0.57082:0.57082,0.57082,0.57082#1', True)
    """
    language = Language.of(key)
    names = _names(language)
    try:
        tree = _named(parse_expression(key.value, language), language, names)
        typed = written(tree)
    except (Refused, Unwritable):
        return None
    if any(isinstance(node, Extremum) for node in walk(tree)) or not names:
        return None
    known = list(_known(key, language, names))
    best = _best_point(tree, [other for other, _ in known], (_point(language, names, trial) for trial in range(TRIALS)))
    if best is None:
        return None
    point, tolerance, proven = best
    case = len({name.lower() for name in names.values()}) < len(names)
    return Sampled(
        typed,
        tuple(_spellings(language, point, case)),
        tolerance,
        case,
        tuple(formula for _, formula in known),
        proven == len(known),
    )


def as_typed(text: str, key: SymbolicKey) -> str:
    """A formula of our grammar as a learner has to type it in Open edX. Raises Unwritable, Refused.

    >>> from grading.keys import SymbolDeclaration
    >>> as_typed("log2(p)/3 - e", SymbolicKey("p", (SymbolDeclaration("p"),)))
    'log2(p)/3 - exp(1)'
    """
    language = Language.of(key)
    return written(_named(parse_expression(text, language), language, _names(language)))


def _known(
    key: SymbolicKey, language: Language, names: Mapping[Expression, str]
) -> Iterator[tuple[Expression, KnownFormula]]:
    for rival in key.rivals:
        try:
            tree = _named(parse_expression(rival.value, language), language, names)
            yield tree, KnownFormula(written(tree), rival)
        except (Refused, Unwritable):
            continue


def _names(language: Language) -> dict[Expression, str]:
    """What every atom that can be typed is called: the declared names, and p_k for each position of the sentence."""
    found: dict[Expression, str] = {}
    for symbol in dict.fromkeys(language.names.values()):
        atom = identify(symbol, language)
        if isinstance(atom, Symbol | Probability) and _NAME.fullmatch(symbol.name):
            found.setdefault(atom, symbol.name)
    return found


def _named(tree: Expression, language: Language, names: Mapping[Expression, str]) -> Expression:
    """The formula over names alone."""
    if isinstance(tree, Symbol | Probability):
        atom = identify(tree, language)
        if atom in names:
            return Symbol(names[atom])
        if isinstance(atom, Symbol | Probability):
            raise Unwritable("an atom without a name")
        return _named(atom, language, names)
    return with_children(tree, tuple(_named(child, language, names) for child in children(tree)))


def _point(language: Language, names: Mapping[Expression, str], trial: int) -> Point:
    """A number for each name, in (0, 1) for a probability; points of different trials have nothing in common."""
    point = {}
    for place, name in enumerate(names.values(), 1):
        share = (place + trial * len(names)) * _GOLDEN % 1
        wide = language.assumptions.get(name, "probability") != "probability"
        value = Fraction(1, 2) + 2 * share if wide else Fraction(1, 5) + Fraction(3, 5) * share
        point[name] = round(value, PLACES)
    return point


Point = dict[str, Fraction]


def _best_point(key: Expression, others: list[Expression], points: Iterable[Point]) -> tuple[Point, str, int] | None:
    """The first point at which most of the others are far from the key, with its tolerance and their number."""
    best = None
    for point in points:
        tolerance, proven = _apart(key, others, point)
        if tolerance is not None and (best is None or proven > best[2]):
            best = point, tolerance, proven
        if proven == len(others):
            break
    return best


def _apart(key: Expression, others: list[Expression], point: Point) -> tuple[str | None, int]:
    """The tolerance at a point, and how many of the others are proven to be far from the key there; (None, -1) if the
    key has no value.
    """
    values: dict[Symbol | Probability, Fraction] = {Symbol(name): value for name, value in point.items()}
    try:
        low, high = enclose(key, values)
    except ArithmeticError:
        return None, -1
    tolerance = Fraction(decimal(max(abs(low), abs(high), SHARE) * SHARE, 3))
    proven = 0
    for other in others:
        try:
            below, above = enclose(other, values)
        except ArithmeticError:
            continue
        proven += max(below - high, low - above) > MARGIN * tolerance
    return decimal(tolerance), proven


def _spellings(language: Language, point: Point, case: bool) -> Iterator[tuple[str, str]]:
    """(name, value) of each name and of its other spellings that Open edX can read.

    case: capital letters tell names apart.
    """
    read: Callable[[str], str] = str if case else str.lower
    own, seen = set(map(read, point)), set[str]()
    by_name: dict[str, list[str]] = {}
    for text, symbol in language.names.items():
        by_name.setdefault(symbol.name, []).append(text)
    for name, value in point.items():
        written_value = decimal(value)
        indexed = _INDEXED.fullmatch(name)
        others = (indexed[1] + indexed[2], f"{indexed[1]}_{{{indexed[2]}}}") if indexed else ()
        for text in (name, *others, *by_name.get(name, ())):
            taken = text != name and read(text) in own
            if read(text) not in seen and not taken and (text in others or _NAME.fullmatch(text)):
                seen.add(read(text))
                yield text, written_value
    if language.sentence is not None:
        for name, count in (("n", len(language.sentence.selected)), ("m", len(language.sentence.tokens) - 1)):
            if name not in seen:
                yield name, str(count)


def written(tree: Expression) -> str:
    """A formula as Open edX reads it. Raises Unwritable.

    >>> written(Sum((Logarithm(Symbol("p_2")), Negation(Quotient(Symbol("p_6"), Number(Fraction(2)))))))
    'ln(p_2) - p_6/2'
    """
    match tree:
        case Number(value):
            return decimal(value)
        case Symbol(name):
            return name
        case Negation(operand):
            return f"-{_factor(operand)}"
        case Sum(terms):
            return "".join(_term(term, first=place == 0) for place, term in enumerate(terms))
        case Product(factors):
            return "*".join(map(_factor, factors))
        case Quotient(numerator, denominator):
            return f"{_factor(numerator)}/{_atom(denominator)}"
        case Power(base, exponent):
            return f"{_atom(base)}^{_atom(exponent)}"
        case Logarithm(argument, None):
            return f"ln({written(argument)})"
        case Logarithm(argument, base) if base in _LOGARITHMS:
            return f"{_LOGARITHMS[base]}({written(argument)})"
        case Logarithm(argument, base) if base is not None:
            return f"(ln({written(argument)})/ln({written(base)}))"
        case Exponential(argument):
            return f"exp({written(argument)})"
        case AbsoluteValue(argument):
            return f"abs({written(argument)})"
        case Extremum(which, (one, *others)):
            return _extremum(written(one), [written(other) for other in others], "+" if which == "max" else "-")
    raise Unwritable(f"no such formula in Open edX: {tree!r}")


def _extremum(one: str, others: list[str], sign: str) -> str:
    """The larger or smaller of numbers by their sum and their distance."""
    for other in others:
        one = f"(({one}) + ({other}) {sign} abs(({one}) - ({other})))/2"
    return f"({one})"


def _term(term: Expression, first: bool) -> str:
    negative = isinstance(term, Negation)
    inner = _factor(term.operand) if isinstance(term, Negation) else written(term)
    if isinstance(term, Sum) or inner.startswith("-"):
        inner = f"({inner})"
    return ("-" if negative else "") + inner if first else (" - " if negative else " + ") + inner


def _factor(tree: Expression) -> str:
    text = written(tree)
    return f"({text})" if isinstance(tree, Sum | Negation) or text.startswith("-") else text


def _atom(tree: Expression) -> str:
    text = written(tree)
    wrapped = isinstance(tree, Sum | Negation | Product | Quotient | Power) or text.startswith("-")
    return f"({text})" if wrapped else text
