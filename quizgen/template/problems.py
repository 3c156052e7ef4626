"""What pydantic found, in an author's words: which key, what is wrong with it, what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import ValidationError

from quizgen.source import DataPath
from quizgen.template import answer_forms, draw_forms, schema
from quizgen.template.values import AuthorError, did_you_mean, shown

Problem = tuple[str, str, str, DataPath, Literal["value", "key"]]
"""(code, message, remedy, path, whether the value or the key is meant)"""

_FORMS: dict[str, type[Any]] = {
    "sentence": draw_forms.SentenceForm,
    "masks": draw_forms.MasksForm,
    "models": draw_forms.ModelsForm,
    "choose": answer_forms.ChooseForm,
    "symbols": answer_forms.SymbolForm,
    "statements": answer_forms.TrueFalseStatementForm,
    "rubric": answer_forms.RubricForm,
    "examples": schema.ExampleForm,
}

_KEY_FORMS: dict[str | None, type[Any]] = {
    "symbolic": answer_forms.SymbolicKeyForm,
    "numeric-tuple": answer_forms.NumericTupleKeyForm,
}


def problems_of(error: ValidationError, data: dict[str, Any], kind: str) -> Iterator[Problem]:
    """The problems that one validation found, in pydantic's order."""
    for found in error.errors(include_url=False, include_input=True):
        path, of = _path(found["loc"], data)
        yield _problem(found, path, of, data, kind)


def _problem(found: Any, path: DataPath, of: Literal["value", "key"], data: dict[str, Any], kind: str) -> Problem:
    problem = (found.get("ctx") or {}).get("error")
    if isinstance(problem, AuthorError):
        return (
            problem.code,
            problem.message,
            problem.remedy,
            path + problem.path,
            "key" if problem.code == "Q101" else of,
        )
    key = path[-1] if path else ""
    match found["type"]:
        case "missing":
            message = f"{_around(path[:-1], kind)} needs `{key}`, which is missing"
            return "Q102", message, f"add `{key}: …`", path[:-1] or ("template",), "key"
        case "extra_forbidden":
            return unknown_key(path, data, kind)
        case "list_type" | "tuple_type":
            return "Q103", f"`{_owner(path)}` is a list, this is {shown(found['input'])}", "write [one, two]", path, of
        case "dict_type" | "model_type" | "model_attributes_type":
            return (
                "Q103",
                f"`{_owner(path)}` is a mapping, this is {shown(found['input'])}",
                "write name: value",
                path,
                of,
            )
        case "too_short":
            least = found["ctx"]["min_length"]
            return "Q103", f"`{_owner(path)}` needs at least {least} entries", "add some", path, of
        case "literal_error":
            words = re.findall("'([^']*)'", found["ctx"]["expected"])
            given = found["input"]
            return "Q106", f"{shown(given)} has no meaning here", did_you_mean(str(given), words), path, of
        case "union_tag_invalid" | "union_tag_not_found":
            kinds = _part_kinds(kind)
            given = found["input"].get("kind") if isinstance(found["input"], dict) else found["input"]
            if given is None:
                return "Q102", "the part says no `kind`", f"write one of: {', '.join(kinds)}", path, "key"
            remedy = did_you_mean(str(given), kinds) or f"use one of: {', '.join(kinds)}"
            return "Q104", f"{shown(given)} is not a kind that can stand here", remedy, (*path, "kind"), "value"
    return "Q103", f"{shown(found['input'])} does not fit here", "compare it with the manual", path, of


def unknown_key(path: DataPath, data: dict[str, Any], kind: str) -> Problem:
    """The problem of a key that does not exist at this path."""
    key = str(path[-1])
    known = _known_names(path, data, kind)
    near = did_you_mean(key, known)
    elsewhere = [name for name, model in schema.MODELS.items() if key in model.model_fields]
    if elsewhere and len(path) == 1:
        message = f"`{key}` does not belong to a {kind} question"
        return "Q101", message, f"it belongs to {' and '.join(elsewhere[:2])}; delete it", path, "key"
    if not near:
        near = "see the list of keys: quizgen schema template"
    return "Q101", f'there is no key "{key}" here', near, path, "key"


def _owner(path: DataPath) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "template")


def _around(path: DataPath, kind: str) -> str:
    """What the mapping at this path is, as a person would say."""
    match path:
        case ():
            return f"a {kind} question"
        case ("parts", name):
            return f"the part {shown(str(name))}"
        case (*_, int()):
            return f"this entry of `{_owner(path)}`"
    return f"`{_owner(path)}`"


def _part_kinds(kind: str) -> list[str]:
    return ["single-choice", "numeric", "short-answer"] if kind == "cloze" else list(schema.PART_MODELS)


def _path(loc: tuple[int | str, ...], data: Any) -> tuple[DataPath, Literal["value", "key"]]:
    """The path in the author's data: without the tags of forms and kinds that stand in pydantic's places."""
    path: list[int | str] = []
    node = data
    of: Literal["value", "key"] = "value"
    for step in loc:
        if step == "[key]":
            of = "key"
        elif isinstance(node, dict) and step in node:
            path.append(step)
            node = node[str(step)]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            path.append(step)
            node = node[step]
        elif isinstance(step, int):
            continue  # one text that stands for a list of one
        elif not step.startswith("form:") and step not in schema.KINDS:
            path.append(step)
            node = None
    return tuple(path), of


def _known_names(path: DataPath, data: dict[str, Any], kind: str) -> list[str]:
    """The keys that are allowed beside the last one of the path."""
    model: Any = schema.MODELS[kind]
    if path[:1] == ("parts",) and len(path) == 3:
        part = data["parts"].get(path[1])
        model = schema.PART_MODELS.get(str(part.get("kind")) if isinstance(part, dict) else "", model)
    elif len(path) > 1:
        parent = next((step for step in reversed(path[:-1]) if isinstance(step, str)), "")
        if path[-3:-2] == ("key",):
            model = answer_forms.PairForm
        elif parent == "key":
            part = data["parts"].get(path[1]) if path[0] == "parts" else data
            of_kind = part.get("kind") if isinstance(part, dict) else ""
            model = _KEY_FORMS.get(of_kind, answer_forms.NumericKeyForm)
        elif path[-3:-2] == ("such_that",):
            model = answer_forms.ConditionForm
        elif len(path) >= 3 and path[0] == "draw" and parent not in _FORMS:
            node = data["draw"][parent]
            several = draw_forms.SeveralForm if "several" in node else draw_forms.DifferentForm
            model = draw_forms.ProbabilityForm if "for" in node else several
        elif len(path) >= 3 and path[-3] == "symbols":
            model = answer_forms.SymbolForm
        else:
            model = _FORMS.get(parent, model)
    return [field.alias or name for name, field in model.model_fields.items()]
