"""``bank.yaml``: the name, title and languages of a bank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from quizgen.findings import Finding
from quizgen.source import DataPath, Document, Source
from quizgen.template.values import AuthorError, did_you_mean, flag, shown, slug, text

DESCRIPTION = "bank.yaml"
_KEYS = ("bank", "title", "lang", "decimal_comma", "translations")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


class Description(msgspec.Struct, frozen=True):
    """What ``bank.yaml`` says.

    languages: the bank's own first, then those of its translations. titles, decimal_commas: by language.
    """

    id: str
    languages: tuple[str, ...]
    titles: Mapping[str, str]
    decimal_commas: Mapping[str, bool]


def read_description(source: Source | None, folder: Path) -> tuple[Description, tuple[Finding, ...]]:
    """What ``bank.yaml`` says, with defaults for what is missing, and what is wrong with it.

    source: None if there is no such file.
    """
    name = re.sub(r"[^a-z0-9]+", "-", (folder.stem if folder.is_file() else folder.resolve().name).lower()).strip("-")
    default = Description(name or "bank", ("en",), {"en": name or "bank"}, {})
    if source is None:
        return default, ()
    if source.findings or not source.documents:
        return default, source.findings
    document = source.documents[0]
    if not isinstance(document.data, dict):
        message = f"{DESCRIPTION} is a mapping, this is {shown(document.data)}"
        return default, (document.finding("Q411", message, "begin it with `bank: name`"),)
    return _Reader(document, document.data, default).read()


class _Reader:
    def __init__(self, document: Document, data: dict[str, Any], default: Description) -> None:
        self.document, self.data, self.default = document, data, default
        self.findings: list[Finding] = []

    def read(self) -> tuple[Description, tuple[Finding, ...]]:
        self._unknown(self.data, _KEYS, ())
        if "bank" not in self.data:
            self._report("the bank has no name", "add `bank: name`", ())
        name = self._value("bank", slug, self.default.id)
        language = self._value("lang", _language, "en")
        titles = {language: self._value("title", text, name)}
        commas = {language: self._value("decimal_comma", flag, False)} if "decimal_comma" in self.data else {}
        translations = self.data.get("translations", {})
        if not isinstance(translations, dict):
            self._report("`translations` is a mapping", "write {de: {title: …}}", ("translations",))
            translations = {}
        for code, words in translations.items():
            path = ("translations", code)
            if not isinstance(words, dict):
                self._report(f"the translation is a mapping, this is {shown(words)}", "write {title: …}", path)
                continue
            self._unknown(words, ("title", "decimal_comma"), path)
            self._read(_language, code, path, "")
            titles[code] = self._read(text, words.get("title", titles[language]), (*path, "title"), name)
            if "decimal_comma" in words:
                commas[code] = self._read(flag, words["decimal_comma"], (*path, "decimal_comma"), False)
        return Description(name, tuple(titles), titles, commas), tuple(self.findings)

    def _value(self, key: str, read: Any, default: Any) -> Any:
        return self._read(read, self.data[key], (key,), default) if key in self.data else default

    def _read(self, read: Any, data: Any, path: DataPath, default: Any) -> Any:
        try:
            return read(data)
        except AuthorError as problem:
            self._report(problem.message, problem.remedy, path)
            return default

    def _unknown(self, data: dict[str, Any], known: tuple[str, ...], path: DataPath) -> None:
        for key in data:
            if key not in known:
                remedy = did_you_mean(key, known)
                self.findings.append(
                    self.document.finding("Q101", f'there is no key "{key}" here', remedy, (*path, key), of="key")
                )

    def _report(self, message: str, remedy: str, path: DataPath) -> None:
        self.findings.append(self.document.finding("Q411", message, remedy, path))


def _language(data: Any) -> str:
    found = text(data)
    if not _LANGUAGE.fullmatch(found):
        raise AuthorError("Q411", f"{shown(found)} is not a code of a language", "write a code such as en or de")
    return found
