"""What people mistype, mix up or hand over damaged: one sentence with a remedy, and nothing is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quizgen import assemble, export, load_bank
from quizgen.sampling.draws import Source
from tests.cli.test_commands import ROOT, built, files, quiz

__all__ = ["built", "quiz"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("build", "why-sum-of-logs", "--language", "xx", "-o", "out"), 1, "Q414 the bank is not written in"),
        (("show", "why-sum-of-logs", "--language", "xx"), 1, "choose one of: en, de"),
        (("misconceptions", "--language", "xx"), 1, "choose one of: en, de"),
        (("build", "--seed", "", "-o", "out"), 2, "--seed is empty"),
        (("build", "-o", ""), 2, "-o names nothing"),
        (("build", "--for", "exam", "--secret-file", "/dev/zero", "-o", "out"), 2, "a secret has at most"),
        (("build", "--title", "ab\udcff", "why-sum-of-logs", "-o", "out"), 1, "damaged character after “ab”"),
        (("show", "obj-expression-choice", "--fixed", "S9"), 1, "choose one that there is: S8"),
        (("preview", "./empty", "-o", "page.html"), 1, "is not an archive"),
        (("preview", "why-sum-of-logs", "-o", "mine.txt"), 1, "holds something else; choose another name"),
        (("preview", "why-sum-of-logs", "-o", "/dev/null"), 1, "is not an ordinary file"),
        (("preview", "why-sum-of-logs", "--variants", "1", "-o", "no/page.html"), 1, "no/page.html: No such file"),
        (("judge", "--asume", "real", "p", "q"), 2, "--assume"),
        (("judge", "p"), 2, "give KEY and ANSWER"),
    ],
)
def test_wrong_usage(call, tmp_path, arguments, code, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "mine.txt").write_text("mine")
    got, out, err = call(*arguments)
    assert (got, out) == (code, "")
    assert message in err
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != ".cache") == ["empty", "mine.txt"]
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_files_that_were_not_written_by_the_command_stay(call, quiz, tmp_path):
    (tmp_path / "r.truth.json").unlink()
    before = files(tmp_path)
    for place in ("r.csv", quiz / "keys.jsonl"):
        assert call("simulate", quiz, "-o", place)[0] == 1
        assert call("preview", quiz, "-o", place)[0] == 1
    assert files(tmp_path) == before
    for _ in range(2):
        assert call("simulate", quiz, "--learners", "1", "-o", "new.csv")[0] == 0


@pytest.mark.parametrize(("key", "answer", "outcome"), [("-log(p)", "-log p", "equal"), ("log(p)", "-log p", "differ")])
def test_a_formula_may_begin_with_a_minus(call, key, answer, outcome):
    code, out, _ = call("judge", key, answer, "--json", "--assume", "positive")
    assert code == 0
    assert json.loads(out)["outcome"].startswith(outcome)


def test_formulas_that_read_like_options(call):
    code, out, _ = call("judge", "--json", "--", "-q", "-q")
    assert (code, json.loads(out)["outcome"]) == (0, "equal")


def test_several_formats_in_one_go(call, quiz):
    code, out, _ = call("export", quiz, "--to", "json", "html")
    assert code == 0
    assert [Path(line).name for line in out.split()] == ["quiz.json", "index.html"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"learner;item;response\na;b;c\n", "other.csv:2: the item “b” is not in this quiz"),
        (b"learner\titem\tresponse\na\tb\tc\n", "other.csv:2: the item “b” is not in this quiz"),
        (b"\n", "the file is empty"),
    ],
)
def test_tables_with_other_separators(call, quiz, tmp_path, content, message):
    (tmp_path / "other.csv").write_bytes(content)
    code, out, err = call("grade", "other.csv", "--quiz", quiz, "-o", "marks")
    assert (code, out) == (1, "")
    assert message in err


def test_a_pipe_is_refused_rather_than_waited_for(call, quiz, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    code, _, err = call("grade", "pipe", "--quiz", quiz, "-o", "marks")
    assert code == 1
    assert "a pipe or a device; save the responses in a file first" in err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"item": "ghost", "action": "void"}, "“ghost”, which is not in this quiz; mend or remove that line"),
        ({"item": "*", "action": "void"}, "names no slot"),
        ({"item": "", "action": "accept", "responses": ["zzz"]}, "not one of the options; mend or remove that line"),
        ({"item": "", "action": "explode"}, "amendments.jsonl:1: cannot be read"),
    ],
)
def test_amendments_that_cannot_be_applied(call, quiz, tmp_path, line, message):
    item = json.loads((quiz / "items.jsonl").read_text().split("\n")[0])["id"]
    amendment = {**line, "item": line["item"] or item, "reason": "r", "date": "2026-01-01"}
    (quiz / "amendments.jsonl").write_text(json.dumps(amendment) + "\n")
    code, out, err = call("grade", "r.csv", "--quiz", quiz, "-o", "marks")
    assert (code, out) == (1, "")
    assert "amendments.jsonl" in err
    assert message in err
    assert not (tmp_path / "marks").exists()


@pytest.mark.parametrize(("redirection", "code"), [(">&-", 0), ("2>&-", 0), ("2>/dev/full", 0), (">/dev/full", 1)])
def test_streams_that_are_closed_or_full(redirection, code):
    command = f"{sys.executable} -m quizgen.cli formats {redirection}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "should not have happened" not in done.stderr


@pytest.mark.parametrize("module", ["quizgen", "quizgen.cli"])
def test_python_runs_the_package(module):
    command = [sys.executable, "-m", module, "--version"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.partition(",")[0]) == (0, "quizgen"), done.stderr


def test_a_template_of_which_the_disk_takes_nothing_is_not_left_behind(call, tmp_path):
    command = f"ulimit -f 0; {sys.executable} -m quizgen.cli new abc --kind numeric"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "abc.yaml: " in done.stderr
    assert not (tmp_path / "abc.yaml").exists()


def test_the_library_refuses_what_the_program_refuses(quiz, tmp_path):
    bank, names = load_bank(), ["why-sum-of-logs"]
    with pytest.raises(ValueError, match="at least 1"):
        assemble(bank, names, source=Source("1"), variants=0)
    with pytest.raises(ValueError, match="one of practice, exam"):
        assemble(bank, names, source=Source("1"), purpose="fun")
    with pytest.raises(ValueError, match="drawn from a secret"):
        assemble(bank, names, source=Source("1"), purpose="exam")
    assert len(assemble(bank, names[0], source=Source("1"), variants=2).quiz.slots) == 1
    assert [done.format for done in export(quiz, "json", tmp_path / "x")] == ["json"]


def test_a_variant_and_a_fixed_draw_exclude_each_other(call):
    code, out, err = call("show", "obj-expression-choice", "--variant", "3", "--fixed", "S8")
    assert (code, out) == (2, "")
    assert "--variant and --fixed exclude each other" in err


@pytest.mark.parametrize("content", ["learner,item,response\n", "learner,item,response\nada,nothing-1,x\n"])
def test_nothing_to_grade_leaves_earlier_marks(call, quiz, tmp_path, content):
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks" / "marks.csv").write_text("earlier\n")
    (tmp_path / "r.csv").write_text(content)
    code, _, err = call("grade", "r.csv", "--quiz", str(quiz), "-o", "marks")
    assert code == 1
    assert "no response could be graded" in err
    assert (tmp_path / "marks" / "marks.csv").read_text() == "earlier\n"
