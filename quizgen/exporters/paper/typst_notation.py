"""Typst source: self-contained, with the fonts that come with Typst and one for emoji."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from quizgen.content import Formula
from quizgen.exporters.paper.formulas import quoted, typst_math
from quizgen.exporters.paper.notation import Notation, Sheet
from quizgen.exporters.rendering.text import printable, remembering_short

_SPECIAL = re.compile(r"[\\#$*_`<>@~\[\]/'\".-](?:(?<![.-])|(?<=-)(?=[-?\d])|(?<=\.)(?=\.\.))")
"""Dots and hyphens only before some signs; a pattern that begins with a class of signs is found many times quicker."""
_START = re.compile(r"\s*(?:(?P<sign>[-+=])|\d+(?P<dot>\.)(?=\s|$))")
LONG_HEADER = 400
"""Characters of source of a header that is not repeated on every page."""


def _escaped(text: str) -> str:
    r"""Words in which nothing is markup, wherever they stand.

    >>> print(escaped("#let a_b = 1 // no"), escaped("- x"), escaped("1. x"), escaped("a-b"))
    \#let a\_b = 1 \/\/ no \- x 1\. x a-b
    """
    if not text.isprintable() or "  " in text:
        text = re.sub(r"\s+", " ", printable(text))
    start = None if text[:1].isalpha() else _START.match(text)
    text = _SPECIAL.sub(lambda found: "\\" + found[0], text)
    if start is None:
        return text
    place = start.start("dot") if start["dot"] else start.start("sign")
    return text if text[place] == "\\" else f"{text[:place]}\\{text[place:]}"


def _code(text: str) -> str:
    text = " ".join(printable(text).split())
    return f"#raw({quoted(text)});" if text else ""


escaped, code = remembering_short(_escaped), remembering_short(_code)


class Typst(Notation):
    """The looks of Typst."""

    suffix = ".typ"
    displays_apart = True

    def begin(self, sheet: Sheet) -> str:
        words = sheet.words
        foot = escaped(words("paper:page", page="⟨page⟩", pages="⟨pages⟩"))
        foot = foot.replace("⟨page⟩", "#page").replace("⟨pages⟩", "#pages")
        settings = {
            "title": quoted(" ".join(printable(sheet.title).split()) or "–"),
            "lang": quoted(language_of(words.language)),
            "size": "18pt" if sheet.large else "11pt",
            "head": f"[{sheet.head}]",
            "foot": f"(page, pages) => [{foot}]",
        }
        said = ", ".join(f"{name}: {value}" for name, value in settings.items())
        return f"#let quizlevel = {1 + sheet.sections}\n{preamble()}\n#show: quizpaper.with({said})\n\n"

    def end(self) -> str:
        return ""

    text = staticmethod(escaped)
    code = staticmethod(code)

    def call(self, name: str, *contents: str) -> str:
        return f"#quiz{name}[{']['.join(contents)}];\n" if contents else f"#quiz{name}();\n"

    def short(self, name: str, *contents: str) -> str:
        return f"#quiz{name}[{']['.join(contents)}];" if contents else f"#quiz{name}();"

    def space(self, lines: int) -> str:
        return f"#quizspace({lines})\n"

    def formula(self, formula: Formula) -> str:
        return formula_source(formula.latex, formula.unicode, formula.spoken, formula.display)

    def emphasis(self, content: str, strong: bool) -> str:
        return f"#{'strong' if strong else 'emph'}[{content}];" if content.strip() else content

    def line_break(self) -> str:
        return "#linebreak();"

    def paragraph(self, content: str) -> str:
        return f"#par[{content}]\n"

    def code_block(self, text: str) -> str:
        text = printable(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        return f"#raw(block: true, {quoted(text)})\n"

    def listing(self, entries: list[str], ordered: bool) -> str:
        return f"#{'enum' if ordered else 'list'}{''.join(f'[{entry}]' for entry in entries)}\n"

    def table(self, header: list[str], rows: list[list[str]], caption: str, widths: list[int]) -> str:
        once = "repeat: false, " if sum(map(len, header)) > LONG_HEADER else ""
        head = f"table.header({once}{', '.join(f'[{cell}]' for cell in header)}), " if header else ""
        cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
        table = f"table(columns: {len(widths)}, {head}{cells})"
        return f"#figure(kind: table, caption: [{caption}], {table})\n" if caption.strip() else f"#{table}\n"


@lru_cache(maxsize=8192)
def formula_source(latex: str, unicode: str, spoken: str, display: bool) -> str:
    """A formula with what is said of it; as its text if it is not known."""
    written = typst_math(latex) or quoted(printable(unicode or latex) or "–")
    space = " " if display else ""
    return f"#quizmath({quoted(printable(spoken or unicode or latex) or '–')}, ${space}{written}{space}$);"


@lru_cache(maxsize=1)
def preamble() -> str:
    return (Path(__file__).parent / "booklet.typ").read_text("utf-8")


def language_of(language: str) -> str:
    """The language without its region, English if it is none.

    >>> language_of("de-AT"), language_of("")
    ('de', 'en')
    """
    code = language.partition("-")[0].lower()
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else "en"
