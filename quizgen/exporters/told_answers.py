"""What is offered, what is right and what is known to be wrong, as content: for formats that people read.

Options have letters, left sides of a matching numbers, so that an answer on another page can name them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
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
from quizgen.exporters.rendering.decimals import decimal, value_of
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.wording import Wording
from quizgen.model import MatchingInteraction, Option, OrderingInteraction, Part

ARROW = (Text(" → "),)
Named = dict[str, tuple[Inline, ...]]


class Offered(msgspec.Struct, frozen=True):
    """One option with its letter or number."""

    label: str
    id: str
    content: tuple[Inline, ...]

    @property
    def named(self) -> tuple[Inline, ...]:
        """The option with its label before it."""
        return (Text(f"{self.label}. "), *self.content)


class Known(msgspec.Struct, frozen=True):
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
    return tuple(Offered(label, option.id, option.content) for label, option in zip(labels, options, strict=False))


_LETTERS = tuple(map(letter, range(26)))


def right_answers(part: Part, part_key: PartKey, words: Wording) -> list[tuple[Inline, ...]]:
    """The key, a line each: the right options, pairs, the order, a number, wordings, the rubric."""
    key, lists = part_key.key, offered(part.interaction)
    by_id = {entry.id: entry.named for entries in lists for entry in entries}
    match key:
        case ChoiceKey(correct):
            return [by_id[correct]]
        case MultipleAnswerKey(correct):
            return [by_id[id_] for id_ in by_id if id_ in correct]
        case MatchingKey(pairs):
            left, right = ({entry.id: entry.named for entry in entries} for entries in lists)
            return [left[one] + ARROW + right[other] for one, other in pairs]
        case OrderingKey(order):
            return [by_id[id_] for id_ in order]
        case TextKey(accepted):
            return [(Code(text),) for text in accepted]
        case SymbolicKey(value):
            return [(Code(value),)]
        case EssayKey(rubric):
            return [(Text(f"{_points(line.points, words)}: "), *phrase(line.text, words.language)) for line in rubric]
    return [(Text(key_text(part_key, words, getattr(part.interaction, "unit", ""))),)]


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
    named = tuple({entry.id: entry.named for entry in entries} for entries in offered(part.interaction)) if told else ()
    for rival, said in told:
        yield Known(_given(rival.value, part_key.key, named, words), rival.credit, said)
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


def _given(value: str, key: Key, named: tuple[Named, ...], words: Wording) -> tuple[Inline, ...]:
    """A known wrong answer as it would be given. named: the lists of the field, by id."""
    other = (Text(value),)
    match key:
        case NumericKey():
            return (Text(with_margin(value_of(value), Fraction(0), key.decimal_comma)),)
        case NumericTupleKey():
            return (Text(named_tuple(value, key, words)),)
        case MatchingKey():
            one, _, two = value.partition("=")
            left, right = named
            return left.get(one, (Text(one),)) + ARROW + right.get(two, (Text(two),))
        case OrderingKey():
            pieces: tuple[Inline, ...] = ()
            for id_ in value.split():
                pieces += (ARROW if pieces else ()) + named[0].get(id_, (Text(id_),))
            return pieces
        case MultipleAnswerKey() if value in key.correct:
            return (Text(words("page:left-out") + " "), *named[0].get(value, other))
        case TextKey() | SymbolicKey():
            return (Code(value),)
    return named[0].get(value, other) if named else other
