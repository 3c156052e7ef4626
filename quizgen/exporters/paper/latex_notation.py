r"""LaTeX source for LuaLaTeX, with packages that every TeX distribution has.

Text is escaped in one place. Of formulas only those are taken over of which every command is known; no file is read
and nothing is run by what an archive holds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from quizgen.content import Formula
from quizgen.exporters.paper.formula_signs import SIGNS
from quizgen.exporters.paper.formulas import typst_math
from quizgen.exporters.paper.notation import Notation, Sheet
from quizgen.exporters.paper.typst_notation import language_of
from quizgen.exporters.rendering.text import printable, remembering_short

_SPECIALS = {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}", "`": r"\textasciigrave{}", "-": "-{}", ",": ",{}", "<": "<{}", ">": ">{}",
    **{character: f"\\{character}" for character in "{}$&%#_"},
}  # fmt: skip
_SPECIAL = re.compile(
    r"[\\^~\"'`{}$&%#_,<>?!-](?:(?<![,<>?!-])|(?<=-)(?=-)|(?<=,)(?=,)|(?<=<)(?=<)|(?<=>)(?=>)|(?<=[?!])(?=`))"
)
_BEFORE_UNICODE = {
    sign: f"\\{name} " for name, sign in reversed(SIGNS.items()) if not sign.isascii() and name.isalpha()
}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_IN_TEXT = re.compile(r"\\(?:text[a-z]*|mbox|operatorname)\s*\{[^{}]*\}")
LANGUAGES = {
    "de": "ngerman", "en": "english", "fr": "french", "es": "spanish", "it": "italian", "he": "hebrew", "ar": "arabic",
    "nl": "dutch", "pt": "portuguese", "pl": "polish", "fa": "persian", "da": "danish", "sv": "swedish",
}  # fmt: skip
RIGHT_TO_LEFT = frozenset(["he", "ar", "fa", "ur", "yi"])
LARGE = (
    r"\renewcommand\normalsize{\fontsize{18}{24}\selectfont}\renewcommand\small{\fontsize{16}{21}\selectfont}"
    "\n"
    r"\renewcommand\large{\fontsize{20}{26}\selectfont}\renewcommand\Large{\fontsize{22}{28}\selectfont}"
    "\n"
    r"\renewcommand\LARGE{\fontsize{24}{30}\selectfont}\normalsize"
)
LONGEST_CELL = 1200
"""Characters of a cell that stays in a table: its rows cannot be broken."""
ROOM = {False: (70, 32), True: (43, 20)}
"""Characters that fit a line, and lines of tables that surely fit a page; in usual and in large print."""


def _escaped(text: str) -> str:
    r"""Words in which nothing is markup and nothing becomes another sign.

    >>> print(escaped(r"50% of \input{x} -- 'so'"))
    50\% of \textbackslash{}input\{x\} -{}- \textquotesingle{}so\textquotesingle{}
    """
    if not text.isprintable() or "  " in text:
        text = re.sub(r"\s+", " ", printable(text))
    return _SPECIAL.sub(lambda found: _SPECIALS.get(found[0], found[0] + "{}"), text)


def _code(text: str) -> str:
    return f"\\texttt{{{escaped(' '.join(text.split()))}}}"


escaped, code = remembering_short(_escaped), remembering_short(_code)


@lru_cache(maxsize=8192)
def latex_math(latex: str) -> str | None:
    r"""LaTeX that may be compiled, without delimiters; None if it holds anything that is not known.

    >>> latex_math(r"x_{2} ≤ \frac{1}{2}"), latex_math(r"\write18{rm}")
    ('x_{2} \\le \\frac{1}{2}', None)
    """
    latex = " ".join(printable(latex).split())
    if typst_math(latex) is None:
        return None
    if latex.isascii():
        return latex
    outside = _IN_TEXT.sub("", latex)
    if any(sign not in _BEFORE_UNICODE for sign in _NOT_ASCII.findall(outside)):
        return None
    pieces = re.split(f"({_IN_TEXT.pattern})", latex)
    written = "".join(
        piece if place % 2 else _NOT_ASCII.sub(lambda found: _BEFORE_UNICODE[found[0]], piece)
        for place, piece in enumerate(pieces)
    )
    return " ".join(written.split())


class Latex(Notation):
    """The looks of LaTeX."""

    suffix = ".tex"
    _wide, _lines = ROOM[False]

    def begin(self, sheet: Sheet) -> str:
        self._wide, self._lines = ROOM[sheet.large]
        words = sheet.words
        language = language_of(words.language)
        foot = escaped(words("paper:page", page="⟨page⟩", pages="⟨pages⟩"))
        foot = foot.replace("⟨page⟩", r"\thepage{}").replace("⟨pages⟩", r"\pageref{quizlast}")
        holes = {
            "@SIZES@": LARGE if sheet.large else "",
            "@LANGUAGE@": LANGUAGES.get(language, "english"),
            "@DIRECTION@": r"\AtBeginDocument{\pagedir TRT\bodydir TRT\pardir TRT\textdir TRT}"
            if language in RIGHT_TO_LEFT
            else "",
            "@TITLE@": escaped(sheet.title),
            "@HEAD@": sheet.head,
            "@FOOT@": foot,
        }
        return re.sub("@[A-Z]+@", lambda found: holes[found[0]], _preamble()) + "\n"

    def end(self) -> str:
        return "\\label{quizlast}\n\\end{document}\n"

    text = staticmethod(escaped)
    code = staticmethod(code)

    def call(self, name: str, *contents: str) -> str:
        return f"\\quiz{name}{{{'}{'.join(contents)}}}\n"

    def short(self, name: str, *contents: str) -> str:
        return f"\\quiz{name}{{{'}{'.join(contents)}}}"

    def space(self, lines: int) -> str:
        return f"\\quizspace{{{lines}}}\n"

    def formula(self, formula: Formula) -> str:
        written = latex_math(formula.latex)
        if written is None:
            return escaped(formula.unicode or formula.latex)
        return f"\\[{written}\\]" if formula.display else f"${written}$"

    def emphasis(self, content: str, strong: bool) -> str:
        return f"\\{'textbf' if strong else 'emph'}{{{content}}}"

    def line_break(self) -> str:
        return "\\newline{}"

    def paragraph(self, content: str) -> str:
        return f"{content}\\par\n"

    def code_block(self, text: str) -> str:
        lines = printable(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
        return "".join(f"\\quizcodeline{{{_code_line(line)}}}\n" for line in lines)

    def listing(self, entries: list[str], ordered: bool) -> str:
        name = "enumerate" if ordered else "itemize"
        inner = "".join(f"\\item{{}} {entry}\n" for entry in entries)
        return f"\\begin{{{name}}}\n{inner}\\end{{{name}}}\n"

    def table(self, header: list[str], rows: list[list[str]], caption: str, widths: list[int]) -> str:
        above = f"\\quizhead{{{caption}}}\n" if caption.strip() else ""
        columns, tall = _columns(widths, self._wide)
        if max(widths) > LONGEST_CELL or tall > self._lines:
            lines = ([r"\textbf{" + r"}\quad \textbf{".join(header) + "}"] if header else []) + [
                r"\quad ".join(row) for row in rows
            ]
            return above + "".join(f"{line}\\par\n" for line in lines)
        head = " & ".join(f"\\textbf{{{cell}}}" for cell in header)
        most = self._lines // tall
        return above + "".join(
            _tabular(columns, ([head] if header else []) + [" & ".join(row) for row in some])
            for some in ([rows[start : start + most] for start in range(0, len(rows), most)] or [[]])
        )


def _tabular(columns: str, rows: list[str]) -> str:
    lines = "".join([f"{row} \\\\ \\hline\n" for row in rows])
    return f"\\begin{{tabular}}{{{columns}}}\\hline\n{lines}\\end{{tabular}}\\par\n"


def _columns(widths: list[int], wide: int) -> tuple[str, int]:
    """Columns as wide as their text if all fit a line, else shares of the line; and about how many lines a row takes.

    A rule beside a column would be misplaced where a text runs from right to left. wide: characters that fit a line.
    """
    if sum(widths) + 3 * len(widths) <= wide:
        return "l" * len(widths), 1
    shares = [min(max(width, 6), 60) for width in widths]
    room = 0.98 - 0.03 * len(widths)
    parts = [max(0.02, room * share / sum(shares)) for share in shares]
    tall = max(-(-width // max(1, int(wide * part))) for width, part in zip(widths, parts, strict=True))
    return "".join(f"p{{{part:.3f}\\linewidth}}" for part in parts), max(1, tall)


def _code_line(line: str) -> str:
    """A line of code, its spaces kept."""
    line = line.expandtabs(4)
    start = len(line) - len(line.lstrip(" "))
    inner = escaped_code(line[start:])
    return "~" * start + inner


def escaped_code(text: str) -> str:
    """The same as `escaped` with every space kept."""
    return "~ ".join(escaped(piece) for piece in text.split("  ")) if "  " in text else escaped(text)


@lru_cache(maxsize=1)
def _preamble() -> str:
    return (Path(__file__).parent / "booklet.tex").read_text("utf-8")
