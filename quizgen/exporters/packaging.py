"""Packages: zip and tar files whose bytes depend on their content alone, written in constant memory.

Members have a fixed date and no rights of the machine; they come in the order in which they are given, which is that
of their names in every zip that a format writes.
"""

from __future__ import annotations

import gzip
import tarfile
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterable, Iterator
from io import BufferedWriter
from itertools import groupby
from operator import itemgetter
from typing import IO

CHUNK = 2**18
IN_MEMORY = 2**23
"""So large may a zip become before it needs a file: its parts are mended when they end."""
_DATE = (1980, 1, 1, 0, 0, 0)
_SECONDS = 315_532_800
"""The same date in seconds since 1970."""

_LEVEL = 3
"""Of packing: the files grow by a tenth, and are packed in half the time that level 6 takes."""
_ZIP_HEADER = 30
"""Bytes before the name of a member."""

_PLAIN_FILE = 0o644 << 16


def zipped(path: str, members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """(path, chunk) of the zip of (name, chunk) pairs; the chunks of one member follow each other.

    >>> import io
    >>> packed = b"".join(chunk for _, chunk in zipped("q.zip", [("a.txt", b"one "), ("a.txt", b"two"), ("b", b"")]))
    >>> [(entry.filename, entry.file_size) for entry in zipfile.ZipFile(io.BytesIO(packed)).infolist()]
    [('a.txt', 7), ('b', 0)]
    """
    with tempfile.SpooledTemporaryFile(IN_MEMORY, prefix="quizgen-") as file:
        with zipfile.ZipFile(file, "w") as package:
            package.filelist = _Directory()
            for name, parts in groupby(members, itemgetter(0)):
                _add(package, file, name, parts)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield path, chunk


def _add(package: zipfile.ZipFile, file: IO[bytes], name: str, parts: Iterator[tuple[str, bytes]]) -> None:
    """Adds a member as `ZipFile.open` would, which takes longer for a short one than to pack it."""
    entry = _entry(name)
    entry.CRC, entry.header_offset = 0, package.start_dir
    file.seek(entry.header_offset + _ZIP_HEADER + len(name.encode()))
    packer, more = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS), True
    while more:
        block, more = _block(parts)
        entry.CRC = zlib.crc32(block, entry.CRC)
        entry.file_size += len(block)
        packed = packer.compress(block) if more else packer.compress(block) + packer.flush()
        entry.compress_size += file.write(packed)
    package.start_dir = file.tell()
    file.seek(entry.header_offset)
    file.write(entry.FileHeader(zip64=False))  # raises LargeZipFile for what has no room in this form
    package.filelist.append(entry)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
    return entry


class _Directory(list[zipfile.ZipInfo]):
    """The entries of a zip until its end is written, each a name and four numbers: records take four times as much."""

    def __init__(self) -> None:
        self._names, self._numbers = list[str](), array("Q")

    def append(self, entry: zipfile.ZipInfo) -> None:
        self._names.append(entry.filename)
        self._numbers.extend((entry.header_offset, entry.CRC, entry.compress_size, entry.file_size))

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[zipfile.ZipInfo]:
        for place, name in enumerate(self._names):
            entry = _entry(name)
            entry.header_offset, entry.CRC, entry.compress_size, entry.file_size = self._numbers[
                4 * place : 4 * place + 4
            ]
            yield entry


def _block(parts: Iterator[tuple[str, bytes]]) -> tuple[bytes, bool]:
    """The next bytes of a member, `CHUNK` of them or a few more, and whether others may follow."""
    held, size = list[bytes](), 0
    for _, chunk in parts:
        held.append(chunk)
        size += len(chunk)
        if size >= CHUNK:
            return b"".join(held), True
    return b"".join(held), False


def tarred(path: str, members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """(path, chunk) of the compressed tar of (name, content) pairs.

    >>> import io
    >>> packed = b"".join(chunk for _, chunk in tarred("c.tar.gz", [("a/b.txt", b"one")]))
    >>> with tarfile.open(fileobj=io.BytesIO(packed)) as opened:
    ...     [(member.name, member.size, member.mtime) for member in opened]
    [('a/b.txt', 3, 315532800)]
    """
    with tempfile.TemporaryFile(prefix="quizgen-") as file:
        with (
            gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed,
            BufferedWriter(packed, CHUNK) as gathered,
        ):
            size = 0
            for name, content in members:
                size += gathered.write(_tar_header(name, len(content)) + content + bytes(-len(content) % _TAR_BLOCK))
            gathered.write(bytes(2 * _TAR_BLOCK + -(size + 2 * _TAR_BLOCK) % tarfile.RECORDSIZE))
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield path, chunk


def _tar_header(name: str, size: int) -> bytes:
    """What stands before a file in a tar; that of a short plain name is filled in, which `tarfile` takes long for.

    >>> _tar_header("a/b.txt", 3) == _tar_entry("a/b.txt", 3).tobuf(tarfile.PAX_FORMAT)
    True
    """
    if not name.isascii() or len(name) > tarfile.LENGTH_NAME or size >= 8**11:
        return _tar_entry(name, size).tobuf(tarfile.PAX_FORMAT)
    named, sized = name.encode(), b"%011o" % size
    total = _EMPTY_SUM + sum(named) + sum(sized)
    return b"%b%b%b%b%06o%b" % (named.ljust(100, b"\0"), _EMPTY[100:124], sized, _EMPTY[135:148], total, _EMPTY[154:])


def _tar_entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, _SECONDS, 0o644
    return entry


_TAR_BLOCK = tarfile.BLOCKSIZE
_EMPTY = _tar_entry("", 0).tobuf(tarfile.PAX_FORMAT)
"""The header of an empty file without a name: name before 100, size from 124 to 135, sum of all from 148 to 154."""

_EMPTY_SUM = int(_EMPTY[148:154], 8) - sum(b"0" * 11)
