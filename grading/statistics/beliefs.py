"""Who holds which misconception: the answers that show it, weighed against slips.

A wrong answer that follows from a misconception may be a slip all the same: where three wrong options stand beside
the key, whoever guesses wrong takes one of them. So for each learner and misconception two stories are compared by
how well they explain the answers to questions that can show it:

* the learner *holds* it: it decides an answer with a strength s that is unknown, between 1/4 and 1;
* the learner makes *slips* only: an answer is wrong as often as the learner's other answers, and then shows this
  misconception as often as a wrong answer of that kind of question that nothing directs (`chance`).

The ratio of the two likelihoods, averaged over s, times the odds before any answer, gives the odds of holding it.
The odds before are estimated from the class (empirical Bayes: Efron, B. & Tibshirani, R. (2002), Genet. Epidemiol.
23, 70-86; the share of wrongly named ones as in Newton, M. A. et al. (2004), Biostatistics 5, 155-176). It is said
of a learner only if the probability is at least `SURE`. Answers that show another misconception, alone or together
with this one, say nothing of this one and are left out, as are those that are blank, cannot be read or wait for a
person.
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
from grading.verdicts import Diagnosis, Grade, Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STRENGTHS = (0.25, 0.4, 0.55, 0.7, 0.85, 0.95)
"""How often a misconception that is held decides an answer that it applies to; all equally likely before."""
SURE = 0.95
"""A learner is said to hold a misconception if the probability is at least this."""
BEFORE = 0.1
"""The share of learners who hold a misconception, before the class is looked at, with the weight of `WEIGHT`
learners."""
WEIGHT = 5
TYPED = 1 / 100
"""How often a typed wrong answer that no belief directs is a known wrong one by accident."""
_ROUNDS, _SETTLED = 60, 1e-9
_READ = (Verdict.CORRECT, Verdict.PARTIAL, Verdict.INCORRECT)


class Held(msgspec.Struct, frozen=True):
    """One misconception in a class.

    slots: numbers of those that can show it. asked: learners who answered one of these. shown: answers that show it,
    among `answers` that could. learners: the numbers of those who are said to hold it, with `probability`; doubt:
    how many of them are expected not to. undecided: learners of whom neither can be said (probability between 5 %
    and 95 %). shown_by, asked_by: answers of each learner that show it, and that could.
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
    evidence = _evidence(answers, keys)
    by_item = _ByItem(answers, rows)
    return tuple(_held(name, entries, answers, by_item) for name, entries in sorted(evidence.items()))


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
        self.starts = np.searchsorted(answers.item[order], np.arange(len(answers.items) + 1))
        self.item_of, self.size = item_of_grades(answers), len(answers.learners)
        read = np.array([grade.verdict in _READ for grade in answers.grades], bool)
        wrong = np.array([grade.verdict in _READ and grade.score != 1 for grade in answers.grades], bool)
        self.read = np.bincount(self.learner[read[self.grade]], minlength=self.size)
        self.wrong = np.bincount(self.learner[wrong[self.grade]], minlength=self.size)

    def of(self, items: Sequence[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Learner and grade of each response to these items."""
        import numpy as np

        places = [slice(self.starts[item], self.starts[item + 1]) for item in items]
        return np.concatenate([self.learner[p] for p in places]), np.concatenate([self.grade[p] for p in places])

    def slips(self, shown: NDArray[np.int64]) -> NDArray[np.float64]:
        """Share of wrong answers among those that do not show a misconception; four more of which one is wrong, for a
        learner of whom little is known."""
        others, wrong = self.read - shown, self.wrong - shown
        rate: NDArray[np.float64] = (wrong.clip(0) + 1) / (others.clip(0) + 4)
        return rate


def _held(name: str, entries: Sequence[Entry], answers: Answers, by_item: _ByItem) -> Held:
    import numpy as np

    mine = np.unique(by_item.item_of[[place for place, _, _ in entries]]).tolist()
    learner, grade = by_item.of(mine)
    asked = np.zeros(by_item.size, bool)
    asked[learner] = True
    shown, absent = np.zeros(by_item.size, np.int64), np.zeros(by_item.size, np.int64)
    by_chance: dict[float, NDArray[np.int64]] = {}
    for chance, was_shown, count in _weights(entries, len(answers.grades)):
        for times in range(1, int(count.max()) + 1):
            told = np.bincount(learner[(count >= times)[grade]], minlength=by_item.size)
            if was_shown:
                shown += told
                by_chance[chance] = by_chance.get(chance, 0) + told
            else:
                absent += told
    probability = _posterior(by_chance, absent, by_item.slips(shown), asked)
    sure = np.flatnonzero(probability >= SURE)
    slot_of = {item: slot for slot, place in enumerate(answers.places) for item in place.items}
    return Held(
        misconception=name,
        slots=tuple(sorted({slot_of[answers.items[item]] for item in mine})),
        asked=int(asked.sum()),
        shown=int(shown.sum()),
        answers=int(shown.sum() + absent.sum()),
        learners=sure,
        probability=probability[sure],
        doubt=float((1 - probability[sure]).sum()),
        undecided=int(((probability > 1 - SURE) & (probability < SURE)).sum()),
        shown_by=shown,
        asked_by=shown + absent,
    )


def _weights(entries: Sequence[Entry], grades: int) -> Iterator[tuple[float, bool, NDArray[np.int16]]]:
    """By chance and outcome: how many parts of each grade have it."""
    import numpy as np

    for chance, was_shown in sorted({(chance, was_shown) for _, chance, was_shown in entries}):
        count = np.zeros(grades, np.int16)
        for place, its_chance, its_shown in entries:
            if (its_chance, its_shown) == (chance, was_shown):
                count[place] += 1
        yield chance, was_shown, count


def _posterior(
    shown: Mapping[float, NDArray[np.int64]],
    absent: NDArray[np.int64],
    slip: NDArray[np.float64],
    asked: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """The probability that each learner holds it; 0 for those who were not asked."""
    import numpy as np

    logs = []
    for strength in STRENGTHS:
        log = absent * math.log(1 - strength)
        for chance, count in shown.items():
            accident = slip * chance / (slip * chance + 1 - slip)
            log = log + count * np.log(strength / accident + 1 - strength)
        logs.append(log)
    stacked = np.array(logs)
    top = stacked.max(axis=0)
    ratio = top + np.log(np.exp(stacked - top).mean(axis=0))
    share = BEFORE
    probability = np.zeros(len(absent))
    for _ in range(_ROUNDS):
        odds = np.log(share / (1 - share)) + ratio
        probability = np.where(asked, 1 / (1 + np.exp(-odds.clip(-700, 700))), 0.0)
        before, share = share, (float(probability.sum()) + BEFORE * WEIGHT) / (int(asked.sum()) + WEIGHT)
        if abs(before - share) < _SETTLED:
            break
    return probability
