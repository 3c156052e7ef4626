"""Content as HTML for pages: MathML, token sequences whose masks stand out."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from grading.expressions import CLS, MASK
from quizgen.content import Tokens
from quizgen.exporters.rendering.html import Dialect, escaped, inline_html
from quizgen.exporters.rendering.mathml import formula_html
from quizgen.exporters.rendering.phrases import phrase


@lru_cache(maxsize=1024)
def tokens_html(tokens: Tokens) -> str:
    """Each token by itself, the masked ones marked, positions below if they are numbered."""
    shown = []
    for place, token in enumerate(tokens.tokens, tokens.first):
        style = {MASK: "token mask", CLS: "token special"}.get(token, "token")
        number = f"<sub>{place}</sub>" if tokens.numbered else ""
        shown.append(f'<span class="{style}">{escaped(token)}{number}</span>')
    return f'<span class="tokens">{" ".join(shown)}</span>'


def page_dialect(gap: Callable[[str], str]) -> Dialect:
    """HTML for pages. gap: the field at the place of a part."""
    return Dialect(text=escaped, formula=formula_html, tokens=tokens_html, gap=gap)


def _blank(part: str) -> str:
    return "____"


DIALECT = page_dialect(_blank)


@lru_cache(maxsize=4096)
def phrase_html(text: str, language: str) -> str:
    """The words of a hint or feedback as HTML."""
    return inline_html(phrase(text, language), DIALECT)
