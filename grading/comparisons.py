"""What a comparison of two expressions finds: `Equal`, `Different` with a point, or `Unknown` with a reason."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from grading.points import Leaf
from grading.text import to_unicode
from grading.witness import round_half_away

_PLACES = (4, 8, 16, 32, 64, 128, 256, 512)


class Equal(msgspec.Struct, frozen=True):
    """proof: the common normal form, for people.

    note: "" or ``removable`` where one side has no value at some single points of the declared domain and the other has
    one. A probability may be 1 there: log(p)/log(p) is 1 with a gap at p = 1.
    """

    proof: str
    note: str = ""


class Witness(msgspec.Struct, frozen=True):
    """A point at which two expressions differ.

    values: (atom, rational value). left, right: bounds of the two values there, None where one is undefined.
    """

    values: tuple[tuple[Leaf, Fraction], ...]
    left: tuple[Fraction, Fraction] | None
    right: tuple[Fraction, Fraction] | None

    def __str__(self) -> str:
        return self.told_in("en")

    def told_in(self, language: str) -> str:
        """The point and the two values there, in words of a language."""
        from grading.wording import wording  # a verdict needs no words

        say = wording(language)
        where = ", ".join(f"{to_unicode(atom)} = {_plain(value)}" for atom, value in self.values)
        key, answer = (side or say("judged:undefined") for side in _shown(self.left, self.right))
        return say("judged:point" if where else "judged:values", where=where, key=key, answer=answer)


class Different(msgspec.Struct, frozen=True):
    """witness: the point. undefined_at: "" or which side has no value there, ``left`` or ``right``."""

    witness: Witness
    undefined_at: str = ""


class Unknown(msgspec.Struct, frozen=True):
    """reason: what stopped the decision; it goes to a person."""

    reason: str


Comparison = Equal | Different | Unknown


def _plain(value: Fraction) -> str:
    """A short decimal, or the fraction."""
    return f"{float(value):g}" if 1000 % value.denominator == 0 and abs(value) < 1000 else str(value)


def _shown(left: tuple[Fraction, Fraction] | None, right: tuple[Fraction, Fraction] | None) -> tuple[str, str]:
    """The two values with as many decimals as it takes to see them differ; "" for one that is undefined."""
    for places in _PLACES:
        rounded = [
            None if side is None else [round_half_away(bound, places) for bound in side] for side in (left, right)
        ]
        if rounded[0] != rounded[1]:
            break
    return _with_dots(left, places), _with_dots(right, places)


def _with_dots(side: tuple[Fraction, Fraction] | None, places: int) -> str:
    if side is None:
        return ""
    low, high = (round_half_away(bound, places) for bound in side)
    if side[0] == side[1] == Fraction(low):
        return low.rstrip("0").rstrip(".")
    return f"{low}…" if low == high else f"{low} to {high}"
