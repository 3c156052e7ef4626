"""Who holds what: planted misconceptions are found, others hardly ever named, and slips are not taken for beliefs."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from grading.bulk import grade_all
from grading.responses import ResponseRow
from grading.statistics.answers import Place, answers_of
from grading.statistics.beliefs import LIKELY, WRONG, beliefs, least_probability
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


CLASSES = [(10, 1), (25, 2), (25, 3), (60, 4), (120, 5)]


def totals(found):
    """How many were planted, found of these, named, and wrongly named, in all classes."""
    pairs = [(named, planted) for named, planted, _ in found]
    return tuple(sum(map(len, some)) for some in zip(*((p, n & p, n, n - p) for n, p in pairs), strict=True))


@pytest.mark.parametrize("attempts", [1, 2, 4])
def test_planted_misconceptions_are_found_and_no_others(archive, keys, attempts):
    """In one sitting as well as in several, between which a quarter of them is given up."""
    classes = [named_and_planted(archive, keys, *one, attempts) for one in CLASSES]
    planted, found, named, wrongly = totals(classes)
    assert planted >= sum(learners for learners, _ in CLASSES)
    assert found >= 0.95 * planted
    assert wrongly <= 0.01 * named
    assert all(sum(held.doubt for held in all_) <= WRONG * len(names) for names, _, all_ in classes)


@pytest.mark.parametrize(("attempts", "share"), [(3, 0.9), (6, 0.85)])
def test_what_was_given_up_early_is_found_all_the_same(archive, keys, attempts, share):
    """Half of what is held is given up after each attempt, so that most attempts see nothing of it any more."""
    classes = [named_and_planted(archive, keys, 60, seed, attempts, unlearn=Fraction(1, 2)) for seed in (8, 9)]
    planted, found, named, wrongly = totals(classes)
    assert found >= share * planted
    assert wrongly <= 0.01 * named


def shows_alone(key, belief, held):
    named = [rival.misconceptions for part in key.parts for rival in getattr(part.key, "rivals", ())]
    return (belief,) in named and not any(other in one for one in named for other in held - {belief})


def test_no_two_are_planted_that_hide_each_other(archive, keys):
    """Each has two questions, on average over their variants, in which it shows and no other of the learner's does."""
    several = [learner for learner in invent_class(archive, 60, 4) if len(learner.beliefs) > 1]
    assert len(several) > 10
    for learner in several:
        held = {belief for belief, _ in learner.beliefs}
        for belief in held:
            free = sum(
                Fraction(sum(shows_alone(keys[item], belief, held) for item in slot.pool), len(slot.pool))
                for slot in archive.quiz.slots
            )
            assert free >= 2, (learner, belief)


def test_of_those_that_hide_each_other_fewer_are_found_but_hardly_any_wrongly(archive, keys):
    """Where two misconceptions of a learner compete in all questions, no answer tells anything of one of them."""
    classes = [named_and_planted(archive, keys, *one, 1, alone=0) for one in CLASSES]
    planted, found, named, wrongly = totals(classes)
    assert 0.9 * planted <= found < planted
    assert wrongly <= 0.01 * named
    told = sum(held.undecided for _, _, all_ in classes for held in all_)
    assert told >= (planted - found) / 2, "those that are missed are mostly told as open"


def test_weak_ones_are_found_less_often_but_hardly_any_wrongly(archive, keys):
    named, planted, _ = named_and_planted(archive, keys, 150, 6, 1, strengths=(Fraction(3, 5),))
    assert 0.75 * len(planted) <= len(named & planted) < len(planted)
    assert len(named - planted) <= 0.01 * len(named)


def test_as_many_are_named_as_the_expected_errors_allow():
    surest = np.full(20, 1 - 1e-9)
    assert least_probability([surest, np.array([0.92, 0.91])]) == 0.91, "0.17 of 22 are expected to be wrong"
    assert least_probability([surest, np.array([0.92, 0.91, 0.9])]) == 0.91, "0.27 of 23 would be too many"
    assert least_probability([surest, np.array([0.92, 0.92, 0.92, 0.97])]) == 0.97, "of equals all, or none"
    assert least_probability([np.array([0.98, 0.91])]) > 1, "nobody"
    assert least_probability([np.full(1000, 1.0), np.array([LIKELY - 0.01])]) == 1.0, "not likely enough"
    assert least_probability([]) > 1


def test_who_believes_nothing_is_not_said_to(archive, keys):
    named, planted, _ = named_and_planted(archive, keys, 150, 7, 2, strengths=(Fraction(0),))
    assert planted, "beliefs of strength 0, which decide nothing"
    assert len(named) <= 0.01 * 150
