"""What an amendment changes: corrections after the event, kept beside the archive and applied while grading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

import msgspec

from grading.answersheet import Amendment, ItemKey, PartKey
from grading.graders.choice import option_names
from grading.joint import as_choice
from grading.keys import (
    ChoiceKey,
    JointCondition,
    KeyUnusable,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    SymbolicKey,
    TextKey,
)
from grading.parsing import Refused, parse_number
from grading.reals import real


class AmendmentUnusable(KeyUnusable):
    """An amendment that cannot be applied to the item that it names: it is mended by the person who wrote it."""


def applying(amendments: Iterable[Amendment], key: ItemKey) -> tuple[Amendment, ...]:
    """The amendments of this item, in order: those that name it and those of ``*`` with its slot.

    Raises AmendmentUnusable for ``*`` without a slot, a part that the item does not have, or a tolerance for
    something that is no number.
    """
    mine = []
    for amendment in amendments:
        if amendment.item == "*" and not amendment.slot:
            raise AmendmentUnusable("an amendment of item “*” names no slot; name the slot or the item")
        if amendment.item == key.item or (amendment.item == "*" and amendment.slot == key.slot):
            _check(amendment, key)
            mine.append(amendment)
    return tuple(mine)


def _check(amendment: Amendment, key: ItemKey) -> None:
    if amendment.action in ("void", "full-marks"):
        return
    place = f"the amendment “{amendment.action}” of {key.item}"
    part = next((part for part in key.parts if part.id == amendment.part), None)
    if part is None:
        raise AmendmentUnusable(f"{place} names the part “{amendment.part}”; it has {_list(key)}")
    if amendment.action == "tolerance" and (amendment.tolerance is None or not isinstance(part.key, NumericKey)):
        raise AmendmentUnusable(f"{place} needs a tolerance and a part that asks for a number")
    if amendment.action == "accept":
        for response in amendment.responses:
            _accepting(part, response, place)


def _list(key: ItemKey) -> str:
    return ", ".join(f"“{part.id}”" for part in key.parts)


def outcome_of(amendments: Sequence[Amendment]) -> Literal["", "void", "full-marks"]:
    """What the amendments say of the whole item; the last one that says anything wins."""
    outcome: Literal["", "void", "full-marks"] = ""
    for amendment in amendments:
        if amendment.action == "void" or amendment.action == "full-marks":
            outcome = amendment.action
    return outcome


def amended_key(part: PartKey, amendments: Sequence[Amendment]) -> PartKey:
    """The part with the last tolerance that an amendment gives it."""
    for amendment in amendments:
        if amendment.action == "tolerance" and amendment.part == part.id and isinstance(part.key, NumericKey):
            assert amendment.tolerance is not None
            part = msgspec.structs.replace(part, key=msgspec.structs.replace(part.key, tolerance=amendment.tolerance))
    return part


def wordings_accepted(part: PartKey, amendments: Sequence[Amendment]) -> Iterator[PartKey]:
    """For each response that is accepted too, the part with that response as its key."""
    for amendment in amendments:
        if amendment.action == "accept" and amendment.part == part.id:
            for response in amendment.responses:
                yield _accepting(part, response, f"the amendment “accept” of part {part.id}")


def _accepting(part: PartKey, response: Any, place: str) -> PartKey:
    """The part whose key is this response, without bands and rivals."""
    replace, key = msgspec.structs.replace, part.key
    match key, response:
        case ChoiceKey(), str():
            names = option_names(part)
            if not names.knows(response):
                raise AmendmentUnusable(f"{place} accepts “{response}”, which is not one of the options")
            options = part.options or tuple((option, option) for option in names.ids)
            return replace(part, key=ChoiceKey(names.find(response)), options=options)
        case MultipleAnswerKey(), list() | tuple() if set(response) <= set(key.options):
            return replace(part, key=MultipleAnswerKey(tuple(response), key.options, "all-or-nothing"))
        case NumericKey(), str():
            return replace(part, key=replace(key, value=response, bands=(), rivals=()))
        case NumericTupleKey(), str() if key.choice:
            return _accepting(as_choice(part), response, place)
        case NumericTupleKey(), dict() if set(response) == set(key.names):
            equal = tuple(JointCondition(f"{name} = {_exact(response[name], key, place)}") for name in key.names)
            return replace(part, key=NumericTupleKey(key.names, equal, key.sample, decimal_comma=key.decimal_comma))
        case SymbolicKey(), str():
            return replace(part, key=replace(key, value=response, rivals=(), forms=(), accept=()))
        case MatchingKey(), dict() if set(response) <= {left for left, _ in key.pairs}:
            return replace(part, key=MatchingKey(tuple(response.items()), key.choices))
        case OrderingKey(), list() | tuple() if sorted(response) == sorted(key.order):
            return replace(part, key=OrderingKey(tuple(response)))
        case TextKey(), str():
            return replace(part, key=replace(key, accepted=(response,), rivals=()))
    raise AmendmentUnusable(f"{place} accepts {response!r}, which is no response to this question")


def _exact(number: Any, key: NumericTupleKey, place: str) -> Fraction:
    """A number of a tuple that is accepted too."""
    try:
        value = real(parse_number(str(number), decimal_comma=key.decimal_comma).expression).exact
    except (Refused, ArithmeticError):
        value = None
    if value is None:
        raise AmendmentUnusable(f"{place} accepts {number!r}, which is no decimal and no fraction")
    return value
