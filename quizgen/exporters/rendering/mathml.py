"""Formulas as presentation MathML that browsers draw themselves, with their spoken form.

An archive may come from elsewhere: only elements and attributes of presentation MathML pass, anything else falls
back to the formula in Unicode.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from quizgen.content import Formula
from quizgen.exporters.rendering.html import escaped

ELEMENTS = """
    math mrow mi mn mo ms mtext mspace msub msup msubsup mmultiscripts mprescripts none munder mover munderover mfrac
    msqrt mroot mstyle mpadded mphantom mtable mtr mtd semantics
"""
ATTRIBUTES = """
    accent accentunder columnalign columnspan depth display displaystyle fence form height largeop linethickness lspace
    mathsize mathvariant maxsize minsize movablelimits rowspan rspace scriptlevel separator stretchy symmetric voffset
    width
"""
_ELEMENTS, _ATTRIBUTES = frozenset(ELEMENTS.split()), frozenset(ATTRIBUTES.split())
LONGEST = 200_000


def formula_html(formula: Formula) -> str:
    """A ``<math>`` element that says `spoken` to a screen reader, or the formula in Unicode."""
    inner = _presentation(formula.mathml) if formula.mathml else _from_latex(formula.latex)
    spoken = escaped(formula.spoken or formula.unicode)
    if not inner:
        return f'<span class="formula" role="math" aria-label="{spoken}">{escaped(formula.unicode)}</span>'
    display = ' display="block"' if formula.display else ""
    return f'<math{display} alttext="{spoken}" aria-label="{spoken}">{inner}</math>'


@lru_cache(maxsize=4096)
def _from_latex(latex: str) -> str:
    from latex2mathml.converter import convert

    try:
        return _presentation(convert(latex))
    except Exception:
        return ""


@lru_cache(maxsize=4096)
def _presentation(mathml: str) -> str:
    """What stands inside the ``<math>`` element, or "" if it is not presentation MathML alone."""
    from lxml import etree

    if len(mathml) > LONGEST or "<!" in mathml:
        return ""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        root = etree.fromstring(mathml.encode(), parser)
    except (etree.XMLSyntaxError, ValueError, UnicodeEncodeError):
        return ""
    try:
        return _children(root) if _name(root) == "math" else ""
    except _NotPresentationError:
        return ""


class _NotPresentationError(Exception):
    pass


def _name(element: Any) -> str:
    name = str(element.tag).rpartition("}")[2]
    if name not in _ELEMENTS:
        raise _NotPresentationError
    return name


def _children(element: Any) -> str:
    return escaped(element.text or "") + "".join(_element(child) + escaped(child.tail or "") for child in element)


def _element(element: Any) -> str:
    name = _name(element)
    kept = sorted((key, value) for key, value in element.attrib.items() if key in _ATTRIBUTES)
    attributes = "".join(f' {key}="{escaped(value)}"' for key, value in kept)
    return f"<{name}{attributes}>{_children(element)}</{name}>"
