"""``quizgen grade``: marks, and what was probably believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import click

from quizgen.cli.output import counted, emit, json_option, quizgen_command, say

if TYPE_CHECKING:
    from quizgen.marks import Marks

SHOWN_PROBLEMS = 20


@quizgen_command("grade")
@click.argument("responses", metavar="RESPONSES", type=click.Path(exists=True))
@click.option("--quiz", metavar="OUT", required=True, type=click.Path(exists=True, file_okay=False),
              help="The archive that `quizgen build` wrote.")  # fmt: skip
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder for marks, details and the report.")
@click.option("--attempt", "policy", type=click.Choice(["last", "best", "first"]), default="last", show_default=True,
              help="Which attempt counts.")  # fmt: skip
@json_option
def command(responses: str, quiz: str, output: str, policy: str, as_json: bool) -> int:
    """Marks RESPONSES: the report of Moodle, Canvas, Open edX or another platform, a table with the columns
    `learner,item,response[,attempt,submitted_at]` or with a column for each item, the answers that a page saved, or a
    folder of such files; docs/responses.md has the list.

    Writes marks.csv, details.jsonl (each answer with verdict, reason and diagnosis), summary.json and report.md.
    Ends with 1 if rows could not be matched with the quiz (the others are graded all the same), or if nothing could be
    graded: then nothing is written, and earlier marks stay.
    """
    from grading.classresult import AttemptPolicy
    from quizgen.archive import read_archive
    from quizgen.marks import SUMMARY, grade_archive, marks_of, write_marks

    archive = read_archive(quiz)
    results = grade_archive(responses, archive)
    chosen: AttemptPolicy = next(name for name in get_args(AttemptPolicy) if name == policy)
    marks = marks_of(archive, results, chosen)
    for problem in marks.problems[:SHOWN_PROBLEMS]:
        say(str(problem))
    if not marks.result.responses:
        say(f"{responses}: no response could be graded, nothing is written; is this the file of this quiz?")
        return 1
    paths = write_marks(output, archive, results, marks)
    if len(marks.problems) > SHOWN_PROBLEMS:
        say(f"… and {len(marks.problems) - SHOWN_PROBLEMS} more, listed in the report")
    if as_json:
        emit(next(path for path in paths if path.name == SUMMARY).read_text(encoding="utf-8").rstrip("\n"))
    else:
        print_class_result(marks)
    if marks.amendments:
        say(f"{counted(len(marks.amendments), 'amendment')} applied, listed in the report")
    say(f"{counted(marks.result.responses, 'response')} graded, {len(marks.problems)} not matched. Files: {output}")
    return 1 if marks.problems else 0


def print_class_result(marks: Marks) -> None:
    """The class result as tables on standard output."""
    from quizgen.cli.output import emit_table
    from quizgen.marks import EVIDENCE, percent

    found = {item.item: item for item in marks.result.items}
    rows = []
    for slot in marks.slots:
        item = found.get(slot.id)
        most = f"{item.misconceptions[0][0]} ({item.misconceptions[0][1]})" if item and item.misconceptions else "–"
        rows.append((slot.title, str(item.learners if item else 0), percent(item.facility if item else None), most))
    emit_table(("question", "answers", "right", "most frequent misconception"), rows)
    emit("")
    believed = [(name, str(count), marks.titles.get(name, "")) for name, count in marks.believed()]
    emit_table((f"misconception (in {EVIDENCE} answers or more)", "learners", "title"), believed or [("none", "", "")])
