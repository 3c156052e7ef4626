"""What Moodle's report of responses says comes back, and is marked as we mark it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from grading.bulk import Results
from grading.keys import MatchingKey, OrderingKey
from grading.marking import canonical_responses, grade_item
from grading.responses import UnreadableResponses
from quizgen.archive import Archive, write_archive
from quizgen.exporters.contract import Options
from quizgen.exporters.moodle_xml import write
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.exporters.workbook import Sheet, workbook
from quizgen.marks import grade_archive
from quizgen.model import GeneratedItem, MatchingInteraction, OrderingInteraction
from tests.exporters import example_items as examples
from tests.exporters.moodle_model import Question, load
from tests.exporters.test_marks_agree import given_in_moodle
from tests.exporters.whole_bank import whole_bank
from tests.responses import moodle_report as report

ITEMS = tuple(g for g in examples.everything() if g.item.template != "two-steps-with-reason")


def in_moodle(archive: Archive) -> dict[str, Question]:
    return {q.idnumber: q for q in load(b"".join(chunk for _, chunk in write(archive, Options())))}


def as_given(generated: GeneratedItem, response: Any, question: Question) -> Any:
    """A canonical response as Moodle gets it; None where a learner cannot give it there."""
    if question.type == "essay":
        return response if isinstance(response, str) else None
    shown = GeneratedItem(chosen(generated.item), chosen_key(generated.key))
    return given_in_moodle(shown, response, question)


def attempts_of(items: tuple[GeneratedItem, ...], asked: dict[str, Question]) -> list[tuple[report.Attempt, list[Any]]]:
    """For each canonical response that Moodle can be given an attempt of its own, and what it is."""
    found = []
    for generated in items:
        question = asked.get(generated.item.id)
        for expected in canonical_responses(generated.key) if question else ():
            given = as_given(generated, expected.response, question)
            if given is not None:
                found.append(((f"learner{len(found)}", [(question, given)], "1.00"), [generated, expected.response]))
    return found


def agrees(folder: Path, archive: Archive, items: tuple[GeneratedItem, ...], words: dict[str, str]) -> int:
    """Each response is graded as if it had come to us directly; how many there were."""
    made = attempts_of(items, in_moodle(archive))
    path = folder / "report.csv"
    path.write_bytes(report.as_csv(report.rows([attempt for attempt, _ in made], words)))
    results = grade_archive(path, archive)
    assert [str(problem) for problem in results.problems] == []
    graded = {row.learner: row for row in results.rows()}
    for (learner, _, _), (generated, response) in made:
        row, ours = graded[f"{learner}@example.org"], grade_item(generated.key, response)
        assert row.item == generated.item.id
        assert (row.grade.verdict, row.grade.score) == (ours.verdict, ours.score), (row.item, response)
    assert results.read == len(made)
    return len(made)


@pytest.mark.parametrize("words", [report.ENGLISH, report.GERMAN], ids=["en", "de"])
def test_every_response_that_moodle_can_print_is_marked_as_ours(tmp_path: Path, words: dict[str, str]) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(ITEMS), ITEMS)
    assert agrees(tmp_path, archive, ITEMS, words) > 100


def test_the_whole_bank_comes_back(tmp_path: Path) -> None:
    assembly = whole_bank(2)
    items = tuple(assembly.items())
    archive = write_archive(tmp_path / "bank", assembly.quiz, items)
    assert agrees(tmp_path, archive, items, report.ENGLISH) > 800


def test_right_sides_that_look_like_tags_come_back(tmp_path: Path) -> None:
    right = (examples.option("r0", "<s>"), examples.option("r1", "</s>"), examples.option("r2", "p < 1 &amp; q"))
    left = (examples.option("l0", "a"), examples.option("l1", "b; <c>"))
    key = MatchingKey((("l0", "r0"), ("l1", "r2")), ("r0", "r1", "r2"))
    items = (examples.single("m", "matching", (examples.paragraph("?"),), MatchingInteraction(left, right), key),)
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    assert agrees(tmp_path, archive, items, report.ENGLISH) > 2


def test_an_entry_that_was_not_cut_is_not_taken_for_one_that_was(tmp_path: Path) -> None:
    """Moodle cuts after ten characters: ``softmax...`` is not “softmax”."""
    texts = ("softmax", "softmax loss", "logits")
    entries = tuple(examples.option(f"o{place}", text) for place, text in enumerate(texts))
    key = OrderingKey(("o2", "o0", "o1"))
    items = (examples.single("o", "ordering", (examples.paragraph("?"),), OrderingInteraction(entries), key),)
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    assert agrees(tmp_path, archive, items, report.ENGLISH) > 2


def small(folder: Path) -> tuple[Archive, list[list[str]]]:
    """A quiz, and the report of three attempts of two learners."""
    items = (examples.choice(), examples.multiple_answer(), examples.cloze())
    archive = write_archive(folder / "quiz", examples.quiz_of(items), items)
    choice, several, cloze = (in_moodle(archive)[g.item.id] for g in items)
    attempts = [
        ("ana", [(choice, [0]), (several, [1, 3, 4]), (cloze, ["2", [0], "early"])], "9.50"),
        ("ben", [(several, []), (choice, [1]), (cloze, ["1", [], ""])], "0.00"),
        ("ana", [(choice, [1]), (cloze, ["2", [1], "worm; part"]), (several, [0])], "5.25"),
    ]
    return archive, report.rows(attempts, report.ENGLISH, right=True)


def read(folder: Path, data: bytes, archive: Archive) -> Results:
    path = folder / "report"
    path.write_bytes(data)
    return grade_archive(path, archive)


def short(results: Results) -> list[tuple[Any, ...]]:
    return [(row.learner[:3], row.item[:4], row.attempt, row.grade.score) for row in results.rows()]


def as_workbook(table: list[list[str]]) -> bytes:
    return b"".join(chunk for _, chunk in workbook("report.xlsx", [Sheet("Responses", [10] * len(table[0]), table)]))


@pytest.mark.parametrize(
    "written",
    [
        report.as_json,
        as_workbook,
        lambda table: report.as_csv(table, ";"),
        lambda table: report.as_csv(table, "\t"),
        lambda table: report.as_csv(table).decode("utf-8-sig").encode("utf-16"),
    ],
    ids=["json", "xlsx", "semicolons", "tabs", "utf-16"],
)
def test_all_formats_of_the_report_say_the_same(tmp_path: Path, written: Any) -> None:
    archive, table = small(tmp_path)
    expected = read(tmp_path, report.as_csv(table), archive)
    found = read(tmp_path, written(table), archive)
    assert short(found) == short(expected)
    assert [problem.message for problem in found.problems] == []
    assert len(short(found)) == 9


def test_each_attempt_says_itself_which_questions_were_drawn(tmp_path: Path) -> None:
    archive, table = small(tmp_path)
    results = read(tmp_path, report.as_csv(table), archive)
    found = {(row.learner[:3], row.attempt, row.item[:4]) for row in results.rows()}
    items = ("obje", "cont", "fill")
    assert found == {(*who, item) for who in (("ana", 1), ("ana", 2), ("ben", 1)) for item in items}


def test_the_mark_of_an_attempt_is_kept(tmp_path: Path) -> None:
    archive, table = small(tmp_path)
    totals = read(tmp_path, report.as_csv(table), archive).totals
    assert {(who[:3], attempt): (str(m.points), str(m.of)) for (who, attempt), m in totals.items()} == {
        ("ana", 1): ("19/2", "10"), ("ben", 1): ("0", "10"), ("ana", 2): ("21/4", "10"),
    }  # fmt: skip


def test_who_never_began_is_left_out_and_who_is_not_done_is_reported(tmp_path: Path) -> None:
    archive, table = small(tmp_path)
    table.append(["cem", "Y.", "cem@example.org"] + ["-"] * (len(table[0]) - 3))
    running = list(table[1])
    running[:6] = ["dia", "Z.", "dia@example.org", "In progress", "1 March 2026", "-"]
    table.append(running)
    results = read(tmp_path, report.as_csv(table), archive)
    assert [problem.message for problem in results.problems] == [
        "the attempt of dia@example.org is not finished (In progress)"
    ]
    assert len(short(results)) == 9


def test_what_cannot_be_matched_is_reported_with_its_line_and_the_rest_is_graded(tmp_path: Path) -> None:
    archive, table = small(tmp_path)
    at = {heading: place for place, heading in enumerate(table[0])}
    table[1][at["Question 1"]] = "Something else altogether Q-ZZZZ"
    table[2][at["Response 1"]] = "position 9"
    table[3][at["Response 2"]] = "part 1: 2; part 2: no such thing; part 3: x"
    results = read(tmp_path, report.as_csv(table), archive)
    lines = [problem.line for problem in results.problems]
    messages = [problem.message for problem in results.problems]
    assert "is not in this quiz" in messages[0]
    assert "“position 9” is not among the options" in messages[1]
    assert "“no such thing” is not among the options" in messages[2]
    assert lines == sorted(lines)
    assert lines[0] > 1
    assert (results.read, results.frame.height) == (9, 6)


def test_a_report_without_texts_of_questions_says_what_to_click(tmp_path: Path) -> None:
    archive, table = small(tmp_path)
    keep = [place for place, heading in enumerate(table[0]) if not heading.startswith("Question")]
    with pytest.raises(UnreadableResponses, match=r"no texts of the questions.*tick “Question text”"):
        read(tmp_path, report.as_csv([[row[place] for place in keep] for row in table]), archive)


def test_without_a_code_the_text_of_the_question_is_enough(tmp_path: Path) -> None:
    archive, table = small(tmp_path)
    expected = short(read(tmp_path, report.as_csv(table), archive))
    bare = [[re.sub(r"Q-[0-9A-Z]+", "", cell) for cell in row] for row in table]
    assert bare != table
    results = read(tmp_path, report.as_csv(bare), archive)
    assert short(results) == expected
    assert results.problems == ()


def test_entries_that_begin_alike_are_not_guessed_at(tmp_path: Path) -> None:
    item = examples.ordering()
    entries = [("update", "compute the update"), ("mask", "mask the input"), ("loss", "compute the loss")]
    options = tuple(examples.option(id_, text) for id_, text in entries)
    item = examples.single("order", "ordering", item.item.stem, OrderingInteraction(options), item.key.parts[0].key)
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((item,)), (item,))
    (question,) = in_moodle(archive).values()
    given = ["mask the input", "compute the loss", "compute the update"]
    table = report.rows([("ana", [(question, given)], "1")], report.ENGLISH)
    assert table[1][-1] == "mask th...; compute...; compute..."
    results = read(tmp_path, report.as_csv(table), archive)
    assert "names several options" in results.problems[0].message
    assert results.frame.height == 0


def test_the_parts_of_a_question_that_was_split_are_one_answer_again(tmp_path: Path) -> None:
    item = examples.parts(with_essay=True)
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((item,)), (item,))
    asked = in_moodle(archive)
    given = {"J1": "-0.693", "better": [0], "reason": "Because."}
    pairs = [(asked[f"{item.item.id}#{part}"], value) for part, value in given.items()]
    table = report.rows([("ana", pairs[::-1], "1")], report.ENGLISH)
    results = read(tmp_path, report.as_csv(table), archive)
    assert results.problems == ()
    ours = grade_item(item.key, {"J1": "-0.693", "better": "first", "reason": "Because."})
    (row,) = results.rows()
    assert row.grade == ours
