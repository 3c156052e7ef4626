"""The compiler: Markdown tokens to content, or to builders of content where there are holes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from quizgen.content import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Inline,
    LineBreak,
    ListBlock,
    Paragraph,
    Strong,
    Table,
    Text,
)
from quizgen.findings import Finding, Place, Severity
from quizgen.markup.builders import as_blocks, run, together, wrapped, wrapped_inline
from quizgen.markup.dollars import mend_dollars
from quizgen.markup.formula_shapes import FIRST_MARK, MARK, formula_shape, plain
from quizgen.markup.holes import Hole, find_holes
from quizgen.markup.mathml import LatexError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Node = TypeVar("Node")
HoleValue = str | Inline | Block | tuple[Inline, ...] | tuple[Block, ...]
Resolve = Callable[[Hole], HoleValue]


class MakeFinding(Protocol):
    """Makes a finding at an offset of the text that is compiled."""

    def __call__(
        self, code: str, message: str, remedy: str, offset: int, length: int, severity: Severity = Severity.ERROR
    ) -> Finding: ...


Names = Collection[str] | None
"""Known names; None: any name is accepted."""


class Compiled(Generic[Node]):
    """A text that is filled. holes: each once; findings: what is wrong with the text; content: or a builder of it."""

    def __init__(self, holes: tuple[Hole, ...], findings: tuple[Finding, ...], content: Any) -> None:
        self.holes = holes
        self.findings = findings
        self._content = content

    def fill(self, resolve: Resolve) -> tuple[Node, ...]:
        """The content with the holes filled, the same tuple each time if there are none.

        Raises MisplacedHole where a table or list stands inside a line.
        """
        if not callable(self._content):
            return self._content  # type: ignore[no-any-return]  # constant content is a tuple
        return self._content([resolve(hole) for hole in self.holes])  # type: ignore[no-any-return]  # a builder's result


class CompiledBlocks(Compiled[Block]):
    """A text of paragraphs, lists and tables."""


class CompiledInline(Compiled[Inline]):
    """A text of one line, such as an option."""


def compile_blocks(
    text: str, finding: MakeFinding | None = None, names: Names = None, filters: Names = None, language: str = "en"
) -> CompiledBlocks:
    """Compiles a stem, solution or prompt.

    finding: makes the findings (see `Template.finding`). names, filters: what a hole may use. language: in which
    formulas are spoken.

    >>> stem = compile_blocks("The word **{{ word }}** at $x_{{ k }}$.")
    >>> [str(hole) for hole in stem.holes]
    ['{{ word }}', '{{ k }}']
    >>> stem.fill(lambda hole: "**a** <b>")[0].content[1]
    Strong(content=(Text(text='**a** <b>'),))
    """
    compiler = _Compiler(text, finding or _plain_finding, names, filters, language=language)
    content = together(compiler.blocks(_markdown().parse(compiler.marked)))
    return CompiledBlocks(tuple(compiler.holes), compiler.all_findings(), content)


def compile_inline(
    text: str, finding: MakeFinding | None = None, names: Names = None, filters: Names = None, language: str = "en"
) -> CompiledInline:
    """Compiles an option, a title or another text of one line; parameters as in `compile_blocks`."""
    compiler = _Compiler(text.strip(), finding or _plain_finding, names, filters, language=language)
    content = compiler.inline(_markdown().parseInline(compiler.marked)[0].children or [])
    return CompiledInline(tuple(compiler.holes), compiler.all_findings(), content)


@lru_cache(maxsize=4096)
def inline_of(text: str) -> tuple[Inline, ...]:
    """The content of a feedback string: Markdown with ``$…$``, no holes.

    >>> inline_of("add *logs*, $p_1$")[1]
    Emphasis(content=(Text(text='logs'),))
    """
    compiler = _Compiler(text.strip(), _plain_finding, None, None, with_holes=False)
    return compiler.inline(_markdown().parseInline(compiler.marked)[0].children or [])  # type: ignore[no-any-return]  # no holes


def _plain_finding(
    code: str, message: str, remedy: str, offset: int, length: int, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(Place("<text>", 1, offset + 1, length), code, message, remedy, severity)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.disable(["html_block", "html_inline", "reference", "autolink", "code", "lheading", "text_join"])
    markdown.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
    )
    return mend_dollars(markdown)


_HTML = re.compile(
    r"</?(?:script|style|iframe|img|svg|a|b|i|u|em|strong|p|br|hr|div|span|sub|sup|ul|ol|li|table|tr|td|th|h[1-6]|input|"
    r"button|form|font|center|code|pre)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_UNSUPPORTED = {
    "heading_open": "headings",
    "blockquote_open": "quotations",
    "hr": "horizontal lines",
    "image": "images",
    "link_open": "links",
}


class _Compiler:
    """Compiles one text. Each hole is replaced by a private character, so that Markdown sees a letter."""

    def __init__(
        self,
        text: str,
        finding: MakeFinding,
        names: Names,
        filters: Names,
        with_holes: bool = True,
        language: str = "en",
    ) -> None:
        self.text = text
        self.language = language
        self.make = finding
        self.holes: list[Hole] = []
        self.of_mark: list[int] = []
        self.findings: list[tuple[int, Finding]] = []
        private = MARK.search(text)
        if private:
            self.report("Q005", "a private character stands in the text", "delete it", private.start(), 1)
            text = MARK.sub("\ufffd", text)
        self.marked = self._mark_holes(text, names, filters) if with_holes else text
        self._searched = 0

    def report(
        self, code: str, message: str, remedy: str, offset: int, length: int, severity: Severity = Severity.ERROR
    ) -> None:
        self.findings.append((offset, self.make(code, message, remedy, offset, max(1, length), severity)))

    def all_findings(self) -> tuple[Finding, ...]:
        return tuple(finding for _, finding in sorted(self.findings, key=lambda entry: entry[0]))

    def _mark_holes(self, text: str, names: Names, filters: Names) -> str:
        marked: list[str] = []
        done = 0
        for start, end, hole, problems in find_holes(text, names, filters):
            for problem in problems:
                self.report(*problem)
            if hole is None:
                continue
            marked += [text[done:start], chr(FIRST_MARK + len(self.of_mark))]
            done = end
            if hole not in self.holes:
                self.holes.append(hole)
            self.of_mark.append(self.holes.index(hole))
        return "".join([*marked, text[done:]])

    def _index(self, mark: str) -> int:
        """Which value fills the hole that this private character stands for."""
        return self.of_mark[ord(mark) - FIRST_MARK]

    def _offset_of(self, fragment: str) -> int:
        """Where a fragment of the marked text stands in the text; the search goes on where the last one was found."""
        clean = MARK.split(fragment)[0] or fragment
        found = self.text.find(clean, self._searched)
        if found < 0:
            found = max(0, self.text.find(clean))
        self._searched = found
        return found

    # ------------------------------------------------------------ blocks

    def blocks(self, tokens: list[Token]) -> list[Any]:
        """Blocks, and builders of blocks where there are holes."""
        out: list[Any] = []
        position = 0
        while position < len(tokens):
            token = tokens[position]
            end = _end_of(tokens, position)
            inner = tokens[position + 1 : end]
            if token.type in _UNSUPPORTED:
                line = self.text.splitlines(keepends=True)[: token.map[0] if token.map else 0]
                what = _UNSUPPORTED[token.type]
                self.report(
                    "Q206", f"{what} are not part of a question", "write plain paragraphs", len("".join(line)), 1
                )
                out += self.blocks(inner)
            elif token.type == "inline":
                out.append(self._paragraph(token.children or []))
            elif token.type == "paragraph_open":
                out.append(self._paragraph(inner[0].children or []))
            elif token.type in ("math_block", "math_block_eqno"):
                out.append(wrapped(Paragraph, run([self._formula(token.content.strip(), display=True)])))
            elif token.type == "fence":
                out.append(self._code_block(token.content.rstrip("\n"), token.info.strip()))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                out.append(self._list(inner, ordered=token.type == "ordered_list_open"))
            elif token.type == "table_open":
                out.append(self._table(inner))
            position = end + 1
        return out

    def _paragraph(self, children: list[Token]) -> Any:
        alone = [child for child in children if child.type != "text" or child.content]
        if len(alone) == 1 and alone[0].type == "text" and MARK.fullmatch(alone[0].content):
            index = self._index(alone[0].content)
            return lambda values: as_blocks(values[index])
        return wrapped(Paragraph, self.inline(children))

    def _code_block(self, content: str, language: str) -> Any:
        if not MARK.search(content):
            return CodeBlock(content, language)
        build = self._verbatim(content)
        return lambda values: (CodeBlock(build(values), language),)

    def _list(self, tokens: list[Token], ordered: bool) -> Any:
        entries: list[Any] = []
        position = 0
        while position < len(tokens):
            end = _end_of(tokens, position)
            entries.append(together(self.blocks(tokens[position + 1 : end])))
            position = end + 1
        if not any(map(callable, entries)):
            return ListBlock(tuple(entries), ordered)
        return lambda values: (
            ListBlock(tuple([entry(values) if callable(entry) else entry for entry in entries]), ordered),
        )

    def _table(self, tokens: list[Token]) -> Any:
        rows: list[list[Any]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self.inline(token.children or []))
        if not any(callable(cell) for row in rows for cell in row):
            return Table(tuple(rows[0]), tuple(map(tuple, rows[1:])))

        def build(values: Sequence[Any]) -> tuple[Block, ...]:
            filled = [tuple([cell(values) if callable(cell) else cell for cell in row]) for row in rows]
            return (Table(filled[0], tuple(filled[1:])),)

        return build

    # ------------------------------------------------------------ inlines

    def inline(self, children: list[Token]) -> Any:
        """A tuple of inlines, or a builder of one where there are holes."""
        parts: list[Any] = []
        position = 0
        while position < len(children):
            token = children[position]
            end = _end_of(children, position)
            match token.type:
                case "text":
                    self._check_text(token.content)
                    parts += self._text_parts(token.content)
                case "text_special":
                    parts.append(token.content)
                case "softbreak":
                    parts.append(" ")
                case "hardbreak":
                    parts.append(LineBreak())
                case "code_inline":
                    parts.append(self._code(token.content))
                case "strong_open" | "em_open":
                    kind = Strong if token.type == "strong_open" else Emphasis
                    parts.append(wrapped_inline(kind, self.inline(children[position + 1 : end])))
                case "math_inline" | "math_inline_double":
                    parts.append(self._formula(token.content.strip(), display=token.type != "math_inline"))
                case _:
                    what = _UNSUPPORTED.get(token.type, "these signs")
                    offset = self._offset_of("[" if token.type == "link_open" else "![")
                    self.report("Q206", f"{what} are not part of a question", r"write \[ for a bracket", offset, 1)
            position = end + 1
        return run(parts)

    def _text_parts(self, content: str) -> list[Any]:
        parts: list[Any] = []
        done = 0
        for mark in MARK.finditer(content):
            parts += [content[done : mark.start()], self._index(mark.group())]
            done = mark.end()
        return [part for part in (*parts, content[done:]) if part != ""]

    def _check_text(self, content: str) -> None:
        if "$" in content:
            offset = self._offset_of("$")
            remedy = r"close the formula, without a space inside the dollar signs; a dollar in prose is \$"
            self.report("Q203", "this dollar sign has no partner", remedy, offset, 1)
        for tag in _HTML.finditer(content):
            offset = self._offset_of(tag.group())
            message = f"{tag.group()[:40]} is shown as it is written"
            self.report("Q205", message, "use Markdown, or `code`", offset, len(tag.group()), Severity.WARNING)

    def _code(self, content: str) -> Any:
        if not MARK.search(content):
            return Code(content)
        build = self._verbatim(content)
        return lambda values: Code(build(values))

    def _verbatim(self, content: str) -> Callable[[Sequence[Any]], str]:
        parts = self._text_parts(content)
        return lambda values: "".join(part if type(part) is str else plain(values[part]) for part in parts)

    def _formula(self, latex: str, display: bool) -> Any:
        """A Formula, or a builder where there are holes in it."""
        try:
            return formula_shape(latex, display, self._index, self.language)
        except LatexError as problem:
            offset = self._offset_of(latex)
            self.report("Q204", f"this formula is not LaTeX: {problem}", "mend it", offset, len(latex))
            return Text(MARK.sub("…", f"${latex}$"))


def _end_of(tokens: list[Token], start: int) -> int:
    """The index of the token that closes the one at `start`."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1
