r"""What MathJax takes for a formula in a page, as it is set up by itself.

Besides ``\( … \)``, ``\[ … \]`` and ``$$ … $$`` these are ``\begin{…}``, ``\ref{…}`` and ``\eqref{…}`` anywhere in a
text; ``\\`` and ``\$`` lose their backslash. (MathJax, "TeX input processor options": processEnvironments, processRefs,
processEscapes.)
"""

from __future__ import annotations

import re

TYPESET = re.compile(r"\\(?=[(\[\\$]|(?:begin|ref|eqref)\s*\{)|\$(?=\$)")
"""The sign behind which a text is drawn apart, so that none of it is typeset."""

APART = "<span></span>"
"""What stands there in HTML: it shows nothing, and no formula goes over it."""


def drawn_apart(html: str) -> str:
    r"""Escaped text in which MathJax finds no formula.

    >>> print(drawn_apart(r"\(x\) costs $$6$$, \begin{cases}"))
    \<span></span>(x\) costs $<span></span>$6$<span></span>$, \<span></span>begin{cases}
    """
    if "\\" in html or "$$" in html:  # few texts do
        return TYPESET.sub(lambda found: found[0] + APART, html)
    return html


JOINER = "\u2060"
"""What stands there in plain text: a sign that is not seen."""


def joined_apart(text: str) -> str:
    r"""Plain text in which MathJax finds no formula, for formats that become HTML without holding any.

    >>> joined_apart(r"\(a\) or $x$") == "\\\u2060(a\\) or $x$"
    True
    """
    if "\\" in text or "$$" in text:
        return TYPESET.sub(lambda found: found[0] + JOINER, text)
    return text
