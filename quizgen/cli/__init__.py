"""The command line: parses options, calls the library and prints. It knows nothing that the library does not."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """The program ``quizgen``; leaves with 0 (done), 1 (findings) or 2 (wrong usage)."""
    from quizgen.cli.program import run

    sys.exit(run(arguments))
