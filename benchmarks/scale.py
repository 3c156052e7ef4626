"""What one machine can hold: ten million responses graded and analysed, a million typed formulas.

    python -m benchmarks.scale [LEARNERS]

Each is done by a process of its own, from a Parquet file to the class result, so that its memory is all that it
needs. In the same run some of the same rows are graded one by one, which is what the time is compared with.
The choices and numbers are also graded as a person does it: `quizgen grade` with an archive, from a file to files.
"""

from __future__ import annotations

import json
import os
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

import msgspec

from benchmarks.bulk_grading import answer_sheet
from benchmarks.measure import Measurement
from benchmarks.typed_answers import answers
from grading import (
    ChoiceKey,
    ItemKey,
    NumericKey,
    PartKey,
    Question,
    Results,
    count_points,
    grade,
    grade_all,
    summarise,
)
from grading.statistics.answers import Place, answers_of, score_matrix
from grading.statistics.beliefs import beliefs
from grading.statistics.distribution import distribution
from grading.statistics.items import item_statistics
from grading.statistics.options import option_pull
from grading.statistics.reliability import reliability
from quizgen.archive import Archive, read_archive, write_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.sampling.draws import Source
from quizgen.simulation import typed_number

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


def write_quiz(folder: Path) -> Archive:
    """An archive of choices and numbers of the shipped bank, each a question of its own."""
    whole = folder / "whole"
    assemble(load_bank(), [template.id for template in load_bank().templates], variants=3, source=Source(5)).freeze(
        whole
    )
    archive = read_archive(whole)
    kept = [
        made
        for made in archive.generated()
        if len(made.key.parts) == 1 and isinstance(made.key.parts[0].key, ChoiceKey | NumericKey)
    ][:ITEMS]
    slot_of = {item: slot for slot in archive.quiz.slots for item in slot.item_ids}
    slots = tuple(
        msgspec.structs.replace(slot_of[made.item.id], id=f"s{number:03d}", pool=(made.item.id,))
        for number, made in enumerate(kept)
    )
    return write_archive(folder / "quiz", msgspec.structs.replace(archive.quiz, slots=slots, forms=()), kept)


def write_answers(path: Path, archive: Archive, learners: int) -> None:
    """A Parquet file with a response of each learner to each item: of choices every option, the right one three times
    as often; of numbers the right one, what misconceptions lead to, and four hundred others."""
    import numpy as np
    import polars as pl

    keys, draw = list(archive.keys()), np.random.default_rng(1)
    texts: list[str] = []
    chosen = np.empty((learners, len(keys)), np.int64)
    for number, sheet in enumerate(keys):
        key = sheet.parts[0].key
        if isinstance(key, ChoiceKey):
            mine = [key.correct] * 3 + [rival.value for rival in key.rivals]
        else:
            assert isinstance(key, NumericKey)
            known = [typed_number(rival.value) for rival in key.rivals] * 10
            mine = [typed_number(key.value)] * 200 + known + [f"{n / 100:.2f}" for n in range(400)]
        chosen[:, number] = len(texts) + draw.integers(0, len(mine), learners)
        texts += mine
    names = pl.Series([f"learner-{n:06d}" for n in range(learners)])
    pl.DataFrame(
        {
            "learner": names.gather(np.repeat(np.arange(learners), len(keys))),
            "item": pl.Series([key.item for key in keys]).gather(np.tile(np.arange(len(keys)), learners)),
            "response": pl.Series(texts).gather(chosen.ravel()),
        }
    ).write_parquet(path)


def by_command(learners: int, folder: Path) -> dict[str, float]:
    """`quizgen grade` from a file to files: seconds, CPU seconds, gigabytes."""
    archive = write_quiz(folder)
    responses = folder / "answers.parquet"
    write_answers(responses, archive, learners)
    program = [sys.executable, "-m", "quizgen.cli", "grade", str(responses), "--quiz", str(archive.folder)]
    options = ["-o", str(folder / "marks"), "--details", "parquet", "--jobs", str(JOBS), "--quiet"]
    begun = time.perf_counter()
    done = subprocess.Popen([*program, *options], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(done.pid, 0)
    assert status == 0
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "gigabytes": used.ru_maxrss / 1e6}


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
        found, job = by_command(learners, Path(folder)), f"{learners * ITEMS:,} by `quizgen grade`, from file to files"
        seconds = SECONDS_TARGET * learners / LEARNERS
        yield Measurement(job, found["seconds"], "s", "our promise", seconds, more_is_better=False)
        yield Measurement(job, found["cpu"], "s CPU", "our promise", JOBS * seconds, more_is_better=False)
        yield Measurement(job, found["gigabytes"], "GB", "our promise", MEMORY_TARGET, more_is_better=False)
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
