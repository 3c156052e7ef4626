"""How fast the graded answers of a class become the numbers of its report, and how much memory that takes.

    python -m benchmarks.class_statistics [LEARNERS]

100 questions with ten variants each and thirty misconceptions; ten million answers with 100,000 learners.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Iterator

from benchmarks.measure import STATISTICS_TARGET, Measurement
from grading.answersheet import ItemKey, PartKey
from grading.bulk import Results
from grading.keys import ChoiceKey, Rival
from grading.marking import grade_item
from grading.statistics.answers import Place, answers_of, score_matrix
from grading.statistics.beliefs import beliefs
from grading.statistics.distribution import distribution
from grading.statistics.items import item_statistics
from grading.statistics.options import option_pull
from grading.statistics.reliability import reliability
from grading.statistics.variants import compare_variants

QUESTIONS, VARIANTS, MISCONCEPTIONS, LETTERS = 100, 10, 30, "abcd"


def answer_sheet() -> dict[str, ItemKey]:
    """Single choices; each wrong option shows one misconception."""
    sheet = {}
    for question in range(QUESTIONS):
        rivals = tuple(
            Rival(letter, (f"belief-{(3 * question + n) % MISCONCEPTIONS}",)) for n, letter in enumerate(LETTERS[1:])
        )
        for variant in range(VARIANTS):
            name = f"q{question}-v{variant}"
            options = tuple((letter, letter) for letter in LETTERS)
            sheet[name] = ItemKey(name, "r", name, (PartKey("answer", ChoiceKey("a", rivals), options=options),))
    return sheet


def graded_class(sheet: dict[str, ItemKey], learners: int) -> Results:
    """A Rasch class, every learner with a variant of every question."""
    import numpy as np
    import polars as pl

    grades = tuple(grade_item(key, letter) for key in sheet.values() for letter in LETTERS)
    draw = np.random.default_rng(1)
    logit = draw.normal(size=(learners, 1)) - draw.normal(size=(1, QUESTIONS))
    wrong = draw.random(size=logit.shape) > 1 / (1 + np.exp(-logit))
    letter = np.where(wrong, draw.integers(1, len(LETTERS), size=logit.shape), 0)
    item = np.arange(QUESTIONS) * VARIANTS + draw.integers(0, VARIANTS, size=logit.shape)
    rows = learners * QUESTIONS
    empty = pl.Series([""]).new_from_index(0, rows)
    frame = pl.DataFrame(
        {
            "learner": pl.Series(np.repeat(np.arange(learners), QUESTIONS)).cast(pl.String),
            "item": pl.Series(list(sheet)).gather(item.ravel()),
            "attempt": pl.Series(np.ones(rows, np.int64)),
            "submitted_at": empty,
            "file": empty,
            "line": pl.Series(np.arange(rows)),
            "grade": pl.Series((item * len(LETTERS) + letter).ravel().astype(np.uint32)),
            "reading": empty,
        }
    )
    return Results(frame, grades, ())


def analysed(results: Results, sheet: dict[str, ItemKey]) -> int:
    """Everything that a report is made of; how many learners there are."""
    import numpy as np

    names = list(sheet)
    places = [Place(f"q{n}", tuple(names[n * VARIANTS : (n + 1) * VARIANTS])) for n in range(QUESTIONS)]
    answers = answers_of(results, places)
    scores = score_matrix(answers)
    variants = np.full(scores.points.shape, -1, np.int32)
    variants[answers.learner, answers.slot] = answers.item % VARIANTS
    list(item_statistics(scores))
    reliability(scores)
    option_pull(answers, sheet, scores)
    compare_variants(scores, variants)
    beliefs(answers, sheet)
    return distribution(scores.totals / QUESTIONS).learners


def measure(learners: int = 10_000) -> Iterator[Measurement]:
    """One class, after a small one to warm up; processor time, since nothing waits for anything."""
    sheet = answer_sheet()
    analysed(graded_class(sheet, 100), sheet)
    results = graded_class(sheet, learners)
    gc.collect()
    begun = time.process_time()
    assert analysed(results, sheet) == learners
    seconds = time.process_time() - begun
    rate = learners * QUESTIONS / seconds
    yield Measurement("statistics of a class", rate, "responses/s", "our promise", STATISTICS_TARGET)


if __name__ == "__main__":
    for found in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(
            f"{found.job}: {found.value:,.0f} {found.unit}, {found.ratio:.1f} times the target; {peak:.2f} GiB at most"
        )
