"""Expressions as other programs read them best."""

from __future__ import annotations

from grading.expressions import (
    HALF,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)


def for_sympy(tree: Expression) -> str:
    """Python syntax for ``parse_expr``."""
    match tree:
        case Number(value):
            return f"Rational({value.numerator},{value.denominator})" if value.denominator != 1 else str(value)
        case Symbol(name):
            return name
        case Negation(operand):
            return f"-({for_sympy(operand)})"
        case Sum(terms):
            return " + ".join(
                f"({for_sympy(term)})" if isinstance(term, Negation) else for_sympy(term) for term in terms
            )
        case Product(factors):
            return "*".join(f"({for_sympy(factor)})" for factor in factors)
        case Quotient(above, below):
            return f"({for_sympy(above)})/({for_sympy(below)})"
        case Power(below, exponent):
            return f"({for_sympy(below)})**({for_sympy(exponent)})"
        case Logarithm(argument, None):
            return f"log({for_sympy(argument)})"
        case Logarithm(argument, base) if base is not None:
            return f"log({for_sympy(argument)}, {for_sympy(base)})"
        case Exponential(argument):
            return f"exp({for_sympy(argument)})"
        case Extremum(which, arguments):
            return f"{which.capitalize()}({', '.join(map(for_sympy, arguments))})"
    raise TypeError(tree)


def for_latex(tree: Expression) -> str:
    """Careful LaTeX, with braces and brackets everywhere, for verifiers that read it."""
    match tree:
        case Number(value):
            return f"{float(value):.12g}"
        case Symbol(name):
            return f"p_{{{name[2:]}}}"
        case Negation(operand):
            return f"-({for_latex(operand)})" if isinstance(operand, Sum) else f"-{for_latex(operand)}"
        case Sum(terms):
            written = for_latex(terms[0])
            for term in terms[1:]:
                written += f" {for_latex(term)}" if isinstance(term, Negation) else f" + {for_latex(term)}"
            return written
        case Product(factors):
            parts = (f"({for_latex(f)})" if isinstance(f, Sum | Negation) else for_latex(f) for f in factors)
            return r" \cdot ".join(parts)
        case Quotient(above, below):
            return rf"\frac{{{for_latex(above)}}}{{{for_latex(below)}}}"
        case Power(below, exponent):
            return (
                rf"\sqrt{{{for_latex(below)}}}"
                if exponent == HALF
                else f"({for_latex(below)})^{{{for_latex(exponent)}}}"
            )
        case Logarithm(argument, None):
            return rf"\ln({for_latex(argument)})"
        case Logarithm(argument, base) if base is not None:
            return rf"\log_{{{for_latex(base)}}}({for_latex(argument)})"
        case Exponential(argument):
            return rf"e^{{{for_latex(argument)}}}"
        case Extremum(which, arguments):
            return rf"\{which}({', '.join(map(for_latex, arguments))})"
    raise TypeError(tree)
