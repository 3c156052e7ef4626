"""What lies there already: never lost, never half-overwritten, whatever folder a person names."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest

from quizgen.folders import FolderError, written_as_a_whole
from tests.cli.test_commands import ROOT, built, files, quiz

__all__ = ["built", "quiz"]
BUILD = ("build", "why-sum-of-logs", "--variants", "2")


def test_a_note_inside_an_export_survives_a_new_build(call, quiz):
    assert call("export", quiz, "--to", "html")[0] == 0
    (quiz / "html" / "note.txt").write_text("mine")
    before = files(quiz)
    code, out, err = call(*BUILD, "-o", quiz)
    assert (code, out) == (1, "")
    assert "note.txt" in err
    assert files(quiz) == before
    (quiz / "html" / "note.txt").unlink()
    assert call(*BUILD, "-o", quiz)[0] == 0


def test_a_folder_with_a_manifest_that_is_not_ours(call, quiz):
    (quiz / "own").mkdir()
    (quiz / "own" / "export.json").write_text("{}")
    assert call(*BUILD, "-o", quiz)[0] == 1
    assert (quiz / "own" / "export.json").is_file()


@pytest.mark.parametrize("place", [".", "..", "/", "a-file/out", "link", "x" * 300])
def test_places_where_no_folder_can_stand(call, tmp_path, monkeypatch, place):
    (tmp_path / "a-file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    before = files(tmp_path)
    code, out, err = call(*BUILD, "-o", place if place in (".", "..", "/") else f"../{place}")
    assert (code, out) == (1, "")
    assert err.count("quizgen: error: ") == 1
    assert "; " in err
    assert files(tmp_path) == before


def test_what_a_killed_export_left_is_removed(call, quiz):
    (quiz / ".html.abcdefgh.part").mkdir()
    assert call("export", quiz, "--to", "html")[0] == 0
    (quiz / ".json.abcdefgh.part").mkdir()
    assert call(*BUILD, "-o", quiz)[0] == 0
    assert sorted(path.name for path in quiz.iterdir()) == ["items.jsonl", "keys.jsonl", "quiz.json"]
    assert [path.name for path in quiz.parent.iterdir() if path.name.startswith(".quiz")] == []


def test_the_unfinished_folder_of_a_living_process_stays(tmp_path):
    with written_as_a_whole(tmp_path / "out", lambda _: "") as first:
        (first / "a").write_text("first")
        with written_as_a_whole(tmp_path / "out", lambda _: "") as second:
            (second / "a").write_text("second")
        assert (first / "a").read_text() == "first"
        assert (tmp_path / "out" / "a").read_text() == "second"
    assert (tmp_path / "out" / "a").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_exchange_that_was_interrupted_is_undone(tmp_path):
    (tmp_path / ".out.former").mkdir()
    (tmp_path / ".out.former" / "a").write_text("mine")
    with pytest.raises(FolderError, match="holds a"), written_as_a_whole(tmp_path / "out", lambda _: "holds a"):
        pass
    assert (tmp_path / "out" / "a").read_text() == "mine"


WRITER = """
import sys, time
from pathlib import Path
from quizgen.folders import written_as_a_whole
with written_as_a_whole(Path(sys.argv[1]), lambda folder: "") as beside:
    (beside / "quiz.json").write_text("half")
    print("writing", flush=True)
    time.sleep(60)
"""


def test_a_killed_writer_leaves_what_was_there(call, quiz):
    before = files(quiz)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(quiz)], env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    assert list(quiz.parent.glob(".quiz.*.part"))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert files(quiz) == before
    assert call(*BUILD, "-o", quiz)[0] == 0
    assert not list(quiz.parent.glob(".quiz.*"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data["slots"][0].update(points="7"), "was changed after the archive was sealed"),
        (lambda data: data.update(purpose="exam"), "was changed after the archive was sealed"),
        (lambda data: data.update(format_version=0), "format 0, which there never was"),
        (lambda data: data["settings"]["seal"].pop("quiz_sha256") and data["slots"][0]["pool"].append("x"), "item 'x'"),
    ],
)
def test_a_quiz_that_was_edited_by_hand(call, quiz, change, message):
    data = json.loads((quiz / "quiz.json").read_text())
    change(data)
    (quiz / "quiz.json").write_text(json.dumps(data))
    code, out, err = call("export", quiz, "--to", "html")
    assert (code, out) == (1, "")
    assert message in err
    assert not (quiz / "html").exists()


def test_a_quiz_from_before_its_own_seal_is_read(call, quiz):
    data = json.loads((quiz / "quiz.json").read_text())
    del data["settings"]["seal"]["quiz_sha256"]
    (quiz / "quiz.json").write_text(json.dumps(data))
    assert call("export", quiz, "--to", "html")[0] == 0


def test_swapped_files_are_not_called_short(call, quiz):
    shutil.move(quiz / "items.jsonl", quiz / "x")
    shutil.move(quiz / "keys.jsonl", quiz / "items.jsonl")
    shutil.move(quiz / "x", quiz / "keys.jsonl")
    code, _, err = call("export", quiz, "--to", "html")
    assert code == 1
    assert "items.jsonl: was changed" in err


def test_a_template_with_an_error_in_a_text_is_never_drawn(call, tmp_path):
    (tmp_path / "bank").mkdir()
    text = "template: a\nkind: numeric\ndraw: {a: 2..9}\nstem: \"{{ 'a'*10**8 }} <script>\"\nkey: a\n"
    (tmp_path / "bank" / "a.yaml").write_text(text)
    code, out, err = call("build", "--bank", "bank", "-o", "out")
    assert (code, out) == (1, "")
    assert "bank/a.yaml:4:8: Q200" in err
    assert not (tmp_path / "out").exists()


def test_export_needs_a_learner_of_the_roster(call, quiz):
    code, _, err = call("export", quiz, "--to", "html", "--learner", "nobody")
    assert code == 1
    assert "name a learner of the roster" in err
