"""The tour of the README works as it is printed, from a folder that holds nothing but the examples."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.removeprefix("$ ")
    for block in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]


@pytest.fixture(scope="module")
def tour(tmp_path_factory):
    """What each command of the tour printed, run one after the other in a folder with the examples."""
    folder = tmp_path_factory.mktemp("tour")
    shutil.copytree(ROOT / "examples", folder / "examples")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "random"}
    done = {}
    for command in COMMANDS:
        words = shlex.split(command)
        if words[0] == "mkdir":
            (folder / words[1]).mkdir()
            continue
        assert words[0] == "quizgen"
        done[command] = subprocess.run(
            [sys.executable, "-m", "quizgen.cli", *words[1:]],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
    return folder, done


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("quizgen ")])
def test_the_command_does_what_the_tour_says(tour, command):
    _, done = tour
    assert done[command].returncode == 0, done[command].stderr
    assert "Traceback" not in done[command].stderr


def test_the_tour_leaves_what_it_says(tour):
    folder, done = tour
    pages = ("quiz/html/index.html", "contact-sheet.html")
    for name in ("quiz/quiz.json", *pages, "marks/marks.csv", "my-bank/my-question.yaml"):
        assert (folder / name).is_file(), name
    judged = next(result for command, result in done.items() if command.startswith("quizgen judge"))
    assert "equal" in judged.stdout


def test_the_library_examples():
    parsed = doctest.DocTestParser().get_doctest(README.replace("```", ""), {}, "README.md", "README.md", 0)
    assert parsed.examples
    results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(parsed)
    assert results.failed == 0
