"""Whole papers: the F test is that of two linear models, a harder paper is found, equal ones raise few alarms."""

from __future__ import annotations

import numpy as np
import pytest

from grading.bulk import grade_all
from grading.responses import ResponseRow
from grading.statistics.intervals import f_tail
from grading.statistics.papers import compare_papers
from grading.statistics.scores import scores_of
from quizgen.archive import read_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.class_report import class_report, report_html, report_json
from quizgen.sampling.draws import Source

COMMON = np.array([True, True, False, False, False, False])


def a_class(seed: int, harder: float, learners: int = 60, papers: int = 2):
    """Learners of different ability; the last paper is harder by so much on the questions that differ."""
    draw = np.random.default_rng(seed)
    ability = draw.normal(0.6, 0.15, learners)
    paper = draw.permutation(np.arange(learners) % papers).astype(np.int32)
    chance = ability[:, None] - np.where(COMMON, 0, (paper == papers - 1)[:, None] * harder)
    right = draw.random((learners, len(COMMON))) < chance
    return scores_of(right.astype(int).tolist(), [1, 2, 1, 1, 3, 1]), paper


def residual(columns, y):
    design = np.column_stack(columns)
    return float(((y - design @ np.linalg.lstsq(design, y, rcond=None)[0]) ** 2).sum())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("papers", [2, 3])
def test_the_probability_is_that_of_two_linear_models(seed, papers):
    scores, paper = a_class(seed, 0.2, papers=papers)
    found = compare_papers(scores, paper, "ABC"[:papers], COMMON)
    x, y = scores.points[:, COMMON].sum(axis=1), scores.points[:, ~COMMON].sum(axis=1)
    groups = [(paper == n).astype(float) for n in range(papers)]
    full, reduced = residual([*groups, x], y), residual([np.ones(len(x)), x], y)
    freedom = len(x) - papers - 1
    value = (reduced - full) / (papers - 1) / (full / freedom)
    assert found.probability == pytest.approx(f_tail(value, papers - 1, freedom), rel=1e-6)
    design = np.column_stack([*groups, x])
    *means, _ = np.linalg.lstsq(design, y.astype(float), rcond=None)[0]
    for one, mean in zip(found.papers, means, strict=True):
        assert one.effect * scores.denominator == pytest.approx(mean - np.mean(means), abs=1e-9)
        assert one.interval.low < one.effect < one.interval.high
        assert abs(one.shrunk) <= abs(one.effect)
    totals = scores.totals / sum(scores.worth)
    assert [one.mean for one in found.papers] == pytest.approx([totals[paper == n].mean() for n in range(papers)])


def test_a_harder_paper_is_found_and_equal_ones_raise_few_alarms():
    found = [compare_papers(*a_class(seed, 0.25, 120), "AB", COMMON) for seed in range(100)]
    assert sum(one.probability < 0.05 and one.papers[1].effect < 0 for one in found) >= 85
    equal = [compare_papers(*a_class(seed, 0.0, 120), "AB", COMMON) for seed in range(400)]
    assert 5 <= sum(one.probability < 0.05 for one in equal) <= 35, "about 20 of 400"


def test_common_questions_put_right_what_is_the_learners_own():
    scores, paper = a_class(3, 0.0, 200)
    better = np.argsort(-scores.points[:, COMMON].sum(axis=1))
    paper[better[:100]], paper[better[100:]] = 0, 1
    with_them = compare_papers(scores, paper, "AB", COMMON)
    without = compare_papers(scores, paper, "AB", np.zeros(len(COMMON), bool))
    assert without.probability < 1e-6 < 0.01 < with_them.probability


def test_few_learners_and_one_paper_are_not_compared():
    scores, paper = a_class(1, 0.5, 12)
    assert compare_papers(scores, paper, "AB", COMMON) is not None
    assert compare_papers(scores, np.where(paper == 1, -1, paper), "AB", COMMON) is None
    assert compare_papers(scores, paper, "AB", np.ones(len(COMMON), bool)) is None
    paper[np.flatnonzero(paper == 1)[:2]] = -1
    assert compare_papers(scores, paper, "AB", COMMON) is None, "four are too few"


def test_the_report_compares_the_versions_that_people_had(tmp_path):
    templates = ["obj-expression-choice", "why-sum-of-logs", "mean-vs-sum", "loss-numeric-nats"]
    drawn = assemble(load_bank(), templates, variants=2, source=Source("papers"), versions=("A", "B"))
    drawn.freeze(tmp_path / "quiz")
    archive = read_archive(tmp_path / "quiz")
    forms = dict(archive.quiz.forms)
    keys = {key.item: key for key in archive.keys()}  # noqa: SIM118 (an archive is no dictionary)
    rows = []
    for n in range(30):
        version = "AB"[n % 2]
        for place, item in enumerate(forms[version]):
            right = keys[item].parts[0].key
            known = right.correct if hasattr(right, "correct") else right.value
            wrong = version == "B" and (n + place) % 3
            rows.append(ResponseRow(f"learner-{n}", item, right.rivals[0].value if wrong else known))
    rows += [ResponseRow("both", forms["A"][0], "x"), ResponseRow("both", forms["B"][1], "x")]
    results = grade_all(rows, keys.values())
    report = class_report(archive, results)
    assert [(one.paper, one.learners) for one in report.papers.papers] == [("A", 15), ("B", 15)]
    assert report.papers.elsewhere == 1
    assert report.papers.papers[0].mean == 1
    assert report.papers.probability < 0.001
    assert b'"papers": {' in report_json(report)
    assert "Paper B was harder" in report_html(report)
    assert "Bogen B war schwerer" in report_html(class_report(archive, results, language="de"))
    assert report.papers.papers[0].effect > 0
