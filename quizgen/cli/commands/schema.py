"""``quizgen schema``: the JSON Schemas, for editors and other programs."""

from __future__ import annotations

from typing import Any

import click

from quizgen.cli.output import emit_json, emit_table, json_option, quizgen_command


@quizgen_command("schema")
@click.argument("name", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """The JSON Schema of this NAME, or without one what there is.

    `quizgen schema template` is the one to give to an editor, which then completes and checks templates as you type.
    """
    from quizgen.schemas import PUBLISHED, published_schemas
    from quizgen.template import template_schema

    schemas: dict[str, dict[str, Any]] = {"template": template_schema(), **published_schemas()}
    if name is not None:
        if name not in schemas:
            raise click.UsageError(f"there is no schema '{name}'; there are: {', '.join(schemas)}")
        emit_json(schemas[name])
    elif as_json:
        emit_json(schemas)
    else:
        purposes = {
            key: (kind.__doc__ or "").strip().split("\n")[0].replace("``", "") for key, kind in PUBLISHED.items()
        }
        rows = [(key, purposes.get(key, "A question template of a bank, for editors.")) for key in schemas]
        emit_table(("name", "describes"), rows)
