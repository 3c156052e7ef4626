"""Names of items: an id that stays, a revision that follows the content, a code that fits on paper.

The id and the code are made from bank, template, variant and the source of the draws, never from the content and
never from the engine's version: mending a typo changes the revision and leaves the id. The revision is a hash of
what the learner sees and of the keys.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizgen.sampling.draws import Source

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs without 0/O and 1/I, which people mix up on paper."""

PAIRS = tuple(first + second for second in ALPHABET for first in ALPHABET)
"""Two signs at a time, the one that counts less in front."""

CODE_LENGTH = 5
TAG_LENGTH = 8
_TAG_BITS, _PAIR = range(0, 5 * TAG_LENGTH, 10), len(PAIRS) - 1
"""Where the bits of each two signs begin, as five bits are a sign; the bits of two."""


def item_names(source: Source, bank: str, template: str, variant: int | str) -> tuple[str, str]:
    """(id, code) of a variant, such as ``("area-v3-7k3f9xqa", "Q-7K3F9")``.

    variant: its number, or the name of a named draw.

    >>> from quizgen.sampling.draws import Source
    >>> item_names(Source(seed=1), "mlm", "area", 3) == item_names(Source(seed=1), "mlm", "area", 3)
    True
    """
    number = int.from_bytes(source.digest("item", bank, template, variant)[:8], "big")
    tag = "".join([PAIRS[number >> bits & _PAIR] for bits in _TAG_BITS])
    label = f"v{variant}" if isinstance(variant, int) else variant.lower()
    return f"{template}-{label}-{tag.lower()}", f"Q-{tag[:CODE_LENGTH]}"


def revision_of(*contents: bytes) -> str:
    """Twelve hexadecimal digits of a hash of the contents.

    >>> revision_of(b"stem", b"keys")
    '8b43171f5c82'
    """
    digest = hashlib.sha256()
    for content in contents:
        digest.update(b"%d " % len(content))
        digest.update(content)
    return digest.hexdigest()[:12]
