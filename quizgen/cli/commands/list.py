"""``quizgen list``: what a bank has."""

from __future__ import annotations

import click

from quizgen.cli.inputs import open_bank
from quizgen.cli.output import bank_option, command, emit_json, emit_table, json_option, say


@command("list")
@bank_option
@click.option("--concept", metavar="C", help="Only templates about this concept.")
@json_option
def command(bank: str | None, concept: str | None, as_json: bool) -> int:
    """The templates of a bank, with kind, concepts, Bloom level and number of variants.

    A number with ~ is an estimate: so many draws there are, of which some may be refused.
    """
    opened = open_bank(bank)
    rows = [row for row in opened.listing() if concept is None or concept in row.concepts]
    if concept is not None and not rows:
        known = sorted({name for row in opened.listing() for name in row.concepts})
        raise click.UsageError(f"no template is about '{concept}'; the concepts are: {', '.join(known)}")
    return 0
