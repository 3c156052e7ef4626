"""How many answers the judge cannot decide: those of the speed benchmark, and every row of the public tables of cases.

    python -m benchmarks.unknown

An answer that is not decided goes to a person, so that each costs somebody's time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.measure import Measurement
from benchmarks.rational_answers import rational_functions
from benchmarks.typed_answers import answers
from grading import SymbolicKey, Verdict, grade
from tests.tables.reading import tables

PROMISED = 0.02
"""The share of answers that may go to a person."""


def measure(count: int = 2_000) -> Iterator[Measurement]:
    """The share of undecided answers of each kind, then of all."""
    shares = undecided(count)
    for kind, (unknown, of) in shares.items():
        yield _measurement(f"undecided: {kind}", unknown, of)
    yield _measurement("undecided: all", *map(sum, zip(*shares.values(), strict=True)))


def _measurement(job: str, unknown: int, of: int) -> Measurement:
    share = unknown / of
    return Measurement(f"{job} ({unknown} of {of:,})", share * 100, "%", "our promise", PROMISED * 100, False)


def undecided(count: int) -> dict[str, tuple[int, int]]:
    """(undecided, all that could be read) for each kind of answer."""
    found: Counter[tuple[str, bool]] = Counter()
    for decimals in (False, True):
        for typed in answers(count, seed=11, decimals=decimals):
            if typed.kind != "slip":
                found["decimals" if decimals else typed.kind, _unknown(typed.key, typed.text)] += 1
    for key, text, _ in rational_functions(count // 2, seed=12):
        found["rational functions", _unknown(key, text)] += 1
    for table in tables():
        for row in table.rows:
            if isinstance(row.key, SymbolicKey) and row.outcome not in ("invalid", "blank"):
                kind = "made to deceive" if row.hostile else f"table {table.title.lower()}"
                found[kind, _unknown(row.key, row.answer)] += 1
    kinds = dict.fromkeys(kind for kind, _ in found)
    return {kind: (found[kind, True], found[kind, True] + found[kind, False]) for kind in kinds}


def _unknown(key: SymbolicKey, answer: str) -> bool:
    return grade(key, answer).verdict is Verdict.UNDECIDED


if __name__ == "__main__":
    for line in measure():
        print(f"{line.value:6.2f} %  {line.job}")
