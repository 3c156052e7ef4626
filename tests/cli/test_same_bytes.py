"""The whole way gives the same bytes whatever the hash seed: archive, exports, responses and marks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAY = (
    "build --variants 2 -q -o quiz",
    "export quiz --to json html moodle-xml -q",
    "simulate quiz --learners 5 -q -o responses.csv",
    "grade responses.csv --quiz quiz -q -o marks",
)
PROGRAM = f"""
from quizgen.cli.program import run
for command in {WAY!r}:
    assert run(command.split()) == 0, command
"""


def test_archive_exports_responses_and_marks(tmp_path: Path) -> None:
    written = []
    for hash_seed in ("0", "4242"):
        folder = tmp_path / hash_seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed}
        subprocess.run(
            [sys.executable, "-c", PROGRAM], cwd=folder, env=environment, capture_output=True, check=True, timeout=300
        )
        written.append({path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.*"))
                        if path.is_file()})  # fmt: skip
    assert len(written[0]) == 16
    assert written[0] == written[1]
