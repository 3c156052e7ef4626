"""The examples are true: banks without a finding, one template of each kind, a midterm that can be handed out."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from quizgen.archive import read_archive
from quizgen.bank import load_bank
from quizgen.checks import check_bank
from quizgen.cli.program import program
from quizgen.model import KINDS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.mark.parametrize("name", ["bank", "german"])
def test_there_is_nothing_to_mend_in_the_example_banks(name: str) -> None:
    assert [str(finding) for finding in check_bank(EXAMPLES / name)] == []


def test_there_is_one_example_of_each_kind() -> None:
    assert sorted(template.kind for template in load_bank(EXAMPLES / "bank").templates) == sorted(KINDS)


def test_the_midterm_is_built_from_a_roster_without_more_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUIZGEN_SECRET", raising=False)
    out = tmp_path / "out"
    arguments = ["build", "--blueprint", str(EXAMPLES / "midterm.yaml"), "--roster", str(EXAMPLES / "roster.csv"),
                 "--for", "exam", "-o", str(out)]  # fmt: skip
    result = CliRunner().invoke(program, arguments)
    assert result.exit_code == 0, result.output
    assert "fresh secret, which is not kept" in result.output
    archive = read_archive(out)
    items = {item.id: item for item in archive.items()}
    assert [learner for learner, _ in archive.quiz.forms] == ["s01", "s02", "s03", "s04", "s05", "s06"]
    for (_, form), sitting in zip(archive.quiz.forms, archive.quiz.sittings, strict=True):
        assert {items[id_].language for id_ in form} == {sitting.language}
        sentences = [items[id_].sentence for id_ in form if items[id_].sentence]
        assert len(set(sentences)) == len(sentences)
    assert [sitting.minutes for sitting in archive.quiz.sittings] == [60, 75, 60, 60, 60, 66]
    assert sum(slot.points for slot in archive.quiz.slots) == 24
    assert CliRunner().invoke(program, ["export", str(out), "--to", "html"]).exit_code == 0
    assert sorted(path.name for path in (out / "html").glob("*.html")) == [f"s0{n}.html" for n in range(1, 7)]


def test_questions_are_made_of_the_example_sentences() -> None:
    corpus = load_bank(sentences=[EXAMPLES / "sentences.txt"]).corpus
    assert len(corpus) == 3
    assert all(sentence.topic == "chemistry" for sentence in corpus.sentences)
