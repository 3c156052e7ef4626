"""The different responses to the items of a quiz: each of them is graded once, whatever the number of learners.

Where a number stands between the places that matter for its key, all numbers of that stretch are one response.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from grading.amending import AmendmentUnusable, amended_key, applying
from grading.answersheet import Amendment, ItemKey
from grading.decisions import Decision, Waiting, settled, waiting
from grading.keys import NumericKey
from grading.marking import grade_item
from grading.numberline import NumberLine
from grading.verdicts import Grade

NOTHING_DECIDED: Mapping[str, Decision] = MappingProxyType({})
MOST_KEPT = 500_000
"""Texts of numbers whose place on the number line is kept."""

Name = tuple[str, Any]
"""The item, and what is the same for all ways to give one response: the text, its JSON, or a place on the line."""
Pair = tuple[str, Any]
"""An item and a canonical response to it."""


class Sheet(msgspec.Struct, frozen=True):
    """All that grading a response depends on. keys, amendments: by the id of the item; decisions: by their ids."""

    keys: dict[str, ItemKey]
    amendments: dict[str, tuple[Amendment, ...]]
    decisions: dict[str, Decision]


def sheet_of(
    keys: Mapping[str, ItemKey], amendments: Sequence[Amendment] = (), decisions: Mapping[str, Decision] | None = None
) -> Sheet:
    """The sheet with each amendment beside the keys that it is for. Raises AmendmentUnusable if there is none."""
    applied = {item: tuple(applying(amendments, key)) for item, key in keys.items()}
    for amendment in amendments:
        if not any(amendment in mine for mine in applied.values()):
            place = f"slot “{amendment.slot}”" if amendment.item == "*" else f"item “{amendment.item}”"
            raise AmendmentUnusable(f"an amendment names the {place}, which is not in this quiz")
    return Sheet(dict(keys), applied, dict(decisions or {}))


class Found(msgspec.Struct, frozen=True):
    """What came of one response. decided: by people, of each part. waiting: for them: part, id, response, its grade."""

    grade: Grade
    decided: tuple[tuple[str, Decision], ...] = ()
    waiting: tuple[tuple[str, str, str, Grade], ...] = ()


Grader = Callable[[Sequence[Pair]], Iterable[Found]]
"""Grades responses, in their order."""


def found(sheet: Sheet, item: str, response: Any) -> Found:
    """Grade one response. Raises KeyUnusable for a broken key or amendment."""
    key = sheet.keys[item]
    grade = grade_item(key, response, sheet.amendments[item])
    grade, decided = settled(key, response, grade, sheet.decisions)
    still = tuple(waiting(key, response, grade))
    if not grade.reading.isascii():  # half a surrogate pair has no place in a table
        grade = msgspec.structs.replace(grade, reading=grade.reading.encode("utf-8", "replace").decode())
    return Found(grade, tuple(decided.items()), still)


class Distinct:
    """The different responses that were met so far, in the order in which they were met.

    names: of each, None if it cannot be told from others. items: to which it is a response. found: what came of it.
    """

    def __init__(self, sheet: Sheet, grader: Grader | None = None) -> None:
        self.names: list[Name | None] = []
        self.items: list[str] = []
        self.found: list[Found] = []
        self._sheet = sheet
        self._grader = grader or (lambda pairs: [found(sheet, *pair) for pair in pairs])
        self._new: list[Pair] = []
        self._places: dict[Name, int] = {}
        self._lines: dict[str, NumberLine | None] = {}
        self._on_line: dict[Pair, int] = {}

    @property
    def grades(self) -> tuple[Grade, ...]:
        """The grade of each."""
        return tuple(one.grade for one in self.found)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """All that waits for a person."""
        return tuple(
            Waiting(place, self.items[place], *part)
            for place, one in enumerate(self.found)
            if one.waiting
            for part in one.waiting
        )

    @property
    def decided(self) -> tuple[tuple[int, str, Decision], ...]:
        """All that people decided, as (place, part, decision)."""
        return tuple((place, *part) for place, one in enumerate(self.found) if one.decided for part in one.decided)

    def places(self, pairs: Iterable[Pair]) -> list[tuple[int, str | None]]:
        """For each response its place, and how it was read if that differs from the reading of the grade there."""
        placed = [self._placed(item, response) for item, response in pairs]
        new, self._new = self._new, []
        if new:
            self.found.extend(self._grader(new))
        readings = self.found
        return [
            (place, None if reading is None or reading == readings[place].grade.reading else reading)
            for place, reading in placed
        ]

    def adopt(self, names: Sequence[Name | None], items: Sequence[str], found: Sequence[Found]) -> list[int]:
        """The places of responses that were graded elsewhere by the same sheet; those that are new here are taken."""
        places = []
        for name, item, one in zip(names, items, found, strict=True):
            place = None if name is None else self._places.get(name)
            if place is None:
                place = self._added(name, item)
                self.found.append(one)
            places.append(place)
        return places

    def _placed(self, item: str, response: Any) -> tuple[int, str | None]:
        """The place of a response, which is put among the new ones if it was never met; its text if it is a number."""
        if isinstance(response, str):
            pair = (item, response)
            if (place := self._places.get(pair)) is not None:
                return place, None
            if (place := self._on_line.get(pair)) is not None:
                return place, response
            if (line := self._line(item)) and (cell := line.cell(response)) is not None:
                place = self._known((item, cell), item, response)
                if len(self._on_line) >= MOST_KEPT:
                    self._on_line.clear()
                self._on_line[pair] = place
                return place, response
            return self._known(pair, item, response), None
        try:
            return self._known((item, _encoded(response)), item, response), None
        except (TypeError, ValueError, RecursionError):  # rows from elsewhere may hold anything
            return self._known(None, item, response), None

    def _known(self, name: Name | None, item: str, response: Any) -> int:
        place = None if name is None else self._places.get(name)
        if place is None:
            place = self._added(name, item)
            self._new.append((item, response))
        return place

    def _added(self, name: Name | None, item: str) -> int:
        place = len(self.names)
        self.names.append(name)
        self.items.append(item)
        if name is not None:
            self._places[name] = place
        return place

    def _line(self, item: str) -> NumberLine | None:
        """The number line of an item that asks for nothing but a number and has no second key."""
        if item not in self._lines:
            key, amendments = self._sheet.keys[item], self._sheet.amendments[item]
            part = amended_key(key.parts[0], amendments)
            simple = len(key.parts) == 1 and not any(amendment.action == "accept" for amendment in amendments)
            self._lines[item] = NumberLine(part.key) if simple and isinstance(part.key, NumericKey) else None
        return self._lines[item]


def _encoded(response: Any) -> bytes:
    """The JSON of a canonical response. Raises ValueError for what JSON would make something else of, such as NaN."""
    encoded = msgspec.json.encode(response)
    if response is not None and msgspec.json.decode(encoded) != response:
        raise ValueError("not canonical")
    return encoded
