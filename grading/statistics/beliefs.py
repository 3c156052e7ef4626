"""Who holds which misconception: the answers that show it, weighed against slips.

A wrong answer that follows from a misconception may be a slip all the same: where three wrong options stand beside
the key, whoever guesses wrong takes one of them. So for each learner and misconception two stories are compared by
how well they explain the answers to questions that can show it:

* the learner *holds* it: it decides an answer with a strength s that is unknown, between 1/4 and 1, in all attempts,
  or in those up to one of them, or from one of them on;
* the learner makes *slips* only: an answer is wrong as often as the learner's other answers that no misconception
  explains, and then shows this misconception as often as a wrong answer of that kind of question that nothing directs
  (`chance`).

The ratio of the two likelihoods, averaged over s, over the attempts and over how often the learner slips, times the
odds before any answer, gives the odds of holding it. The odds before are estimated from the class, and so is how
strongly misconceptions are held in it (empirical Bayes: Efron, B. & Tibshirani, R. (2002), Genet. Epidemiol. 23,
70-86). As many pairs of a learner and a misconception are named, the surest first, as are expected to hold no more
than `WRONG` wrong ones (Newton, M. A. et al. (2004), Biostatistics 5, 155-176), and none below `LIKELY`. Answers that
show another misconception, alone or together with this one, say nothing of this one and are left out, as are those
that are blank, cannot be read or wait for a person.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from grading.answersheet import ItemKey, PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericTupleKey,
    OrderingKey,
    SymbolicKey,
)
from grading.statistics.answers import Answers, by_number, item_of_grades
from grading.statistics.posterior import Telling, posteriors
from grading.verdicts import Diagnosis, Grade, Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WRONG = 0.01
"""Of all that are named so many may be expected to be wrong."""
LIKELY, UNLIKELY = 0.9, 0.05
"""Nobody is named whose probability is below the first; below the second it is not said to be open."""
ATTEMPTS = 6
"""Later attempts are taken together with the last of these."""
TYPED = 1 / 100
"""How often a typed wrong answer that no belief directs is a known wrong one by accident."""
_READ = (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)


class Held(msgspec.Struct, frozen=True):
    """One misconception in a class.

    slots: numbers of those that can show it. asked: learners who answered one of these. shown: answers that show it,
    among `answers` that could. learners: the numbers of those who are said to hold it, with `probability`; doubt:
    how many of them are expected not to. undecided: learners of whom neither can be said (not named, and the
    probability is above 5 %). shown_by, asked_by: answers of each learner that show it, and that could.
    """

    misconception: str
    slots: tuple[int, ...]
    asked: int
    shown: int
    answers: int
    learners: Any
    probability: Any
    doubt: float
    undecided: int
    shown_by: Any
    asked_by: Any


class Showing(msgspec.Struct, frozen=True):
    """What a part of a graded answer says of a misconception. chance: of showing it in a wrong answer without a
    belief."""

    misconception: str
    chance: float
    shown: bool


def chances(part: PartKey) -> dict[str, float]:
    """For each misconception that a part can show by itself: how often a wrong answer that nothing directs shows it.

    >>> from grading.keys import Rival
    >>> chances(PartKey("answer", ChoiceKey("a", (Rival("b", ("flip-sign",)), Rival("c"), Rival("d", ("x", "y"))))))
    {'flip-sign': 0.3333333333333333}
    """
    key = part.key
    if isinstance(key, EssayKey):
        return {}
    found: dict[str, float] = {}
    named = [rival.misconceptions for rival in key.rivals]
    if isinstance(key, SymbolicKey):
        named += [relation.misconceptions for relation in key.accept]
    if isinstance(key, NumericTupleKey):
        named += [condition.misconceptions for condition in key.conditions]
    for misconceptions in named:
        if len(misconceptions) == 1:
            found[misconceptions[0]] = found.get(misconceptions[0], 0.0) + _chance(part)
    return {name: min(chance, 1.0) for name, chance in found.items()}


def _chance(part: PartKey) -> float:
    """Of one known wrong answer among all wrong ones, if nothing directs it."""
    key = part.key
    match key:
        case ChoiceKey(rivals=rivals):
            return 1 / max(1, len(rivals), len(part.options) - 1)
        case MultipleAnswerKey(options=options):
            return 1 / max(1, len(options))  # one of the decisions was wrong
        case MatchingKey(pairs=pairs, choices=choices):
            return 1 / max(1, len(pairs) * (len(choices) - 1))  # one of the pairs was wrong
        case OrderingKey(order=order):
            return 1 / max(1, math.factorial(min(len(order), 8)) - 1)
        case NumericTupleKey():
            return 1 / 4
        case _:
            return TYPED


def showings(key: ItemKey, grade: Grade) -> Iterator[Showing]:
    """What a graded answer says, part by part. Parts that show something else as well say nothing of it."""
    parts = dict(grade.parts) if len(key.parts) > 1 else {key.parts[0].id: grade}
    for part in key.parts:
        graded = parts.get(part.id)
        if graded is None or graded.verdict not in _READ or graded.note == "blank":
            continue
        seen = _misconceptions(graded.diagnoses)
        for name, chance in chances(part).items():
            if not seen or seen == {name}:
                yield Showing(name, chance, bool(seen))


def _misconceptions(diagnoses: Sequence[Diagnosis]) -> set[str]:
    return {name for diagnosis in diagnoses for name in diagnosis.misconceptions}


def beliefs(answers: Answers, keys: Mapping[str, ItemKey], rows: NDArray[np.bool_] | None = None) -> tuple[Held, ...]:
    """Every misconception that the quiz can show, in the order of their names. rows: only these responses.

    keys: of the items, by id. All attempts are looked at unless `rows` says otherwise.
    """
    import numpy as np

    evidence = sorted(_evidence(answers, keys).items())
    by_item = _ByItem(answers, rows)
    slot_of = {item: slot for slot, place in enumerate(answers.places) for item in place.items}
    seen_in = [np.unique(by_item.item_of[[place for place, _, _ in entries]]).tolist() for _, entries in evidence]
    tellings = [_telling(entries, items, by_item) for (_, entries), items in zip(evidence, seen_in, strict=True)]
    found = posteriors(tellings, by_item.right, by_item.wrong)
    least = least_probability(found)
    return tuple(
        _held(name, tuple(sorted({slot_of[answers.items[item]] for item in items})), telling, probability, least)
        for (name, _), items, telling, probability in zip(evidence, seen_in, tellings, found, strict=True)
    )


def least_probability(found: Sequence[NDArray[np.float64]]) -> float:
    """From which probability on learners are named: as low as `WRONG` and `LIKELY` allow; above 1 if nobody is.

    >>> import numpy as np
    >>> least_probability([np.array([0.999, 0.2, 0.97]), np.array([0.999, 0.95])])
    0.999
    """
    import numpy as np

    every = np.sort(np.concatenate([*found, np.zeros(0)]))[::-1]
    every = every[every >= LIKELY]
    may = np.cumsum(1 - every) <= WRONG * np.arange(1, len(every) + 1)
    last = np.append(every[1:] < every[:-1], True)[: len(every)]  # of equals all are named, or none
    allowed = np.flatnonzero(may & last)
    return float(every[allowed[-1]]) if len(allowed) else 2.0


Entry = tuple[int, float, bool]
"""Of one misconception: the place of a grade, the chance, and whether that grade shows it."""


def _evidence(answers: Answers, keys: Mapping[str, ItemKey]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    items = item_of_grades(answers).tolist()
    for place, (grade, item) in enumerate(zip(answers.grades, items, strict=True)):
        if item < 0 or grade.note == "void":
            continue
        for one in showings(keys[answers.items[item]], grade):
            found.setdefault(one.misconception, []).append((place, one.chance, one.shown))
    return found


class _ByItem:
    """The responses item by item, and how often each learner is wrong."""

    def __init__(self, answers: Answers, rows: NDArray[np.bool_] | None) -> None:
        import numpy as np

        order = by_number(answers.item, len(answers.items))
        if rows is not None:
            order = order[rows[order]]
        self.learner, self.grade = answers.learner[order], answers.grade[order]
        self.attempt = np.minimum(answers.attempt[order], ATTEMPTS) - 1
        self.attempts = int(self.attempt.max(initial=0)) + 1
        self.starts = np.searchsorted(answers.item[order], np.arange(len(answers.items) + 1))
        self.item_of, self.size = item_of_grades(answers), len(answers.learners)
        right, wrong = np.array([_right_and_wrong(grade) for grade in answers.grades], np.int64).reshape(-1, 2).T
        self.right = np.bincount(self.learner, right[self.grade], minlength=self.size).astype(np.int64)
        self.wrong = np.bincount(self.learner, wrong[self.grade], minlength=self.size).astype(np.int64)

    def counts(self, items: Sequence[int], kind: NDArray[np.int64], kinds: int) -> NDArray[np.int64]:
        """How many responses to these items there are, by attempt, learner and kind. kind: of each grade."""
        import numpy as np

        shape = (self.attempts, self.size, kinds)
        found = np.zeros(self.attempts * self.size * kinds, np.int64)
        for item in items:
            place = slice(self.starts[item], self.starts[item + 1])
            who = self.learner[place].astype(np.int64)
            if self.attempts > 1:
                who += self.attempt[place].astype(np.int64) * self.size
            found += np.bincount(who * kinds + kind[self.grade[place]], minlength=len(found))
        return found.reshape(shape)


def _right_and_wrong(grade: Grade) -> tuple[int, int]:
    """How many parts of an answer are right and how many are not. What cannot be read is not; blank ones and those
    that wait for a person count as neither."""
    parts = [part for _, part in grade.parts] or [grade]
    given = [part for part in parts if part.verdict in (*_READ, Verdict.INVALID) and part.note not in ("blank", "void")]
    right = sum(part.score == 1 for part in given)
    return right, len(given) - right


def _telling(entries: Sequence[Entry], items: Sequence[int], by_item: _ByItem) -> Telling:
    import numpy as np

    kind, says = _kinds(entries, len(by_item.item_of))
    table = by_item.counts(items, kind, 1 + len(says)).astype(np.int32)  # of all misconceptions at once
    shown: dict[float, NDArray[np.int32]] = {}
    absent = np.zeros(table.shape[:2], np.int32)
    for number, one in enumerate(says, 1):
        for (chance, was_shown), count in one.items():
            if was_shown:
                shown[chance] = shown.get(chance, np.zeros_like(absent)) + count * table[:, :, number]
            else:
                absent += count * table[:, :, number]
    return Telling(shown, absent, table.sum(axis=(0, 2)) > 0)


def _held(name: str, slots: tuple[int, ...], telling: Telling, probability: NDArray[np.float64], least: float) -> Held:
    """With those who are said to hold it. least: their probability."""
    import numpy as np

    named = probability >= least
    sure, shows, tells = np.flatnonzero(named), telling.shows, telling.tells
    return Held(
        misconception=name,
        slots=slots,
        asked=int(telling.asked.sum()),
        shown=int(shows.sum()),
        answers=int(tells.sum()),
        learners=sure,
        probability=probability[sure],
        doubt=float((1 - probability[sure]).sum()),
        undecided=int(((probability > UNLIKELY) & ~named).sum()),
        shown_by=shows,
        asked_by=tells,
    )


Says = dict[tuple[float, bool], int]
"""What a grade says of a misconception: (chance, whether it shows it) and how many parts say so."""


def _kinds(entries: Sequence[Entry], grades: int) -> tuple[NDArray[np.int64], list[Says]]:
    """For each grade the number of what it says, from 1, in the list of all different ones; 0 if it says nothing."""
    import numpy as np

    says: dict[int, Says] = {}
    for place, chance, was_shown in entries:
        one = says.setdefault(place, {})
        one[chance, was_shown] = one.get((chance, was_shown), 0) + 1
    numbers: dict[tuple[tuple[tuple[float, bool], int], ...], int] = {}
    kind = np.zeros(grades, np.int64)
    for place, one in says.items():
        kind[place] = numbers.setdefault(tuple(sorted(one.items())), len(numbers) + 1)
    return kind, [dict(one) for one in numbers]
