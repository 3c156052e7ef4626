"""An invented class in the shapes of platforms: what is printed comes back, answer by answer."""

import pytest

from grading.bulk import grade_all
from grading.responses import ResponseRow
from quizgen.archive import read_archive, write_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.marks import grade_archive
from quizgen.reconciling import reconcile
from quizgen.sampling.draws import Source
from quizgen.simulated_reports import canvas_report, moodle_report, split
from quizgen.simulation import invent_class, simulate
from tests.exporters.example_items import everything, quiz_of


@pytest.fixture(scope="module", params=["bank", "examples"])
def archive(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports") / "quiz"
    if request.param == "bank":
        assemble(load_bank(), variants=3, source=Source("reports")).freeze(folder)
    else:
        items = everything()
        write_archive(folder, quiz_of(items), items)
    return read_archive(folder)


@pytest.mark.parametrize("report", [moodle_report, canvas_report])
def test_what_is_printed_comes_back(archive, report, tmp_path):
    submissions = list(simulate(archive, invent_class(archive, 12, "r", attempts=2), "r", 2))
    text, left = report(archive, submissions)
    path = tmp_path / "report.csv"
    path.write_text(text, encoding="utf-8")
    results = grade_archive(path, archive)
    assert [str(problem) for problem in results.problems] == []
    printed = [one for one in submissions if one not in left]
    assert len(printed) > len(submissions) / 3
    rows = [ResponseRow(one.learner, one.item, one.response, one.attempt) for one in printed]
    ours = {
        (row.learner, row.item, row.attempt): (row.grade.verdict, row.grade.score)
        for row in grade_all(rows, archive.keys()).rows()
    }
    theirs = {(row.learner, row.item, row.attempt): (row.grade.verdict, row.grade.score) for row in results.rows()}
    assert {key: theirs.get(key) for key in ours} == ours


def test_marks_of_the_invented_platform_are_ours(archive, tmp_path):
    text, _ = canvas_report(archive, simulate(archive, invent_class(archive, 8, "m"), "m"))
    path = tmp_path / "report.csv"
    path.write_text(text, encoding="utf-8")
    results = grade_archive(path, archive)
    found = reconcile(archive, results, results)
    waiting = sum(row.grade.score is None for row in results.rows())
    assert found.compared == results.frame.height
    assert [one for one in found.differences if one.ours is not None] == []
    assert len(found.differences) == waiting


def test_a_class_is_split_by_learners(archive):
    submissions = list(simulate(archive, invent_class(archive, 4, "s"), "s"))
    learners = frozenset({submissions[0].learner})
    mine, others = split(submissions, learners)
    assert {one.learner for one in mine} == learners
    assert len(mine) + len(others) == len(submissions)
    assert learners.isdisjoint(one.learner for one in others)
