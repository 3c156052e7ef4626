"""The catalogue: folder and tuple agree, ids and groups fit, and every id has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import question_bank
import quizgen.misconceptions
from grading.verdicts import Diagnosis
from quizgen.findings import FindingsError, Severity
from quizgen.misconceptions.catalogue import CATALOGUE, OPERATORS, misconception
from quizgen.misconceptions.words import Words, examine_words, load_words

BANK = Path(str(question_bank.__file__)).parent
FOLDER = Path(str(quizgen.misconceptions.__file__)).parent
NO_OPERATOR = {"__init__", "beliefs", "catalogue", "operators", "words"}


def test_folder_and_tuple_agree() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - NO_OPERATOR
    assert modules == {entry.id.replace("-", "_") for entry in OPERATORS}


def test_ids_are_unique_and_links_lead_somewhere() -> None:
    ids = [entry.id for entry in CATALOGUE]
    assert len(set(ids)) == len(ids) == 84
    for entry in CATALOGUE:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.id)
        for other in entry.redundant_with:
            assert entry.id in misconception(other).redundant_with, (entry.id, other)


def test_what_is_never_an_option() -> None:
    assert {e.id for e in CATALOGUE if e.use == "never"} == {"joint-instead-of-marginals", "reject-log-of-product"}


def test_every_operator_has_a_manual() -> None:
    for entry in OPERATORS:
        text = (FOLDER / f"{entry.id.replace('-', '_')}.py").read_text(encoding="utf-8")
        assert re.match(r'"""[A-Z].{20,}', text), entry.id


def test_unknown_id_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean flip-sign"):
        misconception("flip-sing")


def test_every_misconception_has_words() -> None:
    words, findings = examine_words(BANK)
    assert findings == ()
    assert set(words) == {entry.id for entry in CATALOGUE}
    titles = set()
    for name, languages in words.items():
        assert list(languages) == ["en", "de"], name
        titles |= {languages["en"].title, languages["de"].title}
        for spoken in languages.values():
            assert spoken.hint.rstrip("”“").endswith(("?", ".")), name
            assert not re.search(r"=|\d|\blog |Pr\(|\$", spoken.hint), name
            assert spoken.feedback.count("$") % 2 == 0, name
            assert not spoken.title.endswith("."), name
    assert len(titles) == 2 * len(words)


def test_words_lie_in_the_file_of_their_group() -> None:
    for entry in CATALOGUE:
        text = (BANK / "misconceptions" / f"{entry.group}.yaml").read_text(encoding="utf-8")
        assert f"- misconception: {entry.id}\n" in text, entry.id


def test_words_fit_a_diagnosis() -> None:
    words = load_words(BANK)["flip-sign"]["en"]
    diagnosis = Diagnosis(("flip-sign",), words.title, words.hint, words.feedback)
    assert diagnosis.title == "Turns the sign around"


GOOD = "- misconception: flip-sign\n  en: {title: T, hint: 'Why?', feedback: F}\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "part"),
    [
        ("misconception: flip-sign\n", "Q103", 1, "a list"),
        ("- en: {title: T, hint: H, feedback: F}\n", "Q102", 1, "which misconception"),
        ("- [a]\n", "Q102", 1, "which misconception"),
        ("- misconception: flip-sing\n", "Q400", 1, "did you mean 'flip-sign'?"),
        (GOOD + GOOD, "Q420", 3, "has words already"),
        ("- misconception: flip-sign\n  concept: c-pll\n", "Q421", 2, "'c-mlm-nll', not 'c-pll'"),
        ("- misconception: flip-sign\n  english: {}\n", "Q103", 2, "is not a language"),
        ("- misconception: flip-sign\n  en: {title: T, hint: H}\n", "Q102", 2, "the feedback is missing"),
        ("- misconception: flip-sign\n  en: {title: T, hint: H, feedback: F, tip: X}\n", "Q101", 2, "'tip'"),
        ("- misconception: flip-sign\n  en: {title: T, hint: 'p = 2?', feedback: F}\n", "Q422", 2, "no formula"),
        ("- misconception: flip-sign\n  misconception: flip-sign\n", "Q008", 2, ""),
        ("- misconception: [\n", "Q012", 1, ""),
    ],
)
def test_broken_words_are_findings(tmp_path: Path, text: str, code: str, line: int, part: str) -> None:
    (tmp_path / "misconceptions").mkdir()
    (tmp_path / "misconceptions" / "x.yaml").write_text(text, encoding="utf-8")
    _, findings = examine_words(tmp_path)
    assert [finding.code for finding in findings][:1] == [code]
    assert abs(findings[0].place.line - line) <= (1 if code == "Q012" else 0)
    assert part in str(findings[0])
    if findings[0].severity is Severity.ERROR:
        with pytest.raises(FindingsError):
            load_words(tmp_path)
    else:
        assert load_words(tmp_path)["flip-sign"]["en"].title == "T"


def test_a_bank_without_words(tmp_path: Path) -> None:
    assert load_words(tmp_path) == {}
    (tmp_path / "misconceptions").mkdir()
    (tmp_path / "misconceptions" / "x.yaml").write_text(GOOD, encoding="utf-8")
    assert load_words(tmp_path)["flip-sign"] == {"en": Words("T", "Why?", "F")}
