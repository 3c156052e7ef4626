"""From the printed answer to one part to the canonical response of its kind."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from grading.answersheet import PartKey
from grading.given import is_blank
from grading.keys import (
    ChoiceKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericTupleKey,
    OrderingKey,
    SymbolicKey,
)
from grading.responses.identifiers import unslugged
from grading.responses.names import Names, pieces, short
from grading.responses.rows import RowFault, from_json_text
from grading.responses.sittings import Dialect, Reported

CHANGED = "was the question changed on the platform after it was exported?"
_WRAPPED = re.compile(r"\s*(?:\\\((.*)\\\)|\\\[(.*)\\\]|\$\$(.*)\$\$|\$(.*)\$)\s*", re.DOTALL)
_LISTED, _PAIRED = re.compile(r"\[,\]|,"), re.compile(r"\[\.\]|\.")
_PLACE = re.compile(r"\s*(\d{1,3})\s*\.?\s*")


class PrintedPart(msgspec.Struct, frozen=True):
    """What a learner saw of one part. options: (id, its texts in the notations of the formats), in the order shown.

    texts: what the part itself asks, in each notation; empty for a gap in a text and for the only part of an item.
    """

    id: str
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    texts: tuple[str, ...] = ()


class PrintedItem(msgspec.Struct, frozen=True):
    """What a learner saw of an item. texts: of the question, in the notations of the formats.

    gaps: the ids of the parts in the order in which they stand on the page, gaps of the text first.
    """

    item: str
    texts: tuple[str, ...] = ()
    parts: tuple[PrintedPart, ...] = ()
    gaps: tuple[str, ...] = ()


def printed_part(part: PartKey) -> PrintedPart:
    """What the answer sheet alone knows of a part."""
    return PrintedPart(part.id, tuple((id_, (text,)) for id_, text in part.options))


class PartReader:
    """Reads the answers to one part, as one platform prints them."""

    def __init__(self, part: PartKey, printed: PrintedPart, dialect: Dialect) -> None:
        self.key, self._dialect = part.key, dialect
        self.shown = tuple(id_ for id_, _ in printed.options)
        known = {id_: set(texts) for id_, texts in printed.options}
        for id_, text in part.options:
            known.setdefault(id_, set()).add(text)
        if dialect.letters and not isinstance(self.key, MatchingKey | OrderingKey):
            known = {id_: {*known[id_], f"choice_{place}"} for place, id_ in enumerate(self.shown)} or known
        self._all = self._names(known, known)
        self._left = self._right = self._all
        if isinstance(self.key, MatchingKey):
            self._left = self._names([left for left, _ in self.key.pairs], known)
            if dialect.letters:
                rights = [id_ for id_ in self.shown if id_ in self.key.choices]
                known |= {id_: {*known[id_], _letter(place)} for place, id_ in enumerate(rights)}
            self._right = self._names(self.key.choices, known)
        elif isinstance(self.key, MultipleAnswerKey | OrderingKey):
            ids = self.key.options if isinstance(self.key, MultipleAnswerKey) else self.key.order
            self._all = self._left = self._names(ids, known)

    def _names(self, ids: Any, known: dict[str, set[str]]) -> Names:
        return Names(((id_, known.get(id_, set())) for id_ in ids), self._dialect.ids, self._dialect.cut)

    def read(self, answer: Any) -> Any:
        """The canonical response. Raises RowFault if the answer names what the part does not have."""
        if isinstance(answer, Reported):
            answer = self._reported(answer.text)
        if is_blank(answer) or (isinstance(answer, str) and answer.strip() in self._dialect.blanks):
            return None
        match self.key:
            case ChoiceKey():
                return self._option(answer)
            case NumericTupleKey():
                return self._tuple(answer)
            case MultipleAnswerKey():
                return sorted(self._list(answer))
            case MatchingKey():
                return self._pairs(answer)
            case OrderingKey():
                return self._order(answer)
            case SymbolicKey() if isinstance(answer, str) and (wrapped := _WRAPPED.fullmatch(answer)):
                return next(inner for inner in wrapped.groups() if inner is not None)
        return self._typed(answer)

    def _reported(self, text: str) -> Any:
        """The answer that stands in an interaction of SCORM or xAPI."""
        match self.key:
            case ChoiceKey():
                return unslugged(text)
            case MultipleAnswerKey() | OrderingKey():
                return [unslugged(name) for name in _LISTED.split(text) if name]
            case MatchingKey():
                pairs = [_PAIRED.split(pair, maxsplit=1) for pair in _LISTED.split(text) if pair]
                if any(len(pair) < 2 for pair in pairs):
                    raise self._unknown(text)
                return {unslugged(left): unslugged(right) for left, right in pairs}
        if text.startswith(('"', "{")):
            try:
                return from_json_text(text)
            except RowFault:
                return text
        return text

    def fields(self) -> list[str]:
        """The ids of the left sides or entries, in the order shown, that have a field each; [""] for one field."""
        if not isinstance(self.key, MatchingKey | OrderingKey):
            return [""]
        lefts = [left for left, _ in self.key.pairs] if isinstance(self.key, MatchingKey) else list(self.key.order)
        return sorted(lefts, key=self.shown.index) if set(lefts) <= set(self.shown) else lefts

    def knows(self, answer: Any) -> bool:
        """Whether the answer could be one to this part."""
        try:
            self.read(answer)
        except RowFault:
            return False
        return True

    def _typed(self, answer: Any) -> str:
        if isinstance(answer, list) and len(answer) == 1:
            answer = answer[0]
        if not isinstance(answer, str):
            raise RowFault("the answer is no text", CHANGED)
        return answer

    def _option(self, answer: Any) -> str:
        if isinstance(answer, list) and len(answer) == 1:
            answer = answer[0]
        found = self._all.find(self._bare(answer))
        if found is None:
            raise self._unknown(answer)
        return found

    def _tuple(self, answer: Any) -> Any:
        assert isinstance(self.key, NumericTupleKey)
        if isinstance(answer, dict) and set(answer) <= set(self.key.names):
            return answer
        if isinstance(answer, list) and len(answer) == len(self.key.names) > 1:
            return dict(zip(self.key.names, answer, strict=True))
        return self._option(answer)

    def _list(self, answer: Any) -> list[str]:
        if isinstance(answer, str):
            found = pieces(answer, self._dialect.separator, lambda text: self._all.find(self._bare(text)))
            if found is None:
                raise self._unknown(answer)
            return found
        return [self._option(entry) for entry in self._entries(answer)]

    def _pairs(self, answer: Any) -> dict[str, str]:
        if isinstance(answer, str):
            found = pieces(answer, self._dialect.separator, self._pair)
            if found is None:
                raise self._unknown(answer)
        elif isinstance(answer, dict):
            found = []
            for name, right in answer.items():
                if (left := self._left.find(name)) is None:
                    raise self._unknown(name)
                found.append((left, self._side(right)))
        else:
            found = pieces_of_pairs(self._entries(answer), self._pair)
        return {left: right for left, right in found if right}

    def _side(self, text: Any) -> str:
        """The right side of a pair, "" if nothing was chosen."""
        if is_blank(text) or (isinstance(text, str) and text.strip() in self._dialect.blanks):
            return ""
        found = self._right.find(self._bare(text))
        if found is None:
            raise self._unknown(text)
        return found

    def _pair(self, text: str) -> tuple[str, str] | None:
        arrow = self._dialect.arrow
        at = text.find(arrow)
        while at >= 0:
            left, right = self._left.find(self._bare(text[:at])), self._bare(text[at + len(arrow) :])
            if left is not None:
                if not right.strip():
                    return left, ""
                found = self._right.find(right)
                if found is not None:
                    return left, found
            at = text.find(arrow, at + 1)
        if text.endswith(arrow.rstrip()) and (left := self._left.find(self._bare(text[: -len(arrow.rstrip())]))):
            return left, ""
        return None

    def _order(self, answer: Any) -> Any:
        assert isinstance(self.key, OrderingKey)
        if isinstance(answer, dict):
            return self._placed([(self._all.find(left), right) for left, right in answer.items()], answer)
        arrow = self._dialect.arrow
        if isinstance(answer, str) and arrow in answer:
            found = pieces(answer, self._dialect.separator, self._entry_at_place)
            if found is not None:
                return self._placed(list(found), answer)
        return self._list(answer)

    def _entry_at_place(self, text: str) -> tuple[str, str] | None:
        entry, arrow, place = text.rpartition(self._dialect.arrow)
        if arrow and (_PLACE.fullmatch(place) or not place.strip()) and (found := self._all.find(self._bare(entry))):
            return found, place
        return None

    def _placed(self, entries: list[tuple[str | None, Any]], answer: Any) -> Any:
        """Entries in the order of the places that were chosen for them. Two at one place are an order of nothing."""
        assert isinstance(self.key, OrderingKey)
        by_place: dict[int, str] = {}
        for entry, place in entries:
            if entry is None:
                raise self._unknown(answer)
            if is_blank(place):
                continue
            number = _PLACE.fullmatch(str(place))
            if number is None or not 1 <= int(number[1]) <= len(self.key.order):
                raise RowFault(f"“{short(str(place))}” is no place in an order of {len(self.key.order)}", CHANGED)
            if int(number[1]) in by_place:
                raise RowFault(f"two entries are at place {number[1]}", "mark this answer by hand")
            by_place[int(number[1])] = entry
        if len(by_place) not in (0, len(self.key.order)):
            raise RowFault("some entries have no place", "mark this answer by hand")
        return [by_place[place] for place in sorted(by_place)] or None

    def _entries(self, answer: Any) -> list[Any]:
        if not isinstance(answer, list):
            raise RowFault("the answer is no list", CHANGED)
        return answer

    def _bare(self, text: Any) -> Any:
        if self._dialect.escaped and isinstance(text, str) and "\\" in text:
            return text.replace("\\,", ",").replace("\\=>", "=>")
        return text

    def _unknown(self, answer: Any) -> RowFault:
        shown = answer if isinstance(answer, str) else "; ".join(map(str, answer)) if isinstance(answer, list) else ""
        return RowFault(f"“{short(shown)}” is not among the options", CHANGED)


def _letter(place: int) -> str:
    return (_letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def pieces_of_pairs(entries: list[Any], pair: Any) -> list[tuple[str, str]]:
    """The pairs in a list of texts. Raises RowFault for a text that is none."""
    found = [pair(entry) if isinstance(entry, str) else None for entry in entries]
    bad = next((entry for entry, value in zip(entries, found, strict=True) if value is None), None)
    if None in found:
        raise RowFault(f"“{short(str(bad))}” is no pair of this question", CHANGED)
    return [value for value in found if value is not None]
