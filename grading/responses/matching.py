"""The one place where what a report prints meets the quiz: which item, which part, which option.

An item is found by its id, by its printed code, by the code inside a text, or by its text. What is found for one
printed answer is kept: a class gives the same few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grading.answersheet import ItemKey
from grading.given import is_blank
from grading.keys import TextKey
from grading.responses.answers import CHANGED, PartReader, PrintedItem, printed_part
from grading.responses.identifiers import endings, identifiers, interaction_fields
from grading.responses.names import loose, short
from grading.responses.rows import Mark, Report, ResponseRow, RowFault
from grading.responses.sittings import FIELD, Dialect, Reported, Said, Sitting

MOST_KEPT = 200_000
"""Printed answers whose meaning is kept."""
LONGEST_KEPT = 500

_CODE = re.compile(r"\bQ-[0-9A-Za-z]+")
_NUMBERED = re.compile(r"\s*(\D{0,30}?)(\s?)1\s?: ?")
_TAGGED = re.compile(r"<[^<>]*>|\[MASK\]|\[M\]", re.IGNORECASE)
"""What may have been typed in a wording between ``<`` and ``>``: also a mask, which has several spellings."""
_COMMA = re.compile(r"(?<!\\),")
_START = 24
_REFERENCE = "item-"
"""Stands before the id of an item in a test of QTI."""
_NOT_HERE = "check that the responses belong to this quiz"


class Matcher:
    """Finds items, parts and options by what a platform prints of them.

    answer_sheet: the keys of the quiz. printed: what learners saw of an item, by its id; without it an item has the
    texts of its options in the answer sheet and no text of its own.
    """

    def __init__(self, answer_sheet: Iterable[ItemKey], printed: Mapping[str, PrintedItem] | None = None) -> None:
        self._keys = {key.item: key for key in answer_sheet}
        self._printed = printed
        self._by_code: dict[str, list[str]] = {}
        for key in self._keys.values():
            self._by_code.setdefault(key.code.upper(), []).append(key.item)
        self._by_text: dict[str, list[tuple[str, str]]] | None = None
        self._by_name: dict[str, str] | None = None
        self._questions: dict[str, str | RowFault] = {}
        self._readers: dict[tuple[str, Dialect], list[PartReader]] = {}
        self._answers: dict[tuple[str, str, Dialect], Any] = {}

    @property
    def keys(self) -> dict[str, ItemKey]:
        """The keys by item id."""
        return self._keys

    def item(self, name: str) -> str:
        """The id of the item that is named by id or by printed code. Raises RowFault."""
        if name in self._keys:
            return name
        found = self._by_code.get(name.upper(), []) if name else []
        if len(found) == 1:
            return found[0]
        if found:
            raise RowFault(f"the code “{short(name)}” belongs to {len(found)} items", "name the item by its id")
        raise RowFault(f"the item “{short(name)}” is not in this quiz", _NOT_HERE)

    def names_an_item(self, heading: str) -> bool:
        """Whether the heading of a column names an item: by its id or code, or with a code in it."""
        name = heading.strip()
        return (
            name in self._keys
            or name.upper() in self._by_code
            or any(code.upper() in self._by_code for code in _CODE.findall(heading))
        )

    def question(self, text: str) -> str:
        """The id of the item that is named by id or code, or that a printed question is. Raises RowFault."""
        if text not in self._questions:
            if len(self._questions) > MOST_KEPT:
                self._questions.clear()
            try:
                self._questions[text] = self._question(text)
            except RowFault as fault:
                self._questions[text] = fault
        found = self._questions[text]
        if isinstance(found, RowFault):
            raise RowFault(found.message, found.remedy)
        return found

    def _asked(self, said: Said) -> str:
        """The id of the item that was answered: by its name, else by what was printed of it. Raises RowFault."""
        try:
            return self.question(said.question)
        except RowFault:
            for text in filter(None, said.printed):
                with suppress(RowFault):
                    return self.question(text)
            raise

    def _question(self, text: str) -> str:
        name = text.strip()
        if name in self._keys or name.upper() in self._by_code:
            return self.item(name)
        for ending in (name, *endings(name)):
            if ending in self._keys or (ending := self._identifiers().get(ending, "")):
                return ending
        codes = {code.upper() for code in _CODE.findall(text)} & set(self._by_code)
        if len(codes) == 1 and len(items := self._by_code[next(iter(codes))]) == 1:
            return items[0]
        among = {item for code in codes for item in self._by_code[code]} if codes else None
        by_text = self._items_with_text(text, among)
        if len(by_text) == 1:
            return by_text[0]
        if codes or by_text:
            raise RowFault(f"the question “{short(text)}” is several items of the quiz", "print the codes in the stems")
        if not name:
            raise RowFault("nothing says which question this is", "download the report with the texts of the questions")
        raise RowFault(f"the question “{short(text)}” is not in this quiz", _NOT_HERE)

    def _identifiers(self) -> dict[str, str]:
        """Ids as formats write them that allow fewer signs in a name."""
        if self._by_name is None:
            self._by_name = {name: item for item in self._keys for name in _names_of(item)}
        return self._by_name

    def _items_with_text(self, text: str, among: set[str] | None) -> list[str]:
        """The items whose text is the longest at the beginning of this one."""
        if self._by_text is None:
            self._by_text = {}
            for item in self._keys if self._printed is not None else ():
                for known in dict.fromkeys(map(loose, self._of(item).texts)):
                    self._by_text.setdefault(known[:_START], []).append((known, item))
        asked = loose(text)
        fits = [
            (len(known), item)
            for known, item in self._by_text.get(asked[:_START], ())
            if known and asked.startswith(known) and (among is None or item in among)
        ]
        longest = max((length for length, _ in fits), default=0)
        return sorted({item for length, item in fits if length == longest})

    def _of(self, item: str) -> PrintedItem:
        if self._printed is not None and item in self._printed:
            return self._printed[item]
        parts = tuple(map(printed_part, self._keys[item].parts))
        return PrintedItem(item, (), parts, tuple(part.id for part in parts))

    def rows(self, sitting: Sitting, dialect: Dialect, report: Report) -> Iterator[ResponseRow]:
        """The rows of a sitting, one an item. Answers that cannot be matched are reported."""
        by_item: dict[str, list[Said]] = {}
        for said in self._whole(sitting.answers):
            try:
                by_item.setdefault(self._asked(said), []).append(said)
            except RowFault as fault:
                report(fault.at(sitting.file, sitting.line))
        for item, answers in by_item.items():
            try:
                response = self._response(item, answers, dialect)
                given = _sum([said.given for said in answers])
                if dialect.untagged and given is not None and given.points > 0:
                    self._refuse_loss(item, response)
            except RowFault as fault:
                about = RowFault(f"{sitting.learner}, {self._keys[item].code or item}: {fault.message}", fault.remedy)
                report(about.at(sitting.file, sitting.line))
                continue
            yield ResponseRow(
                sitting.learner,
                item,
                response,
                sitting.attempt,
                sitting.submitted_at,
                sitting.file,
                sitting.line,
                given,
            )

    def _whole(self, answers: Iterable[Said]) -> list[Said]:
        """The answers, those to an interaction with its item and part; of several the last, and pieces put together."""
        found: list[Said] = []
        reported: dict[tuple[str, str], dict[int, Said]] = {}
        for said in answers:
            fields = interaction_fields(said.question)
            if fields is None or not self.names_an_item(fields[0]):
                found.append(said)
                continue
            piece = int(fields[3]) if len(fields) == 4 and fields[3].isdecimal() and len(fields[3]) < 6 else 1
            pieces = reported.setdefault((fields[0], fields[2]), {})
            if piece == 1:
                pieces.clear()
            pieces[piece] = said
        for (item, part), pieces in reported.items():
            first = pieces[min(pieces)]
            answer = first.answer
            if isinstance(answer, str):
                answer = Reported("".join(str(pieces[number].answer) for number in sorted(pieces)))
            found.append(Said(item, answer, part, first.given))
        return found

    def _response(self, item: str, answers: list[Said], dialect: Dialect) -> Any:
        if len(answers) > 1 or answers[0].part:
            return self._together(item, answers, dialect)
        answer = answers[0].answer
        if not isinstance(answer, str) or len(answer) > LONGEST_KEPT:
            return self._read(item, answer, dialect)
        name = (item, answer, dialect)
        if name not in self._answers:
            if len(self._answers) > MOST_KEPT:
                self._answers.clear()
            self._answers[name] = self._read(item, answer, dialect)
        return self._answers[name]

    def _refuse_loss(self, item: str, response: Any) -> None:
        """Raises RowFault for a typed answer that the platform gave points for and printed without its tags."""
        for part in self._keys[item].parts:
            given = response.get(part.id) if isinstance(response, dict) else response
            text = _begun(given) if isinstance(given, str) else ""
            if isinstance(part.key, TextKey) and text in _untagged(part.key.accepted):
                raise RowFault("the platform dropped what stood between < and > in it", "mark this answer by hand")

    def _parts(self, item: str, dialect: Dialect) -> list[PartReader]:
        name = (item, dialect)
        if name not in self._readers:
            seen = {part.id: part for part in self._of(item).parts}
            self._readers[name] = [
                PartReader(part, seen.get(part.id) or printed_part(part), dialect) for part in self._keys[item].parts
            ]
        return self._readers[name]

    def _read(self, item: str, answer: Any, dialect: Dialect) -> Any:
        """The canonical response to a whole item that one answer stands for."""
        readers, parts = self._parts(item, dialect), self._keys[item].parts
        if len(readers) == 1:
            if isinstance(answer, dict) and set(answer) == {parts[0].id}:
                answer = answer[parts[0].id]
            return readers[0].read(answer)
        if is_blank(answer) or (isinstance(answer, str) and answer.strip() in dialect.blanks):
            return None
        if isinstance(answer, dict):
            return self._together(item, [Said(item, value, str(name)) for name, value in answer.items()], dialect)
        order = self._of(item).gaps or tuple(part.id for part in parts)
        reader_of = {part.id: reader for part, reader in zip(parts, readers, strict=True)}
        given = _several(answer, len(order), dialect, [reader_of[id_].knows for id_ in order])
        if given is None:
            return answer  # a text that answers all of them; a person has to read it
        read = {id_: reader_of[id_].read(value) for id_, value in zip(order, given, strict=True)}
        return {part.id: read[part.id] for part in parts if part.id in read}

    def _together(self, item: str, answers: list[Said], dialect: Dialect) -> Any:
        """The canonical response that several answers are together, each to a part or to a field."""
        if all(said.part.startswith(FIELD) for said in answers):
            return self._fields(item, answers, dialect)
        readers, parts = self._parts(item, dialect), self._keys[item].parts
        if len(parts) == 1:
            if len(answers) == 1:
                return self._read(item, answers[0].answer, dialect)
            raise RowFault("this question is answered twice in one attempt", "remove one of the answers")
        names = [self._part(item, said) for said in answers]
        if len(set(names)) < len(names):
            raise RowFault("one part is answered twice", "remove one of the answers")
        read = {name: readers[name].read(said.answer) for name, said in zip(names, answers, strict=True)}
        return {parts[place].id: read[place] for place in sorted(read)}

    def _part(self, item: str, said: Said) -> int:
        """The place of the part that an answer is to. Raises RowFault if nothing says so."""
        parts, seen = self._keys[item].parts, self._of(item)
        for place, part in enumerate(parts):
            if said.part and said.part in (part.id, *identifiers(part.id), *identifiers(part.id, "_")):
                return place
        if said.part.isdecimal() and said.part.isascii() and 1 <= int(said.part) <= len(parts):
            return int(said.part) - 1
        asked = loose(said.question)
        fits = {}
        for shown in seen.parts:
            lengths = [len(text) for text in map(loose, shown.texts) if text and text in asked]
            if lengths:
                fits[shown.id] = max(lengths)
        best = [id_ for id_, length in fits.items() if length == max(fits.values())]
        if len(best) == 1:
            return [part.id for part in parts].index(best[0])
        what = f"“{short(said.part)}” is no part of this question" if said.part else "nothing says which part this is"
        raise RowFault(what, CHANGED)

    def _fields(self, item: str, answers: list[Said], dialect: Dialect) -> Any:
        """The response of which each answer fills in a field: one a part, or one for each pair or entry of a part."""
        readers, parts = self._parts(item, dialect), self._keys[item].parts
        fields = [(place, left) for place, reader in enumerate(readers) for left in reader.fields()]
        given: dict[int, Any] = {}
        for said in answers:
            number = said.part.removeprefix(FIELD)
            if not (number.isascii() and number.isdecimal()) or not 1 <= int(number) <= len(fields):
                raise RowFault(f"field {short(number)} is answered, the question has {len(fields)}", CHANGED)
            place, left = fields[int(number) - 1]
            if left:
                given.setdefault(place, {})[left] = said.answer
            else:
                given[place] = said.answer
        read = [reader.read(given.get(place)) for place, reader in enumerate(readers)]
        return read[0] if len(parts) == 1 else {part.id: one for part, one in zip(parts, read, strict=True)}


def _names_of(item: str) -> tuple[str, ...]:
    """What an item is called where fewer signs are allowed; results of a test in QTI name the reference to it."""
    return (*identifiers(item), *(_REFERENCE + name for name in identifiers(item, _REFERENCE)))


@lru_cache(maxsize=1024)
def _untagged(accepted: tuple[str, ...]) -> frozenset[str]:
    """What is left of wordings whose tags are dropped, unless it is a wording, too."""
    return frozenset(_begun(_TAGGED.sub("", text)) for text in accepted) - frozenset(map(_begun, accepted))


def _begun(text: str) -> str:
    """A wording without what platforms change, and without the [CLS] that may be left out."""
    return loose(text).removeprefix("[cls]")


def _sum(marks: Sequence[Mark | None]) -> Mark | None:
    there = [mark for mark in marks if mark is not None]
    if not there or len(there) < len(marks):
        return None
    of = (
        None if any(mark.of is None for mark in there) else sum((mark.of or Fraction(0) for mark in there), Fraction(0))
    )
    return Mark(sum((mark.points for mark in there), Fraction(0)), of)


def _several(answer: Any, count: int, dialect: Dialect, fits: list[Callable[[Any], bool]]) -> list[Any] | None:
    """The answers to `count` parts that are printed as one; None if it is one text and not several.

    fits: for each part, whether it could be the one that is answered so. Raises RowFault.
    """
    if isinstance(answer, list):
        if len(answer) != count:
            raise RowFault(f"{len(answer)} answers are given to {count} parts", CHANGED)
        return answer
    if not isinstance(answer, str):
        raise RowFault("the answer is no text", CHANGED)
    if dialect.numbered:
        return _numbered(answer, count)
    if dialect.escaped:
        given = [piece.replace("\\,", ",") for piece in _COMMA.split(answer)]
        if len(given) == count:
            return given
        if dialect.dense and len(given) < count:
            return _aligned(given, fits)
    return None


def _numbered(text: str, count: int) -> list[str] | None:
    """The answers in ``part 1: …; part 2: …``. Raises RowFault where more than one place could begin a part."""
    first = _NUMBERED.match(text)
    if first is None:
        return None
    found, at = [], first.end()
    for number in range(2, count + 1):
        mark = re.compile(rf"; ?{re.escape(first[1])}{re.escape(first[2])}{number}\s?: ?")
        places = list(mark.finditer(text, at))
        if not places:
            raise RowFault(f"the answer to part {number} is missing", CHANGED)
        if len(places) > 1:
            raise RowFault(f"part {number} begins at two places of the answer", "mark this answer by hand")
        found.append(text[at : places[0].start()])
        at = places[0].end()
    return [*found, text[at:]]


def _aligned(given: list[str], fits: list[Callable[[Any], bool]]) -> list[Any]:
    """Which of the parts were left blank, if the answers to the others allow one way only. Raises RowFault."""
    ways: list[list[Any]] = []

    def place(done: list[Any], rest: list[str]) -> None:
        if len(ways) > 1:
            return
        at = len(done)
        if at == len(fits):
            if not rest:
                ways.append(done)
            return
        if rest and fits[at](rest[0]):
            place([*done, rest[0]], rest[1:])
        if len(rest) < len(fits) - at:
            place([*done, None], rest)

    if len(fits) <= 12:
        place([], given)
    if len(ways) != 1:
        raise RowFault("a blank was left, and nothing says which one", "mark this answer by hand")
    return ways[0]
