"""Garbage in cycles is looked for less often while very many objects are made that are in none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 20_000
"""Objects that are made before Python looks for cycles among them; by itself it looks after some hundred.

Records are in no cycles and are freed as soon as nobody holds them, so that looking finds nothing, again and again, and
every now and then goes through all that is in memory. What is in cycles waits a little longer, and that is bounded.
"""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Meanwhile cycles are looked for after every `YOUNG` objects; whoever turned that off, or down, keeps it so.

    >>> before = gc.get_threshold()
    >>> with seldom_collected():
    ...     gc.get_threshold()[0] >= YOUNG or before[0] == 0
    True
    >>> gc.get_threshold() == before
    True
    """
    before = gc.get_threshold()
    if 0 < before[0] < YOUNG:
        gc.set_threshold(YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
