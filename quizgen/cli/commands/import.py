"""``quizgen import``: templates from questions of other programs."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import click

from quizgen.cli.output import counted, emit, emit_json, emit_table, json_option, quizgen_command, say

if TYPE_CHECKING:
    from quizgen.importing import Lost, Written


@quizgen_command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "-o", "--output", metavar="FOLDER", required=True, help="Where the templates go: a new folder, or a bank of yours."
)
@click.option("--bank-name", metavar="NAME", default="", help="Of a new bank.  [default: that of the folder]")
@click.option(
    "--language",
    metavar="CODE",
    default="",
    help="Of the questions.  [default: what the files say, or en]",
)
@json_option
def command(files: tuple[str, ...], output: str, bank_name: str, language: str, as_json: bool) -> int:
    """Writes a template for each choice, true/false, numeric, matching and short-answer question in the files, and for
    orders, essays and gap texts where they have one of ours.

    A file is Moodle XML, GIFT, or QTI 2.1 or 3.0 (one item, or a package). Whatever cannot be carried is listed, with
    the reason. Nothing that is there is replaced. Ends with 1 if a question is missing.
    """
    from quizgen.importing import read_questions, write_templates

    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*", language):
        raise click.UsageError(f"'{language}' is no code of a language; write en, de or pt-BR")
    read = [read_questions(file) for file in files]
    questions = [question for imported in read for question in imported.questions]
    made = write_templates(output, questions, bank_name, language)
    lost = [*(loss for imported in read for loss in imported.lost), *made.lost]
    lost.sort(key=lambda loss: loss.place)
    if as_json:
        emit_json({"templates": [_row(written) for written in made.written], "lost": [_loss(loss) for loss in lost]})
    else:
        if made.written:
            emit_table(
                ("template", "kind", "from", "question"),
                ((w.template, w.question.kind, str(w.question.place), w.question.name) for w in made.written),
            )
        for loss in lost:
            emit(str(loss.finding()))
    missing = sum(loss.whole for loss in lost)
    summary = [counted(len(made.written), "template")]
    summary += [counted(missing, "question") + " not carried"] if missing else []
    summary += (
        [counted(len(lost) - missing, "loss").replace("losss", "losses") + " inside"] if len(lost) > missing else []
    )
    say(", ".join(summary))
    if made.written:
        say(f"Look through them, then: quizgen check --bank {os.fspath(output)}")
    return 1 if missing else 0


def _row(written: Written) -> dict[str, Any]:
    question = written.question
    return {
        "template": written.template,
        "kind": question.kind,
        "file": str(written.path),
        "from": str(question.place),
        "question": question.name,
    }


def _loss(loss: Lost) -> dict[str, Any]:
    return {
        "from": str(loss.place),
        "question": loss.question,
        "code": loss.code,
        "carried": not loss.whole,
        "reason": loss.reason,
    }
