"""Classes to report on: quizzes of hand-made items with responses of which everything is known."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

from grading.bulk import Results, grade_all
from grading.responses import ResponseRow
from quizgen.archive import Archive, write_archive
from quizgen.class_report import ClassReport, class_report
from quizgen.model import Quiz, Slot
from quizgen.simulation import invent_class, simulate
from tests.exporters.example_items import choice, essay, matching, multiple_answer, numeric, ordering, true_false


def example_archive(folder: Path, language: str = "en") -> Archive:
    """A quiz of seven kinds, one item a slot."""
    items = [choice(), true_false(), multiple_answer(), numeric(), matching(), ordering(), essay()]
    slots = tuple(
        Slot(f"s{n}", made.item.title, (made.item.template,), (made.item.id,), Fraction(1 + n % 2))
        for n, made in enumerate(items)
    )
    return write_archive(folder, Quiz(1, "0", "0", "q", "Masked words", language, "practice", slots), items)


def example_results(archive: Archive, learners: int, seed: int | str = 1, attempts: int = 2) -> Results:
    """The graded answers of an invented class."""
    invented = invent_class(archive, learners, seed, attempts=attempts)
    given = simulate(archive, invented, seed, attempts)
    rows = [ResponseRow(one.learner, one.item, one.response, attempt=one.attempt) for one in given]
    return grade_all(rows, archive.keys(), archive.amendments())


def report_of_a_class(learners: int = 40, language: str = "en", attempts: int = 2) -> ClassReport:
    """The report on such a class."""
    with tempfile.TemporaryDirectory() as folder:
        archive = example_archive(Path(folder) / "quiz", language)
        return class_report(archive, example_results(archive, learners, attempts=attempts))
