"""``quizgen diff``: which questions an edit touches, and how."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from quizgen.cli.output import counted, emit, emit_json, json_option, quizgen_command, say

if TYPE_CHECKING:
    from quizgen.differences import TemplateChange, VariantChange

SUMMARY = {
    "added": "added",
    "removed": "removed",
    "marks": "with other marks",
    "words": "with other words",
    "unchanged": "unchanged",
}
SHOWN_GRADES = 4
"""Responses that are graded otherwise, shown of each variant."""


@quizgen_command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--variants", metavar="N", type=click.IntRange(1, 10_000), default=20, show_default=True,
              help="How many are compared of each template, language and choice of radicals.")  # fmt: skip
@json_option
def command(old: str, new: str, variants: int, as_json: bool) -> int:
    """What a change of a bank does to its questions: `quizgen diff my-bank@HEAD my-bank`.

    OLD and NEW are folders, or FOLDER@REVISION for a state that git knows. Variants are drawn from both. A template is
    added, removed or unchanged; only its words changed; or its marks did: a key, a credit, a tolerance, an option.

    Ends with 0 if no question changed and with 1 if one did.
    """
    from quizgen.bank import load_bank
    from quizgen.cli.revisions import bank_folder
    from quizgen.differences import compare_banks

    with bank_folder(old) as before, bank_folder(new) as after:
        found = compare_banks(load_bank(before), load_bank(after), variants)
    changed = [change for change in found if change.what != "unchanged"]
    if as_json:
        import msgspec

        emit_json(msgspec.to_builtins(found))
    else:
        for change in changed:
            _print(change)
    counts = [(sum(change.what == what for change in found), said) for what, said in SUMMARY.items()]
    say(f"{counted(len(found), 'template')}: " + ", ".join(f"{count} {said}" for count, said in counts if count))
    return 1 if changed else 0


def _print(change: TemplateChange) -> None:
    emit(f"{change.what:<8}  {change.template}")
    runs = groupby(change.variants, key=lambda one: (one.language, one.radicals, one.changed))
    for (language, radicals, what), run in runs:
        variants = list(run)
        fixed = "".join(f" {name}={value}" for name, value in radicals)
        emit(f"            {language}{fixed}, {_numbers(variants)}: {', '.join(what)}")
        for line in variants[0].grades[:SHOWN_GRADES]:
            emit(f"              in variant {variants[0].variant}: {line}")


def _numbers(variants: list[VariantChange]) -> str:
    first, last = variants[0].variant, variants[-1].variant
    return f"variant {first}" if first == last else f"variants {first}–{last}"
