"""Items and quizzes: the frozen records that everything after generation works on.

An `Item` is what a learner sees; its keys are an `ItemKey` of the answer sheet, extended here by the worked
solution. A `Quiz` says which items stand where. None of them knows how it is written in any format.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import msgspec

from grading.answersheet import ItemKey
from grading.keys import SymbolDeclaration
from quizgen.content import Block, Inline

Purpose = Literal["practice", "exam"]
Bloom = Literal["remember", "understand", "apply", "analyze", "evaluate", "create"]
KINDS = (
    "single-choice",
    "multiple-answer",
    "true-false",
    "numeric",
    "numeric-tuple",
    "symbolic",
    "matching",
    "ordering",
    "cloze",
    "short-answer",
    "essay",
    "parts",
)


class Option(msgspec.Struct, frozen=True, gc=False):
    """id: a stable slug, independent of where the option is shown."""

    id: str
    content: tuple[Inline, ...]


class ChoiceInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="single-choice"):
    """One of several options, in the order drawn for this variant."""

    options: tuple[Option, ...]
    shuffle: bool = True


class TrueFalseInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="true-false"):
    """The option ids are ``true`` and ``false``; options carry the words of the language."""

    options: tuple[Option, ...]


class MultipleAnswerInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="multiple-answer"):
    options: tuple[Option, ...]
    shuffle: bool = True


class NumericInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="numeric"):
    """A number to type. unit: printed beside the field ("nats", "cm²" or "")."""

    unit: str = ""


class NumericTupleInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="numeric-tuple"):
    """Several numbers to type, judged together.

    numbers: the names, each with what stands before its field. choice: the options of the single choice that stands for
    the question where a format cannot check conditions, in the order drawn for this variant; empty if there is none.
    """

    numbers: tuple[Option, ...]
    choice: tuple[Option, ...] = ()


class SymbolicInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="symbolic"):
    """A formula to type. symbols: the names that may be used. hint: how to type one (syntax, no answer)."""

    symbols: tuple[SymbolDeclaration, ...] = ()
    syntax_hint: str = ""


class MatchingInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="matching"):
    """Each left entry gets one of the right ones, unused ones included."""

    left: tuple[Option, ...]
    right: tuple[Option, ...]


class OrderingInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="ordering"):
    """Entries to bring into order, in the order in which they are first shown."""

    entries: tuple[Option, ...]


class TextInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="short-answer"):
    """A short text. tokens: a token sequence is expected (monospaced field)."""

    tokens: bool = False


class EssayInteraction(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="essay"):
    """words: (least, most) asked for, (0, 0) if free."""

    words: tuple[int, int] = (0, 0)


Interaction = (
    ChoiceInteraction
    | TrueFalseInteraction
    | MultipleAnswerInteraction
    | NumericInteraction
    | NumericTupleInteraction
    | SymbolicInteraction
    | MatchingInteraction
    | OrderingInteraction
    | TextInteraction
    | EssayInteraction
)


class Part(msgspec.Struct, frozen=True, gc=False):
    """One answer field. prompt: its own text, empty for the only part of an item and for a gap in the stem.

    weight: share of the item's points; weights add up to 1.
    """

    id: str
    interaction: Interaction
    weight: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    prompt: tuple[Block, ...] = ()


class Item(msgspec.Struct, frozen=True, gc=False):
    """One variant of one template, as a learner sees it.

    id: stable name of this variant of this template in this quiz; never derived from the content or the engine
        version. revision: hash of the content (a mended typo changes it, the id stays). code: short printable form
        such as ``Q-7K3F``.
    kind: one of `KINDS`; ``cloze`` and ``parts`` have several parts, the others one with the id ``answer``.
    radicals: what makes the question harder, fixed within a slot. fixed: name of a ``fixed:`` draw, or "".
    sentence: id of the sentence of the corpus, "" without one. further_sentences: ids of others that stand beside it.
        A paper shows none of them twice.
    group: of items that answer each other a paper shows one. difficulty: expected by whoever wrote it, or by its Bloom
        level.
    """

    id: str
    revision: str
    code: str
    template: str
    variant: int
    kind: str
    language: str
    title: str
    stem: tuple[Block, ...]
    parts: tuple[Part, ...]
    bloom: str = ""
    concepts: tuple[str, ...] = ()
    radicals: tuple[tuple[str, str], ...] = ()
    fixed: str = ""
    sentence: str = ""
    group: str = ""
    difficulty: str = ""
    further_sentences: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The ids of all sentences that the question shows."""
        return (self.sentence, *self.further_sentences) if self.sentence else self.further_sentences


class ItemLabel(msgspec.Struct, frozen=True, gc=False):
    """What an item says of itself, beside its content."""

    id: str
    revision: str
    code: str
    template: str
    language: str
    title: str
    bloom: str = ""
    concepts: tuple[str, ...] = ()


class Prediction(msgspec.Struct, frozen=True, gc=False):
    """How probable a model finds the true word at a mask, in decimal digits. printed: as the question shows it."""

    position: int
    word: str
    probability: str
    printed: str


class WorkedKey(ItemKey, frozen=True, gc=False):
    """The line of ``keys.jsonl``: the keys that grade, and the worked solution and hints for exporters.

    hints: general hints of the template, in the order in which they are given. predictions: where the probabilities
    of the question come from, if a model gave them.
    """

    solution: tuple[Block, ...] = ()
    hints: tuple[str, ...] = ()
    predictions: tuple[Prediction, ...] = ()


class GeneratedItem(msgspec.Struct, frozen=True, gc=False):
    """An item together with its keys, as the generator makes them."""

    item: Item
    key: WorkedKey


class Slot(msgspec.Struct, frozen=True, gc=False):
    """A place in the quiz.

    pool: ids of the items that an LMS draws one from. points: what the slot is worth. templates: where the pool
    comes from (several only when their radicals agree). section: title of a section of the quiz, or "".
    translations: pools in other languages, for the forms of learners who read them. minutes: expected time, 0 if
    nobody said. difficulty: expected, "" if nobody said.
    """

    id: str
    title: str
    templates: tuple[str, ...]
    pool: tuple[str, ...]
    points: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    section: str = ""
    translations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    minutes: Fraction = msgspec.field(default_factory=Fraction)
    difficulty: str = ""

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Of the pool in every language."""
        return (*self.pool, *(id_ for _, ids in self.translations for id_ in ids))


class SectionWords(msgspec.Struct, frozen=True, gc=False):
    """What a section is called in another language, and what stands below the heading."""

    language: str
    title: str
    instructions: str = ""


class Section(msgspec.Struct, frozen=True, gc=False):
    """A heading with what stands below it before the first question. minutes: 0 if nobody said."""

    title: str
    instructions: str = ""
    minutes: int = 0
    translations: tuple[SectionWords, ...] = ()

    def in_language(self, language: str) -> SectionWords:
        """The words in a language; those of the section itself where there are no others.

        >>> words = Section("Concepts", translations=(SectionWords("de", "Begriffe"),))
        >>> words.in_language("de").title, words.in_language("fr").title
        ('Begriffe', 'Concepts')
        """
        own = SectionWords(language, self.title, self.instructions)
        return next((words for words in self.translations if words.language == language), own)


class Sitting(msgspec.Struct, frozen=True, gc=False):
    """How one learner sits the quiz. learner: as in the forms, and in the files of responses.

    version: of the paper, such as ``A``, or "". language: of the paper. minutes: for the whole quiz, extra time
    included; 0 if nobody said. lms_id: the learner's name on the platform, or "".
    """

    learner: str
    name: str = ""
    group: str = ""
    version: str = ""
    language: str = ""
    minutes: int = 0
    large_print: bool = False
    lms_id: str = ""


class Quiz(msgspec.Struct, frozen=True, gc=False):
    """What ``quiz.json`` of the archive holds.

    format_version: of the archive. engine_version, bank_digest: where it came from (for people, nothing
    depends on them).
    forms: {learner or version: item ids} for paper, pages and own delivery; empty if the LMS draws from the pools.
    sittings: of the forms, in their order; empty if there is nothing to say of them. minutes: for the whole quiz, 0
    if nobody said. titles: (language, title) in other languages.
    """

    format_version: int
    engine_version: str
    bank_digest: str
    id: str
    title: str
    language: str
    purpose: Purpose
    slots: tuple[Slot, ...]
    forms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    settings: dict[str, Any] = {}
    sections: tuple[Section, ...] = ()
    sittings: tuple[Sitting, ...] = ()
    minutes: int = 0
    titles: tuple[tuple[str, str], ...] = ()

    def title_in(self, language: str) -> str:
        """The title in a language; that of the quiz where it has no other."""
        return dict(self.titles).get(language, self.title)
