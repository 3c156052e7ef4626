r"""The one place where anything becomes Maxima: formulas, numbers, strings, lists.

STACK keeps Maxima's names and signs: ``log`` is the natural logarithm, ``lg(x, 2)`` one to base 2, and ``p_2`` is
written ``p2``, as STACK itself writes it for learners who type ``p_2``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from grading.atoms import identify
from grading.enclosures import Bounds
from grading.equivalence import World
from grading.expressions import (
    HALF,
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
    atoms,
    children,
    with_children,
)
from grading.keys import Sentence, SymbolicKey
from grading.parsing import Language, Refused, parse_expression, parse_number
from quizgen.exporters.rendering.text import printable

CONSTANTS = frozenset(["e", "i", "j", "pi", "Pi", "PI", "inf", "minf", "und", "ind", "all", "none", "true", "false"])
"""Names that mean something else in STACK whatever a question says."""

WORDS = frozenset([
    "and", "do", "else", "elseif", "for", "from", "if", "in", "next", "not", "or", "step", "then", "thru", "unless",
    "while", "simp", "stack_seed",
])  # fmt: skip
"""Words of Maxima's language, which cannot be names, and names that STACK itself computes with."""

COUNTS = frozenset("nm")
"""Names that stand for numbers wherever there is a sentence."""

PREFIX = "quiz"
"""How the variables of a question begin; learners may not type them, so that none of them can be a name of theirs."""

SHORT = 2
"""The longest name that learners of STACK may use without being allowed to."""

_SUM, _NEGATION, _PRODUCT, _POWER, _ATOM = range(5)
_INDEXED = re.compile(r"([A-Za-z]+)_([0-9]+)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OWN = re.compile("(ans|prt)[0-9]+")
"""How STACK calls the inputs and trees of a question."""


class Unwritable(ValueError):
    """Something that cannot be said in STACK: a probability without a name, or a name that means something else."""


@lru_cache(maxsize=1024)
def maxima_name(name: str) -> str:
    """A name as STACK knows it. Raises Unwritable for one that means something else there.

    >>> maxima_name("p_12"), maxima_name("theta")
    ('p12', 'theta')
    """
    found = _INDEXED.fullmatch(name)
    written = found[1] + found[2] if found else name
    taken = written in CONSTANTS | WORDS or written.startswith(PREFIX) or _OWN.fullmatch(written)
    if taken or not _NAME.fullmatch(written):
        raise Unwritable(f"STACK has another meaning for the name {name}, or none")
    return written


def maxima(expression: Expression, names: Mapping[Expression, str] | None = None) -> str:
    """A formula in Maxima's syntax. names: of the probabilities that have one.

    >>> from grading.parsing import Language, parse_expression
    >>> maxima(parse_expression("-(log_2 p_2 - 0.5*sqrt(p_6))/exp(a b)", Language(any_name=True)))
    '-(lg(p2, 2) - 1/2*sqrt(p6))/exp(a*b)'
    """
    return _written(expression, names or {})[0]


class Written(NamedTuple):
    """A formula of a key: as a tree in which every probability is by its one representative, and in Maxima's syntax.

    bounds: of its value at some point if no name in it depends on a sentence, else None.
    """

    tree: Expression
    text: str
    bounds: Bounds | None


def maxima_formula(text: str, language: Language) -> Written:
    """A formula of a key's language. Raises Unwritable for what cannot be said in STACK.

    >>> maxima_formula("log_2(p_1)", Language(any_name=True)).text
    'lg(p1, 2)'
    """
    try:
        tree = parse_expression(text, language)
        if (written := _in_names(tree)) is not None:
            return written
        tree = _named(tree, language)
    except Refused as refused:
        raise Unwritable(f"it cannot be read: {refused.refusal.message}") from None
    return Written(tree, maxima(tree, names_of(language)), None)


_NAMES = World(Language(any_name=True))
"""In which every name is a probability of its own."""


@lru_cache(maxsize=4096)
def _in_names(tree: Expression) -> Written | None:
    """The same for a formula without probabilities that are written out, whatever the sentence; None for others."""
    leaves = atoms(tree)
    if any(isinstance(leaf, Probability) for leaf in leaves):
        return None
    is_plain = not any(leaf.name in COUNTS for leaf in leaves if isinstance(leaf, Symbol))
    return Written(tree, maxima(tree), _NAMES.bounds(tree, 0) if is_plain else None)


def _named(tree: Expression, language: Language) -> Expression:
    """The formula with every probability by its one representative."""
    if isinstance(tree, Probability):
        return identify(tree, language)
    parts = children(tree)
    return with_children(tree, tuple(_named(part, language) for part in parts)) if parts else tree


@lru_cache(maxsize=1024)
def maxima_number(text: str) -> str:
    """A closed expression of a numeric key in Maxima's syntax.

    >>> maxima_number("-log(0.5) - log_2(8)")
    '-log(1/2) - lg(8, 2)'
    """
    return maxima(parse_number(text, decimal_comma=False, unit="").expression)


@lru_cache(maxsize=256)
def names_of(language: Language) -> dict[Expression, str]:
    """The probabilities that have a name: those of the true word at each position, given what is visible there."""
    return {identify(Symbol(name), language): maxima_name(name) for name in _positions(language.sentence)}


def formula_names(key: SymbolicKey) -> tuple[str, ...]:
    """The names that a learner may type, as Maxima knows them."""
    declared = [maxima_name(symbol.name) for symbol in key.symbols]
    return tuple(dict.fromkeys([*declared, *map(maxima_name, _positions(key.sentence))]))


def _positions(sentence: Sentence | None) -> list[str]:
    """The names of the probabilities of the true words of a sentence."""
    return [f"p_{position}" for position in range(len(sentence.tokens))] if sentence is not None else []


@lru_cache(maxsize=4096)
def string(text: str) -> str:
    r"""A text of HTML as a Maxima string on one line and in ASCII: other characters are written as HTML entities.

    >>> print(string('a "b" \\( x \\) – 🦊'))
    "a \"b\" \\( x \\) &#8211; &#129418;"
    """
    if not text.isascii() or not text.isprintable():
        text = printable(text)
        text = "".join(letter if letter.isascii() and letter.isprintable() else f"&#{ord(letter)};" for letter in text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def strings(texts: Sequence[str]) -> list[str]:
    """`string` of each; they are looked at together, since in most there is nothing to do.

    >>> strings(["the bird", "Vögel"])
    ['"the bird"', '"V&#246;gel"']
    """
    together = "".join(texts)
    if together.isascii() and together.isprintable() and "\\" not in together and '"' not in together:
        return [f'"{text}"' for text in texts]
    return list(map(string, texts))


def listed(entries: Iterable[str]) -> str:
    """A Maxima list.

    >>> listed(["1", "p2"])
    '[1,p2]'
    """
    return "[" + ",".join(entries) + "]"


def _written(node: Expression, names: Mapping[Expression, str]) -> tuple[str, int]:
    """The text and how tightly it binds."""
    match node:
        case Number(value):
            return _number(value)
        case Symbol(name):
            return maxima_name(name), _ATOM
        case Probability():
            return _probability(node, names)
        case Negation(operand):
            return "-" + _within(operand, names, _PRODUCT), _NEGATION
        case Sum(terms):
            return _sum(terms, names), _SUM
        case Product(factors):
            first, *rest = factors
            return "*".join([_within(first, names, _PRODUCT), *(_within(f, names, _POWER) for f in rest)]), _PRODUCT
        case Quotient(above, below):
            return f"{_within(above, names, _PRODUCT)}/{_within(below, names, _POWER)}", _PRODUCT
        case Power(base, exponent):
            if exponent == HALF:
                return f"sqrt({_written(base, names)[0]})", _ATOM
            return f"{_within(base, names, _ATOM)}^{_within(exponent, names, _ATOM)}", _POWER
    return _call(node, names), _ATOM


def _call(node: Expression, names: Mapping[Expression, str]) -> str:
    match node:
        case Logarithm(argument, None):
            return f"log({_written(argument, names)[0]})"
        case Logarithm(argument, base):
            assert base is not None
            return f"lg({_written(argument, names)[0]}, {_written(base, names)[0]})"
        case Exponential(argument):
            return f"exp({_written(argument, names)[0]})"
        case AbsoluteValue(argument):
            return f"abs({_written(argument, names)[0]})"
        case Extremum(which, arguments):
            return f"{which}({', '.join(_written(argument, names)[0] for argument in arguments)})"
    raise TypeError(f"not an expression: {node!r}")


def _within(node: Expression, names: Mapping[Expression, str], least: int) -> str:
    text, binding = _written(node, names)
    return f"({text})" if binding < least else text


def _sum(terms: tuple[Expression, ...], names: Mapping[Expression, str]) -> str:
    written = [_within(terms[0], names, _NEGATION)]
    for term in terms[1:]:
        subtracted = isinstance(term, Negation)
        inner = term.operand if isinstance(term, Negation) else term
        written.append((" - " if subtracted else " + ") + _within(inner, names, _PRODUCT))
    return "".join(written)


def _number(value: Fraction) -> tuple[str, int]:
    if value < 0:
        return f"-{_number(-value)[0]}", _NEGATION
    if value.denominator == 1:
        return str(value.numerator), _ATOM
    return f"{value.numerator}/{value.denominator}", _PRODUCT


def _probability(node: Probability, names: Mapping[Expression, str]) -> tuple[str, int]:
    """The name of a probability, or the product of the names of a joint one."""
    if node in names:
        return names[node], _ATOM
    raise Unwritable("a probability has no name of its own that could be typed")
