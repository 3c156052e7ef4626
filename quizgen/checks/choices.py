"""The single choices of a sample of variants, as learners see them: what several rules look at."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grading.keys import ChoiceKey
from quizgen.checks.check import Subject
from quizgen.content import Block, Formula, Inline, Paragraph, text_of
from quizgen.model import ChoiceInteraction, GeneratedItem
from quizgen.source import DataPath


class Choice(msgspec.Struct, frozen=True):
    """One single choice of one variant.

    path: of the key in the template. options: (text, whether it is the key), in the order in which they are shown.
    contents: of the same options. stem: of the item, as text.
    """

    part: str
    path: DataPath
    options: tuple[tuple[str, bool], ...]
    contents: tuple[tuple[Inline, ...], ...]
    stem: str

    @property
    def key(self) -> str:
        """The text of the right option."""
        return next(text for text, right in self.options if right)

    @property
    def only_formulas(self) -> bool:
        """Whether every option is a formula and nothing else."""
        return all(len(content) == 1 and isinstance(content[0], Formula) for content in self.contents)


def choices(subject: Subject, language: str = "") -> Iterator[Choice]:
    """The single choices of the sampled variants, those in the gaps of a cloze left out: their options are words.

    language: that of the bank if empty.
    """
    template = subject.template
    if template.kind == "cloze":
        return
    for generated in subject.sample(language):
        yield from choices_of(generated)


def choices_of(generated: GeneratedItem) -> Iterator[Choice]:
    """The single choices of one item."""
    for part, key in zip(generated.item.parts, generated.key.parts, strict=True):
        if isinstance(part.interaction, ChoiceInteraction) and isinstance(key.key, ChoiceKey):
            path: DataPath = ("key",) if part.id == "answer" else ("parts", part.id, "key")
            shown = part.interaction.options
            yield Choice(
                part=part.id,
                path=path,
                options=tuple((text_of(option.content), option.id == key.key.correct) for option in shown),
                contents=tuple(option.content for option in shown),
                stem=_text(generated.item.stem),
            )


def _text(blocks: tuple[Block, ...]) -> str:
    return " ".join(text_of(block.content) for block in blocks if isinstance(block, Paragraph))
