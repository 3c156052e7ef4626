r"""Formulas for paper: LaTeX read once, written as Typst mathematics and as LaTeX that may be compiled.

An archive may come from elsewhere: only commands of the tables below pass, with braces that match. Anything else is
set as the text of the formula.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import ascii_letters, digits, punctuation

from quizgen.exporters.paper.formula_signs import (
    ACCENTS,
    CHARACTERS,
    FONTS,
    FUNCTIONS,
    IGNORED,
    MATRICES,
    SIGNS,
    TEXTS,
    TWO,
)
from quizgen.exporters.rendering.text import printable

LONGEST, DEEPEST = 20_000, 60
_HOLE = re.compile(r"((?<=\\text\{)(?<!\\\\text\{)[^\\{}]+(?=\})|(?<![\\\d])\d+\.\d+)")
"""A word or a decimal: that is where formulas of one form differ, and it is written as it stands."""
_FIRST_MARK, _MARK = 10**9, re.compile(r"(1\d{9}\.5)")
"""Decimals that stand in the holes, one after the other, while a form is read."""
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|\d+(?:(?:\.|\{,\})\d+)?|.", re.DOTALL)
_ESCAPED_WORDS = {"\\textbackslash": "\\", "\\textasciicircum": "^", "\\textasciitilde": "~", "\\textquotedbl": '"'}
_NEVER = frozenset('}&#%$~"`\\')
_LETTERS = re.compile(r"\s*[^\W\d_]{2,}\s*")
_DELIMITERS = {
    "(": "\\(", ")": "\\)", "[": "\\[", "]": "\\]", "\\{": "\\{", "\\}": "\\}", "|": "|", "\\|": "‖", ".": "",
    "\\lvert": "|", "\\rvert": "|", "\\lVert": "‖", "\\rVert": "‖", "\\langle": "⟨", "\\rangle": "⟩", "\\lfloor": "⌊",
    "\\rfloor": "⌋", "\\lceil": "⌈", "\\rceil": "⌉", "/": "\\/",
}  # fmt: skip


_ALONE = {
    " ": "",
    **{f"\\{name}": written for name, written in (SIGNS | FUNCTIONS | dict.fromkeys(IGNORED, "")).items()},
    **{sign: sign for sign in ascii_letters + digits},
    **{sign: CHARACTERS.get(sign, "\\" + sign) for sign in punctuation if sign not in _NEVER | frozenset("{_^'")},
}
"""What is written for signs that take no argument."""


class _Unknown(Exception):
    """What the tables do not hold."""


@lru_cache(maxsize=8192)
def typst_math(latex: str) -> str | None:
    r"""LaTeX as Typst mathematics, without dollar signs; None if it holds anything that is not known.

    >>> typst_math(r"\log \Pr(x_{2}=\text{early}\mid\bar{\mathbf{x}})")
    'log Pr \\( x_(2) ="early"∣ macron(upright(bold(x))) \\)'
    >>> typst_math(r"\frac{1}{2}x^2"), typst_math(r"\input{/etc/passwd}")
    ('frac(1, 2) x^(2)', None)
    """
    if len(latex) > LONGEST:
        return None
    pieces = _HOLE.split(printable(latex))
    if (form := _form("\0".join(pieces[::2]))) is None:
        return _read("".join(pieces))
    pieces[::2] = form
    pieces[1::2] = [quoted(hole)[1:-1] for hole in pieces[1::2]]
    return "".join(pieces)


@lru_cache(maxsize=2048)
def _form(text: str) -> list[str] | None:
    """What stands around the holes of a formula, as Typst mathematics; None if they do not stand there in turn.

    text: what stands around them in LaTeX, a zero character for each hole.
    """
    around = text.split("\0")
    marks = [f"{_FIRST_MARK + place}.5" for place in range(len(around) - 1)]
    written = _read(around[0] + "".join([mark + piece for mark, piece in zip(marks, around[1:], strict=True)]))
    found = _MARK.split(written or "")
    return found[::2] if found[1::2] == marks and written else None


def _read(latex: str) -> str | None:
    try:
        return _Reader(latex).all()
    except _Unknown:
        return None


def _joined(pieces: list[str]) -> str:
    """Pieces with a space between them; beside a quoted text the space would be printed."""
    text = ""
    for piece in filter(None, pieces):
        text += piece if not text or text[-1] == '"' or piece[0] == '"' else " " + piece
    return text


def quoted(text: str) -> str:
    """A string of Typst.

    >>> print(quoted('a"b'))
    "a\\"b"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


class _Row:
    """Pieces side by side; the last may get an index and an exponent, one of each."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.scripts = ""

    def add(self, piece: str) -> None:
        if piece:
            self.pieces.append(piece)
            self.scripts = ""

    def script(self, mark: str, written: str) -> None:
        if "^" in self.scripts if mark == "'" else mark in self.scripts:
            raise _Unknown
        base = self.pieces.pop() if self.pieces else '""'
        self.pieces.append(base + written)
        self.scripts += mark


class _Reader:
    """Reads LaTeX from left to right."""

    def __init__(self, latex: str) -> None:
        self.tokens: list[str] = _TOKEN.findall(latex)
        self.next = self.depth = 0

    def all(self) -> str:
        text = _joined(self.pieces(""))
        if self.next < len(self.tokens) or not text:
            raise _Unknown
        return text

    def pieces(self, *ends: str) -> list[str]:
        """Everything up to one of these tokens, which is taken too; "" is the end of the text."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Unknown
        written = _Row()
        tokens, count = self.tokens, len(self.tokens)
        alone, append = _ALONE.get, written.pieces.append
        while self.next < count:
            sign = tokens[self.next]
            self.next += 1
            if sign in ends:
                self.depth -= 1
                return written.pieces
            if known := alone(sign):
                append(known)
                written.scripts = ""
            elif known is None:
                self.place(written, sign)
        self.depth -= 1
        if ends != ("",):
            raise _Unknown
        return written.pieces

    def place(self, row: _Row, sign: str) -> None:
        """Writes a sign with its arguments at the end of a row."""
        if sign == "'":
            row.script(sign, "'")
        elif sign in ("_", "^"):
            row.script(sign, f"{sign}({self.argument()})")
        else:
            row.add(self.piece(sign))

    def take(self) -> str:
        if self.next >= len(self.tokens):
            raise _Unknown
        self.next += 1
        return self.tokens[self.next - 1]

    def taken(self) -> str:
        """The next sign that is no space."""
        while (sign := self.take()).isspace():
            pass
        return sign

    def piece(self, sign: str) -> str:
        if (known := _ALONE.get(sign)) is not None:
            return known
        if sign == "{":
            inner = self.pieces("}")
            return f'class("normal", {_joined(inner)})' if len(inner) > 1 else _joined(inner)
        if sign[0] == "\\":
            return self.command(sign)
        if sign.isspace():
            return ""
        if sign[0].isdigit():
            return f'"{sign.replace("{,}", ",")}"' if "{" in sign else sign
        if sign.isalpha():
            return sign
        if sign in _NEVER:
            raise _Unknown
        return CHARACTERS.get(sign) or ("\\" + sign if sign.isascii() else sign)

    def argument(self) -> str:
        """The next group or sign, without brackets of its own."""
        sign = self.taken()
        if sign != "{":
            return self.piece(sign) or '""'
        inside = self.tokens[self.next : self.next + 2]
        if inside[1:] == ["}"] and (known := _ALONE.get(inside[0])):  # such as an index
            self.next += 2
            return known
        return _joined(self.pieces("}")) or '""'

    def command(self, sign: str) -> str:
        name = sign[1:]
        if name in ACCENTS:
            return f"{ACCENTS[name]}({self.argument()})"
        if name in FONTS:
            return FONTS[name].format(self.styled())
        if name in TWO:
            return f"{TWO[name]}({self.argument()}, {self.argument()})"
        if name in TEXTS:
            return quoted(self.raw())
        return self.structure(name)

    def styled(self) -> str:
        """The argument of a font; several letters are one word."""
        start = self.next
        if self.taken() == "{":
            end = self._closing()
            word = "".join(self.tokens[self.next : end])
            if _LETTERS.fullmatch(word):
                self.next = end + 1
                return quoted(word.strip())
        self.next = start
        return self.argument()

    def _closing(self) -> int:
        try:
            return self.tokens.index("}", self.next)
        except ValueError:
            raise _Unknown from None

    def structure(self, name: str) -> str:
        if name == "sqrt":
            if self.next < len(self.tokens) and self.tokens[self.next] == "[":
                self.next += 1
                degree = _joined(self.pieces("]"))
                return f"root({degree}, {self.argument()})"
            return f"sqrt({self.argument()})"
        if name == "operatorname":
            return f"op({quoted(self.raw())})"
        if name == "left":
            before = self.delimiter()
            inner = _joined(self.pieces("\\right"))
            return f"lr({_joined([before, inner, self.delimiter()])})"
        if name == "begin":
            return self.matrix(self.raw())
        raise _Unknown

    def delimiter(self) -> str:
        sign = self.taken()
        if sign not in _DELIMITERS:
            raise _Unknown
        return _DELIMITERS[sign]

    def raw(self) -> str:
        """The text of an argument in braces."""
        if self.taken() != "{":
            raise _Unknown
        end = self._closing()
        word = "".join(self.tokens[self.next : end])
        if "\\" not in word and "{" not in word:  # nearly all are
            self.next = end + 1
            return word
        written: list[str] = []
        while (sign := self.take()) != "}":
            if sign in _ESCAPED_WORDS:
                written.append(_ESCAPED_WORDS[sign])
                if self.tokens[self.next : self.next + 2] == ["{", "}"]:
                    self.next += 2
            elif sign == "{" or (sign[0] == "\\" and sign[1:].isalpha()):
                raise _Unknown
            else:
                written.append(sign[1:] if sign[0] == "\\" else sign)
        return "".join(written)

    def matrix(self, name: str) -> str:
        if name not in MATRICES:
            raise _Unknown
        rows, cell = [list[str]()], _Row()
        while True:
            sign = self.taken()
            if sign not in ("&", "\\\\", "\\end"):
                self.place(cell, sign)
                continue
            rows[-1].append(_joined(cell.pieces) or '""')
            cell = _Row()
            if sign == "\\\\":
                rows.append([])
            elif sign == "\\end":
                break
        if self.raw() != name:
            raise _Unknown
        if name == "cases":
            return f"cases({', '.join(' & '.join(row) for row in rows)})"
        return f"mat(delim: {MATRICES[name]}, {'; '.join(', '.join(row) for row in rows)})"
