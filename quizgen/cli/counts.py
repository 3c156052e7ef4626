"""How many variants each template of a bank has, remembered between runs.

Counting goes through every combination of what a template draws, which takes longer than a list should. So the counts
of a bank are kept in the user's cache folder, under a digest of the bank's files and of the engine; a cache that
cannot be read or written is done without.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import quizgen

if TYPE_CHECKING:
    from quizgen.bank import Bank, Banks

MOST_KEPT = 20
"""Banks and versions of them whose counts are remembered."""

Counts = dict[str, tuple[int, bool]]
"""(number of variants, whether that is exact) by template."""


def variant_counts(bank: Bank | Banks, templates: Iterable[str]) -> Counts:
    """The counts of these templates by the names that they are asked for, from the cache as far as it has them."""
    names = {name: (bank.home(name), name.rpartition("/")[2]) for name in templates}
    counts = {home.id: _counts(home, [id for own, id in names.values() if own is home]) for home in bank.banks}
    return {name: counts[home.id][id] for name, (home, id) in names.items()}


def _counts(bank: Bank, wanted: Sequence[str]) -> Counts:
    path = cache_folder() / f"variants-{_digest(bank)}.json"
    counts = _read(path)
    missing = [name for name in wanted if name not in counts]
    if missing:
        from quizgen.generator import variant_count

        for name in missing:
            found = variant_count(bank.template(name), bank)
            counts[name] = (found.number, found.exact)
        _write(path, counts)
    return {name: counts[name] for name in wanted}


def cache_folder() -> Path:
    """Where quizgen keeps what can be worked out again: ``$XDG_CACHE_HOME/quizgen``, by default below the home."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quizgen"


def _digest(bank: Bank) -> str:
    total = hashlib.sha256()
    for path in sorted(bank.folder.rglob("*.yaml")) if bank.folder.is_dir() else [bank.folder]:
        total.update(f"{path.name} {path.stat().st_size} ".encode())
        total.update(path.read_bytes())
    engine = Path(quizgen.__file__).parent
    for path in sorted(engine.rglob("*.py")):
        state = path.stat()
        total.update(f"{path.relative_to(engine)} {state.st_size} {state.st_mtime_ns} ".encode())
    return total.hexdigest()[:32]


def _read(path: Path) -> Counts:
    with suppress(OSError, ValueError, TypeError, AttributeError):
        return {
            str(name): (int(number), bool(exact)) for name, (number, exact) in json.loads(path.read_bytes()).items()
        }
    return {}


def _write(path: Path, counts: Counts) -> None:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = sorted(path.parent.glob("variants-*.json"), key=lambda old: old.stat().st_mtime_ns)
        for old in kept[:-MOST_KEPT]:
            old.unlink()
        handle, name = tempfile.mkstemp(dir=path.parent)
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(counts, file)
        os.replace(name, path)
