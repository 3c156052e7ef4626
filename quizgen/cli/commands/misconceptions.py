"""``quizgen misconceptions``: what can be offered as a wrong answer and recognised in one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from quizgen.cli.inputs import open_banks
from quizgen.cli.output import banks_option, emit, emit_json, emit_table, json_option, quizgen_command, say

if TYPE_CHECKING:
    from quizgen.bank import Bank, Banks
    from quizgen.misconceptions.operators import Misconception

_WORDS = ("title", "hint", "feedback")


@quizgen_command("misconceptions")
@click.argument("name", required=False)
@click.option("--language", metavar="LANG", help="Such as de; the language of the bank by default.")
@banks_option
@json_option
def command(name: str | None, language: str | None, banks: tuple[str, ...], as_json: bool) -> None:
    """Every misconception that templates can name, or with NAME all the words about one.

    expression: changes the objective; numeric: changes a number; procedural: a token sequence; belief: in words only.
    Where several banks have words of their own for one, it stands there for each.
    """
    from quizgen.misconceptions.catalogue import CATALOGUE

    opened = open_banks(banks)
    language = opened.known_language(language)
    chosen = [entry for entry in CATALOGUE if name is None or entry.id == name]
    if not chosen:
        from difflib import get_close_matches

        near = get_close_matches(name or "", [entry.id for entry in CATALOGUE], n=3)
        meant = f"did you mean {', '.join(near)}?" if near else "see: quizgen misconceptions"
        raise click.UsageError(f"there is no misconception '{name}'; {meant}")
    rows = [row for entry in chosen for row in _rows(entry, opened, language)]
    if as_json:
        emit_json(rows)
    elif name is not None:
        emit("\n\n".join("\n".join(f"{field}: {value}" for field, value in row.items()) for row in rows))
    else:
        columns = ("misconception", "kind", "concept", *(["bank"] if len(opened.banks) > 1 else []), "title")
        emit_table(columns, [tuple(row[column] for column in columns) for row in rows])
        say(f"{len(chosen)} misconceptions. All about one: quizgen misconceptions {rows[0]['misconception']}")


def _rows(entry: Misconception, opened: Bank | Banks, language: str) -> Iterator[dict[str, str]]:
    """What is said about one: once for all banks that say the same. The bank is named where there are several."""
    said: dict[tuple[str, ...], list[str]] = {}
    for bank in opened.banks:
        words = bank.words(language).get(entry.id)
        texts = tuple("" if words is None else getattr(words, field) for field in _WORDS)
        said.setdefault(texts, []).append(bank.id)
    if len(said) > 1:
        said.pop(("",) * len(_WORDS), None)  # a bank that says nothing of it
    for texts, ids in said.items():
        where = {"bank": ", ".join(ids)} if len(opened.banks) > 1 else {}
        yield {
            "misconception": entry.id,
            "kind": entry.kind,
            "concept": entry.concept,
            **where,
            **dict(zip(_WORDS, texts, strict=True)),
        }
