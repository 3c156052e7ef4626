"""What comes of a file of responses: marks, details, a class result, each as a file.

Responses are graded against the answer sheet of an archive, with the amendments beside it. Whatever is counted is
counted by slot: learners had different variants of the same question.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import msgspec

from grading.answersheet import Amendment, to_json
from grading.bulk import Results, grade_all
from grading.classresult import ClassResult, beliefs_of, summarise
from grading.cluster import grade_on_cluster
from grading.decisions import Decision
from grading.distinct import NOTHING_DECIDED
from grading.keys import KeyUnusable
from grading.policy import Attempts, Policy
from grading.responses import ResponseProblem
from grading.statistics.answers import Place, answers_of
from grading.statistics.beliefs import beliefs
from grading.tally import PENDING, SETTLED, Question, Tally, count_points
from grading.verdicts import Diagnosis, Grade, Refusal, Verdict
from quizgen.archive import AMENDMENTS, Archive, ArchiveError
from quizgen.class_report import class_report, report_html, report_json
from quizgen.folders import written_as_a_whole
from quizgen.model import Slot
from quizgen.printed import Printed
from quizgen.spreadsheet import dead

MARKS, DETAILS, SUMMARY = "marks.csv", "details.jsonl", "summary.json"
REPORT, REPORT_DATA = "report.html", "report.json"
FILES = (MARKS, DETAILS, SUMMARY, REPORT, REPORT_DATA)
FURTHER_FILES = ("regrade.csv", "regrade.md")
"""Those that are written where there is something to say in them."""
NOTHING_MORE: Mapping[str, str] = MappingProxyType({})
OLDER = ("report.md",)
"""Files of earlier versions, which may be replaced as well."""


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


class GradedAnswer(msgspec.Struct, frozen=True):
    """A line of ``details.jsonl``. place: file and line of the response. The other fields as in `Grade`."""

    learner: str
    item: str
    code: str
    slot: str
    attempt: int
    submitted_at: str
    verdict: Verdict
    score: Fraction | None
    note: str
    reading: str
    diagnosis: tuple[Diagnosis, ...]
    refusal: Refusal | None
    parts: tuple[tuple[str, Grade], ...]
    place: str


class Marks(msgspec.Struct, frozen=True):
    """All that is known after grading.

    counted: everybody's points. result: the class, an "item" of it being a slot. shown: by the place of a learner
    the misconceptions and how many answers show them. held: (misconception, learners who are said to hold it), most
    frequent first, by the weight of all their answers (see `grading.statistics.beliefs`). titles: of
    misconceptions. problems: rows that could not be matched with the quiz. amendments: corrections that were
    applied. attempts: which of them count.
    """

    slots: tuple[Slot, ...]
    counted: Tally
    result: ClassResult
    shown: dict[int, tuple[tuple[str, int], ...]]
    held: tuple[tuple[str, int], ...]
    titles: dict[str, str]
    problems: tuple[ResponseProblem, ...]
    amendments: tuple[Amendment, ...] = ()
    attempts: Attempts = "last"

    def learners(self) -> Iterator[LearnerMarks]:
        """Everybody who answered something, in the order of their ids."""
        counted = self.counted
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
                self.shown.get(place, ()),
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
    titles = _titles(archive, results)
    return Marks(
        archive.quiz.slots, counted, summarise(results, counted), _shown(results, counted),
        _held(archive, results, policy), titles, results.problems,
        archive.amendments(), "last" if policy is None else policy.attempts,
    )  # fmt: skip


def counted_points(archive: Archive, results: Results, policy: Policy | None = None) -> Tally:
    """Everybody's points in the slots of a quiz."""
    questions = [Question(slot.id, slot.points, slot.item_ids) for slot in archive.quiz.slots]
    return count_points(results, questions, policy)


def _held(archive: Archive, results: Results, policy: Policy | None) -> tuple[tuple[str, int], ...]:
    places = [Place(slot.id, slot.item_ids, slot.points) for slot in archive.quiz.slots]
    attempts = policy.attempts if policy is not None else "last"
    answers = answers_of(results, places, "last" if attempts == "average" else attempts)
    sheet = list(archive.keys())
    found = beliefs(answers, {key.item: key for key in sheet})
    counts = [(one.misconception, len(one.learners)) for one in found if len(one.learners)]
    return tuple(sorted(counts, key=lambda pair: (-pair[1], pair[0])))


def _shown(results: Results, counted: Tally) -> dict[int, tuple[tuple[str, int], ...]]:
    """By the place of a learner (misconception, answers that show it), most frequent first."""
    shown: dict[int, list[tuple[str, int]]] = {}
    for learner, name, count in beliefs_of(results, counted).group_by("learner", "misconception").len().iter_rows():
        shown.setdefault(learner, []).append((name, count))
    return {learner: tuple(sorted(mine, key=lambda pair: (-pair[1], pair[0]))) for learner, mine in shown.items()}


def _titles(archive: Archive, results: Results) -> dict[str, str]:
    """Title of each misconception: of a diagnosis, or of a rival for one that was only seen together with another."""
    named = [diagnosis for grade in results.grades for diagnosis in grade.diagnoses]
    titles = {one.misconceptions[0]: one.title for one in named if len(one.misconceptions) == 1}
    if {name for diagnosis in named for name in diagnosis.misconceptions} - set(titles):
        parts = (part for generated in archive.generated() for part in generated.key.parts)
        rivals = (rival for part in parts for rival in getattr(part.key, "rivals", ()))
        titles = {one.misconceptions[0]: one.title for one in rivals if len(one.misconceptions) == 1} | titles
    return titles


def write_marks(
    folder: Path | str, archive: Archive, results: Results, marks: Marks, further: Mapping[str, str] = NOTHING_MORE
) -> tuple[Path, ...]:
    """Writes the five files into a folder, all or none, and returns their paths.

    further: texts of some of `FURTHER_FILES`, by their names.

    An existing folder is replaced if it holds earlier marks and nothing else, refused otherwise (FolderError).
    """
    folder = Path(folder)
    with written_as_a_whole(folder, _objection) as beside:
        (beside / MARKS).write_text(_marks_csv(marks), encoding="utf-8")
        with (beside / DETAILS).open("wb") as file:
            for line in _details(archive, results):
                file.write(line + b"\n")
        (beside / SUMMARY).write_bytes(msgspec.json.format(to_json(_summary(marks)), indent=2) + b"\n")
        report = class_report(archive, results, marks.attempts, _shares_of_points(marks))
        (beside / REPORT).write_text(report_html(report), encoding="utf-8")
        (beside / REPORT_DATA).write_bytes(report_json(report))
        for name, text in further.items():
            (beside / name).write_text(text, encoding="utf-8")
    return tuple(folder / name for name in (*FILES, *further))


def _shares_of_points(marks: Marks) -> dict[str, Fraction]:
    """By learner the share of all points that was reached; who could reach none is left out."""
    counted = marks.counted
    return {
        learner: Fraction(int(reached), int(of))
        for learner, reached, of in zip(counted.learners, counted.totals, counted.of, strict=True)
        if of
    }


def _objection(folder: Path) -> str:
    ours = (*FILES, *FURTHER_FILES, *OLDER)
    strange = sorted(path.name for path in folder.iterdir() if path.name not in ours)
    return f"holds {strange[0]}, which is not a file of marks" if strange else ""


def _marks_csv(marks: Marks) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["learner", *(slot.id for slot in marks.slots), "points", "of", "pending"])
    for learner in marks.learners():
        reached = dict(learner.slots)
        cells = [decimal_points(reached[slot.id]) if slot.id in reached else "" for slot in marks.slots]
        writer.writerow(
            [dead(learner.learner), *cells, decimal_points(learner.points), decimal_points(learner.of), learner.pending]
        )
    return out.getvalue()


def decimal_points(points: Fraction) -> str:
    """Points for a gradebook: at most four decimals, half away from zero; ``details.jsonl`` has the exact fraction.

    >>> decimal_points(Fraction(2, 3)), decimal_points(Fraction(3, 2)), decimal_points(Fraction(20))
    ('0.6667', '1.5', '20')
    """
    whole, rest = divmod((points * 10**4 + Fraction(1, 2)).__floor__(), 10**4)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def _details(archive: Archive, results: Results) -> Iterator[bytes]:
    slot_of = {item: slot.id for slot in archive.quiz.slots for item in slot.item_ids}
    codes = {item.id: item.code for item in archive.items()}
    for row in results.rows():
        grade = row.grade
        yield to_json(
            GradedAnswer(
                learner=row.learner,
                item=row.item,
                code=codes[row.item],
                slot=slot_of[row.item],
                attempt=row.attempt,
                submitted_at=row.submitted_at,
                verdict=grade.verdict,
                score=grade.score,
                note=grade.note,
                reading=grade.reading,
                diagnosis=grade.diagnoses,
                refusal=grade.refusal,
                parts=grade.parts,
                place=f"{row.file}:{row.line}",
            )
        )


def _summary(marks: Marks) -> dict[str, object]:
    return {
        "learners": len(marks.counted.learners),
        "responses": marks.result.responses,
        "not_matched": [str(problem) for problem in marks.problems],
        "amendments": marks.amendments,
        "verdicts": {verdict.value: count for verdict, count in marks.result.verdicts},
        "misconceptions": dict(marks.held),
        "slots": marks.result.items,
        "marks": tuple(marks.learners()),
    }


def percent(share: Fraction | None) -> str:
    """A share for people.

    >>> percent(Fraction(2, 3)), percent(None)
    ('67 %', '–')
    """
    return "–" if share is None else f"{(share * 100 + Fraction(1, 2)).__floor__()} %"
