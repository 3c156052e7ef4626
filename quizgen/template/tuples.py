"""The answer of a question that asks for several numbers: one right tuple, the conditions, and known wrong tuples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from quizgen.source import DataPath
from quizgen.template import answer_forms
from quizgen.template.answer_records import NumericTuple, TupleCondition, WrongTuple
from quizgen.template.values import AuthorError, did_you_mean, share, slug, text
from quizgen.template.written import Written

if TYPE_CHECKING:
    from quizgen.template.reader import Reader

BESIDE = ("misconception", "credit", "hint", "feedback", "when")
"""What may stand in a wrong tuple beside its numbers."""


def read_tuple(reader: Reader, path: DataPath, form: answer_forms.NumericTupleFields) -> NumericTuple | None:
    """The answer at a path of the template (() or a part); None where a name cannot be used."""
    names = tuple(form.key.numbers)
    key = (*path, "key")
    drawn = {**reader.data.get("draw", {}), **reader.data.get("let", {})}
    for name in names:
        place = (*key, "numbers", name)
        reader.check_name(name, place, "sentence" in drawn)
        if name in drawn:
            reader.report(
                "Q110", f'the name "{name}" is drawn or computed already', "choose another name", place, "key"
            )
        if name in BESIDE:
            reader.report(
                "Q110", f'the name "{name}" has a meaning of its own in `wrong`', "choose another", place, "key"
            )
    sample = tuple(reader.written(value, (*key, "numbers", name)) for name, value in form.key.numbers.items())
    conditions = tuple(_conditions(reader, (*key, "such_that"), form.key))
    found = (reader.guard((*path, "wrong", k), _wrong, reader, entry, names, (*path, "wrong", k))
             for k, entry in enumerate(form.wrong))  # fmt: skip
    return NumericTuple(names, sample, conditions, tuple(entry for entry in found if entry is not None))


def _conditions(reader: Reader, path: DataPath, key: answer_forms.NumericTupleKeyForm) -> Iterator[TupleCondition]:
    if isinstance(key.such_that, list):
        for place, condition in enumerate(key.such_that):
            yield TupleCondition(reader.written(condition, (*path, place)))
        return
    for condition, said in key.such_that.items():
        here = (*path, condition)
        written = reader.written(condition, here)
        if isinstance(said, str):
            yield TupleCondition(written, feedback=reader.written(said, here))
            continue
        words = {name: getattr(said, name) for name in ("hint", "feedback", "equal")}
        own = {name: reader.written(line, (*here, name)) for name, line in words.items() if line is not None}
        yield TupleCondition(written, tuple(said.misconception), **own)


def _wrong(reader: Reader, entry: dict[str, Any], names: tuple[str, ...], path: DataPath) -> WrongTuple:
    for name in names:
        if name not in entry:
            raise AuthorError("Q102", f"a wrong answer has a number for `{name}`", f"add {name}: …")
    for name in entry:
        if name not in names and name not in BESIDE:
            raise AuthorError("Q101", f'there is no key "{name}" here', did_you_mean(name, (*names, *BESIDE)), (name,))
    beliefs = entry.get("misconception", [])

    def written(name: str) -> Written | None:
        return reader.written(text(entry[name]), (*path, name)) if name in entry else None

    return WrongTuple(
        tuple(reader.written(text(entry[name]), (*path, name)) for name in names),
        tuple(map(slug, beliefs if isinstance(beliefs, list) else [beliefs])),
        share(entry.get("credit", "0")),
        written("hint"),
        written("feedback"),
        written("when"),
        path,
    )
