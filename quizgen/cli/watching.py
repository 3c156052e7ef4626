"""Waiting for an author to save: the files of a bank are looked at now and then."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

INTERVAL = 0.3
"""Seconds between two looks."""

SUFFIXES = (".yaml", ".yml", ".txt")

State = dict[str, tuple[int, int]]


def saves(*folders: Path, interval: float = INTERVAL) -> Iterator[None]:
    """Yields once for every time that a file of one of the banks was saved, added or removed; never ends by itself.

    folders: of the banks, or single files. interval: seconds between two looks.
    """
    seen = _state(folders)
    while True:
        time.sleep(interval)
        now = _state(folders)
        if now != seen:
            seen = now
            yield


def _state(folders: Sequence[Path]) -> State:
    """Size and time of every file; what vanishes while it is looked at is not there."""
    found: State = {}
    paths = [folder for folder in folders if folder.is_file()]
    paths += [Path(root, name) for folder in folders for root, _, names in os.walk(folder) for name in names]
    for path in paths:
        if path.suffix in SUFFIXES:
            try:
                status = path.stat()
            except OSError:
                continue
            found[str(path)] = (status.st_size, status.st_mtime_ns)
    return found
