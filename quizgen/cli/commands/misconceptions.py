"""``quizgen misconceptions``: what can be offered as a wrong answer and recognised in one."""

from __future__ import annotations

import click

from quizgen.cli.inputs import open_bank
from quizgen.cli.output import bank_option, emit, emit_json, emit_table, json_option, quizgen_command, say


@quizgen_command("misconceptions")
@click.argument("name", required=False)
@click.option("--language", metavar="LANG", help="Such as de; the language of the bank by default.")
@bank_option
@json_option
def command(name: str | None, language: str | None, bank: str | None, as_json: bool) -> None:
    """Every misconception that templates can name, or with NAME all the words about one.

    expression: changes the objective; numeric: changes a number; procedural: a token sequence; belief: in words only.
    """
    from quizgen.misconceptions.catalogue import CATALOGUE

    opened = open_bank(bank)
    words = opened.words(opened.known_language(language))
    chosen = [entry for entry in CATALOGUE if name is None or entry.id == name]
    if not chosen:
        from difflib import get_close_matches

        near = get_close_matches(name or "", [entry.id for entry in CATALOGUE], n=3)
        meant = f"did you mean {', '.join(near)}?" if near else "see: quizgen misconceptions"
        raise click.UsageError(f"there is no misconception '{name}'; {meant}")
    rows = [
        {
            "misconception": entry.id,
            "kind": entry.kind,
            "concept": entry.concept,
            "title": words[entry.id].title if entry.id in words else "",
            "hint": words[entry.id].hint if entry.id in words else "",
            "feedback": words[entry.id].feedback if entry.id in words else "",
        }
        for entry in chosen
    ]
    if as_json:
        emit_json(rows)
    elif name is not None:
        emit("\n".join(f"{field}: {value}" for field, value in rows[0].items()))
    else:
        emit_table(
            ("misconception", "kind", "concept", "title"),
            [(row["misconception"], row["kind"], row["concept"], row["title"]) for row in rows],
        )
        say(f"{len(rows)} misconceptions. All about one: quizgen misconceptions {rows[0]['misconception']}")
