"""Simulated learners: who they are, what they believe, and what they would submit.

Each learner has an ability and up to three misconceptions, each held with a strength. Where a known wrong answer of
a question follows from a belief that is held, it is given with the probability of that strength; else the answer is
right with the probability of the ability; else it is wrong in no particular way, or cannot be read. Since it is known
who believes what, a report on such a class shows whether the diagnosis finds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

import msgspec

from grading.answersheet import ItemKey, Response
from grading.graders.numeric_tuple import response_of
from grading.keys import (
    ChoiceKey,
    EssayKey,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from quizgen.exporters.rendering.decimals import decimal, rounded, value_of
from quizgen.model import Quiz
from quizgen.sampling.draws import Source, Stream

MOST_HELD = 3
TELLING = 5
"""Questions that can show a misconception by itself; those with fewer are planted only where none has so many."""
ALONE = 2
"""Of several misconceptions of one learner each can show in so many questions, at least, in which none of the others
competes for the answer; else no answer would tell anything of it."""
STRENGTHS = (Fraction(3, 4), Fraction(9, 10), Fraction(1))
UNLEARN = Fraction(1, 4)
ABILITIES = tuple(Fraction(percent, 100) for percent in range(60, 96, 5))
UNREADABLE = Fraction(1, 4)
"""Share of the plain wrong answers to typed questions that cannot be read at all."""

_MALFORMED = ("log(", "p_2 +* p_6", "about a half", "1.2.3", "?")
_DECIMALS = 4


class SimulatedLearner(msgspec.Struct, frozen=True):
    """One invented person. ability: probability of knowing an answer that no belief distorts, in [0, 1].

    beliefs: (misconception id, strength); the strength is the probability that it decides an answer it applies to.
    lost: (misconception id, attempt) of those that are given up; it decides nothing after that attempt. version: of
    the quiz, for whoever has a paper that many share, such as A, or "".
    """

    id: str
    ability: Fraction
    beliefs: tuple[tuple[str, Fraction], ...]
    lost: tuple[tuple[str, int], ...] = ()
    version: str = ""

    def held_in(self, attempt: int) -> dict[str, Fraction]:
        """What is still believed in an attempt, with its strength."""
        last = dict(self.lost)
        return {belief: strength for belief, strength in self.beliefs if attempt <= last.get(belief, attempt)}


class Submission(msgspec.Struct, frozen=True):
    """One response, in the columns of a response file. believed: the misconceptions that decided it."""

    learner: str
    item: str
    response: Response
    attempt: int = 1
    believed: tuple[str, ...] = ()


class KeyedQuiz(Protocol):
    """What is needed of an archive: its quiz, and the key of each item."""

    @property
    def quiz(self) -> Quiz: ...

    def key(self, id_: str, /) -> ItemKey: ...


def invent_class(
    archive: KeyedQuiz,
    learners: int = 25,
    seed: int | str = 1,
    strengths: Sequence[Fraction] = STRENGTHS,
    attempts: int = 1,
    unlearn: Fraction = UNLEARN,
    alone: int = ALONE,
) -> tuple[SimulatedLearner, ...]:
    """So many learners, with beliefs that the questions of this quiz can show.

    A quiz with forms gets the learners of its forms, whatever `learners` says, but where the forms are versions that
    many share, such as A and B, the learners get them in turn. The same seed gives the same class.
    strengths: of beliefs. attempts: at each question. unlearn: share of the beliefs that is given up from one
    attempt to the next. alone: questions in which each belief of a learner shows and none of the others competes.
    """
    source = Source(seed)
    versions = [one.version for one in archive.quiz.sittings if one.version and one.learner == one.version]
    own = [name for name, _ in archive.quiz.forms if name not in versions]
    names = own or [f"learner-{n:02d}" for n in range(1, learners + 1)]
    slots = [Counter(_Shows.of(archive.key(item)) for item in slot.pool) for slot in archive.quiz.slots]
    seen = Counter(belief for items in slots for belief in next(iter(items)).alone)
    most = max(seen.values(), default=0)
    # A belief that shows in few questions cannot be told from a slip, so the more telling ones are planted.
    telling = sorted(belief for belief, count in seen.items() if count >= min(TELLING, most))
    invented = []
    for number, name in enumerate(names):
        stream = source.stream("simulated class", number, 0, name)
        held = _side_by_side(stream.shuffle(telling), stream.below(MOST_HELD + 1), alone, slots)
        beliefs = tuple((belief, stream.choice(strengths)) for belief in held)
        ability = stream.choice(ABILITIES)
        lost = []
        for belief in held:
            gone = (attempt for attempt in range(1, attempts) if stream.chance(unlearn))
            if attempt := next(gone, 0):
                lost.append((belief, attempt))
        version = versions[number % len(versions)] if versions else ""
        invented.append(SimulatedLearner(name, ability, beliefs, tuple(lost), version))
    return tuple(invented)


class _Shows(msgspec.Struct, frozen=True):
    """Which beliefs the known wrong answers of an item follow from: alone, and alone or with another."""

    alone: frozenset[str]
    every: frozenset[str]

    @staticmethod
    def of(key: ItemKey) -> _Shows:
        named = [rival.misconceptions for part in key.parts for rival in _rivals(part.key)]
        return _Shows(
            frozenset(beliefs[0] for beliefs in named if len(beliefs) == 1),
            frozenset(belief for beliefs in named for belief in beliefs),
        )


def _side_by_side(
    beliefs: Iterable[str], most: int, alone: int, slots: Sequence[Mapping[_Shows, int]]
) -> tuple[str, ...]:
    """So many of the beliefs, the first ones of which each can be told from the others."""
    held: tuple[str, ...] = ()
    for belief in beliefs:
        together = (*held, belief)
        if len(held) < most and (not held or all(_uncontested(one, together, slots) >= alone for one in together)):
            held = together
    return held


def _uncontested(belief: str, held: Sequence[str], slots: Sequence[Mapping[_Shows, int]]) -> Fraction:
    """In how many questions a belief shows and no other one that is held; on average over the items of each slot."""
    others = frozenset(held) - {belief}
    found = Fraction(0)
    for items in slots:
        free = sum(count for item, count in items.items() if belief in item.alone and not others & item.every)
        found += Fraction(free, sum(items.values()))
    return found


def simulate(
    archive: KeyedQuiz, learners: Iterable[SimulatedLearner], seed: int | str = 1, attempts: int = 1
) -> Iterator[Submission]:
    """The submissions of these learners: one item of each slot, or the items of their form, in order, in each
    attempt.

    archive: with its keys. The same seed gives the same submissions. attempts: another item of the slot in each.
    """
    source = Source(seed)
    forms = dict(archive.quiz.forms)
    keys: dict[str, ItemKey] = {}
    for learner in learners:
        for attempt in range(1, attempts + 1):
            items = forms.get(learner.version or learner.id) or tuple(
                source.stream("simulated form", 0, attempt - 1, f"{slot.id}/{learner.id}").choice(slot.pool)
                for slot in archive.quiz.slots
            )
            for item in items:
                key = keys.get(item) or keys.setdefault(item, archive.key(item))
                yield _answer_item(key, learner, source, attempt)


def _answer_item(key: ItemKey, learner: SimulatedLearner, source: Source, attempt: int) -> Submission:
    answers: dict[str, Response] = {}
    believed: list[str] = []
    for part in key.parts:
        stream = source.stream("simulated answer", 0, attempt - 1, f"{key.item}/{part.id}/{learner.id}")
        answers[part.id], because = _answer(part.key, learner.ability, learner.held_in(attempt), stream)
        believed.extend(because)
    whole = [part.id for part in key.parts] == ["answer"]
    return Submission(
        learner.id, key.item, answers["answer"] if whole else answers, attempt, tuple(dict.fromkeys(believed))
    )


def _answer(
    key: Key, ability: Fraction, held: Mapping[str, Fraction], stream: Stream
) -> tuple[Response, tuple[str, ...]]:
    tempting = list(stream.shuffle([rival for rival in _rivals(key) if any(m in held for m in rival.misconceptions)]))
    # An answer that follows from held beliefs alone is nearer to the learner than one that needs another as well.
    tempting.sort(key=lambda rival: sum(m not in held for m in rival.misconceptions))
    for rival in tempting:
        because = tuple(m for m in rival.misconceptions if m in held)
        if stream.chance(max(held[m] for m in because)):
            return _wrong(key, rival), because
    if stream.chance(ability):
        return _right(key), ()
    return _slip(key, stream), ()


def _rivals(key: Key) -> tuple[Rival, ...]:
    return () if isinstance(key, EssayKey) else key.rivals


def _right(key: Key) -> Response:
    match key:
        case ChoiceKey(correct=correct):
            return correct
        case MultipleAnswerKey(correct=several):
            return sorted(several)
        case NumericKey(value=value):
            return typed_number(value)
        case NumericTupleKey(sample=sample):
            return response_of(key, "; ".join(sample))
        case SymbolicKey(value=value):
            return value
        case MatchingKey(pairs=pairs):
            return dict(pairs)
        case OrderingKey(order=order):
            return list(order)
        case TextKey(accepted=accepted):
            return accepted[0]
        case EssayKey(words=(least, _)):
            return " ".join(["The model predicts each masked word from the words that it sees."] * (1 + least // 12))


def _wrong(key: Key, rival: Rival) -> Response:
    """The answer that this known wrong one amounts to."""
    match key:
        case MultipleAnswerKey(correct=correct):
            return sorted(set(correct) ^ {rival.value})
        case NumericKey():
            return typed_number(rival.value)
        case NumericTupleKey():
            return response_of(key, rival.value)
        case MatchingKey(pairs=pairs):
            left, _, right = rival.value.partition("=")
            return {**dict(pairs), left: right}
        case OrderingKey():
            return rival.value.split(" ")
        case _:
            return rival.value


def _slip(key: Key, stream: Stream) -> Response:
    """A wrong answer that no belief explains, or one that cannot be read."""
    match key:
        case ChoiceKey(correct=correct, rivals=rivals):
            return stream.choice([rival.value for rival in rivals]) if rivals else correct
        case MultipleAnswerKey(options=options):
            return sorted(option for option in options if stream.chance(Fraction(1, 2)))
        case MatchingKey(pairs=pairs, choices=choices):
            return {left: stream.choice(choices) for left, _ in pairs}
        case OrderingKey(order=order):
            return list(stream.shuffle(order))
        case EssayKey():
            return "It adds logarithms."
        case TextKey(accepted=accepted):
            return " ".join(reversed(accepted[0].split())) + " ?"
        case NumericKey() | SymbolicKey() if stream.chance(UNREADABLE):
            return stream.choice(_MALFORMED)
        case NumericKey():
            return f"{stream.integer(1, 9)}.{stream.integer(0, 999):03d}"
        case NumericTupleKey(names=names):  # without its last number it is wrong whatever the conditions say
            return {name: f"0.{stream.integer(1, 99):02d}" for name in names[:-1]}
        case SymbolicKey(value=value):
            return f"{stream.integer(2, 9)} * ({value})"


def typed_number(value: str, places: int = _DECIMALS) -> str:
    """A closed expression as a learner would type its value: rounded to so many decimal places, half away from zero.

    >>> typed_number("-log(0.5) - log(0.4)"), typed_number("8/5")
    ('1.6094', '1.6')
    """
    return decimal(rounded(value_of(value), places))


def truth(learners: Iterable[SimulatedLearner]) -> list[Mapping[str, object]]:
    """Who holds what, as JSON values.

    >>> truth([SimulatedLearner("ada", Fraction(4, 5), (("flip-sign", Fraction(3, 4)),))])
    [{'learner': 'ada', 'ability': '4/5', 'misconceptions': {'flip-sign': '3/4'}}]
    """
    return [
        {
            "learner": learner.id,
            "ability": str(learner.ability),
            "misconceptions": {belief: str(strength) for belief, strength in learner.beliefs},
            **({"lost_after_attempt": dict(learner.lost)} if learner.lost else {}),
        }
        for learner in learners
    ]
