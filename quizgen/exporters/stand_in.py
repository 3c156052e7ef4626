"""The single choice that stands for a question of several numbers where a format cannot check its conditions.

Such a format decorates its `write` and its `fidelity`; what they see is the choice, and nothing of the other kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps

import msgspec

from grading.joint import as_choice
from grading.keys import NumericTupleKey
from quizgen.archive import Archive
from quizgen.content import Paragraph, Text
from quizgen.exporters.contract import Caveat, Fidelity, Level, Options
from quizgen.exporters.rendering.wording import wording
from quizgen.model import ChoiceInteraction, GeneratedItem, Item, NumericTupleInteraction, Part, WorkedKey

CHOICE_INSTEAD = Caveat(
    "numeric-tuple:single-choice",
    "the numbers are not typed but chosen: conditions that several numbers fulfil together cannot be checked there",
)
NO_CHOICE = Caveat(
    "numeric-tuple:no-choice",
    "the conditions cannot be checked there, and the template offers no wrong numbers for a choice instead",
    Level.NONE,
)

Write = Callable[[Archive, Options], Iterator[tuple[str, bytes]]]
Judge = Callable[[Item, WorkedKey | None], Fidelity]


def chosen(item: Item) -> Item:
    """The item with a choice in the place of each part that asks for several numbers together."""
    if not any(isinstance(part.interaction, NumericTupleInteraction) for part in item.parts):
        return item
    parts = tuple(_chosen_part(part, item.language) for part in item.parts)
    kind = "single-choice" if item.kind == "numeric-tuple" else item.kind
    return msgspec.structs.replace(item, kind=kind, parts=parts)


def _chosen_part(part: Part, language: str) -> Part:
    interaction = part.interaction
    if not isinstance(interaction, NumericTupleInteraction):
        return part
    asked = (*part.prompt, Paragraph((Text(wording(language)("one-of-these")),)))
    return msgspec.structs.replace(part, interaction=ChoiceInteraction(interaction.choice), prompt=asked)


def chosen_key(key: WorkedKey) -> WorkedKey:
    """The key of `chosen`. Raises KeyUnusable where there is no choice."""
    if not any(isinstance(part.key, NumericTupleKey) for part in key.parts):
        return key
    parts = tuple(as_choice(part) if isinstance(part.key, NumericTupleKey) else part for part in key.parts)
    return msgspec.structs.replace(key, parts=parts)


class _Chosen(Archive):
    """An archive with choices in the place of questions of several numbers."""

    def __init__(self, archive: Archive) -> None:
        self.__dict__.update(archive.__dict__)
        self._before = archive

    def items(self) -> Iterator[Item]:
        return map(chosen, self._before.items())

    def keys(self) -> Iterator[WorkedKey]:
        return map(chosen_key, self._before.keys())

    def generated(self) -> Iterator[GeneratedItem]:
        for item, key in zip(self.items(), self.keys(), strict=True):
            yield GeneratedItem(item, key)

    def item(self, id_: str) -> Item:
        return chosen(self._before.item(id_))

    def key(self, id_: str) -> WorkedKey:
        return chosen_key(self._before.key(id_))


def writing_choices(write: Write) -> Write:
    """A `write` that is given choices in the place of questions of several numbers."""

    @wraps(write)
    def written(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
        return write(_Chosen(archive), options)

    return written


def judging_choices(fidelity: Judge) -> Judge:
    """A `fidelity` that is given choices in the place of questions of several numbers, and says that they are."""

    @wraps(fidelity)
    def judged(item: Item, key: WorkedKey | None) -> Fidelity:
        asked = [part.interaction for part in item.parts if isinstance(part.interaction, NumericTupleInteraction)]
        if not asked:
            return fidelity(item, key)
        if not all(interaction.choice for interaction in asked):
            return Fidelity((NO_CHOICE,))
        found = fidelity(chosen(item), key and chosen_key(key))
        return Fidelity((CHOICE_INSTEAD, *found.caveats))

    return judged
