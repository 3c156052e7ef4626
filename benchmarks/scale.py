"""What one machine can hold: ten million responses graded and analysed, a million typed formulas.

    python -m benchmarks.scale [LEARNERS]

Each is done by a process of its own, from a Parquet file to the class result, so that its memory is all that it
needs. In the same run some of the same rows are graded one by one, which is what the time is compared with.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.bulk_grading import answer_sheet
from benchmarks.measure import Measurement
from benchmarks.typed_answers import answers
from grading import ItemKey, PartKey, Question, Results, count_points, grade, grade_all, summarise
from grading.statistics.answers import Place, answers_of, score_matrix
from grading.statistics.beliefs import beliefs
from grading.statistics.distribution import distribution
from grading.statistics.items import item_statistics
from grading.statistics.options import option_pull
from grading.statistics.reliability import reliability

ITEMS, LEARNERS = 100, 100_000
FORMULAS, DIFFERENT = 1_000_000, 50_000
SECONDS_TARGET, MEMORY_TARGET, FORMULA_TARGET = 30.0, 2.0, 20.0
ONE_BY_ONE = 20_000
"""Rows that are graded one by one."""
JOBS = 2


def write_choices_and_numbers(path: Path, learners: int) -> None:
    """A Parquet file with a response of each learner to each item, choices and numbers in turn."""
    import numpy as np
    import polars as pl

    draw, item = np.random.default_rng(1), np.tile(np.arange(ITEMS), learners)
    options = ["key", "key", "key", "flip-sign", "sum-of-probs", "product-of-logs"]
    numbers = [f"{n / 100:.2f}" for n in range(400)] + [f"{n / 10:.1f}" for n in range(40)]
    chosen = draw.integers(0, len(options), len(item))
    typed = len(options) + draw.integers(0, len(numbers), len(item))
    names = pl.Series([f"learner-{n:06d}" for n in range(learners)])
    pl.DataFrame(
        {
            "learner": names.gather(np.repeat(np.arange(learners), ITEMS)),
            "item": pl.Series([f"item-{n}" for n in range(ITEMS)]).gather(item),
            "response": pl.Series(options + numbers).gather(np.where(item % 2 == 1, chosen, typed)),
        }
    ).write_parquet(path)


def formula_sheet(different: int) -> tuple[list[ItemKey], list[tuple[str, str]]]:
    """A sheet with an item for each key of the typed answers, and (item, answer) for all of them."""
    typed = answers(different, seed=1)
    names = {key: f"formula-{n}" for n, key in enumerate(dict.fromkeys(one.key for one in typed))}
    sheet = [ItemKey(name, "r", f"Q-{n:04d}", (PartKey("answer", key),)) for n, (key, name) in enumerate(names.items())]
    return sheet, [(names[one.key], one.text) for one in typed]


def write_formulas(path: Path, rows: int, pairs: Sequence[tuple[str, str]]) -> None:
    """A Parquet file in which every pair stands at least once, and the early ones more often."""
    import polars as pl

    draw = random.Random(1)
    chosen = [*range(len(pairs)), *(int(len(pairs) * draw.random() ** 3) for _ in range(rows - len(pairs)))]
    draw.shuffle(chosen)
    names, texts = (pl.Series([pair[n] for pair in pairs]).gather(chosen) for n in range(2))
    learners = pl.Series([f"learner-{n:07d}" for n in range(rows)])
    pl.DataFrame({"learner": learners, "item": names, "response": texts}).write_parquet(path)


def sheet_of(kind: str) -> list[ItemKey]:
    return answer_sheet(ITEMS) if kind == "numbers" else formula_sheet(DIFFERENT)[0]


def work(kind: str, path: Path) -> dict[str, float]:
    """In a process of its own: grade and analyse a file. Seconds, CPU seconds of it and its processes, gigabytes."""
    sheet = sheet_of(kind)
    begun, before = time.perf_counter(), _cpu()
    results = grade_all(path, sheet, jobs=JOBS)
    counted = count_points(results, [Question(key.item, Fraction(1), (key.item,)) for key in sheet])
    found = summarise(results, counted)
    if kind == "numbers":
        analysed(results, sheet)
    seconds = time.perf_counter() - begun
    assert found.responses == results.frame.height
    assert not results.problems
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"rows": results.frame.height, "seconds": seconds, "cpu": _cpu() - before, "gigabytes": memory}


def analysed(results: Results, sheet: Sequence[ItemKey]) -> None:
    """The statistics that a report of the class is made of."""
    answers = answers_of(results, [Place(key.item, (key.item,)) for key in sheet])
    scores, keys = score_matrix(answers), {key.item: key for key in sheet}
    list(item_statistics(scores))
    reliability(scores)
    option_pull(answers, keys, scores)
    beliefs(answers, keys)
    distribution(scores.totals / len(sheet))


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def one_by_one(path: Path, sheet: Sequence[ItemKey]) -> float:
    """Rows a second of `grading.grade`, as a loop over the first rows of a file would call it."""
    import polars as pl

    keys: dict[str, Any] = {key.item: key.parts[0].key for key in sheet}
    rows = pl.scan_parquet(path).head(ONE_BY_ONE).select("item", "response").collect().rows()
    begun = time.process_time()
    for item, response in rows:
        grade(keys[item], response)
    return len(rows) / (time.process_time() - begun)


def measured(kind: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scale", kind, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(learners: int = LEARNERS) -> Iterator[Measurement]:
    """Time, memory and the ratio to one by one of both files."""
    with tempfile.TemporaryDirectory() as folder:
        numbers, formulas = Path(folder) / "numbers.parquet", Path(folder) / "formulas.parquet"
        write_choices_and_numbers(numbers, learners)
        yield from _three("choices and numbers", "numbers", numbers, SECONDS_TARGET * learners / LEARNERS)
        write_formulas(formulas, FORMULAS, formula_sheet(DIFFERENT)[1])
        yield from _three("typed formulas", "formulas", formulas, FORMULA_TARGET)


def _three(what: str, kind: str, path: Path, target: float) -> Iterator[Measurement]:
    found, ours = measured(kind, path), "our promise"
    job = f"{found['rows']:,.0f} {what}"
    yield Measurement(f"{job}, graded and analysed", found["seconds"], "s", ours, target, more_is_better=False)
    yield Measurement(f"{job}, the same", found["cpu"], "s CPU", ours, JOBS * target, more_is_better=False)
    yield Measurement(f"{job}, the same", found["gigabytes"], "GB", ours, MEMORY_TARGET, more_is_better=False)
    rate = found["rows"] / found["cpu"]
    yield Measurement(f"{job}, the same", rate, "/s CPU", "one by one", one_by_one(path, sheet_of(kind)))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(work(sys.argv[1], Path(sys.argv[2]))))
    else:
        for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else LEARNERS):
            print(
                f"{line.job:<60}{line.value:>12,.2f} {line.unit:<7} {line.ratio:>8.1f} times {line.against}", flush=True
            )
