"""The single choice that stands for a typed formula where a format cannot compare formulas, if a person wants it.

Its options are the key and the known wrong formulas, as far as all of them are proven to be different; each wrong one
keeps its credit and its feedback. What a platform reports of it, the text of the option, is a formula that
`quizgen grade` reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, Rival, SymbolicKey
from quizgen.archive import Archive
from quizgen.content import Formula, Paragraph, Text
from quizgen.exporters.contract import Caveat, Format, Level
from quizgen.exporters.rendering.wording import wording
from quizgen.model import ChoiceInteraction, GeneratedItem, Item, Option, Part, SymbolicInteraction, WorkedKey

FORMULA_CHOSEN = Caveat(
    "symbolic:single-choice",
    "formulas are not typed but chosen among the right one and known wrong ones, as you asked",
)
FEWEST, MOST = 3, 5
"""Options: with fewer the formula stays a text that is marked on return, more are not shown."""


def stands_in(format_: Format) -> bool:
    """Whether a format takes a choice in the place of a formula: one that cannot compare formulas itself."""
    return format_.kinds["symbolic"] is not Level.EXACT


def with_choices(generated: GeneratedItem) -> GeneratedItem:
    """The item with a choice for each of its formulas that has enough known wrong ones."""
    item, key = generated.item, generated.key
    if not any(isinstance(part.interaction, SymbolicInteraction) for part in item.parts):
        return generated
    part_keys = {part_key.id: part_key for part_key in key.parts}
    parts: list[Part] = []
    for part in item.parts:
        found = _options(part_keys[part.id], item)
        if found is None:
            parts.append(part)
            continue
        interaction, part_keys[part.id] = found
        asked = (*part.prompt, Paragraph((Text(wording(item.language)("one-of-these")),)))
        parts.append(msgspec.structs.replace(part, interaction=interaction, prompt=asked))
    if not any(isinstance(part.interaction, ChoiceInteraction) for part in parts):
        return generated
    kind = "single-choice" if item.kind == "symbolic" else item.kind
    return GeneratedItem(
        msgspec.structs.replace(item, kind=kind, parts=tuple(parts)),
        msgspec.structs.replace(key, parts=tuple(part_keys[part.id] for part in parts)),
    )


def _options(part_key: PartKey, item: Item) -> tuple[ChoiceInteraction, PartKey] | None:
    key = part_key.key
    if not isinstance(key, SymbolicKey):
        return None
    known = _different(key)
    if len(known) + 1 < FEWEST:
        return None
    values = sorted(
        (key.value, *(rival.value for rival in known)),
        key=lambda value: hashlib.sha256(f"{item.id} {part_key.id} {value}".encode()).digest(),
    )
    ids = {value: f"f{place}" for place, value in enumerate(values, 1)}
    formulas = {value: _formula(value, key, item.language) for value in values}
    rivals = tuple(msgspec.structs.replace(rival, value=ids[rival.value]) for rival in known)
    texts = tuple((ids[value], formulas[value].unicode) for value in values)
    return (
        ChoiceInteraction(tuple(Option(ids[value], (formulas[value],)) for value in values)),
        msgspec.structs.replace(part_key, key=ChoiceKey(ids[key.value], rivals), options=texts),
    )


@lru_cache(maxsize=1024)
def _different(key: SymbolicKey) -> tuple[Rival, ...]:
    """The first known wrong formulas of which each is proven to be none of the others."""
    from grading.equivalence import Different, compare
    from grading.parsing import Language, parse_expression

    language = Language.of(key)
    seen = [parse_expression(key.value, language)]
    found: list[Rival] = []
    for rival in key.rivals:
        tree = parse_expression(rival.value, language)
        if len(found) + 1 < MOST and all(isinstance(compare(one, tree, language), Different) for one in seen):
            seen.append(tree)
            found.append(rival)
    return tuple(found)


@lru_cache(maxsize=4096)
def _formula(value: str, key: SymbolicKey, language: str) -> Formula:
    from grading.parsing import Language, parse_expression
    from grading.writing import Setting, to_latex, to_mathml
    from quizgen.markup.latex_text import spoken_of

    names = Language.of(key)
    tree = parse_expression(value, names)
    setting = Setting(key.log_base, key.decimal_comma, "e" not in names.names)
    latex = to_latex(tree, setting)
    return Formula(latex, to_mathml(tree, setting), names.written(tree), value, spoken_of(latex, language))


class WithFormulaChoices(Archive):
    """An archive with choices in the place of formulas; one without keys stays as it is."""

    def __init__(self, archive: Archive) -> None:
        self.__dict__.update(archive.__dict__)

    def items(self) -> Iterator[Item]:
        return (generated.item for generated in self.generated()) if self.has_keys else super().items()

    def keys(self) -> Iterator[WorkedKey]:
        return (generated.key for generated in self.generated())

    def generated(self) -> Iterator[GeneratedItem]:
        for item, key in zip(super().items(), super().keys(), strict=True):
            yield with_choices(GeneratedItem(item, key))

    def item(self, id_: str) -> Item:
        return self._one(id_).item if self.has_keys else super().item(id_)

    def key(self, id_: str) -> WorkedKey:
        return self._one(id_).key

    def _one(self, id_: str) -> GeneratedItem:
        return with_choices(GeneratedItem(super().item(id_), super().key(id_)))
