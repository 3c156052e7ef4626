"""Planning and writing exports: refusals first, whole folders only, the same bytes each time."""

from __future__ import annotations

import errno
import importlib
import json
import os
import pkgutil
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

import quizgen.exporters
from grading.answersheet import decoder_of
from quizgen import folders
from quizgen.archive import Archive, write_archive
from quizgen.exporters import FORMATS, ExportError, Format, Options, export, format_of, plan
from quizgen.exporters.contract import Level
from quizgen.folders import FolderError
from quizgen.model import KINDS, Item, Purpose, WorkedKey
from tests.exporters import example_items as examples

ITEMS = examples.everything()
WHOLE = tuple(format_ for format_ in FORMATS if Level.NONE not in format_.kinds.values() and not format_.lacking())
"""The formats that carry every kind of question."""


def archive_of(folder: Path, purpose: Purpose = "practice") -> Archive:
    return write_archive(folder / "quiz", examples.quiz_of(ITEMS, purpose), ITEMS)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_catalogue_holds_every_format_of_the_folder() -> None:
    found = [
        module.FORMAT
        for info in pkgutil.iter_modules(quizgen.exporters.__path__)
        if hasattr(module := importlib.import_module(f"quizgen.exporters.{info.name}"), "FORMAT")
    ]
    assert sorted(format_.id for format_ in found) == sorted(format_.id for format_ in FORMATS)
    assert all(set(format_.kinds) == set(KINDS) for format_ in FORMATS)


def test_all_formats_are_written_below_the_archive_and_again_with_the_same_bytes(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    done = export(archive, WHOLE)
    assert [entry.folder for entry in done] == [archive.folder / format_.id for format_ in WHOLE]
    first = contents(archive.folder)
    assert {entry.format + "/export.json" for entry in done} <= set(first)
    export(archive, WHOLE)
    assert contents(archive.folder) == first
    export(archive, WHOLE, tmp_path / "elsewhere")
    assert all(first[path] == data for path, data in contents(tmp_path / "elsewhere").items())
    write_archive(archive.folder, archive.quiz, ITEMS)


def test_json_holds_the_whole_quiz(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    export(archive, [format_of("json")])
    data = json.loads((archive.folder / "json" / "quiz.json").read_bytes())
    assert (data["format"], data["version"], len(data["items"])) == ("quizgen-quiz", 1, len(ITEMS))
    for written, generated in zip(data["items"], ITEMS, strict=True):
        assert decoder_of(Item).decode(json.dumps(written["item"])) == generated.item
        assert decoder_of(WorkedKey).decode(json.dumps(written["key"])) == generated.key


def test_json_of_an_exam_has_no_keys(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, "exam")
    (done,) = export(archive, [format_of("json")])
    assert "without keys, because this is an exam" in done.plan.lines()[0]
    data = (archive.folder / "json" / "quiz.json").read_text()
    assert len(json.loads(data)["items"]) == len(ITEMS)
    for secret in ("correct", "feedback", "rivals", "rubric", "solution", "off-by-one-positions"):
        assert secret not in data


def test_a_plan_names_each_caveat_once_with_its_items(tmp_path: Path) -> None:
    planned = plan(archive_of(tmp_path), format_of("moodle-xml"))
    codes = [noted.caveat.code for noted in planned.noted]
    assert len(codes) == len(set(codes))
    assert "symbolic:marked-on-return" in codes
    assert f"moodle-xml: {len(ITEMS)} items, {planned.exact} of them exactly" == planned.lines()[0]
    assert any(line.endswith(f"(1 item: {examples.symbolic().item.code})") for line in planned.lines())


def test_a_format_that_loses_the_forms_says_so(tmp_path: Path) -> None:
    items = (examples.choice(), examples.numeric())
    quiz = examples.quiz_of(items)
    drawn = [format_.id for format_ in FORMATS if not format_.forms]
    assert {"moodle-xml", "gift", "qti3", "canvas"} <= set(drawn)
    with_forms = msgspec.structs.replace(quiz, forms=(("ada", tuple(one.item.id for one in items)),))
    for name, forms, lost in (("a", quiz, []), ("b", with_forms, drawn)):
        archive = write_archive(tmp_path / name, forms, items)
        plans = [plan(archive, format_) for format_ in FORMATS]
        assert [one.format for one in plans if any(n.caveat.code == "forms:lost" for n in one.noted)] == lost


def test_strict_makes_losses_an_error_and_writes_nothing(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    with pytest.raises(ExportError, match=r"moodle-xml: is not exact: .*symbolic:marked-on-return \(1\)"):
        export(archive, WHOLE, tmp_path / "out", strict=True)
    assert not (tmp_path / "out").exists()
    export(archive, [format_of("json")], tmp_path / "out", strict=True)
    items = (examples.choice(), examples.numeric())
    exact = write_archive(tmp_path / "exact", examples.quiz_of(items), items)
    export(exact, [format_of("moodle-xml")], strict=True)


def test_an_archive_without_keys_and_unknown_learners_are_refused(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    with pytest.raises(ExportError, match="no form for the learner 'ada'"):
        export(archive, [format_of("json")], options=Options(learner="ada"))
    (archive.folder / "keys.jsonl").unlink()
    given_away = quizgen.archive.read_archive(archive.folder)
    with pytest.raises(ExportError, match="needs the keys"):
        export(given_away, [format_of("moodle-xml")])
    export(given_away, [format_of("json")])


def test_what_is_not_an_export_is_never_replaced(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    (tmp_path / "out" / "json").mkdir(parents=True)
    (tmp_path / "out" / "json" / "notes.txt").write_text("mine")
    with pytest.raises(FolderError, match="is not an export of quizgen's"):
        export(archive, [format_of("json")], tmp_path / "out")
    (tmp_path / "out" / "json" / "notes.txt").unlink()
    export(archive, [format_of("json")], tmp_path / "out")
    (tmp_path / "out" / "json" / "notes.txt").write_text("mine")
    with pytest.raises(FolderError, match=r"holds notes\.txt, which a new export would lose"):
        export(archive, [format_of("json")], tmp_path / "out")


def test_a_full_disk_leaves_the_former_export(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    export(archive, [format_of("json")])
    before = contents(archive.folder)

    def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
        yield "quiz.json", b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    full: Format = msgspec.structs.replace(format_of("json"), write=write)
    with pytest.raises(FolderError, match="No space left"):
        export(archive, [full])
    assert contents(archive.folder) == before


@pytest.mark.parametrize(("free", "other_disk", "told"), [(0, True, True), (9, True, False), (0, False, False)])
def test_a_full_folder_for_temporary_files_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, other_disk: bool, told: bool
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    archive = archive_of(tmp_path)
    stat = os.stat

    def on_another_disk(path: Path | str, **more: object) -> object:
        found = stat(path)
        return SimpleNamespace(st_dev=found.st_dev + 1) if str(path) == str(temporary) and other_disk else found

    def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
        monkeypatch.setattr(folders.os, "stat", on_another_disk)
        raise OSError(errno.ENOSPC, "No space left on device")
        yield "quiz.json", b""

    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(
        folders.shutil, "disk_usage", lambda path: SimpleNamespace(free=free if path == str(temporary) else 5)
    )
    full: Format = msgspec.structs.replace(format_of("json"), write=write)
    with pytest.raises(
        FolderError, match="folder for temporary files, .*, is full; .*TMPDIR" if told else "No space left"
    ) as raised:
        export(archive, [full])
    assert (str(temporary) in str(raised.value)) is told


def test_one_format_that_refuses_keeps_the_others_from_writing(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    refusing = [format_ for format_ in FORMATS if Level.NONE in format_.kinds.values()]
    assert [format_.id for format_ in refusing] == ["moodle-stack", "aiken", "kahoot"]
    for format_ in refusing:
        with pytest.raises(ExportError, match="choose another format, or leave these items out"):
            export(archive, [format_of("json"), format_], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_unknown_format_has_a_suggestion() -> None:
    with pytest.raises(ExportError, match="moodle_xml: is not a format; did you mean moodle-xml"):
        format_of("moodle_xml")
    with pytest.raises(ExportError, match="choose one of json, moodle-xml"):
        format_of("wikis")


def test_what_was_not_tried_is_called_a_best_effort(capsys: pytest.CaptureFixture[str]) -> None:
    from quizgen.cli.program import run

    untried = {format_.id for format_ in FORMATS if format_.best_effort}
    assert untried == {"scorm12", "scorm2004", "xapi", "aiken", "blackboard", "cc", "h5p", "kahoot", "xlsx"}
    assert run(["formats", "--json"]) == 0
    listed = {entry["format"]: entry["best_effort"] for entry in json.loads(capsys.readouterr().out)}
    assert listed == {format_.id: format_.id in untried for format_ in FORMATS}
    assert run(["formats"]) == 0
    assert capsys.readouterr().out.count("best effort") == len(untried)


def test_a_format_that_shows_the_first_of_a_pool_says_how_many_it_leaves_out(tmp_path: Path) -> None:
    items = (examples.choice(), examples.numeric(), examples.matching())
    codes = [one.item.code for one in items]
    ids = tuple(one.item.id for one in items)
    quiz = examples.quiz_of(items[:1])
    (slot,) = quiz.slots
    pool = msgspec.structs.replace(quiz, slots=(msgspec.structs.replace(slot, pool=ids),))
    with_forms = msgspec.structs.replace(pool, forms=(("ada", ids[1:2]),))
    archives = [write_archive(tmp_path / name, one, items) for name, one in (("a", pool), ("b", with_forms))]
    written = {
        format_.id: b"".join(data for _, data in format_.write(archives[0], Options())).decode("utf-8", "replace")
        for format_ in FORMATS
        if format_.id in ("html", "markdown", "csv", "gift", "typst", "latex", "json", "moodle-xml")
    }
    for id_, text in written.items():
        left = [code for code in codes if code not in text]
        noted = [note for note in plan(archives[0], format_of(id_)).noted if note.caveat.code == "pools:first-shown"]
        assert [note.codes for note in noted] == ([tuple(left)] if left else []), id_
        assert all(note.count == len(left) for note in noted)
        assert all(note.caveat.code != "pools:first-shown" for note in plan(archives[1], format_of(id_)).noted)
    assert "pools:first-shown" in "".join(plan(archives[0], format_of("html")).lines())


def test_a_refusal_says_how_many_items_it_concerns(tmp_path: Path) -> None:
    archive = archive_of(tmp_path)
    (first, *_) = plan(archive, format_of("moodle-stack")).refusals
    others = [one.item.code for one in ITEMS if one.item.kind not in ("numeric", "symbolic")]
    assert len(others) > 5
    assert f"({len(others)} items: {', '.join(others[:5])}, …)" in first
    reasons = plan(archive, format_of("kahoot")).refusals
    assert len(reasons) > 2
    with pytest.raises(ExportError) as refused:
        export(archive, "kahoot")
    assert all(reason in str(refused.value) for reason in reasons)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: str(format_.id))
def test_what_to_do_next_is_said_and_stands_on_a_page(format_: Format) -> None:
    (page,) = re.findall(r"docs/exporting/[a-z0-9-]+\.md", format_.next_step)
    assert f"--to {format_.id}\n" in (Path(__file__).parents[2] / page).read_text("utf-8")


def test_the_members_of_every_zip_stand_in_the_order_of_their_names(tmp_path: Path) -> None:
    seen = set()
    for number, items in enumerate((ITEMS, (examples.choice(), examples.numeric()))):
        archive = write_archive(tmp_path / f"quiz-{number}", examples.quiz_of(items), items)
        for format_ in FORMATS:
            if plan(archive, format_).refusals:
                continue
            (done,) = export(archive, format_.id)
            for name in done.files:
                if zipfile.is_zipfile(path := done.folder / name):
                    names = zipfile.ZipFile(path).namelist()
                    assert names == sorted(names), f"{format_.id}: {name}"
                    seen.add(format_.id)
    assert seen == {"canvas", "qti21", "qti3", "scorm12", "scorm2004", "xapi", "anki", "cc", "h5p", "xlsx"}
