"""A cluster of two workers grades what one machine grades, to the byte, also when one of them is killed at work."""

import os
import random
import signal
import subprocess
import sys
import time

import polars as pl
import pytest

from quizgen.archive import read_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.cli.program import run
from quizgen.marks import grade_archive, marks_of, write_marks
from quizgen.sampling.draws import Source
from tests.conftest import not_run

PARTS, LEARNERS = 12, 30
TEMPLATES = ("diagnose-answer", "loss-numeric-nats", "equal-value-forms")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster") / "quiz"
    assemble(load_bank(), TEMPLATES, variants=2, source=Source("cluster")).freeze(folder)
    return read_archive(folder)


@pytest.fixture(scope="module")
def responses(archive, tmp_path_factory):
    """A folder of Parquet files: right and wrong answers, some to nothing, some twice, one file damaged."""
    folder = tmp_path_factory.mktemp("cluster") / "responses"
    folder.mkdir()
    draw = random.Random(1)
    items = [item for slot in archive.quiz.slots for item in slot.pool]
    for part in range(PARTS):
        rows = []
        for n in range(LEARNERS):
            for item in [*items, "Q-NONE"]:
                texts = ["a", "b", "c", "-log(0.5)", "log(2)/3", "0.69", f"1.{draw.randrange(99)}", "what?", ""]
                rows.append((f"learner-{part * (LEARNERS - 1) + n:04d}", item, draw.choice(texts)))
        table = pl.DataFrame(rows, schema=["learner", "item", "response"], orient="row")
        table.write_parquet(folder / f"part-{part:02d}.parquet")
    whole = (folder / "part-05.parquet").read_bytes()
    (folder / "part-05-cut.parquet").write_bytes(whole[: len(whole) // 2])
    return folder


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler, and two worker processes."""
    try:
        import distributed
    except ImportError as error:
        not_run(str(error.name), "pip install 'quizgen[dask]'")
    place = tmp_path / "scheduler.json"
    common = {"env": os.environ | {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "60s"}, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show"]
    started = [subprocess.Popen([*dask, "--no-dashboard", "--scheduler-file", place], **common)]
    work = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", place, "--nthreads", "1"]
    started += [subprocess.Popen([*work, "--no-nanny", "--no-dashboard"], **common) for _ in range(2)]
    try:
        until = time.monotonic() + 120
        while not place.exists() and time.monotonic() < until:
            time.sleep(0.1)
        with distributed.Client(scheduler_file=str(place), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
            address = client.scheduler.address
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def written(folder, archive, results):
    write_marks(folder, archive, results, marks_of(archive, results))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_worker_that_is_killed_changes_nothing(cluster, archive, responses, tmp_path):
    address, workers = cluster
    alone = grade_archive(responses, archive)
    assert len(alone.problems) > 300
    assert sum("again" in problem.message for problem in alone.problems) > 40
    read = []

    def killing(count):
        read.append(count)
        if len(read) == 2:
            os.kill(workers[0].pid, signal.SIGKILL)
            workers[0].wait()

    together = grade_archive(responses, archive, killing, cluster=True, scheduler=address)
    assert workers[0].returncode == -signal.SIGKILL
    assert len(read) == PARTS + 1
    assert together.frame.equals(alone.frame)
    assert (together.grades, together.problems) == (alone.grades, alone.problems)
    assert (together.waiting, together.decided) == (alone.waiting, alone.decided)
    assert written(tmp_path / "b", archive, together) == written(tmp_path / "a", archive, alone)


def test_the_command_and_a_cluster_that_is_gone(cluster, archive, responses, tmp_path, capsys):
    address, workers = cluster
    usual = ["grade", str(responses), "--quiz", str(archive.folder), "-o"]
    assert run([*usual, str(tmp_path / "here")]) == 1  # rows to a question that is not in the quiz
    dask = ["--engine", "dask", "--scheduler", address]
    assert run([*usual, str(tmp_path / "there"), *dask]) == 1
    for path in (tmp_path / "here").iterdir():
        assert (tmp_path / "there" / path.name).read_bytes() == path.read_bytes()
    capsys.readouterr()
    for worker in workers:
        worker.kill()
    port = address.rsplit(":", 1)[1]
    assert run([*usual, str(tmp_path / "no"), "--engine", "dask", "--scheduler", f"tcp://127.0.0.1:1{port[1:]}"]) == 1
    assert "does not answer; check the address and that it runs" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def test_a_cluster_that_loses_all_workers_is_one_sentence(cluster, archive, responses, tmp_path, capsys, monkeypatch):
    address, workers = cluster
    monkeypatch.setattr("grading.cluster.CONNECT_SECONDS", 5.0)
    for worker in workers:
        worker.kill()
        worker.wait()
    options = ["--quiz", str(archive.folder), "-o", str(tmp_path / "out"), "--engine", "dask"]
    assert run(["grade", str(responses), *options, "--scheduler", address]) == 1
    assert f"the scheduler {address} has no workers; start some" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_scheduler_is_for_dask(archive, responses, tmp_path, capsys):
    options = ["--quiz", str(archive.folder), "-o", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:8786"]
    assert run(["grade", str(responses), *options]) == 2
    assert "--scheduler is for --engine dask" in capsys.readouterr().err


def test_without_dask_a_sentence_says_what_to_install(archive, responses, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask", None)
    options = ["--quiz", str(archive.folder), "-o", str(tmp_path / "out"), "--engine", "dask"]
    assert run(["grade", str(responses), *options]) == 1
    assert "pip install 'quizgen[dask]'" in capsys.readouterr().err
