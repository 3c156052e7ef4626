"""Every format against what somebody has read."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizgen.exporters import FORMATS, format_of
from tests.conftest import Missing
from tests.exporters.approve import GOLDENS, written_now


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return written_now(tmp_path_factory.mktemp("goldens"))


def test_every_format_has_its_golden(now: dict[str, str]) -> None:
    written = {format_.id for format_ in FORMATS if not format_.lacking()}
    assert {path.name for path in GOLDENS.iterdir() if path.name.partition(".")[0] in written} == set(now)
    assert {name.partition(".")[0] for name in now} == written
    assert {path.name.partition(".")[0] for path in GOLDENS.iterdir()} == {format_.id for format_ in FORMATS}


@pytest.mark.parametrize("format_id", [format_.id for format_ in FORMATS])
def test_a_format_writes_what_was_read(format_id: str, now: dict[str, str], missing: Missing) -> None:
    if lacking := format_of(format_id).lacking():
        missing(*lacking.split(" is not installed: "))
    ((name, text),) = ((name, text) for name, text in now.items() if name.partition(".")[0] == format_id)
    golden: Path = GOLDENS / name
    assert text.splitlines() == golden.read_text(encoding="utf-8").splitlines()
