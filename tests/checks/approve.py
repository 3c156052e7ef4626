"""Writes what the rules find for each golden, to be read before it is committed: python -m tests.checks.approve"""

from __future__ import annotations

import os
from pathlib import Path

from quizgen.checks import check_bank

GOLDENS = Path(__file__).parent / "goldens"


def approve() -> None:
    os.chdir(GOLDENS)
    for path in sorted(GOLDENS.iterdir()):
        if path.suffix != ".txt":
            found = "".join(f"{finding}\n" for finding in check_bank(path.name))
            path.with_name(f"{path.stem}.txt").write_text(found, encoding="utf-8")


if __name__ == "__main__":
    approve()
