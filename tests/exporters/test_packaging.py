"""Zip files: what the library of the language writes, byte for byte, and what it reads where they are large."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from pathlib import Path

import pytest

from quizgen.exporters import packaging
from quizgen.exporters.packaging import zipped

MEMBERS = [
    ("imsmanifest.xml", b"<a>"),
    ("imsmanifest.xml", b"<b/>" * 9_000),
    ("imsmanifest.xml", b"</a>"),
    ("items/ü.xml", "ü".encode() * 70_000),
    ("empty", b""),
    ("noise", random.Random(7).randbytes(5_000_000)),
]


def written(members: list[tuple[str, bytes]]) -> bytes:
    return b"".join(chunk for _, chunk in zipped("q.zip", members))


def by_the_library(members: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    contents: dict[str, bytes] = {}
    for name, chunk in members:
        contents[name] = contents.get(name, b"") + chunk
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=packaging._LEVEL) as package:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system = 0o644 << 16, 3
            package.writestr(entry, content, zipfile.ZIP_DEFLATED, packaging._LEVEL)
    return file.getvalue()


@pytest.mark.parametrize("members", [[], MEMBERS], ids=["nothing", "several"])
def test_the_bytes_are_those_of_the_library(members: list[tuple[str, bytes]]) -> None:
    assert written(members) == by_the_library(members)


def test_more_members_than_a_small_zip_can_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it could count to three."""
    monkeypatch.setattr(packaging, "_MOST_MEMBERS", 3)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)
    packed = written(MEMBERS)
    assert b"PK\6\6" in packed
    end = packed.rindex(b"PK\5\6")
    assert packed[:end] == by_the_library(MEMBERS)[:end]
    assert packed[end + 8 : end + 12] == b"\3\0\3\0"


def test_large_sizes_and_places_are_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if what needs more than two bytes needed more than four."""
    monkeypatch.setattr(packaging, "_MOST", 2**16)
    with zipfile.ZipFile(io.BytesIO(written(MEMBERS))) as package:
        assert package.testzip() is None
        for name in package.namelist():
            assert package.read(name) == b"".join(chunk for other, chunk in MEMBERS if other == name)
        noise = package.getinfo("noise")
        assert (noise.file_size, noise.CRC) == (5_000_000, zlib.crc32(MEMBERS[-1][1]))
        assert noise.extra
        assert noise.extract_version == 45


def test_what_is_long_waits_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    plain = packaging.tempfile.SpooledTemporaryFile.rollover

    def rollover(self: object) -> None:
        opened.append(self)
        plain(self)  # type: ignore[arg-type]

    monkeypatch.setattr(packaging.tempfile.SpooledTemporaryFile, "rollover", rollover)
    written(MEMBERS[:5])
    assert not opened
    written(MEMBERS)
    assert len(opened) == 1
