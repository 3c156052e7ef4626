"""``quizgen export``: files for a learning platform, and what they cannot say."""

from __future__ import annotations

from typing import Literal

import click

from quizgen.cli.output import emit, emit_json, json_option, quizgen_command, say

MOST = 2
"""Processes, if nobody asks for more: so that very large exports stay below 300 MB."""


@quizgen_command("export")
@click.argument("archive", metavar="OUT", type=click.Path(exists=True, file_okay=False))
@click.argument("more", metavar="", nargs=-1)
@click.option("--to", "formats", metavar="FORMAT...", multiple=True, required=True,
              help="Such as moodle-xml or html; one or several. See `quizgen formats`.")  # fmt: skip
@click.option("-o", "--output", metavar="DIR", help="Files go to DIR/FORMAT/.  [default: OUT/FORMAT/]")
@click.option("--strict", is_flag=True, help="Refuse if anything is not kept exactly.")
@click.option(
    "--learner", metavar="ID", default="", help="Only the form of this learner, for formats that print forms."
)
@click.option("--formulas", type=click.Choice(["text", "choice"]), default="text", show_default=True,
              help="Where they cannot be compared: a text, marked on return, or a choice.")  # fmt: skip
@click.option("--no-code", is_flag=True, help="Do not print the item's code under its stem.")
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Processes, of some 60 MB.  [default: 2]")
@json_option
def command(
    archive: str,
    more: tuple[str, ...],
    formats: tuple[str, ...],
    output: str | None,
    strict: bool,
    learner: str,
    formulas: Literal["text", "choice"],
    no_code: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Writes the quiz OUT in one or more formats and lists the caveats of each.

    All formats are examined before the first is written. The same archive gives the same bytes.
    """
    from quizgen.archive import read_archive
    from quizgen.exporters.catalogue import format_of
    from quizgen.exporters.contract import ExportError, Options
    from quizgen.exporters.delivery import export
    from quizgen.processes import cores

    try:
        chosen = [format_of(name) for name in dict.fromkeys((*formats, *more))]
    except ExportError as error:
        raise click.UsageError(str(error)) from error
    options = Options(
        learner=learner,
        code_in_stem=not no_code,
        dated=_date_of(archive),
        formulas=formulas,
        processes=jobs or min(cores(), MOST),
    )
    done = export(read_archive(archive), chosen, output, strict, options)
    for exported in done:
        for line in exported.plan.lines():
            say(line)
        if step := format_of(exported.format).next_step:
            say(f"  next: {step}")
    if as_json:
        import msgspec

        emit_json(
            [
                {
                    "format": exported.format,
                    "files": [str(exported.folder / name) for name in exported.files],
                    "items": exported.plan.items,
                    "exact": exported.plan.exact,
                    "caveats": msgspec.to_builtins(exported.plan.noted),
                }
                for exported in done
            ]
        )
        return
    for exported in done:
        for name in exported.files:
            emit(str(exported.folder / name))


def _date_of(archive: str) -> int:
    """When an archive was built, as its files say; SOURCE_DATE_EPOCH overrules them if it is a date before 2286."""
    import os
    from pathlib import Path

    from quizgen.archive import QUIZ

    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    quiz = Path(archive) / QUIZ
    if given.isascii() and given.isdecimal() and len(given) <= 10:
        return int(given)
    return int(quiz.stat().st_mtime) if quiz.is_file() else 0
