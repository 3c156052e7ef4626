"""Chooses from the folder of a run the texts that are kept: ``python -m tests.fuzzing.choose FOLDER``.

Shortest first, a text is kept if it takes a step from one line of the judge to another that no text before it took.
They are written to ``corpus/reached.jsonl``, which the tests examine again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import grading
from tests.fuzzing import oracle
from tests.fuzzing.texts import CORPUS, SEEDS, unpacked

MOST = 150_000
"""Bytes of the file."""
LONGEST = 600
"""Characters of a text; longer ones are left to the benchmark of hostile answers."""
_ROOT = str(Path(grading.__file__).parent)
Step = tuple[str, int, int]


def steps(key_name: str, text: str) -> set[Step]:
    """(file, line, next line) of the judge for everything that grading the text does."""
    found: set[Step] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        name = frame.f_code.co_filename
        if not name.startswith(_ROOT):
            return None
        before = frame.f_lineno

        def line(frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
            nonlocal before
            found.add((name, before, frame.f_lineno))
            before = frame.f_lineno
            return line

        return line

    sys.settrace(trace)
    try:
        oracle.grade(oracle.KEYS[key_name], text)
    finally:
        sys.settrace(None)
    return found


def chosen(texts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The texts that reach something new, shortest first."""
    reached: set[Step] = set()
    kept: list[tuple[str, str]] = []
    size = 0
    for name, text in sorted(texts, key=lambda entry: (len(entry[1]), entry)):
        if len(text) > LONGEST or size > MOST:
            break
        if new := steps(name, text) - reached:
            reached |= new
            kept.append((name, text))
            size += len(json.dumps([name, text])) + 1
    return kept


def main(folder: Path) -> None:
    texts = {unpacked(path.read_bytes()) for path in folder.iterdir()} | {(n, t) for t in SEEDS for n in oracle.NAMES}
    kept = chosen(list(texts))
    lines = "".join(json.dumps([name, text]) + "\n" for name, text in sorted(kept))
    (CORPUS / "reached.jsonl").write_text(lines, "ascii")
    print(f"{len(kept)} of {len(texts)} texts kept, {len(lines):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
