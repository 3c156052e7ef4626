"""Runs the benchmarks and prints a table of ratios."""

from __future__ import annotations

import importlib
import sys

from rich.console import Console
from rich.table import Table

BENCHMARKS = (
    "generate", "exam", "exports", "converters", "export_memory", "checking", "cli_start", "bulk_grading",
    "class_statistics", "scale", "judge", "unknown", "hostile",
)  # fmt: skip
"""Each is a module here with ``measure() -> Iterator[Measurement]``."""


def main(chosen: list[str]) -> int:
    """Runs the named benchmarks, all by default."""
    unknown = [name for name in chosen if name not in BENCHMARKS]
    if unknown:
        print(f"there is no benchmark '{unknown[0]}'; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    table = Table("job", "measured", "compared with", "reference", "times better")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    for name in chosen or BENCHMARKS:
        with console.status(f"{name} …"):
            for found in importlib.import_module(f"benchmarks.{name}").measure():
                ratio = f"[{'green' if found.ratio >= 1 else 'red'}]{found.ratio:.2f}[/]"
                table.add_row(
                    found.job,
                    _shown(found.value, found.unit),
                    found.against,
                    _shown(found.reference, found.unit),
                    ratio,
                )
    console.print(table)
    return 0


def _shown(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


sys.exit(main(sys.argv[1:]))
