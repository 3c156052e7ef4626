"""Content as the XHTML of QTI: formulas as MathML with their spoken form and their LaTeX, gaps as interactions."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from quizgen.content import Formula, Tokens
from quizgen.exporters.qti.names import Version, in_attribute
from quizgen.exporters.rendering.html import Dialect, escaped, inline_html
from quizgen.exporters.rendering.mathml import formula_markup
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import remembering_short

MATHML = "http://www.w3.org/1998/Math/MathML"
TEX = "application/x-tex"

BRACES = "{{"
"""Some players run what is between two of them, except in attributes."""

JOINED = "\u2060"
"""Keeps two signs apart without being seen, where no element may stand between them."""


def _xhtml_text(text: str) -> str:
    """A drawn or written text; two braces that stand together are drawn apart, as some players run what is between.

    >>> xhtml_text("a < {{b}}")
    'a &lt; {<span></span>{b}}'
    """
    return braces_apart(escaped(text), "<span></span>")


xhtml_text = remembering_short(_xhtml_text)


def dialect(version: Version, gap: Callable[[str], str]) -> Dialect:
    """XHTML for a version. gap: what stands at the place of a part."""
    formula = _spoken_formula if version.dashed else _formula
    return Dialect(xhtml_text, formula, _tokens, gap, line_break="<br/>")


def blank(part: str) -> str:
    """A gap where it cannot be filled in."""
    return "____"


@lru_cache(maxsize=2)
def without_gaps(version: Version) -> Dialect:
    """XHTML in which nothing can be filled in."""
    return dialect(version, blank)


@lru_cache(maxsize=4096)
def phrase_xhtml(text: str, version: Version) -> str:
    """The words of a hint or feedback; "" stays ""."""
    return inline_html(phrase(text), without_gaps(version))


@lru_cache(maxsize=4096)
def _spoken_formula(formula: Formula) -> str:
    """With its spoken form where screen readers look for it, and its LaTeX for whoever reads it back."""
    spoken, latex = in_attribute(formula.spoken or formula.unicode), in_attribute(braces_apart(formula.latex))
    drawn = _drawn(formula, formula_markup(formula))
    return f'<span role="math" aria-label="{spoken}" data-latex="{latex}">{drawn}</span>'


@lru_cache(maxsize=4096)
def _formula(formula: Formula) -> str:
    """Version 2.1 has no such attributes; the LaTeX is an annotation of the MathML."""
    markup = formula_markup(formula)
    if markup and formula.latex:
        latex = f'<annotation encoding="{TEX}">{escaped(braces_apart(formula.latex))}</annotation>'
        markup = f"<semantics><mrow>{markup}</mrow>{latex}</semantics>"
    return _drawn(formula, markup)


def _drawn(formula: Formula, markup: str) -> str:
    if not markup:
        return f"<span>{xhtml_text(formula.unicode)}</span>"
    spoken = in_attribute(formula.spoken or formula.unicode)
    display = ' display="block"' if formula.display else ""
    return f'<math xmlns="{MATHML}" alttext="{spoken}"{display}>{markup}</math>'


def braces_apart(text: str, between: str = " ") -> str:
    """A text in which two braces do not stand together. between: a space, with which LaTeX means the same.

    >>> braces_apart("x^{{a}}")
    'x^{ {a}}'
    """
    while BRACES in text:
        text = text.replace(BRACES, f"{{{between}{{")
    return text


@lru_cache(maxsize=1024)
def _tokens(tokens: Tokens) -> str:
    """A token sequence as code, positions as subscripts."""
    shown = (
        xhtml_text(token) + (f"<sub>{tokens.first + place}</sub>" if tokens.numbered else "")
        for place, token in enumerate(tokens.tokens)
    )
    return f"<code>{' '.join(shown)}</code>"
