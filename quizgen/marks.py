"""What comes of a file of responses: marks, details, a class result, each as a file.

Responses are graded against the answer sheet of an archive, with the amendments beside it. Whatever is counted is
counted by slot: learners had different variants of the same question.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import msgspec

from grading.answersheet import Amendment, to_json
from grading.bulk import Results, grade_all
from grading.classresult import FINAL, AttemptPolicy, ClassResult, Graded, counting, summarise
from grading.keys import KeyUnusable
from grading.responses import ResponseProblem
from grading.verdicts import Diagnosis, Grade, Refusal, Verdict
from quizgen.archive import AMENDMENTS, Archive, ArchiveError
from quizgen.folders import written_as_a_whole
from quizgen.model import Slot
from quizgen.printed import Printed

MARKS, DETAILS, SUMMARY, REPORT = "marks.csv", "details.jsonl", "summary.json", "report.md"
FILES = (MARKS, DETAILS, SUMMARY, REPORT)
EVIDENCE = 2
"""So many answers have to show a misconception before a learner is said to hold it; one may be a slip."""


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

    learners: in the order of their names. result: the class, an "item" of it being a slot. titles: of misconceptions.
    problems: rows that could not be matched with the quiz. amendments: corrections that were applied.
    """

    slots: tuple[Slot, ...]
    learners: tuple[LearnerMarks, ...]
    result: ClassResult
    titles: dict[str, str]
    problems: tuple[ResponseProblem, ...]
    amendments: tuple[Amendment, ...] = ()

    def believed(self) -> tuple[tuple[str, int], ...]:
        """(misconception, learners who hold it), most frequent first; evidence is `EVIDENCE` answers or more."""
        counts = Counter(name for learner in self.learners for name, n in learner.misconceptions if n >= EVIDENCE)
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def grade_archive(responses: Path | str, archive: Archive, on_progress: Callable[[int], None] | None = None) -> Results:
    """Grades a file or a folder of responses with the keys and the amendments of an archive.

    on_progress: told the number of responses read so far, now and then.
    Raises UnreadableResponses if nothing can be read, ArchiveError for an archive without keys.
    """
    corrections = archive.amendments()
    try:
        return grade_all(responses, archive.keys(), corrections, on_progress, Printed(archive))
    except KeyUnusable as error:
        if corrections:  # the archive is sealed, so it is they that were written by hand
            raise ArchiveError(archive.folder / AMENDMENTS, str(error), "mend or remove that line") from error
        raise


def marks_of(archive: Archive, results: Results, policy: AttemptPolicy = "last") -> Marks:
    """The marks of a class. policy: which attempt counts: ``last``, ``best`` or ``first``."""
    slots = {slot.id: slot for slot in archive.quiz.slots}
    slot_of = {item: slot.id for slot in slots.values() for item in slot.pool}
    rows = [msgspec.structs.replace(row, item=slot_of[row.item]) for row in results.rows()]
    by_learner: dict[str, list[Graded]] = {}
    for row in counting(rows, policy):
        by_learner.setdefault(row.learner, []).append(row)
    learners = tuple(_learner(name, mine, slots) for name, mine in sorted(by_learner.items()))
    titles = _titles(archive, results)
    class_result = summarise(rows, policy)
    return Marks(tuple(slots.values()), learners, class_result, titles, results.problems, archive.amendments())


def _titles(archive: Archive, results: Results) -> dict[str, str]:
    """Title of each misconception: of a diagnosis, or of a rival for one that was only seen together with another."""
    named = [diagnosis for grade in results.grades for diagnosis in grade.diagnoses]
    titles = {one.misconceptions[0]: one.title for one in named if len(one.misconceptions) == 1}
    if {name for diagnosis in named for name in diagnosis.misconceptions} - set(titles):
        parts = (part for generated in archive.generated() for part in generated.key.parts)
        rivals = (rival for part in parts for rival in getattr(part.key, "rivals", ()))
        titles = {one.misconceptions[0]: one.title for one in rivals if len(one.misconceptions) == 1} | titles
    return titles


def _learner(name: str, rows: Iterable[Graded], slots: dict[str, Slot]) -> LearnerMarks:
    points: dict[str, Fraction] = {}
    so_far, of, pending = Fraction(0), sum((slot.points for slot in slots.values()), Fraction(0)), 0
    shown = Counter[str]()
    for row in rows:
        worth = slots[row.item].points
        if row.grade.note == "void":
            of -= worth
            continue
        shown.update({m for diagnosis in row.grade.diagnoses for m in diagnosis.misconceptions})
        so_far += worth * (row.grade.score or 0)
        if row.grade.verdict in FINAL and row.grade.score is not None:
            points[row.item] = worth * row.grade.score
        else:
            pending += 1
    misconceptions = tuple(sorted(shown.items(), key=lambda pair: (-pair[1], pair[0])))
    return LearnerMarks(name, so_far, of, pending, tuple(points.items()), misconceptions)


def write_marks(folder: Path | str, archive: Archive, results: Results, marks: Marks) -> tuple[Path, ...]:
    """Writes the four files into a folder, all or none, and returns their paths.

    An existing folder is replaced if it holds earlier marks and nothing else, refused otherwise (FolderError).
    """
    folder = Path(folder)
    with written_as_a_whole(folder, _objection) as beside:
        (beside / MARKS).write_text(_marks_csv(marks), encoding="utf-8")
        with (beside / DETAILS).open("wb") as file:
            for line in _details(archive, results):
                file.write(line + b"\n")
        (beside / SUMMARY).write_bytes(msgspec.json.format(to_json(_summary(marks)), indent=2) + b"\n")
        (beside / REPORT).write_text(report(archive.quiz.title, marks), encoding="utf-8")
    return tuple(folder / name for name in FILES)


def _objection(folder: Path) -> str:
    strange = sorted(path.name for path in folder.iterdir() if path.name not in FILES)
    return f"holds {strange[0]}, which is not a file of marks" if strange else ""


def _marks_csv(marks: Marks) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["learner", *(slot.id for slot in marks.slots), "points", "of", "pending"])
    for learner in marks.learners:
        reached = dict(learner.slots)
        cells = [decimal_points(reached[slot.id]) if slot.id in reached else "" for slot in marks.slots]
        writer.writerow(
            [learner.learner, *cells, decimal_points(learner.points), decimal_points(learner.of), learner.pending]
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
    slot_of = {item: slot.id for slot in archive.quiz.slots for item in slot.pool}
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
        "learners": len(marks.learners),
        "responses": marks.result.responses,
        "not_matched": [str(problem) for problem in marks.problems],
        "amendments": marks.amendments,
        "verdicts": {verdict.value: count for verdict, count in marks.result.verdicts},
        "misconceptions": dict(marks.believed()),
        "slots": marks.result.items,
        "marks": marks.learners,
    }


def report(title: str, marks: Marks) -> str:
    """The class result as Markdown, for people."""
    lines = [f"# {title}", "", f"{_learners(len(marks.learners))}, {marks.result.responses} responses.", ""]
    lines += ["| question | answered | right on average | most frequent misconception |", "|---|--:|--:|---|"]
    found = {item.item: item for item in marks.result.items}
    for slot in marks.slots:
        if (item := found.get(slot.id)) is None:
            lines.append(f"| {_cell(slot.title)} | 0 | – | – |")
            continue
        most = (
            f"{_cell(_titled(marks, item.misconceptions[0][0]))} ({item.misconceptions[0][1]})"
            if item.misconceptions
            else "–"
        )
        lines.append(f"| {_cell(slot.title)} | {item.learners} | {percent(item.facility)} | {most} |")
    lines += ["", f"## Misconceptions, shown in at least {EVIDENCE} answers of a learner", ""]
    lines += [f"- {_titled(marks, name)} (`{name}`): {_learners(count)}" for name, count in marks.believed()] or [
        "None."
    ]
    pending = sum(learner.pending for learner in marks.learners)
    if pending:
        lines += ["", f"{pending} answers have no final score yet; `{DETAILS}` lists them with the reason."]
    if marks.amendments:
        lines += ["", "## Amendments that were applied", "", *(f"- {_amendment(entry)}" for entry in marks.amendments)]
    if marks.problems:
        lines += ["", "## Rows that could not be matched", "", *(f"- {problem}" for problem in marks.problems)]
    return "\n".join(lines) + "\n"


def _amendment(entry: Amendment) -> str:
    what = entry.slot if entry.item == "*" else entry.item
    part = "" if entry.part == "answer" else f", part {entry.part}"
    return f"{entry.date}, `{what}`{part}: {entry.action} ({_cell(entry.reason)})"


def _learners(count: int) -> str:
    return "1 learner" if count == 1 else f"{count} learners"


def _titled(marks: Marks, misconception: str) -> str:
    return marks.titles.get(misconception) or misconception


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def percent(share: Fraction | None) -> str:
    """A share for people.

    >>> percent(Fraction(2, 3)), percent(None)
    ('67 %', '–')
    """
    return "–" if share is None else f"{(share * 100 + Fraction(1, 2)).__floor__()} %"
