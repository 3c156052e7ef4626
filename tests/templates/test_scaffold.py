"""A new template of every kind passes every rule, and its examples are tried."""

from __future__ import annotations

import pytest

from quizgen.checks import check_bank
from quizgen.model import KINDS
from quizgen.scaffold import new_template


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_template_has_no_findings(kind, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(new_template("mine", kind), encoding="utf-8")
    assert [str(finding) for finding in check_bank(path)] == []
    assert "examples:" in path.read_text()
    assert "solution:" in path.read_text()


def test_the_kinds_are_all_there():
    with pytest.raises(ValueError, match="there is no kind 'riddle'; the kinds are single-choice, "):
        new_template("mine", "riddle")
