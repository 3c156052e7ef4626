"""Who holds what: planted misconceptions are found, others hardly ever named, and slips are not taken for beliefs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grading.bulk import grade_all
from grading.responses import ResponseRow
from grading.statistics.answers import Place, answers_of
from grading.statistics.beliefs import beliefs
from quizgen.archive import read_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.sampling.draws import Source
from quizgen.simulation import invent_class, simulate

OBJECTIVE = (
    "loss-numeric-nats", "loss-bits", "obj-write-symbolic", "objective-value-numeric", "obj-expression-choice",
    "improve-one-token", "mean-vs-sum", "missing-probability", "nats-bits", "optimum-frequency", "lowest-loss-multi",
    "obj-cloze-general", "uniform-baseline", "term-count", "which-positions-contribute", "equal-value-forms",
)  # fmt: skip
"""Questions about one objective, which show the same misconceptions again and again."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("beliefs") / "quiz"
    assemble(load_bank(), list(OBJECTIVE), variants=4, source=Source(seed=11)).freeze(folder)
    return read_archive(folder)


@pytest.fixture(scope="module")
def keys(archive):
    return {key.item: key for key in archive.keys()}  # noqa: SIM118 (an archive is no dictionary)


def named_and_planted(archive, keys, learners, seed, attempts, **how):
    invented = invent_class(archive, learners, seed, attempts=attempts, **how)
    rows = [
        ResponseRow(one.learner, one.item, one.response, attempt=one.attempt)
        for one in simulate(archive, invented, seed, attempts)
    ]
    answers = answers_of(
        grade_all(rows, keys.values()), [Place(s.id, s.item_ids, s.points) for s in archive.quiz.slots]
    )
    found = beliefs(answers, keys)
    named = {(answers.learners[number], held.misconception) for held in found for number in held.learners}
    return named, {(learner.id, belief) for learner in invented for belief, _ in learner.beliefs}, found


@pytest.mark.parametrize(("learners", "seed"), [(10, 1), (25, 2), (25, 3), (60, 4), (120, 5)])
def test_planted_misconceptions_are_found_and_no_others(archive, keys, learners, seed):
    named, planted, found = named_and_planted(archive, keys, learners, seed, 4, unlearn=Fraction(0))
    assert len(planted) >= learners
    assert len(named & planted) >= 0.95 * len(planted)
    assert len(named - planted) <= 0.01 * len(named)
    assert len(named - planted) <= 1 + 3 * sum(held.doubt for held in found)


def test_of_one_attempt_fewer_are_found_but_hardly_any_wrongly(archive, keys):
    named, planted, found = named_and_planted(archive, keys, 150, 6, 1)
    assert len(named & planted) >= 0.75 * len(planted)
    assert len(named - planted) <= 0.01 * len(named)
    missed = planted - named
    assert sum(held.undecided for held in found) >= len(missed) / 2, "those that are missed are mostly told as open"


def test_who_believes_nothing_is_not_said_to(archive, keys):
    named, planted, _ = named_and_planted(archive, keys, 150, 7, 2, strengths=(Fraction(0),))
    assert planted, "beliefs of strength 0, which decide nothing"
    assert len(named) <= 0.01 * 150
