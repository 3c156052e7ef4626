"""What a benchmark says, and the peers' numbers that it is compared with."""

from __future__ import annotations

from typing import NamedTuple


class Measurement(NamedTuple):
    """One line of the table. value in `unit`; against: what it is compared with; reference: its value, same unit.

    more_is_better: a rate rather than a cost.
    """

    job: str
    value: float
    unit: str
    against: str
    reference: float
    more_is_better: bool = True

    @property
    def ratio(self) -> float:
        """How many times better than the reference."""
        return self.value / self.reference if self.more_is_better else self.reference / self.value


R_EXAMS = 35.0
"""R/exams: single-choice variants a second with LaTeX, one core, on a two-core machine like the ones used here."""
PRAIRIELEARN = 3526.0
"""PrairieLearn: multiple-choice variants a second, prepared without any algebra, on the same machine."""
BULK_TARGET = 200_000.0
"""Responses a second that this project promises for choices and numbers from a CSV."""
STATISTICS_TARGET = 500_000.0
"""Graded responses a second that this project promises to analyse."""
HELP_TARGET, LIST_TARGET = 0.15, 0.5
"""Seconds of CPU time that this project promises for starting."""
