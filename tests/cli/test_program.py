"""The program: exit codes, one style of errors, quick starts, no traceback for a person."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import click
import pytest

from quizgen.cli import guard, program
from quizgen.cli.errors import sentence_of
from quizgen.cli.program import COMMANDS, run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def call(capfd):
    """Runs a command line; gives (exit code, standard output, standard error)."""

    def called(*arguments):
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return called


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(call, name):
    code, out, _ = call(name, "--help")
    assert code == 0
    assert f"Usage: quizgen {name}" in out
    if " COMMAND " in out:  # a group: each of its commands explains itself
        inner = [line.split()[0] for line in out.partition("Commands:\n")[2].splitlines() if line.strip()]
        assert inner
        out = "".join(call(name, one, "--help")[1] for one in inner)
        assert out.count("--quiet") == len(inner)
    assert "--quiet" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_agrees_with_the_command(name):
    command = program.program.get_command(click.Context(program.program), name)
    assert command is not None
    assert (command.name, command.short_help) == (name, COMMANDS[name])


def test_folder_and_table_of_commands_agree():
    modules = {path.stem for path in (ROOT / "quizgen" / "cli" / "commands").glob("*.py")} - {"__init__"}
    assert modules == set(COMMANDS)


def test_no_command_is_wrong_usage_and_helps(call):
    code, out, err = call()
    assert (code, out) == (2, "")
    assert "Commands:" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lst",), "there is no command 'lst'; did you mean 'list'?"),
        (("list", "--bank", "/no/such"), "does not exist"),
        (("new", "Not A Slug", "--kind", "numeric"), "cannot name a template"),
        (("schema", "nothing"), "there is no schema 'nothing'; there are: template"),
        (("build",), "Missing option '-o'"),
        (("build", "--for", "exam", "--seed", "1", "-o", "x"), "not from a seed"),
        (("completion", "tcsh"), "is not one of"),
    ],
)
def test_wrong_usage(call, monkeypatch, arguments, message):
    monkeypatch.delenv("QUIZGEN_SECRET", raising=False)
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("quizgen: error: ")
    assert message in err
    assert "--help" in err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(call, shell):
    code, out, _ = call("completion", shell)
    assert code == 0
    assert "_QUIZGEN_COMPLETE" in out


def test_completion_completes():
    environment = {"_QUIZGEN_COMPLETE": "bash_complete", "COMP_WORDS": "quizgen sche", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "quizgen.cli"], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "plain,schema\n"


def raises(error):
    def action():
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "out/items.jsonl"), 1, "free some space"),
        (PermissionError(errno.EACCES, "Permission denied", "x"), 1, "x: Permission denied; choose another place"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a.csv"), 1, "a.csv: No such file"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), 1, "save the file as UTF-8"),
        (RecursionError("maximum recursion depth exceeded"), 1, "nested too deeply"),
        (MemoryError(), 1, "memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (ZeroDivisionError("division by zero"), 70, "ZeroDivisionError: division by zero"),
    ],
)
def test_whatever_happens_is_one_sentence(capfd, monkeypatch, error, code, message):
    monkeypatch.delenv("QUIZGEN_DEBUG", raising=False)
    assert guard.guarded(raises(error)) == code
    err = capfd.readouterr().err
    assert message in err
    assert "Traceback" not in err
    assert err.startswith("quizgen: error: ")
    assert err.count("\n") == 1


def test_the_traceback_is_there_for_whoever_asks(monkeypatch):
    monkeypatch.setenv("QUIZGEN_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        guard.guarded(raises(ZeroDivisionError()))


def test_findings_are_all_told():
    from quizgen.findings import Finding, FindingsError, Place

    one = Finding(Place("a.yaml", 3, 1), "Q1", "is wrong", "mend it")
    assert sentence_of(FindingsError([one])) == "a.yaml:3:1: Q1 is wrong; mend it"
    assert (sentence_of(FindingsError([one, one])) or "").startswith("2 findings\na.yaml:3:1: Q1")


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -m quizgen.cli schema --json | head -c 10"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_no_colour_when_it_is_not_wanted(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert guard.colour() is False
    monkeypatch.delenv("NO_COLOR")
    assert guard.colour() is None


def test_quiet_still_says_what_is_wrong(call, tmp_path):
    call("build", "loss-numeric-nats", "--variants", "2", "-o", str(tmp_path / "quiz"))
    responses = tmp_path / "r.csv"
    responses.write_text("learner,item,response\nana,no-such-item,1\n")
    code, _, err = call("grade", str(responses), "--quiz", str(tmp_path / "quiz"), "-o", str(tmp_path / "m"), "--quiet")
    assert code == 1
    assert "no-such-item" in err
    assert "nothing is written" in err


def test_quiet_is_quiet(call):
    assert call("formats", "--quiet")[2] == ""
    assert call("formats")[2] != ""
