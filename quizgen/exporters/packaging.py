"""Packages: zip files whose bytes depend on their content alone, written in constant memory.

Members have a fixed date and no rights of the machine; they come in the order in which they are given.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from itertools import groupby

CHUNK = 2**18
_DATE = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
_PLAIN_FILE = 0o644 << 16


def zipped(path: str, members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """(path, chunk) of the zip of (name, chunk) pairs; the chunks of one member follow each other.

    >>> import io
    >>> packed = b"".join(chunk for _, chunk in zipped("q.zip", [("a.txt", b"one "), ("a.txt", b"two"), ("b", b"")]))
    >>> [(entry.filename, entry.file_size) for entry in zipfile.ZipFile(io.BytesIO(packed)).infolist()]
    [('a.txt', 7), ('b', 0)]
    """
    with tempfile.TemporaryFile(prefix="quizgen-") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as package:
            for name, chunks in _by_member(members):
                entry = zipfile.ZipInfo(name, _DATE)
                entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
                with package.open(entry, "w") as member:
                    for chunk in chunks:
                        member.write(chunk)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield path, chunk


def _by_member(members: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, Iterator[bytes]]]:
    for name, group in groupby(members, key=lambda member: member[0]):
        yield name, (chunk for _, chunk in group)
