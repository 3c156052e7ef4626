"""Grading that is killed at any moment leaves what was there, and the next run gives the same files."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from quizgen.archive import read_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.cli.files import write_submissions
from quizgen.sampling.draws import Source
from quizgen.simulation import invent_class, simulate

KILLS = 10


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A quiz and what a class handed in."""
    folder = tmp_path_factory.mktemp("killed")
    templates = ["loss-numeric-nats", "obj-write-symbolic", "obj-expression-choice"]
    assemble(load_bank(), templates, variants=5, source=Source("killed")).freeze(folder / "quiz")
    archive = read_archive(folder / "quiz")
    write_submissions(folder / "r.csv", simulate(archive, invent_class(archive, 200, "killed"), "killed"))
    return folder


def grading(folder, output):
    command = [sys.executable, "-m", "quizgen.cli", "grade", "r.csv", "--quiz", "quiz", "-o", output, "-q"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_killed_run_loses_and_doubles_nothing(folder):
    started = time.perf_counter()
    assert grading(folder, "whole").wait() == 0
    whole, seconds = contents(folder / "whole"), time.perf_counter() - started
    moments = random.Random("moments")
    for _ in range(KILLS):
        run = grading(folder, "marks")
        time.sleep(moments.uniform(0, seconds))
        run.send_signal(signal.SIGKILL)
        run.wait()
        if (folder / "marks").exists():  # it was a moment too late, and everything is there
            assert contents(folder / "marks") == whole
    assert grading(folder, "marks").wait() == 0
    assert contents(folder / "marks") == whole
    left = {path.name for path in folder.iterdir()} - {"quiz", "r.csv", "whole", "marks"}
    assert left == set(), "unfinished folders of killed runs are removed by the next one"


def test_a_full_disk_leaves_the_marks_that_were_there(folder):
    assert grading(folder, "full").wait() == 0
    before = contents(folder / "full")
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)); " \
              "from quizgen.cli.program import run; sys.exit(run(sys.argv[1:]))"  # fmt: skip
    command = [sys.executable, "-c", limited, "grade", "r.csv", "--quiz", "quiz", "-o", "full", "-q"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(folder / "full") == before
