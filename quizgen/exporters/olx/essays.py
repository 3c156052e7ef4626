"""What a person marks: an open response with the rubric, marked by the staff of the course."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from grading.answersheet import PartKey
from grading.keys import EssayKey, SymbolicKey
from quizgen.exporters.olx.markup import DIALECT, element, line, olx_text
from quizgen.exporters.olx.problems import Written
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.fields import field_instructions
from quizgen.exporters.rendering.html import block_html, escaped, inline_html
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import inline_text, printable
from quizgen.exporters.told_answers import offered, right_answers
from quizgen.model import Part

MOST_STEPS = 10
"""A line of a rubric worth more points than this is given whole or not at all."""

FIRST, LAST = "2001-01-01T00:00:00+00:00", "2099-12-31T00:00:00+00:00"

Line = tuple[str, Fraction, int, str]
"""A line of the rubric: its name, its share of the points, in how many steps it is given, what is told beside it."""


def open_response_xml(written: Written, name: str) -> str:
    """The ``<openassessment>``; it stands inside the block that holds it. name: of the block."""
    item, words = written.item, written.words
    code = f"<p><small>{olx_text(item.code)}</small></p>" if written.code else ""
    keys = {part_key.id: part_key for part_key in written.key.parts}
    several = len(item.parts) > 1
    prompts = ""
    for place, part in enumerate(item.parts, 1):
        head = (block_html(item.stem, DIALECT) + code) if place == 1 else ""
        head += f"<h4>{olx_text(words('part', number=place))}</h4>" if several else ""
        html = f'<div lang="{escaped(item.language)}">{head}{_prompt(part, written)}</div>'
        prompts += element("prompt", element("description", escaped(html)))
    lines = [entry for place, part in enumerate(item.parts, 1) for entry in _lines(written, part, keys[part.id], place)]
    unit = lcm(*((share / steps).denominator for _, share, steps, _ in lines))
    criteria = "".join(_criterion(entry, place, unit) for place, entry in enumerate(lines, 1))
    step = element("assessment", "", name="staff-assessment", required="True")
    return element(
        "openassessment",
        "\n"
        + element("title", escaped(line(f"{item.code} {item.title}")))
        + element("assessments", "\n" + step)
        + element("prompts", "\n" + prompts)
        + element("rubric", "\n" + criteria),
        url_name=name,
        submission_start=FIRST,
        submission_due=LAST,
        text_response="required",
        text_response_editor="text",
        prompts_type="html",
        allow_latex="True",
    )


def _prompt(part: Part, written: Written) -> str:
    """What is asked in one part, with what it offers."""
    asked = field_instructions(part.interaction, written.words)
    lists = "".join(
        "<ul>" + "".join(f"<li>{inline_html(entry.named, DIALECT)}</li>" for entry in entries) + "</ul>"
        for entries in offered(part.interaction)
    )
    return block_html(part.prompt, DIALECT) + lists + (f"<p><em>{olx_text(asked)}</em></p>" if asked else "")


def _lines(written: Written, part: Part, part_key: PartKey, place: int) -> Iterator[Line]:
    """The rubric of a part. The points of the lines of an essay share what the part is worth."""
    key, words = part_key.key, written.words
    if isinstance(key, EssayKey) and (total := sum((entry.points for entry in key.rubric), Fraction(0))):
        for entry in key.rubric:
            text = inline_text(phrase(entry.text, words.language))
            whole = entry.points.denominator == 1 and entry.points <= MOST_STEPS
            alone = len(written.item.parts) == 1
            share = entry.points if alone else part.weight * entry.points / total
            yield text, share, int(entry.points) if whole and entry.points else 1, ""
        return
    right = "; ".join(inline_text(answer) for answer in right_answers(part, part_key, words))
    told = f"{words('key')}: {right}" if right and not isinstance(key, EssayKey) else ""
    yield words("part", number=place) if len(written.item.parts) > 1 else words("key"), part.weight, 1, told
    assert not isinstance(key, SymbolicKey) or right


def _criterion(entry: Line, place: int, unit: int) -> str:
    text, share, steps, told = entry
    points = [int(share * unit) * step // steps for step in range(steps + 1)]
    options = "".join(
        element(
            "option",
            element("name", str(number))
            + element("label", decimal(Fraction(number, unit), 6))
            + element("explanation", escaped(printable(told)) if number else ""),
            points=number,
        )
        for number in dict.fromkeys(points)
    )
    name = f"{place}"
    head = element("name", name) + element("label", escaped(line(text)[:200]) or name)
    return element(
        "criterion", "\n" + head + element("prompt", escaped(printable(text))) + options, feedback="optional"
    )
