"""Whatever goes wrong, in every format: one clear sentence, no traceback, and what was there stays as it was."""

from __future__ import annotations

import io
import os
import resource
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from grading.keys import NumericKey, Rival
from quizgen.archive import write_archive
from quizgen.cli.program import run
from quizgen.exporters import FORMATS, ExportError, Format, Level, Options, export, format_of
from quizgen.model import GeneratedItem, Quiz
from tests.exporters import example_items as examples

ITEMS = examples.everything()
EVERY = pytest.mark.parametrize(
    "format_", [pytest.param(format_, id=format_.id) for format_ in FORMATS if not format_.lacking()]
)
OUTSIDE = "../../outside/x"
NOBODY = 65534


@pytest.fixture(autouse=True)
def nothing_is_left_in_the_folder_for_temporary_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A folder of its own, which everybody may write to; the folders of the tests do not lie in it."""
    tmp_path_factory.getbasetemp()
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o1777)
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield
        assert not os.listdir(name)


def carried(format_: Format) -> tuple[GeneratedItem, ...]:
    """The items that a format can write."""
    found = tuple(one for one in ITEMS if format_.fidelity(one.item, one.key).level is not Level.NONE)
    assert found
    return found


def build(folder: Path, format_: Format) -> Path:
    """An archive that a format can write, with forms."""
    items = carried(format_)
    forms = tuple((learner, tuple(one.item.id for one in items)) for learner in ("ada", "bob"))
    write_archive(folder, msgspec.structs.replace(examples.quiz_of(items), forms=forms), items)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def refused(archive: Path, format_: Format, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence with which an export ends that cannot be made."""
    before = contents(out) if out.is_dir() else {}
    capsys.readouterr()
    code = run(["export", str(archive), "--to", format_.id, "-o", str(out)])
    said = capsys.readouterr()
    assert code != 0
    assert not said.out
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    assert (contents(out) if out.is_dir() else {}) == before
    return said.err


@contextmanager
def as_somebody_without_rights() -> Iterator[None]:
    """Root may write everywhere, so that it has to be another user for a while."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file can grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@EVERY
def test_an_unwritable_folder(format_: Format, capsys: pytest.CaptureFixture[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        archive, out = build(place / "quiz", format_), place / "out"
        assert run(["export", str(archive), "--to", format_.id, "-o", str(out)]) == 0
        for folder in (place, out):
            folder.chmod(0o555)
        with as_somebody_without_rights():
            message = refused(archive, format_, out, capsys)
            beside = refused(archive, format_, place / "new", capsys)
        for folder in (place, out):
            folder.chmod(0o755)
        assert "could not be written (Permission denied); free space or rights" in message
        assert "could not be written (Permission denied)" in beside
        assert sorted(os.listdir(place)) == ["out", "quiz"]
        assert os.listdir(out) == [format_.id]


@EVERY
def test_a_folder_that_is_not_ours(format_: Format, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive, out = build(tmp_path / "quiz", format_), tmp_path / "out"
    (out / format_.id).mkdir(parents=True)
    (out / format_.id / "thesis.txt").write_text("four years of work")
    assert "is not an export of quizgen's" in refused(archive, format_, out, capsys)
    (out / format_.id / "thesis.txt").unlink()
    assert run(["export", str(archive), "--to", format_.id, "-o", str(out)]) == 0
    (out / format_.id / "thesis.txt").write_text("four years of work")
    assert "holds thesis.txt, which a new export would lose" in refused(archive, format_, out, capsys)
    file = tmp_path / "file"
    file.write_text("mine")
    assert "choose a place inside a folder" in refused(archive, format_, file, capsys)
    assert file.read_text() == "mine"


def with_paths_for_names(quiz: Quiz, items: tuple[GeneratedItem, ...]) -> tuple[Quiz, tuple[GeneratedItem, ...]]:
    """The same with names that would lead out of the folder if they were taken for the names of files."""
    renamed = []
    for number, one in enumerate(items):
        id_ = OUTSIDE + str(number)
        item = msgspec.structs.replace(one.item, id=id_, template=OUTSIDE, code=f"{OUTSIDE}{number}")
        renamed.append(GeneratedItem(item, msgspec.structs.replace(one.key, item=id_, code=item.code)))
    slots = tuple(
        msgspec.structs.replace(slot, id=f"{OUTSIDE}{number}", title=OUTSIDE, pool=(one.item.id,), section=OUTSIDE)
        for number, (slot, one) in enumerate(zip(quiz.slots, renamed, strict=True))
    )
    ids = tuple(one.item.id for one in renamed)
    forms = tuple((learner, ids) for learner in (OUTSIDE, "/" + OUTSIDE, ".."))
    return msgspec.structs.replace(quiz, id=OUTSIDE, title=OUTSIDE, slots=slots, forms=forms), tuple(renamed)


def names_inside(path: str, data: bytes) -> list[str]:
    """The names of the files in a package."""
    if data.startswith(b"PK"):
        return zipfile.ZipFile(io.BytesIO(data)).namelist()
    if data.startswith(b"\x1f\x8b"):
        with tarfile.open(fileobj=io.BytesIO(data)) as package:
            return package.getnames()
    return []


@EVERY
def test_a_name_with_a_path_in_it_stays_a_name(format_: Format, tmp_path: Path) -> None:
    items = carried(format_)
    quiz, renamed = with_paths_for_names(examples.quiz_of(items), items)
    deep = tmp_path / "a" / "b"
    archive = write_archive(deep / "quiz", quiz, renamed)
    (done,) = export(archive, [format_], deep / "out")
    written = contents(tmp_path)
    ours = ("a/b/quiz/", f"a/b/out/{format_.id}/")
    assert done.files
    assert all(path.startswith(ours) for path in written)
    inside = [name for path, data in written.items() if path.startswith(ours[1]) for name in names_inside(path, data)]
    assert not [name for name in (*done.files, *inside) if name.startswith("/") or ".." in Path(name).parts]
    export(archive, [format_], deep / "out", options=Options(learner=OUTSIDE))
    assert all(path.startswith(ours) for path in contents(tmp_path))


@pytest.mark.parametrize("name", [OUTSIDE, "/x", "a/../../x", "..", "a\x00b", "", "a\\..\\..\\x", "export.json"])
def test_a_format_cannot_write_outside_of_its_folder(name: str, tmp_path: Path) -> None:
    format_ = FORMATS[0]
    archive = build(tmp_path / "a" / "quiz", format_)

    def write(*_: object) -> Iterator[tuple[str, bytes]]:
        yield "first", b"1"
        yield name, b"2"

    before = contents(tmp_path)
    with pytest.raises(ExportError, match="is no name for a file of an export"):
        export(archive, [msgspec.structs.replace(format_, write=write)])
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["../json", "/json", "json/../x"])
def test_a_format_is_not_a_path(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = build(tmp_path / "quiz", FORMATS[0])
    before = contents(tmp_path)
    assert run(["export", str(archive), "--to", name]) == 2
    assert f"{name}: is not a format" in capsys.readouterr().err
    assert contents(tmp_path) == before


@EVERY
@pytest.mark.parametrize(("version", "message"), [("7", "written by a later quizgen"), ("0", "there never was")])
def test_an_archive_of_another_version(
    format_: Format, version: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, out = build(tmp_path / "quiz", format_), tmp_path / "out"
    assert run(["export", str(archive), "--to", format_.id, "-o", str(out)]) == 0
    quiz = archive / "quiz.json"
    quiz.write_text(quiz.read_text().replace('"format_version": 1', f'"format_version": {version}', 1))
    assert message in refused(archive, format_, out, capsys)


@EVERY
@pytest.mark.parametrize("file", ["items.jsonl", "keys.jsonl"])
@pytest.mark.parametrize("between", [True, False])
def test_an_archive_cut_in_half(
    format_: Format, file: str, between: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, out = build(tmp_path / "quiz", format_), tmp_path / "out"
    assert run(["export", str(archive), "--to", format_.id, "-o", str(out)]) == 0
    lines = (archive / file).read_bytes().splitlines(keepends=True)
    whole = len(lines) // 2
    (archive / file).write_bytes(b"".join(lines[:whole]) + (b"" if between else lines[whole][: len(lines[whole]) // 2]))
    what = file.removesuffix(".jsonl")
    message = refused(archive, format_, out, capsys)
    assert f"the archive is cut short: {whole} of {len(lines)} {what}; take a whole copy" in message


@pytest.mark.parametrize("wrong", ["1/0", "10^900*log(2) - 10^900*log(4)/2 + exp(-1)"])
@pytest.mark.parametrize("name", ["moodle-xml", "gift", "qti3", "olx", "canvas"])
def test_a_number_that_has_no_value(name: str, wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = examples.numeric()
    (part,) = made.key.parts
    assert isinstance(part.key, NumericKey)
    for key in (NumericKey(wrong), msgspec.structs.replace(part.key, rivals=(Rival(wrong, ("a",)),))):
        worked = msgspec.structs.replace(made.key, parts=(msgspec.structs.replace(part, key=key),))
        quiz = tmp_path / f"quiz-{len(key.rivals)}"
        write_archive(quiz, examples.quiz_of((made,)), (GeneratedItem(made.item, worked),))
        message = refused(quiz, format_of(name), tmp_path / "out", capsys)
        assert f"a number of its keys cannot be written: {wrong!r} has " in message
        assert not (tmp_path / "out" / name).exists()


@EVERY
def test_a_disk_that_fills_up(format_: Format, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive, out = build(tmp_path / "quiz", format_), tmp_path / "out"
    assert run(["export", str(archive), "--to", format_.id, "-o", str(out)]) == 0
    largest = max(len(data) for data in contents(out).values())
    (archive / "amendments.jsonl").write_bytes(b"")
    for size in (0, largest // 2, largest - 1):
        for place in (out, tmp_path / "new"):
            with files_of_at_most(size):
                message = refused(archive, format_, place, capsys)
            assert "could not be written (" in message
            assert "free space or rights, then try again" in message
    assert sorted(os.listdir(tmp_path)) == ["new", "out", "quiz"]
    assert not os.listdir(tmp_path / "new")
    assert os.listdir(out) == [format_.id]
