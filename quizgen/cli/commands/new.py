"""``quizgen new``: a template to begin with."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from quizgen.cli.output import emit, quizgen_command, say
from quizgen.model import KINDS

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@quizgen_command("new")
@click.argument("template")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What kind of question.")
@click.option(
    "-o", "--output", metavar="FILE", help="Where to write it; - for standard output.  [default: TEMPLATE.yaml]"
)
def command(template: str, kind: str, output: str | None) -> None:
    """Writes a template that passes `quizgen check`, to edit. A file that is there already stays as it is."""
    from quizgen.scaffold import new_template

    if not SLUG.fullmatch(template):
        raise click.UsageError(
            f"'{template}' cannot name a template; use a-z, 0-9 and hyphens, such as loss-of-two-masks"
        )
    text = new_template(template, kind)
    if output == "-":
        emit(text.rstrip("\n"))
        return
    path = Path(output or f"{template}.yaml")
    created = False
    try:
        with path.open("x", encoding="utf-8") as file:
            created = True
            file.write(text)
    except FileExistsError:
        raise click.ClickException(f"{path}: is there already; choose another name or -o FILE") from None
    except OSError as error:
        if created:
            path.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error
    emit(str(path))
    say(f"Edit it, then: quizgen check --bank {os.fspath(path.parent)}")
