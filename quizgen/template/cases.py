"""Formulas that depend on a draw: ``{by: unit, nats: log(V), bits: log2(V)}``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizgen.source import DataPath
from quizgen.template.values import AuthorError, exact, is_number, name, shown, text
from quizgen.template.written import Cases, Written

OTHERWISE = "otherwise"


def either(data: Any) -> Any:
    """One formula, or one for each value of a name; the data as it is, once its shape is right."""
    return checked(data) if isinstance(data, dict) else text(data)


def checked(data: Any) -> dict[str, str]:
    """The mapping of cases, once its shape is right.

    >>> checked({"by": "n", "1": "mask", "otherwise": "masks"})["1"]
    'mask'
    """
    if not isinstance(data, dict):
        remedy = "write {by: unit, nats: a text, bits: another}"
        raise AuthorError("Q103", f"this depends on what is drawn, so it is a mapping, not {shown(data)}", remedy)
    if "by" not in data:
        raise AuthorError("Q102", "`by` is missing: the name whose value chooses", "add `by: name`")
    _at("by", name, data["by"])
    if len(data) < 2:
        raise AuthorError("Q103", "there is no case here", "write value: text for each value of the name")
    for value, written in data.items():
        _at(value, text, written)
    return data


def _at(key: str, read: Callable[[Any], str], data: Any) -> None:
    try:
        read(data)
    except AuthorError as problem:
        raise AuthorError(problem.code, problem.message, problem.remedy, (key, *problem.path)) from None


def cases(data: dict[str, str], path: DataPath, written: Callable[[str, DataPath], Written]) -> Cases:
    """The record of a mapping that was `checked`. path: where it stands. written: makes a text of it."""
    found = [(value, written(words, (*path, value))) for value, words in data.items() if value != "by"]
    return Cases(
        data["by"],
        tuple((exact(value) if is_number(value) else value, words) for value, words in found if value != OTHERWISE),
        next((words for value, words in found if value == OTHERWISE), None),
        path,
    )
