"""From graded responses to the class report: which statistics, of what, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from grading.answersheet import ItemKey
from grading.bulk import Results
from grading.policy import Attempts
from grading.statistics.answers import Answers, Place, answers_of, score_matrix
from grading.statistics.beliefs import Held, beliefs
from grading.statistics.distribution import distribution
from grading.statistics.intervals import holm, sign_test, wilson
from grading.statistics.items import LEAST, ItemStatistics, item_statistics
from grading.statistics.options import Pull, SlotPull, option_pull
from grading.statistics.papers import compare_papers
from grading.statistics.reliability import reliability
from grading.statistics.scores import Scores
from grading.statistics.variants import SlotComparison, compare_variants
from quizgen.archive import Archive
from quizgen.class_report.look_at import look_at
from quizgen.class_report.papers import papers_of
from quizgen.class_report.record import (
    FORMAT_VERSION,
    ClassReport,
    Misconception,
    Move,
    OptionResult,
    Question,
    Variant,
)
from quizgen.class_report.words import words_of
from quizgen.model import Slot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALL, TINY = 30, 10
"""Learners: of fewer than `SMALL` intervals are wide; of fewer than `TINY` almost nothing can be said."""


def class_report(
    archive: Archive,
    results: Results,
    attempts: Attempts = "last",
    shares: Mapping[str, Fraction] | None = None,
    language: str = "",
    held: Sequence[Held] | None = None,
) -> ClassReport:
    """The report on a class. attempts: which of them count; the statistics of an average are those of the
    last attempts.

    shares: of all points that each learner reached, if they are not simply those of the attempts that count.
    language: of the words; that of the quiz if empty. held: who holds what, if that is known already.
    """
    quiz = archive.quiz
    sheet = list(archive.keys())
    keys = {key.item: key for key in sheet}
    places = tuple(Place(slot.id, slot.item_ids, slot.points) for slot in quiz.slots)
    answers = answers_of(results, places, "last" if attempts == "average" else attempts)
    scores = score_matrix(answers)
    titles = misconception_titles(sheet)
    compared, sensitivity = compare_variants(scores, _variants(answers))
    language = language or quiz.language
    questions, counts = _questions(archive, answers, scores, keys, titles, compared)
    most = int(answers.attempt.max()) if len(answers.attempt) else 0
    held = beliefs(answers, keys) if held is None else held
    whole = [
        column
        for column, (question, (_, scored)) in enumerate(zip(questions, counts, strict=True))
        if not question.void and 2 * scored > len(answers.learners)
    ]
    enough = len(answers.learners) >= LEAST
    counted = int(answers.counts.sum())
    return ClassReport(
        format_version=FORMAT_VERSION,
        quiz=quiz.id,
        title=quiz.title_in(language),
        language=language,
        learners=len(answers.learners),
        responses=len(answers.grade),
        attempts=most,
        policy=attempts,
        points=float(sum((slot.points for slot in quiz.slots), Fraction(0))),
        without_score=counted - int(scores.final.sum()),
        not_matched=len(results.problems),
        warnings=_warnings(answers, questions, counts, compared, whole),
        look_at=look_at(questions, words_of(language)),
        distribution=distribution(_shares(answers, scores, shares)),
        reliability=reliability(scores, whole) if enough and len(whole) > 1 else None,
        questions=questions,
        misconceptions=_misconceptions(answers, keys, held, titles, most) if enough else (),
        sensitivity=sensitivity if any(slot.variants for slot in compared) else None,
        amendments=archive.amendments(),
        papers=compare_papers(scores, *papers_of(quiz, answers)),
    )


def misconception_titles(keys: Any) -> dict[str, str]:
    """The title of each misconception, in the language of the quiz: of a known wrong answer that shows nothing
    else."""
    titles: dict[str, str] = {}
    for key in keys:
        for part in key.parts:
            known = (*getattr(part.key, "rivals", ()), *getattr(part.key, "accept", ()))
            for one in (*known, *getattr(part.key, "conditions", ())):
                if len(one.misconceptions) == 1 and one.title:
                    titles.setdefault(one.misconceptions[0], one.title)
    return titles


def _shares(answers: Answers, scores: Scores, given: Mapping[str, Fraction] | None) -> NDArray[np.float64]:
    import numpy as np

    if given is not None:
        return np.array([float(given[name]) for name in answers.learners if name in given])
    return scores.totals / max(1, sum(scores.worth))


def _variants(answers: Answers) -> NDArray[np.int32]:
    """Which variant of each slot a learner had: its place in the pool, -1 for none."""
    import numpy as np

    within = np.array([n for place in answers.places for n in range(len(place.items))], np.int32)
    table = np.full((len(answers.learners), len(answers.places)), -1, np.int32)
    rows = answers.counts
    table[answers.learner[rows], answers.slot[rows]] = within[answers.item[rows]]
    return table


Counts = list[tuple[int, int]]
"""Of each question how many learners have an answer that counts, and how many a final score."""


def _questions(
    archive: Archive,
    answers: Answers,
    scores: Scores,
    keys: Mapping[str, ItemKey],
    titles: Mapping[str, str],
    compared: Sequence[SlotComparison],
) -> tuple[tuple[Question, ...], Counts]:
    import numpy as np

    void_grade = np.array([grade.note == "void" for grade in answers.grades], bool)
    rows = answers.counts
    void = np.bincount(answers.slot[rows], weights=void_grade[answers.grade[rows]], minlength=len(answers.places))
    items, options = list(item_statistics(scores)), list(option_pull(answers, keys, scores))
    slots = zip(archive.quiz.slots, items, options, compared, strict=True)
    questions = tuple(
        _question(number, slot, items, pulls, variants, keys, titles, void[number - 1] > 0 and not items.learners)
        for number, (slot, items, pulls, variants) in enumerate(slots, 1)
    )
    return questions, [(pulls.learners, one.learners) for pulls, one in zip(options, items, strict=True)]


def _question(
    number: int,
    slot: Slot,
    items: ItemStatistics,
    pulls: SlotPull,
    compared: SlotComparison,
    keys: Mapping[str, ItemKey],
    titles: Mapping[str, str],
    void: bool,
) -> Question:
    variants = tuple(
        Variant(id_, keys[id_].code, v.learners, v.facility, v.effect, v.interval, v.shrunk)
        for v in compared.variants
        for id_ in (slot.item_ids[v.variant],)
    )
    return Question(
        slot.id,
        number,
        slot.title,
        float(slot.points),
        told_count(pulls.learners),
        told_count(items.learners),
        items.facility,
        items.facility_interval,
        items.discrimination,
        items.discrimination_interval,
        items.upper_lower,
        items.tail,
        tuple(_option(pull, titles) for pull in pulls.pulls if pull.answered.role == "known" or pull.chosen != 0),
        variants,
        compared.left_out,
        compared.probability,
        compared.corrected,
        bool(void),
    )


def _option(pull: Pull, titles: Mapping[str, str]) -> OptionResult:
    named = pull.answered.misconceptions
    title = " + ".join(titles.get(name, name) for name in named) if named else pull.answered.text
    return OptionResult(
        pull.answered.part, pull.answered.role, named, title, told_count(pull.seen), pull.chosen,
        pull.share, pull.interval, pull.rest,
        pull.correlation, pull.correlation_interval, pull.functioning, pull.probability, pull.suspect,
    )  # fmt: skip


def _misconceptions(
    answers: Answers,
    keys: Mapping[str, ItemKey],
    held: Sequence[Held],
    titles: Mapping[str, str],
    attempts: int,
) -> tuple[Misconception, ...]:
    moves = _moves(answers, keys) if attempts > 1 else {}
    ranked = sorted(
        (one for one in held if one.asked >= LEAST), key=lambda one: (-len(one.learners), one.misconception)
    )
    return tuple(_misconception(one, titles, moves.get(one.misconception)) for one in ranked)


def _misconception(one: Held, titles: Mapping[str, str], move: Move | None) -> Misconception:
    holders = len(one.learners)
    told = holders == 0 or holders >= LEAST
    return Misconception(
        id=one.misconception,
        title=titles.get(one.misconception, one.misconception),
        questions=tuple(slot + 1 for slot in one.slots),
        asked=one.asked,
        holders=holders if told else None,
        share=holders / one.asked if told else None,
        interval=wilson(holders / one.asked, one.asked) if told else None,
        doubt=one.doubt if told else None,
        undecided=told_count(one.undecided),
        shown=one.shown,
        answers=one.answers,
        move=move,
    )


def told_count(count: int) -> int | None:
    """A number of learners as it may be told: None for 1 to 4."""
    return None if 0 < count < LEAST else count


def _moves(answers: Answers, keys: Mapping[str, ItemKey]) -> dict[str, Move]:
    """For each misconception how it moved between the first and the last attempt."""
    import numpy as np

    first, last = np.full(len(answers.learners), 2**31 - 1), np.zeros(len(answers.learners), np.int64)
    np.minimum.at(first, answers.learner, answers.attempt)
    np.maximum.at(last, answers.learner, answers.attempt)
    several = (first < last)[answers.learner]
    before = _shown(answers, keys, several & (answers.attempt == first[answers.learner]))
    after = _shown(answers, keys, several & (answers.attempt == last[answers.learner]))
    moves: dict[str, Move] = {}
    for name in sorted(set(before) & set(after)):
        (shown_1, asked_1), (shown_2, asked_2) = before[name], after[name]
        both = (asked_1 > 0) & (asked_2 > 0)
        if int(both.sum()) < LEAST:
            continue
        lost, gained = (
            int((both & (shown_1 > 0) & (shown_2 == 0)).sum()),
            int((both & (shown_1 == 0) & (shown_2 > 0)).sum()),
        )
        share_1 = float(shown_1[both].sum() / asked_1[both].sum())
        share_2 = float(shown_2[both].sum() / asked_2[both].sum())
        moves[name] = Move(
            int(both.sum()), share_1, share_2, told_count(lost), told_count(gained), sign_test(lost, gained)
        )
    corrected = holm([move.probability for move in moves.values()])
    return {
        name: msgspec.structs.replace(move, probability=probability)
        for (name, move), probability in zip(moves.items(), corrected, strict=True)
    }


def _shown(
    answers: Answers, keys: Mapping[str, ItemKey], rows: NDArray[np.bool_]
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    return {one.misconception: (one.shown_by, one.asked_by) for one in beliefs(answers, keys, rows)}


def _warnings(
    answers: Answers,
    questions: Sequence[Question],
    counts: Counts,
    compared: Sequence[SlotComparison],
    whole: Sequence[int],
) -> tuple[str, ...]:
    learners = len(answers.learners)
    found = []
    if learners < SMALL:
        found.append("too-small" if learners < LEAST else "tiny-class" if learners < TINY else "small-class")
    if learners >= LEAST and len(whole) < len(questions):
        found.append("questions-left-out")
    counted = int(answers.counts.sum())
    open_ = sum(answered - scored for q, (answered, scored) in zip(questions, counts, strict=True) if not q.void)
    if counted and open_ * 20 > counted:
        found.append("many-without-score")
    if counted < learners * len(questions):
        found.append("not-all-answered")
    if any(slot.left_out for slot in compared):
        found.append("variants-left-out")
    return tuple(found)
