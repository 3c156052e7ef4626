"""What people decide: responses that wait for a person, by what they mean, and the file with the decisions.

A decision is about a meaning, not about a learner: whoever wrote the same thing gets the same mark. It belongs to
what the question says (its revision), so it holds for the same question in a later course too. It settles only what
grading leaves open, and never overrules a verdict.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from grading.answersheet import ItemKey, to_json
from grading.marking import together
from grading.verdicts import Grade, Verdict, scored

OPEN = (Verdict.UNDECIDED, Verdict.INVALID)
COLUMNS = ("id", "score", "comment", "marker")
SOMEBODY = "a person"
LARGEST = 50_000_000
"""Bytes of a file of decisions."""

_QUOTED = re.compile(r"^'(?=[\s\u200b-\u200f\u2060\ufeff]*[=+\-@|%＝＋－＠])")
"""What keeps a spreadsheet from taking a text for a formula."""
_SCORE = re.compile(r"(\d{1,6}(?:[.,]\d{1,6})?)(?:/(\d{1,6}))?( ?%)?", re.ASCII)


class Decision(msgspec.Struct, frozen=True):
    """What a person decided. id: of the meaning, see `meaning_id`. score: share of the part, in [0, 1].

    comment: for the learner, or "". marker: who decided. place: file and line.
    """

    id: str
    score: Fraction
    comment: str = ""
    marker: str = SOMEBODY
    place: str = ""


class Waiting(msgspec.Struct, frozen=True):
    """A response to a part that waits for a person. grade: the place of its item's grade in the results.

    id: of its meaning. response: as it was given, text or JSON. open: the grade of the part.
    """

    grade: int
    item: str
    part: str
    id: str
    response: str
    open: Grade


class DecisionProblem(Exception):
    """A line of a file of decisions that cannot be used. problems: every one, as ``file:line: message; remedy``."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def meaning_id(revision: str, part: str, grade: Grade, response: object) -> str:
    """Sixteen hexadecimal digits that stand for what a response to a part of a question means.

    What was read but could not be decided means what it was read as, whatever its notation; anything else means its
    own words, white space apart.

    >>> open = Grade(Verdict.INVALID, None, "invalid:no-number")
    >>> meaning_id("8b43171f5c82", "answer", open, "about  a half") == meaning_id(
    ...     "8b43171f5c82", "answer", open, " about a half")
    True
    """
    read = grade.verdict is Verdict.UNDECIDED and grade.reading and not grade.note.startswith("essay:")
    words = grade.reading if read else " ".join(response_text(response).split())
    digest = hashlib.sha256()
    for text in (revision, part, "read" if read else "given", words):
        content = text.encode("utf-8", "replace")
        digest.update(b"%d " % len(content) + content)
    return digest.hexdigest()[:16]


def response_text(response: object) -> str:
    """A response as a person may read it: text as it is, anything else as JSON."""
    if isinstance(response, str):
        return response.encode("utf-8", "replace").decode()
    try:
        return to_json(response).decode()
    except (TypeError, ValueError, NotImplementedError, RecursionError):
        return f"({type(response).__name__} that is no JSON)"


def waiting(key: ItemKey, response: Any, grade: Grade) -> Iterator[tuple[str, str, str, Grade]]:
    """The parts of a response that wait for a person: (part, id, text of the response, grade)."""
    if grade.note == "void" or grade.score == 1:
        return
    for part, given, open_ in _parts(key, response, grade):
        if open_.verdict in OPEN and open_.score is None:
            yield part, meaning_id(key.revision, part, open_, given), response_text(given), open_


def settled(
    key: ItemKey, response: Any, grade: Grade, decisions: Mapping[str, Decision]
) -> tuple[Grade, dict[str, Decision]]:
    """The grade with what people decided about it, and their decisions by part.

    >>> from grading.answersheet import PartKey
    >>> from grading.keys import EssayKey
    >>> key = ItemKey("q1", "r", "Q-1", (PartKey("answer", EssayKey(())),))
    >>> open = Grade(Verdict.UNDECIDED, None, "essay:needs-a-person", "Because.")
    >>> one = Decision(meaning_id("r", "answer", open, "Because."), Fraction(1, 2), marker="ana")
    >>> settled(key, "Because.", open, {one.id: one})[0].note
    'decided:ana'
    """
    if not decisions:
        return grade, {}
    found = {part: decisions[id_] for part, id_, _, _ in waiting(key, response, grade) if id_ in decisions}
    if not found:
        return grade, {}
    if not _has_parts(key, grade):
        return _decided(grade, found[key.parts[0].id]), found
    known = dict(grade.parts)
    parts = [
        (part, _decided(known[part.id], found[part.id]) if part.id in found else known[part.id]) for part in key.parts
    ]
    return together(parts), found


def _has_parts(key: ItemKey, grade: Grade) -> bool:
    return len(key.parts) > 1 and bool(grade.parts)


def _parts(key: ItemKey, response: Any, grade: Grade) -> Iterator[tuple[str, Any, Grade]]:
    if len(key.parts) == 1:
        yield key.parts[0].id, response, grade
    elif _has_parts(key, grade):
        for part, one in grade.parts:
            yield part, response.get(part) if isinstance(response, Mapping) else response, one


def _decided(grade: Grade, decision: Decision) -> Grade:
    whole = scored(decision.score, f"decided:{decision.marker}", grade.reading, grade.diagnoses)
    return msgspec.structs.replace(whole, parts=grade.parts)


# ------------------------------------------------------------ the file


def read_decisions(paths: Iterable[Path | str]) -> dict[str, Decision]:
    """The decisions of CSV files, by the id of the meaning; lines without a score decide nothing.

    Each file has a header with ``id`` and ``score`` and, if wanted, ``comment`` and ``marker``; other columns are for
    people. A score is a share of the question: ``1``, ``0.5``, ``0,5``, ``1/2``, ``50 %``.

    Raises DecisionProblem with everything that is wrong: no such columns, a score that is none, two scores for one id.
    """
    problems: list[str] = []
    found: dict[str, Decision] = {}
    for path in paths:
        for decision in _decisions(Path(path), problems):
            before = found.setdefault(decision.id, decision)
            if before.score != decision.score:
                problems.append(
                    f"{decision.place}: this was decided otherwise at {before.place} ({before.score}, not "
                    f"{decision.score}); agree on one of the two"
                )
    if problems:
        raise DecisionProblem(problems)
    return found


def score_of(text: str) -> Fraction | None:
    """The share that a person writes; None if it is none.

    >>> [str(score_of(text)) for text in ("1", "0,5", "1/2", "75 %", "2", "half")]
    ['1', '1/2', '1/2', '3/4', 'None', 'None']
    """
    match = _SCORE.fullmatch(text.strip())
    if match is None:
        return None
    number, divisor, percent = match.groups()
    if divisor is not None and not int(divisor):
        return None
    score = Fraction(number.replace(",", ".")) / int(divisor or 1) / (100 if percent else 1)
    return score if 0 <= score <= 1 else None


def table_of(path: Path) -> list[tuple[int, dict[str, str]]]:
    """(line, {column: cell}) of a CSV file of ours, as spreadsheets save it: commas, semicolons or tabs.

    Raises DecisionProblem if it cannot be read or has no column ``id``.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise DecisionProblem([f"{path}: cannot be read ({error.strerror}); check the name"]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DecisionProblem([f"{path}: the text is not UTF-8; save it again as “CSV UTF-8”"]) from None
    if len(raw) > LARGEST or "\x00" in text:
        raise DecisionProblem([f"{path}: this is no file of decisions; save the list as CSV"])
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    rows: list[tuple[int, dict[str, str]]] = []
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not header:
                header = [cell.strip().lower() for cell in cells]
                if "id" not in header:
                    raise DecisionProblem([f"{path}:1: the column “id” is missing; keep the columns of the list"])
            elif any(cells):
                rows.append((line, dict(zip(header, cells, strict=False))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DecisionProblem([f"{path}:{line}: the row is not CSV ({error}); save the list again"]) from None
    return rows


def _decisions(path: Path, problems: list[str]) -> Iterator[Decision]:
    try:
        rows = table_of(path)
    except DecisionProblem as problem:
        problems.extend(problem.problems)
        return
    for line, cells in rows:
        id_, written = cells.get("id", "").strip(), cells.get("score", "").strip()
        if not written:
            continue
        score, place = score_of(written), f"{path}:{line}"
        if not id_:
            problems.append(f"{place}: a score without an id; keep the column “id” as it was")
        elif score is None:
            problems.append(
                f"{place}: the score “{written[:20]}” is no share of the question; write 1, 0.5, 1/2 or 50 %"
            )
        else:
            marker = " ".join(cells.get("marker", "").split()) or SOMEBODY
            comment = _QUOTED.sub("", cells.get("comment", "").strip())
            yield Decision(id_, score, comment, marker, place)
