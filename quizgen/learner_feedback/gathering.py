"""From graded responses to what each learner is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Literal, get_args

import msgspec

from grading.bulk import GradedRow, Results
from grading.tally import PENDING, SETTLED, VOID, Tally
from grading.verdicts import Grade, Verdict
from quizgen.archive import Archive
from quizgen.bank.concepts import ConceptGraph
from quizgen.model import Item, WorkedKey

Show = Literal["marks", "hints", "feedback", "solutions"]
SHOWN: tuple[Show, ...] = get_args(Show)
"""How much is told, each with all that stands before it (feedback instead of hints)."""

State = Literal["right", "partly", "wrong", "open", "void"]


class PartFeedback(msgspec.Struct, frozen=True):
    """What is told of the answer to a part. part: its id, "" where there is one only.

    read: how the answer was read, "" if nothing was given. refusal: why it could not be read, or "". helps: hints or
    feedback of the misconceptions behind it, or else a hint of the question. comment: of the person who decided, or "".
    """

    part: str
    state: State
    read: str
    refusal: str
    helps: tuple[str, ...]
    comment: str


class AnswerFeedback(msgspec.Struct, frozen=True):
    """What is told of one answer. solution: whether the worked solution is shown."""

    item: Item
    key: WorkedKey
    number: int
    state: State
    parts: tuple[PartFeedback, ...]
    points: Fraction
    of: Fraction
    attempt: int
    solution: bool


class Reading(msgspec.Struct, frozen=True):
    """What to read next: a concept, and what has to be known before it."""

    concept: str
    before: tuple[str, ...]


class LearnerFeedback(msgspec.Struct, frozen=True):
    """All that one learner is told. again: concepts to go back to; further: what comes next where all was right."""

    learner: str
    language: str
    title: str
    points: Fraction
    of: Fraction
    pending: int
    answers: tuple[AnswerFeedback, ...]
    again: tuple[Reading, ...]
    further: tuple[str, ...]


def feedback_of_class(
    archive: Archive,
    results: Results,
    counted: Tally,
    concepts: ConceptGraph,
    show: Show = "solutions",
) -> Iterator[LearnerFeedback]:
    """For everybody who answered something, in the order of their ids, the answers that count.

    concepts: of the bank; what it does not know is left out.
    """
    questions = {item: place for place, question in enumerate(counted.questions) for item in question.items}
    items, keys = cache(archive.item), cache(archive.key)
    comments = {(grade, part): one.comment for grade, part, one in results.decided if one.comment}
    rows = _by_learner(results, counted, questions)
    for place, learner in enumerate(counted.learners):
        answers = []
        for number, row, grade in rows.get(learner, ()):
            key = keys(row.item)
            names = [part.id for part in key.parts]
            told = {part: comments[grade, part] for part in names if (grade, part) in comments}
            counts = int(counted.states[place, number])
            answers.append(
                AnswerFeedback(
                    items(row.item), key, number + 1, "void" if counts == VOID else _state(row.grade, counts),
                    tuple(_parts(row.grade, key, show, told, counts)), counted.points(place, number),
                    counted.questions[number].points, row.attempt, show == "solutions",
                )
            )  # fmt: skip
        language = answers[0].item.language if answers else archive.quiz.language
        again, further = _next(answers, concepts, language)
        yield LearnerFeedback(
            learner, language, archive.quiz.title_in(language),
            Fraction(int(counted.totals[place]), counted.denominator),
            Fraction(int(counted.of[place]), counted.denominator),
            int((counted.states[place] == PENDING).sum()), tuple(answers), again, further,
        )  # fmt: skip


def _by_learner(
    results: Results, counted: Tally, questions: Mapping[str, int]
) -> dict[str, list[tuple[int, GradedRow, int]]]:
    """(place of the question, row, place of its grade) of what counts, question by question."""
    chosen = {
        (counted.learners[learner], question, attempt, grade)
        for learner, question, attempt, grade in counted.counted.iter_rows()
    }
    found: dict[str, list[tuple[int, GradedRow, int]]] = {}
    for row, place in zip(results.rows(), results.frame["grade"].to_list(), strict=True):
        number = questions.get(row.item)
        if number is not None and (row.learner, number, row.attempt, place) in chosen:
            found.setdefault(row.learner, []).append((number, row, place))
    for rows in found.values():
        rows.sort(key=lambda one: (one[0], one[1].attempt, one[1].item))
    return found


def _parts(
    grade: Grade, key: WorkedKey, show: Show, comments: Mapping[str, str], counts: int
) -> Iterator[PartFeedback]:
    single = len(key.parts) == 1 or not grade.parts
    for part, one in [(key.parts[0].id, grade)] if single else grade.parts:
        refusal = one.refusal.message if one.refusal is not None else ""
        helps = tuple(_helps(one, key, show))
        yield PartFeedback(
            "" if single else part, _state(one, counts), one.reading, refusal, helps, comments.get(part, "")
        )


def _helps(grade: Grade, key: WorkedKey, show: Show) -> Iterator[str]:
    """Hints, or feedback, of what was probably believed; a hint of the question where nothing is known."""
    if grade.score == 1 or show == "marks":
        return
    known = dict.fromkeys(one.hint if show == "hints" else one.feedback for one in grade.diagnoses)
    known.pop("", None)
    yield from known or (key.hints[:1] if grade.verdict is Verdict.INCORRECT else ())


def _state(grade: Grade, counts: int) -> State:
    """counts: what the rules make of the question; they may say that what could not be read was wrong."""
    if grade.note == "void":
        return "void"
    if counts == SETTLED and grade.verdict is Verdict.INVALID:
        return "wrong"
    if grade.score is None or grade.verdict is Verdict.PARTIALLY_GRADED:
        return "open"
    return "right" if grade.score == 1 else "wrong" if grade.score == 0 else "partly"


def _next(
    answers: Iterable[AnswerFeedback], graph: ConceptGraph, language: str
) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    answers = list(answers)
    missed = dict.fromkeys(c for one in answers if one.state in ("wrong", "partly") for c in one.item.concepts)
    again = [name for level in graph.levels for name in level if name in missed]
    name_of = {name: concept.name(language) for name, concept in graph.concepts.items()}
    readings = tuple(
        Reading(name_of[name], tuple(name_of[one] for one in graph.concepts[name].before if one in name_of))
        for name in again
    )
    if readings or any(one.state == "open" for one in answers):
        return readings, ()
    known = dict.fromkeys(name for one in answers for name in one.item.concepts if name in graph.concepts)
    later = dict.fromkeys(after for name in known for after in graph.after(name) if after not in known)
    return (), tuple(name_of[name] for name in later)
