"""An invented class is reproducible, answers every question in its kind, and shows what it believes."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from grading.bulk import grade_all
from grading.responses import ResponseRow
from grading.verdicts import Verdict
from quizgen.archive import read_archive, write_archive
from quizgen.model import Quiz, Sitting, Slot
from quizgen.simulation import SimulatedLearner, invent_class, simulate, truth
from tests.exporters.example_items import choice, matching, multiple_answer, numeric, ordering, short_answer, true_false


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    items = [choice(), true_false(), multiple_answer(), numeric(), matching(), ordering(), short_answer()]
    slots = tuple(
        Slot(f"s{n}", made.item.title, (made.item.template,), (made.item.id,)) for n, made in enumerate(items)
    )
    quiz = Quiz(1, "0", "0", "q", "Example", "en", "practice", slots)
    folder = tmp_path_factory.mktemp("simulation") / "out"
    write_archive(folder, quiz, items)
    return read_archive(folder)


def submissions(archive, learners, seed=1):
    return list(simulate(archive, learners, seed))


def graded(archive, given):
    rows = [ResponseRow(one.learner, one.item, one.response) for one in given]
    results = grade_all(rows, archive.keys())
    assert results.problems == ()
    return list(results.rows())


def test_the_same_seed_gives_the_same_class_and_answers(archive):
    first, second = invent_class(archive, 10, 3), invent_class(archive, 10, 3)
    assert first == second
    assert submissions(archive, first) == submissions(archive, second)
    assert invent_class(archive, 10, 4) != first


def test_one_more_learner_moves_no_other(archive):
    assert invent_class(archive, 5)[:4] == invent_class(archive, 4)


def test_who_knows_everything_is_right_everywhere(archive):
    best = SimulatedLearner("best", Fraction(1), ())
    assert {row.grade.verdict for row in graded(archive, submissions(archive, [best]))} == {Verdict.CORRECT}


def test_who_knows_nothing_is_right_nowhere_but_by_luck(archive):
    worst = [SimulatedLearner(f"w{n}", Fraction(0), ()) for n in range(20)]
    verdicts = [row.grade.verdict for row in graded(archive, submissions(archive, worst))]
    assert verdicts.count(Verdict.CORRECT) < len(verdicts) / 4


def test_a_belief_that_always_decides_is_diagnosed(archive):
    keys = list(archive.keys())
    held = sorted({m for key in keys for part in key.parts for r in part.key.rivals for m in r.misconceptions})
    assert held
    for belief in held:
        given = submissions(archive, [SimulatedLearner("one", Fraction(1), ((belief, Fraction(1)),))])
        believed = {one.item for one in given if belief in one.believed}
        found = {
            row.item for row in graded(archive, given) if any(belief in d.misconceptions for d in row.grade.diagnoses)
        }
        assert believed, belief
        assert believed <= found, belief


def test_learners_of_the_forms_are_the_class(archive):
    items = tuple(item.id for item in archive.items())
    with_forms = type("Formed", (), {})()
    with_forms.quiz = Quiz(1, "0", "0", "q", "t", "en", "practice", archive.quiz.slots, (("ada", items[:2]),))
    with_forms.key = archive.key
    invented = invent_class(with_forms, 25)
    assert [learner.id for learner in invented] == ["ada"]
    assert [one.item for one in simulate(with_forms, invented)] == list(items[:2])


def test_versions_that_many_share_are_given_out_in_turn(archive):
    items = tuple(item.id for item in archive.items())
    forms, sittings = (("A", items[:2]), ("B", items[2:4])), (Sitting("A", version="A"), Sitting("B", version="B"))
    with_versions = type("Formed", (), {})()
    with_versions.quiz = msgspec.structs.replace(archive.quiz, forms=forms, sittings=sittings)
    with_versions.key = archive.key
    invented = invent_class(with_versions, 5)
    assert [learner.id for learner in invented] == [f"learner-0{n}" for n in range(1, 6)]
    given = {}
    for one in simulate(with_versions, invented):
        given.setdefault(one.learner, []).append(one.item)
    assert list(given.values()) == [list(items[:2]), list(items[2:4])] * 2 + [list(items[:2])]


def test_truth_says_who_holds_what(archive):
    invented = invent_class(archive, 6)
    told = truth(invented)
    assert [entry["learner"] for entry in told] == [learner.id for learner in invented]
    assert any(entry["misconceptions"] for entry in told)
