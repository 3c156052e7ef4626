"""``quizgen feedback``: what each learner gets back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from quizgen.cli.inputs import open_banks
from quizgen.cli.output import attempt_option, banks_option, counted, emit, progress, quizgen_command, rules_option, say

if TYPE_CHECKING:
    from grading.policy import Attempts
    from quizgen.learner_feedback import Show


@quizgen_command("feedback")
@click.argument("responses", metavar="RESPONSES", type=click.Path(exists=True))
@click.option("--quiz", metavar="OUT", required=True, type=click.Path(exists=True, file_okay=False),
              help="The archive that `quizgen build` wrote.")  # fmt: skip
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder for the pages, one a learner.")
@click.option("--show", type=click.Choice(["marks", "hints", "feedback", "solutions"]), default="solutions",
              show_default=True, help="How much is told; each with what stands before it.")  # fmt: skip
@click.option("--as", "kind", type=click.Choice(["html", "md"]), default="html", show_default=True,
              help="Pages, or Markdown.")  # fmt: skip
@rules_option
@attempt_option
@click.option("--decisions", metavar="FILE", multiple=True, type=click.Path(exists=True, dir_okay=False),
              help="What people decided, with their comments. May be repeated.")  # fmt: skip
@banks_option
def command(
    responses: str,
    quiz: str,
    output: str,
    show: Show,
    kind: Literal["html", "md"],
    rules: str | None,
    attempt: Attempts | None,
    decisions: tuple[str, ...],
    banks: tuple[str, ...],
) -> None:
    """Writes a page for each learner: their answers as they were read, the marks, what was probably believed, the
    worked solution of their own variant, and what to read next.

    The concepts come from the bank; everything else from the archive. Solutions are in the pages: hand them out when
    nobody can use them any more.
    """
    from grading.decisions import read_decisions
    from quizgen.archive import read_archive
    from quizgen.course_rules import policy_of
    from quizgen.exporters.html_page import page_paths
    from quizgen.folders import written_as_a_whole
    from quizgen.learner_feedback import feedback_of_class, feedback_page, feedback_text
    from quizgen.marks import counted_points, grade_archive
    from quizgen.processes import cores

    archive = read_archive(quiz)
    concepts = open_banks(banks).concept_graph
    results = grade_archive(responses, archive, decisions=read_decisions(decisions), jobs=cores())
    points = counted_points(archive, results, policy_of(rules, attempt))
    paths = page_paths(points.learners)
    told = feedback_of_class(archive, results, points, concepts, show)
    with written_as_a_whole(Path(output), _objection) as beside, progress("Writing feedback") as on_progress:
        for number, one in enumerate(told, 1):
            name = paths[one.learner]
            if kind == "html":
                (beside / name).write_bytes(feedback_page(one))
            else:
                (beside / name).with_suffix(".md").write_text(feedback_text(one), encoding="utf-8")
            on_progress(number, len(paths))
    emit(output)
    for problem in results.problems[:3]:
        say(str(problem))
    say(f"{counted(len(paths), 'learner')}, {len(results.problems)} responses not matched. Files: {output}")


def _objection(folder: Path) -> str:
    strange = [path.name for path in sorted(folder.iterdir()) if path.suffix not in (".html", ".md")]
    return f"holds {strange[0]}, which is no page of feedback" if strange else ""
