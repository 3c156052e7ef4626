"""The same answer gets the same mark: our grader and the model of Moodle on every canonical response."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, MatchingKey, MultipleAnswerKey, NumericKey, OrderingKey, TextKey
from grading.marking import canonical_responses, grade_item
from grading.verdicts import Verdict
from quizgen.archive import write_archive
from quizgen.exporters.contract import Level, Options
from quizgen.exporters.moodle_xml import write
from quizgen.exporters.moodle_xml.fidelity import fidelity
from quizgen.model import GeneratedItem, Part
from tests.exporters import example_items as examples
from tests.exporters.moodle_model import Question, load, text_of

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
    item, key = generated.item, generated.key
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((generated,)), (generated,))
    (question,) = load(b"".join(chunk for _, chunk in write(archive, Options())))
    compared = 0
    for expected in canonical_responses(key):
        response = expected.response
        if len(item.parts) == 1:
            given = in_moodle(item.parts[0], key.parts[0], response, question)
        elif isinstance(response, dict):
            pairs = zip(item.parts, key.parts, question.gaps, strict=True)
            given = [in_moodle(part, part_key, response[part.id], gap) for part, part_key, (_, gap) in pairs]
            given = None if None in given else given
        else:
            given = None
        if given is None:
            continue
        ours = grade_item(key, response)
        assert ours.verdict is expected.verdict
        if ours.verdict is not Verdict.UNDECIDED:
            assert question.grade(given) == pytest.approx(ours.score or 0, abs=1e-5), response
            compared += 1
    assert compared >= (0 if item.kind == "essay" else 2)
