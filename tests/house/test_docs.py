"""The documentation is true: its templates are templates, its lists are generated, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizgen.source import read_text
from quizgen.template import examine_template

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
GUIDE = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_templates_of_the_guide_are_templates(block):
    read = read_text(block)
    assert read.documents
    for document in read.documents:
        template, findings = examine_template(document)
        assert [str(finding) for finding in findings] == []
        assert template is not None


def test_the_guide_shows_every_kind():
    from quizgen.model import KINDS

    assert {kind for kind in KINDS if f"kind: {kind}\n" in "\n".join(BLOCKS)} == set(KINDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page):
    text = page.read_text(encoding="utf-8")
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    missing = [t for t in targets if t and "://" not in t and not (page.parent / t).exists()]
    assert missing == []


QUIZZES = (ROOT / "docs" / "quizzes.md").read_text(encoding="utf-8")


def test_the_blueprint_of_the_guide_is_met_by_the_bank(tmp_path):
    from quizgen.bank import load_bank
    from quizgen.blueprint import plan_blueprint, read_blueprint

    block = re.findall(r"^```yaml\n(.*?)^```", QUIZZES, re.MULTILINE | re.DOTALL)[0]
    path = tmp_path / "midterm.yaml"
    path.write_text(block, encoding="utf-8")
    assert len(plan_blueprint(read_blueprint(path), load_bank(None))) == 3


def test_the_amendment_of_the_guide_is_one():
    from grading.answersheet import Amendment, from_json

    (line,) = re.findall(r"^```json\n(.*?)^```", QUIZZES, re.MULTILINE | re.DOTALL)
    assert from_json(line, Amendment).action == "tolerance"
