"""Grading by several processes that is killed leaves what was there, and started again gives the same bytes."""

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
from quizgen.sampling.draws import Source

KILLS = 5


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """Starts grading into a folder, with two processes that have enough to do."""
    folder = tmp_path_factory.mktemp("killed")
    assemble(load_bank(), ["obj-write-symbolic"], variants=2, source=Source("killed")).freeze(folder / "quiz")
    archive = read_archive(folder / "quiz")
    items = [item for slot in archive.quiz.slots for item in slot.pool]
    lines = [f'l-{n},{item},"-log(0.{n + 1}) - log({n}/7)"' for n in range(1_500) for item in items]
    (folder / "r.csv").write_text("learner,item,response\n" + "\n".join(lines) + "\n")
    arguments = ["grade", folder / "r.csv", "--quiz", folder / "quiz", "--quiet", "--jobs", "2", "-o"]

    def start(out):
        return subprocess.Popen(
            [sys.executable, "-m", "quizgen.cli", *map(str, [*arguments, out])], stdout=subprocess.DEVNULL,
        )  # fmt: skip

    return start


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_five_kills_change_nothing(started, tmp_path):
    begun = time.monotonic()
    assert started(tmp_path / "whole").wait() == 0
    seconds = time.monotonic() - begun
    whole, draw, killed = contents(tmp_path / "whole"), random.Random(7), 0
    for n in range(KILLS):
        process = started(tmp_path / "out")
        time.sleep(seconds * (n + draw.random()) / KILLS)
        os.kill(process.pid, signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        if (tmp_path / "out").exists():
            assert contents(tmp_path / "out") == whole
    assert killed
    assert started(tmp_path / "out").wait() == 0
    assert contents(tmp_path / "out") == whole
