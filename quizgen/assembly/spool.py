"""Items that were drawn, kept on disk until the archive takes them, so that a quiz of any size fits in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from grading.answersheet import decoder_of
from quizgen.archive import Lines, lines_of
from quizgen.model import GeneratedItem, Item, WorkedKey

IN_MEMORY = 32 * 2**20
"""Bytes up to which nothing is written to disk."""


class Spool:
    """A sequence of items that only grows; it may be gone through any number of times, in the order of adding.

    They are kept as the lines that the archive holds, so that it can take them as they are.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, prefix="quizgen-")  # noqa: SIM115 - closed with it
        self._sizes: list[tuple[int, int]] = []
        self._end = self._place = 0
        self._item_decoder, self._key_decoder = decoder_of(Item), decoder_of(WorkedKey)

    def __len__(self) -> int:
        return len(self._sizes)

    def add(self, generated: GeneratedItem) -> None:
        """Keeps one more item."""
        item, key = lines_of(generated)
        self._go_to(self._end)
        self._file.write(item + key)
        self._sizes.append((len(item), len(key)))
        self._end = self._place = self._end + len(item) + len(key)

    def _go_to(self, place: int) -> None:
        """Moves only if need be: to move empties the buffer of the file."""
        if place != self._place:
            self._file.seek(place)
            self._place = place

    def lines(self) -> Iterator[Lines]:
        """Each item and its key as lines of the archive."""
        start = 0
        for item, key in self._sizes:
            self._go_to(start)
            both = self._file.read(item + key)
            start = self._place = start + item + key
            yield both[:item], both[item:]

    def __iter__(self) -> Iterator[GeneratedItem]:
        for item, key in self.lines():
            yield GeneratedItem(self._item_decoder.decode(item), self._key_decoder.decode(key))
