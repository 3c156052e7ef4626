"""The guide for authors does what it says: every block of it, in an empty folder, in its order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def _saved_as(block: str) -> str:
    """The file that a YAML block is the content of: named by its id, or the description of the bank."""
    found = re.search(r"^template: (\S+)$", block, re.MULTILINE)
    return f"{found[1]}.yaml" if found else "bank.yaml"


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The folder after the whole guide, and what each command did."""
    folder = tmp_path_factory.mktemp("my-bank")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "random"}
    done = []
    for language, block in BLOCKS:
        if language == "yaml":
            (folder / _saved_as(block)).write_text(block, encoding="utf-8")
            continue
        for line in block.splitlines():
            words = shlex.split(line.removeprefix("$ "))
            command = [sys.executable, "-m", "quizgen.cli", *words[1:]]
            run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
            done.append((line, run))
    return folder, done


def test_every_block_is_yaml_or_commands():
    assert {language for language, _ in BLOCKS} == {"yaml", "console"}
    lines = [line for language, block in BLOCKS if language == "console" for line in block.splitlines()]
    assert all(line.startswith("$ quizgen ") and "--watch" not in line for line in lines)
    used = {line.split()[2] for line in lines}
    assert used >= {"new", "show", "check", "preview", "build", "export", "grade"}


def test_every_command_ends_well(walked):
    for line, run in walked[1]:
        assert run.returncode == 0, (line, run.stdout, run.stderr)
        assert "Traceback" not in run.stderr, line


def test_the_check_finds_nothing(walked):
    (check,) = (run for line, run in walked[1] if line.startswith("$ quizgen check"))
    assert check.stdout == ""
    assert check.stderr.splitlines()[-1] == "nothing to mend"


def test_the_files_are_there_that_it_speaks_of(walked):
    folder = walked[0]
    for name in ("template.schema.json", "preview.html", "quiz/html/index.html", "marks/marks.csv"):
        assert (folder / name).is_file(), name
    assert list((folder / "quiz" / "moodle-xml").glob("*.xml"))


def test_the_question_has_the_variants_that_it_promises(walked):
    from quizgen.bank import load_bank
    from quizgen.generator import variant_count

    bank = load_bank(walked[0])
    assert bank.title == "My questions"
    assert variant_count(bank.template("masked-tokens"), bank).number == 60
