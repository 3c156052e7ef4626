"""``quizgen grade``: marks, and what was probably believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from quizgen.cli.books import at_option, book_option, key_option, opened_to_write
from quizgen.cli.output import (
    attempt_option,
    complain,
    counted,
    emit,
    json_option,
    progress,
    quizgen_command,
    rules_option,
    say,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from grading.bulk import Results
    from grading.policy import Attempts, Policy
    from quizgen.archive import Archive
    from quizgen.book.database import Book
    from quizgen.book.keyfile import KeyFile
    from quizgen.marks import Marks
    from quizgen.marks.details import DetailsForm
    from quizgen.regrade import Regrade

SHOWN_PROBLEMS = 20
ENGINES = ("local", "dask")


@quizgen_command("grade")
@click.argument("responses", metavar="RESPONSES", type=click.Path(exists=True))
@click.option("--quiz", metavar="OUT", required=True, type=click.Path(exists=True, file_okay=False),
              help="The archive that `quizgen build` wrote.")  # fmt: skip
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder for marks, details and the report.")
@rules_option
@attempt_option
@click.option("--decisions", metavar="FILE", multiple=True, type=click.Path(exists=True, dir_okay=False),
              help="What people decided of a list that `quizgen review` wrote (CSV). May be repeated.")  # fmt: skip
@click.option("--since", metavar="DIR", type=click.Path(exists=True, file_okay=False),
              help="Whose marks move against those in this folder?  [default: against unamended keys]")  # fmt: skip
@click.option("--details", type=click.Choice(("jsonl", "parquet")), default="jsonl", show_default=True,
              help="The form of the file with each answer; Parquet for millions of them.")  # fmt: skip
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Processes.  [default: one for each core]")
@click.option("--engine", type=click.Choice(ENGINES), default="local", show_default=True,
              help="Grade here, or on a Dask cluster a folder of Parquet files.")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS",
              help="Of the Dask cluster, such as tcp://10.0.0.1:8786.  [default: one on this machine]")  # fmt: skip
@click.option("--signals", metavar="FILE",
              help="Also list answers that are right for somebody else's variant (CSV); off by default.")  # fmt: skip
@book_option(required=False)
@key_option
@click.option("--reason", metavar="TEXT", default="", help="Why, beside each grade that is new in the book.")
@at_option("--at", "The moment, beside each grade that is new in the book.")
@json_option
def command(
    responses: str,
    quiz: str,
    output: str,
    rules: str | None,
    attempt: Attempts | None,
    decisions: tuple[str, ...],
    since: str | None,
    details: DetailsForm,
    jobs: int | None,
    engine: str,
    scheduler: str | None,
    signals: str | None,
    book: str | None,
    key: str | None,
    reason: str,
    at: str,
    as_json: bool,
) -> int:
    """Marks RESPONSES: the report of Moodle, Canvas, Open edX or another platform, a table with the columns
    `learner,item,response[,attempt,submitted_at]` or with a column for each item, the answers that a page saved, or a
    folder of such files; docs/responses.md has the list.

    Where a key was amended, regrade.md and regrade.csv list everybody whose marks move, by how much and why.

    Writes marks.csv, details.jsonl (each answer with verdict, reason and diagnosis), summary.json (each
    learner), and the class report, which names nobody: report.html to read, report.json for programs.
    Ends with 1 if rows could not be matched with the quiz (the others are graded all the same), or if nothing could be
    graded: then nothing is written, and earlier marks stay.

    With --book every attempt is kept in a book, once however often it is graded; a grade that has changed is added
    beside the earlier ones.
    """
    from grading.decisions import read_decisions
    from quizgen.archive import read_archive
    from quizgen.course_rules import policy_of
    from quizgen.marks import SUMMARY, grade_archive, marks_of, write_marks
    from quizgen.processes import cores
    from quizgen.regrade import MOVES, REGRADE, moves_csv, report

    if scheduler is not None and engine != "dask":
        raise click.UsageError("--scheduler is for --engine dask; add that, or leave it out")
    policy = policy_of(rules, attempt)
    archive = read_archive(quiz)
    kept = opened_to_write(book, key) if book else None
    decided = read_decisions(decisions)

    def graded(amended: bool) -> Results:
        with progress("Grading") as on_progress:
            return grade_archive(
                responses, archive, lambda done: on_progress(done, None), amended=amended, decisions=decided,
                jobs=jobs or cores(), cluster=engine == "dask", scheduler=scheduler,
            )  # fmt: skip

    results = graded(True)
    marks = marks_of(archive, results, policy)
    again = _graded_again(archive, graded, results, policy, since)
    for problem in marks.problems[:SHOWN_PROBLEMS]:
        complain(str(problem))
    if not marks.result.responses:
        complain(f"{responses}: no response could be graded, nothing is written; is this the file of this quiz?")
        return 1
    further = {} if again is None else {MOVES: moves_csv(again), REGRADE: report(archive, again)}
    paths = write_marks(output, archive, results, marks, further, details)
    if len(marks.problems) > SHOWN_PROBLEMS:
        complain(f"… and {len(marks.problems) - SHOWN_PROBLEMS} more, listed in {SUMMARY}")
    if as_json:
        emit(next(path for path in paths if path.name == SUMMARY).read_text(encoding="utf-8").rstrip("\n"))
    else:
        print_class_result(marks)
    _say_more(marks, again, output)
    if kept:
        _keep(*kept, archive, results, at, reason)
    if signals is not None:
        _signal(archive, results, signals)
    if results.waiting:
        say(f"Some answers wait for a person. Next: quizgen review {responses} --quiz {quiz} -o review")
    say(f"{counted(marks.result.responses, 'response')} graded, {len(marks.problems)} not matched. Files: {output}")
    return 1 if marks.problems else 0


def _say_more(marks: Marks, again: Regrade | None, output: str) -> None:
    from quizgen.regrade import REGRADE

    if marks.counted.untimed:
        untimed = counted(marks.counted.untimed, "response")
        say(f"{untimed} without a moment of submission that can be read: taken as in time")
    if marks.amendments:
        say(f"{counted(len(marks.amendments), 'amendment')} applied, listed in the report")
    if again is not None:
        moved = counted(len(again.totals), "learner")
        against = f"the marks in {again.since}" if again.since else "the keys as they were before any amendment"
        say(f"The marks of {moved} move against {against}: {output}/{REGRADE}")


def _graded_again(
    archive: Archive, graded: Callable[[bool], Results], results: Results, policy: Policy, since: str | None
) -> Regrade | None:
    """What moves against earlier marks, or against the keys as they were; None if nothing can have moved."""
    from quizgen.marks import earlier_results
    from quizgen.regrade import regrade

    if since is not None:
        return regrade(archive, earlier_results(since), results, policy, since)
    if not archive.amendments():
        return None
    return regrade(archive, graded(False), results, policy)


def _signal(archive: Archive, results: Results, file: str) -> None:
    """Writes the signals, and says what they are worth."""
    from pathlib import Path

    from quizgen.cli.files import written_beside
    from quizgen.integrity import signals_csv, signals_of

    found = signals_of(archive, results)
    with written_beside(Path(file), begins="learner,question,code,attempt,answer,right_for") as out:
        out.write(signals_csv(found))
    chance = "too few variants are left over to say what chance gives"
    if found.expected is not None:
        chance = f"chance alone gives about {float(found.expected):.1f}"
    say(f"{len(found.signals)} of {counted(found.compared, 'wrong answer')} are right for somebody else's variant; "
        f"{chance}. A signal is no proof of anything: {file}")  # fmt: skip


def _keep(book: Book, key: KeyFile, archive: Archive, results: Results, at: str, reason: str) -> None:
    """Writes what was graded into the book, and says what became of it."""
    from quizgen.book.writing import append_results
    from quizgen.cli.commands.book import prune_and_say

    with progress("Writing the book") as show:
        told = append_results(book, key, archive, results, at, reason, lambda done: show(done, len(results.frame)))
    forgotten = f", {told.forgotten:,} of people who were forgotten are not kept" if told.forgotten else ""
    say(f"{book.place}: {counted(told.new, 'new attempt')}, {told.changed:,} with another grade than before, "
        f"{told.known:,} known{forgotten}")  # fmt: skip
    prune_and_say(book, key, at)


def print_class_result(marks: Marks) -> None:
    """The class result as tables on standard output."""
    from quizgen.cli.output import emit_table
    from quizgen.marks import percent

    found = {item.item: item for item in marks.result.items}
    rows = []
    for slot in marks.slots:
        item = found.get(slot.id)
        most = f"{item.misconceptions[0][0]} ({item.misconceptions[0][1]})" if item and item.misconceptions else "–"
        rows.append((slot.title, str(item.learners if item else 0), percent(item.facility if item else None), most))
    emit_table(("question", "answers", "right", "most frequent misconception"), rows)
    emit("")
    believed = [(name, str(count), marks.titles.get(name, "")) for name, count in marks.held]
    emit_table(("misconception that learners hold", "learners", "title"), believed or [("none", "", "")])
