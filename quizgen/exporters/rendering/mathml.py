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
    columnalign columnspan depth display displaystyle fence form height largeop linethickness lspace
    mathsize mathvariant maxsize minsize movablelimits rowspan rspace scriptlevel separator stretchy symmetric voffset
    width
"""
"""Without ``accent``: browsers that lack a mathematical font draw the bar of x̄ through the letter then."""

_ELEMENTS, _ATTRIBUTES = frozenset(ELEMENTS.split()), frozenset(ATTRIBUTES.split())
LONGEST = 200_000
APPLY = "\u2061"
"""The invisible sign between a function and its argument; browsers give it no width."""
THIN = "0.1667em"
SPACE = f'<mspace width="{THIN}"></mspace>'
ROWS = frozenset(["math", "mrow", "mstyle", "mtd", "mpadded"])
FUNCTIONS = frozenset(["log", "ln", "lg", "exp", "min", "max", "arg", "Pr", "sin", "cos", "tan"])


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
    return escaped(element.text or "") + "".join(
        _element(child) + (SPACE if _needs_space(child) else "") + escaped(child.tail or "") for child in element
    )


def _needs_space(element: Any) -> bool:
    """Whether a name such as log stands directly before its argument."""
    after, row = element.getnext(), element.getparent()
    base = element[0] if _name(element) in ("msub", "msup") and len(element) else element
    is_function = _name(base) == "mi" and (base.text or "") in FUNCTIONS
    in_row = row is not None and _name(row) in ROWS
    return is_function and in_row and after is not None and _name(after) != "mo" and not _is_bracketed(after)


def _element(element: Any) -> str:
    name = _name(element)
    attributes = {key: value for key, value in element.attrib.items() if key in _ATTRIBUTES}
    text = element.text or ""
    if name == "mo" and text.strip() == APPLY and not _is_bracketed(element.getnext()):
        attributes["rspace"] = THIN
    if attributes.get("mathvariant") == "bold" and len(text) == 1:
        del attributes["mathvariant"]
        return f"<{name}{_written(attributes)}>{escaped(bold(text))}</{name}>"
    return f"<{name}{_written(attributes)}>{_children(element)}</{name}>"


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {key}="{escaped(value)}"' for key, value in sorted(attributes.items()))


def _is_bracketed(element: Any) -> bool:
    """Whether an argument begins with a bracket, so that no space is needed between it and its function."""
    return element is not None and "".join(element.itertext()).lstrip().startswith(("(", "[", "{", "|", "∣"))


def bold(letter: str) -> str:
    """The mathematical bold form of a Latin letter or digit: browsers know no other bold in formulas.

    >>> bold("x"), bold("A"), bold("ö")
    ('𝐱', '𝐀', 'ö')
    """
    for first, last, start in (("A", "Z", 0x1D400), ("a", "z", 0x1D41A), ("0", "9", 0x1D7CE)):
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return letter
