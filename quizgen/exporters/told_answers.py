"""What is offered, what is right and what is known to be wrong, as content: for formats that people read.

Options have letters, left sides of a matching numbers, so that an answer on another page can name them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import chain, count

import msgspec

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    SymbolicKey,
    TextKey,
)
from quizgen.content import Code, Inline, Text
from quizgen.exporters.html_page.questions import key_text, with_margin
from quizgen.exporters.rendering.conditions import conditions_told, named_tuple
from quizgen.exporters.rendering.decimals import as_read, decimal, decimal_of, value_of
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.remembering import remembering_record
from quizgen.exporters.rendering.wording import Wording
from quizgen.model import MatchingInteraction, Option, OrderingInteraction, Part

ARROW = (Text(" → "),)
NOTHING: tuple[Inline, ...] = (Text("–"),)
"""The right answer where no option is right."""


class Offered(msgspec.Struct, frozen=True, gc=False):
    """One option with its letter or number."""

    label: str
    id: str
    content: tuple[Inline, ...]

    @property
    def named(self) -> tuple[Inline, ...]:
        """The option with its label before it."""
        return (Text(f"{self.label}. "), *self.content)


class Known(msgspec.Struct, frozen=True, gc=False):
    """A known answer that is not the key: how it is given, what it earns, what is said about it."""

    answer: tuple[Inline, ...]
    credit: Fraction
    said: tuple[Inline, ...]


def letter(number: int) -> str:
    """The label of the n-th option, from 0.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    return (letter(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)


ById = dict[str, Offered]


@remembering_record
def offered(interaction: object) -> tuple[tuple[Offered, ...], ...]:
    """The lists that a field shows: options or entries, or left and right sides; () if something is typed."""
    if isinstance(interaction, MatchingInteraction):
        return _lettered(interaction.left, numbers=True), _lettered(interaction.right)
    if isinstance(interaction, OrderingInteraction):
        return (_lettered(interaction.entries),)
    options: tuple[Option, ...] = getattr(interaction, "options", ())
    return (_lettered(options),) if options else ()


def _lettered(options: tuple[Option, ...], numbers: bool = False) -> tuple[Offered, ...]:
    labels = (str(number) for number in count(1)) if numbers else chain(_LETTERS, map(letter, count(len(_LETTERS))))
    return tuple([Offered(label, option.id, option.content) for label, option in zip(labels, options, strict=False)])


_LETTERS = tuple(map(letter, range(26)))


def right_answers(part: Part, part_key: PartKey, words: Wording) -> list[tuple[Inline, ...]]:
    """The key, a line each: the right options, pairs, the order, a number, wordings, the rubric."""
    key = part_key.key
    match key:
        case ChoiceKey(correct):
            (entries,) = _by_id(part)
            return [entries[correct].named]
        case MultipleAnswerKey(correct):
            return [entry.named for entry in offered(part.interaction)[0] if entry.id in correct] or [NOTHING]
        case MatchingKey(pairs):
            left, right = _by_id(part)
            return [left[one].named + ARROW + right[other].named for one, other in pairs]
        case OrderingKey(order):
            (entries,) = _by_id(part)
            return [entries[id_].named for id_ in order]
        case TextKey(accepted):
            return [(Code(text),) for text in accepted]
        case SymbolicKey(value):
            return [(Code(value),)]
        case EssayKey(rubric):
            return [(Text(f"{_points(line.points, words)}: "), *phrase(line.text, words.language)) for line in rubric]
    return [(Text(key_text(part_key, words, getattr(part.interaction, "unit", ""))),)]


def _by_id(part: Part) -> tuple[ById, ...]:
    """The lists of a field, each by the ids of its entries."""
    return tuple([{entry.id: entry for entry in entries} for entries in offered(part.interaction)])


def _points(points: Fraction, words: Wording) -> str:
    return words("point" if points == 1 else "points", points=decimal(points, 6))


def known_answers(part: Part, part_key: PartKey, words: Wording) -> Iterator[Known]:
    """Known wrong and partly right answers of which something is said, or that earn something."""
    key = part_key.key
    if isinstance(key, NumericKey):
        notes = words.group("band:")
        for band in key.bands:
            shown = with_margin(value_of(key.value), band.within, key.decimal_comma)
            yield Known((Text(shown),), band.credit, phrase(notes.get(band.note, ""), words.language))
    told = [
        (rival, said)
        for rival in getattr(key, "rivals", ())
        if (said := phrase(rival.feedback or rival.title, words.language)) or rival.credit
    ]
    lists = _by_id(part) if told else ()
    for rival, said in told:
        yield Known(_given(rival.value, key, lists, words), rival.credit, said)
    if isinstance(key, NumericTupleKey):
        for when, rival in conditions_told(key):
            said = phrase(rival.feedback, words.language)
            yield Known((Text(named_tuple(when, key, words)),), rival.credit, said)
    if isinstance(key, SymbolicKey):
        for form in key.forms:
            head = words(f"form-{form.form}")
            yield Known((Text(head),), form.credit, phrase(form.feedback, words.language))
        for relation in key.accept:
            said = phrase(relation.feedback or relation.title, words.language)
            yield Known((Text(words(f"relation-{relation.kind}")),), relation.credit, said)


def _given(value: str, key: Key, lists: tuple[ById, ...], words: Wording) -> tuple[Inline, ...]:
    """A known wrong answer as it would be given. lists: those of the field, by id."""
    match key:
        case NumericKey():
            return (Text(_number(value, key.decimal_comma)),)
        case NumericTupleKey():
            return (Text(named_tuple(value, key, words)),)
        case MatchingKey():
            one, _, two = value.partition("=")
            left, right = lists
            return _named(one, left) + ARROW + _named(two, right)
        case OrderingKey():
            pieces: tuple[Inline, ...] = ()
            for id_ in value.split():
                pieces += (ARROW if pieces else ()) + _named(id_, lists[0])
            return pieces
        case MultipleAnswerKey() if value in key.correct:
            return (Text(words("page:left-out") + " "), *_named(value, lists[0]))
        case TextKey() | SymbolicKey():
            return (Code(value),)
    return _named(value, lists[0]) if lists else (Text(value),)


@lru_cache(maxsize=4096)
def _number(value: str, comma: bool) -> str:
    return as_read(decimal_of(value, 6), comma)


def _named(id_: str, entries: ById) -> tuple[Inline, ...]:
    """An entry with its label; what is none of them as it is."""
    entry = entries.get(id_)
    return (Text(id_),) if entry is None else entry.named
