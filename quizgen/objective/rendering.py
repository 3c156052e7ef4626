"""A formula in the five notations that formats need, printed through sympy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grading.expressions import Expression
from quizgen.content import Formula

from .notation import DEFAULT, Setting, Written, atom
from .shapes import shape_of


def render(expression: Expression, *, setting: Setting | None = None, display: bool = False) -> Formula:
    """The expression as a formula, terms in the order in which they are written.

    setting: language of the spoken form, ``log`` or ``ln``, decimal mark. display: on a line of its own.
    Takes about a millisecond; `shapes.render_fast` gives the same in some microseconds where shapes recur.

    Raises ValueError for what has no notation: a logarithm to a base that is not a whole number, a symbol
    that is not letters with an index, a context that is spelled in no known way.

    >>> from grading.expressions import Logarithm, Sum, Symbol
    >>> render(Sum((Logarithm(Symbol("p_2")), Logarithm(Symbol("p_6"))))).latex
    '\\\\log p_{2} + \\\\log p_{6}'
    """
    from .symbolic import to_sympy

    setting = setting or DEFAULT
    key, leaves = shape_of(expression)
    return printed(to_sympy(key)[0], setting, display, [atom(leaf, setting) for leaf in leaves])


def printed(expression: Any, setting: Setting, display: bool, leaves: Sequence[Written] = ()) -> Formula:
    """A sympy expression of `symbolic.to_sympy` in every notation; without leaves its holes stay open."""
    from .printers import Latex, MathML, Plain, Spoken, Unicode

    attributes = ' display="block"' if display else ""
    mathml = MathML(setting, leaves).doprint(expression)
    return Formula(
        latex=Latex(setting, leaves).doprint(expression),
        mathml=f'<math xmlns="http://www.w3.org/1998/Math/MathML"{attributes}>{mathml}</math>',
        unicode=Unicode(setting, leaves).doprint(expression),
        plain=Plain(setting, leaves).doprint(expression),
        spoken=Spoken(setting, leaves).doprint(expression),
        display=display,
    )
