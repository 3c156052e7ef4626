r"""The one place where anything becomes a field of Blackboard's upload file.

The file has a question a line and a tab between fields, so that no field may hold either. Texts are HTML, in which a
line break is ``<br>`` and a quotation mark an entity; answers that are compared as typed are plain text on one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from quizgen.content import Block, Formula, Inline, Tokens
from quizgen.exporters.rendering.html import Dialect, block_html, escaped, inline_html
from quizgen.exporters.rendering.text import inline_text, printable

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def text(plain: str) -> str:
    r"""Text as HTML without tabs and line breaks.

    >>> text('a <b>\n\t"c"')
    'a &lt;b&gt;<br>&#9;&quot;c&quot;'
    """
    return _BREAK.sub("<br>", escaped(plain)).replace("\t", "&#9;")


def typed(plain: str) -> str:
    r"""An answer that is compared as typed: plain, on one line.

    >>> typed(' a <b>\n\t"c"')
    'a <b> "c"'
    """
    return " ".join(printable(plain).split())


def row(fields: Sequence[str]) -> bytes:
    """The line of a question. Fields come from `text`, `blocks`, `inline` and `typed`."""
    return ("\t".join(fields) + "\n").encode()


def blocks(content: tuple[Block, ...], gap: Callable[[str], str] = lambda part: "____") -> str:
    """Blocks as HTML on one line. gap: what is written at the place of a part."""
    return block_html(content, _dialect(gap)).replace("\n", "")


def inline(content: tuple[Inline, ...]) -> str:
    """An option or an entry as HTML on one line."""
    return inline_html(content, _PLAIN).strip()


def _formula(piece: Formula) -> str:
    return text(piece.unicode)


def _tokens(piece: Tokens) -> str:
    return f"<code>{text(inline_text((piece,)))}</code>"


def _dialect(gap: Callable[[str], str]) -> Dialect:
    return Dialect(text, _formula, _tokens, gap)


_PLAIN = _dialect(lambda part: "____")
