"""One question as text for a terminal: stem, options, keys with the beliefs behind wrong answers, hints, solution."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from fractions import Fraction

import click

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from quizgen.cli.output import display_width
from quizgen.content import Block, Table
from quizgen.exporters.rendering.text import block_text, inline_text
from quizgen.model import (
    ChoiceInteraction,
    GeneratedItem,
    MatchingInteraction,
    MultipleAnswerInteraction,
    NumericTupleInteraction,
    Option,
    OrderingInteraction,
    Part,
    TrueFalseInteraction,
)

WIDEST, NARROWEST = 110, 40
"""Columns to which long lines are broken: the terminal's, within these limits; in a pipe the widest."""
MARK = re.compile(r"\s*(?:[✓✗○•]\s+)?(?:\d+\.\s+)?")


def question_text(generated: GeneratedItem, with_answer: bool = True, width: int = 0) -> str:
    """The question as a person reads it in a terminal; with_answer: also keys, hints and the worked solution.

    width: columns, 0 for those of the terminal.
    """
    item, keys = generated.item, {part.id: part for part in generated.key.parts}
    about = " · ".join(filter(None, (item.code, item.kind, item.bloom, ", ".join(item.concepts))))
    lines = [_heading(item.title), click.style(about, dim=True), "", _blocks(item.stem)]
    for part in item.parts:
        lines += ["", *_part(part, keys[part.id], with_answer, named=len(item.parts) > 1)]
    if with_answer and generated.key.hints:
        lines += [
            "",
            _heading("Hints"),
            *(f"  {number}. {_phrase(hint)}" for number, hint in enumerate(generated.key.hints, 1)),
        ]
    if with_answer and generated.key.solution:
        lines += ["", _heading("Solution"), _blocks(generated.key.solution)]
    width = width or (_terminal_columns() if sys.stdout.isatty() else WIDEST)
    return "\n".join(wrapped(line, width) for entry in lines for line in entry.split("\n"))


def _terminal_columns() -> int:
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


def wrapped(line: str, width: int) -> str:
    """The line broken at words; what follows stands below its text, not below its mark or number.

    >>> print(wrapped("  1. a sum of logs", 12))
      1. a sum
         of logs
    """
    if _columns(line) <= width:
        return line
    mark = MARK.match(click.unstyle(line))
    indent = " " * (mark.end() if mark else 0)
    words = line.split(" ")
    lines = [words[0]]
    for word in words[1:]:
        if _columns(lines[-1]) + 1 + _columns(word) > width and lines[-1].strip():
            lines.append(indent + word)
        else:
            lines[-1] += " " + word
    return "\n".join(lines)


def _columns(text: str) -> int:
    return display_width(click.unstyle(text))


def _blocks(blocks: tuple[Block, ...]) -> str:
    """Blocks as text; the columns of tables are aligned."""
    return "\n\n".join(_table(block) if isinstance(block, Table) else block_text((block,)) for block in blocks)


def _table(table: Table) -> str:
    rows = [[inline_text(cell) for cell in row] for row in ((table.header,) if table.header else ()) + table.rows]
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join([*([table.caption] if table.caption else []), *(f"  {line}".rstrip() for line in lines)])


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
        yield _blocks(part.prompt)
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
            yield from ("  match", *_listed(left), "  with", *_listed(right_side))
        case OrderingInteraction(entries):
            yield from ("  order", *_listed(entries))
        case NumericTupleInteraction(fields):
            yield from (f"  {inline_text(field.content)} = ________" for field in fields)
        case _:
            yield "  ________"
    if with_answer:
        yield from _answer(key.key, texts, getattr(part.interaction, "unit", ""))
        for value, known in rivals.items():
            numbers = key.key if isinstance(key.key, NumericKey) else None
            shown = _rounded(value, numbers.decimal_comma) if numbers else _named(value, texts, key.key)
            yield click.style("  ✗ ", fg="red") + shown
            yield from _beliefs(known)


def _listed(options: tuple[Option, ...]) -> Iterator[str]:
    return (f"    ○ {inline_text(option.content)}" for option in options)


def _rounded(value: str, comma: bool) -> str:
    """A number as it was computed, and as a decimal where that is not the same. comma: it is the decimal mark."""
    from grading.parsing import parse_number
    from grading.text import to_unicode
    from quizgen.exporters.rendering.decimals import as_read, value_of
    from quizgen.simulation import typed_number

    rounded = typed_number(value)
    shown = as_read(rounded, comma)
    if value == rounded:
        return shown
    same = value_of(value) == Fraction(rounded)
    formula = to_unicode(parse_number(value).expression, decimal_comma=comma, euler=True)
    return f"{formula} {'=' if same else '≈'} {shown}" if formula != shown else shown


def _right_options(key: Key) -> tuple[str, ...]:
    match key:
        case ChoiceKey(correct=correct):
            return (correct,)
        case MultipleAnswerKey(correct=several):
            return several
    return ()


def _answer(key: Key, texts: dict[str, str], unit: str) -> Iterator[str]:
    mark = click.style("  ✓ ", fg="green")
    match key:
        case NumericKey(value=value, tolerance=tolerance, digits=digits, decimal_comma=comma):
            from quizgen.exporters.rendering.decimals import as_read
            from quizgen.simulation import typed_number

            amount = as_read(typed_number(str(tolerance.amount)), comma)
            margin = {"exact": "", "absolute": f" ± {amount}"}.get(tolerance.kind, f"   ({tolerance.kind}: {amount})")
            asked = f"   ({digits.count} {digits.kind})" if digits else ""
            near = "".join(
                f"   (± {as_read(typed_number(str(band.within)), comma)}: {band.credit})" for band in key.bands
            )
            yield f"{mark}{_rounded(value, comma)}{margin} {unit}".rstrip() + near + asked
        case NumericTupleKey() as joint:
            from quizgen.exporters.rendering.conditions import condition_text, tuple_text

            yield mark + tuple_text("; ".join(joint.sample), joint)
            yield from (f"    {condition_text(condition, joint)}" for condition in joint.conditions)
        case SymbolicKey(value=value):
            yield mark + value
        case MatchingKey(pairs=pairs):
            for left, chosen in pairs:
                yield f"{mark}{texts.get(left, left)} → {texts.get(chosen, chosen)}"
        case OrderingKey(order=order):
            yield from (f"{mark}{place}. {texts.get(entry, entry)}" for place, entry in enumerate(order, 1))
        case TextKey(accepted=accepted):
            yield mark + " / ".join(accepted)
        case EssayKey(rubric=rubric):
            for criterion in rubric:
                points = "point" if criterion.points == 1 else "points"
                yield f"  {criterion.points} {points}: {_phrase(criterion.text)}"


def _named(value: str, texts: dict[str, str], key: Key) -> str:
    if isinstance(key, NumericTupleKey):
        from quizgen.exporters.rendering.conditions import tuple_text

        return tuple_text(value, key)
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
