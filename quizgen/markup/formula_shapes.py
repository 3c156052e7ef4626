"""Formulas with holes: converted once, with private characters in place of the values, and filled by substitution.

A value is a number, a word or another formula. It is escaped for each notation, so that a drawn word is never markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from quizgen.content import Code, Emphasis, Formula, Strong, Text, Tokens
from quizgen.markup.latex_text import SUBSCRIPTS, spoken_of, unicode_of
from quizgen.markup.mathml import mathml_of

FIRST_MARK = 0xF0000
"""The private character that stands for the first hole of a text."""

MARK = re.compile("[\U000f0000-\U000ffffd]")

_IN_TEXT = re.compile(r"\\(?:text[a-z]*|math[a-z]+|operatorname|mbox)\{[^{}]*$")
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")
_LATEX_ESCAPES = {
    **{sign: "\\" + sign for sign in "{}$&#%_"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}

_Part = str | tuple[Callable[[Any], str], int]
"""Constant text, or how a value is written at this place, and its index."""


class MisplacedHole(Exception):
    """What fills a hole cannot stand where the hole is; the message says so in the author's terms."""


def formula_shape(
    latex: str, display: bool, index_of: Callable[[str], int], language: str = "en"
) -> Formula | Callable[[Sequence[Any]], Formula]:
    """The formula, or where it has holes, what makes it of the values.

    language: of the spoken form.
    index_of: which value a private character stands for. Raises LatexError if it is not LaTeX.
    """
    mathml = mathml_of(latex, display)
    text, spoken = unicode_of(latex), spoken_of(latex, language)
    if not MARK.search(latex):
        return Formula(latex, mathml, text, latex, spoken, display)
    shapes = (
        _parts(latex, MARK, _latex_writer, index_of),
        _parts(mathml, re.compile(f"<mi>{MARK.pattern}</mi>|{MARK.pattern}"), _mathml_writer, index_of),
        _parts(text, re.compile(f"_?{MARK.pattern}"), _unicode_writer, index_of),
        _parts(spoken, MARK, _spoken_writer, index_of),
    )

    def build(values: Sequence[Any]) -> Formula:
        source, markup, characters, words = (
            "".join([part if type(part) is str else part[0](values[part[1]]) for part in parts]) for parts in shapes
        )
        return Formula(source, markup, characters, source, words, display)

    return build


def plain(value: Any) -> str:
    """A value as characters, for code and formulas. Raises MisplacedHole for tables and the like."""
    match value:
        case str():
            return value
        case Text(text) | Code(text):
            return text
        case Tokens():
            return " ".join(value.tokens)
        case Emphasis(content) | Strong(content):
            return "".join(map(plain, content))
        case tuple():
            return "".join(map(plain, value))
        case Formula():
            return value.unicode
    raise MisplacedHole("this value cannot stand inside a formula or code")


def _parts(
    notation: str,
    pattern: re.Pattern[str],
    writer: Callable[[str, str], Callable[[Any], str]],
    index_of: Callable[[str], int],
) -> list[Any]:
    parts: list[_Part] = []
    done = 0
    for found in pattern.finditer(notation):
        mark = MARK.search(found.group())
        assert mark is not None
        parts += [notation[done : found.start()], (writer(notation[: found.start()], found.group()), index_of(mark[0]))]
        done = found.end()
    return [part for part in (*parts, notation[done:]) if part != ""]


def _latex_writer(before: str, found: str) -> Callable[[Any], str]:
    return (lambda value: _latex_text(plain(value))) if _IN_TEXT.search(before) else _latex_value


def _mathml_writer(before: str, found: str) -> Callable[[Any], str]:
    return _mathml_value if len(found) > 1 else lambda value: html.escape(plain(value), quote=False)


def _unicode_writer(before: str, found: str) -> Callable[[Any], str]:
    return _subscript if len(found) > 1 else plain


def _spoken_writer(before: str, found: str) -> Callable[[Any], str]:
    return lambda value: value.spoken if isinstance(value, Formula) else plain(value)


def _latex_text(words: str) -> str:
    return "".join(_LATEX_ESCAPES.get(sign, sign) for sign in words)


def _latex_value(value: Any) -> str:
    if isinstance(value, Formula):
        return f"{{{value.latex}}}"
    words = plain(value)
    return words.replace("−", "-") if _NUMBER.fullmatch(words) else f"\\text{{{_latex_text(words)}}}"


def _mathml_value(value: Any) -> str:
    if isinstance(value, Formula):
        inner = value.mathml[value.mathml.index(">") + 1 : value.mathml.rindex("</math>")]
        return f"<mrow>{inner}</mrow>"
    words = plain(value)
    if not _NUMBER.fullmatch(words):
        return f"<mtext>{html.escape(words, quote=False)}</mtext>"
    if words[0] in "-−+":
        return f"<mrow><mo>{words[0].replace('-', '−')}</mo><mn>{words[1:]}</mn></mrow>"
    return f"<mn>{words}</mn>"


def _subscript(value: Any) -> str:
    words = plain(value)
    return "".join(SUBSCRIPTS[sign] for sign in words) if words.isdecimal() and words.isascii() else f"_{words}"
