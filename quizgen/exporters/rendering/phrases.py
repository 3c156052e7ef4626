"""The words of misconceptions and hints: text with ``$mathematics$`` and ``*emphasis*`` as content."""

from __future__ import annotations

import re
from functools import lru_cache

from quizgen.content import Code, Emphasis, Formula, Inline, Strong, Text
from quizgen.markup.latex_text import spoken_of

_MARKUP = re.compile(
    r"(?<![\\$])\$(?=\S)(?P<math>(?:\\.|[^$\\\n])+?)(?<=\S)\$(?![\d$])"
    r"|(?<![\w*\\])\*\*(?P<strong>[^\s*](?:[^*\n]*[^\s*])?)\*\*(?![\w*])"
    r"|(?<![\w*\\])\*(?P<emphasis>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|`(?P<code>[^`\n]+)`"
)


@lru_cache(maxsize=4096)
def phrase(text: str, language: str = "en") -> tuple[Inline, ...]:
    r"""The content of a phrase; what is not closed stays as it is written, ``\$`` is a dollar sign.

    language: in which formulas are spoken.

    >>> [type(piece).__name__ for piece in phrase(r"it adds *log*-probabilities, $\log p$")]
    ['Text', 'Emphasis', 'Text', 'Formula']
    >>> phrase(r"$\frac{1}{2}$")[0].spoken
    '1 over 2'
    """
    pieces: list[Inline] = []
    end = 0
    for match in _MARKUP.finditer(text):
        pieces += _text(text[end : match.start()])
        end = match.end()
        if (latex := match["math"]) is not None:
            pieces.append(Formula(latex, "", latex, latex, spoken_of(latex, language)))
        elif (code := match["code"]) is not None:
            pieces.append(Code(code))
        elif (strong := match["strong"]) is not None:
            pieces.append(Strong((Text(strong),)))
        else:
            pieces.append(Emphasis((Text(match["emphasis"]),)))
    return tuple(pieces + _text(text[end:]))


def _text(text: str) -> list[Inline]:
    return [Text(text.replace("\\$", "$"))] if text else []
