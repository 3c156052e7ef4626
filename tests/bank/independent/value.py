"""The value of a number as an answer sheet writes it, worked out in floating point and without the judge."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable

_FUNCTIONS: dict[str, Callable[[float], float]] = {"log": math.log, "log_2": math.log2, "exp": math.exp}
_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def value(text: str) -> float:
    """The value of a sum, product, quotient, power or logarithm of numbers. Fails for anything else.

    >>> value("-log_2(1/4) + 2^3"), round(value("exp(-(log(1/2) + log(1/5)))"), 9)
    (10.0, 10.0)
    """
    return _value(ast.parse(text.replace("^", "**"), mode="eval").body)


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(int() | float() as number):
            return float(number)
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand)
        case ast.BinOp(left, sign, right):
            return _OPERATORS[type(sign)](_value(left), _value(right))
        case ast.Call(ast.Name(name), [argument], []):
            return _FUNCTIONS[name](_value(argument))
    raise AssertionError(f"not a number of an answer sheet: {ast.dump(node)}")
