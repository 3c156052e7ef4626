"""LaTeX that authors write as presentation MathML, or a refusal: the converter itself lets mistakes pass."""

from __future__ import annotations

import re
from functools import lru_cache

_MOST_CHARACTERS = 2_000
_CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "mroot": 2, "msubsup": 3, "munderover": 3}
_MATHML = "{http://www.w3.org/1998/Math/MathML}"


class LatexError(Exception):
    """Why a text is not LaTeX that can be shown, in a few words."""


@lru_cache(maxsize=4096)
def mathml_of(latex: str, display: bool = False) -> str:
    """One ``<math>`` element.

    Raises LatexError for unbalanced braces, unknown commands and missing arguments.

    >>> mathml_of("p_2")[-53:]
    '<mrow><msub><mi>p</mi><mn>2</mn></msub></mrow></math>'
    >>> "<mo>∖</mo>" in mathml_of(r"x_{\\setminus t}")
    True
    """
    _check_braces(latex)
    from latex2mathml.converter import convert

    try:
        mathml = str(convert(_TEXT.sub(_hidden, latex), display="block" if display else "inline"))
    except RecursionError:
        raise LatexError("it is nested too deeply") from None
    except Exception as problem:  # the converter has twenty kinds of exceptions, and none for some mistakes
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(problem).__name__.removesuffix("Error")).lower()
        raise LatexError(words) from None
    for hidden, entity in _ENTITIES.items():
        mathml = mathml.replace(hidden, entity)
    for wrong, right in _MENDED:
        mathml = mathml.replace(wrong, right)
    _check_mathml(mathml)
    return mathml


_TEXT = re.compile(r"\\(?:text[a-z]*|mbox)\s*\{[^{}]*\}")
# The converter writes \setminus as a sign that few fonts have, and as a variable; infinity and dots are no operators.
_MENDED = (
    ("<mi>&#x029F5;</mi>", "<mo>∖</mo>"),
    *((f"<mo>&#x0{code};</mo>", f"<mi>&#x0{code};</mi>") for code in ("221E", "2026", "22EF")),
)
_ENTITIES = {"\U000fff00": "&amp;", "\U000fff01": "&lt;"}


def _hidden(found: re.Match[str]) -> str:
    """Words inside a formula as they are read, with the signs hidden that the converter would leave bare."""
    words = re.sub(r"\\([&%$#_])", r"\1", found.group())
    return words.replace("&", "\U000fff00").replace("<", "\U000fff01")


def _check_braces(latex: str) -> None:
    if not latex.strip():
        raise LatexError("it is empty")
    if len(latex) > _MOST_CHARACTERS:
        raise LatexError(f"it has more than {_MOST_CHARACTERS} characters")
    depth = 0
    for brace in re.findall(r"\\.|[{}]", latex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            raise LatexError("a } has no {")
        if depth > 40:
            raise LatexError("it is nested too deeply")
    if depth:
        raise LatexError("a { is not closed")


def _check_mathml(mathml: str) -> None:
    from lxml import etree

    try:
        root = etree.fromstring(mathml.encode(), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        raise LatexError("a sign in it needs a backslash, such as \\&") from None
    for element in root.iter():
        name = str(element.tag).removeprefix(_MATHML)
        words = element.text or ""
        if name != "mtext" and re.match(r"\\[A-Za-z]", words):
            raise LatexError(f"there is no command {words}")
        if name in _CHILDREN and len(element) != _CHILDREN[name]:
            raise LatexError("a command lacks an argument")
