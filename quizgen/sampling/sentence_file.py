"""The file of sentences as it is written: plain data to raw entries that know their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from quizgen.findings import Finding

if TYPE_CHECKING:
    from quizgen.source import Data, DataPath, Document, Source

FIELDS = ("text", "topic", "source", "mask")

_MASK_HEAD = re.compile(r"([0-9]{1,3}) (\S+) (\S+)")


class RawMask(msgspec.Struct, frozen=True):
    """One line under ``mask``: ``2 early ADJ: hungry clever patient``."""

    path: DataPath
    position: int
    word: str
    tag: str
    fillers: tuple[str, ...]


class Placed(Protocol):
    """What makes findings at the places of a file."""

    def finding(
        self, code: str, message: str, remedy: str, path: DataPath, *, of: Literal["value", "key"] = "value"
    ) -> Finding: ...


class RawSentence(msgspec.Struct, frozen=True):
    """A sentence before it is checked. plain: of a plain text, where words need no tag and no fillers."""

    document: Placed
    id: str
    language: str
    words: tuple[str, ...]
    topic: str
    source: str
    mask: tuple[RawMask, ...]
    plain: bool = False

    @property
    def path(self) -> DataPath:
        return ("sentences", self.id)

    def finding(self, code: str, message: str, remedy: str, path: DataPath) -> Finding:
        return self.document.finding(code, message, remedy, path, of="key")


def read_file(source: Source) -> tuple[tuple[RawSentence, ...], tuple[Finding, ...]]:
    """The raw sentences of a file, and what is wrong with its form; a sentence with such a finding is left out."""
    findings = list(source.findings)
    readers = [_Reader(document, findings) for document in source.documents]
    return tuple(raw for reader in readers for raw in reader.sentences()), tuple(findings)


class _Reader:
    def __init__(self, document: Document, findings: list[Finding]) -> None:
        self._document, self._findings = document, findings

    def sentences(self) -> Iterator[RawSentence]:
        top = self._mapping(self._document.data, (), ("language", "sentences"))
        language = self._text(top, (), "language") or "en"
        if "sentences" not in top:
            self._report("S001", "the file has no 'sentences'", "add a mapping of names to sentences", ())
        for name, value in self._mapping(top.get("sentences", {}), ("sentences",)).items():
            before = len(self._findings)
            raw = self._sentence(name, value, language)
            if len(self._findings) == before:
                yield raw

    def _sentence(self, name: str, value: Data, language: str) -> RawSentence:
        path: DataPath = ("sentences", name)
        fields = self._mapping(value, path, FIELDS)
        words, topic, origin = (self._text(fields, path, field) for field in ("text", "topic", "source"))
        if not words.split():
            self._report("S001", f"the sentence {name!r} has no words", "write them under 'text'", path)
        lines = self._mapping(fields.get("mask", {}), (*path, "mask"))
        mask = tuple(self._mask(head, lines, (*path, "mask")) for head in lines)
        return RawSentence(self._document, name, language, tuple(words.split()), topic, origin, mask)

    def _mask(self, head: str, lines: dict[str, Data], path: DataPath) -> RawMask:
        fillers = tuple(self._text(lines, path, head).split())
        found = _MASK_HEAD.fullmatch(head)
        if found is None:
            remedy = "write the position, the word and its tag, such as '2 early ADJ'"
            self._report("S003", f"{head!r} does not name a word", remedy, (*path, head))
            return RawMask((*path, head), 0, "", "", fillers)
        return RawMask((*path, head), int(found[1]), found[2], found[3], fillers)

    def _report(self, code: str, message: str, remedy: str, path: DataPath) -> None:
        self._findings.append(self._document.finding(code, message, remedy, path, of="key"))

    def _mapping(self, value: Data, path: DataPath, allowed: tuple[str, ...] = ()) -> dict[str, Data]:
        """The value as a mapping; reports any other one, and fields that are not allowed."""
        if not isinstance(value, dict):
            self._report("S001", "a mapping is expected here", "write 'name: value' lines", path)
            return {}
        for name in value:
            if allowed and name not in allowed:
                self._report("S002", f"unknown field {name!r}", f"use one of {', '.join(allowed)}", (*path, name))
        return value

    def _text(self, mapping: dict[str, Data], path: DataPath, name: str) -> str:
        value = mapping.get(name, "")
        if isinstance(value, str):
            return value
        self._report("S001", f"{name!r} is not a text", "write plain words with spaces between them", (*path, name))
        return ""
