r"""The one place where anything becomes text of a cartridge: HTML with formulas as LaTeX, escaped once more as XML."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape

from quizgen.content import Formula, Inline, Tokens
from quizgen.exporters.rendering.html import Dialect, escaped, inline_html
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import printable, remembering_short
from quizgen.exporters.rendering.typesetting import drawn_apart


def _xml_text(text: str) -> str:
    """Text as character data of XML.

    >>> xml_text("a < b & c ]]>")
    'a &lt; b &amp; c ]]&gt;'
    """
    return escape(printable(text), quote=False)


xml_text = remembering_short(_xml_text)


def _xml_value(text: str) -> str:
    """Text as an attribute value in double quotes, on one line."""
    return f'"{escape(" ".join(printable(text).split()))}"'


xml_value = remembering_short(_xml_value)


def _html_text(text: str) -> str:
    r"""A drawn or written text as HTML, in which nothing is typeset as a formula.

    >>> html_text(r"a<b \(x\)")
    'a&lt;b \\<span></span>(x\\)'
    """
    return drawn_apart(escaped(text))


html_text = remembering_short(_html_text)


def _formula(formula: Formula) -> str:
    latex = escaped(formula.latex)
    return rf"\[{latex}\]" if formula.display else rf"\({latex}\)"


@lru_cache(maxsize=1024)
def _tokens(tokens: Tokens) -> str:
    shown = (
        html_text(token) + (f"<sub>{tokens.first + place}</sub>" if tokens.numbered else "")
        for place, token in enumerate(tokens.tokens)
    )
    return f"<code>{' '.join(shown)}</code>"


def dialect(gap: Callable[[str], str]) -> Dialect:
    """HTML of a cartridge. gap: what stands at the place of a part."""
    return Dialect(html_text, _formula, _tokens, gap, line_break="<br/>")


DIALECT = dialect(lambda part: "____")


def inline(content: tuple[Inline, ...]) -> str:
    """Inline content as HTML."""
    return inline_html(content, DIALECT)


@lru_cache(maxsize=4096)
def words_html(text: str, language: str) -> str:
    """The words of authors as HTML; "" stays ""."""
    return inline(phrase(text, language))


def material(html: str) -> str:
    """HTML as material of QTI."""
    return f'<material><mattext texttype="text/html">{xml_text(html)}</mattext></material>'


def metadata(fields: dict[str, str]) -> str:
    """Fields of metadata; those without an entry are left out."""
    lines = "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{xml_text(entry)}</fieldentry></qtimetadatafield>\n"
        for label, entry in fields.items()
        if entry
    )
    return f"<qtimetadata>\n{lines}</qtimetadata>\n"
