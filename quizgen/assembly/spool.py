"""Items that were drawn, kept on disk until the archive takes them, so that a quiz of any size fits in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from grading.answersheet import decoder_of, to_json
from quizgen.model import GeneratedItem

IN_MEMORY = 32 * 2**20
"""Bytes up to which nothing is written to disk."""


class Spool:
    """A sequence of items that only grows; it may be gone through any number of times, in the order of adding."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, prefix="quizgen-")  # noqa: SIM115 - closed with it
        self._ends: list[int] = []
        self._decoder = decoder_of(GeneratedItem)

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, item: GeneratedItem) -> None:
        """Keeps one more item."""
        start = self._ends[-1] if self._ends else 0
        line = to_json(item)
        self._file.seek(start)
        self._file.write(line)
        self._ends.append(start + len(line))

    def __iter__(self) -> Iterator[GeneratedItem]:
        start = 0
        for end in self._ends:
            self._file.seek(start)
            yield self._decoder.decode(self._file.read(end - start))
            start = end
