"""Which texts count as one answer: for formats that compare a text with one answer after the other."""

from __future__ import annotations

from grading.expressions import CLS, MASK
from grading.keys import TextKey

MASKS = (MASK, "<mask>", "[M]")


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
