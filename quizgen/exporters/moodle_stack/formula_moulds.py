"""Formulas of named probabilities by what they have in common: a mould is read by the grammar once.

``log p_2 + log p_8`` and ``log p_3 + log p_4`` have one mould, from which the formula in Maxima's syntax and bounds of
its value at a point are made without a tree. Whatever is written in another way than keys are is left to the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

import msgspec

from grading.enclosures import Bounds, NoBounds, coordinate
from grading.equivalence import TRIALS
from grading.expressions import Expression, Number, Symbol, children, with_children
from grading.keys import SymbolicKey
from grading.parsing import Language, Refused, parse_expression
from grading.parsing.language import normalise
from quizgen.exporters.moodle_stack.lost_digits import loses_digits
from quizgen.exporters.moodle_stack.maxima import Unwritable, maxima, maxima_name
from quizgen.exporters.rendering.closed_bounds import MARK, Bounding, NotPlainError, bounding

_NAME = re.compile(r"(p_(?<!\wp_)(?:0|[1-9][0-9]{0,5}))(?!\w)")
_PLAIN = re.compile(r"(?:(?:log(?:_[0-9]+)?|ln|exp|min|max|sqrt)(?![a-z0-9_#])|[0-9.^+\-*/(), #]){1,2000}")
"""What a shape may hold, a number sign for each name: there is no other name in it."""

_MARKED = re.compile(f"p({MARK // 10**6}[0-9]{{6}})")


class Mould(msgspec.Struct, frozen=True):
    """What writes the formulas of one form.

    names: so many stand in it. written: in Maxima's syntax, the place of a name in the formula for the name. bounds: of
    the value, from the values of the names. loses_digits: see `lost_digits`.
    """

    names: int
    written: Callable[..., str]
    bounds: Bounding
    loses_digits: bool


class Moulded(NamedTuple):
    """A formula as its mould and the names in it."""

    mould: Mould
    names: Sequence[str]

    @property
    def text(self) -> str:
        """The formula in Maxima's syntax."""
        return self.mould.written(*map(maxima_name, self.names))

    def bounds(self, trial: int) -> Bounds | None:
        """Bounds of the value at a point at which different names have different values; None if there are none."""
        try:
            return self.mould.bounds([_value(name, trial) for name in self.names])
        except NoBounds:
            return None


def moulded(key: SymbolicKey) -> list[Moulded] | None:
    """The key and what is taken for it; None if one of them is not written as keys are.

    >>> from grading.keys import Rival, SymbolDeclaration
    >>> key = SymbolicKey("log p_2", (SymbolDeclaration("p_2"),), rivals=(Rival("1/2*log p_2"),))
    >>> [formula.text for formula in moulded(key)]
    ['log(p2)', '1/2*log(p2)']
    """
    together = "\n".join([key.value, *[rival.value for rival in key.rivals]])
    pieces = _NAME.split(together)
    moulds = _moulds("#".join(pieces[::2]), key.log_base, key.decimal_comma)
    if moulds is None or len(moulds) != 1 + len(key.rivals) or "#" in together:
        return None
    names = pieces[1::2]
    if (known := _known_names(key)) is None or not known.issuperset(names):
        return None
    ends = [0, *accumulate([mould.names for mould in moulds])]
    return [Moulded(mould, names[a:b]) for mould, (a, b) in zip(moulds, pairwise(ends), strict=True)]


def all_apart(formulas: Sequence[Moulded]) -> bool:
    """Whether bounds prove that all of them differ: most pairs at the first point, others at one of the next.

    >>> from grading.keys import Rival, SymbolDeclaration
    >>> names = (SymbolDeclaration("p_2"), SymbolDeclaration("p_3"))
    >>> wrong = "log p_2", "min(log p_2, log p_3)", "log p_3", "log(p_2) + log(p_3)"
    >>> [all_apart(moulded(SymbolicKey("log p_2 + log p_3", names, rivals=tuple(map(Rival, some)))))
    ...  for some in (wrong, wrong[:3])]
    [False, True]
    """
    bounds = [formula.bounds(0) for formula in formulas]
    known = sorted([(pair, place) for place, pair in enumerate(bounds) if pair is not None])
    if len(known) < len(bounds):
        return False
    for at, ((_, high), place) in enumerate(known):
        for (low, _), other in known[at + 1 :]:
            if low > high:
                break
            if not _differ_further_on(formulas[place], formulas[other]):
                return False
    return True


def _differ_further_on(one: Moulded, other: Moulded) -> bool:
    for trial in range(1, TRIALS):
        a, b = one.bounds(trial), other.bounds(trial)
        if a is not None and b is not None and (a[1] < b[0] or b[1] < a[0]):
            return True
    return False


def _known_names(key: SymbolicKey) -> set[str] | None:
    """The names of probabilities in the language of a key; None if it has others."""
    known = set(map("p_{}".format, range(0 if key.sentence is None else len(key.sentence.tokens))))
    for symbol in key.symbols:
        if not _NAME.fullmatch(symbol.name) or any(normalise(alias) != symbol.name for alias in symbol.aliases):
            return None
        known.add(symbol.name)
    return known


@lru_cache(maxsize=1024)
def _value(name: str, trial: int) -> str:
    return str(coordinate(Symbol(name), "probability", trial))


@lru_cache(maxsize=1024)
def _moulds(shapes: str, log_base: Literal[0, 2, 10], decimal_comma: bool) -> list[Mould] | None:
    """The mould of each line; None if the grammar must read one of them."""
    moulds = [_mould(shape, log_base, decimal_comma) for shape in shapes.split("\n")]
    return [mould for mould in moulds if mould is not None] if None not in moulds else None


@lru_cache(maxsize=1024)
def _mould(shape: str, log_base: Literal[0, 2, 10], decimal_comma: bool) -> Mould | None:
    """The mould of a text in which ``#`` stands for each name; None if the grammar must read it."""
    if not _PLAIN.fullmatch(shape):
        return None
    pieces = shape.split("#")
    marks = [MARK + place for place in range(len(pieces) - 1)]
    text = pieces[0] + "".join([f"p_{mark}{piece}" for mark, piece in zip(marks, pieces[1:], strict=True)])
    try:
        tree = parse_expression(text, Language(log_base=log_base, decimal_comma=decimal_comma, any_name=True))
        written = _MARKED.split(maxima(tree))
        places = [int(mark) - MARK for mark in written[1::2]]
        if sorted(places) != list(range(len(marks))):
            return None
        form = written[0] + "".join([f"{{{place}}}{piece}" for place, piece in zip(places, written[2::2], strict=True)])
        return Mould(len(marks), form.format, bounding(_with_numbers(tree)), loses_digits(tree))
    except (Refused, Unwritable, NotPlainError):
        return None


def _with_numbers(tree: Expression) -> Expression:
    """The tree with the number of its mark for each name, so that its bounds are those of a closed expression.

    Raises NotPlainError for a name that is none of ours.
    """
    if isinstance(tree, Symbol):
        if not (mark := _MARKED.fullmatch(maxima_name(tree.name))):
            raise NotPlainError
        return Number(Fraction(int(mark[1])))
    parts = children(tree)
    return with_children(tree, tuple(map(_with_numbers, parts))) if parts else tree
