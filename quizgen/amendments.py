"""Corrections after the event: what a teacher says, as lines beside the archive, checked before one is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import msgspec

from grading.amending import applying, wordings_accepted
from grading.answersheet import Amendment, ItemKey, PartKey, to_json
from grading.graders.numeric_tuple import response_of
from grading.keys import (
    ChoiceKey,
    EssayKey,
    KeyUnusable,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    Tolerance,
)
from grading.marking import grade_part
from grading.responses.rows import cell
from quizgen.archive import AMENDMENTS, Archive
from quizgen.folders import PlacedError, locked, remove_unfinished_files, replace_file
from quizgen.model import Slot

MOST_NAMED = 3
_DECIMAL_COMMA = re.compile(r"\s*([+-]?\d+),(\d+)\s*", re.ASCII)


class AmendmentRefused(PlacedError):
    """A correction that cannot be made: place, message, remedy."""


class Question(msgspec.Struct, frozen=True):
    """What is to be amended: an item, or every variant of a slot. name: as people may be told."""

    name: str
    items: tuple[str, ...]
    slot: Slot
    whole: bool


def question_of(archive: Archive, name: str) -> Question:
    """The question that a person names: by the id or the printed code of an item, or by the id of a slot.

    Raises AmendmentRefused where there is none.
    """
    for slot in archive.quiz.slots:
        if name == slot.id:
            return Question(f"“{slot.title}”, all {len(slot.item_ids)} variants", slot.item_ids, slot, True)
    for item in archive.items():
        if name in (item.id, item.code) or name.upper() == item.code:
            slot = next(slot for slot in archive.quiz.slots if item.id in slot.item_ids)
            return Question(f"{item.code} of “{slot.title}”", (item.id,), slot, False)
    slots = ", ".join(slot.id for slot in archive.quiz.slots[:MOST_NAMED])
    raise AmendmentRefused(
        archive.folder, f"there is no item and no slot '{name}'", f"name a printed code, or a slot such as {slots}"
    )


def for_everybody(
    archive: Archive, question: Question, action: Literal["void", "full-marks"], reason: str, date: str
) -> tuple[Amendment, ...]:
    """The question counts for nobody (``void``), or everybody who was given it gets it (``full-marks``)."""
    return _checked(archive, question, [_amendment(question, action, reason, date)])


def with_tolerance(
    archive: Archive, question: Question, tolerance: Tolerance, part: str, reason: str, date: str
) -> tuple[Amendment, ...]:
    """Another tolerance for a number. Raises AmendmentRefused where the part asks for none."""
    amendment = msgspec.structs.replace(_amendment(question, "tolerance", reason, date), part=part, tolerance=tolerance)
    return _checked(archive, question, [amendment])


def accepting(
    archive: Archive, question: Question, responses: Sequence[str], part: str, reason: str, date: str
) -> tuple[Amendment, ...]:
    """Also take these answers. An option is named by its id, its text or, of one item, by its letter in the order of
    the archive; of a slot by a text that is the same option in all its variants.

    Raises AmendmentRefused where one is no answer to the question.
    """
    keys = [archive.key(item) for item in question.items]
    given = tuple(_response(keys, cell(text), part, question) for text in responses)
    amendment = msgspec.structs.replace(_amendment(question, "accept", reason, date), part=part, responses=given)
    return _checked(archive, question, [amendment])


def accepting_belief(
    archive: Archive, question: Question, misconception: str, part: str, reason: str, date: str
) -> tuple[Amendment, ...]:
    """Also take, in each variant, the known wrong answer that follows from this misconception alone.

    Raises AmendmentRefused where no variant has one.
    """
    found: list[Amendment] = []
    for item in question.items:
        for one in archive.key(item).parts:
            rivals = () if isinstance(one.key, EssayKey) else one.key.rivals
            given = [_response_of(one, rival) for rival in rivals if rival.misconceptions == (misconception,)]
            if one.id == part and given:
                found.append(
                    Amendment(item, "accept", reason, date, part, slot=question.slot.id, responses=tuple(given))
                )
    if not found:
        remedy = "see the details of `quizgen grade` for the misconceptions of each answer"
        message = f"no known wrong answer of {question.name} follows from '{misconception}' alone"
        raise AmendmentRefused(archive.folder, message, remedy)
    return _checked(archive, question, found)


def tolerance_of(text: str) -> Tolerance:
    """The tolerance that a person writes: ``0.01`` or ``1/200`` for a distance, ``2 %`` for a share of the key.

    Raises ValueError for anything else.

    >>> tolerance_of("0.01").kind, tolerance_of("2 %").amount
    ('absolute', Fraction(1, 50))
    """
    written, share = text.strip(), text.strip().endswith("%")
    plain = len(written) <= 20 and "e" not in written.lower() and "_" not in written
    try:
        amount = Fraction(written.removesuffix("%").strip()) / (100 if share else 1) if plain else None
    except (ValueError, ZeroDivisionError):
        amount = None
    if amount is None or amount < 0:
        raise ValueError(f"“{text}” is no tolerance")
    return Tolerance("relative" if share else "absolute", amount)


def add(archive: Archive, amendments: Sequence[Amendment]) -> None:
    """Writes them beside the archive, after those that are there. A process that is killed leaves what was there."""
    with locked(archive.folder):
        _write(archive, [*archive.amendments(), *amendments])


def withdraw(archive: Archive, number: int) -> Amendment:
    """Takes back the correction of this number, from 1. Raises AmendmentRefused if there is none."""
    with locked(archive.folder):
        known = list(archive.amendments())
        if not 1 <= number <= len(known):
            remedy = f"choose one of 1 to {len(known)}" if known else "there is nothing to take back"
            raise AmendmentRefused(archive.folder / AMENDMENTS, f"there is no amendment {number}", remedy)
        taken = known.pop(number - 1)
        _write(archive, known)
    return taken


# ------------------------------------------------------------ what a person means


def _amendment(question: Question, action: Any, reason: str, date: str) -> Amendment:
    item = "*" if question.whole else question.items[0]
    return Amendment(item, action, reason, date, slot=question.slot.id if question.whole else "")


def _response(keys: Sequence[ItemKey], response: Any, name: str, question: Question) -> Any:
    """The canonical response, the same for all the keys; left as it is where the kind has its own way of saying no."""
    parts = [part for key in keys for part in key.parts if part.id == name]
    if isinstance(response, str) and any(isinstance(part.key, NumericKey) and part.key.decimal_comma for part in parts):
        return _DECIMAL_COMMA.sub(r"\1.\2", response)
    if not parts or not isinstance(response, str) or not all(isinstance(part.key, ChoiceKey) for part in parts):
        return response
    found = {(option, text) for part in parts for option, text in part.options if response in (option, text)}
    if len({text for _, text in found}) == 1:
        texts = {text for _, text in found}
        return response if question.whole else next(option for option, text in found if text in texts)
    if question.whole:
        message = f"“{response}” is not one and the same option in all variants of {question.name}"
        remedy = "write the option's text, amend each item, or accept what follows from a misconception"
        raise AmendmentRefused(question.slot.id, message, remedy)
    options = parts[0].options
    place = ord(response.upper()) - ord("A") if len(response) == 1 else -1
    return options[place][0] if not found and 0 <= place < len(options) else response


def _response_of(part: PartKey, rival: Rival) -> Any:
    """The answer that a known wrong one amounts to."""
    match part.key:
        case MultipleAnswerKey(correct=correct):
            return sorted(set(correct) ^ {rival.value})
        case NumericTupleKey() as key:
            return response_of(key, rival.value)
        case MatchingKey(pairs=pairs):
            left, _, right = rival.value.partition("=")
            return {**dict(pairs), left: right}
        case OrderingKey():
            return rival.value.split(" ")
    return rival.value


def _checked(archive: Archive, question: Question, amendments: Sequence[Amendment]) -> tuple[Amendment, ...]:
    """The amendments, if grading can apply each of them to every item that it names."""
    try:
        for item in question.items:
            key = archive.key(item)
            mine = applying(amendments, key)
            for part in key.parts:
                if isinstance(part.key, NumericKey | SymbolicKey):
                    for accepting in wordings_accepted(part, mine):  # a key that cannot be read says so only when used
                        grade_part(accepting, part.key.value)
    except KeyUnusable as error:
        raise AmendmentRefused(archive.folder, str(error), "say it in another way, or amend another part") from error
    return tuple(amendments)


def _write(archive: Archive, amendments: Sequence[Amendment]) -> None:
    path = archive.folder / AMENDMENTS
    remove_unfinished_files(path)
    replace_file(path, (to_json(amendment) + b"\n" for amendment in amendments))
