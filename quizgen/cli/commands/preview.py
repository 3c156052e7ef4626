"""``quizgen preview``: a contact sheet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.inputs import open_bank, source_of_draws
from quizgen.cli.output import bank_option, counted, emit, quizgen_command, say, sentences_option

if TYPE_CHECKING:
    from quizgen.archive import Archive
    from quizgen.findings import Finding
    from quizgen.model import GeneratedItem


@quizgen_command("preview")
@click.argument("what", metavar="OUT|TEMPLATE")
@click.option("--variants", metavar="N", type=click.IntRange(1, 10_000), default=20, show_default=True,
              help="How many of each question.")  # fmt: skip
@click.option("--seed", metavar="S", help="Where the draws of a template come from.  [default: 1]")
@click.option("--language", metavar="LANG", help="Such as de; the language of the bank by default.")
@bank_option
@sentences_option
@click.option("-o", "--output", metavar="FILE", required=True, help="The page.")
def command(what: str, variants: int, seed: str | None, language: str | None, bank: str | None, output: str) -> None:
    """Variants side by side on one page, with key, feedback and findings: of an archive OUT or of one TEMPLATE.

    The page shows every answer. It is for whoever writes or reviews questions.
    """
    from quizgen.archive import QUIZ, read_archive
    from quizgen.cli.files import written_beside
    from quizgen.exporters.preview import contact_sheet

    findings: tuple[Finding, ...] = ()
    if (Path(what) / QUIZ).is_file() or (os.sep in what and Path(what).exists()):
        archive = read_archive(what)
        items, title = list(_of_archive(archive, variants)), archive.quiz.title
    else:
        items, title, findings = _of_template(what, variants, seed, language, bank)
    page = contact_sheet(items, findings, title)
    with written_beside(Path(output), begins="<!DOCTYPE html>") as file:
        file.write(page.decode())
    emit(output)
    say(f"{counted(len(items), 'variant')}, {counted(len(findings), 'finding')}")


def _of_archive(archive: Archive, variants: int) -> Iterator[GeneratedItem]:
    from quizgen.model import GeneratedItem

    for slot in archive.quiz.slots:
        for item in slot.pool[:variants]:
            yield GeneratedItem(archive.item(item), archive.key(item))


def _of_template(
    name: str, variants: int, seed: str | None, language: str | None, bank: str | None
) -> tuple[list[GeneratedItem], str, tuple[Finding, ...]]:
    from quizgen.assembly import assemble
    from quizgen.checks import check_template

    opened = open_bank(bank)
    template = opened.template(name)
    assembly = assemble(opened, [name], variants=variants, source=source_of_draws(seed, None), language=language)
    return list(assembly.items()), template.title, (*check_template(opened, template), *assembly.findings)
