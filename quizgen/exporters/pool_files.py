"""Formats that know no pools: a file for each slot, so that what is imported from it is its pool."""

from __future__ import annotations

import re

from quizgen.model import Slot

_OTHER = re.compile(r"[^A-Za-z0-9._]+")
_LONGEST = 60


def pool_path(number: int, slot: Slot, slots: int, volume: int = 1) -> str:
    """The name of the file of the n-th slot, from 1. slots: how many there are, so that names sort by number.

    volume: of a pool that needs several files, from 1.

    >>> pool_path(3, Slot("../loss in nats", "", (), ()), 12)
    '03-loss-in-nats.txt'
    """
    name = _OTHER.sub("-", slot.id).strip("-.")[:_LONGEST]
    more = f"-{volume}" if volume > 1 else ""
    return f"{number:0{len(str(slots))}d}-{name}{more}.txt".replace("-.", ".")
