"""Texts and the keys that they are typed for: as bytes for a fuzzer, and as lines of JSON that are kept."""

from __future__ import annotations

import json
from pathlib import Path

from tests.fuzzing import oracle
from tests.fuzzing.mutations import SEEDS

CORPUS = Path(__file__).with_name("corpus")


def packed(key_name: str, text: str) -> bytes:
    return bytes((48 + oracle.NAMES.index(key_name),)) + text.encode("utf-8", "surrogatepass")


def unpacked(data: bytes) -> tuple[str, str]:
    first = data[0] if data else 0
    try:
        text = data[1:].decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data[1:].decode("utf-8", "replace")
    return oracle.NAMES[(first - 48) % len(oracle.NAMES)], text


def kept() -> list[tuple[str, str]]:
    """(key, text) of the corpus that is kept with the tests."""
    lines = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return list(dict.fromkeys((name, text) for name, text in map(json.loads, lines)))


def beginnings() -> list[tuple[str, str]]:
    """What a run begins with."""
    own = [(name, text) for text in SEEDS for name in oracle.NAMES]
    return own + [(name, key.value) for name, key in oracle.KEYS.items()] + kept()
