"""``quizgen decide``: what several markers decided, as one file, and where they disagree."""

from __future__ import annotations

from pathlib import Path

import click

from quizgen.cli.output import counted, emit, emit_table, quizgen_command, say

SHOWN = 20


@quizgen_command("decide")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option(
    "-o", "--output", metavar="FILE", required=True, help="CSV of decisions, for `quizgen grade --decisions`."
)
def command(files: tuple[str, ...], output: str) -> int:
    """Puts the decisions of several markers together. What they decided alike counts.

    The file has a line for every answer. Where markers disagree its score is empty and the last column says what each
    of them gave: somebody fills in the score. Ends with 1 while anything is open.
    """
    from grading.decisions import COLUMNS
    from quizgen.cli.files import written_beside
    from quizgen.review import agree
    from quizgen.review.agreeing import agreed_table

    found = agree(files)
    with written_beside(Path(output), begins=COLUMNS[0]) as file:
        file.write(agreed_table(found))
    if found.disagreements:
        rows = [
            (one.row.get("code", ""), _short(one.row.get("answer", "")),
             ", ".join(f"{decision.marker}: {decision.score}" for decision in one.decisions))
            for one in found.disagreements[:SHOWN]
        ]  # fmt: skip
        emit_table(("question", "answer", "scores"), rows)
        if len(found.disagreements) > SHOWN:
            emit(f"… and {len(found.disagreements) - SHOWN} more")
    single = f", {found.single} of them by one marker only" if found.single and len(files) > 1 else ""
    say(f"{counted(len(found.agreed), 'answer')} decided{single}, {len(found.disagreements)} decided differently, "
        f"{found.open} open: {output}")  # fmt: skip
    return 1 if found.disagreements or found.open else 0


def _short(text: str, most: int = 50) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
