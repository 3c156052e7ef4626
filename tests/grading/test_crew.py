"""Several processes and several parts: the same results in the same order as one process and one part."""

import os
import pickle
import signal
import subprocess
import sys
import textwrap
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from grading import ChoiceKey, ItemKey, PartKey, ResponseRow, SymbolicKey, grade_all
from grading import crew as crew_module
from grading.bulk import results_in
from grading.crew import GraderLost, grading_in
from grading.distinct import Distinct, sheet_of
from grading.gathering import Gathered
from grading.keys import EssayKey, NumericKey, SymbolDeclaration, Tolerance
from grading.responses import Matcher
from grading.workers import Workers

SHEET = [
    ItemKey("f", "r", "Q-F", (PartKey("answer", SymbolicKey("2*x + 1", (SymbolDeclaration("x"),))),)),
    ItemKey("n", "r", "Q-N", (PartKey("answer", NumericKey("1.5", Tolerance("absolute", Fraction(1, 20)))),)),
    ItemKey("c", "r", "Q-C", (PartKey("answer", ChoiceKey("a", ())),)),
    ItemKey("e", "r", "Q-E", (PartKey("answer", EssayKey(())),)),
]


def response(item, n):
    return {"f": f"x + x + {n % 40} - {n % 37}", "n": f"1.{n % 97}", "c": "abc"[n % 3], "e": f"so {n % 50}\ud800"}[item]


ROWS = [
    ResponseRow(f"l-{n // 5}", item, response(item, n), n % 2 + 1, "", "f", n) for n in range(400) for item in "fnce"
]
ROWS += [ResponseRow("x", "nowhere", "a", 1, "", "f", 9), ResponseRow("y", "e", [1, [2]], 1, "", "f", 10)]


def everything(results):
    return (
        results.frame.rows(), results.grades, results.problems, results.waiting, results.decided, results.given,
    )  # fmt: skip


def test_processes_grade_what_one_grades(monkeypatch):
    monkeypatch.setattr(crew_module, "FEW", 20)
    alone = grade_all(ROWS, SHEET)
    assert len(alone.grades) > 60
    assert alone.problems
    assert alone.waiting
    assert everything(grade_all(ROWS, SHEET, jobs=2)) == everything(alone)


def test_a_process_that_is_ended_is_one_sentence(monkeypatch):
    monkeypatch.setattr(crew_module, "FEW", 20)
    real = Workers.results

    def killing(workers, pieces):
        for number in workers.ids:
            os.kill(number, signal.SIGKILL)
        return real(workers, pieces)

    monkeypatch.setattr(Workers, "results", killing)
    with pytest.raises(GraderLost, match=r"ended from outside .* start again"):
        grade_all(ROWS, SHEET, jobs=2)


def test_parts_together_are_the_whole():
    """Whatever the parts, and after a journey through another process."""
    sheet = sheet_of({key.item: key for key in SHEET})
    alone = grade_all(ROWS, SHEET)
    for size in (1, 333, 5_000):
        distinct = Distinct(sheet)
        whole = Gathered(Matcher(SHEET), distinct)
        for start in range(0, len(ROWS), size if size > 1 else 211):
            part = Gathered(Matcher(SHEET), Distinct(sheet))
            part.add_rows(iter(ROWS[start : start + (size if size > 1 else 211)]))
            whole.add_part(pickle.loads(pickle.dumps(part.part())))
        assert everything(results_in(whole, distinct)) == everything(alone)


def test_processes_end_with_the_one_that_started_them(tmp_path):
    """It is killed, so that it can tell them nothing."""
    script = tmp_path / "start.py"
    script.write_text(
        textwrap.dedent("""
            import os, signal, sys
            from grading import ChoiceKey, ItemKey, PartKey
            from grading.crew import grading_in
            from grading.distinct import sheet_of
            if __name__ == "__main__":
                key = ItemKey("c", "r", "Q-C", (PartKey("answer", ChoiceKey("a", ())),))
                with grading_in(2, sheet_of({"c": key})) as grader:
                    assert len(list(grader([("c", str(n)) for n in range(6000)]))) == 6000
                    print(*grader.workers.ids, flush=True)
                    os.kill(os.getpid(), signal.SIGKILL)
        """)
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300, check=False)
    workers = [int(number) for number in done.stdout.split()]
    assert len(workers) == 2, done.stderr  # its output was closed by all of them, or this would not have returned
    assert done.returncode == -signal.SIGKILL
    assert not [number for number in workers if _runs(number)]


def _runs(number):
    try:
        return "start.py" in Path(f"/proc/{number}/cmdline").read_text()
    except OSError:
        return False


def test_few_responses_start_no_process():
    with grading_in(2, sheet_of({key.item: key for key in SHEET})) as grader:
        assert [one.grade.note for one in grader([("c", "a")])] == ["choice:key"]
        assert grader.workers is None


def test_an_earlier_row_counts_whatever_the_size_of_the_numbers():
    """Attempts, items and learners so many that they do not fit in one number, and so few that they do."""
    from grading.gathering import _repeated

    few = pl.DataFrame({"learner": ["a", "b", "a", "a"], "item": ["q", "q", "q", "q"], "attempt": [1, 1, 1, 2]})
    few = few.with_columns(pl.col("learner", "item").cast(pl.Enum(["a", "b", "q"])))
    assert _repeated(few).to_list() == [True, False, True, False]
    assert _repeated(few[1:]) is None
    large = pl.DataFrame({"learner": [2**40, 2**40, 1], "item": [2**20] * 3, "attempt": [9, 9, 9]})
    assert _repeated(large).to_list() == [True, True, False]
