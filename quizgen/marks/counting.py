"""The marks of a class: everybody's points, what is probably believed, the class result.

Responses are graded against the answer sheet of an archive, with the amendments beside it. Whatever is counted is
counted by slot: learners had different variants of the same question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from grading.answersheet import Amendment
from grading.bulk import Results, grade_all
from grading.classresult import ClassResult, beliefs_of, summarise
from grading.cluster import grade_on_cluster
from grading.decisions import Decision
from grading.distinct import NOTHING_DECIDED
from grading.keys import KeyUnusable
from grading.policy import Attempts, Policy
from grading.responses import ResponseProblem
from grading.statistics.answers import Place, answers_of
from grading.statistics.beliefs import Held, beliefs
from grading.tally import PENDING, SETTLED, Question, Tally, count_points
from quizgen.archive import AMENDMENTS, Archive, ArchiveError
from quizgen.model import Slot
from quizgen.printed import Printed

if TYPE_CHECKING:
    import polars


class LearnerMarks(msgspec.Struct, frozen=True):
    """One learner. points: reached so far, `of` those that can be reached; pending: answers without a final score.

    slots: (slot id, points) of each slot with a final score. misconceptions: (id, answers that show it).
    """

    learner: str
    points: Fraction
    of: Fraction
    pending: int
    slots: tuple[tuple[str, Fraction], ...]
    misconceptions: tuple[tuple[str, int], ...]


class Marks(msgspec.Struct, frozen=True):
    """All that is known after grading.

    counted: everybody's points. result: the class, an "item" of it being a slot. shown: a polars table of learner
    (the place), misconception and count of answers that show it, each learner's most frequent first. beliefs: of
    each misconception who is said to hold it, by the weight of all answers. titles: of misconceptions. problems:
    rows that could not be matched with the quiz. amendments: corrections that were applied. attempts: which of them
    count.
    """

    slots: tuple[Slot, ...]
    counted: Tally
    result: ClassResult
    shown: Any
    beliefs: tuple[Held, ...]
    titles: dict[str, str]
    problems: tuple[ResponseProblem, ...]
    amendments: tuple[Amendment, ...] = ()
    attempts: Attempts = "last"

    @property
    def held(self) -> tuple[tuple[str, int], ...]:
        """(misconception, learners who are said to hold it), most frequent first."""
        counts = [(one.misconception, len(one.learners)) for one in self.beliefs if len(one.learners)]
        return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))

    def learners(self) -> Iterator[LearnerMarks]:
        """Everybody who answered something, in the order of their ids."""
        counted = self.counted
        shown: dict[int, list[tuple[str, int]]] = {}
        for learner, name, count in self.shown.iter_rows():
            shown.setdefault(learner, []).append((name, count))
        for place, learner in enumerate(counted.learners):
            states = counted.states[place].tolist()
            slots = tuple(
                (slot.id, counted.points(place, number))
                for number, slot in enumerate(self.slots)
                if states[number] == SETTLED
            )
            yield LearnerMarks(
                learner,
                Fraction(int(counted.totals[place]), counted.denominator),
                Fraction(int(counted.of[place]), counted.denominator),
                states.count(PENDING),
                slots,
                tuple(shown.get(place, ())),
            )


def grade_archive(
    responses: Path | str,
    archive: Archive,
    on_progress: Callable[[int], None] | None = None,
    *,
    amended: bool = True,
    decisions: Mapping[str, Decision] = NOTHING_DECIDED,
    jobs: int = 1,
    cluster: bool = False,
    scheduler: str | None = None,
) -> Results:
    """Grades a file or a folder of responses with the keys and the amendments of an archive.

    amended: False to grade as if nothing had been amended. decisions: what people decided, by the id of the meaning.
    on_progress: told the number of responses read so far, now and then. jobs: so many processes grade.
    cluster: whether a Dask cluster grades a folder of Parquet files, see `grading.cluster`; scheduler: its address.
    Raises UnreadableResponses if nothing can be read, ArchiveError for an archive without keys, GraderLost and
    ClusterError if processes or workers are lost.
    """
    corrections = archive.amendments() if amended else ()
    try:
        if cluster:
            return grade_on_cluster(responses, archive.keys(), corrections, on_progress, decisions, scheduler, jobs)
        return grade_all(
            responses,
            archive.keys(),
            corrections,
            on_progress,
            decisions=decisions,
            printed=Printed(archive),
            jobs=jobs,
        )
    except KeyUnusable as error:
        if corrections:  # the archive is sealed, so it is they that were written by hand
            raise ArchiveError(archive.folder / AMENDMENTS, str(error), "mend or remove that line") from error
        raise


def marks_of(archive: Archive, results: Results, policy: Policy | None = None) -> Marks:
    """The marks of a class by the rules of a course; without them each learner's last attempt counts."""
    counted = counted_points(archive, results, policy)
    believed = beliefs_of(results, counted)
    return Marks(
        archive.quiz.slots,
        counted,
        summarise(results, counted, believed),
        _shown(believed),
        _beliefs(archive, results),
        _titles(archive, results),
        results.problems,
        archive.amendments(),
        "last" if policy is None else policy.attempts,
    )


def counted_points(archive: Archive, results: Results, policy: Policy | None = None) -> Tally:
    """Everybody's points in the slots of a quiz."""
    questions = [Question(slot.id, slot.points, slot.item_ids) for slot in archive.quiz.slots]
    return count_points(results, questions, policy)


def _beliefs(archive: Archive, results: Results) -> tuple[Held, ...]:
    """Who holds what; all attempts say something of that, whichever of them counts."""
    places = [Place(slot.id, slot.item_ids, slot.points) for slot in archive.quiz.slots]
    sheet = list(archive.keys())
    return beliefs(answers_of(results, places), {key.item: key for key in sheet})


def _shown(believed: polars.DataFrame) -> polars.DataFrame:
    """How many answers of each learner show each misconception, each learner's most frequent first."""
    import polars as pl

    counts = believed.group_by("learner", "misconception").agg(pl.len().alias("count"))
    return counts.sort("learner", "count", "misconception", descending=[False, True, False])


def _titles(archive: Archive, results: Results) -> dict[str, str]:
    """Title of each misconception: of a diagnosis, or of a rival for one that was only seen together with another."""
    named = [diagnosis for grade in results.grades for diagnosis in grade.diagnoses]
    titles = {one.misconceptions[0]: one.title for one in named if len(one.misconceptions) == 1}
    if {name for diagnosis in named for name in diagnosis.misconceptions} - set(titles):
        parts = (part for generated in archive.generated() for part in generated.key.parts)
        rivals = (rival for part in parts for rival in getattr(part.key, "rivals", ()))
        titles = {one.misconceptions[0]: one.title for one in rivals if len(one.misconceptions) == 1} | titles
    return titles


def decimal_points(points: Fraction) -> str:
    """Points for a gradebook: at most four decimals, half away from zero; ``details.jsonl`` has the exact fraction.

    >>> decimal_points(Fraction(2, 3)), decimal_points(Fraction(3, 2)), decimal_points(Fraction(20))
    ('0.6667', '1.5', '20')
    """
    whole, rest = divmod((points * 10**4 + Fraction(1, 2)).__floor__(), 10**4)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def percent(share: Fraction | None) -> str:
    """A share for people.

    >>> percent(Fraction(2, 3)), percent(None)
    ('67 %', '–')
    """
    return "–" if share is None else f"{(share * 100 + Fraction(1, 2)).__floor__()} %"
