"""How fast a response file is graded: from the CSV on disk to the table of marks, responses a second.

    python -m benchmarks.bulk_grading [ROWS]

Half of the responses are choices, half numbers; the numbers are as learners type them (a key, a few wrong values and
slips), and in a second file every number is different, which nothing but grading each of them can decide. The third
file has quotes, so that it goes row by row.
"""

from __future__ import annotations

import gc
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from benchmarks.measure import BULK_TARGET, Measurement
from grading import ChoiceKey, ItemKey, NumericKey, PartKey, Rival, Tolerance, grade_all
from grading.keys import Band


def answer_sheet(items: int = 40) -> list[ItemKey]:
    """Half choices with three distractors, half losses of two masks with a band and five wrong values."""
    sheet = []
    for k in range(items):
        if k % 2:
            wrong = ("flip-sign", "sum-of-probs", "product-of-logs")
            key = ChoiceKey("key", tuple(Rival(name, (name,)) for name in wrong))
        else:
            p, q = f"0.{k % 80 + 10}", f"0.{95 - k % 80}"
            key = NumericKey(
                f"-log({p}) - log({q})",
                Tolerance("absolute", Fraction(1, 200)),
                (Band(Fraction(1, 50), Fraction(3, 4)),),
                "nats",
                (
                    Rival(f"log({p}) + log({q})", ("flip-sign",)),
                    Rival(f"-(log({p}) + log({q}))/log(2)", ("wrong-log-base",), Fraction(1, 2)),
                    Rival(f"{p} + {q}", ("sum-of-probs",)),
                    Rival(f"log({p})*log({q})", ("product-of-logs",)),
                    Rival(f"-(log({p}) + log({q}))/2", ("mean-over-masks",)),
                ),
            )
        sheet.append(ItemKey(f"item-{k}", "r", f"Q-{k:04d}", (PartKey("answer", key),)))
    return sheet


def write_responses(path: Path, rows: int, items: int = 40, distinct: bool = False, quoted: bool = False) -> None:
    """Write a response file; the same arguments give the same bytes."""
    draw = random.Random(1)
    options = ("key", "key", "key", "flip-sign", "sum-of-probs", "product-of-logs")
    with path.open("w", encoding="utf-8") as stream:
        stream.write("learner,item,response\n")
        for n in range(rows):
            k = n % items
            digits = 6 if distinct else draw.choice((1, 2))
            response = draw.choice(options) if k % 2 else f"{draw.uniform(0, 4):.{digits}f}"
            stream.write(
                f'learner-{n // items},item-{k},"{response}"\n'
                if quoted
                else f"learner-{n // items},item-{k},{response}\n"
            )


FILES: tuple[tuple[str, bool, bool], ...] = (
    ("numbers as learners type them", False, False),
    ("every number different", True, False),
    ("every cell in quotes", False, True),
)


def measure(rows: int = 100_000) -> Iterator[Measurement]:
    """Grade each of the files once, after a small one to warm up."""
    sheet = answer_sheet()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "responses.csv"
        write_responses(path, 1_000)
        grade_all(path, sheet).table()
        for name, distinct, quoted in FILES:
            write_responses(path, rows, distinct=distinct, quoted=quoted)
            gc.collect()
            begun = time.perf_counter()
            table = grade_all(path, sheet).table()
            seconds = time.perf_counter() - begun
            assert table.height == rows
            yield Measurement(f"grade a CSV, {name}", rows / seconds, "responses/s", "our promise", BULK_TARGET)


if __name__ == "__main__":
    for found in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000):
        print(f"{found.job:<50}{found.value:>12,.0f} {found.unit}{found.ratio:>8.1f} times the target")
