"""A corpus of one's own from plain text: one sentence a line, the words that may be masked marked or found.

    # language: en
    # topic: chemistry
    The [atoms|ions|cells|grains] of a gas [move] freely
    Water boils at a lower temperature on a high mountain.

``[word]`` may be masked; ``[word|other|other|other]`` also gives words that would fit there, which tables of
predictions show. In a line without marks the words with content are found: all but the short and the common ones.
Marks of punctuation around words are left out. Lines that begin with ``#`` are remarks, or settings for the lines
below them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from quizgen.findings import Finding, FindingsError, Place
from quizgen.sampling.sentence_file import RawMask, RawSentence
from quizgen.source import DataPath

LARGEST = 20_000_000
"""Bytes of a file."""

SETTINGS = ("language", "topic", "source")

_SETTING = re.compile(r"#\s*(\w+)\s*:\s*(.*)")
_MARKED = re.compile(r"\[([^\[\]|]*)((?:\|[^\[\]|]*)*)\](\S*)")
_TOKEN = re.compile(r"\S*\[[^\[\]]*\]\S*|\S+")
_SHORTEST = 3
_COMMON = {
    "en": "the and but for nor yet not are was were has had have his her its our their this that these those with from "
    "into onto over under out off you she they them who whom whose which what when where why how all any each few more "
    "most some such than then too very can could may might must shall should will would does did done been being about "
    "above after again against because before below between both down during further here once only other own same "
    "there through until while upon also just even never ever",
    "de": "der die das den dem des ein eine einen einem einer eines und oder aber denn nicht kein keine ist sind war "
    "waren hat haben hatte wird werden wurde mit von aus bei nach seit zu zum zur auf an am im in über unter vor "
    "hinter neben zwischen durch für gegen ohne um als wie wenn weil dass daß ob er sie es wir ihr ihm ihn uns euch "
    "man sich sein seine ihre unser wer was wo wann warum alle jeder jede jedes einige manche mehr sehr auch "
    "nur noch schon kann können muss müssen soll sollen will wollen darf dürfen mag mögen",
}
_FUNCTION_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}


class _Lines:
    """Makes findings at the places of a plain text; stands in for the document of a YAML file."""

    def __init__(self, shown: str, lines: list[str]) -> None:
        self.shown, self.lines = shown, lines
        self.places: dict[DataPath, tuple[int, int, int]] = {}

    def finding(
        self, code: str, message: str, remedy: str, path: DataPath, *, of: Literal["value", "key"] = "key"
    ) -> Finding:
        line, column, length = self.places.get(path) or self.places.get(path[:2]) or (1, 1, 1)
        place = Place(self.shown, line, column, length)
        return Finding(place, code, message, remedy, source_line=self.lines[line - 1])


def read_plain_text(path: Path, shown: str | None = None) -> tuple[tuple[RawSentence, ...], tuple[Finding, ...]]:
    """The raw sentences of a text file, and what is wrong with its form; sentences are checked like those of YAML.

    shown: how the file is named in findings. Raises FindingsError for a file that cannot be read.
    """
    shown = shown or str(path)
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        reason = f"the sentences cannot be read ({error.strerror})"
        raise FindingsError([Finding(Place(shown), "S001", reason, "name a text file")]) from error
    if raw is None:
        message = f"the file has more than {LARGEST:,} bytes"
        raise FindingsError([Finding(Place(shown), "S001", message, "take a part of it")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        remedy = "save the file as UTF-8"
        raise FindingsError([Finding(Place(shown, line), "S001", "a byte that is not UTF-8", remedy)]) from error
    return read_plain_lines(text, shown)


def read_plain_lines(text: str, shown: str) -> tuple[tuple[RawSentence, ...], tuple[Finding, ...]]:
    """As `read_plain_text`, from a text.

    >>> sentences, findings = read_plain_lines("The [cat|dog|hen|cow] sat on the [mat].", "mine.txt")
    >>> sentences[0].words, [(mask.position, mask.word, mask.fillers) for mask in sentences[0].mask], findings
    (('The', 'cat', 'sat', 'on', 'the', 'mat'), [(2, 'cat', ('dog', 'hen', 'cow')), (6, 'mat', ())], ())
    """
    lines = text.splitlines()
    reader = _Reader(_Lines(shown, lines))
    return tuple(reader.sentences()), tuple(reader.findings)


class _Reader:
    def __init__(self, lines: _Lines) -> None:
        self._lines = lines
        self.findings: list[Finding] = []
        self._settings = {"language": "en", "topic": "", "source": ""}
        self._names: dict[str, int] = {}

    def sentences(self) -> Iterator[RawSentence]:
        for number, line in enumerate(self._lines.lines, 1):
            if line.lstrip().startswith("#"):
                self._setting(line)
            elif line.strip():
                before = len(self.findings)
                sentence = self._sentence(line, number)
                if len(self.findings) == before:
                    yield sentence

    def _setting(self, line: str) -> None:
        found = _SETTING.match(line.strip())
        if found and found[1].lower() in SETTINGS:
            self._settings[found[1].lower()] = found[2].strip()

    def _sentence(self, line: str, number: int) -> RawSentence:
        words: list[str] = []
        marked: list[tuple[int, str, tuple[str, ...], int]] = []
        for token in _TOKEN.finditer(line):
            column = token.start() + 1
            found = _MARKED.search(token[0])
            word = _bare(found[1] if found else token[0])
            if "[" in word or "]" in word or (found and not word):
                self._report(number, column, len(token[0]), f"'{token[0]}' is not a marked word",
                             "write [word], or [word|other|other|other]")  # fmt: skip
            elif word:
                words.append(word)
                if found:
                    others = tuple(filter(None, (_bare(other) for other in found[2].split("|"))))
                    marked.append((len(words), word, others, column))
        name = self._name(words)
        path: DataPath = ("sentences", name)
        self._lines.places[path] = (number, 1, len(line))
        if not marked:
            marked = [(k, word, (), 1) for k, word in enumerate(words, 1) if self._has_content(word, k, words)]
        if not words:
            self._report(number, 1, len(line), "the line has no words", "write a sentence, or begin it with #")
        masks = []
        for position, word, others, column in marked:
            where: DataPath = (*path, "mask", f"{position} {word}")
            self._lines.places[where] = (number, column, len(word))
            masks.append(RawMask(where, position, word, "", others))
        return RawSentence(
            self._lines, name, self._settings["language"], tuple(words), self._settings["topic"],
            self._settings["source"], tuple(masks), plain=True,
        )  # fmt: skip

    def _has_content(self, word: str, position: int, words: list[str]) -> bool:
        common = _FUNCTION_WORDS.get(self._settings["language"].partition("-")[0], frozenset())
        return (
            len(word) >= _SHORTEST
            and word.casefold() not in common
            and not (position == 1 and len(words) > 1)  # its capital says that it is the first word
        )

    def _name(self, words: list[str]) -> str:
        """A name that stays when other lines come and go: the first words; a number where two begin alike."""
        plain = unicodedata.normalize("NFKD", " ".join(words[:5])).encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "sentence"
        self._names[base] = self._names.get(base, 0) + 1
        return base if self._names[base] == 1 else f"{base}-{self._names[base]}"

    def _report(self, line: int, column: int, length: int, message: str, remedy: str) -> None:
        place = Place(self._lines.shown, line, column, length)
        self.findings.append(Finding(place, "S003", message, remedy, source_line=self._lines.lines[line - 1]))


def _bare(word: str) -> str:
    """The word without the marks of punctuation around it."""
    word = word.strip()
    while word and unicodedata.category(word[0])[0] in "PS" and word[0] not in "[]":
        word = word[1:]
    while word and unicodedata.category(word[-1])[0] in "PS" and word[-1] not in "[]":
        word = word[:-1]
    return word
