"""``quizgen new``: a template to begin with."""

from __future__ import annotations

import json
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
    """Writes a template that passes `quizgen check`, to edit. A file that is there already stays as it is.

    Beside it lies template.schema.json, which the template's first line names: editors that know YAML, such as VS Code
    with its YAML extension, complete and check the template with it as you type.
    """
    from quizgen.scaffold import SCHEMA_FILE, new_template

    if not SLUG.fullmatch(template):
        raise click.UsageError(
            f"'{template}' cannot name a template; use a-z, 0-9 and hyphens, such as loss-of-two-masks"
        )
    if output == "-":
        emit(new_template(template, kind).rstrip("\n"))
        return
    text = new_template(template, kind, SCHEMA_FILE)
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
    _write_schema(path.with_name(SCHEMA_FILE))
    emit(str(path))
    say(f"Edit it, then: quizgen check --bank {os.fspath(path.parent)}")


def _write_schema(path: Path) -> None:
    """Lays the schema of this version of quizgen beside a template; another program's file of that name stays."""
    from quizgen.cli.files import written_beside
    from quizgen.folders import PlacedError
    from quizgen.template import template_schema

    schema = template_schema()
    beginning = json.dumps({name: schema[name] for name in ("$schema", "title")}, indent=2).rstrip("\n}")
    try:
        with written_beside(path, begins=beginning) as file:
            file.write(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")
    except PlacedError:
        say(f"{path}: is no schema of ours and stays as it is; name another one in the template's first line")
