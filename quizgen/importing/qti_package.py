"""QTI packages: a zip with a manifest, opened within limits and without writing anything."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any

from quizgen.findings import Finding, FindingsError, Place
from quizgen.importing.contract import MOST_BYTES

MANIFEST = "imsmanifest.xml"
MOST_ENTRIES = 10_000
_ITEM_TYPES = ("imsqti_item", "imsqti_test")


class Package:
    """The files of a zip. name: as it is shown."""

    def __init__(self, name: str, data: bytes) -> None:
        """Raises FindingsError for what is no zip, or is not safe to open."""
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, OverflowError) as problem:
            raise self.error("Q805", f"the package cannot be opened ({_reason(problem)})", "export it anew") from None
        if len(entries) > MOST_ENTRIES:
            message = f"the package has {len(entries):,} files, the limit is {MOST_ENTRIES:,}"
            raise self.error("Q805", message, "export fewer questions at a time")
        for entry in entries:
            self._refuse_unsafe(entry.filename)
        if sum(entry.file_size for entry in entries if entry.filename.endswith(".xml")) > MOST_BYTES:
            message = f"the XML of the package has more than {MOST_BYTES:,} bytes"
            raise self.error("Q802", message, "export fewer questions at a time")
        self._sizes = {entry.filename: entry.file_size for entry in entries if not entry.is_dir()}
        self._left = MOST_BYTES

    def error(self, code: str, message: str, remedy: str) -> FindingsError:
        return FindingsError([Finding(Place(self.name), code, message, remedy)])

    def _refuse_unsafe(self, path: str) -> None:
        parts = path.replace("\\", "/").split("/")
        if path.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
            message = f"the package holds the file {path[:80]!r}, which is outside of it"
            raise self.error("Q805", message, "do not trust this file")

    @property
    def xml_files(self) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._sizes if name.lower().endswith(".xml")))

    def bytes_of(self, path: str) -> bytes | None:
        """What a file holds, however large it says that it is; None if there is none that can be read."""
        if path not in self._sizes:
            return None
        try:
            with self._zip.open(path) as file:
                data = file.read(self._left + 1)
        except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError, NotImplementedError):
            return None
        except Exception as problem:  # each method of compression has an error of its own
            if type(problem).__module__ not in ("zlib", "lzma", "_lzma", "bz2", "struct"):
                raise
            return None
        self._left -= len(data)
        if self._left < 0:
            message = f"the package is larger than {MOST_BYTES:,} bytes when it is unpacked"
            raise self.error("Q802", message, "export fewer questions at a time")
        return data

    def items(self, manifest: Any) -> tuple[str, ...]:
        """The files of items that the manifest names, in its order; every XML file if it names none."""
        found = [
            posixpath.normpath(resource.get("href") or "")
            for resource in (() if manifest is None else manifest.iter("{*}resource"))
            if (resource.get("type") or "").startswith(_ITEM_TYPES)
        ]
        named = tuple(dict.fromkeys(path for path in found if path in self._sizes))
        return named or tuple(path for path in self.xml_files if posixpath.basename(path) != MANIFEST)


def _reason(problem: Exception) -> str:
    return " ".join(str(problem).split())[:100] or type(problem).__name__
