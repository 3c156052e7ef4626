"""Translations: the words of another language laid over the template, in the same shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from quizgen.source import DataPath
from quizgen.template.values import did_you_mean, is_number, shown
from quizgen.template.varying import overlaid

Problem = tuple[str, str, str, DataPath, Literal["value", "key"]]
_WORDS = (
    "title",
    "stem",
    "solution",
    "prompt",
    "unit",
    "hints",
    "accept",
    "key",
    "wrong",
    "statements",
    "draw",
    "rubric",
    "parts",
    "texts",
)
_WORD_KEYS = ("text", "prompt")
_SAID = ("hint", "feedback", "equal")
"""Words of a wrong answer's own, beside its text or formula, or of a condition on several numbers."""


def overlay(
    data: dict[str, Any], words: dict[str, Any], path: DataPath
) -> tuple[dict[str, Any], dict[DataPath, DataPath], list[Problem]]:
    """(the template's data with these words, {path in it: where the words stand}, problems).

    path: where the translation stands. Ids, credits, truth values and formulas stay the template's.
    """
    layer = _Layer()
    merged = layer.mapping(data, words, (), path)
    merged.pop("translations", None)
    merged.pop("examples", None)
    merged.pop("fixed", None)
    layer.moved.setdefault((), path)
    return merged, layer.moved, layer.problems


class _Layer:
    def __init__(self) -> None:
        self.moved: dict[DataPath, DataPath] = {}
        self.problems: list[Problem] = []

    def mapping(self, data: dict[str, Any], words: dict[str, Any], at: DataPath, path: DataPath) -> dict[str, Any]:
        """A template or part."""
        merged = dict(data)
        for key, new in words.items():
            here, there = (*at, key), (*path, key)
            if key not in _WORDS or (key not in data and key != "title"):
                known = [word for word in _WORDS if word in data or word == "title"]
                self._problem(f'the template has no words named "{key}"', did_you_mean(key, known), there, "key")
            elif key in ("hints", "accept"):
                merged[key] = new
                self._moved_below(here, there, new)
            elif key == "draw":
                merged[key] = self._cells(data[key], new, here, there)
            elif key == "texts":
                merged[key] = self._texts(data[key], new, here, there)
            elif key == "parts":
                merged[key] = self._by_id(data[key], new, here, there, part=True)
            else:
                merged[key] = self.value(data.get(key, ""), new, here, there)
        if "wrong" in merged and isinstance(data.get("key"), dict) and isinstance(merged["key"], dict):
            merged["wrong"] = _with_new_lefts(merged["wrong"], dict(zip(data["key"], merged["key"], strict=False)))
        old, new = data.get("key"), merged.get("key")
        if isinstance(merged.get("confused"), dict) and (
            (isinstance(old, dict) and isinstance(new, dict)) or (isinstance(old, list) and isinstance(new, list))
        ):
            names = {one: other for one, other in zip(old, new, strict=False) if isinstance(one, str)}
            merged["confused"] = {name: _renamed(given, names) for name, given in merged["confused"].items()}
        return merged

    def value(self, old: Any, new: Any, at: DataPath, path: DataPath) -> Any:
        """Key, wrong answers, statements or rubric lines, of any form."""
        if isinstance(old, str):
            if not isinstance(new, str):
                return self._misfit(old, new, path)
            self.moved[at] = path
            return new
        if isinstance(old, dict):
            return self._pairs(old, new, at, path)
        return self._list(old, new, at, path)

    def _list(self, old: list[Any], new: Any, at: DataPath, path: DataPath) -> Any:
        if isinstance(new, dict):
            return self._list_by_id(old, new, at, path)
        if not isinstance(new, list):
            return self._misfit(old, new, path)
        if len(new) != len(old):
            self._problem(
                f"the template has {len(old)} entries here, this has {len(new)}", "translate each entry", path
            )
            return old
        pairs = zip(old, new, strict=True)
        return [self._entry(one, other, (*at, k), (*path, k)) for k, (one, other) in enumerate(pairs)]

    def _list_by_id(self, old: list[Any], new: dict[str, Any], at: DataPath, path: DataPath) -> list[Any]:
        """``{id: text}`` for a list whose entries have ids."""
        merged = list(old)
        ids = {found: index for index, entry in enumerate(old) for found in _names(entry)}
        for key, words in new.items():
            if key not in ids:
                self._problem(f'no entry is named "{key}"', did_you_mean(key, ids), (*path, key), "key")
            else:
                index = ids[key]
                merged[index] = self._entry(old[index], words, (*at, index), (*path, key))
        return merged

    def _entry(self, old: Any, new: Any, at: DataPath, path: DataPath) -> Any:
        """One option, statement or line: the new words, the old id, credit and truth."""
        if not isinstance(old, dict):
            return self.value(old, new, at, path)
        if isinstance(new, dict) and (said := [key for key in _SAID if key in new and key in old]):
            rest = {key: words for key, words in new.items() if key not in said}
            for key in said:
                old = {**old, key: self.value(old[key], new[key], (*at, key), (*path, key))}
            return self._entry(old, rest, at, path) if rest else old
        place = next((key for key in _WORD_KEYS if key in old), None)
        if place is None and len(old) == 1:
            place = next(iter(old))
            if isinstance(old[place], dict) and isinstance(new, dict) and set(new) <= {place}:
                return {place: self._entry(old[place], new[place], (*at, place), (*path, place))}
        if place is None:
            return self._misfit(old, new, path)
        if isinstance(old[place], dict) and "text" in old[place]:
            return {place: self._entry(old[place], new, (*at, place), path)}
        if isinstance(new, dict) and "solution" in new and "solution" in old:
            old = {
                **old,
                "solution": self.value(old["solution"], new["solution"], (*at, "solution"), (*path, "solution")),
            }
        if isinstance(new, dict):
            inner = next((key for key in (place, *_WORD_KEYS) if key in new), None)
            if inner is None:
                self._problem(f'the entry is named "{place}" in the template', f"write `{place}: …`", path)
                return old
            new, path = new[inner], (*path, inner)
        return {**old, place: self.value(old[place], new, (*at, place), path)}

    def _pairs(self, old: dict[str, Any], new: Any, at: DataPath, path: DataPath) -> Any:
        """A mapping: with the same keys it keeps them, otherwise (matching) both sides are translated in order."""
        if isinstance(new, dict) and set(new) <= set(old):
            return self._by_id(old, new, at, path, part=False)
        if not isinstance(new, dict) or len(new) != len(old):
            return self._misfit(old, new, path)
        merged: dict[str, Any] = {}
        for (key, words), right in zip(new.items(), old.values(), strict=True):
            if isinstance(right, dict) and isinstance(words, str):
                self.moved[(*at, key)] = self.moved[(*at, key, "text")] = (*path, key)
                merged[key] = {**right, "text": words}
                continue
            self.moved[(*at, key)] = (*path, key)
            merged[key] = words
        return merged

    def _by_id(self, old: dict[str, Any], new: Any, at: DataPath, path: DataPath, *, part: bool) -> Any:
        if not isinstance(new, dict):
            return self._misfit(old, new, path)
        merged = dict(old)
        for key, words in new.items():
            here, there = (*at, key), (*path, key)
            if key not in old:
                self._problem(f'no part is named "{key}"', did_you_mean(key, old), there, "key")
            elif key == "such_that" and isinstance(
                old[key], dict
            ):  # conditions keep their text; their words are laid over
                merged[key] = self._by_id(old[key], words, here, there, part=False)
            elif part and isinstance(words, dict) and isinstance(old[key], dict):
                merged[key] = self.mapping(old[key], words, here, there)
            else:
                merged[key] = self._entry(old[key], words, here, there)
        return merged

    def _cells(self, old: Any, new: Any, at: DataPath, path: DataPath) -> Any:
        """Texts that belong to drawn words: ``draw: {colour: {red: {note: warm}}}``; only the texts have a language."""
        if isinstance(old, str) and isinstance(new, str) and len(at) == 4 and not is_number(old):
            self.moved[at] = path
            return new
        if not isinstance(old, dict) or not isinstance(new, dict):
            self._problem("only texts that belong to a drawn word can be translated", "delete it", path, "key")
            return old
        merged = dict(old)
        for key, words in new.items():
            if key in old:
                merged[key] = self._cells(old[key], words, (*at, key), (*path, key))
            else:
                self._problem(f'nothing is named "{key}" here', did_you_mean(key, old), (*path, key), "key")
        return merged

    def _texts(self, old: Any, new: Any, at: DataPath, path: DataPath) -> Any:
        """Texts that depend on what is drawn: each value keeps its place, `by` stays the template's."""
        if not isinstance(new, dict) or not isinstance(old, dict):
            return self._misfit(old, new, path)
        merged = dict(old)
        for key, words in new.items():
            if key not in old:
                self._problem(f'no text is named "{key}"', did_you_mean(key, old), (*path, key), "key")
                continue
            merged[key], problem = overlaid(old[key], words)
            if problem is not None:
                self._problem(problem.message, problem.remedy, (*path, key, *problem.path), "key")
            else:
                self.moved.update(((*at, key, value), (*path, key, value)) for value in words)
        return merged

    def _moved_below(self, at: DataPath, path: DataPath, new: Any) -> None:
        self.moved[at] = path
        if isinstance(new, list):
            self.moved.update(((*at, k), (*path, k)) for k in range(len(new)))

    def _misfit(self, old: Any, new: Any, path: DataPath) -> Any:
        self._problem(f"the template has {shown(old)} here, this is {shown(new)}", "give it the same shape", path)
        return old

    def _problem(self, message: str, remedy: str, path: DataPath, of: Literal["value", "key"] = "value") -> None:
        self.problems.append(("Q111", message, remedy or "compare it with the template", path, of))


def _with_new_lefts(wrong: Any, names: dict[str, str]) -> Any:
    """Unused right sides of a matching whose left sides have been translated: ``instead_of`` follows them."""
    if isinstance(wrong, list):
        return [_with_new_lefts(entry, names) for entry in wrong]
    if not isinstance(wrong, dict):
        return wrong
    lefts = wrong.get("instead_of")
    if isinstance(lefts, str):
        return {**wrong, "instead_of": names.get(lefts, lefts)}
    if isinstance(lefts, list):
        return {**wrong, "instead_of": [names.get(left, left) if isinstance(left, str) else left for left in lefts]}
    return {name: _with_new_lefts(entry, names) for name, entry in wrong.items()}


def _renamed(given: Any, names: dict[str, str]) -> Any:
    """Left sides that are confused, by their translated names."""
    if isinstance(given, list):
        return [names.get(left, left) if isinstance(left, str) else left for left in given]
    if not isinstance(given, dict):
        return given
    return {names.get(left, left): names.get(other, other) for left, other in given.items()}


def _names(entry: Any) -> Iterator[str]:
    if isinstance(entry, dict):
        yield str(entry["id"]) if "id" in entry else next(iter(entry), "")
