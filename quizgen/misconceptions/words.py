"""The words of misconceptions: title, hint and feedback by language, data of a bank.

They lie in the folder ``misconceptions`` of a bank, one YAML file for each group, each a list of entries with
the id under ``misconception``, its ``concept``, and ``title``, ``hint`` and ``feedback`` under each language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from quizgen.findings import Finding, FindingsError, Severity
from quizgen.source import Data, DataPath, Document, examine_source

from .catalogue import CATALOGUE

FOLDER = "misconceptions"
_FIELDS = ("title", "hint", "feedback")
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
_GIVES_AWAY = re.compile(r"=|\d|\blog |Pr\(|\$")


class Words(msgspec.Struct, frozen=True):
    """What people read about a misconception.

    title: for teachers and reports. hint: shown while a try is open; neither the answer nor a formula.
    feedback: shown after closing; ``$…$`` holds LaTeX.
    """

    title: str
    hint: str
    feedback: str


AllWords = Mapping[str, Mapping[str, Words]]


def load_words(bank: Path) -> AllWords:
    """The words of every misconception in a bank folder: id → language → words.

    A bank without a folder of words has none. Raises FindingsError with everything that is wrong in the files.
    """
    words, findings = examine_words(bank)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise FindingsError(errors)
    return words


def examine_words(bank: Path) -> tuple[AllWords, tuple[Finding, ...]]:
    """The words that could be read and every finding about the others, in the order of files and places."""
    known = {entry.id: entry.concept for entry in CATALOGUE}
    found: dict[str, Mapping[str, Words]] = {}
    findings: list[Finding] = []
    folder = bank / FOLDER
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        source = examine_source(path)
        findings += source.findings
        for document in source.documents:
            reader = _Reader(document, known, found)
            findings += reader.read()
    return MappingProxyType(found), tuple(findings)


class _Reader:
    """Reads one document; what it can read goes into `found`."""

    def __init__(self, document: Document, known: Mapping[str, str], found: dict[str, Mapping[str, Words]]) -> None:
        self.document, self.known, self.found = document, known, found

    def read(self) -> Iterator[Finding]:
        data = self.document.data
        if not isinstance(data, list):
            message = "the words of misconceptions are a list"
            yield self.document.finding("Q103", message, "start each entry with '- misconception: id'")
            return
        for index, entry in enumerate(data):
            yield from self.entry(entry, (index,))

    def entry(self, entry: Data, path: DataPath) -> Iterator[Finding]:
        name = entry.get("misconception") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(name, str):
            message = "an entry does not say which misconception it is about"
            yield self.document.finding("Q102", message, "add 'misconception: id'", path)
            return
        if name not in self.known:
            import difflib

            near = difflib.get_close_matches(name, self.known, n=1)
            remedy = f"did you mean '{near[0]}'?" if near else "see the list: quizgen misconceptions"
            message = f"no misconception is called '{name}'"
            yield self.document.finding("Q400", message, remedy, (*path, "misconception"))
            return
        if name in self.found:
            message = f"'{name}' has words already"
            yield self.document.finding("Q420", message, "keep one of the entries", (*path, "misconception"))
            return
        concept = entry.get("concept", self.known[name])
        if concept != self.known[name]:
            message = f"'{name}' is about the concept '{self.known[name]}', not '{concept}'"
            yield self.document.finding("Q421", message, "correct the concept", (*path, "concept"))
        languages: dict[str, Words] = {}
        for key, value in entry.items():
            if key in ("misconception", "concept"):
                continue
            read = list(self.language(key, value, (*path, key)))
            languages.update((key, words) for words in read if isinstance(words, Words))
            yield from (finding for finding in read if isinstance(finding, Finding))
        self.found[name] = MappingProxyType(languages)

    def language(self, key: str, value: Data, path: DataPath) -> Iterator[Finding | Words]:
        if not _LANGUAGE.fullmatch(key) or not isinstance(value, dict):
            message = f"'{key}' is not a language with title, hint and feedback"
            yield self.document.finding(
                "Q103", message, "write the words under a code such as 'en' or 'de'", path, of="key"
            )
            return
        texts: dict[str, str] = {}
        for field in _FIELDS:
            text = value.get(field)
            if isinstance(text, str) and text.strip():
                texts[field] = " ".join(text.split())
            else:
                yield self.document.finding("Q102", f"the {field} is missing", f"add '{field}: …'", path)
        for field in value:
            if field not in _FIELDS:
                remedy = f"use {', '.join(_FIELDS)}"
                yield self.document.finding("Q101", f"'{field}' is not known here", remedy, (*path, field), of="key")
        given_away = _GIVES_AWAY.search(texts.get("hint", ""))
        if given_away:
            message = f"a hint holds no formula and no number, but this one has '{given_away[0].strip()}'"
            yield self.document.finding(
                "Q422", message, "ask a question in words", (*path, "hint"), severity=Severity.WARNING
            )
        if len(texts) == len(_FIELDS):
            yield Words(**texts)
