"""What a difference is: a stable word for the kind, the places it is about, and the details that its words need."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal[
    # how the whole is put together
    "multiplied-instead-of-added",
    "added-instead-of-multiplied",
    "log-of-sum",
    "log-of-mean",
    "missing-log",
    "extra-log",
    "probability-instead-of-log",
    "weighted-by-probability",
    # what stands in front of it
    "flipped-sign",
    "missing-factor",
    "extra-factor",
    "wrong-factor",
    "other-base",
    "inverted",
    "wrong-power",
    # which terms there are
    "missing-term",
    "unmasked-position",
    "special-token",
    "word-not-in-sentence",
    "extra-term",
    "repeated-term",
    "shifted-positions",
    # what a term is about
    "swapped-targets",
    "wrong-target-word",
    "wrong-position",
    "reversed",
    "unconditional",
    "conditioned-on-original",
    "conditioned-on-corrupted",
    "conditioned-on-left-context",
    "conditioned-on-left-original",
    "conditioned-on-single-mask",
    "conditioned-on-true-words",
    "conditioned-on-own-predictions",
    "conditioned-otherwise",
    "wrong-sign-of-term",
    "wrong-coefficient",
    # what stands beside the terms
    "missing-constant",
    "extra-constant",
    "wrong-constant",
]

KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
"""Every kind, in the order in which differences are reported."""

Place = int | str
"""A position of the sentence, or the name of a symbol that stands for none, or a word without a position."""


class Difference(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, cache_hash=True):
    """One way in which an answer differs from the key; it speaks of what the answer says, not of what the key says.

    kind: a stable word of `KINDS`.
    places: the positions (or names) that it is about, ascending; none where it is about the whole formula.
    word: the word that the answer has at these places.
    value: an exact number as text, such as ``1/2`` or ``ln 2``; a base is ``2``, ``10`` or ``e``; a shift ``+1``.
    given: how the answer writes what it conditions on, one of the spellings of a `Context`.
    alone: nothing else differs, so that all terms are right but for this.
    of_factors: the places stand in a product, such as a likelihood or a perplexity.
    remark: a detail that decides between two sentences of one kind: ``selected`` (not every selected position shows
        a mask, so that "masked" would be the wrong word), ``occurrence`` (the word stands at that place too).
    """

    kind: Kind
    places: tuple[Place, ...] = ()
    word: str = ""
    value: str = ""
    given: str = ""
    alone: bool = False
    of_factors: bool = False
    remark: Literal["", "selected", "occurrence"] = ""

    @property
    def position(self) -> int | None:
        """The one position that it is about, if it is about one.

        >>> Difference("missing-term", (6,)).position, Difference("flipped-sign").position
        (6, None)
        """
        return self.places[0] if len(self.places) == 1 and isinstance(self.places[0], int) else None
