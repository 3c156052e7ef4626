"""The demonstration behind ``make demo``: from the bank to the class result, in a minute, worth watching."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from grading.keys import ChoiceKey, NumericKey, SymbolicKey
from grading.statistics.answers import Place, answers_of
from grading.statistics.beliefs import beliefs
from quizgen.archive import Archive, read_archive, write_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.class_report import misconception_titles
from quizgen.cli.files import response_text, write_submissions, written_beside
from quizgen.cli.output import progress
from quizgen.exporters.catalogue import FORMATS
from quizgen.exporters.contract import Format, Level
from quizgen.exporters.delivery import Exported, export
from quizgen.exporters.planning import plan
from quizgen.exporters.rendering.text import block_text, inline_text
from quizgen.marks import Marks, grade_archive, marks_of, percent, write_marks
from quizgen.markup.compiler import inline_of
from quizgen.sampling.draws import Source
from quizgen.simulated_reports import canvas_report, moodle_report, split
from quizgen.simulation import SimulatedLearner, Submission, invent_class, simulate, truth

if TYPE_CHECKING:
    from grading.bulk import Results

LEARNERS, ATTEMPTS, VARIANTS, SEED = 60, 2, 8, "demo"
TEMPLATES = (
    "loss-numeric-nats", "loss-bits", "obj-write-symbolic", "obj-write-up-to-optimum", "objective-value-numeric",
    "obj-expression-choice", "improve-one-token", "mean-vs-sum", "missing-probability", "nats-bits", "case-two-steps",
    "optimum-frequency", "lowest-loss-multi", "obj-cloze-general", "softmax-to-loss", "uniform-baseline", "term-count",
    "labels-array", "which-positions-contribute", "equal-value-forms",
)  # fmt: skip
"""Questions about one objective: a misconception shows in several of them, so that it can be told from a slip."""
TITLE = "The objective of masked language modelling"
FOLDER = Path("demo")
Given = dict[tuple[str, str, int], Submission]
"""What was handed in, by learner, item and attempt."""
console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)


def main() -> None:
    """Runs the demonstration in the current folder."""
    started = time.perf_counter()
    FOLDER.mkdir(exist_ok=True)
    console.rule("[bold]1. A quiz from the bank")
    archive = build()
    console.print(table_of_quiz(archive))
    console.rule("[bold]2. Exports")
    for exported in write_exports(archive):
        kept = f"{exported.plan.exact} of {exported.plan.items} items exactly"
        console.print(f"  [green]✓[/] {exported.plan.title}: {kept}, {len(exported.plan.noted)} caveats")
    console.rule(f"[bold]3. {LEARNERS} simulated learners hand in, {ATTEMPTS} attempts each")
    learners, given = hand_in(archive)
    console.rule("[bold]4. Grading")
    results = grade(archive)
    marks = marks_of(archive, results)
    write_marks(FOLDER / "marks", archive, results, marks)
    for panel in graded_answers(archive, results, given):
        console.print(panel)
    console.rule("[bold]5. The class")
    console.print(table_of_class(marks))
    console.print(*table_of_beliefs(learners, archive, results), sep="")
    console.rule("[bold]Files")
    for path, what in (
        ("quiz", "the sealed archive"),
        *((f"quiz/{exported.id}", exported.title) for exported in FORMATS if not exported.lacking()),
        ("responses", "what the learners handed in: the reports of Moodle and Canvas, and a table of our own"),
        ("responses.truth.json", "who holds which misconception"),
        ("marks", "marks.csv, details.jsonl, summary.json, report.json"),
        ("marks/report.html", "the class report: open it in a browser"),
    ):
        console.print(f"  {FOLDER / path!s:<28} {what}")
    console.print(f"[dim]{time.perf_counter() - started:.0f} seconds[/]")


def build() -> Archive:
    """Draws the quiz and seals it."""
    with progress("Drawing questions") as on_progress:
        assembly = assemble(
            load_bank(None), TEMPLATES, variants=VARIANTS, source=Source(SEED), title=TITLE, on_progress=on_progress
        )
        items = len(assembly.generated)
        on_progress(items, items)
    assembly.freeze(FOLDER / "quiz")
    return read_archive(FOLDER / "quiz")


def write_exports(archive: Archive) -> Iterator[Exported]:
    """Writes every format, each with the questions that it can carry."""
    done: list[Exported] = []
    with progress("Writing exports") as on_progress, TemporaryDirectory() as folder:
        for number, format_ in enumerate(FORMATS, 1):
            if lacking := format_.lacking():
                console.print("  –", f"{format_.title}: {lacking}", markup=False)
                continue
            carried = archive if not plan(archive, format_).refusals else of_format(archive, format_, Path(folder))
            done.extend(export(carried, [format_], archive.folder))
            on_progress(number, len(FORMATS))
    return iter(done)


def of_format(archive: Archive, format_: Format, folder: Path) -> Archive:
    """The quiz without the questions that a format refuses. folder: where it may be written."""
    refused = {
        made.item.id for made in archive.generated() if format_.fidelity(made.item, made.key).level is Level.NONE
    }
    slots = tuple(slot for slot in archive.quiz.slots if refused.isdisjoint(slot.item_ids))
    kept = {id_ for slot in slots for id_ in slot.item_ids}
    quiz = msgspec.structs.replace(archive.quiz, slots=slots, forms=())
    return write_archive(folder / format_.id, quiz, (made for made in archive.generated() if made.item.id in kept))


def hand_in(archive: Archive) -> tuple[tuple[SimulatedLearner, ...], Given]:
    """Invents the class and writes what it hands in; also returns it by learner, item and attempt."""
    learners = invent_class(archive, LEARNERS, SEED, attempts=ATTEMPTS)
    total = len(learners) * len(archive.quiz.slots) * ATTEMPTS
    given: Given = {}
    with progress("Answering") as on_progress:
        for number, one in enumerate(simulate(archive, learners, SEED, ATTEMPTS), 1):
            given[one.learner, one.item, one.attempt] = one
            on_progress(number, total)
    count = hand_in_at_platforms(archive, learners, given)
    with written_beside(FOLDER / "responses.truth.json") as file:
        json.dump({"learners": truth(learners)}, file, indent=2)
    planted = Counter(belief for learner in learners for belief, _ in learner.beliefs)
    number, kinds = sum(planted.values()), len(planted)
    console.print(f"  {len(given)} answers ({count}); {number} misconceptions planted, {kinds} different ones")
    return learners, given


def hand_in_at_platforms(archive: Archive, learners: Sequence[SimulatedLearner], given: Given) -> str:
    """Writes the answers as Moodle gives those of half the class back and Canvas those of the other half, and what
    neither prints as a table of our own; says how many each has.
    """
    folder = FOLDER / "responses"
    folder.mkdir(exist_ok=True)
    half = frozenset(learner.id for learner in learners[: len(learners) // 2])
    counts: dict[str, int] = {}
    left: list[Submission] = []
    for name, report, mine in zip(
        ("moodle", "canvas"), (moodle_report, canvas_report), split(given.values(), half), strict=True
    ):
        text, rest = report(archive, mine)
        with written_beside(folder / f"{name}.csv") as file:
            file.write(text)
        counts[name], left = len(mine) - len(rest), [*left, *rest]
    counts["others"] = write_submissions(folder / "others.csv", left)
    return ", ".join(f"{name}.csv: {count}" for name, count in counts.items())


def grade(archive: Archive) -> Results:
    """Grades the files of responses."""
    total = LEARNERS * len(archive.quiz.slots) * ATTEMPTS
    with progress("Grading") as on_progress:
        results = grade_archive(FOLDER / "responses", archive, lambda done: on_progress(done, total))
        on_progress(total, total)
    return results


def table_of_quiz(archive: Archive) -> Table:
    """What was built: a line for each slot."""
    table = _table("question", "kind", "Bloom", ">variants", ">points")
    first = {item.id: item for item in archive.items()}
    for slot in archive.quiz.slots:
        item = first[slot.pool[0]]
        table.add_row(escape(slot.title), item.kind, item.bloom, str(len(slot.pool)), str(slot.points))
    return table


def graded_answers(archive: Archive, results: Results, given: Given) -> Iterator[Panel]:
    """A chosen, a typed number and a typed formula, each with what was probably believed."""
    seen: set[str] = set()
    wanted = {"A choice": ChoiceKey, "A number": NumericKey, "A typed formula": SymbolicKey}
    for row in results.rows():
        if not wanted:
            return
        if row.learner in seen or not row.grade.diagnoses or not row.grade.diagnoses[0].feedback:
            continue
        key = archive.key(row.item)
        for title, kind in list(wanted.items()):
            if len(key.parts) == 1 and isinstance(key.parts[0].key, kind):
                del wanted[title]
                seen.add(row.learner)
                answer = response_text(given[row.learner, row.item, row.attempt].response)
                answer = dict(key.parts[0].options).get(answer, answer)
                item, diagnosis = archive.item(row.item), row.grade.diagnoses[0]
                score = "" if row.grade.score is None else f", score {row.grade.score}"
                ids = " + ".join(diagnosis.misconceptions)
                yield Panel(
                    f"[dim]{escape(block_text(item.stem))}[/]\n\n"
                    f"[bold]{row.learner} answered[/] {escape(answer)}\n"
                    f"[bold]verdict[/]   [red]{row.grade.verdict.value}{score}[/] ({row.grade.note})\n"
                    f"[bold]believed[/]  [yellow]{escape(diagnosis.title)}[/] ({ids})\n"
                    f"[bold]feedback[/]  {escape(inline_text(inline_of(diagnosis.feedback)))}",
                    title=f"{title}: {escape(item.title)}",
                    title_align="left",
                    box=box.ROUNDED,
                )


def table_of_class(marks: Marks) -> Table:
    """A line for each question: how many were right, and what went wrong most often."""
    table = _table("question", ">answers", ">right", "most frequent misconception", ">answers")
    found = {item.item: item for item in marks.result.items}
    for slot in marks.slots:
        item = found[slot.id]
        name, count = item.misconceptions[0] if item.misconceptions else ("", 0)
        title = marks.titles.get(name, name) or "–"
        table.add_row(escape(slot.title), str(item.learners), percent(item.facility), escape(title), str(count or ""))
    return table


def table_of_beliefs(learners: Sequence[SimulatedLearner], archive: Archive, results: Results) -> tuple[Table, str]:
    """Planted against found, as the class report finds them: in all answers of a learner, weighed against slips; and
    a sentence that sums it up."""
    places = [Place(slot.id, slot.item_ids, slot.points) for slot in archive.quiz.slots]
    sheet = list(archive.keys())
    answers, titles = answers_of(results, places), misconception_titles(sheet)
    found = {
        one.misconception: {answers.learners[number] for number in one.learners.tolist()}
        for one in beliefs(answers, {key.item: key for key in sheet})
    }
    planted = {learner.id: {belief for belief, _ in learner.beliefs} for learner in learners}
    named = {(learner, name) for name, finders in found.items() for learner in finders}
    true = {(learner, name) for learner, held in planted.items() for name in held}
    share = percent(Fraction(len(named & true), len(true)))
    told = f"  {len(named & true)} of {len(true)} planted ones are found ({share}), {len(named - true)} others named"
    table = _table("misconception", ">planted", ">found", ">of these planted", "")
    for name in sorted({belief for held in planted.values() for belief in held}):
        holders = {learner for learner, held in planted.items() if name in held}
        finders = found.get(name, set())
        bar = "█" * len(holders & finders) + "░" * len(holders - finders)
        table.add_row(
            escape(titles.get(name, name)), str(len(holders)), str(len(finders)), str(len(holders & finders)), bar
        )
    return table, told


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column.lstrip(">"), justify="right" if column.startswith(">") else "left")
    return table


if __name__ == "__main__":
    from quizgen.cli.guard import guarded

    sys.exit(guarded(main))
