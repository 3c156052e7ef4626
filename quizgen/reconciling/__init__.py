"""The marks that a platform gave beside ours: where they differ, and why."""

from quizgen.reconciling.comparing import (
    UNKNOWN,
    Difference,
    Reconciliation,
    by_reason,
    differences_csv,
    exported_formats,
    reconcile,
)

__all__ = [
    "UNKNOWN",
    "Difference",
    "Reconciliation",
    "by_reason",
    "differences_csv",
    "exported_formats",
    "reconcile",
]
