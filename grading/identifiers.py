"""Ids in formats that allow fewer signs in a name: exports write them so, and readers of responses know them again."""

from __future__ import annotations

import hashlib
import re

LONGEST = 120
"""Signs of an identifier; what is longer is cut and told apart by its digest."""

_NAME, _OTHERS = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]*"), re.compile(r"[^A-Za-z0-9_\-]")
_WITH_PERIODS, _OTHERS_BUT_PERIODS = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*"), re.compile(r"[^A-Za-z0-9_.\-]")


def identifier(text: str, periods: bool = False) -> str:
    """An id with a letter in front, and of letters, digits, ``-`` and ``_``; else with hyphens, and a digest behind.

    periods: as formats write ids that allow periods in them.

    >>> identifier("position-2"), identifier("nlp/loss 1"), identifier("nlp/loss 1", periods=True)
    ('position-2', 'nlp-loss-1-8b87ad12', 'nlp-loss-1.8b87ad12')
    """
    name, others, between = (_WITH_PERIODS, _OTHERS_BUT_PERIODS, ".") if periods else (_NAME, _OTHERS, "-")
    if name.fullmatch(text) and len(text) <= LONGEST:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    safe = others.sub("-", text)[: LONGEST - 10]
    return f"{safe if safe[:1].isalpha() else '_' + safe}{between}{digest}"
