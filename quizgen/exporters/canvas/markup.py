r"""The one place where anything becomes text of a Canvas package: HTML, escaped once more as XML.

Formulas are equation images, which Canvas draws itself from their LaTeX wherever its content is shown; ``\( … \)`` is
typeset only where a school has switched that on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from urllib.parse import quote

import msgspec

from quizgen.content import Formula, Inline, Tokens
from quizgen.exporters.rendering.html import Dialect, escaped, inline_html
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import inline_text, printable, remembering_short
from quizgen.exporters.rendering.typesetting import drawn_apart

_BRACKETS = str.maketrans({"[": "&#91;", "]": "&#93;"})
_DROPPED = re.compile('[<>&"]')
_ALIKE = str.maketrans('<>&"', "＜＞＆＂")
"""What is written as an entity with a name, and what looks like it and is not."""


def xml_text(text: str) -> str:
    """Text as character data of XML.

    >>> xml_text("a < b & c ]]>")
    'a &lt; b &amp; c ]]&gt;'
    """
    return escape(printable(text), quote=False)


def _xml_attribute(text: str) -> str:
    """Text as an attribute value in double quotes, on one line."""
    return f'"{escape(" ".join(printable(text).split()))}"'


xml_attribute = remembering_short(_xml_attribute)


def _canvas_text(text: str) -> str:
    r"""A drawn or written text as HTML: brackets are no blanks, and nothing in it is typeset as a formula.

    >>> canvas_text(r"[MASK] \(x\)")
    '&#91;MASK&#93; \\<span></span>(x\\)'
    """
    return drawn_apart(escaped(text)).translate(_BRACKETS)


canvas_text = remembering_short(_canvas_text)


@lru_cache(maxsize=4096)
def canvas_formula(formula: Formula) -> str:
    """An equation image; its text for screen readers is what is spoken."""
    latex = formula.latex if not formula.display else rf"\displaystyle {formula.latex}"
    source = quote(quote(latex, safe=""), safe="")
    image = (
        f'<img class="equation_image" title="{_value(latex)}" src="/equation_images/{source}" '
        f'alt="{_value(formula.spoken)}" data-equation-content="{_value(latex)}">'
    )
    return f"<br>{image}<br>" if formula.display else image


def _value(text: str) -> str:
    return escaped(text).translate(_BRACKETS)


@lru_cache(maxsize=1024)
def canvas_tokens(tokens: Tokens) -> str:
    """A token sequence as code, positions as subscripts."""
    shown = (
        canvas_text(token) + (f"<sub>{tokens.first + place}</sub>" if tokens.numbered else "")
        for place, token in enumerate(tokens.tokens)
    )
    return f"<code>{' '.join(shown)}</code>"


def canvas_dialect(gap: Callable[[str], str]) -> Dialect:
    """HTML for Canvas. gap: what stands at the place of a part."""
    return Dialect(canvas_text, canvas_formula, canvas_tokens, gap)


DIALECT = canvas_dialect(lambda part: "____")


@lru_cache(maxsize=4)
def _option_dialect(named: bool, apart: bool) -> Dialect:
    """HTML for options. named: every formula has its text. apart: signs that Canvas's reports drop are others."""

    def text(plain: str) -> str:
        return canvas_text(plain.translate(_ALIKE) if apart else plain)

    def formula(piece: Formula) -> str:
        name = f'<span class="screenreader-only">{text(piece.unicode)}</span>' if named else ""
        return canvas_formula(piece) + name

    return msgspec.structs.replace(DIALECT, text=text, formula=formula)


def text_without_formulas(content: tuple[Inline, ...]) -> str:
    """What Canvas's reports keep of an option."""
    return " ".join(inline_text(tuple(piece for piece in content if not isinstance(piece, Formula))).split())


def listed_text(content: tuple[Inline, ...]) -> str:
    """An entry of a pair or of a drop-down, which is plain text.

    Canvas's reports drop what looks like a tag, and with ``<s>`` the whole answer: one that looks alike is written.

    >>> from quizgen.content import Text
    >>> listed_text((Text("<s> & co"),))
    '＜s> & co'
    """
    return inline_text(content).replace("<", "＜")


def text_in_reports(content: tuple[Inline, ...]) -> str:
    """The text of an option without the signs that Canvas's reports drop."""
    return " ".join(_DROPPED.sub("", inline_text(content)).split())


def option_html(content: tuple[Inline, ...], named: bool = False, apart: bool = False) -> str:
    """An option; one that is nothing but formulas has a text of its own, which Canvas's reports name it by.

    named: give every formula its text. apart: signs that the reports drop tell it from another option.
    """
    if named or apart:
        return inline_html(content, _option_dialect(named, apart))
    html = inline_html(content, DIALECT)
    if all(isinstance(piece, Formula) for piece in content):
        return f'{html}<span class="screenreader-only">{canvas_text(inline_text(content))}</span>'
    return html


@lru_cache(maxsize=4096)
def phrase_html(text: str) -> str:
    """The words of feedback as HTML; "" stays ""."""
    return inline_html(phrase(text), DIALECT)
