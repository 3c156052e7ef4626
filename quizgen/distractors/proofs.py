"""Proofs that expressions differ, remembered by the pattern of their atoms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grading.expressions import Expression
from quizgen.objective.shapes import pattern

REMEMBERED_PROOFS = 100_000


class TooFewError(Exception):
    """Not enough wrong answers survive; `reasons` counts why."""

    def __init__(self, wanted: int, found: int, reasons: Mapping[str, int]) -> None:
        self.reasons = dict(reasons)
        blame = ", ".join(
            f"{count} × {reason}" for reason, count in sorted(reasons.items(), key=lambda kv: (-kv[1], kv[0]))
        )
        super().__init__(f"{found} of {wanted} wrong options survive the proof ({blame or 'there are no candidates'})")


class ProofBook:
    """Remembers for which patterns of trees a pair is proven different."""

    def __init__(self) -> None:
        self._different: dict[object, bool] = {}

    def all_different(self, trees: Sequence[Expression]) -> bool:
        """Whether every pair of the trees is proven Different; Equal and Unknown are both a no."""
        key = pattern(*trees)
        known = self._different.get(key)
        if known is None:
            pairs = ((one, other) for number, one in enumerate(trees) for other in trees[number + 1 :])
            known = self._remember(key, all(self._pair(one, other) for one, other in pairs))
        return known

    def _pair(self, one: Expression, other: Expression) -> bool:
        from grading.equivalence import Different, compare

        key = pattern(one, other)
        known = self._different.get(key)
        return self._remember(key, isinstance(compare(one, other), Different)) if known is None else known

    def _remember(self, key: object, different: bool) -> bool:
        if len(self._different) >= REMEMBERED_PROOFS:
            self._different.clear()
        self._different[key] = different
        return different


PROOFS = ProofBook()
