"""The same answer gets the same mark: our grader and the model of Moodle on every canonical response."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest

from grading.answersheet import PartKey
from grading.keys import (
    Band,
    ChoiceKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    TextKey,
    Tolerance,
)
from grading.marking import canonical_responses, grade, grade_item
from grading.verdicts import Verdict
from quizgen.archive import write_archive
from quizgen.exporters.accepted_texts import accepted_texts
from quizgen.exporters.contract import Level, Options
from quizgen.exporters.moodle_xml import write
from quizgen.exporters.moodle_xml.fidelity import fidelity
from quizgen.model import GeneratedItem, NumericInteraction, Part, TextInteraction
from tests.exporters import example_items as examples
from tests.exporters.moodle_model import Question, load, text_of
from tests.exporters.whole_bank import whole_bank

EXACT = [g for g in examples.everything() if fidelity(g.item, g.key).level is Level.EXACT]


def in_moodle(part: Part, part_key: PartKey, response: Any, question: Question) -> Any:
    """A canonical response as Moodle gets it; None where a learner cannot give it there."""
    key, interaction = part_key.key, part.interaction
    places = [option.id for option in getattr(interaction, "options", ())]
    texts = dict(part_key.options)
    match key:
        case ChoiceKey():
            if question.type == "truefalse":
                places = ["true", "false"]
            return [places.index(response)] if response in places else None if response else []
        case MultipleAnswerKey():
            return [places.index(id_) for id_ in response or ()] if set(response or ()) <= set(places) else None
        case NumericKey() | TextKey():
            return response or "" if isinstance(response, str | None) else None
        case MatchingKey():
            if not isinstance(response, dict | None) or not set((response or {}).values()) <= set(texts):
                return None
            lefts = {
                left.id: " ".join(q.split()) for left, q in zip(interaction.left, seen_lefts(question), strict=True)
            }
            return {lefts[left]: texts[right] for left, right in (response or {}).items() if left in lefts}
        case OrderingKey():
            known = isinstance(response, list) and sorted(response) == sorted(key.order)
            return [texts[id_] for id_ in response] if known else None
    return None


def seen_lefts(question: Question) -> Iterator[str]:
    return (text_of(left) for left, _ in question.pairs if left)


def test_most_kinds_are_exact() -> None:
    assert {g.item.kind for g in EXACT} >= {
        "single-choice", "true-false", "multiple-answer", "numeric", "matching", "ordering", "short-answer", "cloze",
        "parts",
    }  # fmt: skip


@pytest.mark.parametrize("generated", EXACT, ids=lambda g: g.item.id)
def test_moodle_gives_our_mark(tmp_path: Path, generated: GeneratedItem) -> None:
    assert agreed(tmp_path, generated) >= (0 if generated.item.kind == "essay" else 2)


@pytest.mark.parametrize("value", ["-log(0.5) - log(0.4)", "8/5", "exp(2)", "-1/3", "12.34", "0"])
@pytest.mark.parametrize(
    "tolerance",
    [
        Tolerance("absolute", F(5, 1000)),
        Tolerance("relative", F(1, 100)),
        Tolerance("significant", F(3)),
        Tolerance("decimals", F(2)),
        Tolerance("absolute", F(5, 1000), "outside"),
        Tolerance("relative", F(1, 100), "outside"),
    ],
    ids=lambda tolerance: f"{tolerance.kind}-{tolerance.boundary}",
)
def test_numbers_of_every_tolerance(tmp_path: Path, value: str, tolerance: Tolerance) -> None:
    rivals = (Rival("2.5", ("a",), F(1, 2)), Rival("log(7)", ("b",)), Rival("log(7)", ("b", "c"), F(1, 4)))
    key = NumericKey(
        value, tolerance, (Band(F(1, 50), F(3, 4)),) if tolerance.kind == "absolute" else (), rivals=rivals
    )
    assert agreed(tmp_path, examples.single("n", "numeric", (), NumericInteraction(), key)) >= 2


def test_spellings_that_are_one_to_the_judge_and_two_to_a_platform(tmp_path: Path) -> None:
    key = TextKey(("Straße", "Strasse", "STRASSE"), rivals=(Rival("strasze", ("a",), F(1, 2)),))
    assert agreed(tmp_path, examples.single("t", "short-answer", (), TextInteraction(), key)) >= 5


def test_known_wordings_that_read_alike(tmp_path: Path) -> None:
    """They earn what all of them declare; those with more misconceptions are not meant."""
    rivals = (
        Rival("the bird", ("a",), F(1, 2)),
        Rival("The  bird", ("b",), F(1, 4)),
        Rival("Worm", ("a", "b"), F(1, 2)),
    )
    key = TextKey(("the worm",), rivals=(*rivals, Rival("worm", ("c",), F(1, 4))))
    assert agreed(tmp_path, examples.single("t", "short-answer", (), TextInteraction(), key)) >= 4


def test_the_whole_bank(tmp_path: Path) -> None:
    """Every template of the bank: imported without a refusal, and marked as we mark it wherever that is promised."""
    assembly = whole_bank(2)
    items = tuple(assembly.items())
    archive = write_archive(tmp_path / "bank", assembly.quiz, items)
    questions = load(b"".join(chunk for _, chunk in write(archive, Options())))
    assert {question.idnumber.partition("#")[0] for question in questions} == {g.item.id for g in items}
    exact = [g for g in items if fidelity(g.item, g.key).level is Level.EXACT]
    compared = [agreed(tmp_path / g.item.id.replace("/", "-"), g) for g in exact]
    assert len(compared) > len(items) / 2
    assert sum(compared) > 4 * len(compared)


def agreed(folder: Path, generated: GeneratedItem) -> int:
    """Compares both marks of every canonical response that Moodle can be given; how many there were."""
    item, key = generated.item, generated.key
    archive = write_archive(folder / "quiz", examples.quiz_of((generated,)), (generated,))
    (question,) = load(b"".join(chunk for _, chunk in write(archive, Options())))
    compared = 0
    for expected in canonical_responses(key):
        given = given_in_moodle(generated, expected.response, question)
        ours = grade_item(key, expected.response)
        assert ours.verdict is expected.verdict
        if given is not None and ours.verdict is not Verdict.UNDECIDED:
            assert question.grade(given) == pytest.approx(ours.score or 0, abs=1e-5), (item.id, expected.response)
            compared += 1
    return compared


def given_in_moodle(generated: GeneratedItem, response: Any, question: Question) -> Any:
    """A canonical response of an item as Moodle gets it; None where a learner cannot give it there."""
    item, key = generated.item, generated.key
    if len(item.parts) == 1:
        return in_moodle(item.parts[0], key.parts[0], response, question)
    if not isinstance(response, dict):
        return None
    gaps = zip(item.parts, key.parts, question.gaps, strict=True)
    given = [in_moodle(part, part_key, response[part.id], gap) for part, part_key, (_, gap) in gaps]
    return None if None in given else given


@pytest.mark.parametrize("case_sensitive", [False, True])
@pytest.mark.parametrize("comparison", ["words", "tokens"])
def test_every_accepted_text_earns_what_the_grader_gives(comparison: Any, case_sensitive: bool) -> None:
    """Also known wrong answers that are one answer to the grader, and one that is right to it."""
    rivals = (
        Rival("Loss", ("a", "b"), F(1, 2), feedback="two steps"),
        Rival("loss", ("c",), F(1, 4), feedback="one step"),
        Rival("the  <MASK>", ("d",), F(1, 3)),
        Rival("the [m]", ("e",), F(1, 5)),
        Rival("don’t", ("f",)),
        Rival("a.", ("g",), F(1, 7)),
    )
    key = TextKey(("don't", "[CLS] the bird"), comparison, case_sensitive, rivals)
    found = list(accepted_texts(key))
    assert [(text, grade(key, text).score) for text, _, _ in found] == [(text, credit) for text, credit, _ in found]
    assert {text for text, _, _ in found} >= {"don't", "don’t", "a."}
    assert "one step" in {rival.feedback for text, _, rival in found if rival and text in ("Loss", "loss")}
