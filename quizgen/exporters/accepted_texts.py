"""Which texts count as one answer: for formats that compare a text with one answer after the other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grading.expressions import CLS, MASK
from grading.keys import Rival, TextKey

MASKS = (MASK, "<mask>", "[M]")


def accepted_texts(key: TextKey) -> Iterator[tuple[str, Fraction, Rival | None]]:
    """(spelling, credit, known wrong answer), the right ones first; each spelling once.

    >>> [(text, str(credit)) for text, credit, _ in accepted_texts(TextKey(("Log", "log"), rivals=(Rival("ln"),)))]
    [('Log', '1'), ('ln', '0')]
    """
    seen: set[str] = set()
    answers = [(text, Fraction(1), None) for text in key.accepted]
    for text, credit, rival in (*answers, *((rival.value, rival.credit, rival) for rival in key.rivals)):
        for spelling in spellings(text, key):
            name = spelling if key.case_sensitive else spelling.casefold()
            if spelling and name not in seen:
                seen.add(name)
                yield spelling, credit, rival


def spellings(text: str, key: TextKey) -> tuple[str, ...]:
    """The ways to write an answer that count as one, its own first; several for token sequences.

    >>> spellings("[CLS] a [MASK]", TextKey((), "tokens"))[:4]
    ('[CLS] a [MASK]', '[CLS] a <mask>', '[CLS] a [M]', 'a [MASK]')
    """
    tokens = text.split()
    if key.comparison != "tokens":
        return (" ".join(tokens),)
    begun = tokens[:1] and tokens[0].upper() == CLS
    bare = tokens[1:] if begun else tokens
    lower = {mask.lower() for mask in MASKS}
    return tuple(
        dict.fromkeys(
            " ".join(mask if token.lower() in lower else token for token in start + bare)
            for start in (([CLS], []) if begun else ([], [CLS]))
            for mask in MASKS
        )
    )
