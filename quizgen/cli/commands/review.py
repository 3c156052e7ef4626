"""``quizgen review``: what grading leaves open, for people to decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.output import attempt_option, counted, emit, quizgen_command, rules_option, say

if TYPE_CHECKING:
    from grading.policy import Attempts


@quizgen_command("review")
@click.argument("responses", metavar="RESPONSES", type=click.Path(exists=True))
@click.option("--quiz", metavar="OUT", required=True, type=click.Path(exists=True, file_okay=False),
              help="The archive that `quizgen build` wrote.")  # fmt: skip
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder for the lists.")
@click.option("--marker", "markers", metavar="NAME", multiple=True,
              help="A list for each of these people, who do not see each other's. May be repeated.")  # fmt: skip
@click.option("--decisions", metavar="FILE", multiple=True, type=click.Path(exists=True, dir_okay=False),
              help="What was decided before, which is not asked again. May be repeated.")  # fmt: skip
@rules_option
@attempt_option
def command(
    responses: str,
    quiz: str,
    output: str,
    markers: tuple[str, ...],
    decisions: tuple[str, ...],
    rules: str | None,
    attempt: Attempts | None,
) -> None:
    """Lists what `quizgen grade` leaves open: essays, answers that could not be read, formulas that were not decided.

    Each different answer stands there once, without names. Attempts that do not count by the rules of the course are
    left out; where the best or the average counts, all are listed. The list is a page (review.html) and a table
    (review.csv); fill in the scores in either, then: quizgen grade … --decisions FILE.
    """
    from grading.decisions import read_decisions
    from quizgen.archive import read_archive
    from quizgen.course_rules import policy_of
    from quizgen.folders import written_as_a_whole
    from quizgen.marks import grade_archive
    from quizgen.processes import cores
    from quizgen.review import open_answers, review_page, review_table

    if len(set(markers)) != len(markers):
        raise click.UsageError("two markers have one name")
    archive = read_archive(quiz)
    results = grade_archive(responses, archive, decisions=read_decisions(decisions), jobs=cores())
    policy = policy_of(rules, attempt)
    answers = open_answers(archive, results, policy)
    names = _file_names(markers)
    folder = Path(output)
    with written_as_a_whole(folder, _objection) as beside:
        for name, marker in names.items():
            (beside / f"{name}.html").write_bytes(review_page(archive, answers, marker))
            (beside / f"{name}.csv").write_text("\ufeff" + review_table(answers, marker), encoding="utf-8")
    for name in names:
        emit(str(folder / f"{name}.html"))
        emit(str(folder / f"{name}.csv"))
    left = len(open_answers(archive, results)) - len(answers)
    if left:
        say(f"{counted(left, 'different answer')} only in attempts that do not count: left out")
    if not answers:
        say("Nothing waits for a person.")
        return
    waits = counted(len(answers), "different answer")
    after = "quizgen decide FILE FILE -o decided.csv" if len(names) > 1 else "quizgen grade … --decisions FILE"
    say(f"{waits} of {counted(sum(one.learners for one in answers), 'response')}. Next, when they are decided: {after}")


def _file_names(markers: tuple[str, ...]) -> dict[str, str]:
    """{name of the file: marker}: ``review`` for one list."""
    from quizgen.exporters.html_page import page_paths

    if not markers:
        return {"review": ""}
    return {path.removesuffix(".html"): marker for marker, path in page_paths(markers).items()}


def _objection(folder: Path) -> str:
    """A folder of earlier lists is replaced only while nobody has filled in a score."""
    from grading.decisions import DecisionProblem, read_decisions

    for path in sorted(folder.iterdir()):
        if path.suffix not in (".html", ".csv"):
            return f"holds {path.name}, which is no list of answers"
        if path.suffix == ".csv":
            try:
                decided = read_decisions([path])
            except DecisionProblem:
                return f"holds {path.name}, which is no list of ours"
            if decided:
                return f"holds {path.name}, in which something was decided"
    return ""
