"""Writing our Markdown: any text, code or formula so that it reads back as itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from quizgen.exporters.rendering.text import printable
from quizgen.markup.mathml import LatexError, mathml_of
from quizgen.template import QUANTITIES

Note = Callable[[str], None]

_ALWAYS = re.compile(r"[\\`*$]")
_HOLE = re.compile(r"\{(?=[{%#])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_PRIVATE = re.compile("[\U000f0000-\U0010ffff\ue000-\uf8ff]")
_BLOCK = re.compile(
    r"(?P<sign>[-+](?=\s|$)|#{1,6}(?=\s|$)|>|~~~|={3,}|-{3,})|(?P<number>\d{1,9})(?P<mark>[.)])(?=\s|$)"
)
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_NAMES = (*QUANTITIES, "best_model", "corrupted")


def clean(text: str) -> str:
    """Text without what no template may hold: control characters, private signs, odd line breaks."""
    return _PRIVATE.sub("\ufffd", printable(text)).replace("\x85", " ").replace("\u2028", " ").replace("\u2029", " ")


def escaped_text(text: str) -> str:
    r"""Words in which nothing is markup, a hole or a formula.

    >>> escaped_text("2*3 $5 {{ a }} x_1 [MASK] _so_ &amp; a](b)")
    '2\\*3 \\$5 &#123;{ a }} x_1 [MASK] \\_so\\_ &amp;amp; a\\](b)'
    """
    text = _ENTITY.sub("&amp;", clean(text))
    text = _ALWAYS.sub(r"\\\g<0>", text)
    text = _HOLE.sub("&#123;", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    return re.sub(r"\](?=\()", r"\\]", text)


def escaped_line(text: str) -> str:
    r"""A written line, so that its beginning is no list, heading or quotation.

    >>> escaped_line("1. of May"), escaped_line("- 3"), escaped_line("#1")
    ('1\\. of May', '\\- 3', '#1')
    """
    found = _BLOCK.match(text)
    if not found:
        return text
    if found["sign"]:
        return "\\" + text
    return f"{found['number']}\\{found['mark']}{text[found.end() :]}"


def option(text: str) -> str:
    """A written option or key, kept from being taken for the name of a quantity such as loss.

    >>> option("loss"), option("the loss")
    ('&#108;oss', 'the loss')
    """
    return f"&#{ord(text[0])};{text[1:]}" if text in _NAMES else text


def code(text: str, note: Note) -> str:
    r"""Inline code.

    >>> code("a`b", print), code("x", print)
    ('``a`b``', '`x`')
    """
    text = " ".join(clean(text).split())
    if not text:
        return ""
    if _HOLE.search(text):
        note("code with {{ in it is written as plain text")
        return escaped_text(text)
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def code_block(text: str, note: Note) -> str:
    """A block of code."""
    text = "\n".join(line.rstrip() for line in clean(text).expandtabs(4).splitlines()).strip("\n")
    if not text:
        return ""
    if _HOLE.search(text):
        note("code with {{ in it is written as plain text")
        return "\\\n".join(escaped_line(escaped_text(line.strip())) for line in text.splitlines() if line.strip())
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return f"{fence}\n{text}\n{fence}"


def formula(latex: str, display: bool, note: Note) -> str:
    r"""A formula between dollar signs, or its source as code if it is none that can be shown.

    >>> formula(r" x^{{2}} ", False, print), formula("", False, print)
    ('$x^{ {2}}$', '')
    """
    latex = " ".join(clean(latex).split())
    latex = re.sub(r"\{(?=[{%#])", "{ ", latex)
    if not latex:
        return ""
    try:
        if re.search(r"(?<!\\)\$", latex) or latex.endswith("\\"):
            raise LatexError("it has a dollar sign or a backslash that is not closed")
        mathml_of(latex, display)
    except LatexError as problem:
        note(f"the formula {_short(latex)} cannot be shown ({problem}) and is written as code")
        return code(latex, note)
    return f"$${latex}$$" if display else f"${latex}$"


def joined(pieces: list[str]) -> str:
    r"""Written pieces as one line; a digit beside a dollar sign is written so that the formula stays one.

    >>> joined(["2", "$x$", "3 a"])
    '&#50;$x$&#51; a'
    """
    line = ""
    for piece in pieces:
        if not piece:
            continue
        before, here = line[-1:], piece[0]
        if before == "$" and here.isdecimal() and not line.endswith("\\$"):
            piece = f"&#{ord(here)};{piece[1:]}"
        elif here == "$" and before.isdecimal():
            line = f"{line[:-1]}&#{ord(before)};"
        elif before == "$" and here == "$" and not line.endswith("\\$"):
            line += " "
        line += piece
    return line


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def slug(text: str, most: int = 60) -> str:
    """A name for a template from any text, "" if no letter of it can stand in one.

    >>> slug("Größe des Verlusts (2)")
    'groesse-des-verlusts-2'
    """
    text = "".join(_UMLAUTS.get(letter, letter) for letter in text.lower())
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) <= most:
        return words
    cut = words[:most].rpartition("-")[0] if "-" in words[:most] else words[:most]
    return cut.strip("-")
