"""The commands from end to end: data and chatter apart, nothing lost, nothing half-written."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quizgen.cli.program import run

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ("obj-expression-choice", "loss-numeric-nats", "obj-write-symbolic", "why-sum-of-logs")


EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An archive with responses of an invented class."""
    folder = tmp_path_factory.mktemp("built")
    assert run(["build", *TEMPLATES, "--variants", "3", "-q", "-o", str(folder / "quiz")]) == 0
    assert run(["simulate", str(folder / "quiz"), "--learners", "6", "-q", "-o", str(folder / "r.csv")]) == 0
    return folder


@pytest.fixture
def quiz(built, tmp_path):
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path / "quiz"


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_list_says_what_there_is(call):
    code, out, _ = call("list", "--json")
    rows = {row["template"]: row for row in json.loads(out)}
    assert code == 0
    assert set(TEMPLATES) <= set(rows)
    assert rows["obj-expression-choice"]["variants"] > 1000
    assert call("list", "--json")[1] == out
    assert "obj-expression-choice" in call("list")[1]


def test_list_by_concept(call):
    code, out, _ = call("list", "--concept", "c-mlm-nll", "--json")
    assert code == 0
    assert all("c-mlm-nll" in row["concepts"] for row in json.loads(out))
    code, out, err = call("list", "--concept", "no-such")
    assert (code, out) == (2, "")
    assert "c-mlm-nll" in err


def test_several_banks_are_seen_as_one(call, tmp_path):
    both = ["--bank", str(EXAMPLES / "bank"), "--bank", str(EXAMPLES / "german")]
    rows = json.loads(call("list", *both, "--json")[1])
    assert {row["bank"] for row in rows} == {"examples", "beispiele"}
    out = call("list", *both)[1]
    assert out.splitlines()[0].split()[:6] == ["template", "kind", "Bloom", "variants", "concepts", "bank"]
    assert "rectangle" in call("show", "examples/rectangle-area", *both)[1]
    assert call("check", *both)[:2] == (0, "")
    mixed = ["--bank", str(EXAMPLES / "bank"), "--bank", "shipped"]
    assert call("build", "rectangle-area", "loss-numeric-nats", *mixed, "--variants", "2", "-o", "mixed")[0] == 0
    assert call("preview", "rectangle-area", *mixed, "--variants", "2", "-o", "page.html")[0] == 0


def test_the_concepts_of_several_banks_are_drawn_together(call, tmp_path):
    for bank, concepts in (
        ("one", "{c-a: {name: A}, c-b: {name: B, before: [c-a]}}"),
        ("two", "{c-a: {}, c-c: {name: C}}"),
    ):
        (tmp_path / bank).mkdir()
        (tmp_path / bank / "bank.yaml").write_text(f"bank: {bank}\n")
        text = f"template: t{bank}\nkind: true-false\nconcepts: [c-a]\nstem: It is so.\nkey: true\n"
        (tmp_path / bank / f"t{bank}.yaml").write_text(text)
        (tmp_path / bank / "concepts.yaml").write_text(f"concepts: {concepts.replace('{}', '{name: Again}')}\n")
    both = ["--bank", "one", "--bank", "two"]
    code, out, err = call("list", *both, "--graph", "map.svg")
    assert (code, out.strip()) == (0, "map.svg")
    assert "3 concepts, 1 of them with questions" in err
    picture = (tmp_path / "map.svg").read_text()
    assert picture.count("<rect") == 3
    assert ">2</text>" in picture  # a question of each bank is about c-a
    assert "Again" not in picture
    (tmp_path / "two" / "concepts.yaml").write_text("concepts: {c-b: {name: B}, c-a: {name: A, before: [c-b]}}\n")
    code, _, err = call("list", *both, "--graph", "other.svg")
    assert code == 1
    assert "each of these has to be known before the next" in err


def test_misconceptions_of_several_banks_stand_beside_each_other(call, tmp_path):
    (tmp_path / "mine" / "misconceptions").mkdir(parents=True)
    (tmp_path / "mine" / "bank.yaml").write_text("bank: mine\n")
    (tmp_path / "mine" / "t.yaml").write_text("template: t\nkind: true-false\nstem: It is so.\nkey: true\n")
    said = "{title: Mine, hint: Which sign?, feedback: The other one.}"
    words = f"- misconception: flip-sign\n  concept: c-mlm-nll\n  en: {said}\n"
    (tmp_path / "mine" / "misconceptions" / "own.yaml").write_text(words)
    both = ["--bank", "mine", "--bank", "shipped"]
    rows = json.loads(call("misconceptions", "flip-sign", *both, "--json")[1])
    assert [(row["bank"], row["title"] == "Mine") for row in rows] == [("mine", True), ("mlm", False)]
    (row,) = json.loads(call("misconceptions", "swap-targets", *both, "--json")[1])
    assert row["bank"] == "mlm"
    assert call("misconceptions", *both)[1].splitlines()[0].split() == [
        "misconception",
        "kind",
        "concept",
        "bank",
        "title",
    ]
    alone = json.loads(call("misconceptions", "flip-sign", "--json")[1])
    assert "bank" not in alone[0]


def test_list_tells_who_wrote_and_reviewed_a_template(call, tmp_path):
    text = "template: t\nkind: true-false\nstem: It is so.\nkey: true\n"
    (tmp_path / "t.yaml").write_text(text + "review: {status: piloted, by: A. Teacher}\nauthor: B. Teacher\n")
    header, row = call("list", "--bank", ".")[1].splitlines()
    assert header.split()[-3:] == ["review", "author", "title"]
    assert "piloted  B. Teacher" in row
    found = json.loads(call("list", "--bank", ".", "--json")[1])
    assert (found[0]["review"], found[0]["licence"]) == ("piloted", "")


def test_list_says_once_what_all_templates_say(call):
    header, *rows = call("list")[1].splitlines()
    assert header.split()[-2:] == ["review", "title"]
    assert all("  reviewed  " in row for row in rows)
    assert "All of them: author quizgen authors, licence MIT." in call("list")[2]


def test_a_broken_cache_is_done_without(call, tmp_path):
    first = call("list", "--json")[1]
    for path in (tmp_path / ".cache" / "quizgen").iterdir():
        path.write_text("[1, 2]")
    assert call("list", "--json")[1] == first


def test_show_has_everything_a_reviewer_needs(call):
    code, out, _ = call("show", "obj-expression-choice", "--fixed", "S8")
    assert code == 0
    for piece in ("quick (position 2)", "✓ log Pr(x₂ = quick | x̄) + log Pr(x₈ = lazy | x̄)", "✗", "Hints", "Solution"):
        assert piece in out
    assert "Zielfunktion" in call("show", "obj-expression-choice", "--fixed", "S8", "--language", "de")[1]
    question = call("show", "obj-expression-choice", "--question-only")[1]
    assert "✓" not in question
    assert "Solution" not in question


def test_every_template_can_be_shown(call):
    for row in json.loads(call("list", "--json")[1]):
        code, out, err = call("show", row["template"], "--variant", "1")
        assert code == 0, err
        assert row["title"] in out


def test_show_of_nothing(call):
    code, out, err = call("show", "obj-expresion-choice")
    assert (code, out) == (1, "")
    assert "obj-expression-choice" in err


def test_the_same_seed_gives_the_same_bytes(call, quiz, tmp_path):
    assert call("build", *TEMPLATES, "--variants", "3", "-o", "again")[0] == 0
    assert files(tmp_path / "again") == files(quiz)
    call("build", *TEMPLATES, "--variants", "3", "--seed", "2", "-o", "other")
    assert files(tmp_path / "other") != files(quiz)


def test_an_exam_is_drawn_from_a_secret_that_is_nowhere(call, tmp_path):
    secret = "correct-horse-battery-staple"
    (tmp_path / "secret.txt").write_text(secret)
    for name in ("a", "b"):
        code, out, err = call(
            "build", "loss-numeric-nats", "--variants", "2", "--for", "exam", "--secret-file", "secret.txt", "-o", name
        )
        assert code == 0, err
        assert secret not in out + err
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert not any(secret.encode() in data for data in files(tmp_path / "a").values())


def test_practice_does_not_show_the_variants_of_the_exam(call, tmp_path):
    (tmp_path / "secret.txt").write_text("correct-horse-battery-staple")
    for purpose in ("exam", "practice"):
        call("build", "loss-numeric-nats", "--for", purpose, "--secret-file", "secret.txt", "-o", purpose)
    exam, practice = ((tmp_path / name / "items.jsonl").read_text() for name in ("exam", "practice"))
    stems = [{json.dumps(json.loads(line)["stem"]) for line in text.splitlines()} for text in (exam, practice)]
    assert stems[0] != stems[1]


def test_a_short_secret_is_refused(call, tmp_path):
    (tmp_path / "secret.txt").write_text("short")
    code, _, err = call("build", "--for", "exam", "--secret-file", "secret.txt", "-o", "x")
    assert code == 2
    assert "secret.txt: the secret has 5 bytes" in err
    assert not (tmp_path / "x").exists()


def test_a_pool_that_cannot_be_filled(call, tmp_path):
    code, _, err = call("build", "tf-single-token", "--variants", "50", "-o", "x")
    assert code == 0
    assert "Q712" in err
    code, _, err = call("build", "tf-single-token", "--variants", "50", "--strict", "-o", "y")
    assert code == 1
    assert not (tmp_path / "y").exists()


def test_a_folder_that_is_not_ours_is_left_alone(call, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    for arguments in (("build", "why-sum-of-logs", "--variants", "1"),):
        code, _, err = call(*arguments, "-o", "mine")
        assert code == 1
        assert "mine" in err
    assert files(tmp_path / "mine").keys() == {(tmp_path / "mine" / "thesis.txt").relative_to(tmp_path / "mine")}


def test_two_equal_ids_in_a_roster(call, tmp_path):
    (tmp_path / "class.csv").write_text("learner\nada\ngrace\nada\n")
    code, _, err = call("build", "why-sum-of-logs", "--roster", "class.csv", "-o", "x")
    assert code == 1
    assert "class.csv:4" in err
    assert not (tmp_path / "x").exists()


def test_forms_for_a_roster(call, tmp_path):
    (tmp_path / "class.csv").write_text("learner\nada\ngrace\n")
    code, out, _ = call("build", *TEMPLATES, "--variants", "3", "--roster", "class.csv", "-o", "x", "--json")
    assert code == 0
    assert json.loads(out)["forms"] == 2


def test_export_says_what_to_do_next_and_dates_a_deck(call, quiz, monkeypatch):
    def deck():
        code, _, err = call("export", "quiz", "--to", "anki", "gift")
        assert code == 0
        return err, (quiz / "anki" / "quiz.apkg").read_bytes()

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    err, first = deck()
    assert "  next: in Anki choose File, Import" in err
    assert "  next: in the question bank of the course choose Import, GIFT format" in err
    assert deck()[1] == first
    os.utime(quiz / "quiz.json", (2e9, 2e9))
    later = deck()[1]
    assert later != first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    fixed = deck()[1]
    os.utime(quiz / "quiz.json", (1e9, 1e9))
    assert deck()[1] == fixed != later
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9" * 25)
    built = deck()[1]
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert deck()[1] == built != fixed


def test_export_lists_its_files_and_caveats(call, quiz):
    code, out, err = call("export", "quiz", "--to", "html", "moodle-xml")
    assert code == 0
    assert [line for line in out.splitlines() if line.startswith("quiz/html/")]
    assert "moodle-xml: 10 items" in err or "moodle-xml: " in err
    assert all((quiz.parent / line).is_file() for line in out.splitlines())


def test_export_strictly(call, quiz):
    code, _, err = call("export", "quiz", "--to", "moodle-xml", "--strict")
    assert code == 1
    assert "symbolic" in err
    assert not (quiz / "moodle-xml").exists()


def test_an_unknown_format(call, quiz):
    code, _, err = call("export", "quiz", "--to", "moodle")
    assert code == 2
    assert "moodle-xml" in err


def test_grading_a_class(call, quiz, tmp_path):
    code, out, err = call("grade", "r.csv", "--quiz", "quiz", "-o", "marks")
    assert code == 0, err
    assert "misconception" in out
    assert sorted(path.name for path in (tmp_path / "marks").iterdir()) == [
        "details.jsonl", "marks.csv", "report.html", "report.json", "summary.json"
    ]  # fmt: skip
    rows = list(csv.DictReader((tmp_path / "marks" / "marks.csv").open()))
    assert len(rows) == 6
    details = [json.loads(line) for line in (tmp_path / "marks" / "details.jsonl").read_text().splitlines()]
    assert len(details) == 24
    truth = {entry["learner"]: entry for entry in json.loads((tmp_path / "r.truth.json").read_text())["learners"]}
    assert set(truth) == {row["learner"] for row in rows}
    assert call("grade", "r.csv", "--quiz", "quiz", "-o", "marks")[0] == 0


def test_marks_add_up(call, quiz, tmp_path):
    call("grade", "r.csv", "--quiz", "quiz", "-o", "marks")
    for row in csv.DictReader((tmp_path / "marks" / "marks.csv").open()):
        slots = [float(row[name]) for name in row if name.startswith("s0") and row[name]]
        assert sum(slots) == pytest.approx(float(row["points"]), abs=1e-3)
        assert int(row["pending"]) + len(slots) == len(TEMPLATES)


def test_amendments_stand_in_the_report(call, quiz, tmp_path):
    amendment = {
        "item": "*",
        "slot": "s02-loss-numeric-nats",
        "action": "full-marks",
        "reason": "a < b",
        "date": "2026-11-02",
    }
    (quiz / "amendments.jsonl").write_text(json.dumps(amendment) + "\n")
    code, _, err = call("grade", "r.csv", "--quiz", "quiz", "-o", "marks")
    assert code == 0
    assert "1 amendment" in err
    report = (tmp_path / "marks" / "report.html").read_text()
    assert "2026-11-02: full-marks of s02-loss-numeric-nats. a &lt; b" in report
    summary = json.loads((tmp_path / "marks" / "summary.json").read_text())
    assert [entry["reason"] for entry in summary["amendments"]] == ["a < b"]
    slot = next(entry for entry in summary["slots"] if entry["item"] == "s02-loss-numeric-nats")
    assert slot["facility"] == "1"


def test_a_misconception_only_seen_together_with_another_has_its_title(call, quiz, tmp_path):
    from quizgen.archive import read_archive

    key = next(one.key for one in read_archive(quiz).generated() if one.item.template == "obj-expression-choice")
    rival = next(rival for rival in key.parts[0].key.rivals if len(rival.misconceptions) == 2)
    (tmp_path / "one.csv").write_text(f"learner,item,response\nada,{key.item},{rival.value}\n")
    assert call("grade", "one.csv", "--quiz", "quiz", "-o", "marks")[0] == 0
    titles = json.loads((tmp_path / "marks" / "report.json").read_text())["questions"][0]["options"]
    shown = next(option for option in titles if tuple(option["misconceptions"]) == rival.misconceptions)
    assert not set(shown["title"].split(" + ")) & set(rival.misconceptions)


def test_rows_that_belong_nowhere_are_listed(call, quiz, tmp_path):
    with (tmp_path / "r.csv").open("a") as file:
        file.write("ada,no-such-item,a\n,,\n")
    code, _, err = call("grade", "r.csv", "--quiz", "quiz", "-o", "marks")
    assert code == 1
    assert "r.csv:26" in err
    assert "no-such-item" in err
    assert "no-such-item" in (tmp_path / "marks" / "summary.json").read_text()
    assert "1 row of the files belongs to no question" in (tmp_path / "marks" / "report.html").read_text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"learner,item\na,b\n", "response"),
        (b"", ""),
        (b"\xff\xfe\x00", ""),
        (b"learner,item,response\nada,\x00,1\n", "r.csv:2"),
    ],
)
def test_response_files_that_are_none(call, quiz, tmp_path, content, message):
    (tmp_path / "r.csv").write_bytes(content)
    code, _, err = call("grade", "r.csv", "--quiz", "quiz", "-o", "marks")
    assert code == 1
    assert message in err
    assert "r.csv" in err


def test_an_archive_that_was_cut_in_half(call, quiz):
    path = quiz / "items.jsonl"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for arguments in (("grade", "r.csv", "--quiz", "quiz", "-o", "m"), ("export", "quiz", "--to", "html")):
        code, _, err = call(*arguments)
        assert code == 1
        assert "cut short" in err


def test_an_archive_of_another_version(call, quiz):
    text = (quiz / "quiz.json").read_text().replace('"format_version": 1', '"format_version": 99')
    (quiz / "quiz.json").write_text(text)
    code, _, err = call("export", "quiz", "--to", "html")
    assert code == 1
    assert "update quizgen" in err


def test_an_archive_without_keys_cannot_grade(call, quiz):
    (quiz / "keys.jsonl").unlink()
    code, _, err = call("grade", "r.csv", "--quiz", "quiz", "-o", "m")
    assert code == 1
    assert "without keys" in err


def test_a_new_template_passes_the_check_and_is_not_overwritten(call, tmp_path):
    assert call("new", "my-question", "--kind", "single-choice")[0] == 0
    code, out, _ = call("check", "--bank", ".")
    assert (code, out) == (0, "")
    (tmp_path / "my-question.yaml").write_text("mine")
    code, _, err = call("new", "my-question", "--kind", "numeric")
    assert code == 1
    assert "is there already" in err
    assert (tmp_path / "my-question.yaml").read_text() == "mine"
    assert "template: other" in call("new", "other", "--kind", "essay", "-o", "-")[1]


def test_a_new_template_names_the_schema_that_lies_beside_it(call, tmp_path):
    assert call("new", "first", "--kind", "numeric", "-o", "first.yaml")[0] == 0
    line = (tmp_path / "first.yaml").read_text().splitlines()[0]
    prefix, _, name = line.partition("$schema=")
    assert prefix == "# yaml-language-server: "
    assert json.loads((tmp_path / name).read_text()) == json.loads(call("schema", "template")[1])
    (tmp_path / name).write_text((tmp_path / name).read_text()[:200])  # of another version of quizgen
    assert call("new", "second", "--kind", "essay")[0] == 0
    assert json.loads((tmp_path / name).read_text())["title"] == "quizgen template"
    (tmp_path / name).write_text("{}")
    code, _, err = call("new", "third", "--kind", "essay")
    assert (code, (tmp_path / name).read_text()) == (0, "{}")
    assert "stays as it is" in err


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("template: t\nkind: single-choice\nstem: a\nstem: b\nkey: c\nwrong: [d]\n", "t.yaml:4:1"),
        ("template: t\nkind: single-choice\nstem: !!python/object:os.system {}\nkey: c\n", "t.yaml:3"),
        ("a: &a [x, x]\nb: &b [*a, *a]\n", "t.yaml:2:8"),
        ("template: t\nkind: numeric\nstem: \"{{ 'a'*10**8 }}\"\nkey: 1\n", "t.yaml:3"),
        ("template: t\nkind: nmeric\nstem: s\nkey: 1\n", "t.yaml:2:7"),
    ],
)
def test_findings_have_a_place_and_a_remedy(call, tmp_path, text, place):
    (tmp_path / "t.yaml").write_text(text)
    code, out, _ = call("check", "--bank", ".")
    assert code == 1
    assert place in out
    assert "; " in out
    assert "^" in out
    assert json.loads(call("check", "--bank", ".", "--json")[1])


@pytest.mark.usefixtures("ctrl_c")
def test_a_watched_preview_follows_what_is_saved(tmp_path):
    bank, page = tmp_path / "bank", tmp_path / "page.html"
    bank.mkdir()
    template = bank / "sky.yaml"
    template.write_text("template: sky\nkind: short-answer\nstem: Which colour has the sky?\nkey: blue\n")
    command = [sys.executable, "-m", "quizgen.cli", "preview", "sky", "--bank", str(bank), "-o", str(page), "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:

        def shows(words: str) -> bool:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and process.poll() is None:
                if page.exists() and words in page.read_text():
                    return True
                time.sleep(0.05)
            return False

        assert shows("Which colour has the sky?")
        assert 'http-equiv="refresh"' in page.read_text()
        template.write_text("template: sky\nkind: short-answer\nstem: How high is the sky?\nkey: blue\n")
        assert shows("How high is the sky?")
        template.write_text("template: sky\nkind: shrt-answer\nstem: How high is the sky?\nkey: blue\n")
        assert shows("Q104")
        process.send_signal(signal.SIGINT)
        try:
            _, chatter = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0, chatter
    assert "Traceback" not in chatter


def test_a_preview_has_the_title_in_its_language(call, tmp_path):
    assert call("preview", "loss-bits", "--language", "de", "--variants", "1", "-o", tmp_path / "p.html")[0] == 0
    assert "<h1>Berechne den Verlust in Bits</h1>" in (tmp_path / "p.html").read_text()


def test_a_preview_of_an_archive_and_of_a_template(call, quiz, tmp_path):
    assert call("preview", "quiz", "-o", "a.html")[0] == 0
    assert call("preview", "why-sum-of-logs", "--variants", "2", "-o", "b.html")[0] == 0
    for name in ("a.html", "b.html"):
        page = (tmp_path / name).read_text()
        assert page.startswith("<!DOCTYPE html>")
        assert "http://" not in page.replace("http://www.w3.org/", "")


def test_judge_explains_itself(call):
    code, out, _ = call("judge", "log(p_2) + log(p_6)", "log(p_2 p_6)")
    assert code == 0
    assert "read as     log(p₂·p₆)\n" in out
    assert "verdict     equal to the key (symbolic:equal), score 1\n" in out
    assert "ln p₂ + ln p₆" in out
    wrong = call("judge", "log(p_2) + log(p_6)", "p_2 + p_6")[1]
    assert "believed    sum-of-probs (Adds probabilities" in wrong
    assert "at p₂ = 0.94, p₆ = 0.12: -2.1821… against 1.06" in wrong
    assert "    ^" not in out
    assert "^" in call("judge", "log p", "log(p")[1]
    assert call("judge", "log p")[0] == 2


def test_judge_speaks_of_a_sentence(call):
    about = ("--sentence", "the [early] bird catches the [worm]")
    _, out, _ = call("judge", *about, "sum_{i in A} log p_i", "log Pr(early | x) + log p_6")
    assert "difference  Position 2 is conditioned on the original sentence." in out
    assert "x₂: the word at position 2; in the sentence it is “early”" in out
    _, out, _ = call("judge", *about, "--language", "de", "log p_2 + log p_6", "-log(p_2 + p_6)")
    assert "log-of-sum (Nimmt den Logarithmus einer Summe) + flip-sign" in out
    assert call("judge", "--sentence", "no mask", "p", "p")[0] == 2
    assert call("judge", "--language", "xx", "p", "p")[0] == 2
    assert "score 1\n" in call("judge", "--log-base", "2", "log p", "ln p/ln 2")[1]
    assert "score 1\n" in call("judge", "--decimal-comma", "p/2", "0,5 p")[1]
    full = json.loads(call("judge", "--json", "log p", "ln p")[1])
    assert full["echo"]["latex"] == r"\log p"
    assert full["normal_forms"] == ["ln p", "ln p"]


ABOUT = ("--sentence", "the [early] bird catches the [worm]")
GERMAN = {
    "log(p2 p6)": "Urteil       gleich dem Schlüssel (symbolic:equal), Bewertung 1\n"
    "Beweis       beide haben die Normalform\n             ln Pr(x₂ = early | x̄) + ln Pr(x₆ = worm | x̄)\n",
    "log2 p2 + log2 p6": "-1.2787… gegen -1.8448… (Schlüssel gegen Antwort)\n"
    "             Normalform des Schlüssels: ln Pr(x₂ = early | x̄) + ln Pr(x₆ = worm | x̄)\n"
    "             Normalform der Antwort:    (ln 2)^(-1)·ln Pr(x₂ = early | x̄) + (ln 2)^(-1)·ln Pr(x₆ = worm | x̄)\n"
    "vermutlich   wrong-log-base (",
    "log p2 + log p5": "Unterschied  Der Term für Position 6 fehlt.\n"
    "             Position 5 war nicht maskiert, sie trägt nichts bei.\n",
    "log p2 + log": "Die Antwort kann nicht gelesen werden; sie wird nicht bewertet und kostet nichts.\n\n"
    "log p2 + log\n            ^\nAm Ende der Formel fehlt etwas.\n",
    "0,5 log p2": "\n ^\nIst das Komma ein Dezimalkomma? Schreibe bitte einen Dezimalpunkt.\n"
    "Schreibe stattdessen: 0.5\n",
    "log p_9": "Für p_9 gibt es keine Position; die Positionen gehen von 0 bis 6.\n",
    "2.3 or 2.4": "(bekannt: n, m, p_0, p_1, p_2, p_3, p_4, p_5, …).\n",
    "log(p2 - p2)": "gegen nicht definiert (Schlüssel gegen Antwort)\n",
}


@pytest.mark.parametrize("answer", GERMAN)
def test_judge_explains_itself_in_german(call, answer):
    code, out, _ = call("judge", *ABOUT, "--language", "de", "log p2 + log p6", answer)
    assert code == 0
    assert GERMAN[answer] in out
    english = ("read", "verdict", "proof", "against", "normal form", "difference", "believed", "ype", " key")
    assert [word for word in english if word in out] == []


def test_judge_refuses_a_key_in_the_language(call):
    _, out, _ = call("judge", "--language", "de", "log(", "x")
    assert out.startswith("Der Schlüssel kann nicht gelesen werden.\n\nlog(\n    ^\nAm Ende der Formel fehlt etwas.\n")
    lines = [b'{"key": "log p_2", "answer": "log(p_2"}', b'{"key": "log p_2 + log p_6", "answer": "log p_2 + log p_5"}']
    _, out, _ = call("judge", "--language", "de", stdin=b"\n".join(lines))
    refused, different = (json.loads(line) for line in out.splitlines())
    assert refused["refusal"]["message"] == "Diese Klammer wird nicht geschlossen."
    assert different["differences"][0] == "Der Term für Position 6 fehlt."
    assert " gegen " in different["witness"]


def test_judge_answers_every_line_in_order(call):
    lines = [
        b'{"key": "log p_2", "answer": "log(p_2)"}',
        b"not json",
        b"",
        b'["list"]',
        b'{"key": "x"}',
        b'{"key": "x", "answer": "x", "assume": "magic"}',
        b'{"key": "' + b"x" * 1_100_000 + b'", "answer": "x"}',
        b"\xff\xfe",
        b'{"key": "log p", "answer": "log(p"}',
        b'{"key": "a*b", "answer": "b a", "assume": "real"}',
    ]
    code, out, _ = call("judge", stdin=b"\n".join(lines))
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer["outcome"] for answer in answers] == ["equal", *["invalid"] * 8, "equal"]
    assert all(set(answer) >= {"outcome", "score", "note", "reading", "diagnosis", "witness"} for answer in answers)
    assert answers[8]["refusal"]["message"]


def test_misconceptions_and_schemas(call):
    rows = json.loads(call("misconceptions", "--json")[1])
    assert "sum-of-probs" in {row["misconception"] for row in rows}
    assert "Logarithmen" in call("misconceptions", "sum-of-probs", "--language", "de")[1]
    code, _, err = call("misconceptions", "sum-of-prob")
    assert code == 2
    assert "sum-of-probs" in err
    assert json.loads(call("schema", "template")[1])["$schema"]


def test_a_full_disk_loses_nothing(call, quiz, tmp_path, monkeypatch):
    import errno
    import os

    call("grade", "r.csv", "--quiz", "quiz", "-o", "marks")
    before = files(tmp_path / "marks")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for arguments in (
        ("grade", "r.csv", "--quiz", "quiz", "-o", "marks"),
        ("simulate", "quiz", "-o", "r.csv"),
        ("build", "why-sum-of-logs", "-o", "quiz"),
    ):
        code, _, err = call(*arguments)
        assert code == 1
        assert "pace" in err
    assert files(tmp_path / "marks") == before
    assert not list(tmp_path.glob(".*.part"))
