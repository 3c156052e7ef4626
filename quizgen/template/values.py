"""Texts of an author as typed values: numbers, ranges, lists that continue, words from a fixed set.

Every function takes the data of one place and raises `AuthorError` in plain words where it does not fit.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, Literal, TypeVar

from grading.keys import Digits, Tolerance
from quizgen.source import DataPath
from quizgen.template.draw_records import Described, IntegerRange, OneOf
from quizgen.template.written import Written

_Value = TypeVar("_Value", str, Fraction)

MOST_VALUES = 10_000
_LARGEST = 10**15
_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{1,15})?|\.\d{1,15})([eE][+-]?\d{1,2})?(\s*/\s*\d{1,15})?")
_RANGE = re.compile(r"\s*([+-]?\d{1,15})\s*\.\.\s*([+-]?\d{1,15})\s*")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
_YES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class AuthorError(ValueError):
    """What does not fit, in plain words. path: where, from the value that was given."""

    def __init__(self, code: str, message: str, remedy: str, path: DataPath = ()) -> None:
        super().__init__(message)
        self.code, self.message, self.remedy, self.path = code, message, remedy, path


def shown(data: Any) -> str:
    """The data as it is named in a message: short, in quotes.

    >>> shown("a text"), shown(["x"]), shown({})
    ('"a text"', 'a list', 'a mapping')
    """
    if isinstance(data, str):
        one_line = " ".join(data.split())
        return f'"{one_line[:37]}…"' if len(one_line) > 38 else f'"{one_line}"'
    return "a list" if isinstance(data, list) else "a mapping"


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """The remedy that proposes the nearest known word, or lists them, or "" if there are too many.

    >>> did_you_mean("numerics", ["numeric", "symbolic"])
    'did you mean "numeric"?'
    """
    words = list(dict.fromkeys(known))
    near = difflib.get_close_matches(wrong[:60], words, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"use one of: {', '.join(words)}" if 0 < len(words) <= 12 else ""


def text(data: Any) -> str:
    """A text that is not empty."""
    if not isinstance(data, str):
        raise AuthorError(
            "Q103", f"a text is needed here, not {shown(data)}", "write a text; quote it if it has { or ["
        )
    if not data.strip():
        raise AuthorError("Q103", "the text is missing here", "write it behind the colon")
    return data


def slug(data: Any) -> str:
    """A name of small letters, digits and hyphens."""
    found = text(data)
    if not _SLUG.fullmatch(found) or len(found) > 80:
        proposal = re.sub(r"[^a-z0-9]+", "-", found.lower()).strip("-")[:80]
        remedy = f'such as "{proposal}"' if proposal else "such as two-masks"
        raise AuthorError("Q110", f"{shown(found)} is not a name", f"use small letters, digits and hyphens, {remedy}")
    return found


def name(data: Any) -> str:
    """A name that can stand in formulas and holes: letters and digits, parts joined by one underscore."""
    found = text(data)
    if not _NAME.fullmatch(found) or len(found) > 40:
        raise AuthorError(
            "Q110", f"{shown(found)} cannot be a name in a formula", "use letters and digits, such as a or rate_2"
        )
    if found.startswith(("sum_", "prod_")):
        raise AuthorError(
            "Q110",
            f"{shown(found)} cannot be a name: in a formula it is read as a sum or product over a set",
            f"such as total_{found.partition('_')[2]}",
        )
    return found


def is_number(data: str) -> bool:
    return _NUMBER.fullmatch(data.strip()) is not None


def exact(data: Any) -> Fraction:
    """An exact number: ``3``, ``0.05``, ``1e-3``, ``3/4``."""
    written = text(data).strip()
    if not _NUMBER.fullmatch(written):
        raise AuthorError("Q105", f"{shown(written)} is not a number", "write a number such as 3, 0.05 or 3/4")
    above, _, below = written.partition("/")
    if below and not int(below):
        raise AuthorError("Q105", f"{shown(written)} divides by zero", "write a number such as 3, 0.05 or 3/4")
    value = Fraction(above.strip()) / (int(below) if below else 1)
    if abs(value) > _LARGEST:
        raise AuthorError("Q105", f"{shown(written)} is too large", f"use numbers up to {_LARGEST:.0e}")
    return value


def share(data: Any) -> Fraction:
    """A number from 0 to 1, such as credit."""
    value = exact(data)
    if not 0 <= value <= 1:
        raise AuthorError("Q105", f"{shown(data)} is not between 0 and 1", "write a share such as 1/2")
    return value


def positive(data: Any) -> Fraction:
    value = exact(data)
    if value <= 0:
        raise AuthorError("Q105", f"{shown(data)} is not greater than 0", "write a positive number")
    return value


def count(least: int, most: int) -> Callable[[Any], int]:
    """A reader of whole numbers in these limits."""

    def read(data: Any) -> int:
        written = text(data).strip()
        if not re.fullmatch(r"\d{1,9}", written) or not least <= int(written) <= most:
            message = f"{shown(written)} is not a whole number from {least} to {most}"
            raise AuthorError("Q105", message, f"write a number from {least} to {most}")
        return int(written)

    return read


def flag(data: Any) -> bool:
    written = text(data).strip().lower()
    if written not in _YES:
        raise AuthorError("Q106", f"{shown(data)} is neither true nor false", "write true or false")
    return _YES[written]


def one_word_of(*words: str) -> Callable[[Any], str]:
    """A reader of one of these words."""

    def read(data: Any) -> str:
        written = text(data).strip()
        if written not in words:
            raise AuthorError("Q106", f"{shown(written)} has no meaning here", did_you_mean(written, words))
        return written

    return read


def limits(data: Any) -> tuple[int, int]:
    """A least and a most: ``6..9``, ``[6, 9]``, or one number for both."""
    if isinstance(data, list):
        if len(data) != 2:
            raise AuthorError("Q105", "two numbers are needed here", "write [least, most], such as [120, 200]")
        pair = (count(0, 100_000)(data[0]), count(0, 100_000)(data[1]))
    else:
        found = _RANGE.fullmatch(text(data))
        pair = (int(found[1]), int(found[2])) if found else (count(0, 100_000)(data),) * 2
    if pair[0] > pair[1] or pair[0] < 0:
        raise AuthorError("Q105", f"the first number {pair[0]} is greater than the second {pair[1]}", "exchange them")
    return pair


def integer_range(data: Any) -> IntegerRange:
    """``2..9``"""
    found = _RANGE.fullmatch(text(data))
    if not found:
        remedy = "write a range such as 2..9, or a list such as [0.1, 0.2 .. 0.9] or [red, green]"
        raise AuthorError("Q107", f"{shown(data)} is not something that can be drawn", remedy)
    first, last = int(found[1]), int(found[2])
    if first > last:
        raise AuthorError("Q107", f"the range {first}..{last} is empty", f"write {last}..{first}")
    if last - first >= MOST_VALUES:
        raise AuthorError("Q107", f"the range {first}..{last} has more than {MOST_VALUES:,} values", "make it smaller")
    return IntegerRange(first, last)


def decimal_places(written: str) -> int:
    """How many digits stand behind the decimal point."""
    found = re.match(r"[+-]?\d*\.(\d+)", written.strip())
    return len(found[1]) if found else 0


def values(data: Any) -> OneOf:
    """A list of numbers or words; ``..`` continues the step before it; a range ``2..9`` is a list as well.

    >>> values(["0.05", "0.10 .. 0.20"])
    OneOf(values=(Fraction(1, 20), Fraction(1, 10), Fraction(3, 20), Fraction(1, 5)), decimals=2)
    >>> values(["no", "on"])
    OneOf(values=('no', 'on'), decimals=0)
    """
    if isinstance(data, str):
        return OneOf(integer_range(data).values)
    if not isinstance(data, list) or not data:
        raise AuthorError(
            "Q107", "a list with at least one value is needed here", "write [0.1, 0.2 .. 0.9] or [red, green]"
        )
    texts = [_entry(entry, index) for index, entry in enumerate(data)]
    pieces = [piece for written in texts for piece in written.split("..")]
    if not all(is_number(piece) for piece in pieces):
        if any(".." in written and any(map(is_number, written.split(".."))) for written in texts):
            index = next(i for i, written in enumerate(texts) if ".." in written)
            raise AuthorError("Q108", f"{shown(texts[index])} does not continue numbers", _STEP_REMEDY, (index,))
        return OneOf(_all_different((word, index) for index, word in enumerate(texts)))
    return OneOf(_all_different(_continued(texts)), max(map(decimal_places, pieces)))


def described(data: Any) -> Described:
    """``{red: {hue: 0, note: warm}, blue: {hue: 240}}``: words, and what belongs to each.

    A column holds numbers or texts. The paths of the texts begin at the mapping.

    >>> colours = described({"red": {"hue": "0", "note": "warm"}, "blue": {"hue": "240"}})
    >>> colours.values, colours.columns, colours.beside("blue")
    (('red', 'blue'), (('hue', 0), ('note', None)), {'hue': Fraction(240, 1)})
    """
    written: dict[str, dict[str, str]] = {}
    for word, row in data.items():
        if not isinstance(row, dict) or not row:
            remedy = "write {red: {hue: 0}, blue: {hue: 240}}"
            raise AuthorError("Q107", f"what belongs to {shown(word)} is a mapping with columns", remedy, (word,))
        written[word] = {}
        for column, cell in row.items():
            try:
                written[word][name(column)] = text(cell).strip()
            except AuthorError as problem:
                raise AuthorError(problem.code, problem.message, problem.remedy, (word, column)) from None
    columns: dict[str, int | None] = {}
    for column in dict.fromkeys(column for row in written.values() for column in row):
        found = [row[column] for row in written.values() if column in row]
        numbers = all(map(is_number, found))
        columns[column] = max(map(decimal_places, found)) if numbers else None
    cells = tuple(
        tuple(
            (column, Written(cell, (word, column)) if columns[column] is None else exact(cell))
            for column, cell in row.items()
        )
        for word, row in written.items()
    )
    return Described(tuple(written), 0, cells=cells, columns=tuple(columns.items()))


_STEP_REMEDY = "write two numbers and where the steps end, such as [0.05, 0.10 .. 0.95]"


def numbers(data: Any) -> OneOf:
    """`values` that are all numbers."""
    found = values(data)
    if any(isinstance(value, str) for value in found.values):
        raise AuthorError("Q105", "these are words, numbers are needed", "write a list such as [0.05, 0.10 .. 0.95]")
    return found


def probabilities(data: Any) -> OneOf:
    """`numbers` greater than 0 and at most 1."""
    found = numbers(data)
    for value in found.values:
        if not (isinstance(value, Fraction) and 0 < value <= 1):
            raise AuthorError("Q105", f"{value} is not a probability", "use numbers greater than 0 and at most 1")
    return found


def _entry(entry: Any, index: int) -> str:
    if not isinstance(entry, str) or not entry.strip():
        raise AuthorError(
            "Q108", f"{shown(entry)} is not a number or a word", "write one value for each entry", (index,)
        )
    return entry.strip()


def _all_different(found: Iterable[tuple[_Value, int]]) -> tuple[_Value, ...]:
    """The values. found: each with the index of the entry that it comes from."""
    met: dict[_Value, None] = {}
    for value, index in found:
        if value in met:
            raise AuthorError("Q108", f"the value {value} stands twice in the list", "write each value once", (index,))
        met[value] = None
    return tuple(met)


def _continued(texts: list[str]) -> Iterator[tuple[Fraction, int]]:
    """Each number with the index of its entry."""
    count, before, now = 0, Fraction(0), Fraction(0)
    for index, written in enumerate(texts):
        pieces = written.split("..")
        if len(pieces) > 2:
            raise AuthorError("Q108", f"{shown(written)} has more than one ..", _STEP_REMEDY, (index,))
        before, now = now, exact(pieces[0])
        yield now, index
        count += 1
        if len(pieces) == 2:
            last = exact(pieces[1])
            step = now - before if count > 1 else Fraction(1)
            steps = (last - now) / step if step else Fraction(-1)
            if steps.denominator != 1 or steps < 0:
                message = f"steps of {step} from {pieces[0].strip()} never reach {pieces[1].strip()}"
                raise AuthorError("Q108", message, _STEP_REMEDY, (index,))
            if steps > MOST_VALUES:
                raise AuthorError("Q108", f"the list has more than {MOST_VALUES:,} values", "make it shorter", (index,))
            for _ in range(int(steps)):
                before, now = now, now + step
                yield now, index
            count += int(steps)


def tolerance(data: Any) -> Tolerance:
    """``0.005``, ``1 %``, ``exact``, ``{significant: 3}`` or ``{decimals: 2}``; ``< 0.005`` leaves the boundary out.

    >>> tolerance("1 %")
    Tolerance(kind='relative', amount=Fraction(1, 100), boundary='inside')
    """
    if isinstance(data, dict):
        if len(data) != 1 or not set(data) <= {"significant", "decimals"}:
            remedy = "write 0.005, 1 %, exact, {significant: 3} or {decimals: 2}"
            raise AuthorError("Q106", "this is not a tolerance", remedy)
        if "significant" in data:
            return Tolerance("significant", Fraction(count(1, 15)(data["significant"])))
        return Tolerance("decimals", Fraction(count(0, 15)(data["decimals"])))
    written = text(data).strip()
    if written == "exact":
        return Tolerance()
    boundary: Literal["inside", "outside"] = "outside" if written.startswith("<") else "inside"
    written = written.removeprefix("<").strip()
    if written.endswith("%"):
        return Tolerance("relative", positive(written[:-1]) / 100, boundary)
    try:
        amount = exact(written)
    except AuthorError:
        remedy = "write 0.005, 1 %, exact, {significant: 3} or {decimals: 2}"
        raise AuthorError("Q105", f"{shown(written)} is not a tolerance", remedy) from None
    if amount < 0:
        raise AuthorError("Q105", "a tolerance is not negative", "write a number such as 0.005")
    return Tolerance("absolute", amount, boundary) if amount else Tolerance()


def digits(data: Any) -> Digits:
    """``{figures: 3}`` or ``{decimals: 2}``, with credits such as ``too_few: 1/2`` beside it.

    >>> digits({"figures": "3", "too_many": "1/2"}).too_many
    Fraction(1, 2)
    """
    remedy = "write {figures: 3} or {decimals: 2}, with too_few, too_many or last_digit and a credit if you like"
    if not isinstance(data, dict) or not set(data) <= {"figures", "decimals", *_DIGIT_CREDITS}:
        raise AuthorError("Q106", "these are no digits to ask for", remedy)
    asked = [(kind, count(least, 15)(data[kind])) for kind, least in _DIGIT_KINDS.items() if kind in data]
    if len(asked) != 1:
        raise AuthorError("Q106", "digits are either figures or decimals", remedy)
    credits = {name: share(data[name]) for name in _DIGIT_CREDITS if name in data}
    return Digits(asked[0][0], asked[0][1], **credits)


_DIGIT_KINDS: dict[Literal["figures", "decimals"], int] = {"figures": 1, "decimals": 0}
_DIGIT_CREDITS = ("too_few", "too_many", "last_digit")
