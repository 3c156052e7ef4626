"""Each rule of a bank: a template in, the findings out, with place and caret, as an author sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizgen.checks import CHECKS, check_bank
from quizgen.findings import CODES

GOLDENS = Path(__file__).parent / "goldens"
CASES = sorted(path.name for path in GOLDENS.iterdir() if path.suffix != ".txt")


def printed(name: str) -> str:
    return "".join(f"{finding}\n" for finding in check_bank(name))


@pytest.mark.parametrize("name", CASES)
def test_the_findings_are_as_they_were_read_and_approved(name, monkeypatch):
    monkeypatch.chdir(GOLDENS)
    assert printed(name) == (GOLDENS / f"{Path(name).stem}.txt").read_text()


def test_every_rule_has_a_golden():
    seen = "".join(path.read_text() for path in GOLDENS.glob("*.txt"))
    missing = [code for check in CHECKS for code in check.codes if f" {code} " not in seen]
    assert set(missing) <= {"Q206", "Q303", "Q401", "Q433", "Q447"}  # in the tests of the rooms that find them


def test_every_rule_has_a_manual_and_known_codes():
    for check in CHECKS:
        assert check.manual
        assert check.title
        assert set(check.codes) <= set(CODES)


def test_the_shipped_bank_has_no_errors():
    assert [str(finding) for finding in check_bank() if finding.severity.value == "error"] == []
