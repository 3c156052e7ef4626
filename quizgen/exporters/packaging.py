"""Packages: zip and tar files whose bytes depend on their content alone, written in constant memory.

Members have a fixed date and no rights of the machine; they come in the order in which they are given. A zip goes out
member by member: what is packed of one waits until its size is known, on the disk where it is long.
"""

from __future__ import annotations

import gzip
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby
from struct import Struct, pack
from typing import IO

CHUNK = 2**18
_SECONDS = 315_532_800
"""The first day of 1980 in seconds since 1970."""

_LEVEL = 3
"""Of packing: the files grow by a tenth, and are packed in half the time that level 6 takes."""
_IN_MEMORY = 2**22
"""So many packed bytes of a member, or of the directory, are kept in memory."""

_LOCAL, _CENTRAL = Struct("<4s2B4HL2L2H"), Struct("<4s4B4HL2L5H2L")
_DATE = 1 << 5 | 1
"""The same day in the zip; the time is midnight."""
_PLAIN, _LARGE = 20, 45
"""The versions of the format that a reader must know."""
_UNIX, _DEFLATED, _UTF_8 = 3, 8, 0x800
_PLAIN_FILE = 0o644 << 16
_MOST, _MOST_MEMBERS = 2**31 - 1, 2**16 - 1
_ELSEWHERE = 2**32 - 1
"""Stands where a number has eight bytes in the extra field."""


def zipped(path: str, members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """(path, chunk) of the zip of (name, chunk) pairs; the chunks of one member follow each other.

    >>> import io, zipfile
    >>> packed = b"".join(chunk for _, chunk in zipped("q.zip", [("a.txt", b"one "), ("a.txt", b"two"), ("b", b"")]))
    >>> [(entry.filename, entry.file_size) for entry in zipfile.ZipFile(io.BytesIO(packed)).infolist()]
    [('a.txt', 7), ('b', 0)]
    """
    offset = count = 0
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, prefix="quizgen-") as directory:
        for name, chunks in _by_member(members):
            with tempfile.SpooledTemporaryFile(_IN_MEMORY, prefix="quizgen-") as packed:
                head, entry = _member(name, chunks, packed, offset)
                directory.write(entry)
                offset, count = offset + len(head) + packed.tell(), count + 1
                yield path, head
                yield from _read_back(path, packed)
        size = directory.tell()
        yield from _read_back(path, directory)
    yield path, _end(count, size, offset)


def _read_back(path: str, file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield path, chunk


def _member(name: str, chunks: Iterable[bytes], packed: IO[bytes], offset: int) -> tuple[bytes, bytes]:
    """Packs a member; gives what stands before it and its entry in the directory. offset: of what stands before."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    checksum = size = 0
    for chunk in chunks:
        checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
        packed.write(deflate.compress(chunk))
    packed.write(deflate.flush())
    sizes = (packed.tell(), size)
    written, flags = (name.encode("ascii"), 0) if name.isascii() else (name.encode(), _UTF_8)
    extra, version = b"", _PLAIN
    large = max(sizes) > _MOST
    if large:
        extra, version = pack("<2H2Q", 1, 16, size, sizes[0]), _LARGE
        sizes = (_ELSEWHERE, _ELSEWHERE)
    about = (flags, _DEFLATED, 0, _DATE, checksum, *sizes, len(written))
    head = _LOCAL.pack(b"PK\3\4", version, 0, *about, len(extra)) + written + extra
    if offset > _MOST:
        extra = pack("<2H", 1, len(extra[4:]) + 8) + extra[4:] + pack("<Q", offset)
        offset, version = _ELSEWHERE, _LARGE
    entry = _CENTRAL.pack(b"PK\1\2", version, _UNIX, version, 0, *about, len(extra), 0, 0, 0, _PLAIN_FILE, offset)
    return head, entry + written + extra


def _end(count: int, size: int, offset: int) -> bytes:
    """What stands behind the directory. size, offset: of the directory."""
    large = b""
    if count > _MOST_MEMBERS or max(offset, size) > _MOST:
        large = pack("<4sQ2H2L4Q", b"PK\6\6", 44, _LARGE, _LARGE, 0, 0, count, count, size, offset)
        large += pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
        count, size, offset = min(count, _MOST_MEMBERS), min(size, _ELSEWHERE), min(offset, _ELSEWHERE)
    return large + pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


def tarred(path: str, members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """(path, chunk) of the compressed tar of (name, content) pairs.

    >>> packed = b"".join(chunk for _, chunk in tarred("c.tar.gz", [("a/b.txt", b"one")]))
    >>> with tarfile.open(fileobj=BytesIO(packed)) as opened:
    ...     [(member.name, member.size, member.mtime) for member in opened]
    [('a/b.txt', 3, 315532800)]
    """
    with tempfile.TemporaryFile(prefix="quizgen-") as file:
        with (
            gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as package,
        ):
            for name, content in members:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime, entry.mode = len(content), _SECONDS, 0o644
                package.addfile(entry, BytesIO(content))
                package.members.clear()  # type: ignore[attr-defined]  # else it keeps them all in memory
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield path, chunk


def _by_member(members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, Iterator[bytes]]]:
    for name, group in groupby(members, key=lambda member: member[0]):
        yield name, (chunk for _, chunk in group)
