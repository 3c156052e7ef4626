"""Kahoot's sheet: read back cell by cell, with the limits of its template."""

from __future__ import annotations

import re
from fractions import Fraction as F
from pathlib import Path

import msgspec
import pytest

from grading.keys import ChoiceKey, MultipleAnswerKey
from grading.marking import canonical_responses, grade_item
from quizgen.archive import write_archive
from quizgen.content import Emphasis, Strong, Text
from quizgen.exporters import export
from quizgen.exporters.contract import ExportError, Level, Options
from quizgen.exporters.kahoot import FORMAT, fidelity, write
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.model import (
    ChoiceInteraction,
    GeneratedItem,
    MultipleAnswerInteraction,
    TrueFalseInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.test_stand_in import TUPLE
from tests.exporters.xlsx_reader import Value, read

LIMITS = {5, 10, 20, 30, 60, 90, 120, 240}
Game = list[dict[str, Value]]


def choice(text: str = "Which is it?", options: int = 3, length: int = 5, name: str = "short") -> GeneratedItem:
    offered = tuple(examples.option(f"o{k}", f"{k}".ljust(length, "x")) for k in range(options))
    stem = (examples.paragraph(text),)
    return examples.single(name, "single-choice", stem, ChoiceInteraction(offered), ChoiceKey(f"o{options - 1}"))


def several(correct: tuple[str, ...] = ("a", "c")) -> GeneratedItem:
    offered = tuple(examples.option(id_, f"{id_} is right") for id_ in "abc")
    key = MultipleAnswerKey(correct, ("a", "b", "c"))
    return examples.single(
        "several", "multiple-answer", (examples.paragraph("Which?"),), MultipleAnswerInteraction(offered), key
    )


ITEMS = (choice(), several(), examples.true_false(), TUPLE)


def files(folder: Path, items: tuple[GeneratedItem, ...], minutes: F = F(0), code: bool = True) -> dict[str, bytes]:
    quiz = examples.quiz_of(items)
    slots = tuple(msgspec.structs.replace(slot, minutes=minutes) for slot in quiz.slots)
    archive = write_archive(folder / "quiz", msgspec.structs.replace(quiz, slots=slots), items)
    found: dict[str, bytes] = {}
    for path, chunk in write(archive, Options(code_in_stem=code)):
        found[path] = found.get(path, b"") + chunk
    return found


def questions(data: bytes) -> Game:
    """The questions of a file as Kahoot's template has them: from row 9 on, with the limits of the heading."""
    (rows,) = read(data).values()
    heading = rows[8]
    assert heading["B"] == "Question - max 120 characters"
    assert [heading[column] for column in "CDEF"] == [f"Answer {k} - max 75 characters" for k in range(1, 5)]
    found = [row for number, row in rows.items() if number > 8]
    for number, row in enumerate(found, 1):
        assert row["A"] == number
        texts = [str(row.get(column, "")) for column in "BCDEF"]
        lengths = [len(text.encode("utf-16-le")) // 2 for text in texts]
        assert 1 <= lengths[0] <= 120
        assert all(0 < length <= 75 for length in lengths[1:3])
        assert max(lengths[1:]) <= 75
        assert not any("\n" in text or "\t" in text for text in texts)
        assert row["G"] in LIMITS
    return found


def right(row: dict[str, Value]) -> list[int]:
    cell = row["H"]
    return [int(cell)] if isinstance(cell, float) else [int(number) for number in cell.split(",")]


def compared(made: GeneratedItem, row: dict[str, Value]) -> int:
    """The answers of every canonical response are those that the sheet calls right, if we give all points."""
    item, key = chosen(made.item), chosen_key(made.key)
    (part,), count = item.parts, 0
    options = getattr(part.interaction, "options", ())
    shown = [" ".join(inline_text(option.content).split()) for option in options]
    assert [row[column] for column in "CDEF" if column in row] == shown
    places = {option.id: number for number, option in enumerate(options, 1)}
    for expected in canonical_responses(key):
        given = [expected.response] if isinstance(expected.response, str) else expected.response
        if isinstance(given, list) and given and set(given) <= set(places):
            ours = grade_item(key, expected.response).score
            assert (ours == 1) is (sorted(places[id_] for id_ in given) == right(row)), (item.id, given)
            count += 1
    return count


def test_the_key_comes_back(tmp_path: Path) -> None:
    found = files(tmp_path, ITEMS)
    assert list(found) == ["game-1.xlsx"]
    assert found == files(tmp_path, ITEMS)
    game = questions(found["game-1.xlsx"])
    for made, row in zip(ITEMS, game, strict=True):
        assert compared(made, row) >= 2
    assert [row["H"] for row in game[:3]] == [3, "1,3", 2]
    assert game[0]["B"] == f"Which is it? ({ITEMS[0].item.code})"
    assert questions(files(tmp_path, ITEMS, code=False)["game-1.xlsx"])[0]["B"] == "Which is it?"
    assert [questions(files(tmp_path, ITEMS, F(n, 4))["game-1.xlsx"])[0]["G"] for n in (0, 1, 4, 5, 99)] == [
        60, 20, 60, 90, 240,
    ]  # fmt: skip


def test_another_right_answer_would_be_found(tmp_path: Path) -> None:
    game = questions(files(tmp_path, ITEMS)["game-1.xlsx"])
    for made, row in zip(ITEMS[:3], game, strict=False):
        with pytest.raises(AssertionError):
            compared(made, {**row, "H": 1.0})


def test_the_nth_game_has_the_nth_question_of_each_pool(tmp_path: Path) -> None:
    items = tuple(choice(f"Question {name}?", name=name) for name in ("aa", "ab", "ac", "ba"))
    quiz = examples.quiz_of((items[0], items[3]))
    first = msgspec.structs.replace(quiz.slots[0], pool=tuple(made.item.id for made in items[:3]))
    archive = write_archive(tmp_path / "q", msgspec.structs.replace(quiz, slots=(first, quiz.slots[1])), items)
    (done,) = export(archive, "kahoot", tmp_path / "out")
    games = [questions((done.folder / file).read_bytes()) for file in done.files]
    assert [[str(row["B"])[:11] for row in game] for game in games] == [
        ["Question aa", "Question ba"], ["Question ab"], ["Question ac"],
    ]  # fmt: skip


@pytest.mark.parametrize("text", [*(t for t in examples.AWKWARD if len(t) < 60), "=1+1", "+1", "-1", "@x", "\t=1",
                                  "_x0041_", " =1", "a\r\nb"])  # fmt: skip
def test_awkward_text_is_text(tmp_path: Path, text: str) -> None:
    seen = " ".join(re.sub("[\x00\x07]", "", text).split())
    options = (examples.option("a", text), examples.option("b", text + " two"))
    stem = (examples.paragraph(text),)
    items = (
        examples.single("c", "single-choice", stem, ChoiceInteraction(options), ChoiceKey("b"), title=text),
        examples.single("m", "multiple-answer", stem, MultipleAnswerInteraction(options),
                        MultipleAnswerKey(("a",), ("a", "b"))),
        examples.single("t", "true-false", stem, TrueFalseInteraction(
            tuple(msgspec.structs.replace(one, id=id_) for one, id_ in zip(options, ("true", "false"), strict=True))
        ), ChoiceKey("true")),
    )  # fmt: skip
    game = questions(files(tmp_path, items)["game-1.xlsx"])
    assert [row["C"] for row in game] == [seen] * 3
    assert [str(row["B"]).removesuffix(f" ({made.item.code})") for made, row in zip(items, game, strict=True)] == [
        seen
    ] * 3
    assert [compared(made, row) >= 1 for made, row in zip(items, game, strict=True)] == [True] * 3


def test_what_does_not_fit_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    def codes(made: GeneratedItem) -> list[str]:
        return [caveat.code for caveat in fidelity(made.item, made.key).caveats]

    assert codes(choice()) == ["text:plain", "points:speed"]
    assert codes(choice("x" * 120)) == ["code:left-out", "text:plain", "points:speed"]
    assert codes(choice("x" * 121))[0] == codes(choice("🦊" * 61))[0] == "question:long"
    assert codes(choice(length=75))[0] == "text:plain"
    assert codes(choice(length=76))[0] == "answer:long"
    assert codes(choice(options=4))[0] == "text:plain"
    assert codes(choice(options=5))[0] == codes(choice(options=1))[0] == "choice:count"
    assert codes(several())[0] == "multiple-answer:any-right"
    assert codes(several(()))[0] == "multiple-answer:none-right"
    assert codes(examples.true_false(F(1, 2)))[0] == "choice:partial-credit"
    assert codes(examples.numeric()) == codes(examples.symbolic()) == ["kind:no-writing"]
    assert codes(examples.parts()) == ["parts:no-writing"]
    assert "layout:one-line" in codes(examples.multiple_answer())
    assert fidelity(choice().item, None).level is Level.NONE
    long = choice(length=76)
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((long,)), (long,))
    with pytest.raises(ExportError, match=long.item.code):
        export(archive, "kahoot", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_best_of_every_kind_is_in_the_table_of_formats() -> None:
    best: dict[str, set[Level]] = {}
    for made in (*examples.everything(), *ITEMS):
        best.setdefault(made.item.kind, set()).add(fidelity(made.item, made.key).level)
    assert all(FORMAT.kinds[kind] in levels for kind, levels in best.items())
    assert FORMAT.best_effort


def test_answers_that_are_apart_by_emphasis_only_are_named() -> None:
    options = (examples.option("a", Strong((Text("mask"),))), examples.option("b", Emphasis((Text("mask"),))))
    made = examples.single("marked", "single-choice", (), ChoiceInteraction(options), ChoiceKey("a"))
    assert "choice:equal-texts" in [caveat.code for caveat in fidelity(made.item, made.key).caveats]
