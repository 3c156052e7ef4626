"""What is shipped: a wheel that carries the bank and works from an empty folder; locks that pin everything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-hf.lock")


def run(arguments, folder, **environment):
    return subprocess.run(
        arguments, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder that the wheel was installed into, and nothing else of ours."""
    work = tmp_path_factory.mktemp("wheel")
    source, target = work / "source", work / "site"
    tracked = run(["git", "ls-files", "-z"], ROOT).stdout.split("\0")
    for name in filter(None, tracked or []):
        if name.startswith(("grading/", "quizgen/", "question_bank/")) or "/" not in name:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    built = run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(work), str(source)], work)
    assert built.returncode == 0, built.stderr
    (wheel,) = work.glob("*.whl")
    done = run([*pip, "install", "--no-deps", "--target", str(target), str(wheel)], work)
    assert done.returncode == 0, done.stderr
    return target


def test_the_wheel_carries_the_bank_and_works_from_an_empty_folder(installed, tmp_path):
    done = run([sys.executable, "-m", "quizgen.cli", "list"], tmp_path, PYTHONPATH=str(installed))
    assert done.returncode == 0, done.stderr
    assert "obj-expression-choice" in done.stdout
    where = run([sys.executable, "-c", "import quizgen; print(quizgen.__file__)"], tmp_path, PYTHONPATH=str(installed))
    assert where.stdout.startswith(str(installed))


def test_the_wheel_carries_every_data_file(installed):
    for package in ("grading", "quizgen", "question_bank"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                assert (installed / path.relative_to(ROOT)).is_file(), path


def test_the_wheel_builds_an_exports_from_an_empty_folder(installed, tmp_path):
    program = [sys.executable, "-m", "quizgen.cli"]
    for arguments in (
        ["build", "why-sum-of-logs", "--variants", "1", "-o", "quiz"],
        ["export", "quiz", "--to", "html"],
    ):
        done = run([*program, *arguments], tmp_path, PYTHONPATH=str(installed))
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "quiz" / "html" / "index.html").is_file()


def test_the_program_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"quizgen": "quizgen.cli:main"}


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_version_and_hashes(name):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9._-]+==[^ ]+ .*--hash=sha256:[0-9a-f]{64}", line), line[:60]
    assert "://" not in text
    assert "--index" not in text


def test_the_locks_agree_with_each_other_and_with_the_project():
    versions = [
        dict(re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS
    ]
    assert versions[0].items() <= versions[1].items()
    assert versions[0].items() <= versions[2].items()
    assert all(versions[1].get(name, version) == version for name, version in versions[2].items())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(requirements):
        return {re.split(r"[>=<\[ ]", requirement)[0] for requirement in requirements}

    assert names(project["dependencies"]) <= set(versions[0])
    assert names(project["optional-dependencies"]["dev"]) <= set(versions[1])
    assert names(project["optional-dependencies"]["postgresql"]) <= set(versions[1])
    assert names(project["optional-dependencies"]["hf"]) <= set(versions[2])
