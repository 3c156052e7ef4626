"""``quizgen reconcile``: the marks of a platform beside ours."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.output import complain, counted, emit, emit_table, quizgen_command, say

if TYPE_CHECKING:
    from quizgen.archive import Archive
    from quizgen.exporters.contract import Format

SHOWN = 20


@quizgen_command("reconcile")
@click.argument("responses", metavar="RESPONSES", type=click.Path(exists=True))
@click.option("--quiz", metavar="OUT", required=True, type=click.Path(exists=True, file_okay=False),
              help="The archive that `quizgen build` wrote.")  # fmt: skip
@click.option("-o", "--output", metavar="FILE", required=True, help="CSV of every difference, with the reasons.")
@click.option("--to", "format_", metavar="FORMAT",
              help="What the platform was given.  [default: the one that lies beside the archive]")  # fmt: skip
@click.option("--decisions", metavar="FILE", multiple=True, type=click.Path(exists=True, dir_okay=False),
              help="What people decided. May be repeated.")  # fmt: skip
@click.option("--within", metavar="POINTS", default="0.01", show_default=True,
              help="Differences up to so many points are none: platforms show two decimals.")  # fmt: skip
def command(
    responses: str, quiz: str, output: str, format_: str | None, decisions: tuple[str, ...], within: str
) -> int:
    """Compares the marks in a platform's file of responses with ours, answer by answer where the file has them, else
    attempt by attempt, and says of each difference why: what that format does otherwise, an amendment that the platform
    does not know, an answer that waits for a person, or no known reason, such as a mark that was changed by hand.

    Ends with 1 if a difference has no known reason.
    """
    from grading.decisions import read_decisions
    from quizgen.archive import read_archive
    from quizgen.cli.files import written_beside
    from quizgen.marks import grade_archive
    from quizgen.processes import cores
    from quizgen.reconciling import by_reason, differences_csv, reconcile

    archive = read_archive(quiz)
    chosen = _format(archive, format_)
    decided = read_decisions(decisions)
    results = grade_archive(responses, archive, decisions=decided, jobs=cores())
    before = grade_archive(responses, archive, decisions=decided, amended=False) if archive.amendments() else results
    found = reconcile(archive, results, before, chosen, _points(within))
    for problem in results.problems[:SHOWN]:
        complain(str(problem))
    if not found.compared:
        complain(f"{responses}: the files hold no marks of a platform, there is nothing to compare")
        return 1
    with written_beside(Path(output), begins="learner,attempt,question,code,ours,platform,of,why") as file:
        file.write(differences_csv(found))
    reasons = by_reason(found)
    if reasons:
        emit_table(("differences", "reason"), [(str(count), reason) for reason, count in reasons.items()])
    if chosen is None:
        say("What the platform does otherwise is not known: name its format with --to")
    say(f"{counted(found.compared, 'mark')} compared, {len(found.differences)} differ, {found.unexplained} without a "
        f"known reason, {len(results.problems)} rows not matched: {output}")  # fmt: skip
    emit(output)
    return 1 if found.unexplained or results.problems else 0


def _format(archive: Archive, name: str | None) -> Format | None:
    from quizgen.exporters.catalogue import format_of
    from quizgen.exporters.contract import ExportError
    from quizgen.reconciling import exported_formats

    if name is not None:
        try:
            return format_of(name)
        except ExportError as error:
            raise click.UsageError(str(error)) from error
    found = exported_formats(archive)
    return found[0] if len(found) == 1 else None


def _points(text: str) -> Fraction:
    try:
        points = Fraction(text) if len(text) <= 20 and "e" not in text.lower() else None
    except (ValueError, ZeroDivisionError):
        points = None
    if points is None or points < 0:
        raise click.UsageError(f"--within {text}: write points such as 0.01")
    return points
