"""A formula in the five notations that formats need, printed through sympy."""

from __future__ import annotations

from collections.abc import Sequence

from grading.expressions import Expression
from grading.text import to_text, to_unicode
from quizgen.content import Formula

from .notation import DEFAULT, Setting, Written, atom
from .shapes import FIRST_HOLE, LAST_HOLE, ShapeKey, open_text, shape_of


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
    setting = setting or DEFAULT
    key, leaves = shape_of(expression)
    written = [atom(leaf, setting) for leaf in leaves]
    if setting.decimal_comma:
        opened = open_text(key, setting)[0]
        unicode = "".join(
            written[ord(c) - FIRST_HOLE].unicode if FIRST_HOLE <= ord(c) <= LAST_HOLE else c for c in opened
        )
    else:
        unicode = to_unicode(expression, log_base=0 if setting.natural == "log" else 10)
    return printed(key, setting, display, (unicode, to_text(expression)), written)


def printed(
    key: ShapeKey, setting: Setting, display: bool, text: tuple[str, str], leaves: Sequence[Written] = ()
) -> Formula:
    """The skeleton of a tree in every notation; without leaves its holes stay open.

    text: its Unicode and plain text, which need no sympy.
    """
    from .printers import Latex, MathML, Spoken
    from .symbolic import to_sympy

    expression, _ = to_sympy(key)
    attributes = ' display="block"' if display else ""
    mathml = MathML(setting, leaves).doprint(expression)
    return Formula(
        latex=Latex(setting, leaves).doprint(expression),
        mathml=f'<math xmlns="http://www.w3.org/1998/Math/MathML"{attributes}>{mathml}</math>',
        unicode=text[0],
        plain=text[1],
        spoken=Spoken(setting, leaves).doprint(expression),
        display=display,
    )
