"""What Canvas's student analysis says comes back, and is marked as we mark it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grading.bulk import Results
from grading.keys import ChoiceKey, EssayKey, MatchingKey, MultipleAnswerKey, OrderingKey, SymbolicKey
from grading.marking import canonical_responses, grade_item
from quizgen.archive import Archive, write_archive
from quizgen.content import Formula
from quizgen.exporters.canvas import PATH, write
from quizgen.exporters.contract import Options
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.marks import grade_archive
from quizgen.model import (
    ChoiceInteraction,
    GeneratedItem,
    MatchingInteraction,
    MultipleAnswerInteraction,
    OrderingInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.test_canvas import in_canvas
from tests.exporters.whole_bank import whole_bank
from tests.responses import canvas_report as report


def in_quiz(archive: Archive) -> dict[str, report.Asked]:
    return report.quiz_in(b"".join(chunk for path, chunk in write(archive, Options()) if path == PATH))


def given_to(generated: GeneratedItem, response: Any, asked: report.Asked) -> Any:
    """A canonical response as Canvas gets it; None where a learner cannot give it there."""
    item, key = chosen(generated.item), chosen_key(generated.key)
    if len(item.parts) == 1:
        if isinstance(key.parts[0].key, EssayKey | SymbolicKey):
            return response if isinstance(response, str) else None
        if isinstance(key.parts[0].key, ChoiceKey) and isinstance(response, dict):
            return None
        return in_canvas(item.parts[0], key.parts[0], response, asked.question)
    if not isinstance(response, dict) or asked.question.type == "essay_question":
        return None
    given = {}
    for part, part_key in zip(item.parts, key.parts, strict=True):
        value = response.get(part.id)
        if value is not None and not isinstance(value, str):
            return None
        if isinstance(part_key.key, ChoiceKey) and value:
            value = f"{part.id}-{value}"
            if value not in asked.html[f"response_{part.id}"]:
                return None
        given[f"response_{part.id}"] = value or ""
    return given


def read(folder: Path, rows: list[list[str]], archive: Archive) -> Results:
    path = folder / "analysis.csv"
    path.write_bytes(report.as_csv(rows))
    return grade_archive(path, archive)


def agrees(folder: Path, archive: Archive, items: tuple[GeneratedItem, ...]) -> tuple[int, set[type]]:
    """Each response is graded as if it had come to us directly; how many there were, of which kinds."""
    quiz, attempts, meant = in_quiz(archive), [], {}
    for generated in items:
        asked = quiz[generated.item.id]
        for expected in canonical_responses(generated.key):
            given = given_to(generated, expected.response, asked)
            if given is not None:
                learner = f"learner{len(attempts)}"
                attempts.append((learner, 1, [(asked, given, 0.5)]))
                meant[f"s-{learner}"] = generated, expected.response
    results = read(folder, report.table(list(quiz.values()), attempts), archive)
    assert [str(problem) for problem in results.problems] == []
    for row in results.rows():
        generated, response = meant.pop(row.learner)
        ours = grade_item(generated.key, response)
        assert (row.item, row.grade.verdict, row.grade.score) == (generated.item.id, ours.verdict, ours.score), response
    assert meant == {}
    return results.read, {type(part.key) for g in items for part in g.key.parts}


def test_every_response_that_canvas_can_print_is_marked_as_ours(tmp_path: Path) -> None:
    items = examples.everything()
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    count, kinds = agrees(tmp_path, archive, items)
    assert count > 70
    assert kinds >= {ChoiceKey, MultipleAnswerKey, MatchingKey, OrderingKey, EssayKey}


def test_pairs_that_look_like_tags_come_back(tmp_path: Path) -> None:
    """The report drops tags: without care the right answer ``<s>`` would come back as none."""
    right = tuple(examples.option(f"r{place}", text) for place, text in enumerate(("<s>", "</s>", "x_{<t}, y")))
    left = (examples.option("l0", "p < q"), examples.option("l1", "p > q"))
    pairs = MatchingKey((("l0", "r0"), ("l1", "r2")), ("r0", "r1", "r2"))
    entries = tuple(examples.option(f"o{place}", text) for place, text in enumerate(("<a>", "<b>", "c")))
    items = (
        examples.single("m", "matching", (), MatchingInteraction(left, right), pairs),
        examples.single("o", "ordering", (), OrderingInteraction(entries), OrderingKey(("o1", "o0", "o2"))),
    )
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    assert agrees(tmp_path, archive, items)[0] > 7


@pytest.mark.parametrize("texts", [("a < b", "a > b", "a = b"), ("<s>", "&s&", "</s>"), ('"a" & b', "a & b", "c")])
@pytest.mark.parametrize("formulas", [False, True])
def test_options_that_signs_alone_tell_apart_come_back(tmp_path: Path, texts: tuple[str, ...], formulas: bool) -> None:
    """The report drops the signs of HTML."""
    shown = [Formula(text, "", text, text, text) if formulas else text for text in texts]
    options = tuple(examples.option(f"o{place}", text) for place, text in enumerate(shown))
    several = MultipleAnswerKey(("o0", "o1"), ("o0", "o1", "o2"))
    items = (
        examples.single("c", "single-choice", (), ChoiceInteraction(options), ChoiceKey("o0")),
        examples.single("s", "multiple-answer", (), MultipleAnswerInteraction(options), several),
    )
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items), items)
    assert agrees(tmp_path, archive, items)[0] > 6


@pytest.mark.parametrize(("typed", "points", "kept"), [
    ("[CLS] the [MASK] bird", 2.0, True), ("the <mask> bird", 2.0, False), ("the bird", 0.0, True),
    ("the <b> bird", 0.0, True), ("", 0.0, True),
])  # fmt: skip
def test_a_typed_answer_that_lost_a_tag_is_for_a_person(tmp_path: Path, typed: str, points: float, kept: bool) -> None:
    """Canvas counted it as right; what its report shows of it would be wrong."""
    made = examples.short_answer()
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((made,)), (made,))
    (asked,) = in_quiz(archive).values()
    results = read(tmp_path, report.table([asked], [("ana", 1, [(asked, typed, points)])]), archive)
    assert [row.grade.score for row in results.rows()] == ([points / 2] if kept else [])
    assert [problem.message for problem in results.problems] == (
        [] if kept else [f"s-ana, {made.item.code}: the platform dropped what stood between < and > in it"]
    )


def test_the_whole_bank_comes_back(tmp_path: Path) -> None:
    assembly = whole_bank(2)
    items = tuple(assembly.items())
    archive = write_archive(tmp_path / "bank", assembly.quiz, items)
    assert agrees(tmp_path, archive, items)[0] > 700


def small(folder: Path) -> tuple[Archive, list[list[str]]]:
    """A quiz, and the analysis of three attempts: nobody got all questions."""
    items = (examples.choice(), examples.multiple_answer(), examples.numeric())
    archive = write_archive(folder / "quiz", examples.quiz_of(items), items)
    quiz = in_quiz(archive)
    choice, several, number = (quiz[g.item.id] for g in items)
    attempts = [
        ("ana", 1, [(choice, "key", 2.0), (number, "1.61", 1.5)]),
        ("ben", 1, [(several, ["position-2"], 0.67), (choice, "", 0.0)]),
        ("ana", 2, [(number, "", 0.0)]),
    ]
    return archive, report.table([choice, several, number], attempts)


def short(results: Results) -> list[tuple[Any, ...]]:
    return [(row.learner, row.item[:4], row.attempt, row.grade.note) for row in results.rows()]


def test_what_a_learner_did_not_get_is_left_out_and_a_blank_is_a_blank(tmp_path: Path) -> None:
    archive, rows = small(tmp_path)
    results = read(tmp_path, rows, archive)
    assert results.problems == ()
    assert short(results) == [
        ("s-ana", "obje", 1, "choice:key"),
        ("s-ana", "tota", 1, "numeric:within-tolerance"),
        ("s-ben", "obje", 1, "blank"),
        ("s-ben", "cont", 1, "multiple-answer:1-of-3-0-wrong"),
        ("s-ana", "tota", 2, "blank"),
    ]


def test_the_marks_that_canvas_gave_are_kept(tmp_path: Path) -> None:
    archive, rows = small(tmp_path)
    results = read(tmp_path, rows, archive)
    given = {(who, item[:4], attempt): (float(m.points), m.of) for (who, item, attempt), m in results.given.items()}
    assert given == {
        ("s-ana", "obje", 1): (2.0, 2), ("s-ana", "tota", 1): (1.5, 2), ("s-ben", "obje", 1): (0.0, 2),
        ("s-ben", "cont", 1): (0.67, 2), ("s-ana", "tota", 2): (0.0, 2),
    }  # fmt: skip
    assert {key: float(mark.points) for key, mark in results.totals.items()} == {
        ("s-ana", 1): 3.5, ("s-ben", 1): 0.67, ("s-ana", 2): 0.0,
    }  # fmt: skip


def test_a_comma_inside_a_text_separates_nothing(tmp_path: Path) -> None:
    generated = examples.multiple_answer()
    texts = ["one, two", "one", "two", "a=>b", "three\\"]
    options = tuple(examples.option(f"position-{n}", text) for n, text in enumerate(texts, 1))
    item = examples.single(
        "commas", "multiple-answer", generated.item.stem, MultipleAnswerInteraction(options), generated.key.parts[0].key
    )
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((item,)), (item,))
    (asked,) = in_quiz(archive).values()
    choices = [["position-1"], ["position-2"], ["position-2", "position-4"], ["position-4", "position-5"]]
    rows = report.table([asked], [(f"l{n}", 1, [(asked, chosen, 1.0)]) for n, chosen in enumerate(choices)])
    results = read(tmp_path, rows, archive)
    assert results.problems == ()
    grades = {row.learner: row.grade for row in results.rows()}
    assert [grades[f"s-l{n}"] for n in range(4)] == [grade_item(item.key, chosen) for chosen in choices]


def test_a_gap_that_was_left_out_of_the_report_is_found_or_said(tmp_path: Path) -> None:
    items = tuple(g for g in whole_bank(1).items() if len(g.item.parts) > 1)
    archive = write_archive(tmp_path / "bank", examples.quiz_of(items), items)
    quiz = in_quiz(archive)
    for generated in items:
        asked = quiz[generated.item.id]
        if asked.question.type != "multiple_dropdowns_question":
            continue
        names = [field.name for field in asked.question.fields]
        given = {name: next(iter(asked.html[name])) for name in names[1:]}
        results = read(tmp_path, report.table([asked], [("ana", 1, [(asked, given, 1.0)])]), archive)
        if results.problems:
            assert "nothing says which" in results.problems[0].message
            continue
        (row,) = results.rows()
        meant = {part.id: given.get(f"response_{part.id}", "").removeprefix(f"{part.id}-") or None
                 for part in generated.item.parts}  # fmt: skip
        assert row.grade == grade_item(generated.key, meant)
        return
    raise AssertionError("no question of the bank shows this")


def test_the_columns_of_new_quizzes(tmp_path: Path) -> None:
    archive, rows = small(tmp_path)
    texts = [column.partition(": ")[2] for column in rows[0] if column[:1].isdigit() and ":" in column]
    header = ["Name", "ID", "SISID", "Section", "Submitted", "Attempt"]
    for text in texts:
        header += ["ItemID", "ItemType", text, "EarnedPoints", "Status"]
    choice, several, number = (
        ["1", "choice", rows[1][8], "2.0", "Correct"], [""] * 5, ["3", "numeric", "1.61", "1.5", "Incorrect"],
    )  # fmt: skip
    results = read(
        tmp_path, [header, ["Ana", "7", "s-ana", "A", "2026-03-01", "1", *choice, *several, *number]], archive
    )
    assert results.problems == ()
    assert short(results) == [("s-ana", "obje", 1, "choice:key"), ("s-ana", "tota", 1, "numeric:within-tolerance")]
    assert [float(mark.points) for mark in results.given.values()] == [2.0, 1.5]
