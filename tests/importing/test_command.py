"""``quizgen import`` at the prompt."""

from __future__ import annotations

import json
import re

from quizgen.importing import read_questions
from quizgen.importing.yaml_writing import template_text
from tests.cli.test_commands import ROOT
from tests.importing import files

PAGE = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")


def test_templates_and_losses_are_listed(call, tmp_path):
    (tmp_path / "m.xml").write_text(files.MOODLE, encoding="utf-8")
    (tmp_path / "g.gift").write_text("::Sky::It is blue.{T}\n", encoding="utf-8")
    code, out, err = call("import", "m.xml", "g.gift", "-o", "bank", "--bank-name", "My questions")
    assert code == 1
    assert re.search(r"^pi +numeric +m\.xml:\d+ +Pi$", out, re.MULTILINE)
    assert "Q810 “Maxima”: a STACK question" in out
    assert "9 templates, 6 questions not carried" in err
    assert (tmp_path / "bank" / "bank.yaml").read_text() == "bank: my-questions\ntitle: My questions\nlang: en\n"
    assert call("check", "--bank", "bank")[0] == 0
    assert call("show", "capital", "--bank", "bank")[0] == 0


def test_json_and_a_second_time(call, tmp_path):
    (tmp_path / "g.gift").write_text("::Sky::It is blue.{T}\n\nJust words.\n", encoding="utf-8")
    code, out, _ = call("import", "g.gift", "-o", "bank", "--json")
    told = json.loads(out)
    assert code == 1
    assert told["templates"] == [
        {"template": "sky", "kind": "true-false", "file": "bank/sky.yaml", "from": "g.gift:1", "question": "Sky"}
    ]
    assert [(loss["code"], loss["carried"]) for loss in told["lost"]] == [("Q810", False)]
    before = {path: path.read_bytes() for path in (tmp_path / "bank").iterdir()}
    code, out, err = call("import", "g.gift", "-o", "bank")
    assert (code, out) == (1, "")
    assert "Q820 the template is there already" in err
    assert {path: path.read_bytes() for path in (tmp_path / "bank").iterdir()} == before


def test_wrong_usage(call, tmp_path):
    (tmp_path / "x.txt").write_text("nothing", encoding="utf-8")
    for arguments, code, message in (
        (("import", "x.txt", "-o", "bank"), 1, "Q801"),
        (("import", "none.xml", "-o", "bank"), 1, "Q001"),
        (("import", "x.txt"), 2, "-o"),
        (("import", "x.txt", "-o", ""), 2, "-o names nothing"),
        (("import", "x.txt", "-o", "bank", "--language", "English!"), 2, "no code of a language"),
    ):
        got, out, err = call(*arguments)
        assert (got, out) == (code, "")
        assert message in err
    assert not (tmp_path / "bank").exists()


def test_the_example_of_the_guide(tmp_path):
    gift, yaml = (re.search(rf"^```{name}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[1] for name in ("gift", "yaml"))
    path = tmp_path / "example.gift"
    path.write_text(gift, encoding="utf-8")
    (question,) = read_questions(path).questions
    assert template_text(question, question.id) == yaml
