"""HTML of a stem, an option or a feedback as our Markdown.

Kept: paragraphs, bold, emphasis, code, lists, tables, line breaks, formulas (``\\(…\\)``, ``\\[…\\]``, ``$$…$$`` and
simple MathML). What we have no writing for keeps its words, and a note says what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from quizgen.importing.markdown import Note, clean, code, code_block, escaped_line, escaped_text, formula, joined
from quizgen.importing.mathml_latex import latex_of
from quizgen.markup.latex_text import SUBSCRIPTS

_MATH = re.compile(r"\\\((?P<inline>.+?)\\\)|\\\[(?P<display>.+?)\\\]|\$\$(?P<dollars>.+?)\$\$", re.DOTALL)
_PARAGRAPHS = frozenset(
    (
        "p", "div", "section", "article", "center", "address", "header", "footer", "main", "figure", "figcaption",
        "dd", "dt", "caption",
    )
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CONTAINERS = frozenset(("blockquote", "dl", "body", "html", "form", "fieldset", "details"))
_BLOCKS = _PARAGRAPHS | _HEADINGS | _CONTAINERS | {"ul", "ol", "pre", "table", "hr", "li"}
_DROPPED = frozenset(("script", "style", "head", "template", "noscript"))
_MEDIA = frozenset(("img", "audio", "video", "object", "embed", "iframe", "svg", "canvas", "picture", "source"))
_STRONG, _EMPHASIS = frozenset(("b", "strong")), frozenset(("i", "em", "cite", "dfn"))
_CODE = frozenset(("code", "tt", "kbd", "samp", "var"))
_SUPERSCRIPTS = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
DEEPEST = 60


def markdown_of(html: str, note: Note) -> str:
    r"""The text of a stem, several paragraphs if need be.

    >>> print(markdown_of("<p>Is <b>2*3</b> \\(x_1\\)?</p><ul><li>a</li><li>b</li></ul>", print))
    Is **2\*3** $x_1$?
    <BLANKLINE>
    - a
    - b
    """
    root = _parsed(html)
    return "" if root is None else "\n\n".join(_blocks(root, note, 0))


def line_of_html(html: str, note: Note) -> str:
    r"""The text of an option, a feedback or a hint, on one line.

    >>> line_of_html("<p>a<br>b</p><p>c</p>", print)
    'a b c'
    """
    root = _parsed(html)
    return "" if root is None else line(_inline(root, note, 0, flat=True))


def element_markdown(element: Any, note: Note) -> str:
    """The content of an element of a parsed tree (XHTML inside another XML file) as `markdown_of`."""
    return "\n\n".join(_blocks(element, note, 0))


def element_line(element: Any, note: Note) -> str:
    """The same on one line."""
    return line(_inline(element, note, 0, flat=True))


def plain_markdown(text: str) -> str:
    """Text without markup as paragraphs; formulas in it count."""
    paragraphs = re.split(r"\n\s*\n", clean(text).replace("\r\n", "\n"))
    return "\n\n".join(filter(None, (line(_words(paragraph, _silent)) for paragraph in paragraphs)))


def _silent(reason: str) -> None:
    pass


def _parsed(html: str) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    html = clean(html)
    if not html.strip():
        return None
    try:
        parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        return lxml_html.fragment_fromstring(html, create_parent="div", parser=parser)
    except (etree.LxmlError, ValueError, AssertionError, RecursionError):
        return None


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def line(pieces: list[str]) -> str:
    """Pieces as one line, white space folded, its beginning escaped."""
    text = re.sub(r"[ \t\r\n\f\u00a0]+", " ", joined(pieces))
    lines = [escaped_line(piece.strip()) for piece in text.split("\\\x00")]
    return "\\\n".join(piece for piece in lines if piece)


# ---------------------------------------------------------------- blocks


def _blocks(element: Any, note: Note, depth: int) -> list[str]:
    """The blocks of an element's content."""
    found: list[str] = []
    run: list[str] = []
    if depth > DEEPEST:
        note("what is nested too deeply is left out")
        return found

    def flush() -> None:
        text = line(run)
        run.clear()
        if text:
            found.append(text)

    run += _words(element.text, note)
    for child in element:
        name = _name(child)
        if name in _BLOCKS or (name not in _DROPPED and _holds_blocks(child)):
            flush()
            found += _block(child, name, note, depth + 1)
        else:
            run += _inline_child(child, name, note, depth + 1, flat=False)
        run += _words(child.tail, note)
    flush()
    return found


def _holds_blocks(element: Any) -> bool:
    return any(_name(inner) in _BLOCKS for inner in element.iterdescendants())


def _block(element: Any, name: str, note: Note, depth: int) -> list[str]:
    if name in ("ul", "ol"):
        return _list(element, name == "ol", note, depth)
    if name == "pre":
        return [text] if (text := code_block("".join(element.itertext()), note)) else []
    if name == "table":
        return _table(element, note, depth)
    if name == "hr":
        return []
    if name in _HEADINGS:
        text = line(_inline(element, note, depth, flat=True))
        return [text if text.startswith("**") else f"**{text}**"] if text else []
    return _blocks(element, note, depth)


def _list(element: Any, ordered: bool, note: Note, depth: int) -> list[str]:
    entries: list[str] = []
    for child in element:
        blocks = (
            _blocks(child, note, depth + 1) if _name(child) == "li" else _block(child, _name(child), note, depth + 1)
        )
        if not blocks:
            continue
        mark = f"{len(entries) + 1}. " if ordered else "- "
        loose = any("\n" not in block and not re.match(r"(?:- |\d+\. )", block) for block in blocks[1:])
        text = ("\n\n" if loose else "\n").join(blocks)
        entries.append(mark + text.replace("\n", "\n" + " " * len(mark)))
    if not entries:
        return []
    return ["\n".join(re.sub(r"(?m)^\s+$", "", entry) for entry in entries)]


def _table(element: Any, note: Note, depth: int) -> list[str]:
    found = [row for row in element.iter() if _name(row) == "tr"]
    caption = next((inner for inner in element.iter() if _name(inner) == "caption"), None)
    rows = [[_cell(cell, note, depth) for cell in row if _name(cell) in ("td", "th")] for row in found]
    widest = max(map(len, rows), default=0)
    before = [text] if caption is not None and (text := line(_inline(caption, note, depth, flat=True))) else []
    if not widest:
        return before
    if any(cell.get("colspan", "1") != "1" or cell.get("rowspan", "1") != "1" for row in found for cell in row):
        note("cells of a table that span several are written as one")
    filled = [row + [""] * (widest - len(row)) for row in rows if row]
    header = filled[0] if any(_name(cell) == "th" for cell in found[0]) or len(filled) == 1 else [""] * widest
    body = filled[1:] if header is filled[0] else filled
    lines = [header, ["---"] * widest, *body]
    return [*before, "\n".join("| " + " | ".join(row) + " |" for row in lines)]


def _cell(element: Any, note: Note, depth: int) -> str:
    return line(_inline(element, note, depth, flat=True)).replace("|", "\\|")


# ---------------------------------------------------------------- lines


def _inline(element: Any, note: Note, depth: int, flat: bool) -> list[str]:
    """The content of an element as pieces of one line. flat: blocks and line breaks in it become spaces."""
    if depth > DEEPEST:
        note("what is nested too deeply is left out")
        return []
    pieces = _words(element.text, note)
    for child in element:
        name = _name(child)
        pieces += _inline_child(child, name, note, depth + 1, flat)
        if name in _BLOCKS:
            pieces.append(" ")
        pieces += _words(child.tail, note)
    return pieces


def _inline_child(element: Any, name: str, note: Note, depth: int, flat: bool) -> list[str]:
    if not name or name in _DROPPED:
        if name in ("script", "style"):
            note(f"<{name}> is left out")
        return []
    if name == "br":
        return [" " if flat else "\\\x00"]
    if name == "math":
        latex = latex_of(element)
        if latex is None:
            note("a formula in MathML is too intricate for us and is written as text")
            return [escaped_text(" ".join("".join(element.itertext()).split()))]
        return [formula(latex, element.get("display") == "block", note)]
    if name in _MEDIA:
        return _media(element, name, note)
    if name in _CODE or name == "pre":
        return [code(_code_text(element), note)]
    if name in ("sub", "sup"):
        return [_raised(element, name, note)]
    if name == "input":
        note("an entry field inside the text is left out")
        return ["____"]
    if name == "span" and (latex := element.get("data-latex")):
        return [formula(latex, next(element.iter("{*}math"), element).get("display") == "block", note)]
    inner = _inline(element, note, depth, flat)
    if name in _STRONG or name in _EMPHASIS:
        return _marked(inner, "**" if name in _STRONG else "*")
    if name == "a" and element.get("href"):
        note(f"a link keeps its words only ({element.get('href')[:60]})")
    return [" ", *inner] if name in _BLOCKS else inner


def _media(element: Any, name: str, note: Note) -> list[str]:
    words = element.get("alt") or element.get("title") or ""
    kind = "picture" if name in ("img", "svg", "picture", "canvas") else "medium"
    note(f"a {kind} cannot be carried" + (f"; its description stands in its place: {words[:60]}" if words else ""))
    if kind == "picture" and words and element.get("class", "").startswith("texrender"):
        return [formula(words, False, note)]
    return [escaped_text(f"[{words}]")] if words else []


def _code_text(element: Any) -> str:
    pieces = [element.text or ""]
    for child in element:
        inner = _code_text(child)
        pieces.append(_shifted(inner, SUBSCRIPTS) if _name(child) == "sub" else inner)
        pieces.append(child.tail or "")
    return "".join(pieces)


def _shifted(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)


def _raised(element: Any, name: str, note: Note) -> str:
    text = "".join(element.itertext()).strip()
    table = SUBSCRIPTS if name == "sub" else _SUPERSCRIPTS
    if all(character in table for character in text):
        return _shifted(text, table)
    note(f"“{text[:30]}” was written {'below' if name == 'sub' else 'above'} the line")
    return escaped_text(("_" if name == "sub" else "^") + text)


def _marked(inner: list[str], mark: str) -> list[str]:
    """Emphasis around pieces; its signs stand at a word, white space outside them."""
    text = joined(inner)
    core = text.strip().strip("\x00")
    if not core or core.startswith("*") or core.endswith("*") or "\x00" in core:
        return inner
    before, after = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() else "")
    return [before, f"{mark}{core}{mark}", after]


def _words(text: str | None, note: Note) -> list[str]:
    """A text node: words, and the formulas that Moodle would typeset in it."""
    return list(_pieces(clean(text), note)) if text else []


def _pieces(text: str, note: Note) -> Iterator[str]:
    done = 0
    for found in _MATH.finditer(text):
        yield escaped_text(text[done : found.start()])
        yield formula(found["inline"] or found["display"] or found["dollars"], found["inline"] is None, note)
        done = found.end()
    yield escaped_text(text[done:])
