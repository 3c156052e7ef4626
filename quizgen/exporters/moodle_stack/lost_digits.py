"""Formulas that are another number to Maxima if their fractions are typed as decimals."""

from __future__ import annotations

from grading.expressions import Exponential, Expression, Logarithm, Number, Power, Quotient, atoms, walk


def loses_digits(tree: Expression) -> bool:
    """Whether a formula holds numbers that are fractions to Maxima, but lose digits if they are decimals.

    ``log(0.5)`` is computed at once, and is not ``log(1/2)`` any more.

    >>> from grading.parsing import Language, parse_expression
    >>> texts = "0.5*log(x)", "log(0.5)*x", "log(x/3)", "log(2 x)", "x*2^0.5"
    >>> [loses_digits(parse_expression(text, Language(any_name=True))) for text in texts]
    [False, True, True, False, True]
    """
    for node in walk(tree):
        match node:
            case Logarithm(argument) if _has_fractions(argument):
                return True
            case Exponential(argument) if not atoms(argument) and _has_fractions(argument):
                return True
            case Power(base, exponent) if not atoms(base) and _has_fractions(exponent):
                return True
    return False


def _has_fractions(tree: Expression) -> bool:
    return any(
        (isinstance(node, Number) and node.value.denominator > 1)
        or (isinstance(node, Quotient) and any(isinstance(part, Number) for part in walk(node.denominator)))
        for node in walk(tree)
    )
