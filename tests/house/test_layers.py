"""The layer rule holds, and its test can fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.rooms import PACKAGES, ROOMS, imports_of, modules, room_of, violations

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The two packages in a folder where violations can be planted."""
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_every_import_points_up_the_house():
    assert violations(ROOT) == []


def test_the_rule_is_applied_to_something():
    assert len(list(imports_of(ROOT, modules(ROOT)))) > 100


def test_every_room_exists():
    missing = [
        name
        for names in ROOMS
        for name in names
        if not (ROOT / Path(*name.split("."))).is_dir()
        and not (ROOT / Path(*name.split("."))).with_suffix(".py").exists()
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("grading/keys.py", "import quizgen.model", "further down the house"),
        ("grading/graders/choice.py", "from quizgen import content", "further down the house"),
        ("quizgen/content.py", "def f():\n    from quizgen.cli import main", "further down the house"),
        ("quizgen/exporters/json.py", "from quizgen.bank import load_bank", "must not know quizgen.bank"),
        ("quizgen/content.py", "from .cli import main", "further down the house"),
        ("quizgen/nowhere.py", "import quizgen.content", "is in no room"),
    ],
)
def test_a_planted_violation_is_found(copy, path, line, complaint):
    victim = copy / path
    before = victim.read_text(encoding="utf-8") if victim.exists() else ""
    assert before == "" or violations(copy, [victim]) == []
    victim.write_text(f"{before}\n{line}\n", encoding="utf-8")
    found = violations(copy, [victim])
    assert found
    assert all(sentence.startswith(path) for sentence in found)
    assert any(complaint in sentence for sentence in found)
    victim.write_text(before, encoding="utf-8")


def test_the_longest_name_decides():
    assert room_of("quizgen.exporters.rendering.html") == room_of("quizgen.exporters")
    assert room_of("quizgen.nothing") is None


def test_starting_imports_nothing_heavy():
    heavy = "sympy polars lxml jinja2 markdown_it pydantic numpy rich latex2mathml yaml msgspec"
    script = (
        "import sys\nfrom quizgen.cli.program import run\n"
        "assert run(['--help']) == 0\n"
        f"print(sorted(set({heavy.split()!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr.strip() == "[]"
