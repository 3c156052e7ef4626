"""``quizgen list``: what a bank has."""

from __future__ import annotations

import click

from quizgen.cli.inputs import open_bank
from quizgen.cli.output import bank_option, counted, emit_json, emit_table, json_option, quizgen_command, say


@quizgen_command("list")
@bank_option
@click.option("--concept", metavar="C", help="Only templates about this concept.")
@json_option
def command(bank: str | None, concept: str | None, as_json: bool) -> None:
    """The templates of a bank, with kind, concepts, Bloom level and number of variants.

    A number with ≤ counts the draws, of which some may be refused because a wrong answer would be right.
    """
    from quizgen.cli.counts import variant_counts

    opened = open_bank(bank)
    listing = opened.listing()
    rows = [row for row in listing if concept is None or concept in row.concepts]
    if concept is not None and not rows:
        known = sorted({name for row in listing for name in row.concepts})
        raise click.UsageError(f"no template is about '{concept}'; the concepts are: {', '.join(known) or 'none'}")
    counts = variant_counts(opened, [row.template for row in rows])
    if as_json:
        emit_json(
            [
                {
                    "template": row.template,
                    "kind": row.kind,
                    "concepts": list(row.concepts),
                    "bloom": row.bloom,
                    "variants": counts[row.template][0],
                    "exact": counts[row.template][1],
                    "title": row.title,
                }
                for row in rows
            ]
        )
        return
    shown = [
        (
            row.template,
            row.kind,
            row.bloom or "–",
            _shown(*counts[row.template]),
            ", ".join(row.concepts) or "–",
            row.title,
        )
        for row in rows
    ]
    emit_table(("template", "kind", "Bloom", "variants", "concepts", "title"), shown)
    next_step = f"See one: quizgen show {rows[0].template}" if rows else "Add one: quizgen new NAME --kind KIND"
    say(f"{counted(len(rows), 'template')}. {next_step}")


def _shown(number: int, exact: bool) -> str:
    return f"{'' if exact else '≤ '}{number:,}"
