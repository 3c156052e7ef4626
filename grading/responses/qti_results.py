"""Results of QTI 2.1 and 3.0: ``assessmentResult``, one or many in an XML file, or in the files of a zip."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from grading.responses.problems import ResponseProblem
from grading.responses.rows import Mark, Report, RowFault, Stream, mark_of
from grading.responses.sittings import Attempts, Dialect, Said, Sitting
from grading.responses.streams import opened, refused

name = "QTI results"
DIALECT = Dialect(ids=True)
MOST_UNPACKED, MOST_FILES = 2_000_000_000, 1_000_000
"""Bytes of one file of a zip, and files."""

_LEFT, _RIGHT = "left-", "right-"
_AGAIN = "export the results again"
_OF_THE_PLAYER = ("numAttempts", "duration", "completionStatus")


def recognises(head: bytes) -> bool:
    """Whether a file that begins like this is one, or a zip that is no workbook."""
    if head.startswith(b"PK\x03\x04"):
        return b"[Content_Types].xml" not in head and b"xl/" not in head and b".xml" in head
    return head.lstrip().startswith(b"<") and b"assessmentResult" in head


def read(path: Path, report: Report) -> Iterator[Sitting]:
    """A sitting for each result. Raises UnreadableResponses if there is none that could be read."""
    attempts = Attempts()
    if zipfile.is_zipfile(path):
        yield from _of_zip(path, attempts, report)
        return
    found = 0
    try:
        with opened(path, report) as stream:
            for sitting in _results(stream, str(path), attempts, report):
                found += 1
                yield sitting
    except etree.LxmlError as error:
        if not found:
            raise refused(path, "the file is no XML that can be read", _AGAIN) from error
        report(ResponseProblem(str(path), 0, "the file ends in the middle of a result", _AGAIN))


def _of_zip(path: Path, attempts: Attempts, report: Report) -> Iterator[Sitting]:
    try:
        with zipfile.ZipFile(path) as package:
            names = sorted(name for name in package.namelist() if name.lower().endswith(".xml"))
            for member in names[:MOST_FILES]:
                place = f"{path}/{member}"
                try:
                    with package.open(member) as stream:
                        data = stream.read(MOST_UNPACKED // 20 + 1)
                    if len(data) > MOST_UNPACKED // 20:
                        raise RowFault("the file is too large when it is unpacked", "export fewer results at once")
                    if b"assessmentResult" in data[:100_000]:
                        yield from _results(io.BytesIO(data), place, attempts, report)
                except RowFault as fault:
                    report(fault.at(place, 0))
                except (etree.LxmlError, zlib.error, EOFError, RuntimeError, zipfile.BadZipFile, NotImplementedError):
                    report(ResponseProblem(place, 0, "the file is no XML that can be read", _AGAIN))
    except (zipfile.BadZipFile, OSError) as error:
        raise refused(path, "the zip is damaged", "download it again") from error


def _results(stream: Stream, file: str, attempts: Attempts, report: Report) -> Iterator[Sitting]:
    source: Any = stream
    events = etree.iterparse(
        source, tag="{*}assessmentResult", resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    for _, result in events:
        try:
            yield _sitting(result, file, attempts)
        except RowFault as fault:
            report(fault.at(file, result.sourceline or 0))
        result.clear()
        while result.getprevious() is not None:
            del result.getparent()[0]


def _sitting(result: Any, file: str, attempts: Attempts) -> Sitting:
    context = result.find("{*}context")
    learner = (context.get("sourcedId") or "").strip() if context is not None else ""
    if not learner:
        raise RowFault("no learner is named", "export the results with the sourcedId of the candidate")
    answers: list[Said] = []
    for item in result.iterfind("{*}itemResult"):
        answers += _said(item)
    dates = [node.get("datestamp") or "" for node in result.iterfind("{*}testResult")]
    dates += [node.get("datestamp") or "" for node in result.iterfind("{*}itemResult")]
    moment = next(filter(None, dates), "")
    return Sitting(learner, tuple(answers), attempts.of(learner), moment, file, result.sourceline or 0)


def _said(item: Any) -> Iterator[Said]:
    """The answers to an item, one for each of its parts; the mark of the item goes with the first."""
    name_ = item.get("identifier") or ""
    outcomes = {node.get("identifier"): _values(node) for node in item.iterfind("{*}outcomeVariable")}
    points = next(iter(outcomes.get("SCORE", [])), None)
    most = next(iter(outcomes.get("MAXSCORE", [])), None)
    mark = mark_of(points, most)
    variables = [node for node in item.iterfind("{*}responseVariable") if node.get("identifier") not in _OF_THE_PLAYER]
    for place, node in enumerate(variables):
        part = (node.get("identifier") or "").partition("_")[2]
        response = node.find("{*}candidateResponse")
        given = mark if place == 0 else Mark(mark.points * 0, mark.points * 0) if mark and mark.of else None
        yield Said(name_, _answer(node, [] if response is None else _values(response)), part, given)


def _values(node: Any) -> list[str]:
    return ["".join(value.itertext()).strip() for value in node.iterfind("{*}value")]


def _answer(node: Any, values: list[str]) -> Any:
    if not values or values == [""]:
        return None
    if node.get("baseType") in ("pair", "directedPair"):
        return dict(map(_pair, values))
    return values if node.get("cardinality") in ("multiple", "ordered") else values[0]


def _pair(value: str) -> tuple[str, str]:
    """A pair without the words in front of its ids; a platform may compare pairs without their order.

    >>> _pair("left-a right-b"), _pair("right-b left-a")
    (('a', 'b'), ('a', 'b'))
    """
    first, _, second = value.partition(" ")
    if first.startswith(_RIGHT):
        first, second = second, first
    return first.removeprefix(_LEFT), second.strip().removeprefix(_RIGHT)
