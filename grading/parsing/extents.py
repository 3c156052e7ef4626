r"""Where the formula stands in what was typed: without ``$…$``, an environment of LaTeX, or a label such as ``J =``."""

from __future__ import annotations

import re

_DELIMITERS = (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"))
_AROUND = ("$", "\\(", "\\[", "\\begin")
_BEGIN = re.compile(r"\\begin\s*\{(aligned|align\*?|equation\*?|gathered|gather\*?|split|math|displaymath)\}")
_BOLD = r"\\(?:mathbf|boldsymbol|bm)\s*"
_X = (
    rf"(?:x[\u0304\u0305]?|xbar|\\(?:bar|overline)\s*(?:x|\{{\s*x\s*\}}|\{{\s*{_BOLD}\{{?\s*x\s*\}}?\s*\}})"
    rf"|{_BOLD}(?:x|\{{\s*x\s*\}}))"
)
_OF = rf"(?:{_X}|\\theta|theta|θ|W|{_BOLD}\{{\s*(?:W|\\theta)\s*\}})"
_LABEL = re.compile(
    r"\s*(?P<name>\\?(?:J|L|H|[Ll]oss|math(?:cal|scr)\s*\{?\s*[JL]\s*\}?|ℓ|ell)|ℒ|PPL|PLL|NLL|CE|[Oo]bjective|[Pp]erplexity"
    r"|[Aa]nswer|[Rr]esult)(?:_\s*\{?[\w\\{}]*\}?)?\s*"
    rf"(?:\(\s*{_OF}(?:\s*[,;|]\s*{_OF})*\s*\)|\[\s*{_OF}\s*\])?\s*(?::?=(?!=)|≔|\\coloneqq(?![A-Za-z])|&\s*=(?!=))\s*"
)


def extent(text: str, declared: frozenset[str]) -> tuple[int, int]:
    r"""Where the formula begins and ends in a text.

    declared: names that are no label here.

    >>> extent("J(x) := log p_2", frozenset()), extent(r"$\log p_2$", frozenset())
    ((8, 15), (1, 9))
    >>> extent(r"J = $\log p_2$", frozenset())
    (5, 13)
    """
    end = len(text.rstrip())
    start, end = _inside(text, len(text) - len(text.lstrip()) if text[:1].isspace() else 0, end)
    if "=" in text or "\u2254" in text or "\\coloneqq" in text:
        label = _LABEL.match(text, start, end)
        if label is not None and label["name"] not in declared:
            start, end = _inside(text, label.end(), end)
    return start, end


def _inside(text: str, start: int, end: int) -> tuple[int, int]:
    """Without what LaTeX puts around a formula."""
    if "\\\\" in text:
        end = _without_line_end(text, end)
    if not text.startswith(_AROUND, start):
        return start, end
    for opening, closing in _DELIMITERS:
        wide = len(opening) + len(closing)
        if end - start > wide and text.startswith(opening, start) and text.endswith(closing, start, end):
            start, end = start + len(opening), len(text[: end - len(closing)].rstrip())
            break
    start += len(text[start:end]) - len(text[start:end].lstrip())
    if (begin := _BEGIN.match(text, start, end)) and text.endswith(f"\\end{{{begin[1]}}}", begin.end(), end):
        start, end = begin.end(), len(text[: end - len(begin[1]) - 6].rstrip())
        end = _without_line_end(text, end)
    return start, end


def _without_line_end(text: str, end: int) -> int:
    r"""The end without ``\\``."""
    while text.endswith("\\\\", 0, end):
        end = len(text[: end - 2].rstrip())
    return end
