"""Tests whose consumer is missing are listed at the end, whoever ran them; with CI=true they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
TEST = "def test_it(missing):\n    missing('Moodle', 'apt-get install moodle')\n"


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(("ci", "code", "line"), [("", 0, " not run "), ("true", 1, "Failed: Moodle is missing")])
def test_a_missing_consumer(tmp_path: Path, workers: str, ci: str, code: int, line: str) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "test_one.py").write_text(TEST, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", workers, "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path, env={**os.environ, "CI": ci, "COLUMNS": "160"}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == code, done.stdout
    assert line in done.stdout
    assert "Moodle is missing: apt-get install moodle" in done.stdout
    assert ("test_one.py::test_it" in done.stdout.rpartition(" not run ")[2]) or ci
