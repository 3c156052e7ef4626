"""Which of the options that an author wrote are shown, and in which order those are that have one of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from quizgen.content import text_of
from quizgen.generator.draft import Draft, OptionTexts
from quizgen.generator.scene import Impossible
from quizgen.model import Option
from quizgen.template import WrongText

T = TypeVar("T")


def some(draft: Draft, purpose: str, entries: tuple[T, ...], count: int | None) -> tuple[T, ...]:
    """So many of the entries, drawn, in the author's order; all if there are no more, or None is asked for."""
    if count is None or count >= len(entries):
        return entries
    chosen = sorted(draft.stream(purpose).sample(range(len(entries)), count))
    return tuple(entries[number] for number in chosen)


def some_wrong(draft: Draft, purpose: str, entries: tuple[WrongText, ...], count: int | None) -> tuple[WrongText, ...]:
    """As `some`, of the wrong options that may be there in this scene, at most one of each group.

    Raises Impossible where there are too few of them.
    """
    entries = tuple(entry for entry in entries if draft.offered(entry.when))
    groups = [entry.group for entry in entries if entry.group]
    if len(set(groups)) == len(groups):
        return some(draft, purpose, entries, count)
    taken: set[str] = set()
    found: list[int] = []
    for number in draft.stream(purpose).shuffle(tuple(range(len(entries)))):
        group = entries[number].group
        if group not in taken:
            found.append(number)
            taken |= {group} - {""}
    if count is not None and count > len(found):
        raise Impossible(f"{count} wrong options with at most one of each group cannot be chosen from {len(entries)}")
    return tuple(entries[number] for number in sorted(found[:count]))


def own_order(options: Sequence[Option], texts: OptionTexts) -> tuple[Option, ...]:
    """Options that are only names, such as Model A to D, or only numbers, in ascending order; () if they are more."""
    text_of_id = dict(texts)
    shown = [text_of_id[option.id] for option in options]
    return _in_order_of_labels(options, shown) or _in_order_of_numbers(options, shown)


_LABEL = re.compile(r"(?P<name>.*\S )(?P<label>\d{1,3}|[A-Z])", re.DOTALL)
_NUMBER = re.compile(r"(?P<sign>[−-]?)(?P<digits>\d{1,15}(?:[.,]\d{1,15})?)(?P<unit>(?: ?%| [a-zA-Z]+)?)")


def _in_order_of_labels(options: Sequence[Option], texts: Sequence[str]) -> tuple[Option, ...]:
    found = _matches(_LABEL, texts)
    if len({match["name"] for match in found}) > 1:
        return ()
    labels = [(len(match["label"]), match["label"]) for match in found]
    return _sorted(labels, options)


def in_order_of_numbers(options: Sequence[Option]) -> tuple[Option, ...]:
    """Options that are only decimal numbers, all with the same unit or none, by size; () if they are more."""
    return _in_order_of_numbers(options, [text_of(option.content) for option in options])


def _in_order_of_numbers(options: Sequence[Option], texts: Sequence[str]) -> tuple[Option, ...]:
    found = _matches(_NUMBER, texts)
    if len({match["unit"] for match in found}) > 1:
        return ()
    numbers = [Decimal(f"{'-' if match['sign'] else ''}{match['digits'].replace(',', '.')}") for match in found]
    return _sorted(numbers, options)


def _matches(pattern: re.Pattern[str], texts: Sequence[str]) -> list[re.Match[str]]:
    """Of every text, none at all if one is no match."""
    found = []
    for text in texts:
        match = pattern.fullmatch(text)
        if match is None:
            return []
        found.append(match)
    return found


def _sorted(keys: Sequence[Any], options: Sequence[Option]) -> tuple[Option, ...]:
    """The options by their keys, () where they have none."""
    if not keys:
        return ()
    return tuple(option for _, option in sorted(zip(keys, options, strict=True), key=lambda pair: pair[0]))
