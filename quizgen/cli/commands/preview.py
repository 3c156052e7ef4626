"""``quizgen preview``: a contact sheet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.inputs import open_banks, source_of_draws
from quizgen.cli.output import banks_option, counted, emit, quizgen_command, say, sentences_option

if TYPE_CHECKING:
    from quizgen.archive import Archive
    from quizgen.findings import Finding
    from quizgen.model import GeneratedItem


REFRESH = 1
"""Seconds after which a page that is watched looks for what is new."""


@quizgen_command("preview")
@click.argument("what", metavar="OUT|TEMPLATE")
@click.option("--variants", metavar="N", type=click.IntRange(1, 10_000), default=20, show_default=True,
              help="How many of each question.")  # fmt: skip
@click.option("--seed", metavar="S", help="Where the draws of a template come from.  [default: 1]")
@click.option("--language", metavar="LANG", help="Such as de; the language of the bank by default.")
@banks_option
@sentences_option
@click.option("-o", "--output", metavar="FILE", required=True, help="The page.")
@click.option("--watch", is_flag=True, help="Draw a TEMPLATE anew whenever a file of its bank is saved, until Ctrl-C.")
def command(
    what: str,
    variants: int,
    seed: str | None,
    language: str | None,
    banks: tuple[str, ...],
    output: str,
    watch: bool,
) -> None:
    """Variants side by side on one page, with key, feedback and findings: of an archive OUT or of one TEMPLATE.

    The page shows every answer. It is for whoever writes or reviews questions. With --watch an open page follows by
    itself what is saved, also when a mistake was made: then it shows the findings.
    """
    from quizgen.archive import QUIZ, read_archive
    from quizgen.exporters.preview import contact_sheet

    of_archive = (Path(what) / QUIZ).is_file() or (os.sep in what and Path(what).exists())
    if of_archive:
        if watch:
            raise click.UsageError("an archive does not change; --watch is for a template")
        archive = read_archive(what)
        items = list(_of_archive(archive, variants))
        _write(Path(output), contact_sheet(items, (), archive.quiz.title))
        emit(output)
        say(f"{counted(len(items), 'variant')}, 0 findings")
        return
    if not watch:
        items, title, findings = _of_template(what, variants, seed, language, banks)
        _write(Path(output), contact_sheet(items, findings, title))
        emit(output)
        say(f"{counted(len(items), 'variant')}, {counted(len(findings), 'finding')}")
        return
    _watch(what, variants, seed, language, banks, Path(output))


def _watch(
    what: str, variants: int, seed: str | None, language: str | None, banks: tuple[str, ...], output: Path
) -> None:
    """Draws the page once and after every save."""
    from quizgen.bank import shipped_folder
    from quizgen.cli.watching import saves
    from quizgen.exporters.preview import contact_sheet
    from quizgen.findings import FindingsError

    def draw() -> None:
        try:
            items, title, findings = _of_template(what, variants, seed, language, banks)
        except FindingsError as error:
            items, title, findings = [], what, error.findings
        _write(output, contact_sheet(items, findings, title, refresh=REFRESH))
        say(f"{counted(len(items), 'variant')}, {counted(len(findings), 'finding')}")

    draw()
    emit(str(output))
    say("Watching; Ctrl-C ends it.")
    with suppress(KeyboardInterrupt):
        for _ in saves(*(map(Path, banks) if banks else [shipped_folder()])):
            draw()


def _write(output: Path, page: bytes) -> None:
    from quizgen.cli.files import written_beside

    with written_beside(output, begins="<!DOCTYPE html>") as file:
        file.write(page.decode())


def _of_archive(archive: Archive, variants: int) -> Iterator[GeneratedItem]:
    from quizgen.model import GeneratedItem

    for slot in archive.quiz.slots:
        for item in slot.pool[:variants]:
            yield GeneratedItem(archive.item(item), archive.key(item))


def _of_template(
    name: str, variants: int, seed: str | None, language: str | None, banks: tuple[str, ...]
) -> tuple[list[GeneratedItem], str, tuple[Finding, ...]]:
    from quizgen.assembly import assemble
    from quizgen.checks import check_template

    opened = open_banks(banks)
    template = opened.template(name)
    assembly = assemble(opened, [name], variants=variants, source=source_of_draws(seed, None), language=language)
    title = template.in_language(language).title if language else template.title
    return list(assembly.items()), title, (*check_template(opened.home(name), template), *assembly.findings)
