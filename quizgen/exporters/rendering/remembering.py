"""What a function found of a record that is asked about several times while an item is written."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

MOST = 64
"""Records that are remembered: those of an item and of a few before it."""

K = TypeVar("K")
V = TypeVar("V")


def remembering_record(function: Callable[[K], V]) -> Callable[[K], V]:
    """The same function, which remembers what it found of the very same frozen record.

    To compare a key with others by its content takes as long as some of what is found of it.

    >>> @remembering_record
    ... def size(record):
    ...     print("counted")
    ...     return len(record)
    >>> record = (1, 2)
    >>> size(record), size(record)
    counted
    (2, 2)
    """
    seen: dict[int, tuple[K, V]] = {}

    @wraps(function)
    def remembered(record: K) -> V:
        found = seen.get(id(record))
        if found is None:
            if len(seen) >= MOST:
                seen.clear()
            found = seen[id(record)] = record, function(record)  # with the record, so that no other gets its identity
        return found[1]

    return remembered
