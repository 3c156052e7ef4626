"""The sealed archive: in and back, whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grading.answersheet import Amendment, ItemKey, read_answer_sheet, to_json
from quizgen.archive import ArchiveError, amendments, read_archive, write_archive
from quizgen.folders import FolderError
from quizgen.model import GeneratedItem
from tests.exporters.example_items import everything, quiz_of

ITEMS = everything()
QUIZ = quiz_of(ITEMS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_archive(tmp_path / "quiz", QUIZ, iter(ITEMS))
    return tmp_path / "quiz"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_was_written_is_read_back(folder: Path) -> None:
    archive = read_archive(folder)
    assert archive.quiz == QUIZ
    assert tuple(archive.generated()) == ITEMS
    assert len(archive) == archive.seal.items == archive.seal.keys == len(ITEMS)
    last = ITEMS[-1]
    assert archive.item(last.item.id) == last.item
    assert archive.key(last.item.id) == last.key


def test_the_same_quiz_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_archive(tmp_path / "again", QUIZ, list(ITEMS))
    assert contents(folder) == contents(tmp_path / "again")


def test_keys_are_an_answer_sheet_for_grading(folder: Path) -> None:
    with (folder / "keys.jsonl").open("rb") as file:
        sheet = list(read_answer_sheet(file))
    assert [type(key) for key in sheet] == [ItemKey] * len(ITEMS)
    assert [key.parts for key in sheet] == [generated.key.parts for generated in ITEMS]


def test_items_can_be_given_away_without_keys(folder: Path) -> None:
    (folder / "keys.jsonl").unlink()
    archive = read_archive(folder)
    assert not archive.has_keys
    assert len(list(archive.items())) == len(ITEMS)
    with pytest.raises(ArchiveError, match="given away without keys"):
        list(archive.keys())


@pytest.mark.parametrize("name", ["items", "keys"])
@pytest.mark.parametrize("end", [0.3, 0.5, 0.999])
def test_an_archive_cut_in_half_says_how_much_is_left(folder: Path, name: str, end: float) -> None:
    path = folder / f"{name}.jsonl"
    data = path.read_bytes()[: int(path.stat().st_size * end)]
    path.write_bytes(data)
    whole = data.count(b"\n")
    with pytest.raises(ArchiveError, match=f"cut short: {whole} of {len(ITEMS)} {name}; take a whole copy"):
        read_archive(folder)


def test_a_changed_item_is_noticed(folder: Path) -> None:
    path = folder / "items.jsonl"
    path.write_bytes(path.read_bytes().replace(b"maximise", b"minimise"))
    with pytest.raises(ArchiveError, match=r"items\.jsonl: was changed after .* amendments\.jsonl"):
        read_archive(folder)


def test_a_longer_file_is_noticed(folder: Path) -> None:
    with (folder / "keys.jsonl").open("ab") as file:
        file.write(b'{"item":"more"}\n')
    with pytest.raises(ArchiveError, match="was changed"):
        read_archive(folder)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cannot be read"),
        (b"[1, 2]", "is not the quiz of an archive"),
        (b'{"format_version": 1}', "missing required field"),
        (b'{"format_version": "1"}', "is not the quiz of an archive"),
        (b'{"format_version": 7}', r"later quizgen \(format 7; this version reads format 1\); update quizgen"),
        (b"\xff\x00", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
    ],
)
def test_a_broken_quiz_file_is_one_clear_sentence(folder: Path, data: bytes, message: str) -> None:
    (folder / "quiz.json").write_bytes(data)
    with pytest.raises(ArchiveError, match=message) as caught:
        read_archive(folder)
    assert caught.value.place.endswith("quiz.json")
    assert "\n" not in str(caught.value)


def test_no_archive_at_all(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such archive"):
        read_archive(tmp_path / "nothing")
    with pytest.raises(ArchiveError, match=r"is not an archive: it has no quiz\.json"):
        read_archive(tmp_path)


def test_an_archive_of_ours_is_replaced_as_a_whole(folder: Path) -> None:
    write_archive(folder, quiz_of(ITEMS[:2]), ITEMS[:2])
    assert len(read_archive(folder)) == 2
    assert [path.name for path in folder.parent.iterdir()] == ["quiz"]


def test_a_folder_of_others_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("four years of work")
    before = contents(tmp_path)
    with pytest.raises(FolderError, match="is not a quizgen archive; choose another place"):
        write_archive(tmp_path, QUIZ, ITEMS)
    assert contents(tmp_path) == before
    (tmp_path / "quiz.json").write_text('{"questions": []}')
    with pytest.raises(FolderError, match=r"its quiz\.json is not one of quizgen's"):
        write_archive(tmp_path, QUIZ, ITEMS)
    with pytest.raises(FolderError, match="is not a folder"):
        write_archive(tmp_path / "thesis.txt", QUIZ, ITEMS)


def test_amendments_and_notes_in_an_archive_are_not_lost(folder: Path) -> None:
    (folder / "amendments.jsonl").write_text("")
    with pytest.raises(FolderError, match=r"holds amendments\.jsonl, which a new build would lose"):
        write_archive(folder, QUIZ, ITEMS)


def test_a_failure_in_the_middle_leaves_the_old_archive(folder: Path) -> None:
    before = contents(folder)

    def items() -> Iterator[GeneratedItem]:
        yield ITEMS[0]
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(FolderError, match="No space left on device"):
        write_archive(folder, QUIZ, items())
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["quiz"]


def test_a_kill_between_the_renames_is_repaired(folder: Path) -> None:
    before = contents(folder)
    folder.rename(folder.with_name(".quiz.former"))
    assert tuple(read_archive(folder).generated()) == ITEMS
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (ITEMS[:-1], "which is not among the items"),
        ((*ITEMS, ITEMS[0]), "is given twice"),
        ((msgspec.structs.replace(ITEMS[0], key=ITEMS[1].key), *ITEMS[1:]), "stands beside the item"),
        ((msgspec.structs.replace(ITEMS[0], item=msgspec.structs.replace(ITEMS[0].item, id="x")),), "stands beside"),
    ],
)
def test_items_and_slots_must_agree(tmp_path: Path, items: tuple[GeneratedItem, ...], message: str) -> None:
    with pytest.raises(ArchiveError, match=message):
        write_archive(tmp_path / "quiz", QUIZ, items)
    assert list(tmp_path.iterdir()) == []


def test_amendments_are_read(folder: Path) -> None:
    amendment = Amendment("objective-expression-0001", "accept", "also right", "2024-05-01", responses=("flip-sign",))
    assert amendments(folder) == ()
    (folder / "amendments.jsonl").write_bytes(to_json(amendment) + b"\n\n")
    assert read_archive(folder).amendments() == (amendment,)
    (folder / "amendments.jsonl").write_bytes(b'{"item": 3}\n')
    with pytest.raises(ArchiveError, match=r"amendments\.jsonl:1: cannot be read .*; mend the line"):
        amendments(folder)
