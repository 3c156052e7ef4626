"""The table of codes is complete: what the engine reports can be looked up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import quizgen
from quizgen.findings import CODES, Finding, Place


def test_every_code_that_is_reported_stands_in_the_table():
    used = {
        code
        for path in Path(quizgen.__file__).parent.rglob("*.py")
        for code in re.findall(r'"([QS]\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert used - set(CODES) == set()


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_manual_text(code):
    assert re.fullmatch(r"[QS]\d{3}", code)
    assert CODES[code].title
    assert CODES[code].text.endswith(".")


def test_a_finding_shows_the_caret_under_its_place_in_a_long_line():
    line = "x" * 200 + "\there\x00" + "y" * 5_000_000
    shown = str(Finding(Place("f", 3, 202, 4), "Q101", "what is wrong", "what to do", source_line=line)).splitlines()
    assert shown[0] == "f:3:202: Q101 what is wrong; what to do"
    assert shown[1][shown[2].index("^") :].startswith("here\ufffd")
    assert shown[2].strip() == "^^^^"
    assert max(map(len, shown)) < 130
