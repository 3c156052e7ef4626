"""The sympy form of a formula, for its printers: written order, nothing evaluated, leaves as holes.

sympy rewrites what it constructs and has no node for a subtraction, a quotient or a logarithm to a base; these
are heads of our own, and every leaf is a symbol, so that there is nothing to rewrite.
"""

from __future__ import annotations

from typing import Any

import sympy

from .shapes import FIRST_HOLE, LAST_HOLE

Skeleton = Any
"""A tree up to its leaves, as nested tuples: ``("sum", ("log", "P"), …)``; see `quizgen.objective.shapes`."""


class Hole(sympy.Symbol):  # type: ignore[misc]  # sympy is untyped
    """The place of a leaf, named by one private-use character."""


class ProbabilityHole(Hole):
    """The place of a probability."""


class Literal(sympy.Symbol):  # type: ignore[misc]  # sympy is untyped
    """A whole number that belongs to the shape."""


class EulersNumber(sympy.Symbol):  # type: ignore[misc]  # sympy is untyped
    """e by itself."""


class Minus(sympy.Function):  # type: ignore[misc]  # sympy is untyped
    """The negative of one thing."""


class Over(sympy.Function):  # type: ignore[misc]  # sympy is untyped
    """A quotient of two things."""


class LogToBase(sympy.Function):  # type: ignore[misc]  # sympy is untyped
    """The logarithm of the first argument to the base of the second."""


class Least(sympy.Function):  # type: ignore[misc]  # sympy is untyped
    """A minimum with its arguments in order."""


class Greatest(sympy.Function):  # type: ignore[misc]  # sympy is untyped
    """A maximum with its arguments in order."""


def to_sympy(skeleton: Skeleton) -> tuple[sympy.Expr, int]:
    """The sympy expression of a skeleton and the number of its holes, which are numbered from left to right.

    Raises ValueError for more leaves than there are names for holes.
    """
    names = iter(range(FIRST_HOLE, LAST_HOLE + 1))
    count = 0

    def build(node: Skeleton) -> sympy.Expr:
        nonlocal count
        if isinstance(node, str):
            name = next(names, None)
            if name is None:
                raise ValueError(f"a formula has at most {LAST_HOLE - FIRST_HOLE + 1} leaves")
            count += 1
            return (ProbabilityHole if node == "P" else Hole)(chr(name))
        head, *rest = node
        if head == "integer":
            return Literal(str(rest[0]))
        if head == "e":
            return EulersNumber("e")
        return _HEADS[head](*(build(part) for part in rest))

    expression = build(skeleton)
    return expression, count


_HEADS: dict[str, Any] = {
    "minus": Minus,
    "sum": lambda *terms: sympy.Add(*terms, evaluate=False),
    "product": lambda *factors: sympy.Mul(*factors, evaluate=False),
    "over": Over,
    "power": lambda base, exponent: sympy.Pow(base, exponent, evaluate=False),
    "log": lambda argument: sympy.log(argument, evaluate=False),
    "log-base": LogToBase,
    "exp": lambda argument: sympy.exp(argument, evaluate=False),
    "min": Least,
    "max": Greatest,
    "abs": lambda argument: sympy.Abs(argument, evaluate=False),
}
