"""Id numbers: Moodle keeps 100 characters of one, and drops one that another question of the category has."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from quizgen.archive import write_archive
from quizgen.exporters import Options, format_of
from quizgen.exporters.moodle_stack import MOST_ROWS
from quizgen.exporters.moodle_xml.xml import ID_LENGTH
from quizgen.model import GeneratedItem
from tests.exporters import example_items as examples

LONG = "a-very-long-name-" * 8


def renamed(made: GeneratedItem, id_: str) -> GeneratedItem:
    structs = msgspec.structs
    return GeneratedItem(structs.replace(made.item, id=id_), structs.replace(made.key, item=id_))


def exported(folder: Path, format_: str, items: tuple[GeneratedItem, ...], quiz_id: str = "quiz") -> str:
    quiz = examples.quiz_of(items[:1])
    (slot,) = quiz.slots
    slots = (msgspec.structs.replace(slot, pool=tuple(one.item.id for one in items)),)
    archive = write_archive(folder / "quiz", msgspec.structs.replace(quiz, id=quiz_id, slots=slots), items)
    return b"".join(chunk for _, chunk in format_of(format_).write(archive, Options())).decode()


@pytest.mark.parametrize(
    ("format_", "written"), [("moodle-xml", "<idnumber>([^<]+)</idnumber>"), ("gift", r"\[id:([^\]]+)\]")]
)
def test_parts_of_a_question_with_a_long_id_keep_ids_of_their_own(tmp_path: Path, format_: str, written: str) -> None:
    items = tuple(renamed(examples.parts(with_essay=True), LONG + end) for end in ("one", "two"))
    ids = re.findall(written, exported(tmp_path, format_, items))
    assert len(set(ids)) == len(ids) == 6
    assert all(len(id_) == ID_LENGTH and id_.startswith(LONG[:80]) for id_ in ids)


def test_the_questions_of_a_large_pool_keep_ids_of_their_own(tmp_path: Path) -> None:
    items = tuple(renamed(examples.numeric(), f"n-{number}") for number in range(MOST_ROWS + 1))
    for quiz_id, length in ((LONG, ID_LENGTH), ("quiz", len("quiz/slot-1/total-loss/1"))):
        ids = re.findall(
            "<idnumber>([^<]+)</idnumber>", exported(tmp_path / quiz_id[:4], "moodle-stack", items, quiz_id)
        )
        assert len(set(ids)) == len(ids) == 2
        assert {len(id_) for id_ in ids} == {length}
