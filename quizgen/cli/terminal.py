"""One question as text for a terminal: stem, options, keys with the beliefs behind wrong answers, hints, solution."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator

import click

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from quizgen.cli.output import display_width
from quizgen.exporters.rendering.text import block_text, inline_text
from quizgen.model import (
    ChoiceInteraction,
    GeneratedItem,
    MatchingInteraction,
    MultipleAnswerInteraction,
    Option,
    OrderingInteraction,
    Part,
    TrueFalseInteraction,
)

WIDTH = 110
"""Columns to which long lines are broken, in a terminal that has so many."""


def question_text(generated: GeneratedItem, with_answer: bool = True) -> str:
    """The question as a person reads it in a terminal; with_answer: also keys, hints and the worked solution."""
    item, keys = generated.item, {part.id: part for part in generated.key.parts}
    about = " · ".join(filter(None, (item.code, item.kind, item.bloom, ", ".join(item.concepts))))
    lines = [_heading(item.title), click.style(about, dim=True), "", block_text(item.stem)]
    for part in item.parts:
        lines += ["", *_part(part, keys[part.id], with_answer, named=len(item.parts) > 1)]
    if with_answer and generated.key.hints:
        lines += [
            "",
            _heading("Hints"),
            *(f"  {number}. {_phrase(hint)}" for number, hint in enumerate(generated.key.hints, 1)),
        ]
    if with_answer and generated.key.solution:
        lines += ["", _heading("Solution"), block_text(generated.key.solution)]
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns) if sys.stdout.isatty() else WIDTH
    return "\n".join(_wrapped(line, width) for entry in lines for line in entry.split("\n"))


def _wrapped(line: str, width: int) -> str:
    """The line broken at words, with the indentation of its beginning."""
    if display_width(line) <= width or "|" in line:
        return line
    indent = " " * (len(line) - len(line.lstrip(" ")))
    return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _phrase(text: str) -> str:
    """Words with mathematics, as they are printed in a terminal."""
    from quizgen.markup.compiler import inline_of

    return inline_text(inline_of(text))


def _heading(text: str) -> str:
    return click.style(text, bold=True)


def _part(part: Part, key: PartKey, with_answer: bool, named: bool) -> Iterator[str]:
    if named:
        yield _heading(f"[{part.id}]") + f" weight {part.weight}"
    if part.prompt:
        yield block_text(part.prompt)
    texts = dict(key.options)
    rivals: dict[str, list[Rival]] = {}
    for rival in () if isinstance(key.key, EssayKey) else key.key.rivals:
        rivals.setdefault(rival.value, []).append(rival)
    right = _right_options(key.key)
    match part.interaction:
        case ChoiceInteraction(options) | TrueFalseInteraction(options) | MultipleAnswerInteraction(options):
            for option in options:
                mark = ("✓" if option.id in right else "✗") if with_answer else "○"
                yield f"  {mark} {inline_text(option.content)}"
                if with_answer:
                    yield from _beliefs(rivals.get(option.id, []))
            return
        case MatchingInteraction(left, right_side):
            yield f"  match: {_listed(left)}"
            yield f"  with:  {_listed(right_side)}"
        case OrderingInteraction(entries):
            yield f"  order: {_listed(entries)}"
        case _:
            yield "  ________"
    if with_answer:
        yield from _answer(key.key, texts)
        for value, known in rivals.items():
            shown = _named(value, texts)
            yield click.style("  ✗ ", fg="red") + shown
            yield from _beliefs(known)


def _listed(options: tuple[Option, ...]) -> str:
    return " | ".join(inline_text(option.content) for option in options)


def _right_options(key: Key) -> tuple[str, ...]:
    match key:
        case ChoiceKey(correct=correct):
            return (correct,)
        case MultipleAnswerKey(correct=several):
            return several
    return ()


def _answer(key: Key, texts: dict[str, str]) -> Iterator[str]:
    mark = click.style("  ✓ ", fg="green")
    match key:
        case NumericKey(value=value, unit=unit, tolerance=tolerance):
            from quizgen.simulation import typed_number

            rounded = typed_number(value)
            worth = value if value == rounded else f"{value} ≈ {rounded}"
            margin = (
                ""
                if tolerance.kind == "exact"
                else f"   ({tolerance.kind} tolerance {typed_number(str(tolerance.amount))})"
            )
            yield f"{mark}{worth} {unit}".rstrip() + margin
        case SymbolicKey(value=value):
            yield mark + value
        case MatchingKey(pairs=pairs):
            for left, chosen in pairs:
                yield f"{mark}{texts.get(left, left)} → {texts.get(chosen, chosen)}"
        case OrderingKey(order=order):
            yield mark + " → ".join(texts.get(entry, entry) for entry in order)
        case TextKey(accepted=accepted):
            yield mark + " / ".join(accepted)
        case EssayKey(rubric=rubric):
            for criterion in rubric:
                points = "point" if criterion.points == 1 else "points"
                yield f"  {criterion.points} {points}: {_phrase(criterion.text)}"


def _named(value: str, texts: dict[str, str]) -> str:
    left, equals, right = value.partition("=")
    if equals and left in texts:
        return f"{texts[left]} → {texts.get(right, right)}"
    return " → ".join(texts[entry] for entry in value.split(" ")) if set(value.split(" ")) <= set(texts) else value


def _beliefs(rivals: list[Rival]) -> Iterator[str]:
    for rival in rivals:
        credit = f" (credit {rival.credit})" if rival.credit else ""
        if rival.misconceptions:
            ids = click.style(" + ".join(rival.misconceptions), fg="yellow")
            yield f"      {ids}: {_phrase(rival.title)}{credit}"
        elif credit:
            yield f"     {credit}"
        if rival.feedback:
            yield f"      {_phrase(rival.feedback)}"
