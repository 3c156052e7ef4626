"""Drawing under constraints: what may come out is counted, not hoped for.

A small space is enumerated, so every admissible outcome keeps its own probability and an impossible demand is known
at once, together with the constraint that is to blame. A large one is tried a bounded number of times.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from typing import Generic, TypeVar

from quizgen.sampling.draws import Stream

T = TypeVar("T")

ATTEMPTS = 1000
"""How often a space too large to enumerate is tried before a draw is given up."""


@dataclass(frozen=True)
class Constraint(Generic[T]):
    """A named condition on what is drawn; the name is what an author reads when nothing is left."""

    name: str
    holds: Callable[[T], bool]


class CannotDraw(Exception):
    """Nothing can be drawn.

    reason: one sentence for the author. counts: {constraint: how many outcomes it excludes, whatever the others do}.

    >>> print(CannotDraw("no pair of masks", 6, {"not-adjacent": 4, "different-words": 2}))
    no pair of masks: of 6 considered, not-adjacent excludes 4, different-words excludes 2
    """

    def __init__(self, what: str, considered: int, counts: Mapping[str, int]) -> None:
        blame = ", ".join(f"{name} excludes {count}" for name, count in counts.items() if count)
        if not considered:
            blame = "there is nothing to choose from"
        self.reason = f"{what}: of {considered} considered, {blame}" if considered else f"{what}: {blame}"
        self.considered = considered
        self.counts = dict(counts)
        super().__init__(self.reason)


class Space(Generic[T]):
    """All admissible outcomes of a draw, each with its weight.

    what: the beginning of the sentence that says that nothing is left, such as "no two masks in 'cat-mat'".
    candidates: outcomes with weights (whole numbers; outcomes of weight 0 do not count).

    >>> from quizgen.sampling.draws import Source
    >>> odd = Constraint("odd", lambda value: value % 2 == 1)
    >>> space = Space("no number", ((value, 1) for value in range(10)), [odd])
    >>> len(space), space.excluded, space.draw(Source(1).stream("t", 0, 0, "p"))
    (5, {'odd': 5}, 1)
    """

    __slots__ = ("_weight_up_to", "_what", "considered", "excluded", "outcomes")

    def __init__(
        self, what: str, candidates: Iterable[tuple[T, int]], constraints: Iterable[Constraint[T]] = ()
    ) -> None:
        constraints = tuple(constraints)
        self._what = what
        self.considered = 0
        self.excluded = {constraint.name: 0 for constraint in constraints}
        outcomes: list[T] = []
        weights: list[int] = []
        for outcome, weight in candidates:
            if not weight:
                continue
            self.considered += 1
            violated = [constraint.name for constraint in constraints if not constraint.holds(outcome)]
            for name in violated:
                self.excluded[name] += 1
            if not violated:
                outcomes.append(outcome)
                weights.append(weight)
        self.outcomes = tuple(outcomes)
        self._weight_up_to = list(accumulate(weights))

    def __len__(self) -> int:
        return len(self.outcomes)

    def draw(self, stream: Stream) -> T:
        """One outcome with probability proportional to its weight; `CannotDraw` if there is none."""
        if not self.outcomes:
            raise CannotDraw(self._what, self.considered, self.excluded)
        return self.outcomes[bisect_right(self._weight_up_to, stream.below(self._weight_up_to[-1]))]


def try_to_draw(
    what: str, propose: Callable[[], T], constraints: Iterable[Constraint[T]], attempts: int = ATTEMPTS
) -> T:
    """The first proposal that meets every constraint; `CannotDraw` with counts after so many attempts.

    The result has the distribution of the proposals, given the constraints. For spaces too large to enumerate.
    """
    constraints = tuple(constraints)
    excluded = {constraint.name: 0 for constraint in constraints}
    for _ in range(attempts):
        outcome = propose()
        fits = True
        for constraint in constraints:
            if not constraint.holds(outcome):
                excluded[constraint.name] += 1
                fits = False
        if fits:
            return outcome
    raise CannotDraw(what, attempts, excluded)


def count_outcomes(*choices: int | Sized) -> int:
    """How many different results independent choices have at most: the product of their sizes.

    >>> count_outcomes(88, Space("none", [("a", 1), ("b", 1)]), "xyz")
    528
    """
    return prod(choice if isinstance(choice, int) else len(choice) for choice in choices)
