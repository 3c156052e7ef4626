"""``quizgen list``: what a bank has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.cli.inputs import open_banks
from quizgen.cli.output import banks_option, counted, emit, emit_json, emit_table, json_option, quizgen_command, say

if TYPE_CHECKING:
    from quizgen.bank import Bank, Banks
    from quizgen.bank.listing import Listing


@quizgen_command("list")
@banks_option
@click.option("--concept", metavar="C", help="Only templates about this concept, and what has to be known before.")
@click.option("--graph", metavar="FILE", type=click.Path(dir_okay=False), help="Draw the concepts as SVG instead.")
@click.option("--language", metavar="LANG", help="Of the names of concepts; the language of the bank by default.")
@json_option
def command(
    banks: tuple[str, ...], concept: str | None, graph: str | None, language: str | None, as_json: bool
) -> None:
    """The templates of a bank, with kind, concepts, Bloom level and number of variants.

    A number with ≤ counts the draws, of which some may be refused because a wrong answer would be right.
    """
    from quizgen.cli.counts import variant_counts

    opened = open_banks(banks)
    language = opened.known_language(language)
    if graph is not None:
        _draw(opened, Path(graph), language)
        return
    listing = opened.listing()
    rows = [row for row in listing if concept is None or concept in row.concepts]
    if concept is not None and not rows:
        known = sorted({name for row in listing for name in row.concepts})
        raise click.UsageError(f"no template is about '{concept}'; the concepts are: {', '.join(known) or 'none'}")
    if concept is not None and not as_json:
        _about(opened, concept, language)
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
                    "bank": row.bank,
                    "review": row.review,
                    "author": row.author,
                    "licence": row.licence,
                }
                for row in rows
            ]
        )
        return
    columns = _columns(rows, len(opened.banks) > 1)
    shown = [
        (row.template, row.kind, row.bloom or "–", _shown(*counts[row.template]), ", ".join(row.concepts) or "–",
         *(getattr(row, name) or "–" for name in columns), row.title)
        for row in rows
    ]  # fmt: skip
    emit_table(("template", "kind", "Bloom", "variants", "concepts", *columns, "title"), shown)
    if agreed := [f"{name} {getattr(rows[0], name)}" for name in _of_all(rows)]:
        say(f"All of them: {', '.join(agreed)}.")
    next_step = f"See one: quizgen show {rows[0].template}" if rows else "Add one: quizgen new NAME --kind KIND"
    say(f"{counted(len(rows), 'template')}. {next_step}")


def _columns(rows: list[Listing], several: bool) -> list[str]:
    """The columns that say something: the bank where there are several, and what any template tells of itself."""
    told = [name for name in ("review", "author", "licence") if any(getattr(row, name) for row in rows)]
    told = [name for name in told if name not in _of_all(rows)]
    return ["bank", *told] if several else told


def _of_all(rows: list[Listing]) -> list[str]:
    """What all of several templates say alike of author and licence: said once, not in a column."""
    if len(rows) < 2:
        return []
    values = {name: {getattr(row, name) for row in rows} for name in ("author", "licence")}
    return [name for name, found in values.items() if len(found) == 1 and "" not in found]


def _about(banks: Bank | Banks, concept: str, language: str) -> None:
    """The neighbourhood of a concept: before, related, after."""
    graph = banks.concept_graph
    if concept not in graph.concepts:
        return
    say(f"{concept}: {graph.concepts[concept].name(language)}")
    for what, names in (
        ("learn before", graph.all_before(concept)),
        ("related", graph.related_to(concept)),
        ("learn after", graph.after(concept)),
    ):
        if names:
            say(f"  {what}: " + "; ".join(graph.concepts[name].name(language) for name in names))


def _draw(banks: Bank | Banks, path: Path, language: str) -> None:
    """Writes the picture of the concepts, those of several banks together, with the number of questions about each."""
    from quizgen.bank.concept_map import concept_map
    from quizgen.cli.files import written_beside

    graph = banks.concept_graph
    if not graph.concepts:
        here = "this bank has" if len(banks.banks) == 1 else "these banks have"
        raise click.UsageError(f"{here} no concepts.yaml, so there is nothing to draw")
    counts = {name: sum(name in row.concepts for row in banks.listing()) for name in graph.concepts}
    with written_beside(path, "<svg") as file:
        file.write(concept_map(graph, language, banks.title_in(language), counts))
    emit(str(path))
    say(f"{counted(len(graph.concepts), 'concept')}, {sum(map(bool, counts.values()))} of them with questions.")


def _shown(number: int, exact: bool) -> str:
    return f"{'' if exact else '≤ '}{number:,}"
