"""``quizgen check``: what an author has to mend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from quizgen.cli.output import (
    banks_option,
    counted,
    emit,
    emit_json,
    emit_table,
    json_option,
    progress,
    quizgen_command,
    say,
)

if TYPE_CHECKING:
    from quizgen.checks import Tally


USUAL = 50
"""Variants of each template that are drawn if nobody says how many."""


@quizgen_command("check")
@banks_option
@click.option("--strict", is_flag=True, help="Warnings count as well.")
@click.option("--variants", metavar="N", type=click.IntRange(0, 100_000),
              help="Draw, grade and count N variants of each template.  [default: 50, uncounted]")  # fmt: skip
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Processes.  [default: one for each core]")
@json_option
def command(banks: tuple[str, ...], strict: bool, variants: int | None, jobs: int | None, as_json: bool) -> int:
    """Every finding of a bank, each as `file:line:col: CODE message; remedy` with the line and a caret.

    Fifty variants of each template, or as many as --variants says, are drawn in every language, in turn from every
    choice of the radicals: the key of each has to be right, each known wrong answer has to earn its credit and to be
    diagnosed as itself, and the printed numbers have to be precise enough. With --variants a table tells how many are
    different.
    Ends with 1 if there is an error (with --strict: anything at all).
    """
    from quizgen.checks import check_variants
    from quizgen.findings import Finding, Severity
    from quizgen.processes import cores

    findings: list[Finding] = []
    tallies: list[Tally] = []
    count = USUAL if variants is None else variants
    for folder in banks or (None,):
        with progress("Checking templates") as on_progress:
            found, counts = check_variants(folder, count, jobs or cores(), on_progress)
        findings += found
        tallies += counts
    if as_json:
        import msgspec

        plain = msgspec.to_builtins(findings)
        emit_json(plain if variants is None else {"findings": plain, "variants": msgspec.to_builtins(tallies)})
    else:
        for finding in findings:
            emit(str(finding))
        if tallies and variants is not None:
            _print(tallies)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    found_all = f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}"
    say(found_all if findings else "nothing to mend")
    return 1 if errors or (strict and findings) else 0


def _print(tallies: Sequence[Tally]) -> None:
    rows = [
        (tally.template, tally.language, f"{tally.drawn:,}", f"{tally.distinct:,}",
         f"{'' if tally.exact else '≤ '}{tally.counted:,}")
        for tally in tallies
    ]  # fmt: skip
    emit_table(("template", "language", "drawn", "different", "of"), rows)
