"""Packages: zip and tar files whose bytes depend on their content alone, written in constant memory.

Members have a fixed date and no rights of the machine; they come in the order in which they are given.
"""

from __future__ import annotations

import gzip
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from io import BufferedWriter, BytesIO
from itertools import groupby

CHUNK = 2**18
IN_MEMORY = 2**23
"""So large may a zip become before it needs a file: its parts are mended when they end."""
_DATE = (1980, 1, 1, 0, 0, 0)
_SECONDS = 315_532_800
"""The same date in seconds since 1970."""

_LEVEL = 3
"""Of packing: the files grow by a tenth, and are packed in half the time that level 6 takes."""
_PLAIN_FILE = 0o644 << 16


def zipped(path: str, members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """(path, chunk) of the zip of (name, chunk) pairs; the chunks of one member follow each other.

    >>> import io
    >>> packed = b"".join(chunk for _, chunk in zipped("q.zip", [("a.txt", b"one "), ("a.txt", b"two"), ("b", b"")]))
    >>> [(entry.filename, entry.file_size) for entry in zipfile.ZipFile(io.BytesIO(packed)).infolist()]
    [('a.txt', 7), ('b', 0)]
    """
    with tempfile.SpooledTemporaryFile(IN_MEMORY, prefix="quizgen-") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as package:
            for name, chunks in _by_member(members):
                entry = zipfile.ZipInfo(name, _DATE)
                entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
                with package.open(entry, "w") as member:
                    for block in _gathered(chunks):
                        member.write(block)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield path, chunk


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
            BufferedWriter(packed, CHUNK) as gathered,
            tarfile.open(fileobj=gathered, mode="w", format=tarfile.PAX_FORMAT) as package,
        ):
            for name, content in members:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime, entry.mode = len(content), _SECONDS, 0o644
                package.addfile(entry, BytesIO(content))
                package.members.clear()  # type: ignore[attr-defined]  # else it keeps them all in memory
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield path, chunk


def _gathered(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in larger pieces: packing is begun less often."""
    held, size = list[bytes](), 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _by_member(members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, Iterator[bytes]]]:
    for name, group in groupby(members, key=lambda member: member[0]):
        yield name, (chunk for _, chunk in group)
