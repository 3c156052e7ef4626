r"""The one place where anything becomes OLX: escaping, names, content.

Open edX typesets what MathJax finds by itself, ``[mathjaxinline]`` and ``[mathjax]``, puts the seed and other values of
its own in the place of ``$seed`` and the like, and reads ``startouttext/`` as a tag: in text all are drawn apart.
"""

from __future__ import annotations

import re
from functools import lru_cache

from quizgen.content import Formula, Tokens
from quizgen.exporters.qti.names import identifier
from quizgen.exporters.rendering.html import Dialect, escaped, inline_html
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import printable, remembering_short
from quizgen.exporters.rendering.typesetting import APART, TYPESET

REPLACED = re.compile(r"\$(?=seed|anonymous_student_id|script_code|python_path|extra_files)")
"""What Open edX replaces by a value, wherever it stands."""

_READ = re.compile(rf"{TYPESET.pattern}|\[(?=/?mathjax)|{REPLACED.pattern}|(?:start|end)(?=outtext)")
_MAY_BE_READ = re.compile(r"[\\\[$]|outtext")


def _olx_text(text: str) -> str:
    r"""A drawn or written text as HTML in which nothing is taken for a formula, a value or a tag.

    >>> olx_text(r"\(x\) of $seed & co")
    '\\<span></span>(x\\) of $<span></span>seed &amp; co'
    """
    html = escaped(text)
    if text.isalnum():
        return html
    return _READ.sub(lambda match: match[0] + APART, html) if _MAY_BE_READ.search(html) else html


olx_text = remembering_short(_olx_text)


def olx_formula(formula: Formula) -> str:
    """A formula between the signs that MathJax looks for."""
    opening, closing = (r"\[", r"\]") if formula.display else (r"\(", r"\)")
    return f"{opening} {escaped(formula.latex)} {closing}"


@lru_cache(maxsize=1024)
def olx_tokens(tokens: Tokens) -> str:
    """A token sequence as code, positions as subscripts."""
    shown = (
        olx_text(token) + (f"<sub>{tokens.first + place}</sub>" if tokens.numbered else "")
        for place, token in enumerate(tokens.tokens)
    )
    return f"<code>{' '.join(shown)}</code>"


def olx_dialect(numbers: dict[str, int] | None = None) -> Dialect:
    """HTML for Open edX. numbers: of the gaps, which are filled in below the text."""
    named = numbers or {}
    return Dialect(
        olx_text,
        olx_formula,
        olx_tokens,
        lambda part: f"<strong>[{named[part]}] ____</strong>" if part in named else "____",
        line_break="<br/>",
    )


DIALECT = olx_dialect()


@lru_cache(maxsize=4096)
def phrase_html(text: str, language: str) -> str:
    """The words of a hint or feedback as HTML; "" stays ""."""
    return inline_html(phrase(text, language), DIALECT)


def line(text: str) -> str:
    """A text for an attribute: one line, no control characters."""
    return " ".join(printable(text).split())


def element(tag: str, content: str, **attributes: object) -> str:
    """An element on a line of its own. content: XML. An underscore at the end of a name is dropped; None
    is left out.

    >>> element("choice", "a", correct=True, name=None).strip()
    '<choice correct="true">a</choice>'
    """
    opened = _opened(tag, tuple(attributes.items())) if attributes else f"<{tag}"
    return f"{opened}>{content}</{tag}>\n" if content else f"{opened}/>\n"


def read_twice(html: str) -> str:
    """HTML for labels, descriptions and choices: what stands there before the first tag is read once more.

    >>> read_twice("a &lt; b <b>&amp;</b>")
    'a &amp;lt; b <b>&amp;</b>'
    """
    beginning, tag, rest = html.partition("<")
    return beginning.replace("&", "&amp;") + tag + rest


def answer_element(tag: str, answer: str, content: str = "") -> str:
    """An element with an answer as its one attribute, of which a question has dozens. answer: one line."""
    opened = f'<{tag} answer="{escaped(answer)}"'
    return f"{opened}>{content}</{tag}>\n" if content else f"{opened}/>\n"


@lru_cache(maxsize=8192)
def _opened(tag: str, attributes: tuple[tuple[str, object], ...]) -> str:
    """The first tag of an element without its end."""
    written = f"<{tag}"
    for name, value in attributes:
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else escaped(line(str(value)))
            written += f' {name.rstrip("_")}="{text}"'
    return written


def url_name(text: str, before: str = "") -> str:
    """An id as the name of a block, which is the name of its file; ids that have to be changed stay different.

    >>> url_name("total-loss-0001"), url_name("nlp/loss 1")
    ('total-loss-0001', 'nlp-loss-1.8b87ad12')
    """
    return identifier(text, before, periods=True)
