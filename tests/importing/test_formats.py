"""What becomes of questions that other programs wrote."""

from __future__ import annotations

import pytest

from quizgen.checks import check_bank
from quizgen.findings import FindingsError, Severity
from quizgen.importing import read_questions, write_templates
from quizgen.importing.yaml_writing import template_data
from tests.importing import files


def made(tmp_path, name, content):
    """(template data by id, losses as (question, code, reason)) of a file."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    imported = read_questions(path)
    done = write_templates(tmp_path / "bank", imported.questions, "Mine")
    errors = [f for f in check_bank(tmp_path / "bank") if f.severity is Severity.ERROR]
    assert errors == []
    lost = [(loss.question, loss.code, loss.reason) for loss in (*imported.lost, *done.lost)]
    return {written.template: template_data(written.question, written.template) for written in done.written}, lost


def without(data, *names):
    return {key: value for key, value in data.items() if key not in names}


def test_moodle_xml(tmp_path):
    found, lost = made(tmp_path, "m.xml", files.MOODLE)
    assert list(found) == ["capital", "primes", "sun", "pi", "star", "animals", "gaps", "why"]
    assert found["capital"] == {
        "template": "capital",
        "kind": "single-choice",
        "concepts": ["geography"],
        "stem": "What is the **capital** of *France*? It costs \\$5, $x_1 < 2$.\n\n- one\n- two \\* three\n\n"
        "| a | b\\|c |\n| --- | --- |\n| 1 | 2 |\n\n[a map]",
        "key": "Paris",
        "wrong": [{"text": "Lyon", "credit": "1/3", "feedback": "Only the *second* city."}, "Berlin"],
        "points": "2",
        "hints": ["It lies on the Seine."],
        "solution": "Paris it is.",
    }
    assert without(found["primes"], "template", "kind", "stem") == {
        "key": ["2", "3"],
        "wrong": [{"text": "4", "feedback": "Two by two."}, "9"],
    }
    assert found["sun"]["key"] == "true"
    assert found["pi"]["key"] == {"value": "3.14", "tolerance": "0.01", "within": {"0.1": "0.5"}, "unit": "m"}
    assert found["pi"]["wrong"] == {"answer-22": {"value": "22", "feedback": "Divide by 7."}}
    assert found["star"]["stem"] == "Write 2\\*3 < &#123;{ x }}."
    assert (found["star"]["key"], found["star"]["accept"]) == ("2\\*3", ["six"])
    assert found["animals"]["key"] == {"cat": "Katze", "dog": "Hund"}
    assert found["animals"]["wrong"] == ["Maus"]
    assert found["gaps"]["stem"] == "The {{ gap.g1 }} sat on {{ gap.g2 }} for {{ gap.g3 }} hours."
    assert [part["weight"] for part in found["gaps"]["parts"].values()] == ["0.25", "0.5", "0.25"]
    assert found["why"]["rubric"] == [{"points": "1", "text": "Because."}]
    whole = {question: code for question, code, _ in lost if code != "Q811"}
    assert whole == {
        "Sum": "Q810", "Maxima": "Q810", "Drag": "Q810", "New": "Q810", "Nothing right": "Q812", "Read this": "Q810",
    }  # fmt: skip
    reasons = " ".join(reason for _, code, reason in lost if code == "Q811")
    for word in ("picture", "take points away", "*6*", "first unit", "as a whole", "files"):
        assert word in reasons


def test_gift(tmp_path):
    found, lost = made(tmp_path, "g.gift", files.GIFT)
    assert found["cap-fr"]["title"] == "Capital of France"
    assert found["cap-fr"]["concepts"] == ["geography"]
    assert found["cap-fr"]["stem"] == "The **capital** of France: $x^{2}$?"
    assert found["cap-fr"]["wrong"] == [
        {"text": "Lyon", "feedback": "The second city"},
        {"text": "Lutetia", "credit": "0.5", "feedback": "Its old name"},
    ]
    assert found["cap-fr"]["solution"] == "The capital is Paris."
    assert found["grant-is"]["stem"] == "Grant is \\_\\_\\_\\_ in Grant's tomb."
    assert (found["grant-is"]["key"], found["grant-is"]["wrong"]) == ("entombed", ["buried", "living"])
    assert found["sun"]["key"] == "true"
    assert (found["primes"]["key"], found["primes"]["wrong"]) == (["2", "3"], ["4", "9"])
    assert found["pi"]["key"] == {"value": "3.14", "tolerance": "0.01"}
    assert found["range"]["key"] == {"value": "3", "tolerance": "2"}
    assert found["grant"]["key"] == {"value": "1822", "tolerance": "exact", "within": {"2": "0.5"}}
    assert found["grant"]["wrong"] == {"answer-1900": {"value": "1900", "credit": "0.25", "feedback": "Too late"}}
    assert found["short"]["stem"] == "2\\*3 = ?"
    assert found["short"]["wrong"] == {"answer-about-six": {"value": "about~six", "credit": "0.5"}}
    assert found["match"]["key"] == {"cat": "Katze", "dog": "Hund"}
    assert found["marked"]["stem"] == "Some **bold** `code` and &#123;{ x }}"
    assert found["free"]["kind"] == "essay"
    assert {question for question, code, _ in lost if code != "Q811"} == {"Heading", "Broken", "Twice"}


def test_what_is_said_about_a_right_number_is_not_lost_in_silence(tmp_path):
    said = "::One:: How many? {#=3:0.1#Well done. =%50%5:0.1#Nearly.}"
    found, lost = made(tmp_path, "said.gift", said)
    assert found["one"]["key"] == {"value": "3", "tolerance": "0.1"}
    assert [(code, reason) for _, code, reason in lost] == [("Q811", "what is said about the right number is left out")]
    (tmp_path / "unsaid").mkdir()
    _, nothing = made(tmp_path / "unsaid", "unsaid.gift", said.replace("#Well done.", ""))
    assert nothing == []


def test_questions_without_a_blank_line_between_them_are_told_so(tmp_path):
    found, lost = made(tmp_path, "lines.gift", "::One:: Red? {T}\n::Two:: Blue? {F}\n\n::Three:: Green? {T}")
    assert list(found) == ["three"]
    assert [(code, "a blank line stands between two questions" in reason) for _, code, reason in lost] == [
        ("Q812", True)
    ]


def test_a_qti_package(tmp_path):
    found, lost = made(tmp_path, "p.zip", files.package())
    choice = found["unattended-luggage"]
    assert choice["stem"] == "Look at the text in the *picture*.\n\nWhat does it **say**?"
    assert choice["key"] == "You must stay."
    assert choice["wrong"] == [{"text": "Do not let $x^{2}$ go.", "credit": "0.5"}, "It is unattended."]
    assert choice["points"] == "2"
    assert found["water"]["key"] == ["Hydrogen", "Oxygen"]
    assert found["water"]["wrong"] == ["Helium", "Chlorine"]
    assert found["pi"]["stem"] == "Pi is about \\_\\_\\_\\_."
    assert found["pi"]["key"] == {"value": "3.14", "tolerance": "0.01"}
    assert found["richard-iii"]["stem"].endswith("sun of \\_\\_\\_\\_; and all the clouds.")
    assert found["richard-iii"]["wrong"] == {"answer-york-city": {"value": "york city", "credit": "0.5"}}
    assert "case_sensitive" not in found["richard-iii"]
    assert found["plays"]["key"] == {"Capulet": "Romeo and Juliet", "Demetrius": "A Midsummer-Night's Dream"}
    assert found["plays"]["wrong"] == ["The Tempest"]
    assert (found["sun"]["kind"], found["sun"]["key"]) == ("true-false", "false")
    assert [question for question, code, _ in lost if code != "Q811"] == ["Airports"]


@pytest.mark.parametrize("name", sorted(files.ITEMS))
def test_an_item_alone_is_the_same_as_in_a_package(tmp_path, name):
    path = tmp_path / name
    path.write_text(files.ITEMS[name], encoding="utf-8")
    (tmp_path / "p.zip").write_bytes(files.zipped({name: files.ITEMS[name]}))
    alone, packed = read_questions(path), read_questions(tmp_path / "p.zip")
    shape = [(q.kind, q.stem, q.key, q.wrong, q.pairs) for q in alone.questions]
    assert shape == [(q.kind, q.stem, q.key, q.wrong, q.pairs) for q in packed.questions]
    assert len(alone.lost) == len(packed.lost)


@pytest.mark.parametrize(
    ("mode", "tolerance", "expected"),
    [("relative", "1 1", "0.0314"), ("absolute", "0.5", "0.5"), ("exact", "", "exact")],
)
def test_an_equal_rule_with_a_tolerance(tmp_path, mode, tolerance, expected):
    path = tmp_path / "n.xml"
    path.write_text(files.EQUAL_21.format(mode=mode, tolerance=tolerance), encoding="utf-8")
    (question,) = read_questions(path).questions
    assert dict(question.settings)["tolerance"] == expected
    assert question.key == ("3.14",)


def test_equal_ids_are_numbered_and_nothing_is_replaced(tmp_path):
    path = tmp_path / "twice.gift"
    path.write_text("::Sun::It rises.{T}\n\n::Sun::It sets.{T}\n", encoding="utf-8")
    questions = read_questions(path).questions
    done = write_templates(tmp_path / "bank", questions)
    assert [written.template for written in done.written] == ["sun", "sun-2"]
    before = (tmp_path / "bank" / "sun.yaml").read_text(encoding="utf-8")
    with pytest.raises(FindingsError, match="Q820"):
        write_templates(tmp_path / "bank", questions)
    assert (tmp_path / "bank" / "sun.yaml").read_text(encoding="utf-8") == before
    with pytest.raises(FindingsError, match="Q820"):
        write_templates(path, questions)


def test_into_a_bank_with_concepts_only_its_own_are_kept(tmp_path):
    bank = tmp_path / "bank"
    bank.mkdir()
    (bank / "bank.yaml").write_text("bank: b\ntitle: B\nlang: en\n", encoding="utf-8")
    (bank / "concepts.yaml").write_text("concepts:\n  c-a: {title: A}\n", encoding="utf-8")
    path = tmp_path / "t.gift"
    path.write_text("// [tag:c-a] [tag:c-b]\n::Sun::It rises.{T}\n", encoding="utf-8")
    (written,) = write_templates(bank, read_questions(path).questions).written
    assert written.question.tags == ("c-a",)


def test_question_that_makes_no_template_is_lost_with_the_reason(tmp_path):
    path = tmp_path / "n.gift"
    path.write_text("::Huge::How many?{#1e40}\n\n::Fine::Yes?{T}\n", encoding="utf-8")
    done = write_templates(tmp_path / "bank", read_questions(path).questions)
    names = [written.template for written in done.written]
    assert "fine" in names
    assert [(loss.question, loss.code) for loss in done.lost] == ([] if "huge" in names else [("Huge", "Q812")])
