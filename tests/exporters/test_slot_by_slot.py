"""Exports by several processes: the same bytes and plans, the same errors, each item in its place."""

from __future__ import annotations

import os
import re
import time
from functools import cache
from pathlib import Path

import msgspec
import pytest

from quizgen.archive import ITEMS, Archive, ArchiveError, write_archive
from quizgen.exporters import FORMATS, Format, Options, export, format_of, html_page, plan, slot_by_slot
from quizgen.exporters.contract import Level
from quizgen.exporters.paper import pages
from quizgen.exporters.planning import plans
from quizgen.model import GeneratedItem
from tests.exporters.whole_bank import whole_bank

ALONE, SHARED = Options(dated=7), Options(dated=7, processes=3)
PATIENCE = 5.0
"""Seconds until another process has certainly begun."""

TRIED = tuple(format_ for format_ in FORMATS if format_.id not in ("pdf", "kahoot"))
"""Kahoot takes nothing of the bank; what Typst makes of the same source is tested elsewhere."""


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few items are enough for several processes, and each gets few at a time."""
    monkeypatch.setattr(slot_by_slot, "WORTHWHILE", 1)
    monkeypatch.setattr(pages, "WORTHWHILE", 1)
    monkeypatch.setattr(html_page, "WORTHWHILE", 1)
    monkeypatch.setattr(slot_by_slot, "AT_ONCE", 7)


@cache
def bank_items() -> tuple[GeneratedItem, ...]:
    return tuple(whole_bank(variants=2).items())


def archive_for(format_: Format | None, folder: Path) -> Archive:
    """The whole bank, as far as a format carries it."""
    made = [m for m in bank_items() if format_ is None or format_.fidelity(m.item, m.key).level is not Level.NONE]
    ids, quiz = {one.item.id for one in made}, whole_bank(variants=2).quiz
    kept = [msgspec.structs.replace(slot, pool=tuple(id_ for id_ in slot.pool if id_ in ids)) for slot in quiz.slots]
    return write_archive(folder, msgspec.structs.replace(quiz, slots=tuple(slot for slot in kept if slot.pool)), made)


def written(format_: Format, archive: Archive, options: Options) -> dict[str, bytes]:
    files: dict[str, bytearray] = {}
    for path, chunk in format_.write(archive, options):
        files.setdefault(path, bytearray()).extend(chunk)
    return {path: bytes(content) for path, content in files.items()}


@pytest.mark.parametrize("format_", TRIED, ids=lambda one: one.id)
def test_the_number_of_processes_changes_no_byte(format_: Format, tmp_path: Path) -> None:
    archive = archive_for(format_, tmp_path / "quiz")
    assert len(archive) > 20
    alone = written(format_, archive, ALONE)
    assert written(format_, archive, SHARED) == alone
    assert sum(map(len, alone.values())) > 5_000


@pytest.mark.parametrize("name", ["html", "typst", "latex"])
def test_the_number_of_processes_changes_no_form(name: str, tmp_path: Path) -> None:
    made, quiz = bank_items()[::9], whole_bank(variants=2).quiz
    ids = [one.item.id for one in made]
    slots = [msgspec.structs.replace(slot, pool=tuple(id_ for id_ in slot.pool if id_ in ids)) for slot in quiz.slots]
    forms = tuple((learner, tuple(ids[place::3])) for place, learner in enumerate(("ada", "bob", "eve")))
    quiz = msgspec.structs.replace(quiz, slots=tuple(slot for slot in slots if slot.pool), forms=forms)
    archive = write_archive(tmp_path / "quiz", quiz, made)
    alone = written(format_of(name), archive, ALONE)
    assert written(format_of(name), archive, SHARED) == alone
    assert len(alone) >= 4


def test_the_number_of_processes_changes_no_plan(tmp_path: Path) -> None:
    archive = archive_for(None, tmp_path / "quiz")
    chosen = msgspec.structs.replace(ALONE, formulas="choice")
    for options in (ALONE, chosen):
        together = plans(archive, FORMATS, msgspec.structs.replace(options, processes=3))
        assert together == [plan(archive, format_, options) for format_ in FORMATS]
        assert sum(len(one.noted) for one in together) > 20
    assert plans(archive, FORMATS, ALONE) != plans(archive, FORMATS, chosen)


def test_several_processes_do_the_work_and_each_slot_gets_its_own(tmp_path: Path) -> None:
    lengths = (("a", 30), ("b", 0), ("c", 9))
    slots = [(name, [f"{name}{number}" for number in range(length)]) for name, length in lengths]

    def work(name: str, id_: str) -> tuple[int, str, str]:
        (tmp_path / str(os.getpid())).touch()
        end = time.monotonic() + PATIENCE
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < end:
            time.sleep(0.01)  # so that nobody does it all before another begins
        return os.getpid(), name, id_

    found = [(name, list(results)) for name, results in slot_by_slot.slot_by_slot(slots, work, SHARED)]
    assert [(name, [id_ for _, _, id_ in results]) for name, results in found] == slots
    assert all(name == other for name, results in found for _, other, _ in results)
    workers = {pid for _, results in found for pid, _, _ in results}
    assert os.getpid() not in workers
    assert 1 < len(workers) <= 3


def test_a_damaged_line_is_said_as_by_one_process(tmp_path: Path) -> None:
    archive = archive_for(None, tmp_path / "quiz")
    path = archive.folder / ITEMS
    content = path.read_bytes()
    broken = content[: len(content) // 2] + b"\x00" * (len(content) - len(content) // 2)
    path.write_bytes(broken)  # after the archive was opened, which compared it with its seal
    said = []
    for options in (ALONE, SHARED):
        with pytest.raises(ArchiveError, match=re.escape(str(path))) as raised:
            export(archive, "csv", tmp_path / "out", options=options)
        said.append(str(raised.value))
    assert said[0] == said[1]
    assert not (tmp_path / "out").exists()
