"""Formulas by their shape: set once through sympy, then filled in.

How a formula is set depends on its tree up to its leaves: a probability, a symbol and a decimal are written alike
wherever they stand. So the *skeleton* of a tree (nested tuples with ``P``, ``S`` or ``N`` for a leaf) is
printed once with holes, and a formula is its shape with the notations of its leaves put into the holes. A word never
touches the printers; it is escaped where it is written (`quizgen.objective.notation`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.expressions import (
    ONE,
    AbsoluteValue,
    Event,
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
)
from grading.text import to_text, to_unicode
from quizgen.content import Formula

from .notation import DEFAULT, Setting, atom
from .patterns import pattern

__all__ = ["FormulaShape", "compile_shape", "fill", "pattern", "render_fast", "shape_of"]

Leaf = Probability | Symbol | Number
ShapeKey = str | tuple[object, ...]


class FormulaShape(msgspec.Struct, frozen=True):
    """A formula with holes in each notation, as ``%``-patterns with one ``%s`` for each leaf, left to right."""

    latex: str
    mathml: str
    unicode: str
    plain: str
    spoken: str
    holes: int
    setting: Setting
    display: bool


def shape_of(expression: Expression) -> tuple[ShapeKey, list[Leaf]]:
    """The skeleton of a tree and the leaves that fill it, left to right.

    >>> from grading.expressions import Logarithm, Symbol, Sum
    >>> shape_of(Sum((Logarithm(Symbol("p_2")), Logarithm(Symbol("p_6")))))[0]
    ('sum', ('log', 'S'), ('log', 'S'))
    """
    leaves: list[Leaf] = []
    return _skeleton(expression, leaves), leaves


def _skeleton(node: Expression, leaves: list[Leaf]) -> ShapeKey:
    # In the order of how often they occur; a class pattern costs three times as much.
    if isinstance(node, Probability):
        leaves.append(node)
        return "P"
    if isinstance(node, Logarithm):
        if node.base is None:
            return ("log", _skeleton(node.argument, leaves))
        if not (isinstance(node.base, Number) and node.base.value.denominator == 1 and node.base.value > 1):
            raise ValueError(f"a logarithm is printed to a whole base only, not to {node.base!r}")
        return ("log-base", _skeleton(node.argument, leaves), ("integer", node.base.value.numerator))
    if isinstance(node, Sum):
        return ("sum", *[_skeleton(term, leaves) for term in node.terms])
    if isinstance(node, Negation):
        return ("minus", _skeleton(node.operand, leaves))
    if isinstance(node, Symbol):
        leaves.append(node)
        return "S"
    if isinstance(node, Product):
        return ("product", *[_skeleton(factor, leaves) for factor in node.factors])
    if isinstance(node, Number):
        return _number(node, leaves)
    return _rarer(node, leaves)


def _number(node: Number, leaves: list[Leaf]) -> ShapeKey:
    above, below = node.value.as_integer_ratio()
    if above < 0:
        return ("minus", _number(Number(-node.value), leaves))
    if below == 1:
        return ("integer", above)
    leaves.append(node)
    return "N"


def _rarer(node: Expression, leaves: list[Leaf]) -> ShapeKey:
    match node:
        case Quotient(above, below):
            return ("over", _skeleton(above, leaves), _skeleton(below, leaves))
        case Power(lower, exponent):
            return ("power", _skeleton(lower, leaves), _skeleton(exponent, leaves))
        case Exponential(argument):
            return ("e",) if argument == ONE else ("exp", _skeleton(argument, leaves))
        case Extremum(which, arguments):
            return (which, *[_skeleton(argument, leaves) for argument in arguments])
        case AbsoluteValue(argument):
            return ("abs", _skeleton(argument, leaves))
    raise TypeError(f"not an expression: {node!r}")


FIRST_HOLE, LAST_HOLE = 0xE000, 0xF8FF
_HOLES = re.compile("[\ue000-\uf8ff]")
_MARK = 10**40
_MARKED = re.compile(r"Pr\(([\ue000-\uf8ff])\)|10{30}([0-9]{10})\.5")


@lru_cache(maxsize=4096)
def compile_shape(key: ShapeKey, setting: Setting = DEFAULT, display: bool = False) -> FormulaShape:
    """The shape with this skeleton; about a millisecond, and remembered.

    Raises ValueError for more leaves than there are names for holes.
    """
    from .rendering import printed

    unicode, plain, holes = open_text(key, setting)
    whole = printed(key, setting, display, (unicode, plain))

    def holed(text: str) -> str:
        assert _HOLES.findall(text) == [chr(FIRST_HOLE + k) for k in range(holes)], "a leaf was lost or moved"
        return _HOLES.sub("%s", text.replace("%", "%%"))

    return FormulaShape(
        latex=holed(whole.latex),
        mathml=holed(whole.mathml),
        unicode=holed(whole.unicode),
        plain=holed(whole.plain),
        spoken=holed(whole.spoken),
        holes=holes,
        setting=setting,
        display=display,
    )


def open_text(key: ShapeKey, setting: Setting) -> tuple[str, str, int]:
    """A skeleton as Unicode and plain text with private-use characters for its holes, and how many these are."""
    marked, holes = _with_marks(key)
    # What `log` would mean where the text is read decides whether the natural logarithm is written log or ln.
    unicode = to_unicode(marked, log_base=0 if setting.natural == "log" else 10)
    return _open_holes(unicode), _open_holes(to_text(marked)), holes


def _open_holes(text: str) -> str:
    return _MARKED.sub(lambda match: match[1] or chr(FIRST_HOLE + int(match[2])), text)


def _with_marks(key: ShapeKey) -> tuple[Expression, int]:
    """The tree of a skeleton whose leaves are marks of their kind, named by holes: the words and names are
    private-use characters, the decimals have forty digits.
    """
    count = 0

    def build(node: ShapeKey) -> Expression:
        nonlocal count
        if isinstance(node, str):
            number = count
            count += 1
            if FIRST_HOLE + number > LAST_HOLE:
                raise ValueError(f"a formula has at most {LAST_HOLE - FIRST_HOLE + 1} leaves")
            name = chr(FIRST_HOLE + number)
            if node == "P":
                return Probability((Event(-1, name),), None)
            return Symbol(name) if node == "S" else Number(_MARK + number + Fraction(1, 2))
        head, *rest = node
        if head == "integer":
            assert isinstance(rest[0], int)
            return Number(Fraction(rest[0]))
        parts = tuple([build(part) for part in rest])  # type: ignore[arg-type]  # a skeleton holds skeletons
        return _NODES[str(head)](parts)

    return build(key), count


_NODES: Mapping[str, Callable[[tuple[Expression, ...]], Expression]] = {
    "minus": lambda parts: Negation(*parts),
    "sum": Sum,
    "product": Product,
    "over": lambda parts: Quotient(*parts),
    "power": lambda parts: Power(*parts),
    "log": lambda parts: Logarithm(*parts),
    "log-base": lambda parts: Logarithm(*parts),
    "exp": lambda parts: Exponential(*parts),
    "e": lambda parts: Exponential(ONE),
    "min": lambda parts: Extremum("min", parts),
    "max": lambda parts: Extremum("max", parts),
    "abs": lambda parts: AbsoluteValue(*parts),
}


def fill(shape: FormulaShape, leaves: Sequence[Leaf]) -> Formula:
    """The formula of a shape with these leaves.

    Raises ValueError if there are more or fewer leaves than holes.
    """
    if len(leaves) != shape.holes:
        raise ValueError(f"the shape has {shape.holes} holes, but there are {len(leaves)} leaves")
    setting = shape.setting
    if leaves:
        latex, mathml, unicode, plain, spoken = zip(*[atom(leaf, setting) for leaf in leaves], strict=True)
    else:
        latex = mathml = unicode = plain = spoken = ()
    return Formula(
        shape.latex % latex,
        shape.mathml % mathml,
        shape.unicode % unicode,
        shape.plain % plain,
        shape.spoken % spoken,
        shape.display,
    )


def render_fast(expression: Expression, *, setting: Setting = DEFAULT, display: bool = False) -> Formula:
    """The formula of an expression, set by its remembered shape; equal to `rendering.render` byte for byte."""
    if type(expression) is Probability and not display:
        return _of_probability(expression, setting)
    key, leaves = shape_of(expression)
    return fill(compile_shape(key, setting, display), leaves)


MOST_KEPT = 10_000
_KEPT: dict[tuple[int, Setting], tuple[Probability, Formula]] = {}


def _of_probability(node: Probability, setting: Setting) -> Formula:
    """The formula of a probability, kept by the node itself: equal contexts may be written differently."""
    place = id(node), setting
    found = _KEPT.get(place)
    if found is not None and found[0] is node:
        return found[1]
    formula = fill(compile_shape("P", setting), [node])
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    _KEPT[place] = node, formula
    return formula
