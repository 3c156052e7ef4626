"""Formulas as presentation MathML that browsers draw themselves, with their spoken form.

An archive may come from elsewhere: only elements and attributes of presentation MathML pass, anything else falls
back to the formula in Unicode.
"""

from __future__ import annotations

from collections.abc import Iterator
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
LONG, BREAKS = 24, frozenset("+-−=≈")
"""The most characters of a formula that stays whole, and the operators before which a longer one may be broken."""
SIGNS, CLOSING = frozenset("+-−"), frozenset([")", "]", "}", "|", "!"])
FUNCTIONS = frozenset(["log", "ln", "lg", "exp", "min", "max", "arg", "Pr", "sin", "cos", "tan"])


def formula_html(formula: Formula) -> str:
    """A ``<math>`` element that says `spoken` to a screen reader, or the formula in Unicode.

    Browsers do not break a formula into lines, so a long sum in a text is a row of elements that they may break.
    """
    pieces = _presentation(formula.mathml) if formula.mathml else _from_latex(formula.latex)
    spoken = escaped(formula.spoken or formula.unicode)
    if not pieces:
        return f'<span class="formula" role="math" aria-label="{spoken}">{escaped(formula.unicode)}</span>'
    if len(pieces) > 1 and not formula.display and len(formula.unicode or formula.latex) > LONG:
        row = "<wbr>".join(f"<math>{piece}</math>" for piece in pieces)
        return f'<span class="formula" role="math" aria-label="{spoken}"><span aria-hidden="true">{row}</span></span>'
    inner = "".join(pieces)
    display = ' display="block"' if formula.display else ""
    return f'<math{display} alttext="{spoken}" aria-label="{spoken}">{inner}</math>'


def formula_markup(formula: Formula) -> str:
    """What stands inside the ``<math>`` element, as XML; "" if it cannot be written as presentation MathML."""
    return "".join(_presentation(formula.mathml) if formula.mathml else _from_latex(formula.latex))


@lru_cache(maxsize=4096)
def _from_latex(latex: str) -> tuple[str, ...]:
    from latex2mathml.converter import convert

    try:
        return _presentation(convert(latex))
    except Exception:
        return ()


@lru_cache(maxsize=4096)
def _presentation(mathml: str) -> tuple[str, ...]:
    """What stands inside the ``<math>`` element, in pieces that begin with an operator between two terms.

    () if it is not presentation MathML alone.
    """
    from lxml import etree

    if len(mathml) > LONGEST or "<!" in mathml:
        return ()
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        root = etree.fromstring(mathml.encode(), parser)
    except (etree.XMLSyntaxError, ValueError, UnicodeEncodeError):
        return ()
    try:
        return tuple(_pieces(root)) if _name(root) == "math" else ()
    except _NotPresentationError:
        return ()


def _pieces(root: Any) -> Iterator[str]:
    while len(root) == 1 and _name(root[0]) == "mrow" and not (root.text or "").strip():
        root = root[0]
    piece = escaped(root.text or "")
    for child in root:
        if _name(child) == "mo" and (child.text or "").strip() in BREAKS and _is_between_terms(child):
            yield piece
            piece = ""
        piece += _child(child)
    yield piece


def _is_between_terms(element: Any) -> bool:
    return element.getprevious() is not None and not _is_sign(element)


class _NotPresentationError(Exception):
    pass


def _name(element: Any) -> str:
    return _local_name(element.tag)


@lru_cache(maxsize=1024)
def _local_name(tag: object) -> str:
    name = str(tag).rpartition("}")[2]
    if name not in _ELEMENTS:
        raise _NotPresentationError
    return name


def _children(element: Any) -> str:
    return escaped(element.text or "") + "".join(map(_child, element))


def _child(child: Any) -> str:
    before, after = SPACE if _needs_space_before(child) else "", SPACE if _needs_space(child) else ""
    return before + _element(child) + after + escaped(child.tail or "")


def _needs_space(element: Any) -> bool:
    """Whether a name such as log stands directly before its argument."""
    after = element.getnext()
    if not _is_function(element) or after is None:
        return False
    return _is_function(after) or (_name(after) != "mo" and not _is_bracketed(after))


def _needs_space_before(element: Any) -> bool:
    """Whether a name such as log stands directly behind its factor."""
    before = element.getprevious()
    if not _is_function(element) or before is None or _is_function(before):
        return False
    return _name(before) not in ("mo", "mspace") or (before.text or "").strip() in (")", "]")


def _is_function(element: Any) -> bool:
    base = element[0] if _name(element) in ("msub", "msup") and len(element) else element
    if _name(base) not in ("mi", "mo") or (base.text or "") not in FUNCTIONS:
        return False
    row = element.getparent()
    return row is not None and _name(row) in ROWS


def _is_sign(element: Any) -> bool:
    """Whether a minus or plus is the sign of what follows because an operator stands before it."""
    before = element.getprevious()
    if (element.text or "").strip() not in SIGNS or before is None or _name(before) != "mo":
        return False
    return (before.text or "").strip() not in CLOSING and (before.text or "") not in FUNCTIONS


def _is_tight(element: Any) -> bool:
    """Whether an operator stands without room: a slash, a decimal comma (``{,}``), the sign of ``{<i}``."""
    sign, row = (element.text or "").strip(), element.getparent()
    if sign == ",":
        return row is not None and _name(row) == "mrow" and len(row) == 1
    return sign == "/" or (sign in ("<", ">", "∖", "\\") and element.getprevious() is None)


def _element(element: Any) -> str:
    name = _name(element)
    attributes = {key: value for key, value in element.attrib.items() if key in _ATTRIBUTES}
    text = element.text or ""
    if name == "mo" and text in FUNCTIONS:
        return f"<mi>{escaped(text)}</mi>"
    if name == "mo" and text.strip() in BREAKS:
        attributes["form"] = "infix" if _is_between_terms(element) else "prefix"
    if name == "mo" and _is_tight(element):
        attributes["lspace"] = attributes["rspace"] = "0"
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
