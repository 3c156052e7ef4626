"""The sealed archive: what was given to learners, kept whole.

A folder with ``quiz.json`` (the quiz and a seal: counts and digests), ``items.jsonl`` (what learners see, one item a
line) and ``keys.jsonl`` (the answer sheet with worked solutions, one item a line). ``amendments.jsonl`` may lie beside
them. Nothing in it is ever patched. Without ``keys.jsonl`` it can be given away.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar
from weakref import finalize

import msgspec

from grading.answersheet import Amendment, decoder_of, to_json
from quizgen.folders import PlacedError, remove_unfinished, restore, written_as_a_whole
from quizgen.model import GeneratedItem, Item, ItemLabel, Quiz, WorkedKey
from quizgen.pieces import record_json

FORMAT_VERSION = 1
QUIZ, ITEMS, KEYS, AMENDMENTS = "quiz.json", "items.jsonl", "keys.jsonl", "amendments.jsonl"
EXPORT_MANIFEST = "export.json"
LONGEST_LINE = 32 * 2**20
READ_AHEAD = 2**16
"""Bytes that are read at once where one record after the other is asked for."""

T = TypeVar("T")


class ArchiveError(PlacedError):
    """An archive that cannot be read or written: place, message, remedy."""


class Seal(msgspec.Struct, frozen=True):
    """What an archive must hold to be whole.

    The digests are SHA-256 of the two files, and of the quiz without this seal (empty in archives from before it
    was taken).
    """

    items: int
    items_sha256: str
    keys: int
    keys_sha256: str
    quiz_sha256: str = ""


class ExportedFiles(msgspec.Struct, frozen=True):
    """What the manifest of an export says of its files: their paths inside its folder."""

    files: tuple[ExportedFile, ...]


class ExportedFile(msgspec.Struct, frozen=True):
    """One of them."""

    path: str


class Archive:
    """An archive on disk. Items and keys are read when they are asked for; only their places are held in memory.

    quiz: the quiz. folder: where it lies. seal: what was counted when it was written.
    """

    def __init__(self, folder: Path, quiz: Quiz, seal: Seal, item_lines: _Lines, key_lines: _Lines | None) -> None:
        self.folder, self.quiz, self.seal = folder, quiz, seal
        self._items, self._keys = item_lines, key_lines
        self._item_decoder, self._key_decoder = decoder_of(Item), decoder_of(WorkedKey)

    def __len__(self) -> int:
        return len(self._items.places)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the items, in the order in which they were written."""
        return tuple(self._items.places)

    @property
    def has_keys(self) -> bool:
        """False for an archive that was given away without its keys."""
        return self._keys is not None

    def items(self) -> Iterator[Item]:
        """All items, in the order in which they were written."""
        return self._items.records(self._item_decoder)

    def keys(self) -> Iterator[WorkedKey]:
        """All keys, in the order in which they were written."""
        return self._key_lines().records(self._key_decoder)

    def generated(self) -> Iterator[GeneratedItem]:
        """Every item with its key, in the order in which they were written."""
        for item, key in zip(self.items(), self.keys(), strict=True):
            yield GeneratedItem(item, key)

    def item(self, id_: str) -> Item:
        """The item of this id. Raises ArchiveError if there is none."""
        return self._items.record(id_, self._item_decoder)

    def key(self, id_: str) -> WorkedKey:
        """The key of the item of this id. Raises ArchiveError if there is none."""
        return self._key_lines().record(id_, self._key_decoder)

    def label(self, id_: str) -> ItemLabel:
        """What the item of this id says of itself; its content is not read. Raises ArchiveError if there is none."""
        return self._items.record(id_, _LABELS)

    def amendments(self) -> tuple[Amendment, ...]:
        """The corrections beside the archive, in the order in which they were made."""
        return amendments(self.folder)

    def _key_lines(self) -> _Lines:
        if self._keys is None:
            raise ArchiveError(
                self.folder / KEYS, "is not there: this archive was given away without keys", "use the whole archive"
            )
        return self._keys


Lines = tuple[bytes, bytes]
"""An item and its key as the archive holds them."""


def lines_of(generated: GeneratedItem) -> Lines:
    """The line of an item in ``items.jsonl`` and that of its key in ``keys.jsonl``."""
    item = record_json(generated.item, "stem", "parts")
    return item + b"\n", record_json(generated.key, "parts", "solution", "hints") + b"\n"


def write_archive(folder: Path | str, quiz: Quiz, items: Iterable[GeneratedItem | Lines]) -> Archive:
    """Seals a quiz into a folder and returns the archive; items are taken one at a time.

    items: with their keys, or their lines, as `lines_of` makes them.
    A folder that is already there is replaced as a whole if it is an archive and nothing else of value lies in it,
    and refused otherwise (FolderError). Raises ArchiveError if the items and the slots of the quiz do not agree.
    """
    folder = Path(folder)
    with written_as_a_whole(folder, _objection) as beside:
        ids = dict.fromkeys(_slot_ids(quiz), False)
        with _Writing(beside / ITEMS) as item_file, _Writing(beside / KEYS) as key_file:
            for item in items:
                lines = lines_of(item) if isinstance(item, GeneratedItem) else item
                id_ = _tick_off(folder, ids, lines)
                item_file.write(id_, lines[0])
                key_file.write(id_, lines[1])
        missing = [id_ for id_, seen in ids.items() if not seen]
        if missing:
            raise ArchiveError(
                folder, f"the slots name {missing[0]!r}, which is not among the items", "give every item"
            )
        written = item_file.lines(folder / ITEMS), key_file.lines(folder / KEYS)
        digest = _quiz_digest(msgspec.json.decode(to_json(quiz)))
        seal = Seal(len(ids), written[0].digest, len(ids), written[1].digest, digest)
        sealed = msgspec.structs.replace(quiz, settings={**quiz.settings, "seal": msgspec.to_builtins(seal)})
        (beside / QUIZ).write_bytes(msgspec.json.format(to_json(sealed), indent=2) + b"\n")
    return Archive(folder, *_read_quiz(folder / QUIZ), *written)


def read_archive(folder: Path | str) -> Archive:
    """Opens an archive and makes sure that it is whole. Raises ArchiveError with place and remedy if it is not."""
    folder = Path(folder)
    restore(folder)
    if not folder.is_dir():
        raise ArchiveError(folder, "there is no such archive", "make one with: quizgen build -o " + folder.name)
    if not (folder / QUIZ).is_file():
        raise ArchiveError(folder, f"is not an archive: it has no {QUIZ}", "name a folder that `quizgen build` wrote")
    quiz, seal = _read_quiz(folder / QUIZ)
    item_lines = _Lines.found(folder / ITEMS, "id")
    item_lines.compare(seal.items, seal.items_sha256, "items")
    if unknown := next((id_ for id_ in _slot_ids(quiz) if id_ not in item_lines.places), ""):
        raise ArchiveError(
            folder / QUIZ, f"names the item {unknown!r}, which the archive lacks", "take an untouched copy"
        )
    key_lines = None
    if (folder / KEYS).exists():
        key_lines = _Lines.found(folder / KEYS, "item")
        key_lines.compare(seal.keys, seal.keys_sha256, "keys")
    return Archive(folder, quiz, seal, item_lines, key_lines)


def amendments(folder: Path | str) -> tuple[Amendment, ...]:
    """The corrections beside an archive; none if there is no ``amendments.jsonl``."""
    path = Path(folder) / AMENDMENTS
    if not path.exists():
        return ()
    decoder = decoder_of(Amendment)
    with path.open("rb") as file:
        return tuple(
            _decoded(decoder, line, f"{path}:{number}", "mend the line")
            for number, line in enumerate(file, 1)
            if line.strip()
        )


def _slot_ids(quiz: Quiz) -> Iterator[str]:
    for slot in quiz.slots:
        yield from slot.item_ids


class _ItemNames(msgspec.Struct, frozen=True):
    id: str
    revision: str
    code: str


class _KeyNames(msgspec.Struct, frozen=True):
    item: str
    revision: str
    code: str


_BEGINNING = re.compile(rb'\{"(id|item)":"([\w.-]*)","revision":"(\w*)","code":"([\w-]*)"[,}]', re.ASCII)
_ITEM_NAMES, _KEY_NAMES = decoder_of(_ItemNames), decoder_of(_KeyNames)
_LABELS = decoder_of(ItemLabel)


def _tick_off(folder: Path, ids: dict[str, bool], lines: Lines) -> str:
    """The id of an item that is among those of the slots, and was not written yet. Raises ArchiveError otherwise."""
    item, key = _names_in(lines[0], "id"), _names_in(lines[1], "item")
    id_ = item[0]
    if item != key:
        raise ArchiveError(folder, f"the key of {key[0]!r} stands beside the item {id_!r}", "give each its own key")
    if ids.get(id_) is not False:
        problem = "is given twice" if id_ in ids else "is in no slot"
        raise ArchiveError(folder, f"the item {id_!r} {problem}", "give every item of the slots once")
    ids[id_] = True
    return id_


def _names_in(line: bytes, field: Literal["id", "item"]) -> tuple[str, str, str]:
    """(id, revision, code) of a line, which most often begins with them."""
    found = _BEGINNING.match(line)
    if found is not None and found[1].decode() == field:
        return found[2].decode(), found[3].decode(), found[4].decode()
    if field == "id":
        item = _ITEM_NAMES.decode(line)
        return item.id, item.revision, item.code
    key = _KEY_NAMES.decode(line)
    return key.item, key.revision, key.code


def _objection(folder: Path) -> str:
    if not (folder / QUIZ).is_file():
        return "is there already and is not a quizgen archive"
    try:
        _read_quiz(folder / QUIZ)
    except ArchiveError:
        return f"is there already and its {QUIZ} is not one of quizgen's"
    remove_unfinished(folder)
    for path in sorted(folder.iterdir()):
        if path.name in (QUIZ, ITEMS, KEYS):
            continue
        reason = export_objection(path) if path.is_dir() and not path.is_symlink() else "is not ours"
        if reason:
            inside = f"{path.name}, which {reason}" if path.is_dir() else f"{path.name}, which a new build would lose"
            return f"holds {inside}"
    return ""


def export_objection(folder: Path) -> str:
    """What speaks against replacing a folder of exported files; "" if it holds what its manifest says and no more."""
    try:
        manifest = msgspec.json.decode((folder / EXPORT_MANIFEST).read_bytes(), type=ExportedFiles)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return "is there already and is not an export of quizgen's"
    ours = {EXPORT_MANIFEST, *(file.path for file in manifest.files)}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (path.is_symlink() or not path.is_dir()) and name not in ours:
            return f"holds {name}, which a new export would lose"
    return ""


def _read_quiz(path: Path) -> tuple[Quiz, Seal]:
    remedy = "build the quiz again, or take a whole copy of the archive"
    raw: Any = _decoded(msgspec.json.Decoder(), path.read_bytes(), str(path), remedy)
    version = raw.get("format_version") if isinstance(raw, dict) else None
    if not isinstance(version, int):
        raise ArchiveError(path, "is not the quiz of an archive", "name a folder that `quizgen build` wrote")
    if version < 1:
        raise ArchiveError(path, f"is of format {version}, which there never was", remedy)
    if version > FORMAT_VERSION:
        reads = f"this version reads format {FORMAT_VERSION}"
        raise ArchiveError(path, f"was written by a later quizgen (format {version}; {reads})", "update quizgen")
    quiz = _decoded(decoder_of(Quiz), path.read_bytes(), str(path), remedy)
    try:
        seal = msgspec.convert(quiz.settings.get("seal"), Seal)
    except msgspec.ValidationError as error:
        raise ArchiveError(path, f"has no seal ({error})", remedy) from error
    raw["settings"] = settings = {name: value for name, value in quiz.settings.items() if name != "seal"}
    if seal.quiz_sha256 not in ("", _quiz_digest(raw)):
        raise ArchiveError(path, "was changed after the archive was sealed", "take an untouched copy, or build again")
    return msgspec.structs.replace(quiz, settings=settings), seal


def _quiz_digest(raw: Any) -> str:
    """Of the JSON values, whatever the record is made of in later versions."""
    return hashlib.sha256(msgspec.json.encode(raw, order="deterministic")).hexdigest()


def _decoded(decoder: msgspec.json.Decoder[T], data: bytes, place: str, remedy: str) -> T:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ArchiveError(place, f"cannot be read ({error})", remedy) from error


class _Writing(AbstractContextManager["_Writing"]):
    """A file of lines that is written: it knows where they begin, and its digest, without being read again."""

    def __init__(self, path: Path) -> None:
        self._file, self._digest = path.open("wb"), hashlib.sha256()
        self._places, self._end = dict[str, tuple[int, int]](), 0

    def __exit__(self, *raised: object) -> None:
        self._file.close()

    def write(self, id_: str, line: bytes) -> None:
        self._file.write(line)
        self._digest.update(line)
        self._places[id_] = self._end, len(line)
        self._end += len(line)

    def lines(self, path: Path) -> _Lines:
        """What was written. path: where it lies in the end."""
        return _Lines(path, open(self._file.name, "rb"), self._places, self._digest.hexdigest())


class _Lines:
    """A file of one JSON record a line: where each lies, by its id. damage: why not all of it could be read.

    The file stays open, so that single records come from the one that was compared with the seal. They are read at
    their place and move no position, which processes that were forked would share.
    """

    UNENDED = "the line does not end"

    def __init__(
        self, path: Path, file: BinaryIO, places: dict[str, tuple[int, int]], digest: str, damage: str = ""
    ) -> None:
        self.path, self.places, self.digest, self.damage = path, places, digest, damage
        finalize(self, file.close)
        self._handle = file.fileno()
        self._ahead = 0, b""

    @classmethod
    def found(cls, path: Path, id_field: str) -> _Lines:
        """Those of a file, in one pass that also takes its digest."""
        if not path.is_file():
            raise ArchiveError(path, "is not there", "take a whole copy of the archive")
        names = msgspec.defstruct("Named", [(id_field, str)])
        decoder, digest, places, offset = msgspec.json.Decoder(names), hashlib.sha256(), {}, 0
        damage = ""
        file = path.open("rb")
        while line := file.readline(LONGEST_LINE):
            digest.update(line)
            try:
                if not line.endswith(b"\n"):
                    raise ValueError(cls.UNENDED)
                places[getattr(decoder.decode(line), id_field)] = offset, len(line)
            except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
                damage = str(error)
                break
            offset += len(line)
        return cls(path, file, places, digest.hexdigest(), damage)

    def compare(self, count: int, digest: str, what: str) -> None:
        """Raises ArchiveError unless the file is the one that was sealed."""
        found = len(self.places)
        if found < count and self.damage in ("", self.UNENDED):
            raise ArchiveError(
                self.path, f"the archive is cut short: {found} of {count} {what}", "take a whole copy of the archive"
            )
        if self.damage or self.digest != digest:
            detail = f" (line {found + 1}: {self.damage})" if self.damage else ""
            raise ArchiveError(
                self.path,
                f"was changed after the archive was sealed{detail}",
                f"take an untouched copy; mistakes in a question are mended by {AMENDMENTS} beside it",
            )

    def records(self, decoder: msgspec.json.Decoder[T]) -> Iterator[T]:
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield _decoded(decoder, line, f"{self.path}:{number}", "use the quizgen that wrote it, or update")

    def record(self, id_: str, decoder: msgspec.json.Decoder[T]) -> T:
        if id_ not in self.places:
            raise ArchiveError(self.path, f"there is no item {id_!r}", "use an id of this archive")
        return _decoded(
            decoder, self._read(*self.places[id_]), f"{self.path} ({id_})", "use the quizgen that wrote it, or update"
        )

    def _read(self, offset: int, length: int) -> bytes:
        start, block = self._ahead
        if not 0 <= offset - start <= len(block) - length:
            follows = 0 <= offset - start <= len(block)
            start, block = offset, os.pread(self._handle, max(length, READ_AHEAD) if follows else length, offset)
            self._ahead = start, block
        return block[offset - start : offset - start + length]
