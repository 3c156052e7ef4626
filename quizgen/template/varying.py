"""Texts that depend on what is drawn: `texts: {part: {by: form, inner: the inner sum, outer: the outer sum}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from quizgen.source import DataPath
from quizgen.template import schema
from quizgen.template.draw_records import Draw, IntegerRange, OneOf
from quizgen.template.values import AuthorError, did_you_mean, exact, is_number
from quizgen.template.written import TextByValue, Written

if TYPE_CHECKING:
    from quizgen.template.reader import Reader


OTHERWISE = "otherwise"


def read_texts(reader: Reader, form: schema.TemplateForm, draws: Mapping[str, Draw]) -> Iterator[TextByValue]:
    """The texts of a template. What does not fit is reported: Q102 no `by`, Q301 its name, Q114 values and texts."""
    counted = {name for name, draw in (("n", "masks"), ("m", "sentence")) if draw in draws}
    computed = {*form.let, *counted}
    for name, entries in form.texts.items():
        path: DataPath = ("texts", name)
        reader.check_name(name, path, "sentence" in draws)
        if name in draws or name in form.let:
            reader.report("Q110", f'the name "{name}" is drawn or computed already', "choose another name", path, "key")
        by = entries.get("by", "").strip()
        if not by:
            reader.report("Q102", "the texts need `by`, which is missing", "add `by:` and what decides", path, "key")
        elif by not in computed and not isinstance(draws.get(by), OneOf | IntegerRange):
            known = [key for key, draw in draws.items() if isinstance(draw, OneOf | IntegerRange)]
            remedy = did_you_mean(by, (*known, *computed)) or "draw it, or compute it under `let`"
            reader.report("Q301", f'no single number or word is named "{by}"', remedy, (*path, "by"))
        else:
            yield TextByValue(name, by, tuple(_by_value(reader, entries, path, draws.get(by))))


def _by_value(
    reader: Reader, entries: Mapping[str, str], path: DataPath, draw: Draw | None
) -> Iterator[tuple[Fraction | str | None, Written]]:
    """(value, text); each value that can be drawn has one, if need be that under `otherwise`."""
    words = isinstance(draw, OneOf) and isinstance(draw.values[0], str)
    drawn: tuple[Fraction | str, ...] = draw.values if isinstance(draw, OneOf | IntegerRange) else ()
    found: list[Fraction | str] = []
    for key, text in entries.items():
        if key == "by":
            continue
        if key == OTHERWISE:
            yield None, reader.written(text, (*path, key))
            continue
        if not words and not is_number(key):
            reader.report("Q114", f'"{key}" is not a number', "write a value that can be drawn", (*path, key), "key")
            continue
        value: Fraction | str = key if words else exact(key)
        found.append(value)
        if drawn and value not in drawn:
            remedy = did_you_mean(key, map(str, drawn)) or "write a value of the draw"
            reader.report("Q114", f'"{key}" is never drawn', remedy, (*path, key), "key")
        yield value, reader.written(text, (*path, key))
    missing = [value for value in drawn if value not in found]
    if missing and OTHERWISE not in entries:
        reader.report(
            "Q114", f'there is no text for "{missing[0]}"', "write one for each value, or `otherwise: …`", path, "key"
        )


def overlaid(old: object, new: object) -> tuple[dict[str, str], AuthorError | None]:
    """The texts of one name with the words of a translation, and what does not fit."""
    kept = dict(old) if isinstance(old, dict) else {}
    if not isinstance(new, dict):
        return kept, AuthorError("Q111", "the texts are a mapping from values", "give them the same shape")
    for key, text in new.items():
        if key not in kept or key == "by":
            remedy = did_you_mean(key, [value for value in kept if value != "by"])
            return kept, AuthorError("Q111", f'there is no text for "{key}" in the template', remedy, (key,))
        kept[key] = text
    return kept, None
