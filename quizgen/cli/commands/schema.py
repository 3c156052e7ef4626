"""``quizgen schema``: the JSON Schemas, for editors and other programs."""

from __future__ import annotations

import click

from quizgen.cli.output import quizgen_command
from quizgen.cli.output import emit_json, emit_table, json_option


@quizgen_command("schema")
@click.argument("name", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """The schema of this name, or without one what there is.

    `quizgen schema template` is the one to give to an editor, which then completes and checks templates as you type.
    """
    from quizgen.schemas import published_schemas

    schemas = published_schemas()
    if name is None:
        rows = [
            (key, " ".join(str(schema.get("description", "")).split("\n\n")[0].split()))
            for key, schema in schemas.items()
        ]
        if as_json:
            emit_json(schemas)
        else:
            emit_table(("name", "of"), rows)
        return
    if name not in schemas:
        raise click.UsageError(f"there is no schema '{name}'; there are: {', '.join(schemas)}")
    emit_json(schemas[name])
