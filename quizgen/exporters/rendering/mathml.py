"""Formulas as presentation MathML that browsers draw themselves, with their spoken form.

An archive may come from elsewhere: only elements and attributes of presentation MathML pass, anything else falls
back to the formula in Unicode.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

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
BRACKETS = frozenset("([{|∣")
FUNCTIONS = frozenset(["log", "ln", "lg", "exp", "min", "max", "arg", "Pr", "sin", "cos", "tan"])


@lru_cache(maxsize=4096)
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


_FILLED = re.compile(r"<m(n|text)>([A-Za-z0-9.]+)(?=</)")
"""Numbers and words that decide nothing: whatever stands in their place, the rest is written the same."""
_PLACE = "\ue000"


@lru_cache(maxsize=4096)
def _presentation(mathml: str) -> tuple[str, ...]:
    """What stands inside the ``<math>`` element, in pieces that begin with an operator between two terms.

    () if it is not presentation MathML alone. Formulas that differ in their numbers and words are read once.
    """
    if _PLACE in mathml:
        return _read(mathml)
    *parts, last = _FILLED.split(mathml)
    filled = parts[2::3]
    form = "".join([f"{before}<m{tag}>{_PLACE}" for before, tag in zip(parts[::3], parts[1::3], strict=True)]) + last
    pieces, places = _form(form)
    if places != len(filled):
        return _read(mathml)
    texts = iter(filled)
    return tuple([first + "".join([next(texts) + part for part in rest]) for first, *rest in pieces])


@lru_cache(maxsize=1024)
def _form(mathml: str) -> tuple[list[list[str]], int]:
    """What stands between the places of a formula, a list each piece, and how many places there are."""
    pieces = [piece.split(_PLACE) for piece in _read(mathml)]
    return pieces, sum(map(len, pieces)) - len(pieces)


@lru_cache(maxsize=1024)
def _read(mathml: str) -> tuple[str, ...]:
    from lxml import etree

    if len(mathml) > LONGEST or "<!" in mathml:
        return ()
    try:
        root = etree.fromstring(mathml.encode(), _parser())
    except (etree.XMLSyntaxError, ValueError, UnicodeEncodeError):
        return ()
    try:
        node = _node(root)
    except _NotPresentationError:
        return ()
    return tuple(_pieces(node)) if node.name == "math" else ()


@lru_cache(maxsize=1)
def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


class _Node(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An element as it was read, and as it is written wherever it stands; of operators neighbours decide.

    attributes: those of presentation, sorted. function: it is a name such as log. begins: its first signs.
    """

    name: str
    text: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[_Node, ...]
    function: bool
    tail: str
    begins: str
    written: str


class _NotPresentationError(Exception):
    pass


def _node(element: Any) -> _Node:
    children = tuple([_node(child) for child in element]) if len(element) else ()
    return _made(element.tag, element.text or "", element.tail or "", tuple(element.items()), children)


@lru_cache(maxsize=8192)
def _made(
    tag: str, text: str, tail: str, attributes: tuple[tuple[str, str], ...], children: tuple[_Node, ...]
) -> _Node:
    """The one node of these children: the same pieces stand in many formulas."""
    name, base_text = _local_name(tag), text
    base_name = name
    if children and (name == "msub" or name == "msup"):
        base_name, base_text = children[0].name, children[0].text
    function = base_text in FUNCTIONS and base_name in ("mi", "mo")
    begins = text.lstrip()[:1]
    for child in children:
        begins = begins or child.begins or child.tail.lstrip()[:1]
    if attributes:
        attributes = tuple(sorted([pair for pair in attributes if pair[0] in _ATTRIBUTES]))
    inner = (escaped(text) if text else "") + "".join(_children(name, children))
    written = _element(name, text, attributes, inner)
    return _Node(name, text, attributes, children, function, tail, begins, written)


@lru_cache(maxsize=1024)
def _local_name(tag: object) -> str:
    name = str(tag).rpartition("}")[2]
    if name not in _ELEMENTS:
        raise _NotPresentationError
    return name


def _pieces(root: _Node) -> Iterator[str]:
    while len(root.children) == 1 and root.children[0].name == "mrow" and not root.text.strip():
        root = root.children[0]
    piece, before = escaped(root.text), None
    for child, written in zip(root.children, _children(root.name, root.children), strict=True):
        if child.name == "mo" and child.text.strip() in BREAKS and _is_between_terms(child, before):
            yield piece
            piece = ""
        piece, before = piece + written, child
    yield piece


def _children(parent: str, children: tuple[_Node, ...]) -> list[str]:
    """What stands inside an element behind its own text, a child each. parent: the name of the element."""
    written, before, row = [], None, parent in ROWS
    for place, child in enumerate(children, 1):
        text = child.written
        if child.name == "mo" or (row and child.function):
            after = children[place] if place < len(children) else None
            if child.name == "mo":
                alone = parent == "mrow" and len(children) == 1
                text = _operator(child, before, after, alone)
            if child.function and row:
                text = _space_before(before) + text + _space_behind(after)
        written.append(text + escaped(child.tail) if child.tail else text)
        before = child
    return written


def _space_behind(after: _Node | None) -> str:
    """The space of a name such as log that stands directly before its argument."""
    if after is None or not (after.function or (after.name != "mo" and not _is_bracketed(after))):
        return ""
    return SPACE


def _space_before(before: _Node | None) -> str:
    """The space of a name such as log that stands directly behind its factor."""
    if before is None or before.function:
        return ""
    return SPACE if before.name not in ("mo", "mspace") or before.text.strip() in (")", "]") else ""


def _is_between_terms(element: _Node, before: _Node | None) -> bool:
    """Whether a minus or plus is no sign of what follows: something stands before it that is no operator."""
    if before is None:
        return False
    if before.name != "mo" or element.text.strip() not in SIGNS:
        return True
    return before.text.strip() in CLOSING or before.text in FUNCTIONS


def _operator(element: _Node, before: _Node | None, after: _Node | None, alone: bool) -> str:
    """alone: nothing else stands in its row."""
    if element.text in FUNCTIONS:
        return f"<mi>{escaped(element.text)}</mi>"
    sign, room = element.text.strip(), {}
    if sign in BREAKS:
        room["form"] = "infix" if _is_between_terms(element, before) else "prefix"
    elif _is_tight(sign, before is None, alone):
        room["lspace"] = room["rspace"] = "0"
    elif sign == APPLY and not (after and _is_bracketed(after)):
        room["rspace"] = THIN
    if not room:
        return element.written
    inner = (escaped(element.text) if element.text else "") + "".join(_children(element.name, element.children))
    return _element(element.name, element.text, tuple(sorted((dict(element.attributes) | room).items())), inner)


def _is_tight(sign: str, first: bool, alone: bool) -> bool:
    """Whether an operator stands without room: a slash, a decimal comma (``{,}``), the sign of ``{<i}``."""
    return sign == "/" or (alone and sign == ",") or (first and sign in ("<", ">", "∖", "\\"))


def _element(name: str, text: str, attributes: tuple[tuple[str, str], ...], inner: str) -> str:
    """An element as it is written. text: the letter that alone stands in it. inner: what does, as it is written."""
    if ("mathvariant", "bold") in attributes and len(text) == 1:
        attributes, inner = tuple([pair for pair in attributes if pair[0] != "mathvariant"]), escaped(bold(text))
    written = "".join([f' {key}="{escaped(value)}"' for key, value in attributes]) if attributes else ""
    return f"<{name}{written}>{inner}</{name}>"


def _is_bracketed(element: _Node) -> bool:
    """Whether an argument begins with a bracket, so that no space is needed between it and its function."""
    return element.begins in BRACKETS


def bold(letter: str) -> str:
    """The mathematical bold form of a Latin letter or digit: browsers know no other bold in formulas.

    >>> bold("x"), bold("A"), bold("ö")
    ('𝐱', '𝐀', 'ö')
    """
    for first, last, start in (("A", "Z", 0x1D400), ("a", "z", 0x1D41A), ("0", "9", 0x1D7CE)):
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return letter
