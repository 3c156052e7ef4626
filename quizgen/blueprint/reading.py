"""From the YAML of a blueprint to its records, with everything that is wrong with its shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from quizgen.blueprint.records import Blueprint, SlotRequest
from quizgen.findings import Finding, FindingsError
from quizgen.model import KINDS, Section, SectionWords
from quizgen.source import DataPath, Document, read_source
from quizgen.template.records import LEVELS

MOST_SLOTS = 500
MOST_VARIANTS = 100_000
MOST_MINUTES = 10_000
MOST_VERSIONS = 26
BLOOM_LEVELS = ("remember", "understand", "apply", "analyze", "evaluate", "create")
_KEYS = ("title", "language", "variants", "minutes", "versions", "sentences", "sections", "slots", "translations")
_SLOT_KEYS = (
    "template", "templates", "concept", "kind", "bloom", "difficulty", "count", "points", "variants", "radicals",
    "section", "title", "minutes",
)  # fmt: skip
_SECTION_KEYS = ("title", "instructions", "minutes")
_TRANSLATION_KEYS = ("title", "sections")


def read_blueprint(path: Path) -> Blueprint:
    """The blueprint of a YAML file. Raises FindingsError with everything that is wrong with its shape."""
    source = read_source(path)
    reader = _Reader(source.documents[0])
    blueprint = reader.blueprint()
    if reader.findings:
        raise FindingsError(reader.findings)
    return blueprint


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def report(self, message: str, remedy: str, path: DataPath) -> None:
        self.findings.append(self.document.finding("Q720", message, remedy, path))

    def blueprint(self) -> Blueprint:
        data = self.document.data
        if not isinstance(data, dict):
            self.report("a blueprint is a mapping with `slots`", "write `slots: [...]`", ())
            return Blueprint(self.document, ())
        self._known(data, _KEYS, ())
        sections = self._sections(data.get("sections", []))
        slots = data.get("slots")
        if not isinstance(slots, list) or not slots or len(slots) > MOST_SLOTS:
            remedy = "write `slots: [{template: …}]`"
            self.report(f"`slots` must be a list of 1 to {MOST_SLOTS} slots", remedy, ("slots",))
            slots = []
        requests = [self._slot(slot, ("slots", number), sections) for number, slot in enumerate(slots)]
        words = self._translations(data.get("translations", {}), len(sections))
        return Blueprint(
            document=self.document,
            slots=tuple(request for request in requests if request is not None),
            title=self._text(data, "title", ()),
            language=self._text(data, "language", ()),
            variants=self._count(data, "variants", (), MOST_VARIANTS),
            minutes=self._count(data, "minutes", (), MOST_MINUTES) or 0,
            versions=self._versions(data),
            sections=tuple(
                msgspec.structs.replace(section, translations=tuple(entry[number] for _, entry in words.values()))
                for number, section in enumerate(sections)
            ),
            titles=tuple((language, title) for language, (title, _) in words.items() if title),
            apart=self._word(data, "sentences", (), ("shared", "apart")) == "apart",
        )

    def _versions(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """``[A, B]``, or how many."""
        found = data.get("versions", [])
        if isinstance(found, str):
            count = self._count(data, "versions", (), MOST_VERSIONS)
            return tuple(chr(ord("A") + number) for number in range(count or 0))
        names = [str(name).strip() for name in found] if isinstance(found, list) else []
        if not isinstance(found, list) or len(set(names)) != len(names) or "" in names or len(names) > MOST_VERSIONS:
            self.report("`versions` must be names that differ, or a number", "write [A, B]", ("versions",))
            return ()
        return tuple(names)

    def _sections(self, found: Any) -> tuple[Section, ...]:
        if not isinstance(found, list):
            self.report("`sections` must be a list", "write `sections: [{title: …}]`", ("sections",))
            return ()
        sections: list[Section] = []
        for number, entry in enumerate(found):
            path: DataPath = ("sections", number)
            fields = {"title": entry} if isinstance(entry, str) else entry
            if not isinstance(fields, dict) or not fields.get("title"):
                self.report("a section needs a title", "write {title: Calculation}", path)
                continue
            self._known(fields, _SECTION_KEYS, path)
            title = self._text(fields, "title", path)
            if title in {section.title for section in sections}:
                self.report(f"there is a section '{title}' already", "give it another title", path)
            minutes = self._count(fields, "minutes", path, MOST_MINUTES) or 0
            sections.append(Section(title, self._text(fields, "instructions", path), minutes))
        return tuple(sections)

    def _translations(self, found: Any, count: int) -> dict[str, tuple[str, tuple[SectionWords, ...]]]:
        """By language the title, "" if it has none, and the words of every section."""
        if not isinstance(found, dict):
            self.report(
                "`translations` is a mapping", "write {de: {title: …, sections: [{title: …}]}}", ("translations",)
            )
            return {}
        words = {}
        for language, entry in found.items():
            path: DataPath = ("translations", language)
            if not isinstance(entry, dict):
                self.report("a translation is a mapping", "write {title: …, sections: [{title: …}]}", path)
                continue
            self._known(entry, _TRANSLATION_KEYS, path)
            sections = self._section_words(language, entry.get("sections", []), count, (*path, "sections"))
            words[language] = (self._text(entry, "title", path), sections)
        return words

    def _section_words(self, language: str, found: Any, count: int, path: DataPath) -> tuple[SectionWords, ...]:
        if not isinstance(found, list) or len(found) != count:
            said = len(found) if isinstance(found, list) else 0
            message = f"the blueprint has {count} sections, this has {said}"
            self.report(message, "translate each of them, in their order", path if said else path[:-1])
            return (SectionWords(language, ""),) * count
        words = []
        for number, entry in enumerate(found):
            fields = {"title": entry} if isinstance(entry, str) else entry
            place = (*path, number)
            if not isinstance(fields, dict) or not fields.get("title"):
                self.report("a section needs a title", "write {title: Rechnen}", place)
                fields = {}
            self._known(fields, ("title", "instructions"), place)
            title, instructions = self._text(fields, "title", place), self._text(fields, "instructions", place)
            words.append(SectionWords(language, title, instructions))
        return tuple(words)

    def _slot(self, slot: Any, path: DataPath, sections: Sequence[Section]) -> SlotRequest | None:
        if not isinstance(slot, dict):
            self.report("a slot is a mapping such as {template: name, points: 2}", "name its template", path)
            return None
        self._known(slot, _SLOT_KEYS, path)
        names = slot.get("templates", slot.get("template", []))
        templates = tuple(str(name) for name in names) if isinstance(names, list) else (str(names),)
        if not templates and not any(slot.get(key) for key in ("concept", "kind", "bloom", "difficulty")):
            remedy = "add one of them"
            self.report("a slot needs a template, or a concept, kind, bloom or difficulty level", remedy, path)
        section = self._text(slot, "section", path)
        if section and sections and section not in {known.title for known in sections}:
            known = ", ".join(f"'{found.title}'" for found in sections)
            self.report(f"there is no section '{section}'", f"choose one of: {known}", (*path, "section"))
        radicals = slot.get("radicals", {})
        return SlotRequest(
            path=path,
            templates=templates,
            concept=self._text(slot, "concept", path),
            kind=self._word(slot, "kind", path, KINDS),
            bloom=self._word(slot, "bloom", path, BLOOM_LEVELS),
            difficulty=self._word(slot, "difficulty", path, LEVELS),
            count=self._count(slot, "count", path, MOST_SLOTS) or 1,
            points=self._number(slot, "points", path, 1000),
            variants=self._count(slot, "variants", path, MOST_VARIANTS),
            radicals=tuple(sorted((str(k), str(v)) for k, v in radicals.items())) if isinstance(radicals, dict) else (),
            section=section,
            title=self._text(slot, "title", path),
            minutes=self._number(slot, "minutes", path, MOST_MINUTES),
        )

    # ------------------------------------------------------------ values

    def _known(self, data: Mapping[str, Any], keys: Sequence[str], path: DataPath) -> None:
        from quizgen.template.values import did_you_mean

        for key in data:
            if key not in keys:
                message, remedy = f"there is no key '{key}' here", did_you_mean(key, keys)
                self.findings.append(self.document.finding("Q720", message, remedy, (*path, key), of="key"))

    def _text(self, data: Mapping[str, Any], key: str, path: DataPath) -> str:
        value = data.get(key, "")
        if not isinstance(value, str):
            self.report(f"`{key}` must be a text", "write one line of text", (*path, key))
            return ""
        return value

    def _word(self, data: Mapping[str, Any], key: str, path: DataPath, known: Sequence[str]) -> str:
        value = self._text(data, key, path)
        if value and value not in known:
            self.report(f"there is no {key} '{value}'", f"use one of: {', '.join(known)}", (*path, key))
            return ""
        return value

    def _count(self, data: Mapping[str, Any], key: str, path: DataPath, most: int) -> int | None:
        value = data.get(key)
        if value is None:
            return None
        digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9
        if digits and 1 <= int(value) <= most:
            return int(value)
        self.report(f"`{key}` must be a whole number from 1 to {most}", "write such a number", (*path, key))
        return None

    def _number(self, data: Mapping[str, Any], key: str, path: DataPath, most: int) -> Fraction | None:
        value = data.get(key)
        if value is None:
            return None
        number = None
        try:
            if isinstance(value, str) and len(value) <= 20 and "e" not in value.lower():
                number = Fraction(value)
        except (ValueError, ZeroDivisionError):
            number = None
        if number is None or not 0 < number <= most:
            self.report(f"`{key}` must be a number above 0, at most {most}", "write 2 or 1/2", (*path, key))
            return None
        return number
