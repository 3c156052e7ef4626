"""Open edX's report of problem responses comes back: the answers as its problems put them into words."""

from __future__ import annotations

import csv
import io
import json
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from grading.marking import canonical_responses, grade_item
from quizgen.archive import Archive, write_archive
from quizgen.exporters.olx.fidelity import is_open_response
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.marks import grade_archive
from quizgen.model import GeneratedItem
from tests.exporters import example_items as examples
from tests.exporters.openedx import given, xml_of
from tests.exporters.whole_bank import whole_bank

HEADER = ["username", "title", "location", "block_key", "state", "Answer ID", "Question", "Answer", "Correct Answer"]


def in_words(problem: etree._Element, number: int, answer: str | list[str], cut: bool) -> str:
    """What ``find_answer_text`` of a problem makes of an answer: names of choices become their texts. cut: up to the
    first markup inside them only."""
    if isinstance(answer, list):
        return ", ".join(in_words(problem, number, one, cut) for one in answer)
    if not answer.startswith("choice_"):
        return answer
    responses = [node for node in problem.iter() if str(node.tag).endswith("response")]
    choices = list(responses[number - 2].iter("choice"))
    choice = choices[int(answer.removeprefix("choice_"))]
    if cut:
        return choice.text or ""
    choice = deepcopy(choice)
    for hint in choice.findall("choicehint"):
        hint.clear(keep_tail=True)
    return " ".join("".join(choice.itertext()).split())


def rows(learner: str, generated: GeneratedItem, fields: dict[str, str | list[str]], kept: bool) -> list[list[str]]:
    """The rows of one learner and one problem."""
    item, problem = generated.item, etree.fromstring(xml_of(generated))
    block = f"block-v1:x+y+z+type@problem+block@{item.code}"
    ids = {name: f"{item.code.lower()}_{name}" for name in fields}
    state = {
        "student_answers": {ids[name]: value for name, value in fields.items()} if kept else {}, "attempts": 2,
        "score": {"raw_earned": 1, "raw_possible": 4}, "last_submission_time": "2026-03-01T10:05:00Z",
    }  # fmt: skip
    return [
        [learner, f"{item.code} {item.title}", "Course > Unit", block, json.dumps(state), ids[name], "?",
         in_words(problem, int(name.split("_")[0]), value, kept), "?"]
        for name, value in fields.items()
    ]  # fmt: skip


def agrees(folder: Path, archive: Archive, items: tuple[GeneratedItem, ...], kept: bool) -> int:
    table, meant = [HEADER], {}
    for generated in items:
        shown = GeneratedItem(chosen(generated.item), chosen_key(generated.key))
        if is_open_response(shown.item, shown.key):
            continue
        for expected in canonical_responses(shown.key):
            fields = given(shown, expected.response)
            if fields:
                learner = f"learner{len(meant)}"
                table += rows(learner, shown, fields, kept)
                meant[learner] = generated, expected.response
    out = io.StringIO()
    csv.writer(out).writerows(table)
    path = folder / "report.csv"
    path.write_text(out.getvalue())
    results = grade_archive(path, archive)
    assert [str(problem) for problem in results.problems] == []
    for row in results.rows():
        generated, response = meant.pop(row.learner)
        ours = grade_item(generated.key, response)
        assert (row.item, row.grade.verdict, row.grade.score) == (generated.item.id, ours.verdict, ours.score), response
        assert (row.attempt, row.submitted_at) == (2, "2026-03-01T10:05:00Z")
    assert meant == {}
    assert {(float(m.points), float(m.of or 0)) for m in results.given.values()} == {(1, 4)}
    return results.read


@pytest.mark.parametrize("kept", [True, False], ids=["by-place", "by-text"])
def test_every_response_that_open_edx_can_print_is_marked_as_ours(tmp_path: Path, kept: bool) -> None:
    items = examples.everything()
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    assert agrees(tmp_path, archive, items, kept) > 70


def test_the_whole_bank_comes_back(tmp_path: Path) -> None:
    assembly = whole_bank(1)
    items = tuple(assembly.items())
    archive = write_archive(tmp_path / "bank", assembly.quiz, items)
    assert agrees(tmp_path, archive, items, kept=True) > 300
